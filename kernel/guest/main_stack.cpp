// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/main_stack.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace swebash::kernel::guest {
namespace {

constexpr u64 kGuard = 64u << 10;

// What runs on another stack, and how much of that there is.
struct Run {
  void (*function)(void*);
  void* argument;
  u64 size;
};

void run(Run* run) {
  WasmTask::set_thread_stack(run->size);
  run->function(run->argument);
}

char* make_stack(u64 size) noexcept {
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  ::mprotect(memory, kGuard, PROT_NONE);
  return static_cast<char*>(memory);
}

// What the main thread's own stack may grow to, as far as wasm code may count on it.
u64 own_stack_size(u64 wanted) noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_STACK, &limit) != 0) return 0;
  return std::min<u64>(limit.rlim_cur, wanted);
}

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SWEBASH_SWITCHES_STACK 1
void call_on(char* top, void (*function)(Run*), Run* argument) {
  asm volatile(
      "movq %%rsp, %%rbx\n\t"
      "movq %[top], %%rsp\n\t"
      "callq *%[function]\n\t"
      "movq %%rbx, %%rsp"
      : "+D"(argument), [function] "+r"(function), [top] "+r"(top)
      :
      : "rax", "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "xmm0", "xmm1", "xmm2", "xmm3",
        "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
        "xmm15", "memory", "cc");
}
#endif

}  // namespace

ExitState run_main_task(WasmTask& task) {
  struct Main {
    WasmTask& task;
    ExitState end;
  } main{task, {}};
  const u64 size = task.host().plan().main_stack();
  const auto function = [](void* argument) {
    auto& self = *static_cast<Main*>(argument);
    self.end = self.task.run_main();
  };
  Run all{function, &main, own_stack_size(size)};
#if defined(SWEBASH_SWITCHES_STACK)
  if (char* const memory = make_stack(size); memory != nullptr) {
    all.size = size - kGuard;
    call_on(memory + size, &run, &all);
    return main.end;  // The process ends next, and the stack with it.
  }
#endif
  run(&all);
  return main.end;
}

Stacks::~Stacks() {
  const MutexLock lock(mutex_);
  for (char* const stack : idle_) ::munmap(stack, size_);
}

namespace {

// A write to a pipe without readers, or beyond the process's limit on files, is the task's affair:
// the signal that comes with it must reach neither the embedding program's handler nor its end.
class NoWriteSignals {
 public:
  NoWriteSignals() noexcept {
    sigemptyset(&own_);
    sigaddset(&own_, SIGPIPE);
    sigaddset(&own_, SIGXFSZ);
    ::pthread_sigmask(SIG_BLOCK, &own_, &before_);
    // What was blocked may be pending, and stays so.
    if (!is_blocked(SIGPIPE) && !is_blocked(SIGXFSZ)) return;
    sigset_t pending;
    ::sigpending(&pending);
    for (const int signal : {SIGPIPE, SIGXFSZ}) {
      if (is_blocked(signal) && sigismember(&pending, signal) == 1) sigdelset(&own_, signal);
    }
  }
  NoWriteSignals(const NoWriteSignals&) = delete;
  NoWriteSignals& operator=(const NoWriteSignals&) = delete;
  ~NoWriteSignals() {
    sigset_t pending;
    ::sigpending(&pending);
    for (const int signal : {SIGPIPE, SIGXFSZ}) {
      if (sigismember(&own_, signal) == 0 || sigismember(&pending, signal) == 0) continue;
      sigset_t one;
      sigemptyset(&one);
      sigaddset(&one, signal);
      constexpr timespec kAtOnce = {};
      while (::sigtimedwait(&one, nullptr, &kAtOnce) < 0 && errno == EINTR) {
      }
    }
    if (!is_blocked(SIGPIPE) || !is_blocked(SIGXFSZ)) {
      ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
  }

 private:
  [[nodiscard]] bool is_blocked(int signal) const noexcept {
    return sigismember(&before_, signal) == 1;
  }

  sigset_t own_;  // those that are taken back
  sigset_t before_;
};

}  // namespace

bool Stacks::run(void (*function)(void*), void* argument) {
  const NoWriteSignals quiet;
#if defined(SWEBASH_SWITCHES_STACK)
  char* stack = nullptr;
  {
    const MutexLock lock(mutex_);
    if (!idle_.empty()) {
      stack = idle_.back();
      idle_.pop_back();
    }
  }
  if (stack == nullptr) stack = make_stack(size_);
  if (stack == nullptr) return false;
  Run all{function, argument, size_ - kGuard};
  call_on(stack + size_, &guest::run, &all);
  WasmTask::set_thread_stack(0);
  const MutexLock lock(mutex_);
  idle_.push_back(stack);
#else
  Run all{function, argument, own_stack_size(size_)};
  guest::run(&all);
  WasmTask::set_thread_stack(0);
#endif
  return true;
}

}  // namespace swebash::kernel::guest
