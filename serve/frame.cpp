// SPDX-License-Identifier: Apache-2.0
#include "serve/frame.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace swebash::serve {

namespace {

constexpr std::string_view kLength = "content-length";

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// A number that is too large for any frame is one that is too large.
Result<usize, FrameFault> number(std::string_view digits) noexcept {
  usize value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || end != digits.data() + digits.size()) {
    return std::unexpected(FrameFault::bad_header);
  }
  if (error == std::errc::result_out_of_range) return std::unexpected(FrameFault::too_long);
  if (error != std::errc()) return std::unexpected(FrameFault::bad_header);
  return value;
}

}  // namespace

void FrameReader::add(std::string_view bytes) {
  if (fault_.has_value()) return;
  if (at_ == held_.size()) {
    held_.clear();
    at_ = 0;
  } else if (at_ > held_.size() / 2) {
    held_.erase(0, at_);
    at_ = 0;
  }
  held_ += bytes;
}

Result<void, FrameFault> FrameReader::read_headers() {
  const std::string_view text = std::string_view(held_).substr(at_);
  const std::string_view head = text.substr(0, kMostHeaders);
  std::optional<usize> length;
  for (usize start = 0;;) {
    const usize end = head.find('\n', start);
    if (end == head.npos) {
      if (text.size() >= kMostHeaders) return std::unexpected(FrameFault::bad_header);
      return {};
    }
    const std::string_view line = trimmed(head.substr(start, end - start));
    start = end + 1;
    if (line.empty()) {
      if (!length.has_value()) return std::unexpected(FrameFault::bad_header);
      at_ += start;
      length_ = length;
      return {};
    }
    const usize colon = line.find(':');
    if (colon == line.npos) return std::unexpected(FrameFault::bad_header);
    if (!std::ranges::equal(trimmed(line.substr(0, colon)), kLength, {}, lower)) continue;
    length = SWEBASH_TRY(number(trimmed(line.substr(colon + 1))));
    if (*length > limit_) return std::unexpected(FrameFault::too_long);
  }
}

Result<std::optional<std::string>, FrameFault> FrameReader::next() {
  if (fault_.has_value()) return std::unexpected(*fault_);
  if (!length_.has_value()) {
    if (const auto read = read_headers(); !read.has_value()) {
      fault_ = read.error();
      held_ = {};
      at_ = 0;
      return std::unexpected(*fault_);
    }
  }
  if (!length_.has_value() || held_.size() - at_ < *length_) return std::nullopt;
  std::string message = held_.substr(at_, *length_);
  at_ += *length_;
  length_.reset();
  return message;
}

std::string frame(std::string_view message) {
  std::string text = "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n";
  return text += message;
}

}  // namespace swebash::serve
