// SPDX-License-Identifier: Apache-2.0
//
// [[ ]]: conditions over words, files, numbers and variables.
#include <charconv>
#include <clocale>
#include <cstdlib>
#include <utility>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/system/files.hpp"
#include "engine/text/pattern.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {
namespace {

// Below: what `test -X file` asks.
bool file_test(char op, const std::string& path, u32 euid, u32 egid) {
  if (path.empty()) return false;
  if (op == 'r') return files::access(path, abi::kAccessRead);
  if (op == 'w') return files::access(path, abi::kAccessWrite);
  if (op == 'x') return files::access(path, abi::kAccessExecute);
  const bool itself = op == 'h' || op == 'L';
  const auto stat = files::stat(path, itself ? files::Follow::no : files::Follow::yes);
  if (!stat) return false;
  switch (op) {
    case 'a':
    case 'e': return true;
    case 'f': return stat->type == abi::kRegular;
    case 'd': return stat->type == abi::kDirectoryType;
    case 'b': return stat->type == abi::kBlockDevice;
    case 'c': return stat->type == abi::kCharacterDevice;
    case 'p': return stat->type == abi::kFifo;
    case 'S': return stat->type == abi::kSocket;
    case 'h':
    case 'L': return stat->type == abi::kSymlink;
    case 's': return stat->size > 0;
    case 'g': return (stat->mode & 02000) != 0;
    case 'u': return (stat->mode & 04000) != 0;
    case 'k': return (stat->mode & 01000) != 0;
    case 'O': return stat->uid == euid;
    case 'G': return stat->gid == egid;
    case 'N': return stat->modify_time > stat->access_time;
    default: return false;
  }
}

// bash: `set -x` shows the operands of [[ ]] as they are, without quotes.
std::string shown_plainly(const std::string& text) { return text.empty() ? "''" : text; }

}  // namespace

Flow Executor::conditional(const ConditionalCommand& command) {
  shell_.set_line(command.line);
  shell_.set_command(&command);
  if (shell_.traps().action(kTrapDebug) != nullptr) {
    bool skipped = false;
    const Flow flow = debug_trap(command, skipped);
    if (flow != Flow::normal || skipped) return flow;
  }
  const std::string_view outer = shell_.builtins().set_running(BuiltinState::kConditional);
  auto result = test(*command.condition);
  shell_.builtins().set_running(outer);
  if (!result) {
    if (result.error().reach == FailureReach::command) {
      shell_.set_status(result.error().status);
      return Flow::normal;
    }
    return failed(result.error());
  }
  shell_.set_status(*result ? 0 : 1);
  return Flow::normal;
}

// One term of [[ ]] for set -x.
void Executor::trace_condition(std::string_view text, bool inverted) {
  trace_text((inverted ? "[[ ! " : "[[ ") + std::string(text) + " ]]");
}

Expanded<bool> Executor::test(const Condition& condition, bool inverted) {
  switch (condition.kind) {
    case ConditionKind::unary: return test_unary(condition, inverted);
    case ConditionKind::binary: return test_binary(condition, inverted);
    case ConditionKind::word: {
      const std::string text = SWEBASH_TRY(condition_text(*condition.left, false));
      if (shell_.on(SetOption::xtrace)) trace_condition("-n " + shown_plainly(text), inverted);
      return !text.empty();
    }
    case ConditionKind::negation: return !SWEBASH_TRY(test(*condition.first, true));
    case ConditionKind::conjunction:
    case ConditionKind::disjunction: return test_chain(condition);
  }
  return false;
}

// What && and || join from the left, of any length.
Expanded<bool> Executor::test_chain(const Condition& condition) {
  std::vector<const Condition*> joins;
  const Condition* term = &condition;
  while (term->kind == ConditionKind::conjunction || term->kind == ConditionKind::disjunction) {
    joins.push_back(term);
    term = term->first;
  }
  bool value = SWEBASH_TRY(test(*term));
  for (; !joins.empty(); joins.pop_back()) {
    const Condition& join = *joins.back();
    if (value == (join.kind == ConditionKind::conjunction)) {
      value = SWEBASH_TRY(test(*join.second));
    }
  }
  return value;
}

// bash: what is wrong with an expansion in [[ ]] is not the command's to tell.
Expanded<std::string> Executor::condition_text(const Word& word, bool is_expression) {
  const std::string_view outer = shell_.builtins().set_running({});
  auto text = is_expression ? shell_.expander().expression(word) : shell_.expander().string(word);
  shell_.builtins().set_running(outer);
  return text;
}

