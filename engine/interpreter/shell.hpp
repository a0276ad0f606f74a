// SPDX-License-Identifier: Apache-2.0
//
// Shell: the state of one shell, and how its parts reach each other.
//
// It owns variables, functions, aliases, options, positional parameters, traps, jobs, the directory
// stack, the remembered program paths and the stack of running functions and files, and it is the
// host that parser and expander ask. It runs nothing itself: the TextRunner (text_runner.hpp) reads
// commands with it, the Executor (exec.hpp) walks their trees, builtins (builtin.hpp) change it.
// One to a task; not thread-safe; never moved, because the kernel knows the signal word in it.
//
// Break, continue, return, exit and the abandoning of a command are values (Flow) that every step
// of the Executor passes on. A builtin asks for one of flow().
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abi/errno.hpp"
#include "engine/expansion/expand.hpp"
#include "engine/interpreter/builtin_state.hpp"
#include "engine/interpreter/builtin_table.hpp"
#include "engine/interpreter/call_stack.hpp"
#include "engine/interpreter/completion_specs.hpp"
#include "engine/interpreter/evaluator.hpp"
#include "engine/interpreter/flow.hpp"
#include "engine/interpreter/functions.hpp"
#include "engine/interpreter/history_recorder.hpp"
#include "engine/interpreter/job_terminal.hpp"
#include "engine/interpreter/key_bindings.hpp"
#include "engine/interpreter/options.hpp"
#include "engine/interpreter/positional_parameters.hpp"
#include "engine/interpreter/program_environment.hpp"
#include "engine/interpreter/program_paths.hpp"
#include "engine/interpreter/running_command.hpp"
#include "engine/interpreter/special_values.hpp"
#include "engine/interpreter/stack_limit.hpp"
#include "engine/interpreter/working_directory.hpp"
#include "engine/jobs/jobs.hpp"
#include "engine/jobs/traps.hpp"
#include "engine/syntax/parser.hpp"
#include "engine/system/descriptors.hpp"
#include "engine/system/files.hpp"
#include "engine/system/input_ahead.hpp"
#include "engine/system/tasks.hpp"
#include "engine/variables/vars.hpp"

namespace swebash::engine {

// How many buckets bash's table of aliases has: its order is a script's to see.
inline constexpr u32 kAliasBuckets = 64;

// Which functions of the environment (BASH_FUNC_NAME%%) the shell takes.
enum class FunctionImport : u8 { any_name, valid_names, none };

class Shell final : public ExpansionHost, public ParserHost, public HistoryHost {
 public:
  Shell();
  ~Shell() override;
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  // Says who runs what words have in them. It outlives the shell's use.
  void set_evaluator(Evaluator& evaluator) noexcept { evaluator_ = &evaluator; }
  // Reads the environment ("NAME=value" strings) into the variables and sets the special ones up.
  // `program` is what the shell was called by, `name` what $0 says. Requires: an evaluator.
  void start(std::span<const std::string_view> environment, std::string_view program,
             std::string_view name, FunctionImport functions = FunctionImport::any_name);
  // Sets BASH: `name` is what the shell was called by.
  void set_program(std::string_view name);

  // The version of bash, as 51 for 5.1, whose ways the script asks for: BASH_COMPAT.
  [[nodiscard]] u32 compatibility() const noexcept { return compatibility_; }
  // What follows when BASH_COMPAT is `text`; null: it is unset.
  void compatibility_changed(const std::string* text);
  // What follows when `option`, one of compat31 and on, has been turned.
  void note_compatibility(ShellOption option, Switch value);

