// SPDX-License-Identifier: Apache-2.0
//
// Snapshot: what an instance was at one moment, to make others like it.
//
// Immutable once taken: any number of threads put it into instances of the same Template at once.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/thread_annotations.hpp"
#include "wasm/instance.hpp"

namespace swebash::wasm {

class Snapshot {
 public:
  // What `from` holds in `live`; its stack pointer. Requires: as copy_instance().
  [[nodiscard]] static std::shared_ptr<const Snapshot> take(Instance& from,
                                                            std::span<const PageRun> live);

  // What instances of a Template are to be made like: `bytes` has the runs, one after the other.
  // Nothing where that could be no instance.
  [[nodiscard]] static std::shared_ptr<const Snapshot> from_parts(u32 stack_pointer,
                                                                  u64 memory_size,
                                                                  std::vector<PageRun> runs,
                                                                  std::span<const u8> bytes);

  Snapshot() noexcept = default;
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  // Makes `to` so; by bytes, which is fastest, or by sharing pages until they are written. False
  // when it cannot grow so far.
  [[nodiscard]] bool put_into(Instance& to, Sharing sharing, Rest rest) const;

  // Where what it holds ends.
  [[nodiscard]] u64 end() const noexcept { return runs_.back().high; }
  // Bytes it holds.
  [[nodiscard]] u64 size() const noexcept { return bytes_.size(); }
  [[nodiscard]] u32 stack_pointer() const noexcept { return stack_pointer_; }
  [[nodiscard]] u64 memory_size() const noexcept { return memory_size_; }
  [[nodiscard]] std::span<const PageRun> runs() const noexcept { return runs_; }
  [[nodiscard]] std::span<const u8> bytes() const noexcept { return bytes_; }

 private:
  [[nodiscard]] std::shared_ptr<MemoryImage> image() const;
  // Copies the runs, and clears what is between them.
  void copy_into(u8* memory) const;

  u32 stack_pointer_ = 0;
  u64 memory_size_ = 0;
  std::vector<PageRun> runs_;
  std::vector<u8> bytes_;  // of one run after the other
  mutable Mutex mutex_;    // held while the image is made
  mutable std::shared_ptr<MemoryImage> image_ SWEBASH_GUARDED_BY(mutex_);
};

}  // namespace swebash::wasm
