// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/completion_words.hpp"

#include "base/integers.hpp"

namespace swebash::engine {
namespace {

// The length of the $( ), ${ }, <( ), >( ) or ` ` that `text` begins with; 0 when it begins with
// none.
usize substitution_length(std::string_view text) {
  if (text.starts_with('`')) {
    for (usize i = 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '`') {
        return i + 1;
      }
    }
    return 0;
  }
  if (!text.starts_with("$(") && !text.starts_with("${") && !text.starts_with("<(") &&
      !text.starts_with(">(")) {
    return 0;
  }
  const char open = text[1], close = open == '(' ? ')' : '}';
  usize depth = 0;
  char quote = 0;
  for (usize i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'') {
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == open) {
      ++depth;
    } else if (c == close && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

}  // namespace

void split_lines(std::string_view text, std::vector<std::string>& out) {
  for (usize at = 0; at < text.size();) {
    usize end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    if (end > at) out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
}

std::string filter_pattern(std::string_view filter, std::string_view word) {
  std::string text;
  for (usize i = 0; i < filter.size(); ++i) {
    if (filter[i] == '\\' && i + 1 < filter.size()) {
      if (filter[i + 1] != '&') text += '\\';
      text += filter[++i];
    } else if (filter[i] == '&') {
      text += word;
    } else {
      text += filter[i];
    }
  }
  return text;
}

std::string shell_words(std::string_view list, const std::string* ifs) {
  const std::string_view separators = ifs == nullptr ? std::string_view(" \t\n") : *ifs;
  std::string words;
  char quote = 0;
  for (usize i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (const usize length = quote == '\'' ? 0 : substitution_length(list.substr(i)); length > 0) {
      words += list.substr(i, length);
      i += length - 1;
    } else if (c == '\\' && quote != '\'' && i + 1 < list.size()) {
      words += c;
      words += list[++i];
    } else if (quote != 0) {
      words += c;
      if (c == quote) quote = 0;
    } else if (separators.find(c) != std::string_view::npos) {
      words += ' ';
    } else {
      if (c == '\'' || c == '"') quote = c;
      if (std::string_view(" \t\n;&|<>()#").find(c) != std::string_view::npos) words += '\\';
      words += c;
    }
  }
  if (quote != 0) words += quote;  // bash: one that is left open ends with the list
  return words;
}

std::string without_quotes(std::string_view word) {
  return without_quotes(word, word.starts_with('\'') || word.starts_with('"') ? word[0] : '\0');
}

std::string without_quotes(std::string_view word, char quote) {
  std::string text;
  for (usize i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '\\') {
      const bool kept =
          i + 1 < word.size() &&
          (quote == '\'' || (quote == '"' && std::string_view("$`\"\\\n").find(word[i + 1]) ==
                                                 std::string_view::npos));
      if (kept) text += c;
      if (++i < word.size()) text += word[i];
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace swebash::engine
