// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/syscall_filter.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>

namespace swebash::kernel::confine {
namespace {

#if defined(__x86_64__)
constexpr u32 kOwnArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr u32 kOwnArchitecture = AUDIT_ARCH_AARCH64;
#endif
constexpr u32 kAllow = SECCOMP_RET_ALLOW;
constexpr u32 refused(int error) { return SECCOMP_RET_ERRNO | static_cast<u32>(error); }

// What the kernel would do with the program: those of classic BPF's instructions that it uses.
u32 run(const std::vector<sock_filter>& program, const seccomp_data& data) {
  u32 accumulator = 0;
  for (usize at = 0; at < program.size(); ++at) {
    const sock_filter& one = program[at];
    switch (one.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        EXPECT_LE(one.k + 4, sizeof(data));
        std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + one.k, 4);
        break;
      case BPF_ALU | BPF_AND | BPF_K: accumulator &= one.k; break;
      case BPF_JMP | BPF_JA: at += one.k; break;
      case BPF_JMP | BPF_K | BPF_JEQ: at += accumulator == one.k ? one.jt : one.jf; break;
      case BPF_JMP | BPF_K | BPF_JGE: at += accumulator >= one.k ? one.jt : one.jf; break;
      case BPF_JMP | BPF_K | BPF_JSET: at += (accumulator & one.k) != 0 ? one.jt : one.jf; break;
      case BPF_RET | BPF_K: return one.k;
      default: ADD_FAILURE() << "instruction " << one.code; return 0;
    }
  }
  ADD_FAILURE() << "the program has no end";
  return 0;
}

u32 ask(const FilterOptions& options, long call, u64 first = 0, u64 second = 0, u64 third = 0,
        u64 fourth = 0) {
  seccomp_data data{};
  data.nr = static_cast<int>(call);
  data.arch = kOwnArchitecture;
  data.args[0] = first;
  data.args[1] = second;
  data.args[2] = third;
  data.args[3] = fourth;
  return run(make_filter(options), data);
}

TEST(SyscallFilter, AllowsWhatIsNotNamed) {
  for (const long call : {SYS_read, SYS_write, SYS_openat, SYS_execve, SYS_mmap, SYS_kill,
                          SYS_futex, SYS_exit_group, 5000}) {
    EXPECT_EQ(ask({}, call), kAllow) << call;
  }
}

TEST(SyscallFilter, AnswersDeniedCallsAsTheirRowsSay) {
  for (const long call : {SYS_ptrace,
                          SYS_process_vm_readv,
                          SYS_process_vm_writev,
                          SYS_kcmp,
                          SYS_mount,
                          SYS_umount2,
                          SYS_pivot_root,
                          SYS_chroot,
                          SYS_unshare,
                          SYS_setns,
                          SYS_open_by_handle_at,
                          SYS_bpf,
                          SYS_perf_event_open,
                          SYS_userfaultfd,
                          SYS_fanotify_init,
                          SYS_keyctl,
                          SYS_add_key,
                          SYS_request_key,
                          SYS_kexec_load,
                          SYS_init_module,
                          SYS_finit_module,
                          SYS_delete_module,
                          SYS_settimeofday,
                          SYS_clock_settime,
                          SYS_syslog}) {
    EXPECT_EQ(ask({}, call), refused(EPERM)) << call;
  }
  for (const long call : {428, 429, 430, 431, 432, 433, 438, 440, 442, 467}) {
    EXPECT_EQ(ask({}, call), refused(EPERM)) << call;
  }
  for (const long call : {425, 426, 427, 435}) {
    EXPECT_EQ(ask({}, call), refused(ENOSYS)) << "io_uring and clone3: " << call;
  }
}

TEST(SyscallFilter, AllowsThePlainNeighboursOfDeniedCalls) {
  EXPECT_EQ(ask({}, SYS_close_range), kAllow) << "436, beside clone3";
  EXPECT_EQ(ask({}, 434), kAllow) << "pidfd_open";
  EXPECT_EQ(ask({}, 439), kAllow) << "faccessat2";
  EXPECT_EQ(ask({}, 444), kAllow) << "landlock_create_ruleset: it can only tighten";
}

TEST(SyscallFilter, ForbidsNewNamespacesByClone) {
  EXPECT_EQ(ask({}, SYS_clone, CLONE_VM | CLONE_VFORK | 17), kAllow);
  for (const unsigned flag :
       {unsigned{CLONE_NEWNS}, unsigned{CLONE_NEWUSER}, unsigned{CLONE_NEWPID},
        unsigned{CLONE_NEWNET}, unsigned{CLONE_NEWIPC}, unsigned{CLONE_NEWUTS},
        unsigned{CLONE_NEWCGROUP}}) {
    EXPECT_EQ(ask({}, SYS_clone, flag | 17U), refused(EPERM)) << flag;
  }
}

// The kernel takes 32 bits of what the register holds; so must the filter.
TEST(SyscallFilter, LooksAtNoMoreOfARegisterThanTheKernel) {
  for (const u64 high : {u64{0}, u64{1} << 32, ~u64{0} << 32}) {
    EXPECT_EQ(ask({}, SYS_ioctl, 0, high | 0x5412), refused(EPERM)) << high;
    EXPECT_EQ(ask({}, SYS_ioctl, 0, high | 0x541C), refused(EPERM)) << high;
    EXPECT_EQ(ask({}, SYS_ioctl, 0, high | 0x5401), kAllow) << "TCGETS";
    EXPECT_EQ(ask({}, SYS_socket, high | AF_INET), refused(EACCES)) << high;
  }
}

TEST(SyscallFilter, OpensSocketsAsTheOptionsSay) {
  const FilterOptions closed = {.unix_sockets = false};
  const FilterOptions open = {.inet = Inet::all};
  EXPECT_EQ(ask({}, SYS_socket, AF_UNIX), kAllow);
  EXPECT_EQ(ask(closed, SYS_socket, AF_UNIX), refused(EACCES));
  EXPECT_EQ(ask(closed, SYS_socketpair, AF_UNIX, SOCK_STREAM), kAllow);
  for (const unsigned family : {unsigned{AF_INET}, unsigned{AF_INET6}, unsigned{AF_NETLINK}}) {
    EXPECT_EQ(ask({}, SYS_socket, family), refused(EACCES)) << family;
    EXPECT_EQ(ask(open, SYS_socket, family), kAllow) << family;
  }
  for (const unsigned family :
       {17U /* packet */, 40U /* vsock */, 38U /* alg */, 31U /* bluetooth */, 44U /* xdp */}) {
    EXPECT_EQ(ask({}, SYS_socket, family), refused(EACCES)) << family;
    EXPECT_EQ(ask(open, SYS_socket, family), refused(EACCES)) << family;
  }
}

TEST(SyscallFilter, OpensTcpAloneForAListOfHosts) {
  const FilterOptions tcp = {.inet = Inet::tcp};
  for (const unsigned family : {unsigned{AF_INET}, unsigned{AF_INET6}}) {
    EXPECT_EQ(ask(tcp, SYS_socket, family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK), kAllow);
    EXPECT_EQ(ask(tcp, SYS_socket, family, SOCK_STREAM, 6), kAllow);
    EXPECT_EQ(ask(tcp, SYS_socket, family, SOCK_STREAM, 132 /* SCTP */), refused(EACCES));
    EXPECT_EQ(ask(tcp, SYS_socket, family, SOCK_DGRAM), refused(EACCES));
    EXPECT_EQ(ask(tcp, SYS_socket, family, SOCK_RAW, 1), refused(EACCES));
  }
  EXPECT_EQ(ask(tcp, SYS_socket, AF_NETLINK, SOCK_RAW), refused(EACCES));
  EXPECT_EQ(ask(tcp, SYS_socket, 17, SOCK_STREAM), refused(EACCES));
}

TEST(SyscallFilter, KeepsFromForeignIpcWhereNoNamespaceDoes) {
  const FilterOptions apart = {.own_ipc = true};
  EXPECT_EQ(ask({}, SYS_shmget), refused(EACCES));
  EXPECT_EQ(ask(apart, SYS_shmget), kAllow);
  EXPECT_EQ(ask({}, SYS_prlimit64, 0), kAllow);
  EXPECT_EQ(ask({}, SYS_prlimit64, 77), refused(EPERM));
  EXPECT_EQ(ask(apart, SYS_prlimit64, 77), kAllow);
}

TEST(SyscallFilter, RunsNoProgramsWhereNoneMayRun) {
  EXPECT_EQ(ask({.programs = false}, SYS_execve), refused(EACCES));
  EXPECT_EQ(ask({.programs = false}, SYS_execveat), refused(EACCES));
}

TEST(SyscallFilter, RefusesTheNumbersOfOtherArchitectures) {
  seccomp_data data{};
  data.nr = SYS_read;
  data.arch = AUDIT_ARCH_I386;
  EXPECT_EQ(run(make_filter({}), data), refused(ENOSYS));
#if defined(__x86_64__)
  data.arch = kOwnArchitecture;
  data.nr = 0x40000000 | SYS_read;
  EXPECT_EQ(run(make_filter({}), data), refused(ENOSYS)) << "x32";
#endif
}

TEST(SyscallFilter, StaysShort) { EXPECT_LT(make_filter({}).size(), 200u); }

#if defined(__x86_64__)
TEST(SyscallFilter, RefusesTheCallsOfItsTableAndNoOther) {
  constexpr int kRows = 0
#define SWEBASH_DENIED(name, error) +1
#include "kernel/confine/denied_calls.def"
#undef SWEBASH_DENIED
      ;
  int refused = 0;
  for (long call = 0; call < 1000; ++call) {
    const bool is_checked = call == SYS_socket || call == SYS_socketpair;
    if (!is_checked && ask({.own_ipc = true}, call) != kAllow) ++refused;
  }
  EXPECT_EQ(refused, kRows);
}
#endif

TEST(SyscallFilter, MakesNoProgramThatRunsAsItsOwner) {
  for (const long call : {SYS_chmod, SYS_fchmod, SYS_mknod, SYS_creat}) {
    EXPECT_EQ(ask({}, call, 0, 04755), refused(EPERM)) << call;
    EXPECT_EQ(ask({}, call, 0, 02755), refused(EPERM)) << call;
    EXPECT_EQ(ask({}, call, 0, 01755), kAllow) << call;
  }
  for (const long call : {long{SYS_fchmodat}, 452L, long{SYS_mknodat}}) {
    EXPECT_EQ(ask({}, call, 0, 04755, 0755), kAllow) << call;
    EXPECT_EQ(ask({}, call, 0, 0, 04755), refused(EPERM)) << call;
  }
  EXPECT_EQ(ask({}, SYS_open, 0, O_CREAT | O_WRONLY, 04755), refused(EPERM));
  EXPECT_EQ(ask({}, SYS_open, 0, O_TMPFILE | O_WRONLY, 04755), refused(EPERM));
  EXPECT_EQ(ask({}, SYS_open, 0, O_RDONLY | O_DIRECTORY, 04755), kAllow) << "it has no mode";
  EXPECT_EQ(ask({}, SYS_openat, 0, 0, O_CREAT, 04755), refused(EPERM));
  EXPECT_EQ(ask({}, SYS_openat, 0, 0, O_CREAT, 0644), kAllow);
  EXPECT_EQ(ask({}, SYS_openat, 0, 0, O_RDONLY, 04755), kAllow);
  EXPECT_EQ(ask({}, 437), refused(ENOSYS)) << "openat2, whose mode is in memory";
}

TEST(SyscallFilter, LeavesOtherProcessesTheirTurnsWithoutAPidNamespace) {
  for (const long call : {SYS_sched_setaffinity, SYS_sched_setscheduler, SYS_prlimit64}) {
    EXPECT_EQ(ask({}, call, 0), kAllow) << call;
    EXPECT_EQ(ask({}, call, 77), refused(EPERM)) << call;
    EXPECT_EQ(ask({.own_ipc = true}, call, 77), kAllow) << call;
  }
  EXPECT_EQ(ask({}, SYS_setpriority, PRIO_PROCESS, 0), kAllow);
  EXPECT_EQ(ask({}, SYS_setpriority, PRIO_PROCESS, 77), refused(EPERM));
  EXPECT_EQ(ask({}, SYS_setpriority, PRIO_USER, 0), refused(EPERM));
  EXPECT_EQ(ask({}, SYS_ioprio_set, 1, 0), kAllow);
  EXPECT_EQ(ask({}, SYS_ioprio_set, 1, 77), refused(EPERM));
  EXPECT_EQ(ask({}, SYS_ioprio_set, 3, 0), refused(EPERM));
}

TEST(SyscallFilter, PairsSendNoDatagramsWhereNamesAreClosed) {
  EXPECT_EQ(ask({.unix_sockets = false}, SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC),
            kAllow);
  EXPECT_EQ(ask({.unix_sockets = false}, SYS_socketpair, AF_UNIX, SOCK_SEQPACKET), kAllow);
  EXPECT_EQ(ask({.unix_sockets = false}, SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK),
            refused(EACCES));
  EXPECT_EQ(ask({.unix_sockets = true}, SYS_socketpair, AF_UNIX, SOCK_DGRAM), kAllow);
  EXPECT_EQ(ask({.unix_sockets = true}, SYS_socketpair, AF_INET, SOCK_STREAM), refused(EACCES));
}

}  // namespace
}  // namespace swebash::kernel::confine
