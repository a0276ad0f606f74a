// SPDX-License-Identifier: Apache-2.0
#include "shell/program_place.hpp"

#include <sys/auxv.h>
#include <sys/stat.h>

#include "modcache/helper_compiler.hpp"

namespace swebash::shell {

std::string_view directory_executed(std::string_view executed,
                                    std::span<char* const> argv) noexcept {
  if (!executed.starts_with('/')) return {};
  for (usize i = 1; i < argv.size(); ++i) {
    if (argv[i] == executed) return {};
  }
  return executed.substr(0, executed.find_last_of('/'));
}

std::string find_program_directory(std::span<char* const> argv) {
  const auto* executed = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  if (executed != nullptr && getauxval(AT_SECURE) == 0) {
    const auto directory = directory_executed(executed, argv);
    // A link may stand elsewhere than what is beside its target; fexecve's name is one too.
    struct stat status{};
    if (!directory.empty() && lstat(executed, &status) == 0 && S_ISREG(status.st_mode)) {
      return std::string(directory);
    }
  }
  return modcache::program_directory();
}

}  // namespace swebash::shell
