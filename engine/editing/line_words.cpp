// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/line_words.hpp"

#include <algorithm>
#include <array>

namespace swebash::engine {
namespace {

// Deeper than a person nests them; what is deeper ends with the line.
constexpr u32 kMostNesting = 200;

constexpr bool is_in(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

using ByteTable = std::array<bool, 256>;

ByteTable table_of(std::string_view set) {
  ByteTable table{};
  for (const char c : set) table[static_cast<u8>(c)] = true;
  return table;
}

// A walk over a line that passes over quotes and substitutions whole. Each function gets the place
// after what opens and answers that after what closes, or the line's size.
class Walk {
 public:
  explicit Walk(std::string_view line) noexcept : line_(line) {}

  [[nodiscard]] char at(usize i) const noexcept { return i < line_.size() ? line_[i] : '\0'; }

  [[nodiscard]] usize after_single(usize i, bool escapes) const {
    for (; i < line_.size(); ++i) {
      if (escapes && line_[i] == '\\') {
        ++i;
      } else if (line_[i] == '\'') {
        return i + 1;
      }
    }
    return line_.size();
  }

  [[nodiscard]] usize after_backquote(usize i) const {
    for (; i < line_.size(); ++i) {
      if (line_[i] == '\\') {
        ++i;
      } else if (line_[i] == '`') {
        return i + 1;
      }
    }
    return line_.size();
  }

  [[nodiscard]] usize after_double(usize i, u32 depth = 0) const {
    while (i < line_.size()) {
      const char c = line_[i];
      if (c == '\\') {
        i += 2;
      } else if (c == '`') {
        i = after_backquote(i + 1);
      } else if (c == '$' && (at(i + 1) == '(' || at(i + 1) == '{')) {
        i = after_bracket(i + 1, true, depth + 1);
      } else if (c == '"') {
        return i + 1;
      } else {
        ++i;
      }
    }
    return line_.size();
  }

  // From an opening bracket to after the one that closes it.
  [[nodiscard]] usize after_bracket(usize i, bool quoted = false, u32 depth = 0) const {
    const char open = line_[i];
    const char close = open == '(' ? ')' : '}';
    // Within double quotes a single one is nothing to ${ }.
    const bool singles = !(quoted && open == '{');
    if (depth > kMostNesting) return line_.size();
    u32 level = 0;
    while (i < line_.size()) {
      const char c = line_[i];
      if (c == '\\') {
        i += 2;
      } else if (c == '\'' && singles) {
        i = after_single(i + 1, i > 0 && line_[i - 1] == '$');
      } else if (c == '"') {
        i = after_double(i + 1, depth + 1);
      } else if (c == '`') {
        i = after_backquote(i + 1);
      } else if (c == '$' && open == '{' && at(i + 1) == '(') {
        i = after_bracket(i + 1, false, depth + 1);
      } else if (c == '$' && open == '(' && at(i + 1) == '{') {
        i = after_bracket(i + 1, false, depth + 1);
      } else {
        // Only ${ opens another level of braces.
        if (c == open && (open == '(' || level == 0 || line_[i - 1] == '$')) ++level;
        ++i;
        if (c == close && --level == 0) return i;
      }
    }
    return line_.size();
  }

  // After the quote or substitution at `i`; `i` itself where none is.
  [[nodiscard]] usize after_any(usize i) const {
    switch (line_[i]) {
      case '\'': return after_single(i + 1, i > 0 && line_[i - 1] == '$');
      case '"': return after_double(i + 1);
      case '`': return after_backquote(i + 1);
      case '$':
        if (at(i + 1) == '(' || at(i + 1) == '{') return after_bracket(i + 1);
        return i;
      case '<':
      case '>':
        if (at(i + 1) == '(') return after_bracket(i + 1);
        return i;
      default: return i;
    }
  }

 private:
  std::string_view line_;
};

// Whether the brace at `at` of a command that begins at `begin` groups commands.
bool is_group(std::string_view line, usize begin, usize at) {
  usize before = at > begin ? at - 1 : begin;
  while (before > begin && is_blank(line[before])) --before;
  const char next = at + 1 < line.size() ? line[at + 1] : '\0';
  if (before > begin && (line[at - 1] == '{' || !is_in(line[before], kCommandSeparators))) {
    return false;
  }
  return next != '\0' && is_in(next, "()<>;&| \t\n");
}

usize command_begin(std::string_view line, usize word_begin) {
  usize begin = 0;
  usize from = 0;
  for (;;) {
    const usize at = find_delimiter(line, from, kCommandSeparators);
    if (at > word_begin || at >= line.size()) return begin;
    const bool clobbers = line[at] == '|' && at > 0 && line[at - 1] == '>';
    from = at + 1;
    if (clobbers || (line[at] == '{' && !is_group(line, begin, at))) {
      const usize next = find_delimiter(line, from, kCommandSeparators);
      if (next > word_begin || next >= line.size()) return begin;
      from = next + 1;
    }
    begin = from;
  }
}

bool is_assignment(std::string_view text) {
  usize i = 0;
  const auto is_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  while (i < text.size() && (is_name(text[i]) || (i > 0 && text[i] >= '0' && text[i] <= '9'))) ++i;
  if (i == 0) return false;
  if (i < text.size() && text[i] == '[') {
    const usize close = text.find(']', i);
    if (close == std::string_view::npos) return false;
    i = close + 1;
  }
  return text.substr(i).starts_with('=') || text.substr(i).starts_with("+=");
}

}  // namespace

usize find_delimiter(std::string_view line, usize from, std::string_view delimiters,
                     QuoteDelimiters quotes) {
  const ByteTable table = table_of(delimiters);
  const Walk walk(line);
  for (usize i = from; i < line.size();) {
    const char c = line[i];
    const bool quote = c == '\'' || c == '"';
    if (c == '\\') {
      i += 2;
    } else if (c == '`') {
      i = walk.after_backquote(i + 1);
    } else if (table[static_cast<u8>(c)] && !(quote && quotes == QuoteDelimiters::pass)) {
      return i;
    } else if (const usize after = walk.after_any(i); after != i) {
      i = after;
    } else {
      ++i;
    }
  }
  return line.size();
}

bool is_quoted_at(std::string_view line, usize at) {
  const Walk walk(line);
  for (usize i = 0; i <= at && i < line.size();) {
    const char c = line[i];
    if (c == '\\') {
      if (i + 1 == at) return true;
      i += 2;
    } else if (c == '$' && walk.at(i + 1) == '\'') {
      i = walk.after_single(i + 2, true);
      if (i > at) return true;
    } else if (c == '\'' || c == '"') {
      i = c == '"' ? walk.after_double(i + 1) : walk.after_single(i + 1, false);
      if (i > at) return true;
    } else {
      ++i;
    }
  }
  return false;
}

CompletedWord find_completed_word(std::string_view line, usize point, std::string_view breaks) {
  CompletedWord word{.begin = point, .end = point};
  for (usize i = 0; i < point; ++i) {
    const char c = line[i];
    if (c == '\\' && word.quote != '\'') {
      word.has_quotes = true;
      ++i;
    } else if (word.quote != 0) {
      if (c == word.quote) {
        word.quote = 0;
        word.begin = point;
      }
    } else if (c == '\'' || c == '"') {
      word.quote = c;
      word.has_quotes = true;
      word.begin = i + 1;
    }
  }
  if (word.quote != 0 || point == 0) return word;
  // What is quoted in one walk: a byte each.
  std::vector<bool> quoted;
  const auto breaks_at = [&](usize at) {
    if (!is_in(line[at], breaks)) return false;
    if (!word.has_quotes) return true;
    if (quoted.empty()) {
      quoted.resize(line.size());
      const Walk walk(line);
      for (usize i = 0; i < line.size();) {
        const char c = line[i];
        usize after = i + 1;
        if (c == '\\') {
          if (i + 1 < line.size()) quoted[i + 1] = true;
          i += 2;
          continue;
        }
        if (c == '$' && walk.at(i + 1) == '\'') {
          ++i;
          after = walk.after_single(i + 1, true);
        } else if (c == '\'') {
          after = walk.after_single(i + 1, false);
        } else if (c == '"') {
          after = walk.after_double(i + 1);
        } else {
          i = after;
          continue;
        }
        for (; i < after; ++i) quoted[i] = true;
      }
    }
    return !quoted[at];
  };
  usize at = point;
  while (at > 0) {
    --at;
    if (at == 0 || breaks_at(at)) break;
  }
  // A `$` or `@` says what is completed, and stays with the word.
  if (at < line.size() && breaks_at(at) && !is_in(line[at], "$@")) ++at;
  word.begin = std::min(at, point);
  return word;
}

CommandAt find_command_at(std::string_view line, usize point, usize word_begin, usize word_end) {
  CommandAt command;
  command.begin = command_begin(line, word_begin);
  command.end = std::max(find_delimiter(line, word_end, kCommandSeparators), word_end);
  usize from = command.begin;
  for (;;) {
    if (from > line.size() || (command.after_assignment && from > point)) {
      command.name_begin = command.name_end = std::min(command.name_end, line.size());
      break;
    }
    while (from < line.size() && is_blank(line[from])) ++from;
    command.name_begin = from;
    command.name_end = find_delimiter(line, from, "()<>;&| \t\n");
    const auto name = line.substr(command.name_begin, command.name_end - command.name_begin);
    from = command.name_end + 1;
    command.after_assignment = is_assignment(name);
    if (!command.after_assignment) break;
  }
  command.begin = command.name_begin;
  return command;
}

CommandWords split_command(std::string_view command, usize point, std::string_view breaks) {
  CommandWords split;
  std::string marks;  // those that are words
  for (const char c : breaks) {
    if (!is_blank(c)) marks.push_back(c);
  }
  const auto char_at = [&](usize i) { return i < command.size() ? command[i] : '\0'; };
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  const auto separates = [&](usize i) { return is_in(command[i], breaks) && is_space(command[i]); };
  usize begin = 0;
  while (begin < command.size() && separates(begin)) ++begin;
  if (begin >= command.size()) return split;
  for (;;) {
    usize end = find_delimiter(command, begin, breaks, QuoteDelimiters::pass);
    if (begin == end && begin < command.size() && is_in(command[begin], marks)) {
      ++end;
      while (end < command.size() && is_in(command[end], marks) && command[end] != '\'' &&
             command[end] != '"') {
        ++end;
      }
    }
    split.words.emplace_back(command.substr(begin, end - begin));
    const auto index = static_cast<i64>(split.words.size()) - 1;
    if (point >= begin && point <= end) {
      split.current = index;  // of two that touch there, the later
    } else if (split.current == -1 && point < begin) {
      split.current = index;
      // bash: between two words there is an empty one, unless the one after it is at hand.
      if (point + 1 < begin) split.words.insert(split.words.end() - 1, std::string());
    }
    if (end >= command.size()) break;
    usize next = end;
    while (next < command.size() && separates(next) && char_at(end) != '\'' &&
           char_at(end) != '"') {
      ++next;
    }
    if (next >= command.size()) break;
    begin = next;
  }
  // What is left is behind the last word.
  if (split.current == -1) {
    if (point > 0 && is_blank(char_at(point - 1))) split.words.emplace_back();
    split.current = static_cast<i64>(split.words.size()) - 1;
  }
  return split;
}

}  // namespace swebash::engine