Expanded<bool> Executor::test_unary(const Condition& condition, bool inverted) {
  const char op = condition.op.size() > 1 ? condition.op[1] : 0;
  Expander& expander = shell_.expander();
  const std::string text = SWEBASH_TRY(condition_text(*condition.left, op == 'v'));
  if (shell_.on(SetOption::xtrace)) {
    trace_condition(std::string(condition.op) + " " + shown_plainly(text), inverted);
  }
  switch (op) {
    case 'n': return !text.empty();
    case 'z': return text.empty();
    case 'v': return expander.is_set_reference(text, Expander::Keys::quoted);
    case 'R': {
      const Variable* variable = shell_.variables().find_unresolved(text);
      return variable != nullptr && variable->has(kNameref) && variable->is_set();
    }
    case 'o': {
      const auto option = Options::find_set(text);
      return option && shell_.on(*option);
    }
    case 't': {
      i64 fd = 0;
      return arith::plain_number(text, fd) && sys::is_terminal(static_cast<i32>(fd)) == 1;
    }
    default: {
      abi::TaskInfo info{};
      if (op == 'O' || op == 'G') sys::task_info(&info);
      return file_test(op, text, info.effective_uid, info.effective_gid);
    }
  }
}

Expanded<bool> Executor::test_binary(const Condition& condition, bool inverted) {
  const std::string_view op = condition.op;
  // -eq and its like compare expressions.
  const bool numbers = op.size() == 3 && op[0] == '-' && op[1] != 'o' && op != "-nt" && op != "-ef";
  const auto operand = [&](const Word& word) { return condition_text(word, numbers); };
  const std::string left = SWEBASH_TRY(operand(*condition.left));
  const bool traced = shell_.on(SetOption::xtrace);
  const auto show = [&](const std::string& right) {
    if (traced) {
      trace_condition(shown_plainly(left) + " " + std::string(op) + " " + right, inverted);
    }
  };
  if (op == "==" || op == "=" || op == "!=") {
    if (!traced) {
      const bool matched =
          SWEBASH_TRY(shell_.expander().matches(left, *condition.right, ExtendedPatterns::always));
      return matched == (op != "!=");
    }
    // bash shows the pattern with a backslash before every quoted character.
    const std::string text = SWEBASH_TRY(shell_.expander().shown_pattern(*condition.right));
    show(text.empty() ? "''" : text);
    const Pattern pattern(text, {.extglob = true,
                                 .ignore_case = shell_.on(ShellOption::nocasematch),
                                 .bytes = shell_.options().byte_characters});
    return pattern.matches(left) == (op != "!=");
  }
  if (op == "=~") {
    const std::string expression = SWEBASH_TRY(shell_.expander().regex(*condition.right));
    show(expression.empty() ? "''" : expression);
    return match_regex(left, expression);
  }
  const std::string right = SWEBASH_TRY(operand(*condition.right));
  show(shown_plainly(right));
  if (op == "<") return left < right;
  if (op == ">") return left > right;
  if (op == "-nt" || op == "-ot" || op == "-ef") {
    const auto a = files::stat(left), b = files::stat(right);
    if (op == "-ef") return a && b && a->device == b->device && a->inode == b->inode;
    if (op == "-nt") return a && (!b || a->modify_time > b->modify_time);
    return b && (!a || a->modify_time < b->modify_time);
  }
  // bash: a number that is none fails [[ ]] and no more.
  const auto number = [&](const std::string& text) -> Expanded<i64> {
    auto value = shell_.expander().arithmetic_text(text);
    if (!value && value.error().reach != FailureReach::shell && !value.error().in_subscript) {
      return std::unexpected(ExpansionError{kFailure, FailureReach::command});
    }
    return value;
  };
  const i64 x = SWEBASH_TRY(number(left));
  const i64 y = SWEBASH_TRY(number(right));
  if (op == "-eq") return x == y;
  if (op == "-ne") return x != y;
  if (op == "-lt") return x < y;
  if (op == "-le") return x <= y;
  if (op == "-gt") return x > y;
  return x >= y;
}

Expanded<bool> Executor::match_regex(const std::string& subject, const std::string& expression) {
  // The C library's idea of a character is to be the shell's.
  const bool bytes = shell_.options().byte_characters;
  if ((MB_CUR_MAX > 1) == bytes) ::setlocale(LC_CTYPE, bytes ? "C" : "C.UTF-8");
  const int flags = REG_EXTENDED | (shell_.on(ShellOption::nocasematch) ? REG_ICASE : 0);
  const auto found = regexes_.find(expression, flags);
  const bool takes_ages = found.has_value() ? !is_reasonable((*found)->work, subject.size())
                                            : found.error() == RegexCache::Failure::too_large;
  if (takes_ages) shell_.report("[[: regular expression too large");
  if (!found || takes_ages) return std::unexpected(ExpansionError{2, FailureReach::command});
  const regex_t& compiled = (*found)->expression;
  std::vector<regmatch_t> groups(compiled.re_nsub + 1);
  const bool matched = ::regexec(&compiled, subject.c_str(), groups.size(), groups.data(), 0) == 0;
  auto variable = shell_.variables().declare("BASH_REMATCH", Placement::global);
  if (!variable) return matched;
  IndexedArray& array = (*variable)->put_indexed();
  if (matched) {
    for (usize i = 0; i < groups.size(); ++i) {
      const regmatch_t& group = groups[i];
      array.at(static_cast<i64>(i)) =
          group.rm_so < 0 ? std::string()
                          : subject.substr(static_cast<usize>(group.rm_so),
                                           static_cast<usize>(group.rm_eo - group.rm_so));
    }
  }
  return matched;
}

}  // namespace swebash::engine
