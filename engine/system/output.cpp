// SPDX-License-Identifier: Apache-2.0
#include "engine/system/output.hpp"

#include <charconv>

#include "abi/guest.hpp"
#include "engine/system/broken_write.hpp"

namespace swebash::engine {

BrokenWrite& broken_write() noexcept {
  static BrokenWrite hook;
  return hook;
}

void Output::put(std::string_view text) {
  if (error_) return;
  if (text_ != nullptr) {
    text_->append(text);
    return;
  }
  if (buffer_.size() + text.size() > kCapacity) {
    if (!flush()) return;
    if (text.size() >= kCapacity) {
      buffer_.assign(text);
      flush();
      return;
    }
  }
  buffer_.append(text);
}

void Output::put_number(i64 number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  put(std::string_view(digits, static_cast<usize>(end - digits)));
}

bool Output::flush() {
  const char* data = buffer_.data();
  usize left = buffer_.size();
  while (left > 0 && !error_) {
    const i64 count = sys::write(fd_, data, static_cast<u32>(left));
    if (count >= 0) {
      data += count;
      left -= static_cast<usize>(count);
      continue;
    }
    const Errno why = static_cast<Errno>(-count);
    const BrokenWrite& broken = broken_write();
    if (why != Errno::intr || (broken.heed != nullptr && !broken.heed(broken.context))) {
      error_ = why;
    }
  }
  buffer_.clear();
  return !error_;
}

}  // namespace swebash::engine
