// SPDX-License-Identifier: Apache-2.0
//
// The backslash escapes of PS1 and friends (bash(1), PROMPTING), also used by ${x@P}.
//
// Pure but for the clock. What an escape brings in is escaped for the expansion that follows, so
// that a directory named `$(x)` runs nothing; that expansion is the caller's.
#pragma once

#include <string>
#include <string_view>

#include "engine/expansion/expand.hpp"

namespace swebash::engine {

struct PromptContext {
  ExpansionHost::PromptFacts facts;
  std::string_view working_directory;  // PWD
  std::string_view home;               // HOME; empty for none
  std::string_view time_zone;          // TZ
  std::string_view trim;               // PROMPT_DIRTRIM
  // \[ and \] leave \001 and \002 behind for a line editor; else nothing.
  bool mark_invisible = false;
  bool will_expand = true;  // escape what is brought in
};

// `text` with its escapes replaced.
[[nodiscard]] std::string decode_prompt(std::string_view text, const PromptContext& context);

}  // namespace swebash::engine
