// SPDX-License-Identifier: Apache-2.0
//
// Frames: how messages stand in a stream of bytes, as in the Language Server Protocol: a header
// `Content-Length: N`, an empty line, N bytes. The length comes first, so that what is too long is
// refused before a byte of it is read.
//
//   frame   = 1*( name ":" value CRLF ) CRLF N*OCTET    LF alone is taken for CRLF
//
// Other headers are passed over. Values; not thread-safe; nothing here reads or writes descriptors.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "base/result.hpp"

namespace swebash::serve {

enum class FrameFault : u8 {
  bad_header,  // no length, or none that is a number, or no end of the headers
  too_long,    // the length is above the limit
};

class FrameReader {
 public:
  // Bytes that the headers of a frame may take.
  static constexpr usize kMostHeaders = 4096;

  // Takes frames of up to `limit` bytes.
  explicit FrameReader(usize limit) noexcept : limit_(limit) {}

  // Takes what came from the stream.
  void add(std::string_view bytes);
  // The next message, where all of it has come. After a fault there is no way to tell where the
  // next frame would begin: the same fault comes again.
  [[nodiscard]] Result<std::optional<std::string>, FrameFault> next();
  // Whether the stream would end in the middle of a frame if it ended now.
  [[nodiscard]] bool within_frame() const noexcept {
    return length_.has_value() || at_ < held_.size();
  }
  // Bytes that are held.
  [[nodiscard]] usize held() const noexcept { return held_.size() - at_; }

 private:
  [[nodiscard]] Result<void, FrameFault> read_headers();

  const usize limit_;
  std::string held_;
  usize at_ = 0;                 // what stands before it is done with
  std::optional<usize> length_;  // of the frame whose headers are read
  std::optional<FrameFault> fault_;
};

// `message` as a frame.
[[nodiscard]] std::string frame(std::string_view message);

}  // namespace swebash::serve
