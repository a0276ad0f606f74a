// SPDX-License-Identifier: Apache-2.0
//
// Any pattern against any string: the first byte chooses the options, a NUL parts the two.
#include <cstdlib>

#include "engine/text/pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, swebash::usize size) {
  using swebash::usize;
  using swebash::engine::Pattern;
  if (size == 0 || size > 300) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const usize nul = text.find('\0');
  const std::string_view subject =
      nul == std::string_view::npos ? std::string_view() : text.substr(nul + 1);
  const Pattern pattern(text.substr(0, nul), {.extglob = (data[0] & 1) != 0,
                                              .ignore_case = (data[0] & 2) != 0,
                                              .bytes = (data[0] & 4) != 0});
  const bool whole = pattern.matches(subject);
  const auto prefix = pattern.longest_prefix(subject);
  const auto shortest = pattern.shortest_prefix(subject);
  // What matches the whole is the longest beginning that matches.
  if (whole != (prefix == subject.size())) std::abort();
  if (prefix.has_value() != shortest.has_value() || (prefix && *shortest > *prefix)) std::abort();
  const auto suffix = pattern.longest_suffix(subject);
  const auto end = pattern.shortest_suffix(subject);
  if (suffix.has_value() != end.has_value() || (suffix && *end > *suffix)) std::abort();
  if (const auto found = pattern.find(subject)) {
    if (found->start + found->length > subject.size()) std::abort();
  } else if (prefix) {
    std::abort();
  }
  return 0;
}
