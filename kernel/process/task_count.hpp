// SPDX-License-Identifier: Apache-2.0
//
// TaskCount: how many tasks and children a session has, and what its tasks have written, over all
// the host processes it consists of.
//
// Each process counts its wasm tasks and the native children that it has not waited for. Before the
// first fork that is a number of its own; with it the numbers move to memory that all processes of
// the session share, where each has a place. What is at a place is given back by the process when
// it ends, else by its parent when it was waited for, else by whoever finds the session full and
// the process gone. Thread-safe, but for reserve() and enter().
#pragma once

#include <sys/types.h>

#include <atomic>

#include "base/integers.hpp"

namespace swebash::kernel {

class TaskCount {
 public:
  TaskCount() noexcept = default;
  TaskCount(const TaskCount&) = delete;
  TaskCount& operator=(const TaskCount&) = delete;

  // How many there are.
  [[nodiscard]] u32 now() const noexcept { return numbers_->total.load(); }
  // Counts one more; how many there are then.
  u32 add() noexcept;
  // One is gone.
  void remove() noexcept;
  // Takes back what processes have left that are gone; whether there was any.
  bool recover() noexcept;

  // When somebody was last refused one, as the monotonic clock says; 0: never, or long ago.
  [[nodiscard]] i64 refused_at() const noexcept {
    return numbers_->refused_at.load(std::memory_order_relaxed);
  }
  void refused_at(i64 time) noexcept { numbers_->refused_at.store(time); }

  // Bytes that were written, and whether somebody found no room for more.
  [[nodiscard]] std::atomic<u64>& written() const noexcept { return numbers_->written; }
  [[nodiscard]] std::atomic<bool>& written_up() const noexcept { return numbers_->written_up; }
  // Whether process `pid` has a place.
  [[nodiscard]] bool has_place(pid_t pid) const noexcept;

  // A place for a process that is to be forked, and that was counted by add(): it counts itself
  // from now on. -1 where there is none. Requires: no other thread uses this object.
  [[nodiscard]] i32 reserve() noexcept;
  // The process at `place` could not be made.
  void cancel(i32 place) noexcept;
  // In the parent: it is `pid`.
  void settle(i32 place, pid_t pid) noexcept;
  // In the child: from now on this object counts for it.
  void enter(i32 place) noexcept;
  // Process `pid`, which was at `place`, has ended: gives back what it left there, if anything.
  void give_back(i32 place, pid_t pid) noexcept;
  // This process ends.
  void leave() noexcept;

 private:
  struct Numbers {
    std::atomic<u32> total = 0;
    std::atomic<i64> refused_at = 0;
    std::atomic<u64> written = 0;
    std::atomic<bool> written_up = false;
  };
  struct Place {
    std::atomic<pid_t> owner = 0;  // 0: free; -1: not known yet
    std::atomic<u32> count = 0;
  };
  struct Shared;

  // Takes a place that is free; -1 where there is none.
  [[nodiscard]] i32 take_place(pid_t owner, u32 count) noexcept;

  Numbers own_numbers_;
  Place own_place_;
  Shared* shared_ = nullptr;  // nothing before the first fork
  Numbers* numbers_ = &own_numbers_;
  Place* place_ = &own_place_;
  i32 number_ = -1;  // of place_ in shared_
};

}  // namespace swebash::kernel
