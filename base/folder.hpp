// SPDX-License-Identifier: Apache-2.0
//
// each_name(), each_entry(): what is in an open folder of the host. Host only, stateless.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string_view>

#include "base/integers.hpp"

namespace swebash {

// Calls `call(const char*)` with each name in the open folder but . and .., in no order. A folder
// that cannot be read has none. The descriptor stays the caller's, and its offset as it was.
template <class F>
void each_name(int folder, F&& call) {
  const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* list = copy >= 0 ? ::fdopendir(copy) : nullptr;
  if (list == nullptr) {
    if (copy >= 0) ::close(copy);
    return;
  }
  while (const dirent* entry = ::readdir(list)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") call(entry->d_name);
  }
  ::closedir(list);
}

// The same by the folder's own descriptor, from its offset on, which is most of what it takes where
// there is little in it; `call(name, kind)` has a DT_* too.
template <class F>
void each_entry(int folder, F&& call) {
  struct Entry {  // of getdents64(2), with its name behind it
    u64 inode;
    i64 next;
    u16 size;
    u8 kind;
  };
  constexpr usize kNameAt = 19;
  alignas(Entry) char buffer[1024];
  while (true) {
    const long length = ::syscall(SYS_getdents64, folder, buffer, sizeof(buffer));
    if (length <= 0) return;
    for (long at = 0; at < length;) {
      const auto* entry = reinterpret_cast<const Entry*>(buffer + at);
      const char* const text = buffer + at + kNameAt;
      const std::string_view name = text;
      if (name != "." && name != "..") call(text, entry->kind);
      at += entry->size;
    }
  }
}

}  // namespace swebash
