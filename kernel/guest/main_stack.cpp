// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/main_stack.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>

namespace swebash::kernel::guest {
namespace {

constexpr u64 kGuard = 64u << 10;

struct Run {
  WasmTask& task;
  u64 size;
  ExitState end;
};

void run(Run* run) {
  WasmTask::set_thread_stack(run->size);
  run->end = run->task.run_main();
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
  const u64 size = task.host().plan().main_stack();
  Run main{task, own_stack_size(size), {}};
#if defined(SWEBASH_SWITCHES_STACK)
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory != MAP_FAILED) {
    ::mprotect(memory, kGuard, PROT_NONE);
    main.size = size - kGuard;
    call_on(static_cast<char*>(memory) + size, &run, &main);
    return main.end;  // The process ends next, and the stack with it.
  }
#endif
  run(&main);
  return main.end;
}

}  // namespace swebash::kernel::guest
