// SPDX-License-Identifier: Apache-2.0
#include "engine/history/history_text.hpp"

#include <algorithm>

namespace swebash::engine {
namespace history_text {
namespace {

// What a parenthesis within a word follows: substitutions, arrays and extended patterns.
constexpr std::string_view kOpensWithin = "$=<>?*+@!";

}  // namespace

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (usize at = 0; at < text.size();) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    const usize start = at;
    const bool substitutes =
        (text[at] == '<' || text[at] == '>') && at + 1 < text.size() && text[at + 1] == '(';
    // The number before a redirection is one word with it.
    usize digits = at;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    if (digits < text.size() && (text[digits] == '<' || text[digits] == '>')) at = digits;
    if (is_operator(text[at]) && !substitutes) {
      const char first = text[at++];
      if (at < text.size() &&
          (text[at] == first || ((first == '<' || first == '>' || first == '&') &&
                                 is_operator(text[at]) && text[at] != '('))) {
        ++at;
        if (first == '<' && at < text.size() && (text[at] == '<' || text[at] == '-')) ++at;
      }
    } else {
      char quote = 0;
      usize depth = 0;
      for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\\' && quote != '\'') {
          if (at + 1 < text.size()) ++at;
        } else if (quote != 0) {
          if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"' || c == '`') {
          quote = c;
        } else if (c == '(' && (depth > 0 || (at > start && kOpensWithin.find(text[at - 1]) !=
                                                                std::string_view::npos))) {
          ++depth;
        } else if (depth > 0) {
          if (c == ')') --depth;
        } else if ((c == '<' || c == '>') && at + 1 < text.size() && text[at + 1] == '(') {
          continue;
        } else if (is_blank(c) || is_operator(c)) {
          break;
        }
      }
    }
    words.push_back(text.substr(start, std::min(at, text.size()) - start));
  }
  return words;
}

std::string join_words(const std::vector<std::string_view>& words, usize first, usize last) {
  std::string text;
  for (usize i = first; i <= last && i < words.size(); ++i) {
    if (i > first) text += ' ';
    text += words[i];
  }
  return text;
}

}  // namespace history_text

namespace {

using history_text::is_blank;
using history_text::is_operator;

// Follows quotes, comments and here-documents through `text`, as far as history needs it.
struct TextState {
  OpenText open = OpenText::none;
  std::vector<std::string> here_documents;  // delimiters of those that wait for their bodies
  bool in_here_document = false;
  std::string last_token;

  explicit TextState(std::string_view text) {
    for (usize at = 0; at < text.size();) {
      const usize newline = std::min(text.find('\n', at), text.size());
      line(text.substr(at, newline - at));
      at = newline + 1;
    }
  }

  void line(std::string_view text) {
    if (in_here_document) {
      usize tabs = 0;
      while (tabs < text.size() && text[tabs] == '\t') ++tabs;
      if (text == here_documents.front() || text.substr(tabs) == here_documents.front()) {
        here_documents.erase(here_documents.begin());
      }
    } else {
      code(text);
    }
    in_here_document = !here_documents.empty() && open != OpenText::double_quoted &&
                       (in_here_document || open != OpenText::single_quoted);
  }

  void code(std::string_view text) {
    char quote = open == OpenText::single_quoted   ? '\''
                 : open == OpenText::double_quoted ? '"'
                                                   : '\0';
    open = OpenText::none;
    bool token = false;  // inside a word
    usize token_start = 0;
    for (usize at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (quote == '\'') {
        if (c == '\'') quote = 0;
        continue;
      }
      if (c == '\\') {
        if (at + 1 == text.size()) {
          if (quote == 0) open = OpenText::continued;
          break;
        }
        if (!token) token_start = at;
        token = true;
        ++at;
        continue;
      }
      if (quote == '"') {
        if (c == '"') quote = 0;
        continue;
      }
      if (c == '#' && !token) {
        open = OpenText::comment;
        break;
      }
      if (c == '<' && text.substr(at).starts_with("<<") && !text.substr(at).starts_with("<<<")) {
        at = here_document(text, at + 2) - 1;
        token = false;
        last_token = "<<";
        continue;
      }
      if (c == '<' && text.substr(at).starts_with("<<<")) at += 2;
      if (is_blank(c) || is_operator(c)) {
        if (token) last_token = text.substr(token_start, at - token_start);
        token = false;
        if (is_operator(c)) last_token = std::string(1, c);
        continue;
      }
      if (!token) token_start = at;
      token = true;
      if (c == '\'' || c == '"') quote = c;
    }
    if (token) last_token = text.substr(token_start);
    if (quote == '\'') open = OpenText::single_quoted;
    if (quote == '"') open = OpenText::double_quoted;
  }

  // Reads the delimiter behind `<<`; where it ends.
  usize here_document(std::string_view text, usize at) {
    if (at < text.size() && text[at] == '-') ++at;
    while (at < text.size() && is_blank(text[at])) ++at;
    std::string delimiter;
    char quote = 0;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      if (quote == 0 && (is_blank(c) || is_operator(c))) break;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && at + 1 < text.size()) {
        delimiter += text[++at];
      } else {
        delimiter += c;
      }
    }
    here_documents.push_back(delimiter);
    return at;
  }
};

}  // namespace

OpenText left_open(std::string_view text) noexcept {
  const TextState state(text);
  return state.in_here_document ? OpenText::here_document : state.open;
}

std::string_view line_joint(std::string_view text) noexcept {
  const TextState state(text);
  if (!state.here_documents.empty() || state.last_token == "<<") return "\n";
  switch (state.open) {
    case OpenText::single_quoted:
    case OpenText::double_quoted:
    case OpenText::comment:
    case OpenText::here_document: return "\n";
    case OpenText::continued: return "";
    case OpenText::none: break;
  }
  constexpr std::string_view kBlankAfter[] = {"do",    "then", "else", "elif", "if", "while",
                                              "until", "{",    "(",    "|",    "&",  ";",
                                              "in",    "!",    "case", "&&",   "||"};
  if (text.find_first_not_of(" \t\n") == std::string_view::npos) return " ";
  if (std::ranges::find(kBlankAfter, state.last_token) != std::end(kBlankAfter)) return " ";
  // A pattern of `case` or a function's `()` ends in one.
  if (state.last_token == ")") return " ";
  return "; ";
}

}  // namespace swebash::engine
