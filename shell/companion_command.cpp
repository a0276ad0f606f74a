// SPDX-License-Identifier: Apache-2.0
#include "shell/companion_command.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "shell/cache_command.hpp"

namespace swebash::shell {

bool is_companion_command(std::span<char* const> arguments) noexcept {
  return is_subcommand(arguments, "serve") || is_subcommand(arguments, "connect");
}

std::string run_companion_command(const std::string& directory, std::span<char* const> arguments) {
  const std::string program = directory + "/swebash-" + arguments[1];
  std::string title = std::string("swebash ") + arguments[1];
  std::vector<char*> argv = {title.data()};
  argv.insert(argv.end(), arguments.begin() + 2, arguments.end());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  return program + ": " + std::strerror(errno);
}

}  // namespace swebash::shell
