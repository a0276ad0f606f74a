// SPDX-License-Identifier: Apache-2.0
//
// MemoryImage: what an instance's memory held at one moment, in a file without a name that many
// instances map privately (ADR 2).
//
// Immutable once made; shared by the instances that map it, whichever thread they run on. In an
// instance that maps it, a page that was written since is the instance's own, and the host's page
// table says which those are: so a copy of such an instance is the image and those pages. It pays
// for large memories; small ones are copied.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"

namespace swebash::wasm {

// Adjacent pages of a memory, as addresses in it.
struct PageRun {
  u64 low;
  u64 high;
};

class MemoryImage {
 public:
  // An image of `memory` from the first of `runs`, which ascend, to the end of the last; between
  // them it holds zeros. Nothing when the host does not give it.
  [[nodiscard]] static std::shared_ptr<MemoryImage> create(std::span<const u8> memory,
                                                           std::span<const PageRun> runs);

  MemoryImage(OwnedFd file, u64 low, u64 high, u64 size) noexcept
      : file_(std::move(file)), low_(low), high_(high), size_(size) {}

  [[nodiscard]] u64 low() const noexcept { return low_; }
  [[nodiscard]] u64 high() const noexcept { return high_; }
  // Bytes of its runs.
  [[nodiscard]] u64 size() const noexcept { return size_; }

  // Maps the image at its place in the memory that begins at `base`; what was there is gone. False
  // when the host does not, and then what was there still is.
  [[nodiscard]] bool map(u8* base) const noexcept;
  // Puts fresh memory in its place, which reads as zeros. False when the host does not, and then
  // the image still is there.
  [[nodiscard]] bool unmap(u8* base) const noexcept;
  // Makes memory that maps the image equal to it again, and gives back its own pages.
  void reset(u8* base) const noexcept;

  static constexpr u64 kPage = 4096;

 private:
  const OwnedFd file_;
  const u64 low_;
  const u64 high_;
  const u64 size_;
};

// The pages between `low` and `high` that are the process's own, in memory that begins at `base`
// and maps an image there; runs in ascending order. False when the host does not tell.
[[nodiscard]] bool find_own_pages(const u8* base, u64 low, u64 high, std::vector<PageRun>& runs);

// In a fork of the process: what was learned of it is its parent's.
void forget_process() noexcept;

// How much of `memory`, which begins at a page, is resident; counting ends at `enough`.
[[nodiscard]] u64 resident_bytes(std::span<u8> memory, u64 enough) noexcept;

}  // namespace swebash::wasm
