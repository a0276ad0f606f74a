// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"
#include "engine/system/version.hpp"
#include "engine/text/pattern.hpp"

namespace swebash::engine::builtins {
namespace {

struct Topic {
  std::string_view name;  // as `help` takes it
  std::string_view shown;
  std::string_view synopsis;
  std::string_view summary;
};

// What is a topic without being a builtin: the words of the grammar, and a few things beside.
constexpr Topic kTopics[] = {
    {"%", "%", "job_spec [&]", "Continues a job in the foreground, or with & in the background."},
    {"((", "(( ... ))", "(( expression ))", "Evaluates an expression; true when it is not 0."},
    {"[[", "[[ ... ]]", "[[ expression ]]", "Tests strings, numbers, files and variables."},
    {"case", "case", "case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac",
     "Runs the commands of the first pattern that the word matches."},
    {"coproc", "coproc", "coproc [NAME] command [redirections]",
     "Runs a command beside the shell, with pipes to its input and from its output."},
    {"for", "for", "for NAME [in WORDS ... ] ; do COMMANDS; done",
     "Runs the commands once for each word."},
    {"for ((", "for ((", "for (( exp1; exp2; exp3 )); do COMMANDS; done",
     "Evaluates exp1, then runs the commands and exp3 as long as exp2 is not 0."},
    {"function", "function", "function name { COMMANDS ; } or name () { COMMANDS ; }",
     "Defines a function."},
    {"if", "if",
     "if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi",
     "Runs the commands behind the first condition that is true, else those behind else."},
    {"select", "select", "select NAME [in WORDS ... ;] do COMMANDS; done",
     "Shows the words as a menu and runs the commands for each choice."},
    {"time", "time", "time [-p] pipeline", "Tells how long a pipeline took."},
    {"until", "until", "until COMMANDS; do COMMANDS-2; done",
     "Runs the second commands as long as the first fail."},
    {"variables", "variables", "variables - Names and meanings of some shell variables",
     "What the shell sets and heeds is listed in its documentation."},
    {"while", "while", "while COMMANDS; do COMMANDS-2; done",
     "Runs the second commands as long as the first succeed."},
    {"{", "{ ... }", "{ COMMANDS ; }", "Groups commands, for redirections or a condition."},
};

}  // namespace

ExitStatus help(Invocation& invocation) {
  bool summary_only = false, synopsis_only = false;
  OptionParser options(invocation, "dms");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'd': summary_only = true; break;
      case 's': synopsis_only = true; break;
      default: break;
    }
  }
  Output& out = invocation.out;
  const auto operands = options.operands();
  if (operands.empty()) {
    out.set_failure(Output::Failure::unnoticed);
    put_line(out, "swebash, version " + std::string(kVersion));
    put_line(out, "These commands are part of the shell. `help NAME' says more about NAME.");
    put_line(out, "");
    for (const Builtin& row : builtin_table()) put_line(out, " " + std::string(row.synopsis));
    for (const Topic& topic : kTopics) put_line(out, " " + std::string(topic.synopsis));
    return kSuccess;
  }
  // bash: one topic that is known is enough.
  ExitStatus status = kFailure;
  for (const std::string& operand : operands) {
    bool found = false;
    const auto show = [&](std::string_view shown, std::string_view synopsis,
                          std::string_view summary) {
      found = true;
      status = kSuccess;
      const std::string name(shown);
      if (summary_only) {
        put_line(out, name + " - " + std::string(summary));
      } else {
        put_line(out, name + ": " + std::string(synopsis));
        if (!synopsis_only) put_line(out, "    " + std::string(summary));
      }
    };
    if (const Builtin* row = find_builtin(operand)) {
      show(row->name, row->synopsis, row->summary);
      continue;
    }
    for (const Topic& topic : kTopics) {
      if (topic.name == operand) show(topic.shown, topic.synopsis, topic.summary);
    }
    if (found) continue;
    // bash: a word without pattern characters names what begins with it.
    const Pattern pattern(has_pattern(operand, true) ? operand : operand + "*", {.extglob = true});
    for (const Builtin& row : builtin_table()) {
      if (pattern.matches(row.name)) show(row.name, row.synopsis, row.summary);
    }
    for (const Topic& topic : kTopics) {
      if (pattern.matches(topic.name)) show(topic.shown, topic.synopsis, topic.summary);
    }
  }
  if (status != kSuccess) {
    const std::string& last = operands.back();
    invocation.error("no help topics match `" + last + "'.  Try `help help' or `man -k " + last +
                     "' or `info " + last + "'.");
  }
  return status;
}

}  // namespace swebash::engine::builtins
