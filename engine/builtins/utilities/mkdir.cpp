// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "engine/builtins/utilities/utility.hpp"

namespace swebash::engine::builtins {

namespace {

std::optional<u32> octal(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5) return std::nullopt;
  u32 value = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<u32>(c - '0');
  }
  return value <= 07777 ? std::optional<u32>(value) : std::nullopt;
}

bool make_directory(Invocation& invocation, const std::string& path, std::optional<u32> mode,
                    bool parents, bool verbose) {
  const auto say = [&](const std::string& made) {
    if (verbose) invocation.out.put("mkdir: created directory " + quoted_name(made) + "\n");
  };
  if (parents) {
    // Each directory on the way, as far as it is not there.
    for (usize slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      if (path.find_first_not_of('/', slash) == std::string::npos) break;
      if (path[slash - 1] == '/') continue;
      const std::string above = path.substr(0, slash);
      if (files::mkdir(above, 0777)) {
        // POSIX: u+wx, so that the next can be made.
        const u32 wanted = (0777 & ~files::umask()) | 0300;
        if ((files::umask() & 0300) != 0) static_cast<void>(files::chmod(above, wanted));
        say(above);
      } else if (!files::is_directory(above)) {
        const auto found = files::stat(above);
        complain(invocation,
                 "cannot create directory " + locale_quoted(invocation, found ? above : path),
                 found                           ? Errno::notdir
                 : found.error() == Errno::noent ? Errno::acces
                                                 : found.error());
        return false;
      }
    }
  }
  const SysResult<void> made = files::mkdir(path, mode.value_or(0777));
  if (made) {
    // The umask does not hold for -m.
    if (mode) static_cast<void>(files::chmod(path, *mode));
    say(path);
    return true;
  }
  if (parents && made.error() == Errno::exist && files::is_directory(path)) return true;
  complain(invocation, "cannot create directory " + locale_quoted(invocation, path), made.error());
  return false;
}

}  // namespace

ExitStatus mkdir(Invocation& invocation) {
  const UtilityOptions options(invocation, "pm:v",
                               {{"parents", 'p'}, {"mode", 'm'}, {"verbose", 'v'}});
  if (options.run_native() || options.operands().empty()) return kRunNative;
  std::optional<u32> mode;
  if (options.has('m')) {
    mode = octal(options.value('m'));
    if (!mode) return kRunNative;  // symbolic modes
  }
  ExitStatus status = kSuccess;
  for (const std::string_view operand : options.operands()) {
    if (!make_directory(invocation, std::string(operand), mode, options.has('p'),
                        options.has('v'))) {
      status = kFailure;
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