  // --- parts ---
  Variables& variables() override { return variables_; }
  [[nodiscard]] Expander& expander() noexcept { return *expander_; }
  [[nodiscard]] Functions& functions() noexcept { return functions_; }
  [[nodiscard]] StringMap<std::string>& aliases() noexcept { return aliases_; }
  [[nodiscard]] Jobs& jobs() noexcept { return jobs_; }
  // What `read` took too much: tasks() and descriptors() give it back first.
  [[nodiscard]] InputAhead& input_ahead() noexcept { return input_ahead_; }
  [[nodiscard]] Tasks& tasks() noexcept { return tasks_; }
  [[nodiscard]] Descriptors& descriptors() noexcept { return descriptors_; }
  [[nodiscard]] Traps& traps() noexcept { return traps_; }
  [[nodiscard]] WorkingDirectory& directory() noexcept { return directory_; }
  [[nodiscard]] ProgramPaths& programs() noexcept { return programs_; }
  [[nodiscard]] ProgramEnvironment& environment() noexcept { return environment_; }
  [[nodiscard]] JobTerminal& terminal() noexcept { return terminal_; }
  [[nodiscard]] BuiltinState& builtins() noexcept { return builtins_; }
  [[nodiscard]] HistoryRecorder& recorder() noexcept { return recorder_; }
  [[nodiscard]] CallStack& calls() noexcept { return calls_; }
  [[nodiscard]] const CallStack& calls() const noexcept { return calls_; }
  [[nodiscard]] PositionalParameters& parameters() noexcept { return parameters_; }
  [[nodiscard]] FlowRequest& flow() noexcept { return flow_; }

  // --- options ---
  [[nodiscard]] bool on(SetOption option) const noexcept { return options_.on(option); }
  [[nodiscard]] bool on(ShellOption option) const noexcept { return options_.on(option); }
  [[nodiscard]] const Options& switches() const noexcept override { return options_; }
  // Turns an option and does what follows from it.
  void turn(SetOption option, Switch value);
  void turn(ShellOption option, Switch value);
  // `local -`: the running function's end turns the options of `set` back to what they are now.
  void keep_set_options();
  void restore_set_options(const Options& saved);

  // --- parameters ---
  std::span<const std::string> positional() override { return parameters_.all(); }
  std::string_view script_name() override { return script_name_; }
  void set_script_name(std::string_view name) { script_name_ = name; }
  // The name in front of messages, when it is not $0.
  void set_message_name(std::string_view name) { message_name_ = name; }
  [[nodiscard]] std::string_view message_name() const noexcept {
    return message_name_.empty() ? script_name_ : message_name_;
  }
  // What messages call the text that runs: a file's name, or the shell's.
  [[nodiscard]] std::string_view text_name() const noexcept {
    return calls_.empty() ? message_name() : calls_.innermost().source_file;
  }

  // --- status and flow ---
  ExitStatus last_status() override { return status_; }
  void set_status(ExitStatus status) noexcept { status_ = status; }

  // The shell is one of a session in a library: what it has of the programs of /bin and /usr/bin
  // stands for them under their paths too.
  void set_hosted() noexcept { hosted_ = true; }
  // The embedding program is asked about each command, or is not any more.
  void set_hooked(bool hooked) noexcept { hooked_ = hooked; }
  [[nodiscard]] bool hooked() const noexcept { return hooked_; }
  [[nodiscard]] bool hosted() const noexcept { return hosted_; }
  // The memory of this shell was copied for another session: what is each shell's own is made anew.
  // `same`: it goes on as this one would have.
  void become_another(bool same);

