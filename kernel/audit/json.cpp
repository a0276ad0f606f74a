// SPDX-License-Identifier: Apache-2.0
#include "kernel/audit/json.hpp"

#include <cstdio>

namespace swebash::kernel::audit {
namespace {

// The bytes of the UTF-8 character at the beginning of `text`; 0 where there is none.
usize character(std::string_view text) noexcept {
  const auto byte = [text](usize i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](usize i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first < 0xf0) {
    const bool surrogate = first == 0xed && byte(1) >= 0xa0;
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    return follows(1) && follows(2) && !surrogate && !overlong ? 3 : 0;
  }
  if (first >= 0xf0 && first < 0xf5) {
    const bool range = (first != 0xf0 || byte(1) >= 0x90) && (first != 0xf4 || byte(1) < 0x90);
    return follows(1) && follows(2) && follows(3) && range ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool append_json(std::string& out, std::string_view text) {
  char escape[8];
  const usize begin = out.size();
  out += '"';
  while (!text.empty() && out.size() - begin < kLongestText) {
    const auto first = static_cast<unsigned char>(text.front());
    const usize size = character(text);
    if (size == 0) {
      std::snprintf(escape, sizeof(escape), "\\udc%02x", first);
      out += escape;
    } else if (first < ' ' || first == 0x7f) {
      std::snprintf(escape, sizeof(escape), "\\u%04x", first);
      out += escape;
    } else {
      if (first == '"' || first == '\\') out += '\\';
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out += '"';
  return text.empty();
}

}  // namespace swebash::kernel::audit
