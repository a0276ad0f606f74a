// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/builtin.hpp"
#include "engine/interpreter/shell.hpp"

namespace swebash::engine::builtins {

namespace {

// Where the last call stopped. OPTIND says the argument; which letter of it, only this does. One
// shell to a task, so one state.
constexpr usize kMostHidden = 10'000;
struct State {
  usize letter = 0;        // 0: the argument is still to be looked at
  bool watched = false;    // the hook on OPTIND is set
  bool assigning = false;  // OPTIND changes by our hand

  // The OPTIND that `letter` belongs to, and those that local ones hide, with their letters.
  struct Hidden {
    const Variable* variable;
    usize letter;
  };
  const Variable* variable = nullptr;
  std::vector<Hidden> hidden;
};
State state;

// A script that assigns OPTIND, whatever value, starts anew; a local OPTIND that goes gives back
// the place of the one that it hid.
void optind_changed(void* context, std::string_view name, const Variable*) {
  if (state.assigning) return;
  const Variable* now = static_cast<Variables*>(context)->find_unresolved(name);
  if (now != state.variable) {
    const auto back = std::ranges::find(state.hidden, now, &State::Hidden::variable);
    if (back != state.hidden.end()) {
      state.variable = now;
      state.letter = back->letter;
      state.hidden.erase(back, state.hidden.end());
      return;
    }
    // One that was unset comes back as another; what it hid stays.
    if (state.variable != nullptr) state.hidden.push_back({state.variable, state.letter});
    if (state.hidden.size() > kMostHidden) state.hidden.clear();
    state.variable = now;
  }
  state.letter = 0;
}

// As atoi(3) reads it.
i64 leading_number(std::string_view text) {
  const usize begin = std::min(text.find_first_not_of(" \t\n"), text.size());
  const usize sign = begin < text.size() && (text[begin] == '-' || text[begin] == '+') ? 1 : 0;
  const usize end = std::min(text.find_first_not_of("0123456789", begin + sign), text.size());
  i64 number = 0;
  static_cast<void>(arith::plain_number(text.substr(begin, end - begin), number));
  return number;
}

bool set(Shell& shell, std::string_view name, std::string_view value) {
  const VariableResult<void> done = shell.variables().assign(name, value);
  if (!done) shell.report(done.error());
  return done.has_value();
}

void set_optind(Shell& shell, usize index) {
  state.assigning = true;
  set(shell, "OPTIND", std::to_string(index));
  state.assigning = false;
}

}  // namespace

ExitStatus getopts(Invocation& invocation) {
  Shell& shell = invocation.shell;
  Variables& variables = shell.variables();
  OptionParser parser(invocation, "");
  if (parser.next() != 0) return kUsage;
  const std::span<const std::string> operands = parser.operands();
  if (operands.size() < 2) return invocation.usage();
  if (!state.watched) {
    state.watched = true;
    state.variable = variables.find_unresolved("OPTIND");
    variables.set_hooks("OPTIND", VariableHooks{.context = &variables, .changed = optind_changed});
  }

  std::string_view letters = operands[0];
  const std::string& name = operands[1];
  const std::span<const std::string> arguments =
      operands.size() > 2 ? operands.subspan(2) : shell.positional();
  const bool silent = letters.starts_with(':');
  if (silent) letters.remove_prefix(1);
  const std::string* report = variables.get("OPTERR");
  // bash: what is no number is 0, nothing is not.
  const bool loud =
      !silent && (report == nullptr || report->empty() || leading_number(*report) != 0);

  i64 start = 1;
  const std::string* optind = variables.get("OPTIND");
  if (optind != nullptr && !arith::plain_number(*optind, start)) start = 1;
  usize index = start < 1 ? 1 : static_cast<usize>(start);

  const auto finish = [&](std::string_view found, ExitStatus status) {
    if (!Variables::is_valid_name(name)) {
      invocation.error("`" + name + "'", "not a valid identifier");
      return kFailure;
    }
    if (set(shell, name, found)) return status;
    const Variable* const variable = variables.find(name);
    return variable != nullptr && variable->has(kReadonly) ? kUsage : kFailure;
  };
  const auto forget_argument = [&] { static_cast<void>(variables.unset("OPTARG")); };
  const auto complain = [&](std::string_view what, char letter) {
    std::string message(shell.script_name());
    message.append(what);
    message.push_back(letter);
    message.push_back('\n');
    if (loud) Shell::write_error(message);
  };

  if (state.letter == 0) {
    if (index > arguments.size() || arguments[index - 1].size() < 2 ||
        arguments[index - 1][0] != '-' || arguments[index - 1] == "--") {
      if (index <= arguments.size() && arguments[index - 1] == "--") ++index;
      set_optind(shell, std::min(index, arguments.size() + 1));
      forget_argument();
      return finish("?", kFailure);
    }
    state.letter = 1;
  }
  if (index > arguments.size() || state.letter >= arguments[index - 1].size()) {
    // The arguments are others than at the last call.
    state.letter = 0;
    forget_argument();
    return finish("?", kFailure);
  }
  const std::string& argument = arguments[index - 1];
  const char letter = argument[state.letter++];
  const usize which = letter == ':' ? std::string_view::npos : letters.find(letter);
  const bool takes =
      which != std::string_view::npos && which + 1 < letters.size() && letters[which + 1] == ':';
  if (state.letter >= argument.size() && !takes) {
    state.letter = 0;
    ++index;
  }
  const std::string_view letter_text(&letter, 1);
  if (which == std::string_view::npos) {
    set_optind(shell, index);
    complain(": illegal option -- ", letter);
    if (silent) {
      set(shell, "OPTARG", letter_text);
    } else {
      forget_argument();
    }
    return finish("?", kSuccess);
  }
  if (!takes) {
    set_optind(shell, index);
    forget_argument();
    return finish(letter_text, kSuccess);
  }
  const usize rest = state.letter;
  state.letter = 0;
  if (rest < argument.size()) {
    set_optind(shell, index + 1);
    set(shell, "OPTARG", std::string_view(argument).substr(rest));
    return finish(letter_text, kSuccess);
  }
  if (index + 1 > arguments.size()) {
    set_optind(shell, index + 1);
    complain(": option requires an argument -- ", letter);
    if (silent) {
      set(shell, "OPTARG", letter_text);
    } else {
      forget_argument();
    }
    return finish(silent ? ":" : "?", kSuccess);
  }
  set_optind(shell, index + 2);
  set(shell, "OPTARG", arguments[index]);
  return finish(letter_text, kSuccess);
}

}  // namespace swebash::engine::builtins