  // --- where we are ---
  [[nodiscard]] u32 line() const noexcept { return line_; }
  void set_line(u32 line) noexcept { line_ = line; }
  [[nodiscard]] bool interactive() const noexcept { return interactive_; }
  void set_interactive(bool interactive);
  // Whether a policy has rules for commands, which are asked before each.
  [[nodiscard]] bool command_rules() const noexcept { return command_rules_; }
  void set_command_rules() noexcept { command_rules_ = true; }
  // Whether the shell is a restricted one (`set -r`): it changes no directory, opens no files for
  // output, and runs no commands by their paths.
  [[nodiscard]] bool restricted() const noexcept { return restricted_; }
  void set_restricted() noexcept { restricted_ = true; }
  // The same for a shell that was called so: what leads its search is readonly.
  void start_restricted();
  [[nodiscard]] bool login() const noexcept { return login_; }
  void set_login(bool login) noexcept { login_ = login; }
  // Where commands come from: 'c', 's' or 0 for a file; what $- ends in.
  void set_reading(char letter) noexcept { reading_ = letter; }
  [[nodiscard]] char reading() const noexcept { return reading_; }
  // What BASH_SOURCE says of functions defined now.
  [[nodiscard]] std::string_view source_name() const noexcept;
  // The Unit that runs: functions defined now live in it.
  [[nodiscard]] const UnitPtr& current_unit() const noexcept { return unit_; }
  UnitPtr swap_unit(UnitPtr unit) noexcept {
    unit_.swap(unit);
    return unit;
  }
  [[nodiscard]] u32 subshell_level() const noexcept { return subshell_level_; }
  [[nodiscard]] RunningCommand& running() noexcept { return running_; }
  // `command` of the unit that runs is what runs now.
  void set_command(const Command* command) noexcept { running_.set(command, unit_); }
  // What `$_` says.
  void set_last_argument(const std::string& text) {
    if (last_argument_ != text) last_argument_ = text;
  }
  [[nodiscard]] const std::string& last_argument() const noexcept { return last_argument_; }

  // --- pids ---
  i32 shell_pid() override { return shell_pid_; }
  std::optional<i32> last_background_pid() override { return last_background_; }
  void set_last_background_pid(i32 pid) noexcept { last_background_ = pid; }
  [[nodiscard]] i32 task_pid();

  // --- results of pipelines ---
  void set_pipe_status(std::span<const ExitStatus> statuses) {
    pipe_status_.assign(statuses.begin(), statuses.end());
  }
  void set_pipe_status(ExitStatus status) {
    if (pipe_status_.size() == 1) {
      pipe_status_[0] = status;
    } else {
      pipe_status_.assign(1, status);
    }
  }
  [[nodiscard]] const std::vector<ExitStatus>& pipe_status() const noexcept { return pipe_status_; }

  // --- messages ---
  // Writes "SHELL: line N: message".
  using ExpansionHost::report;
  void report(std::string_view message, Complaint about) override;
  // Says why a variable could not be changed. bash: an expression that is wrong, and has said so,
  // takes the line of the builtin with it.
  void report(const VariableError& error) {
    if (error.message.empty() && !builtins_.running().empty()) flow_.ask_discard();
    report_variable(error);
  }
  void report_subscript(std::string_view message) override;
  bool stack_left() override { return stack_.leaves_room(); }
  // What report() does, for a builtin whose name is in `message`.
  void report_message(std::string_view message) override { write_report(line_, {}, message); }
  // The same with the line given.
  void report_at(u32 line, std::string_view message);
  // The same for a syntax error, with the text of the line and a caret.
  void report_syntax(const SyntaxError& error, std::string_view source_name);
  void report_substitution(u32 line, std::string_view message, std::string_view text) override;
  // Writes `text` as it is to standard error, or to `fd`.
  static void write_error(std::string_view text) { write_to(2, text); }
  static void write_to(i32 fd, std::string_view text) {
    static_cast<void>(files::write_all(fd, text));
  }

  // What a clone does first: its own pid, traps and jobs as a subshell has them.
  void enter_subshell();
  // Brings the history to its file, unless this is a subshell.
  void save_history() {
    if (subshell_level_ == 0) recorder_.save();
  }

  // --- what the expander asks (expand.hpp) ---
  const ExpansionOptions& options() override { return expansion_options_; }
  ParserHost& parser_host() override { return *this; }
  std::string option_letters() override;
  Expanded<std::string> run_command_substitution(const Part& part) override;
  Expanded<std::string> start_process_substitution(const Part& part) override;
  std::optional<std::string> home_of(std::string_view user) override;
  std::optional<std::string> directory_stack_entry(usize index, bool from_right) override {
    return directory_.entry(index, from_right);
  }
  PromptFacts prompt_facts() override;

