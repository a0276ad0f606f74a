// SPDX-License-Identifier: Apache-2.0
#include "engine/history/history_expand.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace swebash::engine {

using history_text::is_blank;
using history_text::is_digit;
using history_text::is_operator;
using history_text::join_words;
using history_text::words_of;

// One line on its way.
struct HistoryExpander::Scan {
  HistoryExpander& self;
  std::string_view line;
  const History& history;
  const Options& options;
  std::string& out;
  usize at = 0;
  bool print_only = false;

  [[nodiscard]] char peek(usize offset = 0) const {
    return at + offset < line.size() ? line[at + offset] : '\0';
  }
  bool fail(std::string_view what, std::string_view why) {
    out = std::string(what) + ": " + std::string(why);
    return false;
  }
  [[nodiscard]] const std::string* entry(i64 number) const {
    const i64 index = number - history.first_number();
    if (index < 0 || index >= static_cast<i64>(history.entries().size())) return nullptr;
    return &history.entries()[static_cast<usize>(index)].text;
  }

  [[nodiscard]] i64 next_number() const {
    return history.next_number() - static_cast<i64>(options.unfinished);
  }

  // The event that the text behind `!` names.
  std::optional<std::string> event(usize start, bool quoted) {
    const auto missing = [&]() -> std::optional<std::string> {
      fail(line.substr(start, at - start), "event not found");
      return std::nullopt;
    };
    const char c = peek();
    if (c == options.mark) {
      ++at;
      const std::string* text = entry(next_number() - 1);
      return text == nullptr ? missing() : *text;
    }
    if (c == '#') {
      ++at;
      return out;
    }
    if (is_digit(c) || (c == '-' && is_digit(peek(1)))) {
      const bool back = c == '-';
      if (back) ++at;
      i64 number = 0;
      while (is_digit(peek()) && number < 1'000'000'000) number = number * 10 + (line[at++] - '0');
      const std::string* text = entry(back ? next_number() - number : number);
      return text == nullptr ? missing() : *text;
    }
    const auto& entries = history.entries();
    const usize known = entries.size() - std::min(options.unfinished, entries.size());
    if (c == '?') {
      ++at;
      const usize begin = at;
      while (at < line.size() && line[at] != '?' && line[at] != '\n') ++at;
      std::string text(line.substr(begin, at - begin));
      if (peek() == '?') ++at;
      if (text.empty()) text = self.search_;
      if (text.empty()) return missing();
      self.search_ = text;
      for (usize i = known; i-- > 0;) {
        if (entries[i].text.find(text) == std::string::npos) continue;
        for (const std::string_view word : words_of(entries[i].text)) {
          if (word.find(text) != std::string_view::npos) self.search_word_ = word;
        }
        return entries[i].text;
      }
      return missing();
    }
    // `!$` and its like mean the command before.
    if (c == '^' || c == '$' || c == '*' || c == '%' || c == ':') {
      const std::string* text = entry(next_number() - 1);
      return text == nullptr ? missing() : *text;
    }
    const usize begin = at;
    while (at < line.size() && !is_blank(line[at]) && !is_operator(line[at]) && line[at] != ':' &&
           !(quoted && line[at] == '"') &&
           std::string_view("^$*%-").find(line[at]) == std::string_view::npos) {
      ++at;
    }
    const std::string_view text = line.substr(begin, at - begin);
    for (usize i = known; i-- > 0;) {
      if (entries[i].text.starts_with(text)) return entries[i].text;
    }
    return missing();
  }

  // Takes the words that a designator names out of `text`; false with a message when there are
  // none.
  bool designate(std::string& text) {
    const usize start = at;
    const auto is_word_mark = [](char c) {
      return c == '^' || c == '$' || c == '*' || c == '%' || c == '-';
    };
    bool colon = false;
    if (peek() == ':' && (is_digit(peek(1)) || is_word_mark(peek(1)))) {
      colon = true;
      ++at;
    } else if (!is_word_mark(peek())) {
      return true;
    }
    const auto words = words_of(text);
    const usize last_word = words.empty() ? 0 : words.size() - 1;
    const auto bad = [&] { return fail(line.substr(start, at - start), "bad word specifier"); };
    const auto number = [&]() -> std::optional<usize> {
      if (peek() == '^') {
        ++at;
        return 1;
      }
      if (peek() == '$') {
        ++at;
        return last_word;
      }
      if (!is_digit(peek())) return std::nullopt;
      usize value = 0;
      while (is_digit(peek()) && value < 1'000'000'000) {
        value = value * 10 + static_cast<usize>(line[at++] - '0');
      }
      return value;
    };
    if (peek() == '*') {
      ++at;
      text = join_words(words, 1, last_word);
      return true;
    }
    if (peek() == '%') {
      ++at;
      text = self.search_word_;
      return true;
    }
    usize first = 0;
    if (peek() != '-') {
      const auto value = number();
      if (!value) return colon ? bad() : true;
      first = *value;
    }
    usize last = first;
    if (peek() == '*') {
      ++at;
      last = last_word;
      if (first == last_word + 1) {
        text.clear();
        return true;
      }
    } else if (peek() == '-') {
      ++at;
      if (const auto value = number()) {
        last = *value;
      } else {
        // `x-` leaves the last word out.
        last = last_word == 0 ? 0 : last_word - 1;
      }
    }
    if (words.empty() || first > last_word || last > last_word || first > last) return bad();
    text = join_words(words, first, last);
    return true;
  }

  // What stands between delimiters of :s, with `&` for the old text.
  std::string delimited(char delimiter, const std::string* ampersand) {
    std::string text;
    while (at < line.size() && line[at] != delimiter) {
      if (line[at] == '\\' && (peek(1) == delimiter || (ampersand != nullptr && peek(1) == '&'))) {
        ++at;
        text += line[at++];
        continue;
      }
      if (line[at] == '&' && ampersand != nullptr) {
        text += *ampersand;
        ++at;
        continue;
      }
      text += line[at++];
    }
    if (at < line.size()) ++at;
    return text;
  }

  bool substitute(std::string& text, usize start, bool all, bool each_word) {
    if (self.old_.empty()) return fail(line.substr(start, at - start), "no previous substitution");
    bool done = false;
    usize from = 0;
    for (;;) {
      const usize found = text.find(self.old_, from);
      if (found == std::string::npos) break;
      text.replace(found, self.old_.size(), self.new_);
      done = true;
      from = found + self.new_.size();
      if (each_word) {
        while (from < text.size() && !is_blank(text[from])) ++from;
      } else if (!all) {
        break;
      }
    }
    if (!done) return fail(line.substr(start, at - start), "substitution failed");
    return true;
  }

  bool modify(std::string& text) {
    while (peek() == ':') {
      const usize start = at;
      bool all = false, each_word = false;
      usize look = 1;
      while (peek(look) == 'g' || peek(look) == 'a' || peek(look) == 'G') {
        (peek(look) == 'G' ? each_word : all) = true;
        ++look;
      }
      const char what = peek(look);
      switch (what) {
        case 'h': {
          const usize slash = text.rfind('/');
          if (slash != std::string::npos) text.resize(slash);
          break;
        }
        case 't': {
          const usize slash = text.rfind('/');
          if (slash != std::string::npos) text.erase(0, slash + 1);
          break;
        }
        case 'r': {
          const usize dot = text.rfind('.');
          if (dot != std::string::npos) text.resize(dot);
          break;
        }
        case 'e': {
          const usize dot = text.rfind('.');
          if (dot != std::string::npos) text.erase(0, dot);
          break;
        }
        case 'p': print_only = true; break;
        case 'q': text = single_quoted(text); break;
        case 'x': {
          std::string quoted;
          for (const std::string_view word : words_of(text)) {
            if (!quoted.empty()) quoted += ' ';
            quoted += single_quoted(word);
          }
          text = quoted;
          break;
        }
        case '&':
          at += look + 1;
          if (!substitute(text, start, all, each_word)) return false;
          continue;
        case 's': {
          at += look + 1;
          const char delimiter = peek();
          if (delimiter == '\0') return fail(line.substr(start, at - start), "substitution failed");
          ++at;
          std::string old = delimited(delimiter, nullptr);
          if (old.empty()) old = self.old_.empty() ? self.search_ : self.old_;
          self.old_ = std::move(old);
          self.new_ = delimited(delimiter, &self.old_);
          if (!substitute(text, start, all, each_word)) return false;
          continue;
        }
        default:
          at += std::min(look + 1, line.size() - at);
          return fail(line.substr(start + 1, at - start - 1), "unrecognized history modifier");
      }
      at += look + 1;
    }
    return true;
  }

  static std::string single_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
      if (c == '\'') {
        quoted += "'\\''";
      } else {
        quoted += c;
      }
    }
    return quoted + "'";
  }

  // bash: `!` before a blank, `=` or the end is itself; so is one in ${!x}, $! and [!a].
  [[nodiscard]] bool inhibited(bool quoted) const {
    const char next = peek(1);
    if (next == '\0' || is_blank(next) || next == '=') return true;
    if (quoted && (next == '"' || options.posix)) return true;
    if (next == '(' && options.extglob) return true;
    if (at > 0 && line[at - 1] == '$') return true;
    if (at > 1 && line[at - 1] == '{' && line[at - 2] == '$') return true;
    return at > 0 && line[at - 1] == '[';
  }

  [[nodiscard]] bool peek_before(char expected) const { return at > 0 && line[at - 1] == expected; }

  bool quick() {
    const std::string* last = entry(next_number() - 1);
    if (last == nullptr) return fail(line, "event not found");
    at = 1;
    self.old_ = delimited(options.quick, nullptr);
    self.new_ = delimited(options.quick, &self.old_);
    std::string text = *last;
    if (!substitute(text, 0, false, false)) {
      out = ":s" + std::string(line) + ": substitution failed";
      return false;
    }
    if (!modify(text)) return false;
    out = text;
    out += line.substr(at);
    return true;
  }

  // True when all went well; `changed` says whether anything was replaced.
  bool run(bool& changed) {
    if (!line.empty() && line[0] == options.quick && options.before == OpenText::none) {
      changed = true;
      return quick();
    }
    bool double_quoted = options.before == OpenText::double_quoted;
    std::vector<bool> outside;  // whether what is around a parenthesis is double-quoted
    bool word_start = true;
    while (at < line.size()) {
      const char c = line[at];
      if (c == '\\' && at + 1 < line.size()) {
        out += c;
        out += line[at + 1];
        at += 2;
        word_start = false;
        continue;
      }
      if (c == '\'' && !double_quoted) {
        const bool escapes = at > 0 && line[at - 1] == '$';
        usize end = at + 1;
        while (end < line.size() && line[end] != '\'') end += escapes && line[end] == '\\' ? 2 : 1;
        end = std::min(end, line.size() - 1);
        out += line.substr(at, end + 1 - at);
        at = end + 1;
        word_start = false;
        continue;
      }
      if (c == '"') double_quoted = !double_quoted;
      // Within the parentheses of a substitution quoting begins anew.
      if (c == '(' && (peek_before('$') || (!outside.empty() && !double_quoted))) {
        outside.push_back(double_quoted);
        double_quoted = false;
      } else if (c == ')' && !outside.empty() && !double_quoted) {
        double_quoted = outside.back();
        outside.pop_back();
      }
      if (c == options.comment && word_start && !double_quoted) {
        out += line.substr(at);
        at = line.size();
        break;
      }
      if (c != options.mark || inhibited(double_quoted)) {
        out += c;
        ++at;
        word_start = is_blank(c) || is_operator(c);
        continue;
      }
      const usize start = at++;
      auto text = event(start, double_quoted);
      if (!text || !designate(*text) || !modify(*text)) return false;
      out += *text;
      changed = true;
      word_start = false;
    }
    return true;
  }
};

HistoryExpander::Outcome HistoryExpander::expand(std::string_view line, const History& history,
                                                 const Options& options, std::string& text) {
  text.clear();
  if (options.before == OpenText::here_document) return Outcome::unchanged;
  usize begin = 0;
  if (options.before == OpenText::single_quoted) {
    // Nothing is looked at before the quote ends.
    const usize end = line.find('\'');
    if (end == std::string_view::npos) return Outcome::unchanged;
    begin = end + 1;
  }
  const std::string_view rest = line.substr(begin);
  if (rest.find(options.mark) == std::string_view::npos &&
      (rest.empty() || rest[0] != options.quick)) {
    return Outcome::unchanged;
  }
  Scan scan{*this, rest, history, options, text};
  bool changed = false;
  if (!scan.run(changed)) return Outcome::failed;
  if (!changed) return Outcome::unchanged;
  text.insert(0, line.substr(0, begin));
  return scan.print_only ? Outcome::print_only : Outcome::changed;
}

}  // namespace swebash::engine
