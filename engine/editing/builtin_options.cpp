// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/builtin_options.hpp"

#include <algorithm>

namespace swebash::engine {
namespace {

constexpr bool is_option_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::vector<BuiltinOption> options_of(const Builtin& builtin) {
  std::vector<BuiltinOption> options;
  const std::string_view text = builtin.synopsis;
  for (usize at = text.find('-'); at != std::string_view::npos; at = text.find('-', at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    if (before != ' ' && before != '[' && before != '|') continue;
    usize end = at + 1;
    while (end < text.size() && is_option_letter(text[end])) ++end;
    // What a lone letter takes stands behind it: [-p pathname].
    std::string_view takes;
    if (end == at + 2 && end < text.size() && text[end] == ' ') {
      const usize stop = std::min(text.find_first_of("]|[ ", end + 1), text.size());
      if (stop < text.size() && text[stop] == ']') takes = text.substr(end + 1, stop - end - 1);
    }
    for (usize i = at + 1; i < end; ++i) {
      std::string name = std::string("-") + text[i];
      if (std::ranges::find(options, name, &BuiltinOption::name) != options.end()) continue;
      options.push_back({std::move(name), std::string(takes.empty() ? builtin.summary : takes)});
    }
  }
  std::ranges::sort(options, {}, &BuiltinOption::name);
  return options;
}

}  // namespace swebash::engine
