// SPDX-License-Identifier: Apache-2.0
//
// What the program's session takes of its process, and gives back at its end: descriptors, signals,
// limits, umask.
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <memory>

#include "kernel/audit/account.hpp"
#include "kernel/kernel.hpp"
#include "kernel/signals/host_signals.hpp"

namespace swebash::kernel {

namespace {

constexpr i32 kInheritedDescriptors = 256;

// Whether a descriptor may be open above the usual ones. select(2) looks at no bit beyond the
// host's table of this process, which is as large as its highest descriptor asks for, and refuses
// one of a closed descriptor within.
bool may_have_high_descriptors() noexcept {
  fd_set high;
  FD_ZERO(&high);
  for (i32 fd = kInheritedDescriptors; fd < FD_SETSIZE; ++fd) FD_SET(fd, &high);
  timeval at_once = {};
  return ::select(FD_SETSIZE, &high, nullptr, nullptr, &at_once) != 0;
}

// All but `own`, which is the program's, and what else it has opened itself: what it was given has
// come through an execve, and is not closed by one.
void take_high_descriptors(FdTable& table, int own) {
  const std::unique_ptr<DIR, int (*)(DIR*)> list(::opendir("/proc/self/fd"), &::closedir);
  if (list == nullptr) return;
  while (const dirent* entry = ::readdir(list.get())) {
    const int fd = std::atoi(entry->d_name);
    if (fd < kInheritedDescriptors || fd == own) continue;
    if ((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0) continue;
    (void)table.put(fd, std::make_shared<HostFile>(OwnedFd(fd), FdOrigin::inherited), Inherit::yes,
                    static_cast<u32>(fd) + 1);
  }
}

// One poll finds which descriptors are open: a closed one answers POLLNVAL.
void take_inherited(FdTable& table, int own) {
  pollfd entries[kInheritedDescriptors];
  for (i32 fd = 0; fd < kInheritedDescriptors; ++fd) entries[fd] = {fd, 0, 0};
  nfds_t count = kInheritedDescriptors;
  if (::poll(entries, count, 0) < 0) {
    // More than RLIMIT_NOFILE allows.
    rlimit limit;
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    count = std::min<nfds_t>(count, limit.rlim_cur);
    if (::poll(entries, count, 0) < 0) return;
  }
  for (nfds_t i = 0; i < count; ++i) {
    if ((entries[i].revents & POLLNVAL) != 0) continue;
    const int fd = entries[i].fd;
    if (fd == own) continue;
    (void)table.put(fd, std::make_shared<HostFile>(OwnedFd(fd), FdOrigin::inherited), Inherit::yes,
                    kInheritedDescriptors);
  }
  if (may_have_high_descriptors()) take_high_descriptors(table, own);
}

}  // namespace

void Kernel::take_process(Task& main) {
  main.on_main_thread_ = true;
  const audit::Account* account = options_.account;
  take_inherited(main.fds_, account != nullptr ? account->descriptor() : -1);
  // A write to a pipe without readers is the writing task's death or error, never the host's.
  main.known_ = signal_bit(SIGPIPE);
  if (HostSignals::swallow_signal(SIGPIPE) == SIG_IGN) {
    HostSignals::ignore_signal(SIGPIPE);
    main.ignored_ = signal_bit(SIGPIPE);
  }
  take_limits();
  HostSignals::innermost.store(&main);
  if (has_session_limits()) {
    watched_.store(true);
    (void)watch_tasks();
  }
}

// A limit that the host was started with holds for each task, and passing it is that task's end.
void Kernel::take_limits() {
  rlimit limit;
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    main_->limits_.emplace_back(RLIMIT_FSIZE, abi::Limit{limit.rlim_cur, limit.rlim_max});
    if (HostSignals::swallow_signal(SIGXFSZ) == SIG_IGN) HostSignals::ignore_signal(SIGXFSZ);
  }
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) host_descriptors_ = limit.rlim_cur;
  has_time_limit_ = ::getrlimit(RLIMIT_CPU, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

void Kernel::give_process_back() {
  HostSignals::innermost.store(nullptr);
  for (SignalSet set = host_ignored_.load(); set != 0; set &= set - 1) {
    HostSignals::default_signal(lowest_signal(set));
  }
  const SignalSet handled = HostSignals::caught.load() | HostSignals::swallowed.exchange(0);
  for (SignalSet set = handled; set != 0; set &= set - 1) {
    HostSignals::default_signal(lowest_signal(set));
  }
  if (umask_.load() >= 0) ::umask(static_cast<mode_t>(umask_.load()));
  // Descriptors that the host was started with are its own, not this object's.
  for (const FdTable::Entry& entry : main_->fds_.entries()) {
    auto* file = dynamic_cast<HostFile*>(entry.description.get());
    if (file != nullptr && entry.description.use_count() == 1) file->disown_inherited();
  }
}

u32 Kernel::initial_umask() {
  if (!is_program()) return options_.umask;
  i32 mask = umask_.load();
  if (mask >= 0) return static_cast<u32>(mask);
  const KernelLock lock(mutex_);
  mask = umask_.load();
  if (mask < 0) {
    mask = static_cast<i32>(::umask(0));
    umask_.store(mask);
  }
  return static_cast<u32>(mask);
}

}  // namespace swebash::kernel
