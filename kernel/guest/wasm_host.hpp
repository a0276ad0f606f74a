// SPDX-License-Identifier: Apache-2.0
//
// WasmHost: what the wasm tasks of one process share: the engine's template, and the instances that
// no task uses at the moment.
//
// Thread-safe. It outlives every task that runs on it. Idle instances keep their memory: a clone
// overwrites all of it that it can see. What goes from one session to another is cleared of the
// rest by whoever acquires it.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "base/thread_annotations.hpp"
#include "kernel/kernel.hpp"
#include "wasm/instance.hpp"

namespace swebash::kernel::guest {

class WasmHost {
 public:
  WasmHost(const wasm::Template& origin, const wasm::MemoryPlan& plan) noexcept
      : origin_(origin), plan_(plan) {}
  WasmHost(const WasmHost&) = delete;
  WasmHost& operator=(const WasmHost&) = delete;

  [[nodiscard]] const wasm::MemoryPlan& plan() const noexcept { return plan_; }

  // An instance, and whether what it holds may stay there.
  struct Acquired {
    std::unique_ptr<wasm::Instance> instance;
    wasm::Rest rest = wasm::Rest::stays;
  };
  // An idle instance, one of `session` where there is one, or a fresh one.
  // Errors: those of Instance::create.
  [[nodiscard]] wasm::WasmResult<Acquired> acquire(const Kernel& session);
  // Takes an instance back that no task uses any more. `used_much`: it may have touched more of its
  // memory than a clone is given.
  enum class Used : u8 { little, much };
  void release(std::unique_ptr<wasm::Instance> instance, const Kernel& session, Used used);
  // Counts an instance of make() that will be given back by release().
  void use_one_more() noexcept { in_use_.fetch_add(1); }
  // A fresh instance, for whoever runs the program from its beginning; it is not given back.
  [[nodiscard]] wasm::WasmResult<std::unique_ptr<wasm::Instance>> make() {
    return wasm::Instance::create(origin_, nullptr);
  }
  // Lets go of the instances that idle: something else wants their address space. False when there
  // are none.
  bool drop_idle();
  // Whether so many instances are in use that each had better take little memory.
  [[nodiscard]] bool is_crowded() const noexcept { return in_use_.load() > kMany; }
  // Whether that is over.
  [[nodiscard]] bool is_quiet() const noexcept { return in_use_.load() < kFew; }

  // The moment of the first byte that a task wrote, as CLOCK_MONOTONIC in nanoseconds; 0 before.
  // Kept only after watch_output().
  void watch_output() noexcept { watching_ = true; }
  void note_output() noexcept;
  [[nodiscard]] i64 first_output() const noexcept { return first_output_.load(); }

 private:
  // More instances than this that idle at once are let go: each keeps its memory.
  static constexpr usize kKept = 16;
  static constexpr u32 kMany = 24;
  static constexpr u32 kFew = 8;

  const wasm::Template& origin_;
  const wasm::MemoryPlan plan_;
  bool watching_ = false;
  std::atomic<i64> first_output_ = 0;
  std::atomic<u32> in_use_ = 0;
  Mutex mutex_;
  struct Idle {
    std::unique_ptr<wasm::Instance> instance;
    i32 session;  // the pid of the main task of whose it was
  };
  std::vector<Idle> idle_ SWEBASH_GUARDED_BY(mutex_);
};

}  // namespace swebash::kernel::guest
