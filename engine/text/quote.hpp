// SPDX-License-Identifier: Apache-2.0
//
// Quoting: text to shell words that read back as it, in each of bash's forms.
//
// Functions of their text and of the locale's characters. Text is UTF-8; a byte that is no
// character, or a character that cannot be printed, makes the $'...' form necessary. They quote for
// input to the shell, not for display.
#pragma once

#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

// What the characters of the locale are, of which there is one in a task: where they are bytes,
// none above 127 can be printed or named by its code.
enum class Characters : u8 { utf8, bytes };
void set_characters(Characters characters) noexcept;

// Appends the character of code `code`, as \u and \U name it.
void append_character(std::string& out, u32 code);

// printf %q, `compgen -F`: backslashes, '' when empty, $'...' when some character cannot be
// printed.
[[nodiscard]] std::string quote_backslash(std::string_view text);

// ${x@Q}, `alias`, `trap -p`, `set`: '...', or $'...' when some character cannot be printed.
[[nodiscard]] std::string quote_single(std::string_view text);

// '...' whatever is in it, a quote as '\''.
[[nodiscard]] std::string quote_single_plain(std::string_view text);

// $'...'
[[nodiscard]] std::string quote_ansi(std::string_view text);

// declare -p: "...", or $'...' when some character cannot be printed.
[[nodiscard]] std::string quote_double(std::string_view text);

// The key of an associative array as `declare -p` prints it: bare unless it needs quotes.
[[nodiscard]] std::string quote_key(std::string_view key);

// `set` lists a value so: bare unless it needs quotes.
[[nodiscard]] std::string quote_value(std::string_view text);

// So in posix mode, which has no $'...'.
[[nodiscard]] std::string quote_value_posix(std::string_view text);

// A word of `set -x`.
[[nodiscard]] std::string quote_trace(std::string_view text);

// Puts a backslash before what is special between double quotes.
[[nodiscard]] std::string escape_for_double_quotes(std::string_view text);

// Whether some character cannot be printed, so that only $'...' shows it.
[[nodiscard]] bool needs_ansi_quoting(std::string_view text) noexcept;

// Whether a character means something to the shell.
[[nodiscard]] bool has_shell_meta(std::string_view text) noexcept;

// What $'...' stands for (also ${x@E}): \a \b \e \E \f \n \r \t \v \\ \' \" \? \nnn \xHH \uHHHH
// \UHHHHHHHH \cX. A NUL ends the text, as in bash.
[[nodiscard]] std::string decode_ansi(std::string_view text);

}  // namespace swebash::engine
