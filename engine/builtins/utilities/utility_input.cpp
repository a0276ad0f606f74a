// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/utility_input.hpp"

#include <algorithm>

namespace swebash::engine::builtins {

UtilityInput::UtilityInput(std::string_view name) {
  if (name == "-") {
    fd_ = 0;
    return;
  }
  SysResult<files::File> opened = files::open(name, abi::kRead);
  if (!opened) {
    error_ = opened.error();
    return;
  }
  file_ = std::move(*opened);
  fd_ = file_.fd();
}

std::vector<std::string> with_count_option(const Invocation& invocation, std::string_view signs) {
  std::vector<std::string> arguments(invocation.arguments.begin(), invocation.arguments.end());
  if (arguments.empty()) return arguments;
  std::string& first = arguments[0];
  if (first.size() < 2 || !signs.contains(first[0]) ||
      first.find_first_not_of("0123456789", 1) != std::string::npos) {
    return arguments;
  }
  first.replace(0, 1, first[0] == '-' ? "-n" : "-n+");
  return arguments;
}

usize length_of(std::string_view bytes, char unit, i64& left) noexcept {
  if (unit == 'c') {
    const auto length = std::min<i64>(left, static_cast<i64>(bytes.size()));
    left -= length;
    return static_cast<usize>(length);
  }
  usize end = 0;
  while (left > 0 && end < bytes.size()) {
    const usize newline = bytes.find('\n', end);
    if (newline == std::string_view::npos) return bytes.size();
    end = newline + 1;
    --left;
  }
  return end;
}

}  // namespace swebash::engine::builtins
