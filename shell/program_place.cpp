// SPDX-License-Identifier: Apache-2.0
#include "shell/program_place.hpp"

#include <limits.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "modcache/helper_compiler.hpp"

namespace swebash::shell {

bool names_program(std::string_view executed, std::span<char* const> argv) noexcept {
  for (usize i = 1; i < argv.size(); ++i) {
    if (argv[i] == executed) return false;
  }
  return !executed.empty();
}

std::string find_program_directory(std::span<char* const> argv) {
  const auto* executed = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  const bool usable =
      executed != nullptr && getauxval(AT_SECURE) == 0 && names_program(executed, argv);
  if (usable && *executed == '/') {
    // A link may stand elsewhere than what is beside its target; fexecve's name is one too.
    struct stat status{};
    if (lstat(executed, &status) == 0 && S_ISREG(status.st_mode)) {
      return std::string(modcache::directory_of(executed));
    }
  }
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
  if (size > 0 && path[0] == '/') {
    return std::string(modcache::directory_of({path, static_cast<usize>(size)}));
  }
  // No /proc: a link is followed by hand; a relative name counts from where the program was
  // started.
  if (usable && realpath(executed, path) != nullptr) {
    return std::string(modcache::directory_of(path));
  }
  return {};
}

std::string find_companions(const std::string& program_directory) {
  if (program_directory.empty()) return {};
  std::string apart = program_directory + "/" SWEBASH_COMPANIONS_DIR;
  struct stat companions{}, program{};
  // Where others may make directories beside the program's, theirs is not taken for its own.
  if (stat(apart.c_str(), &companions) == 0 && S_ISDIR(companions.st_mode) &&
      stat(program_directory.c_str(), &program) == 0 && companions.st_uid == program.st_uid) {
    return apart;
  }
  return program_directory;
}

}  // namespace swebash::shell
