// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/utility.hpp"

#include <algorithm>

#include "engine/interpreter/shell.hpp"

namespace swebash::engine::builtins {

UtilityOptions::UtilityOptions(const Invocation& invocation, std::string_view letters,
                               std::initializer_list<LongOption> long_options) {
  const std::span<const std::string> arguments = invocation.arguments;
  bool only_operands = false;
  // There it is the program that is looked at, not the shell.
  run_native_ = std::ranges::any_of(arguments, [](std::string_view argument) {
    return argument.starts_with("/proc/self") || argument.starts_with("/proc/thread-self") ||
           argument == "/dev/fd" || argument == "/dev/fd/";
  });
  if (run_native_) return;
  for (usize i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (only_operands || argument.size() < 2 || argument[0] != '-') {
      operands_.push_back(argument);
      continue;
    }
    if (argument == "--") {
      only_operands = true;
      continue;
    }
    if (argument[1] == '-') {
      const usize equals = std::min(argument.find('='), argument.size());
      const std::string_view name = argument.substr(2, equals - 2);
      const auto* found =
          std::find_if(long_options.begin(), long_options.end(),
                       [&](const LongOption& option) { return option.name == name; });
      if (found == long_options.end()) {
        run_native_ = true;
        return;
      }
      const usize which = letters.find(found->letter);
      const bool takes = which + 1 < letters.size() && letters[which + 1] == ':';
      std::string_view value;
      if (equals < argument.size()) {
        value = argument.substr(equals + 1);
      } else if (takes && i + 1 < arguments.size()) {
        value = arguments[++i];
      } else if (takes) {
        run_native_ = true;
        return;
      }
      if (!takes && equals < argument.size()) {
        run_native_ = true;
        return;
      }
      given_.push_back({found->letter, value});
      continue;
    }
    for (usize at = 1; at < argument.size(); ++at) {
      const char letter = argument[at];
      const usize which = letter == ':' ? std::string_view::npos : letters.find(letter);
      if (which == std::string_view::npos) {
        run_native_ = true;
        return;
      }
      if (which + 1 >= letters.size() || letters[which + 1] != ':') {
        given_.push_back({letter, {}});
        continue;
      }
      if (at + 1 < argument.size()) {
        given_.push_back({letter, argument.substr(at + 1)});
      } else if (i + 1 < arguments.size()) {
        given_.push_back({letter, arguments[++i]});
      } else {
        run_native_ = true;
        return;
      }
      break;
    }
  }
}

bool UtilityOptions::has(char letter) const noexcept {
  return std::any_of(given_.begin(), given_.end(),
                     [&](const Given& one) { return one.letter == letter; });
}

std::string_view UtilityOptions::value(char letter) const noexcept {
  std::string_view found;
  for (const Given& one : given_) {
    if (one.letter == letter) found = one.value;
  }
  return found;
}

char UtilityOptions::last_of(std::string_view letters) const noexcept {
  char found = 0;
  for (const Given& one : given_) {
    if (letters.contains(one.letter)) found = one.letter;
  }
  return found;
}

void complain(Invocation& invocation, std::string_view message) {
  invocation.out.flush();
  std::string line(invocation.name);
  line.append(": ").append(message).append("\n");
  Shell::write_error(line);
}

void complain(Invocation& invocation, std::string_view what, Errno error) {
  complain(invocation, std::string(what).append(": ").append(errno_message(error)));
}

std::string quoted_name(std::string_view name) {
  // GNU: double quotes for a name whose only trouble is a single quote.
  if (name.contains('\'') && name.find_first_of("\"$`\\!\n\t") == std::string_view::npos) {
    return "\"" + std::string(name) + "\"";
  }
  std::string out = "'";
  for (const char c : name) {
    if (c == '\'') {
      out.append("'\\''");
    } else if (c == '\n') {
      out.append("'$'\\n''");
    } else if (c == '\t') {
      out.append("'$'\\t''");
    } else {
      out.push_back(c);
    }
  }
  return out + "'";
}

std::string shown_name(std::string_view name) {
  const bool plain = !name.empty() &&
                     name.find_first_of(" \t\n'\"\\$`!&*()|;<>?[{}^=:") == std::string_view::npos &&
                     name[0] != '~' && name[0] != '#';
  return plain ? std::string(name) : quoted_name(name);
}

std::string locale_quoted(Invocation& invocation, std::string_view name) {
  if (invocation.shell.options().byte_characters) return "'" + std::string(name) + "'";
  return "\u2018" + std::string(name) + "\u2019";
}

bool confirm(Invocation& invocation, std::string_view question) {
  invocation.out.flush();
  std::string text(invocation.name);
  text.append(": ").append(question).append("? ");
  Shell::write_error(text);
  bool yes = false;
  for (usize i = 0;; ++i) {
    char c = 0;
    if (sys::read(0, &c, 1) != 1 || c == '\n') return yes;
    if (i == 0) yes = c == 'y' || c == 'Y';
  }
}

bool is_interrupted(Invocation& invocation) {
  Traps& traps = invocation.shell.traps();
  traps.collect();
  return traps.is_pending(signal_number::kInterrupt) || traps.is_ending();
}

bool pause(Invocation& invocation, i64 nanoseconds) {
  const i64 end = sys::clock(abi::kMonotonic) + nanoseconds;
  for (;;) {
    const i64 left = end - sys::clock(abi::kMonotonic);
    if (left <= 0) return true;
    if (sys::poll(nullptr, 0, left) < 0 && is_interrupted(invocation)) return false;
  }
}

bool parse_count(std::string_view text, i64& value) noexcept {
  usize at = 0;
  u64 number = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    if (number > (u64{1} << 58)) return false;
    number = number * 10 + static_cast<u64>(text[at] - '0');
  }
  if (at == 0) return false;
  const std::string_view suffix = text.substr(at);
  u64 factor = 1;
  if (suffix == "b") {
    factor = 512;
  } else if (!suffix.empty()) {
    usize power = std::string_view("KMGT").find(suffix[0]);
    if (suffix[0] == 'k') power = 0;
    if (power == std::string_view::npos) return false;
    const bool decimal = suffix.size() == 2 && suffix[1] == 'B';
    if (!decimal && suffix.size() > 1 && suffix.substr(1) != "iB") return false;
    for (usize i = 0; i <= power; ++i) factor *= decimal ? 1000 : 1024;
  }
  if (number > (u64{1} << 62) / factor) return false;
  value = static_cast<i64>(number * factor);
  return true;
}

}  // namespace swebash::engine::builtins
