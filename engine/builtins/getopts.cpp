// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
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

// One call, after what it was given has been looked at.
class Getopts {
 public:
  // Requires: two operands at least.
  Getopts(Invocation& invocation, std::span<const std::string> operands)
      : invocation_(invocation),
        shell_(invocation.shell),
        letters_(operands[0]),
        name_(operands[1]),
        arguments_(operands.size() > 2 ? operands.subspan(2) : invocation.shell.positional()) {
    silent_ = letters_.starts_with(':');
    if (silent_) letters_.remove_prefix(1);
  }

  ExitStatus run() {
    i64 start = 1;
    const std::string* optind = shell_.variables().get("OPTIND");
    if (optind != nullptr && !arith::plain_number(*optind, start)) start = 1;
    usize index = start < 1 ? 1 : static_cast<usize>(start);
    if (state.letter == 0) {
      if (is_over(index)) return end(index);
      state.letter = 1;
    }
    if (index > arguments_.size() || state.letter >= arguments_[index - 1].size()) {
      // The arguments are others than at the last call.
      state.letter = 0;
      forget_argument();
      return finish("?", kFailure);
    }
    const std::string& argument = arguments_[index - 1];
    const char letter = argument[state.letter++];
    const usize which = letter == ':' ? std::string_view::npos : letters_.find(letter);
    const bool known = which != std::string_view::npos;
    if (known && which + 1 < letters_.size() && letters_[which + 1] == ':') {
      return take_argument(index, letter);
    }
    if (state.letter >= argument.size()) {
      state.letter = 0;
      ++index;
    }
    set_optind(shell_, index);
    if (!known) {
      complain(": illegal option -- ", letter);
      return finish("?", kSuccess);
    }
    const Variable* const before = shell_.variables().find("OPTARG");
    if (before == nullptr || !before->has(kReadonly)) {
      forget_argument();
    } else {
      set(shell_, "OPTARG", {});  // refused
    }
    return finish({&letter, 1}, kSuccess);
  }

 private:
  // Whether the options end before argument `index`.
  [[nodiscard]] bool is_over(usize index) const {
    if (index > arguments_.size()) return true;
    const std::string& argument = arguments_[index - 1];
    return argument.size() < 2 || argument[0] != '-' || argument == "--";
  }

  ExitStatus end(usize index) {
    if (index <= arguments_.size() && arguments_[index - 1] == "--") ++index;
    set_optind(shell_, std::min(index, arguments_.size() + 1));
    forget_argument();
    return finish("?", kFailure);
  }

  // The option `letter` takes an argument: the rest of its own, or the next.
  ExitStatus take_argument(usize index, char letter) {
    const std::string& argument = arguments_[index - 1];
    const usize rest = std::exchange(state.letter, 0);
    if (rest < argument.size()) {
      set_optind(shell_, index + 1);
      set(shell_, "OPTARG", std::string_view(argument).substr(rest));
    } else if (index < arguments_.size()) {
      set_optind(shell_, index + 2);
      set(shell_, "OPTARG", arguments_[index]);
    } else {
      set_optind(shell_, index + 1);
      complain(": option requires an argument -- ", letter);
      return finish(silent_ ? ":" : "?", kSuccess);
    }
    return finish({&letter, 1}, kSuccess);
  }

  // Says what is wrong with an option, to the script in OPTARG if it wants that.
  void complain(std::string_view what, char letter) {
    if (silent_) {
      set(shell_, "OPTARG", {&letter, 1});
      return;
    }
    const std::string* report = shell_.variables().get("OPTERR");
    // bash: what is no number is 0, nothing is not.
    if (report == nullptr || report->empty() || leading_number(*report) != 0) {
      std::string message(shell_.script_name());
      message.append(what);
      message.push_back(letter);
      message.push_back('\n');
      Shell::write_error(message);
    }
    forget_argument();
  }

  // bash: even a readonly one.
  void forget_argument() { shell_.variables().forget("OPTARG"); }

  // Puts what was found into the variable.
  ExitStatus finish(std::string_view found, ExitStatus status) {
    if (!Variables::is_valid_name(name_)) {
      invocation_.error("`" + name_ + "'", "not a valid identifier");
      return kFailure;
    }
    if (set(shell_, name_, found)) return status;
    const Variable* const variable = shell_.variables().find(name_);
    const bool fixed = variable != nullptr && variable->has(kReadonly);
    return fixed && status == kSuccess ? kUsage : kFailure;
  }

  Invocation& invocation_;
  Shell& shell_;
  std::string_view letters_;
  const std::string& name_;
  std::span<const std::string> arguments_;
  bool silent_ = false;
};

}  // namespace

ExitStatus getopts(Invocation& invocation) {
  OptionParser parser(invocation, "");
  if (parser.next() != 0) return kUsage;
  const std::span<const std::string> operands = parser.operands();
  if (operands.size() < 2) return invocation.usage();
  if (!state.watched) {
    Variables& variables = invocation.shell.variables();
    state.watched = true;
    state.variable = variables.find_unresolved("OPTIND");
    variables.set_hooks("OPTIND", VariableHooks{.context = &variables, .changed = optind_changed});
  }
  return Getopts(invocation, operands).run();
}

}  // namespace swebash::engine::builtins
