// SPDX-License-Identifier: Apache-2.0
//
// The texts of compgen and complete: the list of -W, the filter of -X, the word to complete. No
// state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace swebash::engine {

// The lines of `text` that are not empty.
void split_lines(std::string_view text, std::vector<std::string>& out);

// The pattern of -X for `word`: & stands for it.
[[nodiscard]] std::string filter_pattern(std::string_view filter, std::string_view word);

// The list of -W as words of the shell: cut at IFS, where it is not quoted; blanks that do not
// separate are quoted.
[[nodiscard]] std::string shell_words(std::string_view list, const std::string* ifs);

// The word that -W completes without its quotes, as bash takes them off: a backslash counts within
// single quotes too where the word begins with them, since the first closes what it is said to
// open.
[[nodiscard]] std::string without_quotes(std::string_view word);

// `word` without its quotes, where `quote` is open before it.
[[nodiscard]] std::string without_quotes(std::string_view word, char quote);

}  // namespace swebash::engine
