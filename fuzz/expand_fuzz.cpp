// SPDX-License-Identifier: Apache-2.0
//
// Any text as a script of assignments and expansions, run by a shell that is nothing but an
// expander: no programs, no files.
#include <algorithm>
#include <string>
#include <string_view>

#include "engine/expansion/expand_test_host.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, swebash::usize size) {
  constexpr swebash::usize kLongest = 512;
  // Braces and patterns multiply: what few bytes can ask for is bounded by the count of braces.
  constexpr std::ptrdiff_t kMostBraces = 6;
  if (size > kLongest) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  swebash::engine::MiniShell shell;
  const bool many =
      std::ranges::count(text, '{') > kMostBraces || text.find("..") != std::string_view::npos;
  static_cast<void>(shell.run(many ? "set -f +B" : "set -f"));
  static_cast<void>(shell.run("declare -a a=(1 '' 'x y' [9]=z); declare -A m=([k]=v [x]='1 2')"));
  static_cast<void>(shell.run("declare -n r=a[1]; declare -i i=3; v='a b*c'; set -- 1 '' 'p q'"));
  static_cast<void>(shell.run(text));
  return 0;
}