  // --- what the parser asks (parser.hpp) ---
  bool has_aliases() override;
  std::optional<std::string_view> find_alias(std::string_view name) override;
  bool extglob() override { return on(ShellOption::extglob); }
  bool posix() override { return on(SetOption::posix); }
  void warn(u32 line, std::string_view message) override;

  [[nodiscard]] CompletionSpecs& completions() noexcept { return completions_; }
  // What `bind` was told.
  [[nodiscard]] KeyBindings& key_bindings() noexcept { return key_bindings_; }
  // Ends stopped jobs, and gives the terminal back to the group the shell came from.
  void end_job_control();
  // Whether jobs may be left behind: said once while some are stopped (checkjobs: or run), and
  // allowed when the next command asks again.
  [[nodiscard]] bool may_leave_jobs();
  // The user has just been shown the jobs there are.
  void note_jobs_shown() noexcept { warned_at_ = command_number_; }
  // LINES and COLUMNS as the terminal is now (checkwinsize).
  void note_window_size();
  // Forgets what a script started by this shell must not see, for a file without #!.
  void restart_for_script(const std::string& path, std::vector<std::string> arguments);
  // Says what has become of background jobs (interactive).
  void announce_jobs();
  // The same before a prompt, where those that have ended are forgotten.
  void notify_jobs();
  // What prompt `text` shows; what it runs leaves $? alone.
  [[nodiscard]] std::string prompt_text(std::string_view text);
  // Commands read so far, for \# in prompts.
  void count_command() noexcept { ++command_number_; }

 private:
  friend struct ShellHooks;
  void set_special_variables();
  void set_constants();
  void set_identity();
  void set_directories();
  void set(std::string_view name, std::string_view value);
  void mark(std::string_view name, Attributes on);
  void set_hooks();
  void set_byte_characters(bool bytes);
  void import_environment(std::span<const std::string_view> environment, FunctionImport functions);
  void import_function(std::string_view name, std::string_view text, FunctionImport import);
  void set_compatibility(u32 version);
  void write_report(u32 line, std::string_view builtin, std::string_view message);
  void refresh_expansion_options();

  Options options_;
  u32 compatibility_ = 52;
  ExpansionOptions expansion_options_;
  Variables variables_;
  Functions functions_;
  ProgramEnvironment environment_{variables_, functions_};
  ProgramPaths programs_{variables_, options_};
  WorkingDirectory directory_;
  JobTerminal terminal_;
  BuiltinState builtins_;
  StringMap<std::string> aliases_;
  bool restricted_ = false;
  bool command_rules_ = false;
  Traps traps_;
  Jobs jobs_;
  std::unique_ptr<Expander> expander_;
  Evaluator* evaluator_ = nullptr;
  StackLimit stack_;
  InputAhead input_ahead_;
  Tasks tasks_{input_ahead_};
  Descriptors descriptors_{input_ahead_};

  PositionalParameters parameters_;
  std::string script_name_;
  std::string message_name_;
  CallStack calls_;
  FlowRequest flow_;
  HistoryRecorder recorder_{*this};
  CompletionSpecs completions_;
  KeyBindings key_bindings_;
  RunningCommand running_;
  std::string last_argument_;
  UnitPtr unit_;

  ExitStatus status_ = 0;
  std::vector<ExitStatus> pipe_status_;
  bool importing_ = false;  // the environment
  u32 line_ = 0;
  u32 subshell_level_ = 0;
  i64 subshell_shift_ = 0;  // what an assignment to BASH_SUBSHELL added
  i32 shell_pid_ = 0;
  i32 task_pid_ = 0;
  std::optional<i32> last_background_;
  bool interactive_ = false;
  bool login_ = false;
  bool hosted_ = false;
  bool hooked_ = false;
  char reading_ = 0;
  u64 command_number_ = 0;
  u64 warned_at_ = 0;  // the command that was told of stopped jobs
  ElapsedSeconds seconds_;
  RandomNumbers random_;
};

}  // namespace swebash::engine
