// SPDX-License-Identifier: Apache-2.0
//
// ByteWriter and ByteReader: numbers and strings as bytes, little endian, as files of sessions have
// them.
//
// Plain values; not thread-safe. A reader that meets the end, or a length beyond it, fails from
// there on: everything it reads is 0 or empty, and ok() says so at the end.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::kernel {

class ByteWriter {
 public:
  void number(u64 value) { put(&value, sizeof value); }
  void word(u32 value) { put(&value, sizeof value); }
  void text(std::string_view bytes) {
    number(bytes.size());
    put(bytes.data(), bytes.size());
  }
  void raw(std::string_view bytes) { put(bytes.data(), bytes.size()); }
  // Room for so many bytes is made at once.
  void reserve(usize size) { bytes_.reserve(size); }
  [[nodiscard]] usize size() const noexcept { return bytes_.size(); }
  // Puts a value in the place of one that was written at `at`.
  void patch_number(usize at, u64 value) noexcept {
    std::memcpy(&bytes_[at], &value, sizeof value);
  }
  void patch_word(usize at, u32 value) noexcept { std::memcpy(&bytes_[at], &value, sizeof value); }
  [[nodiscard]] std::string& bytes() noexcept { return bytes_; }

 private:
  void put(const void* data, usize size) { bytes_.append(static_cast<const char*>(data), size); }

  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] u64 number() noexcept { return take<u64>(); }
  [[nodiscard]] u32 word() noexcept { return take<u32>(); }
  // The text lives as long as what is read.
  [[nodiscard]] std::string_view text() noexcept {
    const u64 size = number();
    if (size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view bytes = rest_.substr(0, static_cast<usize>(size));
    rest_.remove_prefix(bytes.size());
    return bytes;
  }
  // How many of something follow, each of which takes `least` bytes.
  [[nodiscard]] usize count(usize least) noexcept {
    const u64 value = number();
    if (value > rest_.size() / least) {
      fail();
      return 0;
    }
    return static_cast<usize>(value);
  }
  void fail() noexcept {
    ok_ = false;
    rest_ = {};
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

 private:
  template <class T>
  T take() noexcept {
    T value = 0;
    if (rest_.size() < sizeof value) {
      fail();
      return 0;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace swebash::kernel
