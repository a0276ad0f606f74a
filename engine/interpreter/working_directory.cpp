// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/working_directory.hpp"

#include "abi/guest.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine {

const std::string& WorkingDirectory::path() {
  if (!path_.empty()) return path_;
  char buffer[4096];
  const i64 length = sys::working_directory(buffer, sizeof buffer);
  if (length > 0 && length <= static_cast<i64>(sizeof buffer)) {
    path_.assign(buffer, static_cast<usize>(length));
  }
  return path_;
}

const std::string* WorkingDirectory::find(std::string_view who) {
  if (!path().empty()) return &path_;
  char none;
  const i64 answer = sys::working_directory(&none, 1);
  std::string text(who);
  text += ": error retrieving current directory: getcwd: cannot access parent directories: ";
  // That there is an answer means that it is longer than the buffer above.
  const Errno why = answer < 0 ? static_cast<Errno>(-answer) : Errno::nametoolong;
  text.append(errno_message(why)).push_back('\n');
  static_cast<void>(files::write_all(2, text));
  return nullptr;
}

std::optional<std::string> WorkingDirectory::entry(usize index, bool from_right) {
  const usize count = stack_.size() + 1;
  if (index >= count) return std::nullopt;
  if (from_right) index = count - 1 - index;
  if (index == 0) return path();
  return stack_[index - 1];
}

}  // namespace swebash::engine
