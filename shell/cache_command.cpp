// SPDX-License-Identifier: Apache-2.0
#include "shell/cache_command.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "modcache/engine_config.hpp"
#include "wasm/engine.hpp"

namespace swebash::shell {

bool is_cache_command(std::span<char* const> arguments) noexcept {
  return is_subcommand(arguments, "cache");
}

bool is_subcommand(std::span<char* const> arguments, std::string_view command) noexcept {
  if (arguments.size() < 2 || arguments[1] != command) return false;
  std::string_view name = arguments[0];
  name.remove_prefix(name.rfind('/') + 1);
  return name == "swebash";
}

std::string run_cache_command(const std::string& directory, std::span<char* const> arguments) {
  const std::string program = directory + "/modcache";
  // The first is how its messages call it in a command.
  std::string words[] = {"swebash cache", "--env-prefix", "SWEBASH_CACHE_", "--engine-config",
                         modcache::to_text(wasm::local_shell_config())};
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.insert(argv.end(), arguments.begin() + 2, arguments.end());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  return program + ": " + std::strerror(errno);
}

}  // namespace swebash::shell
