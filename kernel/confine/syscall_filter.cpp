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

constexpr u32 kLastCall = ~u32{0};
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

// Calls one after the other that have one answer.
struct Run {
  u32 first;
  u32 last;
  u32 answer;
};

std::vector<Run> make_runs(const std::vector<Row>& rows) {
  std::vector<Run> runs;
  runs.reserve(rows.size());
  for (const Row& row : rows) {
    const bool goes_on =
        !runs.empty() && runs.back().last + 1 == row.call && runs.back().answer == row.answer;
    if (goes_on) {
      runs.back().last = row.call;
    } else {
      runs.push_back({row.call, row.call, row.answer});
    }
  }
#if defined(__x86_64__)
  runs.push_back({kX32, kLastCall, refuse(ENOSYS)});
#endif
  return runs;
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

// Writes the way to each call's answer. The answers stand once, behind all of it: the kernel
// translates the program at each start, and most of what it takes goes by its length.
class TreeWriter {
 public:
  TreeWriter(Program& out, const FilterOptions& options) : out_(out), options_(options) {}

  // A jump to where `answer` will stand.
  void aim(int code, u32 k, u32 answer, bool if_so = true) {
    aims_.push_back({out_.size(), answer, if_so});
    out_.push_back(jump(code, k, 0, 0));
  }

  void write(std::span<const Run> runs) {
    // In a row they take fewer instructions, in a tree fewer steps.
    constexpr usize kInARow = 4;
    if (runs.size() > kInARow) {
      const usize middle = runs.size() / 2;
      const usize at = out_.size();
      out_.push_back(jump(BPF_JGE, runs[middle].first, 0, 0));
      write(runs.first(middle));
      out_[at].jt = distance(at, out_.size());
      write(runs.subspan(middle));
      return;
    }
    for (const Run& run : runs) {
      if (run.first == run.last) {
        aim(BPF_JEQ, run.first, run.answer);
      } else {
        aim(BPF_JGE, run.first, kAllow, false);
        if (run.last == kLastCall) {
          out_.push_back(answer(run.answer));
          return;
        }
        aim(BPF_JGE, run.last + 1, run.answer, false);
      }
    }
    out_.push_back(answer(kAllow));
  }

  // After all else.
  void write_answers() {
    std::ranges::stable_sort(aims_, {}, &Aim::answer);
    for (usize i = 0; i < aims_.size();) {
      const u32 value = aims_[i].answer;
      const usize begin = out_.size();
      const Program block = value < kChecks ? make_check(value, options_) : Program{answer(value)};
      out_.insert(out_.end(), block.begin(), block.end());
      for (; i < aims_.size() && aims_[i].answer == value; ++i) {
        sock_filter& from = out_[aims_[i].at];
        (aims_[i].if_so ? from.jt : from.jf) = distance(aims_[i].at, begin);
      }
    }
  }

 private:
  struct Aim {
    usize at;
    u32 answer;
    bool if_so;
  };

  static u8 distance(usize from, usize to) {
    SWEBASH_ASSERT(to - from - 1 <= 255);
    return static_cast<u8>(to - from - 1);
  }

  Program& out_;
  const FilterOptions& options_;
  std::vector<Aim> aims_;
};

}  // namespace

std::vector<sock_filter> make_filter(const FilterOptions& options) {
  Program out = {load(offsetof(seccomp_data, arch))};
  TreeWriter tree(out, options);
  tree.aim(BPF_JEQ, kArchitecture, refuse(ENOSYS), false);
  out.push_back(load(offsetof(seccomp_data, nr)));
  tree.write(make_runs(make_rows(options)));
  tree.write_answers();
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
  static const bool has =
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, nullptr, 0, 0) != 0 && errno == EFAULT;
  return has;
}

}  // namespace swebash::kernel::confine
