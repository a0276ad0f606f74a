// SPDX-License-Identifier: Apache-2.0
#include "abi/errno.hpp"

#include <cerrno>

namespace swebash {

std::string_view errno_message(Errno error) noexcept {
  switch (error) {
#define SWEBASH_ERRNO(name, number, macro, message) \
  case Errno::name: return message;
#include "abi/errno.def"
#undef SWEBASH_ERRNO
  }
  return "Unknown error";
}

#ifndef __wasm__
Errno errno_from_host(int host_errno) noexcept {
  switch (host_errno) {
#define SWEBASH_ERRNO(name, number, macro, message) \
  case macro: return Errno::name;
#include "abi/errno.def"
#undef SWEBASH_ERRNO
    default: return Errno::io;
  }
}
#endif

}  // namespace swebash
