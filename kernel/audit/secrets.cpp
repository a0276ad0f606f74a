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

// Where the value ends that begins `text`, which stands within a word: a script's, an address's.
usize end_of_value(std::string_view text) noexcept {
  const char quote = text.empty() ? '\0' : text.front();
  if (quote == '\'' || quote == '"') {
    const usize end = text.find(quote, 1);
    return end == std::string_view::npos ? text.size() : end + 1;
  }
  return std::min(text.find_first_of(" \t\n;&|()<>'\"`"), text.size());
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
  if (value.empty() || values_.size() >= kMost) return;
  const auto longer = [](std::string_view one, std::string_view other) {
    return one.size() != other.size() ? one.size() > other.size() : one < other;
  };
  const auto at = std::ranges::lower_bound(values_, value, longer);
  if (at == values_.end() || *at != value) values_.emplace(at, value);
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
    usize begin = equal;
    while (begin > done && is_of_name(word[begin - 1])) --begin;
    if (!is_secret_name(word.substr(begin, equal - begin))) continue;
    std::string_view value = word.substr(equal + 1);
    // The whole word is NAME=VALUE, or it is the text of more.
    if (begin > 0) value = value.substr(0, end_of_value(value));
    text.append(word.substr(done, equal + 1 - done)).append(kHidden);
    done = equal + 1 + value.size();
    if (value.size() > 1 && (value.front() == '\'' || value.front() == '"')) {
      value = value.substr(1, value.size() - 2);
    }
    learn(value);
  }
  return text.append(word.substr(done));
}

std::string Secrets::without(std::string_view word) {
  std::string text = without_assigned(word);
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
