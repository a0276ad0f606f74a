// SPDX-License-Identifier: Apache-2.0
//
// Executor: walks the tree of a script and runs it (POSIX XCU 2.9).
//
// The state of the script is the Shell's; what is here is of the walk: how deep it is, what runs,
// the coprocesses it has started. How a command is run goes down as a Mode; each step answers with
// a Flow and leaves the exit status in the Shell. Trees are walked as they are, never copied or
// parsed again. Nesting is bounded by the stack: beyond a limit the command fails with a message.
// Not thread-safe; reentrant.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expansion/expand.hpp"
#include "engine/interpreter/builtin.hpp"
#include "engine/interpreter/evaluator.hpp"
#include "engine/interpreter/functions.hpp"
#include "engine/interpreter/redir.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/interpreter/text_runner.hpp"
#include "engine/syntax/ast.hpp"
#include "engine/text/regex_cache.hpp"

namespace swebash::engine {

// What a command name stands for, in the order in which it is looked for.
struct CommandTarget {
  FunctionPtr function;
  const Builtin* builtin = nullptr;  // a utility only where PATH leads to it
  std::string path;                  // a program; empty when there is none
};

enum class FunctionLookup : u8 { with, without };

// Whether what runs in the foreground is a job: a group of its own that has the terminal.
enum class JobControl : u8 { off, on };

// A program that a signal ended; signal 0: there is none.
struct Death {
  i32 pid = 0, signal = 0;
};

class Executor final : public Evaluator {
 public:
  // The shell's evaluator from now on.
  explicit Executor(Shell& shell) noexcept : shell_(shell), texts_(shell, *this) {
    shell.set_evaluator(*this);
  }
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  [[nodiscard]] Shell& shell() noexcept { return shell_; }
  // What reads the commands that this runs.
  [[nodiscard]] TextRunner& texts() noexcept { return texts_; }

  Flow run(const Unit& unit, Mode mode = {}) override;
  // A new command was read where the shell reads its own input.
  void forget_input() noexcept override { input_redirected_ = false; }
  [[nodiscard]] bool is_checked() const noexcept override { return unchecked_ == 0; }
  // The same at a prompt, where the command before may have been left halfway.
  void start_afresh() noexcept {
    forget_input();
    unchecked_ = 0;
  }
  Flow list(const List& list, Mode mode = {});
  // As a condition: a failure does not trigger `set -e`.
  Flow condition(const List& list);
  Flow and_or(const AndOr& and_or, Mode mode = {});
  Flow pipeline(const Pipeline& pipeline, Mode mode = {});
  Flow command(const Command& command, Mode mode = {});

  // Calls a function with arguments ("$1" and on).
  Flow call(FunctionPtr function, std::span<const std::string> arguments);
  // The same with the arguments from `first` on, which come back as the function left them.
  Flow call(FunctionPtr function, std::vector<std::string>& words, usize first);
  // Runs a builtin with redirections already made; flushes its output.
  // `handled` becomes false when a utility leaves the work to the native program.
  bool is_dying_of(i32 signal);
  Flow run_builtin(const Builtin& builtin, std::span<const std::string> arguments,
                   std::span<const Assignment* const> assignments, bool& handled);
  // Runs words as a simple command: builtins `command`, `builtin`, `env`, compgen -C and so on.
  Flow run_words(std::span<const std::string> words, FunctionLookup functions, bool standard_path);
  // Makes the function that `command` defines, which is of the shell's current unit.
  Flow define(const FunctionCommand& command) override;
  // Finds what `name` stands for.
  [[nodiscard]] CommandTarget find(std::string_view name, FunctionLookup functions,
                                   bool standard_path = false);
  // Starts a native program and waits for it. Requires: words is not empty.
  Flow run_program(const std::string& path, std::span<const std::string> words,
                   Death* death = nullptr);
  // Replaces the task by a program; comes back only with a status when that failed (reported).
  ExitStatus replace(const std::string& path, std::span<const std::string> words,
                     const EnvironmentBlock& environment, std::string_view name);

  // $( ) of `part` and <( ).
  Expanded<std::string> substitute_command(const Part& part) override;
  Expanded<std::string> substitute_process(const Part& part) override;

