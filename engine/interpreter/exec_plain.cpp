// SPDX-License-Identifier: Apache-2.0
//
// Plain commands: those that a clone would run just as their shell does, since nothing in them can
// change it. A program is started by the shell itself, and what echo or printf writes is had
// without a clone.
#include <algorithm>

#include "abi/guest.hpp"
#include "engine/interpreter/account.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/exec_stage.hpp"
#include "engine/system/output.hpp"

namespace swebash::engine {

namespace {

bool pure(const Word& word);

bool pure_part(const Part& part) {
  switch (part.kind) {
    case PartKind::literal:
    case PartKind::tilde: return true;
    case PartKind::double_quoted: return std::ranges::all_of(part.parts, pure_part);
    case PartKind::parameter: {
      const Parameter& parameter = *part.parameter;
      if (parameter.subscript != nullptr || parameter.indirect) return false;
      switch (parameter.op) {
        case ParameterOperator::assign_default:
        case ParameterOperator::error_if_unset:
        case ParameterOperator::transform:
        case ParameterOperator::slice: return false;
        default: break;
      }
      return (parameter.word == nullptr || pure(*parameter.word)) &&
             (parameter.replacement == nullptr || pure(*parameter.replacement));
    }
    default: return false;
  }
}

bool pure(const Word& word) { return std::ranges::all_of(word.parts, pure_part); }

bool tells_of_clone(Variables& variables, const Word* word);

// Variables that are others in a clone, or that change by being looked at; a reference may lead to
// one of them.
bool part_tells_of_clone(Variables& variables, const Part& part) {
  if (part.kind == PartKind::double_quoted) {
    return std::ranges::any_of(
        part.parts, [&](const Part& inner) { return part_tells_of_clone(variables, inner); });
  }
  if (part.kind != PartKind::parameter) return false;
  const Parameter& parameter = *part.parameter;
  constexpr std::string_view kNames[] = {"BASHPID", "BASH_COMMAND", "BASH_SUBSHELL", "RANDOM"};
  const Variable* const variable = variables.find_at(parameter.name, Placement::visible);
  return (variable != nullptr && variable->has(kNameref)) ||
         std::ranges::find(kNames, parameter.name) != std::end(kNames) ||
         tells_of_clone(variables, parameter.word) ||
         tells_of_clone(variables, parameter.replacement);
}

bool tells_of_clone(Variables& variables, const Word* word) {
  return word != nullptr && std::ranges::any_of(word->parts, [&](const Part& part) {
           return part_tells_of_clone(variables, part);
         });
}

// Whether printf assigns a variable: by -v, or by a conversion %n.
bool printf_assigns(std::span<const std::string> words) {
  if (words.size() < 2) return false;
  const std::string_view format = words[1];
  if (format.starts_with('-')) return true;
  for (usize at = 0; (at = format.find('%', at)) != std::string_view::npos; ++at) {
    at = format.find_first_not_of("-+ #0'123456789.*hlLjtz", at + 1);
    if (at == std::string_view::npos) return false;
    if (format[at] == 'n') return true;
  }
  return false;
}

}  // namespace

bool has_side_effects(const Word& word) { return !pure(word); }

std::optional<std::string_view> literal_name(const Word& word) {
  if (word.parts.size() != 1 || word.parts[0].kind != PartKind::literal || word.has_brace) {
    return std::nullopt;
  }
  const std::string_view text = word.parts[0].text;
  if (!word.parts[0].quoted && text.find_first_of("*?[") != std::string_view::npos) {
    return std::nullopt;
  }
  return text;
}

Executor::Plain Executor::plain_command(const Command& command, std::vector<std::string>& words,
                                        Mode mode) {
  Plain plain;
  if (command.kind != CommandKind::simple) return plain;
  const auto& simple = static_cast<const SimpleCommand&>(command);
  if (simple.words.empty() || !simple.assignments.empty()) return plain;
  const auto name = literal_name(*simple.words[0]);
  if (!name || shell_.restricted() || shell_.command_rules() || shell_.hooked() || has_account() ||
      shell_.on(SetOption::xtrace) || shell_.on(SetOption::noexec) ||
      shell_.on(ShellOption::failglob) || shell_.traps().action(kTrapDebug) != nullptr) {
    return plain;
  }
  for (const Word* word : simple.words) {
    if (!pure(*word) || tells_of_clone(shell_.variables(), word)) return plain;
  }
  for (const Redirect& redirect : simple.redirects) {
    if (!redirect.variable.empty() || redirect.target == nullptr || !pure(*redirect.target) ||
        tells_of_clone(shell_.variables(), redirect.target)) {
      return plain;
    }
  }
  plain.target = find(simple, *name, mode);
  if (plain.target.function != nullptr) return plain;
  const bool writes =
      plain.target.builtin != nullptr && plain.target.builtin->has(trait::only_writes) &&
      simple.redirects.empty() &&
      !(shell_.on(SetOption::errtrace) && shell_.traps().action(kTrapError) != nullptr);
  if (!writes && (plain.target.builtin != nullptr || plain.target.path.empty())) return plain;
  const u32 line = shell_.line();
  shell_.set_line(simple.line);
  if (!shell_.expander().fields(simple.words, words).has_value()) {
    plain.kind = Plain::Kind::failed;
  } else if (!writes) {
    plain.kind = Plain::Kind::program;
  } else if (!plain.target.builtin->has(trait::formats) || !printf_assigns(words)) {
    plain.kind = Plain::Kind::writer;
  }
  if (plain.kind == Plain::Kind::none) shell_.set_line(line);
  return plain;
}

ExitStatus Executor::write_plainly(const Builtin& builtin, std::span<const std::string> words,
                                   std::string& text) {
  Output out(text);
  Invocation invocation{shell_, *this, builtin.name, words.subspan(1), out};
  const std::string_view outer = shell_.builtins().set_running(builtin.name);
  const ExitStatus status = builtin.function(invocation);
  shell_.builtins().set_running(outer);
  return status;
}

// 0 when a clone must try, since the program failed and has something to say; negative when a
// redirection failed and said so.
i32 Executor::start_program(const Command& command, std::span<const std::string> words,
                            const std::string& path, const StageEnds& ends) {
  RedirectScope scope(texts_);
  const auto put = [&](i32 from, i32 to) {
    if (from < 0) return true;
    // Where standard input was closed the pipe itself has its number, and is to be inherited.
    if (from == to) return sys::dup2(from, to, 0) >= 0;
    if (const auto saved = scope.save(to); !saved) {
      shell_.report(cannot_duplicate(saved.error()));
      return false;
    }
    sys::dup2(from, to, 0);
    return true;
  };
  if (!put(ends.in, 0) || !put(ends.out, 1) || (ends.pipe_error && !put(1, 2))) return -1;
  for (const Redirect& redirect : command.redirects) {
    if (!scope.apply(std::span(&redirect, 1))) return -1;
  }
  const bool monitored = shell_.on(SetOption::monitor);
  const u32 flags = ends.controlled      ? u32{abi::kSpawnForeground}
                    : !ends.asynchronous ? u32{abi::kSpawnWaited}
                    : monitored          ? 0u
                                         : u32{abi::kSpawnAsynchronous};
  const auto pid = spawn(path, words, ends.group, flags);
  return pid ? *pid : 0;
}

}  // namespace swebash::engine
