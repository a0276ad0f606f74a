// SPDX-License-Identifier: Apache-2.0
//
// JsonLine: one object of an account as JSON on one line. Pure.
//
// What a script chose is data in it and nothing else: quotes, backslashes and control characters
// are escaped, and a byte that is no UTF-8 becomes "\udcXX", as Python's surrogateescape reads it.
#pragma once

#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::kernel::audit {

// Of one text no more than this is kept, as it stands in the line: a path is shorter.
inline constexpr usize kLongestText = usize{12} << 10;

// Appends `text` as a string of JSON, with its quotes. False where it was cut.
bool append_json(std::string& out, std::string_view text);

class JsonLine {
 public:
  explicit JsonLine(std::string_view event) { add("event", event); }

  void add(std::string_view name, std::string_view value) {
    cut_ |= !append_json(begin(name), value);
  }
  void add_number(std::string_view name, i64 value) { begin(name) += std::to_string(value); }
  void add_flag(std::string_view name, bool value) { begin(name) += value ? "true" : "false"; }
  // `list` is JSON already.
  void add_list(std::string_view name, std::string_view list) { begin(name).append(list); }

  // Not all of it is there.
  void set_cut() { cut_ = true; }

  // Without a newline at its end.
  [[nodiscard]] std::string text() && {
    if (cut_) add_flag("cut", true);
    return std::move(text_) + "}";
  }

 private:
  std::string& begin(std::string_view name) {
    text_ += text_.size() > 1 ? "," : "";
    append_json(text_, name);
    return text_ += ':';
  }

  std::string text_ = "{";
  bool cut_ = false;
};

}  // namespace swebash::kernel::audit
