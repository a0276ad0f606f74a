// SPDX-License-Identifier: Apache-2.0
#include "engine/program/start.hpp"

#include <cstring>

#include "abi/guest.hpp"

namespace swebash::engine {

ProgramStart::ProgramStart() : bytes_(4096) {
  i64 length = sys::start_info(bytes_.data(), static_cast<u32>(bytes_.size()));
  while (length > static_cast<i64>(bytes_.size())) {
    bytes_.resize(static_cast<usize>(length));
    length = sys::start_info(bytes_.data(), static_cast<u32>(bytes_.size()));
  }
  abi::StartInfo info{};
  if (length >= static_cast<i64>(sizeof info)) {
    std::memcpy(&info, bytes_.data(), sizeof info);
    flags_ = info.flags;
    const char* at = bytes_.data() + sizeof info;
    for (u32 i = 0; i < info.argument_count + info.environment_count; ++i) {
      const std::string_view text(at);
      (i < info.argument_count ? arguments_ : environment_).push_back(text);
      at += text.size() + 1;
    }
  }
  if (arguments_.empty()) arguments_.emplace_back("swebash");
}

}  // namespace swebash::engine
