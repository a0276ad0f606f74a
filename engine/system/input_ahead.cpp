// SPDX-License-Identifier: Apache-2.0
#include "engine/system/input_ahead.hpp"

#include "abi/guest.hpp"

namespace swebash::engine {

void InputAhead::seek_back() noexcept {
  if (at_ < end_) static_cast<void>(sys::seek(fd_, i64{at_} - i64{end_}, abi::kSeekCurrent));
  fd_ = -1;
}

bool InputAhead::may_hold(i32 fd) noexcept {
  abi::Stat input;
  abi::Stat output;
  if (sys::fstat(fd, &input) < 0 || input.type != abi::kRegular) return false;
  return sys::fstat(1, &output) < 0 || output.device != input.device || output.inode != input.inode;
}

}  // namespace swebash::engine
