// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/guardian.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "base/thread_annotations.hpp"
#include "kernel/process/helper_process.hpp"
#include "kernel/signals/raw_signals.hpp"

namespace swebash::kernel {

namespace {

constexpr usize kMaximum = 8192;
constexpr usize kStack = 16 << 10;

struct Shared {
  pid_t host = 0;
  pid_t children[kMaximum] = {};  // atomic; 0: free
};
constexpr usize kSize = ((sizeof(Shared) + 4095) & ~usize{4095}) + kStack;

Mutex mutex;
Shared* shared SWEBASH_GUARDED_BY(mutex) = nullptr;
pid_t guardian SWEBASH_GUARDED_BY(mutex) = 0;
usize used SWEBASH_GUARDED_BY(mutex) = 0;             // no child stands behind
Shared* parents SWEBASH_GUARDED_BY(mutex) = nullptr;  // in a fork: what its parent's guardian sees

#if defined(SWEBASH_HAS_HELPERS)
// What the guardian runs.
SWEBASH_IN_HELPER int watch(void* argument) noexcept {
  Shared& table = *static_cast<Shared*>(argument);
  helper_call(SYS_prctl, PR_SET_PDEATHSIG, SIGWINCH);
  helper_call(SYS_setpgid, 0, 0);
  helper_call(SYS_close_range, 0, long{~0U}, 0);
  const u64 all = ~u64{0};
  // Only its parent's end ends the wait for good; that of the thread that made it does not.
  while (helper_call(SYS_getppid) == table.host) {
    siginfo_t info;
    helper_call(SYS_rt_sigtimedwait, reinterpret_cast<long>(&all), reinterpret_cast<long>(&info), 0,
                static_cast<long>(kKernelMaskSize));
  }
  for (const pid_t& child : table.children) {
    const pid_t pid = __atomic_load_n(&child, __ATOMIC_SEQ_CST);
    if (pid > 0) helper_call(SYS_kill, pid, SIGKILL);
  }
  helper_call(SYS_exit_group, 0);
  return 0;
}

// Fresh pages are zero, and the table is large. Forks see it too.
void make_table_locked() noexcept SWEBASH_REQUIRES(mutex) {
  if (shared != nullptr) return;
  void* memory = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) shared = static_cast<Shared*>(memory);
}

void start_locked() noexcept SWEBASH_REQUIRES(mutex) {
  make_table_locked();
  if (shared == nullptr) return;
  shared->host = ::getpid();
  const pid_t pid = start_helper(reinterpret_cast<char*>(shared) + kSize, &watch, shared);
  if (pid > 0) guardian = pid;
}
#else
void make_table_locked() noexcept SWEBASH_REQUIRES(mutex) {}
void start_locked() noexcept SWEBASH_REQUIRES(mutex) {}
#endif

}  // namespace

void Guardian::guard(pid_t child) noexcept {
  const MutexLock lock(mutex);
  if (guardian == 0) start_locked();
  if (shared == nullptr) return;
  for (usize i = 0; i < kMaximum; ++i) {
    if (shared->children[i] != 0) continue;
    __atomic_store_n(&shared->children[i], child, __ATOMIC_SEQ_CST);
    if (i >= used) used = i + 1;
    return;
  }
}

void Guardian::expect_fork() noexcept {
  const MutexLock lock(mutex);
  make_table_locked();
}

void Guardian::forget(pid_t child) noexcept {
  const MutexLock lock(mutex);
  for (usize i = 0; i < used; ++i) {
    if (shared->children[i] != child) continue;
    __atomic_store_n(&shared->children[i], 0, __ATOMIC_SEQ_CST);
    while (used > 0 && shared->children[used - 1] == 0) --used;
    return;
  }
}

void Guardian::dismiss() noexcept {
  const MutexLock lock(mutex);
  if (guardian == 0) return;
  ::kill(guardian, SIGKILL);
  while (::waitpid(guardian, nullptr, 0) < 0 && errno == EINTR) {
  }
  guardian = 0;
}

void Guardian::leave_behind() noexcept {
  const MutexLock lock(mutex);
  parents = shared;
  shared = nullptr;
  guardian = 0;
  used = 0;
}

void Guardian::outlive_parent() noexcept {
  const MutexLock lock(mutex);
  if (parents == nullptr) return;
  for (pid_t& child : parents->children) {
    pid_t own = ::getpid();
    __atomic_compare_exchange_n(&child, &own, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  }
}

void Guardian::resume() noexcept {
  const MutexLock lock(mutex);
  if (guardian == 0 && used > 0) start_locked();
}

}  // namespace swebash::kernel
