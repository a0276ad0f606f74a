// SPDX-License-Identifier: Apache-2.0
#include "kernel/vfs/open_directory.hpp"

#include <algorithm>
#include <cstring>

namespace swebash::kernel::vfs {

namespace {

// What a session finds does not depend on how the host keeps it.
SysResult<std::vector<Item>> sorted_list(Node& node) {
  std::vector<Item> items = SWEBASH_TRY(node.list());
  if (!std::ranges::is_sorted(items, {}, &Item::name)) std::ranges::sort(items, {}, &Item::name);
  return items;
}

}  // namespace

SysResult<DescriptionRef> OpenDirectory::create(PlaceRef place) {
  std::vector<Item> items = SWEBASH_TRY(sorted_list(*place->node));
  return std::make_shared<OpenDirectory>(std::move(place), std::move(items));
}

SysResult<i64> OpenDirectory::seek(i64 offset, u32 whence) {
  if (offset != 0 || whence != abi::kSeekSet) return std::unexpected(Errno::inval);
  std::vector<Item> items = SWEBASH_TRY(sorted_list(*place_->node));
  const MutexLock lock(mutex_);
  items_ = std::move(items);
  next_ = 0;
  return 0;
}

SysResult<usize> OpenDirectory::read_directory(std::span<char> buffer) {
  const MutexLock lock(mutex_);
  usize written = 0;
  for (; next_ < items_.size(); ++next_) {
    const Item& item = items_[next_];
    const abi::DirectoryEntry entry = {item.inode, static_cast<u32>(item.name.size()), item.type};
    const usize size = sizeof(entry) + (item.name.size() + 7) / 8 * 8;
    if (size > buffer.size() - written) {
      if (written == 0) return std::unexpected(Errno::inval);
      break;
    }
    char* const out = buffer.data() + written;
    std::memset(out, 0, size);
    std::memcpy(out, &entry, sizeof(entry));
    std::ranges::copy(item.name, out + sizeof(entry));
    written += size;
  }
  return written;
}

}  // namespace swebash::kernel::vfs
