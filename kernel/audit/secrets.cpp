// SPDX-License-Identifier: Apache-2.0
#include "kernel/audit/secrets.hpp"

#include <algorithm>

namespace swebash::kernel::audit {
namespace {

constexpr std::string_view kHidden = "***";
constexpr usize kShortest = 3;   // that is hidden within a word
constexpr usize kMost = 10'000;  // a script may make as many as it likes

bool is_of_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

constexpr std::string_view kBlanks = " \t\n";

// Where the value ends that begins `text`, which stands within a word: a script's, an address's.
// `outer` is the quote that NAME=VALUE stands in, or something else.
usize end_of_value(std::string_view text, char outer) noexcept {
  if (text.starts_with('(')) return std::min(text.find(')'), text.size() - 1) + 1;
  usize at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == outer || std::string_view(" \t\n;&|()<>`").contains(c)) break;
    if (c == '\\') {
      at += 2;
    } else if (c == '\'' || c == '"') {
      const usize end = text.find(c, at + 1);
      if (end == std::string_view::npos) break;
      at = end + 1;
    } else {
      ++at;
    }
  }
  return std::min(at, text.size());
}

// What a shell makes of it, but for expansions.
std::string without_quotes(std::string_view value) {
  if (value.starts_with('(') && value.ends_with(')')) value = value.substr(1, value.size() - 2);
  std::string text;
  for (const char c : value) {
    if (c != '\'' && c != '"' && c != '\\') text += c;
  }
  return text;
}

// Where the name begins that ends at `equal`, of NAME=, NAME+= and NAME[...]=, and where it ends.
struct NameRange {
  usize begin, end;
};
NameRange name_before(std::string_view word, usize from, usize equal) noexcept {
  usize end = equal;
  if (end > from && word[end - 1] == '+') --end;
  if (end > from && word[end - 1] == ']') {
    const usize bracket = word.rfind('[', end - 1);
    if (bracket != std::string_view::npos && bracket >= from) end = bracket;
  }
  usize begin = end;
  while (begin > from && is_of_name(word[begin - 1])) --begin;
  return {begin, end};
}

}  // namespace

bool is_secret_name(std::string_view name) noexcept {
  const auto holds = [name](std::string_view part) {
    return std::ranges::search(name, part, {}, [](char c) {
             return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
           }).begin() != name.end();
  };
  return holds("TOKEN") || holds("SECRET") || holds("PASSWORD") || holds("KEY");
}

void Secrets::learn(std::string_view value) {
  const usize begin = value.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return;
  if (add(value)) news_.emplace_back(value);
  // The shell drops what is blank around a value, and makes words of the rest.
  const std::string_view inner = value.substr(begin, value.find_last_not_of(kBlanks) + 1 - begin);
  if (inner.size() < value.size()) add(inner);
  if (inner.find_first_of(kBlanks) == std::string_view::npos) return;
  for (std::string_view rest = inner; !rest.empty() && fields_.size() < kMost;) {
    const usize end = std::min(rest.find_first_of(kBlanks), rest.size());
    if (end > 0) fields_.emplace(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

bool Secrets::add(std::string_view value) {
  if (values_.size() >= kMost) return false;
  const auto longer = [](std::string_view one, std::string_view other) {
    return one.size() != other.size() ? one.size() > other.size() : one < other;
  };
  const auto at = std::ranges::lower_bound(values_, value, longer);
  if (at != values_.end() && *at == value) return false;
  values_.emplace(at, value);
  return true;
}

void Secrets::learn_variable(std::string_view variable) {
  const usize equal = variable.find('=');
  if (equal != std::string_view::npos && is_secret_name(variable.substr(0, equal))) {
    learn(variable.substr(equal + 1));
  }
}

std::string Secrets::without_assigned(std::string_view word) {
  std::string text;
  usize done = 0;
  for (usize equal = word.find('='); equal != std::string_view::npos;
       equal = word.find('=', std::max(done, equal + 1))) {
    const NameRange name = name_before(word, done, equal);
    if (!is_secret_name(word.substr(name.begin, name.end - name.begin))) continue;
    std::string_view value = word.substr(equal + 1);
    // The whole word is NAME=VALUE, or it is the text of more.
    if (name.begin > 0) value = value.substr(0, end_of_value(value, word[name.begin - 1]));
    text.append(word.substr(done, equal + 1 - done)).append(kHidden);
    done = equal + 1 + value.size();
    learn(value);
    learn(without_quotes(value));
  }
  return text.append(word.substr(done));
}

std::string Secrets::without(std::string_view word) {
  std::string text = without_assigned(word);
  if (fields_.contains(text)) return std::string(kHidden);
  for (const std::string& value : values_) {
    if (value.size() < kShortest) {
      if (text == value) return std::string(kHidden);
      continue;
    }
    for (usize at = text.find(value); at != std::string::npos;
         at = text.find(value, at + kHidden.size())) {
      text.replace(at, value.size(), kHidden);
    }
  }
  return text;
}

}  // namespace swebash::kernel::audit
