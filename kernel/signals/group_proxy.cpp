// SPDX-License-Identifier: Apache-2.0
#include "kernel/signals/group_proxy.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "kernel/process/helper_process.hpp"
#include "kernel/signals/raw_signals.hpp"

namespace swebash::kernel {

namespace {
struct Shared {
  SignalSet noted = 0;  // atomic
  pid_t host = 0;
};

constexpr usize kStack = 32 << 10;

#if defined(SWEBASH_HAS_HELPERS)
// What the proxy runs.
SWEBASH_IN_HELPER int serve(void* argument) noexcept {
  Shared& shared = *static_cast<Shared*>(argument);
  // The end of the host, or of the thread that made the proxy, ends a wait as well.
  helper_call(SYS_prctl, PR_SET_PDEATHSIG, SIGWINCH);
  helper_call(SYS_close_range, 0, long{~0U}, 0);
  const u64 all = ~u64{0};
  while (helper_call(SYS_getppid) == shared.host) {
    siginfo_t info;
    const long signal =
        helper_call(SYS_rt_sigtimedwait, reinterpret_cast<long>(&all),
                    reinterpret_cast<long>(&info), 0, static_cast<long>(kKernelMaskSize));
    // The host gives its own signals to its tasks itself.
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the call fills `info`.
    if (signal <= 0 || signal == SIGCHLD || info.si_pid == shared.host) continue;
    __atomic_fetch_or(&shared.noted, SignalSet{1} << (signal & 63), __ATOMIC_SEQ_CST);
    helper_call(SYS_kill, shared.host, SIGCHLD);
  }
  helper_call(SYS_exit_group, 0);
  return 0;
}
#endif

}  // namespace

SysResult<std::unique_ptr<GroupProxy>> GroupProxy::create([[maybe_unused]] pid_t group) {
#if defined(SWEBASH_HAS_HELPERS)
  void* memory =
      ::mmap(nullptr, kStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return std::unexpected(errno_from_host(errno));
  std::unique_ptr<GroupProxy> proxy(new GroupProxy);
  proxy->shared_ = new (memory) Shared{0, ::getpid()};
  const pid_t pid = start_helper(static_cast<char*>(memory) + kStack, &serve, proxy->shared_);
  if (pid < 0) return std::unexpected(errno_from_host(errno));
  proxy->pid_ = pid;
  proxy->group_ = group == 0 ? pid : group;
  if (::setpgid(pid, proxy->group_) != 0) return std::unexpected(errno_from_host(errno));
  return proxy;
#else
  return std::unexpected(Errno::notsup);
#endif
}

GroupProxy::~GroupProxy() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (shared_ != nullptr) ::munmap(shared_, kStack);
}

SignalSet GroupProxy::take() noexcept {
  SignalSet set = __atomic_exchange_n(&static_cast<Shared*>(shared_)->noted, 0, __ATOMIC_SEQ_CST);
  int status = 0;
  while (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG | WUNTRACED | WCONTINUED) > 0) {
    if (WIFSTOPPED(status)) {
      set |= signal_bit(SIGSTOP);
    } else if (WIFCONTINUED(status)) {
      set |= signal_bit(SIGCONT);
    } else {
      set |= signal_bit(SIGKILL);
      pid_ = 0;
    }
  }
  return set;
}

}  // namespace swebash::kernel