  // Process substitutions whose descriptors are open here.
  [[nodiscard]] usize substitutions() const noexcept { return substitution_fds_.size(); }
  // Takes away what stands for coprocesses that have ended.
  void forget_coprocs();
  // bash: what a script closed or moved of a coprocess is -1 in its array.
  void note_closed_coprocs();
  // Says that a signal ended `pid`, where a shell says so.
  void announce_death(i32 pid, i32 signal, std::string_view command);
  // bash: a script tells of background jobs that a signal ended when it has waited for something
  // else, and forgets them.
  void tell_of_dead_jobs();
  // Waits for a job in the foreground; its status. A job that stops stays in the table.
  ExitStatus wait_job_foreground(Job& job);

  // Whether another level of nesting fits on the stack; says so when it does not.
  [[nodiscard]] bool deep_enough_left();

 private:
  struct Stage;
  struct StageEnds;
  struct Stages;

  // Words for one command. The lists of commands within each other keep their memory.
  class WordList {
   public:
    explicit WordList(Executor& executor) : depth_(executor.word_lists_used_) {
      auto& lists = executor.word_lists_;
      if (depth_ == lists.size()) lists.push_back(std::make_unique<std::vector<std::string>>());
      words_ = lists[depth_++].get();
    }
    ~WordList() {
      --depth_;
      words_->clear();
      if (words_->capacity() > kMostKeptWords) words_->shrink_to_fit();
    }
    WordList(const WordList&) = delete;
    WordList& operator=(const WordList&) = delete;
    [[nodiscard]] std::vector<std::string>& words() noexcept { return *words_; }

   private:
    static constexpr usize kMostKeptWords = 64;
    usize& depth_;
    std::vector<std::string>* words_;
  };

