// SPDX-License-Identifier: Apache-2.0
// The names of the enumerators that people see.
#include <cstring>

#include "modcache/artefact.hpp"
#include "modcache/error.hpp"

namespace modcache {

const char* name_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::bad_config: return "bad_config";
    case ErrorCode::cannot_read: return "cannot_read";
    case ErrorCode::not_wasm: return "not_wasm";
    case ErrorCode::compile_failed: return "compile_failed";
    case ErrorCode::compiler_missing: return "compiler_missing";
    case ErrorCode::compiler_died: return "compiler_died";
    case ErrorCode::compiler_hung: return "compiler_hung";
    case ErrorCode::load_failed: return "load_failed";
    case ErrorCode::rejected: return "rejected";
    case ErrorCode::not_cached: return "not_cached";
    case ErrorCode::cache_unusable: return "cache_unusable";
  }
  return "unknown";
}

std::string describe(const Error& error) {
  std::string text;
  if (!error.path.empty()) text += error.path + ": ";
  text += error.message.empty() ? name_of(error.code) : error.message;
  if (error.os_error != 0) {
    text += ": ";
    text += std::strerror(error.os_error);
  }
  return text;
}

const char* name_of(Tier tier) noexcept {
  switch (tier) {
    case Tier::ahead_of_time: return "aot";
    case Tier::cache: return "cache";
    case Tier::compiled: return "jit";
  }
  return "unknown";
}

const char* name_of(MissReason reason) noexcept {
  switch (reason) {
    case MissReason::none: return "none";
    case MissReason::absent: return "absent";
    case MissReason::corrupt: return "corrupt";
    case MissReason::stale: return "stale";
    case MissReason::incompatible: return "incompatible";
    case MissReason::foreign: return "foreign";
    case MissReason::unreadable: return "unreadable";
    case MissReason::disabled: return "disabled";
    case MissReason::no_directory: return "no_directory";
  }
  return "unknown";
}

const char* name_of(Checked checked) noexcept {
  switch (checked) {
    case Checked::in_full: return "in_full";
    case Checked::by_stamp: return "by_stamp";
    case Checked::by_trust: return "by_trust";
  }
  return "unknown";
}

}  // namespace modcache
