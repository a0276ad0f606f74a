// SPDX-License-Identifier: Apache-2.0
//
// How a name that completes a word is written into the line. No state.
#pragma once

#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

// Whether the name stands alone, or is what several begin with and is typed on.
enum class NameEnd : u8 { closed, open };

struct NameQuoting {
  std::string_view breaks;  // COMP_WORDBREAKS
  char quote = 0;           // that is open before the word
  bool history = false;     // `!` is special
  bool variables = false;   // a $ in it is one that was written to be expanded
};

// `name` with what is special in it quoted, behind the quote that is open.
[[nodiscard]] std::string quote_completed(std::string_view name, const NameQuoting& how,
                                          NameEnd end);

}  // namespace swebash::engine
