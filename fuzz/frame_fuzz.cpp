// SPDX-License-Identifier: Apache-2.0
// Any bytes as what a client sends to the server, in pieces of any length; the messages as bytes of
// JSON.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "serve/bytes.hpp"
#include "serve/frame.hpp"

namespace {

using swebash::serve::FrameReader;

constexpr std::size_t kLimit = 1000;

struct Read {
  std::vector<std::string> messages;
  bool fault = false;
  bool operator==(const Read&) const = default;
};

Read read_all(std::string_view stream, std::size_t step) {
  FrameReader reader(kLimit);
  Read read;
  for (std::size_t at = 0; at < stream.size() && !read.fault; at += step) {
    reader.add(stream.substr(at, step));
    while (true) {
      auto next = reader.next();
      read.fault = !next.has_value();
      if (read.fault || !next->has_value()) break;
      read.messages.push_back(std::move(**next));
    }
    // What is held is a message that is not whole, or its headers.
    if (reader.held() > std::max(kLimit, FrameReader::kMostHeaders) + step) std::abort();
  }
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = data[0] + std::size_t{1};
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Read read = read_all(stream, step);
  if (read_all(stream, 1) != read) std::abort();
  for (const std::string& message : read.messages) {
    if (message.size() > kLimit) std::abort();
    const auto json = swebash::serve::to_json(message);
    if (swebash::serve::bytes_of(json) != message) std::abort();
    (void)swebash::serve::bytes_of(swebash::serve::Json::parse(message, nullptr, false));
    (void)json.dump();
  }
  return 0;
}
