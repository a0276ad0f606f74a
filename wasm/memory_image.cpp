// SPDX-License-Identifier: Apache-2.0
#include "wasm/memory_image.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "base/high_fd.hpp"

namespace swebash::wasm {
namespace {

// Of an entry of /proc/self/pagemap. A page that a private mapping of a file shares with the file
// has kFilePage; one that was written is anonymous, in memory or swapped out.
constexpr u64 kPresent = u64{1} << 63;
constexpr u64 kSwapped = u64{1} << 62;
constexpr u64 kFilePage = u64{1} << 61;

bool is_own(u64 entry) noexcept {
  return (entry & kSwapped) != 0 || (entry & (kPresent | kFilePage)) == kPresent;
}

constexpr int kNotOpen = -2;
std::atomic<int> page_table_fd = kNotOpen;

// The page table of this process, as a file; opened by whoever needs it first.
int page_table() noexcept {
  int fd = page_table_fd.load();
  if (fd != kNotOpen) return fd;
  OwnedFd opened = moved_up(OwnedFd(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)));
  if (!page_table_fd.compare_exchange_strong(fd, opened.get())) return fd;
  return opened.release();
}

bool write_all(int fd, const u8* data, u64 size, u64 offset) noexcept {
  while (size > 0) {
    const ssize_t count = ::pwrite(fd, data, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    data += count;
    offset += static_cast<u64>(count);
    size -= static_cast<u64>(count);
  }
  return true;
}

}  // namespace

void forget_process() noexcept {
  const int fd = page_table_fd.exchange(kNotOpen);
  if (fd >= 0) ::close(fd);
}

std::shared_ptr<MemoryImage> MemoryImage::create(std::span<const u8> memory,
                                                 std::span<const PageRun> runs) {
  const u64 low = runs.front().low;
  const u64 high = runs.back().high;
  const u64 size = high - low;
  // A limit on the size of files holds for this one too, and passing it would be a signal.
  rlimit limit;
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur < size) return nullptr;
  if (page_table() < 0) return nullptr;
  OwnedFd file(static_cast<int>(::syscall(SYS_memfd_create, "swebash-image", 1U /* CLOEXEC */)));
  if (!file) return nullptr;
  u64 held = 0;
  for (const PageRun& run : runs) {
    const u64 length = run.high - run.low;
    held += length;
    if (!write_all(file.get(), memory.data() + run.low, length, run.low - low)) return nullptr;
  }
  return std::make_shared<MemoryImage>(std::move(file), low, high, held);
}

bool MemoryImage::map(u8* base) const noexcept {
  return ::mmap(base + low_, high_ - low_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
                file_.get(), 0) != MAP_FAILED;
}

bool MemoryImage::unmap(u8* base) const noexcept {
  return ::mmap(base + low_, high_ - low_, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED;
}

void MemoryImage::reset(u8* base) const noexcept {
  ::madvise(base + low_, high_ - low_, MADV_DONTNEED);
}

bool find_own_pages(const u8* base, u64 low, u64 high, std::vector<PageRun>& runs) {
  constexpr u64 kPage = MemoryImage::kPage;
  constexpr u64 kEntries = 2048;
  u64 entries[kEntries];
  for (u64 at = low; at < high;) {
    const u64 wanted = std::min(kEntries, (high - at) / kPage);
    const u64 first = reinterpret_cast<u64>(base + at) / kPage;
    const ssize_t count = ::pread(page_table(), entries, wanted * sizeof(u64),
                                  static_cast<off_t>(first * sizeof(u64)));
    if (count <= 0 || static_cast<u64>(count) % sizeof(u64) != 0) return false;
    for (u64 i = 0; i < static_cast<u64>(count) / sizeof(u64); ++i, at += kPage) {
      if (!is_own(entries[i])) continue;
      if (!runs.empty() && runs.back().high == at) {
        runs.back().high += kPage;
      } else {
        runs.push_back({at, at + kPage});
      }
    }
  }
  return true;
}

u64 resident_bytes(std::span<u8> memory, u64 enough) noexcept {
  constexpr u64 kPages = 16384;
  unsigned char present[kPages];
  u64 count = 0;
  for (u64 at = 0; at < memory.size() && count < enough; at += kPages * MemoryImage::kPage) {
    const u64 size = std::min<u64>(memory.size() - at, kPages * MemoryImage::kPage);
    if (::mincore(memory.data() + at, size, present) != 0) return enough;
    for (u64 i = 0; i < size / MemoryImage::kPage; ++i) {
      count += (present[i] & 1U) * MemoryImage::kPage;
    }
  }
  return count;
}

}  // namespace swebash::wasm