  // simple commands (exec_simple.cpp, exec_assignment.cpp, exec_builtin.cpp)
  Flow simple(const SimpleCommand& command, Mode mode);
  // What the name of `command`, expanded to `name`, stands for.
  [[nodiscard]] CommandTarget find(const SimpleCommand& command, std::string_view name, Mode mode);
  CommandTarget target_of(std::string_view name, const Builtin* builtin,
                          const FunctionPtr* function, bool standard_path, Mode mode);
  [[nodiscard]] bool is_job(const Builtin& builtin) const;
  Flow run_utility_job(const Builtin& builtin, const std::string& path,
                       std::span<const std::string> words);
  Flow assignments_only(const SimpleCommand& command);
  bool expand_declarations(const SimpleCommand& command, std::vector<std::string>& words,
                           std::vector<const Assignment*>& assignments, Flow& flow);
  Flow dispatch(const SimpleCommand& command, std::vector<std::string>& words,
                std::span<const Assignment* const> assignments, Mode mode);
  bool redirect(const SimpleCommand& command, const CommandTarget& target, Mode mode,
                RedirectScope& scope, Flow& flow);
  Flow run_assigned(const SimpleCommand& command, CommandTarget& target,
                    std::vector<std::string>& words, std::span<const Assignment* const> assignments,
                    Mode mode);
  Flow run_target(const SimpleCommand& command, CommandTarget& target,
                  std::vector<std::string>& words, std::span<const Assignment* const> assignments,
                  Mode mode, RedirectScope& scope);
  Flow run_found_program(const SimpleCommand& command, const std::string& path,
                         std::span<const std::string> words, Mode mode, RedirectScope& scope);
  Flow dispatch_apart(const SimpleCommand& command, std::vector<std::string>& words,
                      std::span<const Assignment* const> assignments);
  std::vector<std::pair<std::string_view, std::string>> values_before(
      std::span<const Assignment* const> assignments);
  Expanded<void> append_list_text(const Assignment& assignment, std::string& text);
  Flow assign_before(const Assignment& assignment, bool persistent);
  void find_afresh(std::string_view name, CommandTarget& target);
  // `set -k`: an assignment among the arguments.
  struct KeywordAssignment {
    std::string name;
    const Word* word;
  };
  Flow simple_with_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                            Mode mode);
  bool expand_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                       std::vector<KeywordAssignment>& keywords, Flow& flow);
  Expanded<std::string> value_of(const KeywordAssignment& keyword);
  Flow dispatch_with_keywords(const SimpleCommand& command, std::vector<std::string>& words,
                              std::span<const KeywordAssignment> keywords, Mode mode);

  // compound commands (exec_compound.cpp)
  Flow compound(const Command& command, Mode mode);
  Flow body(const Command& command, Mode mode);
  Flow if_clause(const IfCommand& command);
  Flow while_loop(const WhileCommand& command);
  Flow for_loop(const ForCommand& command);
  Flow arith_for(const ArithForCommand& command);
  Flow select_loop(const ForCommand& command);
  Expanded<void> loop_words(const ForCommand& command, std::vector<std::string>& words);
  Flow bad_loop_variable(const ForCommand& command);
  // The status and the way on of a loop whose variable cannot be assigned.
  Flow refuse_loop_variable(const VariableError& error);
  Flow case_clause(const CaseCommand& command);
  Flow arith(const ArithCommand& command);
  // Whether a loop ends here; what of `flow` is for outer loops stays in it.
  bool loop_ends(Flow& flow);

  // clones (exec_pipeline.cpp, exec_substitution.cpp)
  Flow run_pipeline(const Pipeline& pipeline, Mode mode);
  Flow pipe(const Pipeline& pipeline);
  void run_last_here(const Command& command, Stages& stages, Flow& flow);
  Flow background(const AndOr& and_or);
  [[nodiscard]] i32 background_input() const;
  void note_input(std::span<const Redirect> redirects);
  Flow resume_job(std::string_view builtin, std::span<const std::string> words);
  Flow timed(const Pipeline& pipeline);
  Flow subshell(const SubshellCommand& command);
  Flow coproc(const CoprocCommand& command);
  static void run_stage(void* argument);
  Flow run_stage_command(const Stage& stage);
  void ignore_in_background(const Stage& stage);
  // Whether something that `command` starts may outlive it.
  bool may_leave(const Command& command);
  // The same of the traps that a subshell inherits.
  bool traps_may_leave();
  // Runs `body`, which answers with a Flow, in a clone that ends with it. What sys::clone answers.
  template <class Body>
  i64 run_in_clone(const Body& body, u32 flags, i32 group);
  // Waits for a clone in the foreground, or says why there is none: `pid` is what sys::clone
  // answered.
  Flow wait_for(i64 pid, JobControl control, Death* death = nullptr);
  [[nodiscard]] JobControl job_control() const;
  i64 start(Stage& stage, u32 flags, i32 group);
  // Starts the first `count` stages of `pipeline`. Where one cannot be, that is said and its status
  // answered; those before it have started all the same.
  std::optional<ExitStatus> start_stages(const Pipeline& pipeline, usize count, Stages& stages);
  // Closes the descriptors of process substitutions beyond the first `kept`.
  void close_substitutions(usize kept);
  i64 start_stage(const Command& command, const StageEnds& ends, Process& process);
  i64 failed_stage(i32 group, Process& process);
  bool file_substitution(const List& list, Expanded<std::string>& contents);
  bool plain_substitution(const List& list, Expanded<std::string>& text);
  std::unexpected<ExpansionError> too_much();
  [[noreturn]] void finish_clone(Flow flow);
  Flow clone_failed(i64 answer);

  // Asks the embedding program about a command, which may put other words in its place.
  enum class Hooked : u8 { passed, refused, replaced };
  [[nodiscard]] Hooked ask_hook(std::vector<std::string>& words);

  // plain commands (exec_plain.cpp)
  struct Plain {
    enum class Kind : u8 {
      none,
      program,
      writer,  // echo or printf, which only write
      failed,  // a word could not be expanded, and that was said
    };
    Kind kind = Kind::none;
    CommandTarget target;
  };
  // What `command` is if a clone could do no more than this shell; its words, expanded, in `words`.
  Plain plain_command(const Command& command, std::vector<std::string>& words, Mode mode = {});
  // Runs a writer; what it writes goes to `text`.
  ExitStatus write_plainly(const Builtin& builtin, std::span<const std::string> words,
                           std::string& text);
  i32 start_program(const Command& command, std::span<const std::string> words,
                    const std::string& path, const StageEnds& ends);

  // programs (exec_program.cpp)
  SysResult<i32> spawn(const std::string& path, std::span<const std::string> words, i32 group,
                       u32 flags);
  ExitStatus program_error(Errno error, std::string_view name, const std::string& path);
  Flow run_script(const std::string& path, std::span<const std::string> words, Death* death);
  [[noreturn]] void become_script(const std::string& path, std::span<const std::string> words);
  Flow not_found(std::span<const std::string> words, bool standard_path = false);
  // What a signal ended goes to `death` instead of being announced, if that is given.
  ExitStatus wait_foreground(std::span<const Process> processes, i32 group,
                             std::vector<ExitStatus>* statuses, Death* death = nullptr);
  [[nodiscard]] std::string command_source() const;
  [[nodiscard]] bool can_replace() const;

  // what follows a failure (exec.cpp), what is shown (exec_trace.cpp)
  Flow failed(const ExpansionError& error);
  Flow failed(FailureReach reach, ExitStatus status);
  // `skipped`: with extdebug the trap's answer says not to run what follows.
  Flow debug_trap(const Command& command, bool& skipped);
  Flow debug_trap_at(const Command& command, std::string head);
  Flow call_debug_trap(u32 line, bool& skipped);
  Flow check_error();
  void leave_in_place();
  void trace(std::span<const std::string> words, std::span<const Assignment* const> assignments);
  void trace_text(std::string_view text);
  Expanded<void> assign_traced(const Assignment& assignment);
  void trace_declared_list(const Assignment& assignment, bool associative);
  void trace_for(const ForCommand& command);
  void trace_case(const CaseCommand& command);
  // The value of (( word )), shown before it is computed if `set -x` says so. `trimmed`: without
  // the blanks before it, as for (( )) shows its expressions.
  Expanded<i64> arithmetic_traced(const Word& word, bool trimmed);

  // [[ ]] (exec_conditional.cpp)
  Flow conditional(const ConditionalCommand& command);
  // `inverted`: it stands behind a !, as `set -x` shows.
  Expanded<bool> test(const Condition& condition, bool inverted = false);
  Expanded<bool> test_chain(const Condition& condition);
  Expanded<std::string> condition_text(const Word& word, bool is_expression);
  Expanded<bool> test_unary(const Condition& condition, bool inverted);
  Expanded<bool> test_binary(const Condition& condition, bool inverted);
  void trace_condition(std::string_view text, bool inverted);
  Expanded<bool> match_regex(const std::string& subject, const std::string& expression);

  Shell& shell_;
  TextRunner texts_;
  struct Coproc {
    std::string name;
    i32 pid;
    i32 fds[2];
  };
  std::vector<Coproc> coprocs_;
  bool in_substitution_ = false;      // this is the clone of one
  const Pipeline* source_ = nullptr;  // what runs, for job listings
  // Of the compound command that has just ended; a member, since what a Mode carries costs the
  // stack of each level of nesting.
  bool redirection_failed_ = false;
  bool input_redirected_ = false;  // see note_input()
  u32 unchecked_ = 0;              // above 0: a failure triggers neither `set -e` nor ERR
  // Descriptors of process substitutions, closed when the command that has them ends.
  std::vector<i32> substitution_fds_;
  // The status of the last command substitution, for a command that is only assignments.
  std::optional<ExitStatus> substitution_status_;
  u32 depth_ = 0;
  // The first word_lists_used_ are in use.
  std::vector<std::unique_ptr<std::vector<std::string>>> word_lists_;
  usize word_lists_used_ = 0;
  RegexCache regexes_;  // of [[ =~ ]]
};

// Whether expanding `word` assigns to a variable, as ${x:=1} and $((x++)) do.
[[nodiscard]] bool assigns(const Word& word);
// Whether the expansion of `word` can fail: by ${x?}, arithmetic or, where that is an error, an
// unset parameter.
[[nodiscard]] bool may_fail(const Word& word, bool unset_fails);

// Whether expanding `word` may change the shell.
[[nodiscard]] bool has_side_effects(const Word& word);

}  // namespace swebash::engine
