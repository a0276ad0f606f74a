// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/syscall_filter.hpp"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include "base/assert.hpp"

// From 424 on numbers are the same on every architecture, and the headers may be older.
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif
#ifndef SYS_io_uring_enter
#define SYS_io_uring_enter 426
#endif
#ifndef SYS_io_uring_register
#define SYS_io_uring_register 427
#endif
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_fsopen
#define SYS_fsopen 430
#endif
#ifndef SYS_fsconfig
#define SYS_fsconfig 431
#endif
#ifndef SYS_fsmount
#define SYS_fsmount 432
#endif
#ifndef SYS_fspick
#define SYS_fspick 433
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif
// What not every architecture has.
#ifndef SYS_iopl
#define SYS_iopl (-1)
#endif
#ifndef SYS_ioperm
#define SYS_ioperm (-1)
#endif
#ifndef SYS_open
#define SYS_open (-1)
#endif
#ifndef SYS_creat
#define SYS_creat (-1)
#endif
#ifndef SYS_chmod
#define SYS_chmod (-1)
#endif
#ifndef SYS_mknod
#define SYS_mknod (-1)
#endif

namespace swebash::kernel::confine {
namespace {

#if defined(__x86_64__)
constexpr u32 kArchitecture = AUDIT_ARCH_X86_64;
constexpr u32 kX32 = 0x40000000;
#elif defined(__aarch64__)
constexpr u32 kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "the filter on system calls knows x86-64 and aarch64"
#endif

// Where a check of registers begins; constant answers are those of seccomp itself, which all lie
// above.
enum Check : u32 {
  kClone = 1,
  kIoctl,
  kSocket,
  kSocketPair,
  kOwnProcess,   // the first argument is a process, which must be the caller itself
  kOwnPriority,  // setpriority
  kOwnIoPriority,
  kSecondMode,  // the second argument is a mode
  kThirdMode,
  kOpen,
  kOpenAt,
  kChecks
};

constexpr u32 kAllow = SECCOMP_RET_ALLOW;
constexpr u32 refuse(int error) noexcept { return SECCOMP_RET_ERRNO | static_cast<u32>(error); }

struct Row {
  u32 call;
  u32 answer;
};

void deny(std::vector<Row>& rows, long call, u32 answer) {
  if (call >= 0) rows.push_back({static_cast<u32>(call), answer});
}

std::vector<Row> make_rows(const FilterOptions& options) {
  std::vector<Row> rows;
  rows.reserve(96);
#define SWEBASH_DENIED(name, error) deny(rows, SYS_##name, refuse(error));
#include "kernel/confine/denied_calls.def"
#undef SWEBASH_DENIED
  if (!options.own_ipc) {
    for (const long call :
         {SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_semop, SYS_semctl, SYS_semtimedop,
          SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink}) {
      deny(rows, call, refuse(EACCES));
    }
    for (const long call : {SYS_prlimit64, SYS_sched_setscheduler, SYS_sched_setparam,
                            SYS_sched_setaffinity, SYS_sched_setattr}) {
      deny(rows, call, kOwnProcess);
    }
    deny(rows, SYS_setpriority, kOwnPriority);
    deny(rows, SYS_ioprio_set, kOwnIoPriority);
  }
  if (!options.programs) {
    deny(rows, SYS_execve, refuse(EACCES));
    deny(rows, SYS_execveat, refuse(EACCES));
  }
  deny(rows, SYS_clone, kClone);
  deny(rows, SYS_ioctl, kIoctl);
  deny(rows, SYS_socket, kSocket);
  deny(rows, SYS_socketpair, kSocketPair);
  for (const long call : {long{SYS_chmod}, long{SYS_fchmod}, long{SYS_creat}, long{SYS_mknod}}) {
    deny(rows, call, kSecondMode);
  }
  for (const long call : {SYS_fchmodat, SYS_fchmodat2, SYS_mknodat}) deny(rows, call, kThirdMode);
  deny(rows, SYS_open, kOpen);
  deny(rows, SYS_openat, kOpenAt);
  std::ranges::sort(rows, {}, &Row::call);
  return rows;
}

// A call and those up to the next entry have one answer.
std::vector<Row> make_ranges(const std::vector<Row>& rows) {
  std::vector<Row> ranges = {{0, kAllow}};
  const auto begin = [&ranges](u32 call, u32 answer) {
    if (ranges.back().call == call) ranges.pop_back();
    if (ranges.empty() || ranges.back().answer != answer) ranges.push_back({call, answer});
  };
  for (const Row& row : rows) {
    begin(row.call, row.answer);
    begin(row.call + 1, kAllow);
  }
  return ranges;
}

constexpr sock_filter statement(int code, u32 k) noexcept {
  return {static_cast<u16>(code), 0, 0, k};
}
constexpr sock_filter jump(int code, u32 k, usize yes, usize no) noexcept {
  return {static_cast<u16>(BPF_JMP | BPF_K | code), static_cast<u8>(yes), static_cast<u8>(no), k};
}
constexpr sock_filter load(usize offset) noexcept {
  return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<u32>(offset));
}
constexpr sock_filter answer(u32 value) noexcept { return statement(BPF_RET | BPF_K, value); }

// The lower half of a register: the kernel looks at no more of an int.
constexpr sock_filter load_argument(usize index) noexcept {
  return load(offsetof(seccomp_data, args) + 8 * index);
}

using Program = std::vector<sock_filter>;

// Each check ends in an answer.
Program make_check(u32 check, const FilterOptions& options) {
  constexpr u32 kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                              CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  // A program that runs as whoever owns it, root in a container's case, is made with these.
  constexpr u32 kSetIds = 06000;
  // What gives open a mode: O_CREAT, and the bit that is O_TMPFILE's own.
  constexpr u32 kMakes = 0100 | 020000000;
  constexpr u32 kIoPriorityOfUser = 3;
  Program out;
  const auto without_set_ids = [&out](usize index) {
    out.insert(out.end(), {load_argument(index), jump(BPF_JSET, kSetIds, 0, 1),
                           answer(refuse(EPERM)), answer(kAllow)});
  };
  const auto opens = [&](usize flags) {
    out = {load_argument(flags), jump(BPF_JSET, kMakes, 1, 0), answer(kAllow)};
    without_set_ids(flags + 1);
  };
  const auto one_of = [&out](std::initializer_list<u32> values, u32 yes, u32 no) {
    for (const u32 value : values) {
      out.push_back(jump(BPF_JEQ, value, 0, 1));
      out.push_back(answer(yes));
    }
    out.push_back(answer(no));
  };
  switch (check) {
    case kClone:
      out = {load_argument(0), jump(BPF_JSET, kNamespaces, 0, 1), answer(refuse(EPERM)),
             answer(kAllow)};
      break;
    case kIoctl: {
      // Putting words into a terminal's input, on its console, or another line discipline.
      constexpr u32 kSti = 0x5412, kLinux = 0x541C, kSetd = 0x5423;
      out = {load_argument(1)};
      one_of({kSti, kLinux, kSetd}, refuse(EPERM), kAllow);
      break;
    }
    case kSocket:
      out = {load_argument(0)};
      if (options.unix_sockets) {
        out.push_back(jump(BPF_JEQ, AF_UNIX, 0, 1));
        out.push_back(answer(kAllow));
      }
      if (options.inet == Inet::all) {
        one_of({AF_INET, AF_INET6, AF_NETLINK}, kAllow, refuse(EACCES));
      } else if (options.inet == Inet::tcp) {
        out.push_back(jump(BPF_JEQ, AF_INET, 2, 0));
        out.push_back(jump(BPF_JEQ, AF_INET6, 1, 0));
        out.push_back(answer(refuse(EACCES)));
        // Beside the type stand flags; other protocols than TCP are streams too.
        out.push_back(load_argument(1));
        out.push_back(statement(BPF_ALU | BPF_AND | BPF_K, 0xF));
        out.push_back(jump(BPF_JEQ, SOCK_STREAM, 1, 0));
        out.push_back(answer(refuse(EACCES)));
        out.push_back(load_argument(2));
        one_of({0, IPPROTO_TCP}, kAllow, refuse(EACCES));
      } else {
        out.push_back(answer(refuse(EACCES)));
      }
      break;
    case kSocketPair:
      out = {load_argument(0), jump(BPF_JEQ, AF_UNIX, 1, 0), answer(refuse(EACCES))};
      if (options.unix_sockets) {
        out.push_back(answer(kAllow));
        break;
      }
      // One of datagrams can send to any name.
      out.push_back(load_argument(1));
      out.push_back(statement(BPF_ALU | BPF_AND | BPF_K, 0xF));
      one_of({SOCK_STREAM, SOCK_SEQPACKET}, kAllow, refuse(EACCES));
      break;
    case kOwnProcess:
      out = {load_argument(0)};
      one_of({0}, kAllow, refuse(EPERM));
      break;
    case kOwnPriority:
      out = {load_argument(0), jump(BPF_JEQ, PRIO_PROCESS, 1, 0), answer(refuse(EPERM)),
             load_argument(1)};
      one_of({0}, kAllow, refuse(EPERM));
      break;
    case kOwnIoPriority:
      out = {load_argument(0), jump(BPF_JEQ, kIoPriorityOfUser, 0, 1), answer(refuse(EPERM)),
             load_argument(1)};
      one_of({0}, kAllow, refuse(EPERM));
      break;
    case kSecondMode: without_set_ids(1); break;
    case kThirdMode: without_set_ids(2); break;
    case kOpen: opens(1); break;
    case kOpenAt: opens(2); break;
    default: break;
  }
  return out;
}

class TreeWriter {
 public:
  TreeWriter(Program& out, std::span<const Row> ranges) : out_(out), ranges_(ranges) {}

