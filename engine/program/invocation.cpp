// SPDX-License-Identifier: Apache-2.0
#include "engine/program/invocation.hpp"

#include <optional>

namespace swebash::engine {
namespace {

std::string_view base_name(std::string_view path) {
  const usize slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::string start_usage(std::string_view name) {
  std::string text = "Usage:\t";
  text += name;
  text += " [long option] [option] ...\n\t";
  text += name;
  text +=
      " [long option] [option] script-file ...\n"
      "Long options:\n"
      "\t--help\n\t--init-file FILE\n\t--login\n\t--noediting\n\t--noprofile\n\t--norc\n"
      "\t--posix\n\t--rcfile FILE\n\t--restricted\n\t--verbose\n\t--version\n"
      "Options:\n"
      "\t-ilrs or -c command or -O shopt_option\t\t(invocation only)\n"
      "\t-abefhkmnptuvxBCEHPT or -o option\n";
  return text;
}

Result<StartOptions, std::string> parse_start_options(std::span<const std::string_view> arguments) {
  StartOptions options;
  options.argument0 = arguments[0];
  std::string_view name = base_name(arguments[0]);
  if (name.starts_with('-')) {
    options.login = true;
    name.remove_prefix(1);
  }
  options.as_sh = name == "sh";
  options.restricted = name == "rbash";

  const auto invalid = [&](std::string_view what, std::string_view why) {
    std::string text(arguments[0]);
    text += ": ";
    text += what;
    text += ": ";
    text += why;
    text += "\n";
    return std::unexpected(text + start_usage(arguments[0]));
  };

  usize at = 1;
  // Long options come first.
  for (; at < arguments.size(); ++at) {
    const std::string_view word = arguments[at];
    if (!word.starts_with("--") || word == "--") break;
    const std::string_view option = word.substr(2);
    if (option == "norc") {
      options.no_rc = true;
    } else if (option == "noprofile") {
      options.no_profile = true;
    } else if (option == "restricted") {
      options.restricted = true;
    } else if (option == "posix") {
      options.posix = true;
    } else if (option == "login") {
      options.login = true;
    } else if (option == "version") {
      options.version = true;
    } else if (option == "help") {
      options.help = true;
    } else if (option == "verbose") {
      options.set_options.emplace_back(SetOption::verbose, Switch::on);
    } else if (option == "noediting" || option == "debugger") {
      continue;
    } else if (option == "rcfile" || option == "init-file") {
      if (++at >= arguments.size()) return invalid(word, "option requires an argument");
      options.rc_file = arguments[at];
    } else {
      return invalid(word, "invalid option");
    }
  }
  bool command_follows = false;
  for (; at < arguments.size(); ++at) {
    const std::string_view word = arguments[at];
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) {
      if (word == "-") ++at;
      break;
    }
    if (word == "--") {
      ++at;
      break;
    }
    const Switch value = word[0] == '-' ? Switch::on : Switch::off;
    for (const char letter : word.substr(1)) {
      if (letter == 'c') {
        command_follows = true;
      } else if (letter == 's') {
        options.read_input = true;
      } else if (letter == 'i') {
        options.interactive = true;
      } else if (letter == 'l') {
        options.login = true;
      } else if (letter == 'r') {
        options.restricted |= value == Switch::on;
      } else if (letter == 'D') {
        continue;
      } else if (letter == 'o') {
        if (at + 1 >= arguments.size()) {
          options.list_set = word[0];
          continue;
        }
        const auto option = Options::find_set(arguments[++at]);
        if (!option) return invalid(arguments[at], "invalid option name");
        options.set_options.emplace_back(*option, value);
      } else if (letter == 'O') {
        if (at + 1 >= arguments.size()) {
          options.list_shell = word[0];
          continue;
        }
        const auto option = Options::find_shell(arguments[++at]);
        if (!option) return invalid(arguments[at], "invalid shell option name");
        options.shell_options.emplace_back(*option, value);
      } else if (const auto option = Options::find_letter(letter)) {
        options.set_options.emplace_back(*option, value);
      } else {
        return invalid(std::string(1, word[0]) + letter, "invalid option");
      }
    }
  }
  if (command_follows) {
    if (at >= arguments.size()) return invalid("-c", "option requires an argument");
    options.read_command = true;
    options.command = arguments[at++];
    if (at < arguments.size()) options.name = arguments[at++];
  } else if (at < arguments.size() && !options.read_input) {
    options.script = arguments[at++];
  }
  for (; at < arguments.size(); ++at) options.parameters.emplace_back(arguments[at]);
  return options;
}

}  // namespace swebash::engine
