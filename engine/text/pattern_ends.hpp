// SPDX-License-Identifier: Apache-2.0
//
// PatternEnds: where the bracket expressions and groups of a pattern's text end. For pattern.cpp
// alone; it views the text.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

// Finds where bracket expressions and groups of a pattern end. What was looked for in vain once is
// not looked for again, so that a text of opening brackets takes no longer than another.
class PatternEnds {
 public:
  explicit PatternEnds(std::string_view text) noexcept : text_(text) {}

  // The byte after the bracket expression that begins at `at`; 0 when it has no end.
  usize bracket(usize at) {
    if (!hopeless_.empty() && hopeless_[at]) return 0;
    if (const usize end = scan_bracket(at, nullptr); end != 0) return end;
    // Whatever began at a place that was passed has no end either.
    if (hopeless_.empty()) hopeless_.resize(text_.size());
    static_cast<void>(scan_bracket(at, &hopeless_));
    return 0;
  }

  // The byte of the parenthesis that closes the one at `open`; npos when none does.
  usize group(usize open) {
    if (closing_.empty()) find_groups(open);
    return open < closing_.size() ? closing_[open] : std::string_view::npos;
  }

 private:
  usize scan_bracket(usize at, std::vector<bool>* passed) {
    usize i = at + 1;
    if (i < text_.size() && (text_[i] == '!' || text_[i] == '^')) ++i;
    bool first = true;
    // The kinds of [: :] and its like of which there is no end from here on.
    bool endless[3] = {};
    if (passed != nullptr) (*passed)[at] = true;
    while (i < text_.size()) {
      const char c = text_[i];
      if (c == ']' && !first) return i + 1;
      first = false;
      if (passed != nullptr) (*passed)[i] = true;
      if (c == '\\' && i + 1 < text_.size()) {
        i += 2;
        continue;
      }
      static constexpr std::string_view kKinds = ":.=";
      const usize which =
          c == '[' && i + 1 < text_.size() ? kKinds.find(text_[i + 1]) : std::string_view::npos;
      ++i;
      if (which == std::string_view::npos || endless[which]) continue;
      const char closing[] = {kKinds[which], ']', 0};
      const bool symbol = kKinds[which] == '.';
      const usize close =
          symbol && i >= no_symbol_ends_ ? std::string_view::npos : text_.find(closing, i + 1);
      if (close == std::string_view::npos && symbol) {
        // bash: there is no bracket expression then, but for what begins here.
        no_symbol_ends_ = std::min(no_symbol_ends_, i);
        if (passed != nullptr) (*passed)[i - 1] = false;
        return 0;
      }
      if (close == std::string_view::npos) {
        endless[which] = true;
      } else {
        // Taken by itself, this bracket may end within what is passed over.
        if (passed != nullptr) (*passed)[i - 1] = false;
        i = close + 2;
      }
    }
    return 0;
  }

  // Pairs all parentheses from `first` on.
  void find_groups(usize first) {
    closing_.resize(text_.size(), std::string_view::npos);
    std::vector<usize> open;
    for (usize i = first; i < text_.size(); ++i) {
      switch (text_[i]) {
        case '\\': ++i; break;
        case '[':
          // bash: one without an end hides all that could close a group.
          if (const usize end = bracket(i); end != 0) {
            i = end - 1;
          } else {
            return;
          }
          break;
        case '(': open.push_back(i); break;
        case ')':
          if (open.empty()) break;
          closing_[open.back()] = i;
          open.pop_back();
          break;
        default: break;
      }
    }
  }

  std::string_view text_;
  std::vector<bool> hopeless_;
  usize no_symbol_ends_ = std::string_view::npos;  // from here on there is no ".]"
  std::vector<usize> closing_;
};

}  // namespace swebash::engine
