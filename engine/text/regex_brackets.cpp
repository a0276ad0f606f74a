// SPDX-License-Identifier: Apache-2.0
#include "engine/text/regex_brackets.hpp"

#include <optional>

#include "base/integers.hpp"
#include "engine/text/collating_symbols.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine {
namespace {

// The character that `name` between dots or equals signs stands for.
std::optional<std::string> character_called(std::string_view name, char kind) {
  if (name.empty()) return std::nullopt;
  if (utf8::decode(name, 0).length == name.size()) return std::string(name);
  char32_t code = 0;
  if (kind != '.' || !find_collating_symbol(name, code)) return std::nullopt;
  std::string character;
  utf8::append(character, code);
  return character;
}

// A bracket expression on its way: what stands first, last, and between.
struct Bracket {
  bool closes = false;  // holds ]
  bool circumflex = false;
  bool hyphen = false;
  std::string others;

  // Adds a character that stands for itself, and begins and ends no range.
  void add(std::string_view character) {
    if (character == "]") {
      closes = true;
    } else if (character == "^") {
      circumflex = true;
    } else if (character == "-") {
      hyphen = true;
    } else {
      others += character;
    }
  }

  [[nodiscard]] std::string text(bool negated) const {
    // One that holds a circumflex alone is a character, and no bracket expression.
    if (circumflex && !closes && !hyphen && others.empty() && !negated) return "\\^";
    std::string whole = negated ? "[^" : "[";
    if (closes) whole += ']';
    whole += others;
    if (circumflex && whole == "[") {
      whole += "-^";
    } else {
      if (circumflex) whole += '^';
      if (hyphen) whole += '-';
    }
    return whole + ']';
  }
};

class Writer {
 public:
  explicit Writer(std::string_view text) noexcept : text_(text) {}

  std::string write() {
    std::string whole;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        whole.append(text_.substr(at_, 2));
        at_ += 2;
      } else if (c == '[') {
        const usize begin = at_;
        const auto bracket = read_bracket();
        whole.append(bracket ? *bracket : std::string(text_.substr(begin, at_ - begin)));
      } else {
        whole += c;
        ++at_;
      }
    }
    return whole;
  }

 private:
  // One member at the cursor, or an end of a range; empty where it is none.
  std::optional<std::string> member() {
    const char kind = at_ + 1 < text_.size() && text_[at_] == '[' ? text_[at_ + 1] : '\0';
    if (kind == '.' || kind == '=') {
      const char end[] = {kind, ']'};
      const usize close = text_.find(std::string_view(end, sizeof end), at_ + 2);
      if (close == std::string_view::npos) {
        at_ = text_.size();
        return std::nullopt;
      }
      auto character = character_called(text_.substr(at_ + 2, close - at_ - 2), kind);
      at_ = close + 2;
      return character;
    }
    const usize length = utf8::decode(text_, at_).length;
    at_ += length;
    return std::string(text_.substr(at_ - length, length));
  }

  // The bracket expression at the cursor, which is left behind it; empty where it stays as it is.
  std::optional<std::string> read_bracket() {
    ++at_;
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    Bracket bracket;
    bool changes = false, known = true;
    for (bool first = true; at_ < text_.size() && (first || text_[at_] != ']'); first = false) {
      if (text_.substr(at_, 2) == "[:") {
        const usize close = text_.find(":]", at_ + 2);
        const usize end = close == std::string_view::npos ? text_.size() : close + 2;
        bracket.others.append(text_.substr(at_, end - at_));
        at_ = end;
        continue;
      }
      changes = changes || text_.substr(at_, 2) == "[." || text_.substr(at_, 2) == "[=";
      const auto from = member();
      const bool range = at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']';
      if (!range) {
        known = known && from.has_value();
        if (from) bracket.add(*from);
        continue;
      }
      ++at_;
      changes = changes || text_.substr(at_, 2) == "[." || text_.substr(at_, 2) == "[=";
      const auto to = member();
      // An end that has a place of its own cannot be moved there.
      const auto is_plain = [](const std::optional<std::string>& end) {
        return end && *end != "]" && *end != "^" && *end != "-";
      };
      known = known && is_plain(from) && is_plain(to);
      if (known) bracket.others.append(*from).append("-").append(*to);
    }
    if (at_ == text_.size()) return std::nullopt;
    ++at_;
    if (!changes || !known) return std::nullopt;
    return bracket.text(negated);
  }

  std::string_view text_;
  usize at_ = 0;
};

}  // namespace

std::string without_collating(std::string_view expression) {
  if (expression.find("[.") == std::string_view::npos &&
      expression.find("[=") == std::string_view::npos) {
    return std::string(expression);
  }
  return Writer(expression).write();
}

}  // namespace swebash::engine
