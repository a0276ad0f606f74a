// SPDX-License-Identifier: Apache-2.0
//
// each_name(): what is in an open folder of the host. Host only, stateless.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <string_view>

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

}  // namespace swebash
