// SPDX-License-Identifier: Apache-2.0
//
// Output: a buffered writer to one descriptor of the task.
//
// Bytes collect until the buffer is full or flush() is called. The first write that fails is kept
// and what follows is dropped; the owner asks error() and reports it. A short or interrupted write
// is continued. Not thread-safe; owns its buffer, not the descriptor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "abi/errno.hpp"

namespace swebash::engine {

class Output {
 public:
  explicit Output(i32 fd) noexcept : fd_(fd) {}
  // Appends to `text`, which outlives this, and writes nothing.
  explicit Output(std::string& text) noexcept : fd_(-1), text_(&text) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void put(std::string_view text);
  void put(char c) { put(std::string_view(&c, 1)); }
  // Decimal digits of `number`.
  void put_number(i64 number);

  // Writes what has collected; false when a write has failed, now or before.
  bool flush();

  // Why a write failed, if one did.
  [[nodiscard]] std::optional<Errno> error() const noexcept { return error_; }
  void clear_error() noexcept { error_.reset(); }
  [[nodiscard]] i32 fd() const noexcept { return fd_; }

  // What a write that failed means for the builtin whose output this is; a reader that has left and
  // a signal are another matter.
  // bash: its builtins do not all look, and some look and say so without failing.
  enum class Failure : u8 { fails, told, unnoticed };
  void set_failure(Failure failure) noexcept { failure_ = failure; }
  [[nodiscard]] Failure failure() const noexcept { return failure_; }

 private:
  static constexpr usize kCapacity = 16384;

  i32 fd_;
  std::string* text_ = nullptr;
  std::string buffer_;
  std::optional<Errno> error_;
  Failure failure_ = Failure::fails;
};

}  // namespace swebash::engine
