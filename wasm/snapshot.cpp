// SPDX-License-Identifier: Apache-2.0
#include "wasm/snapshot.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"

namespace swebash::wasm {

std::shared_ptr<const Snapshot> Snapshot::take(Instance& from, std::span<const PageRun> live) {
  const auto memory = from.memory();
  SWEBASH_ASSERT(!live.empty() && live.back().high <= memory.size());
  auto made = std::make_shared<Snapshot>();
  made->stack_pointer_ = from.stack_pointer();
  made->memory_size_ = memory.size();
  made->runs_.assign(live.begin(), live.end());
  u64 size = 0;
  for (const PageRun& run : live) size += run.high - run.low;
  made->bytes_.reserve(size);
  for (const PageRun& run : live) {
    made->bytes_.insert(made->bytes_.end(), memory.data() + run.low, memory.data() + run.high);
  }
  return made;
}

std::shared_ptr<const Snapshot> Snapshot::from_parts(u32 stack_pointer, u64 memory_size,
                                                     std::vector<PageRun> runs,
                                                     std::span<const u8> bytes) {
  constexpr u64 kMost = u64{1} << 32;
  constexpr u64 kWasmPage = u64{64} << 10;
  if (runs.empty() || memory_size > kMost || memory_size % kWasmPage != 0) return nullptr;
  u64 at = 0;
  u64 size = 0;
  for (usize i = 0; i < runs.size(); ++i) {
    const PageRun& run = runs[i];
    const bool whole = run.high % MemoryImage::kPage == 0 || i + 1 == runs.size();
    if (run.low < at || run.high <= run.low || run.low % MemoryImage::kPage != 0 || !whole ||
        run.high > memory_size) {
      return nullptr;
    }
    size += run.high - run.low;
    at = run.high;
  }
  if (size != bytes.size() || stack_pointer < runs.front().low || stack_pointer >= at) {
    return nullptr;
  }
  auto made = std::make_shared<Snapshot>();
  made->stack_pointer_ = stack_pointer;
  made->memory_size_ = memory_size;
  made->runs_ = std::move(runs);
  made->bytes_.assign(bytes.begin(), bytes.end());
  return made;
}

bool Snapshot::put_into(Instance& to, Sharing sharing, Rest rest) const {
  if (!to.ensure_memory(memory_size_)) return false;
  const auto memory = to.memory();
  to.copied_ = 0;
  to.fresh_ = false;
  to.set_stack_pointer(stack_pointer_);
  if (sharing == Sharing::yes && to.room_ == Room::wide) {
    if (std::shared_ptr<MemoryImage> shared = image(); shared != nullptr) {
      if (rest == Rest::goes) ::madvise(memory.data(), memory.size(), MADV_DONTNEED);
      if (to.image_ == shared) {
        shared->reset(memory.data());
        return true;
      }
      if (to.image_ == nullptr && shared->map(memory.data())) {
        to.image_ = std::move(shared);
        return true;
      }
    }
  }
  if (to.image_ != nullptr) to.leave_image({});
  copy_into(memory.data());
  if (rest == Rest::goes) to.clear_around(runs_.front().low, end());
  return true;
}

void Snapshot::copy_into(u8* memory) const {
  const u8* at = bytes_.data();
  u64 before = runs_.front().low;
  for (const PageRun& run : runs_) {
    std::memset(memory + before, 0, run.low - before);
    std::memcpy(memory + run.low, at, run.high - run.low);
    at += run.high - run.low;
    before = run.high;
  }
}

std::shared_ptr<MemoryImage> Snapshot::image() const {
  const MutexLock lock(mutex_);
  if (image_ != nullptr) return image_;
  // From a memory that holds nothing but this.
  std::vector<u8> memory(end());
  copy_into(memory.data());
  image_ = MemoryImage::create(memory, runs_);
  return image_;
}

}  // namespace swebash::wasm
