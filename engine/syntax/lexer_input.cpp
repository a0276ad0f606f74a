// SPDX-License-Identifier: Apache-2.0
#include "engine/syntax/lexer_input.hpp"

#include <algorithm>
#include <cstring>

#include "engine/syntax/parser.hpp"

namespace swebash::engine {

namespace {

// bash: a blank after an alias's text keeps its last word apart from what follows, unless the text
// ends in an operator, within quotes or in a backslash.
bool ends_in_open_word(std::string_view text) {
  char quote = 0;
  bool escaped = false;
  for (const char c : text) {
    if (escaped) {
      escaped = false;
    } else if (c == '\\' && quote != '\'') {
      escaped = true;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    }
  }
  if (quote != 0 || escaped) return false;
  return text.empty() ||
         std::string_view(" \t\n;&|<>()").find(text.back()) == std::string_view::npos;
}

}  // namespace

SharedText share_text(std::string text) {
  if (text.find('\0') != std::string::npos) std::erase(text, '\0');
  if (!text.empty() && text.back() != '\n') text.push_back('\n');
  return std::make_shared<const std::string>(std::move(text));
}

bool TextSource::read_line(std::string& line, bool) {
  if (rest_.empty()) return false;
  const usize newline = rest_.find('\n');
  const usize length = newline == std::string_view::npos ? rest_.size() : newline + 1;
  line.assign(rest_.substr(0, length));
  rest_.remove_prefix(length);
  return true;
}

void Input::start_unit(Arena& arena) {
  arena_ = &arena;
  text_ = nullptr;
  size_ = capacity_ = position_ = 0;
  if (carried_.empty()) return;
  grow(carried_.size());
  std::copy_n(carried_.data(), carried_.size(), text_);
  size_ = carried_.size();
  carried_.clear();
}

void Input::finish_unit() {
  carried_.assign(view(position_, size_));
  for (AliasText& alias : aliases_) alias.end -= std::min(alias.end, position_);
  if (carried_.empty()) aliases_.clear();
  text_ = nullptr;
  size_ = capacity_ = position_ = 0;
}

void Input::grow(usize wanted) {
  if (wanted <= capacity_) return;
  // The first line gets what it needs, a second one tells of more to come.
  const usize capacity = text_ == nullptr ? wanted : std::max(wanted + 256, capacity_ * 2);
  auto* place = static_cast<char*>(arena_->allocate(capacity, 1));
  std::copy_n(text_, size_, place);
  text_ = place;
  capacity_ = capacity;
}

bool Input::read_line() {
  if (!next_.empty()) return true;
  if (source_ == nullptr || ended_) return false;
  if (shares_) {
    next_ = source_->next_line(continues_);
  } else if (source_->read_line(read_, continues_)) {
    if (std::memchr(read_.data(), 0, read_.size()) != nullptr) std::erase(read_, '\0');
    if (read_.empty() || read_.back() != '\n') read_.push_back('\n');
    next_ = read_;
  }
  ended_ = next_.empty();
  return !ended_;
}

bool Input::fill() {
  if (size_ > 0) continues_ = true;  // a word that goes on, of which no token has been taken yet
  if (!read_line()) return false;
  if (shares_ && capacity_ == 0 && (size_ == 0 || text_ + size_ == next_.data())) {
    // Nothing is written to it: capacity_ says that it is not ours.
    if (size_ == 0) text_ = const_cast<char*>(next_.data());
  } else {
    grow(size_ + next_.size());
    std::memcpy(text_ + size_, next_.data(), next_.size());
  }
  size_ += next_.size();
  next_ = {};
  return true;
}

void Input::skip_line() noexcept {
  while (position_ < size_) {
    const bool newline = text_[position_] == '\n';
    skip();
    if (newline) break;
  }
  aliases_.clear();
}

void Input::splice_alias(usize begin, std::string_view name, std::string_view value) {
  const bool add_blank = ends_in_open_word(value);
  const usize length = value.size() + (add_blank ? 1 : 0);
  const usize old_end = position_;
  const usize rest = size_ - old_end;
  std::string kept_name(name);
  std::string kept_value(value);
  const bool own = capacity_ != 0;
  if (!own || begin + length + rest > capacity_) {
    if (!own) capacity_ = 1;
    grow(std::max(size_, begin + length + rest));
  }
  std::memmove(text_ + begin + length, text_ + old_end, rest);
  std::memcpy(text_ + begin, kept_value.data(), kept_value.size());
  if (add_blank) text_[begin + length - 1] = ' ';
  size_ = begin + length + rest;
  for (AliasText& alias : aliases_) alias.end = alias.end - old_end + begin + length;
  const bool blank_end = !value.empty() && (kept_value.back() == ' ' || kept_value.back() == '\t');
  aliases_.push_back({begin + length, std::move(kept_name), blank_end});
  position_ = begin;
}

bool Input::inside_alias(usize position, std::string_view name) const noexcept {
  return std::ranges::any_of(
      aliases_, [&](const AliasText& alias) { return position < alias.end && alias.name == name; });
}

bool Input::leave_aliases(usize position) noexcept {
  bool blank_end = false;
  while (!aliases_.empty() && aliases_.back().end <= position) {
    blank_end = blank_end || aliases_.back().blank_end;
    aliases_.pop_back();
  }
  return blank_end;
}

}  // namespace swebash::engine
