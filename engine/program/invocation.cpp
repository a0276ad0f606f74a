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

namespace {

using Problem = std::unexpected<std::string>;

// What a shell is called with, on its way into the options.
class StartParser {
 public:
  // Requires: there is a first argument.
  explicit StartParser(std::span<const std::string_view> arguments) : arguments_(arguments) {
    options_.argument0 = arguments[0];
    std::string_view name = base_name(arguments[0]);
    if (name.starts_with('-')) {
      options_.login = true;
      name.remove_prefix(1);
    }
    options_.as_sh = name == "sh";
    options_.restricted = name == "rbash";
  }

  Result<StartOptions, std::string> run() {
    SWEBASH_TRY(long_options());
    SWEBASH_TRY(letters());
    SWEBASH_TRY(operands());
    return std::move(options_);
  }

 private:
  using Done = Result<void, std::string>;

  [[nodiscard]] Problem invalid(std::string_view what, std::string_view why) const {
    std::string text(arguments_[0]);
    text.append(": ").append(what).append(": ").append(why).append("\n");
    return std::unexpected(text + start_usage(arguments_[0]));
  }

  // They come before all others.
  Done long_options() {
    for (; at_ < arguments_.size(); ++at_) {
      const std::string_view word = arguments_[at_];
      if (!word.starts_with("--") || word == "--") break;
      const std::string_view option = word.substr(2);
      if (option == "norc") {
        options_.no_rc = true;
      } else if (option == "noprofile") {
        options_.no_profile = true;
      } else if (option == "restricted") {
        options_.restricted = true;
      } else if (option == "posix") {
        options_.posix = true;
      } else if (option == "login") {
        options_.login = true;
      } else if (option == "version") {
        options_.version = true;
      } else if (option == "help") {
        options_.help = true;
      } else if (option == "verbose") {
        options_.set_options.emplace_back(SetOption::verbose, Switch::on);
      } else if (option == "noediting" || option == "debugger") {
        continue;
      } else if (option == "rcfile" || option == "init-file") {
        if (++at_ >= arguments_.size()) return invalid(word, "option requires an argument");
        options_.rc_file = arguments_[at_];
      } else {
        return invalid(word, "invalid option");
      }
    }
    return {};
  }

  // Words of letters behind - or +.
  Done letters() {
    for (; at_ < arguments_.size(); ++at_) {
      const std::string_view word = arguments_[at_];
      if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) {
        if (word == "-") ++at_;
        break;
      }
      if (word == "--") {
        ++at_;
        break;
      }
      // -o and -O take the next word, and `word` stays.
      for (const char letter : word.substr(1)) SWEBASH_TRY(take(letter, word[0]));
    }
    return {};
  }

  Done take(char letter, char sign) {
    const Switch value = sign == '-' ? Switch::on : Switch::off;
    switch (letter) {
      case 'c': command_follows_ = true; return {};
      case 's': options_.read_input = true; return {};
      case 'i': options_.interactive = true; return {};
      case 'l': options_.login = true; return {};
      case 'r': options_.restricted |= value == Switch::on; return {};
      case 'o':
        return take_named(options_.set_options, options_.list_set, &Options::find_set,
                          "option name", sign);
      case 'O':
        return take_named(options_.shell_options, options_.list_shell, &Options::find_shell,
                          "shell option name", sign);
      default: break;
    }
    const auto option = Options::find_letter(letter);
    if (!option) return invalid(std::string(1, sign) + letter, "invalid option");
    options_.set_options.emplace_back(*option, value);
    return {};
  }

  // An option by its name, which is the next word; without one, all of its kind are to be listed.
  template <class List, class Find>
  Done take_named(List& list, char& listing, Find find, std::string_view kind, char sign) {
    if (at_ + 1 >= arguments_.size()) {
      listing = sign;
      return {};
    }
    const auto option = find(arguments_[++at_]);
    if (!option) return invalid(arguments_[at_], "invalid " + std::string(kind));
    list.emplace_back(*option, sign == '-' ? Switch::on : Switch::off);
    return {};
  }

  Done operands() {
    if (command_follows_) {
      if (at_ >= arguments_.size()) return invalid("-c", "option requires an argument");
      options_.read_command = true;
      options_.command = arguments_[at_++];
      if (at_ < arguments_.size()) options_.name.emplace(arguments_[at_++]);
    } else if (at_ < arguments_.size() && !options_.read_input) {
      options_.script = arguments_[at_++];
    }
    for (; at_ < arguments_.size(); ++at_) options_.parameters.emplace_back(arguments_[at_]);
    return {};
  }

  std::span<const std::string_view> arguments_;
  usize at_ = 1;
  bool command_follows_ = false;
  StartOptions options_;
};

}  // namespace

Result<StartOptions, std::string> parse_start_options(std::span<const std::string_view> arguments) {
  return StartParser(arguments).run();
}

}  // namespace swebash::engine
