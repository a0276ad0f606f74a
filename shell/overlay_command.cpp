// SPDX-License-Identifier: Apache-2.0
#include "shell/overlay_command.hpp"

#include <limits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "shell/cache_command.hpp"

namespace swebash::shell {

bool is_overlay_command(std::span<char* const> arguments) noexcept {
  return is_subcommand(arguments, "overlay");
}

std::string run_overlay_command(const std::string& directory, std::span<char* const> arguments) {
  const std::string program = directory + "/swebash-overlay";
  char shell[PATH_MAX] = {};
  [[maybe_unused]] const auto length = ::readlink("/proc/self/exe", shell, sizeof(shell) - 1);
  std::string words[] = {"swebash overlay", "--program", shell};
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.insert(argv.end(), arguments.begin() + 2, arguments.end());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  return program + ": " + std::strerror(errno);
}

}  // namespace swebash::shell
