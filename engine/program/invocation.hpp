// SPDX-License-Identifier: Apache-2.0
//
// StartOptions: what the arguments of the shell ask for (bash(1), OPTIONS).
//
// Pure: it reads nothing but the arguments and changes nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "engine/interpreter/options.hpp"

namespace swebash::engine {

struct StartOptions {
  std::string argument0;
  std::string command;              // after -c
  std::optional<std::string> name;  // $0 after the command of -c
  std::string script;
  std::string rc_file;
  std::vector<std::string> parameters;
  std::vector<std::pair<SetOption, Switch>> set_options;
  std::vector<std::pair<ShellOption, Switch>> shell_options;
  char list_set = 0;          // '-' or '+': -o or +o without a name
  char list_shell = 0;        // the same of -O
  bool read_command = false;  // -c
  bool read_input = false;    // -s
  bool interactive = false;   // -i
  bool login = false;         // -l, or a name that begins with -
  bool as_sh = false;         // called as sh
  bool posix = false;
  bool restricted = false;  // -r, or called as rbash
  bool no_rc = false;
  bool no_profile = false;
  bool version = false;
  bool help = false;

  // What $0 is.
  [[nodiscard]] std::string_view script_name() const noexcept {
    if (!script.empty()) return script;
    return name ? std::string_view(*name) : std::string_view(argument0);
  }
};

// Errors: the message, ready to be written.
[[nodiscard]] Result<StartOptions, std::string> parse_start_options(
    std::span<const std::string_view> arguments);

// What --help shows.
[[nodiscard]] std::string start_usage(std::string_view name);

}  // namespace swebash::engine