  // Where jumps to checks stand, to be aimed when it is known where those begin.
  struct Aim {
    usize at;
    u32 check;
  };
  std::vector<Aim> aims;

  void write(usize first, usize last) {
    if (last - first == 1) {
      const u32 value = ranges_[first].answer;
      if (value < kChecks && value > 0) {
        aims.push_back({out_.size(), value});
        out_.push_back(statement(BPF_JMP | BPF_JA, 0));
      } else {
        out_.push_back(answer(value));
      }
      return;
    }
    const usize middle = first + (last - first) / 2;
    const usize at = out_.size();
    out_.push_back(jump(BPF_JGE, ranges_[middle].call, 0, 0));
    write(first, middle);
    const usize distance = out_.size() - at - 1;
    SWEBASH_ASSERT(distance <= 255);
    out_[at].jt = static_cast<u8>(distance);
    write(middle, last);
  }

 private:
  Program& out_;
  std::span<const Row> ranges_;
};

}  // namespace

std::vector<sock_filter> make_filter(const FilterOptions& options) {
  const std::vector<Row> ranges = make_ranges(make_rows(options));
  Program out = {load(offsetof(seccomp_data, arch)), jump(BPF_JEQ, kArchitecture, 1, 0),
                 answer(refuse(ENOSYS)), load(offsetof(seccomp_data, nr))};
#if defined(__x86_64__)
  out.push_back(jump(BPF_JGE, kX32, 0, 1));
  out.push_back(answer(refuse(ENOSYS)));
#endif
  TreeWriter tree(out, ranges);
  tree.write(0, ranges.size());
  for (u32 check = 1; check < kChecks; ++check) {
    const usize begin = out.size();
    for (const TreeWriter::Aim& aim : tree.aims) {
      if (aim.check == check) out[aim.at].k = static_cast<u32>(begin - aim.at - 1);
    }
    const Program block = make_check(check, options);
    out.insert(out.end(), block.begin(), block.end());
  }
  return out;
}

Result<void, int> install_filter(std::span<const sock_filter> program) noexcept {
  sock_fprog filter = {static_cast<unsigned short>(program.size()),
                       const_cast<sock_filter*>(program.data())};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0) return {};
  return std::unexpected(errno);
}

bool has_filters() noexcept {
  // The pointer is looked at last.
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, nullptr, 0, 0) != 0 && errno == EFAULT;
}

}  // namespace swebash::kernel::confine
