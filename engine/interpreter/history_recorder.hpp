// SPDX-License-Identifier: Apache-2.0
//
// HistoryRecorder: what becomes of the lines that a shell reads while `set -o history` is on.
//
// It replaces history expansions, keeps commands as HISTCONTROL, HISTIGNORE and cmdhist say, and
// brings them to HISTFILE: to the file that a session chooses itself each command as soon as it is
// complete, so that sessions at once lose nothing of each other's; to one that the user
// named at the end, as bash does. Owned by its Shell; not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "engine/history/history.hpp"
#include "engine/history/history_expand.hpp"
#include "engine/interpreter/options.hpp"
#include "engine/variables/vars.hpp"

namespace swebash::engine {

// What a recorder needs of its shell.
class HistoryHost {
 public:
  virtual Variables& variables() = 0;
  virtual const Options& switches() const noexcept = 0;
  // Says "SHELL: line N: message" on standard error.
  virtual void report_message(std::string_view message) = 0;

 protected:
  ~HistoryHost() = default;
};

class HistoryRecorder {
 public:
  // `host` outlives it.
  explicit HistoryRecorder(HistoryHost& host) noexcept : host_(host) {}

  [[nodiscard]] History& history() noexcept { return history_; }
  [[nodiscard]] HistoryExpander& expander() noexcept { return expander_; }
  [[nodiscard]] HistoryExpander::Options expansion_options() const;

  // A line with its newline was read; `continues` a command. It may be replaced by what it expands
  // to: by an empty line when the expansion fails, which has been said then.
  void line_read(std::string& line, bool continues);
  // The command that was read is complete, and not run yet.
  void command_read();

  // Whether the command that runs is the newest entry.
  [[nodiscard]] bool kept() const noexcept { return kept_; }
  // Takes the command that runs out of the history, if it is there.
  void forget_command();
  // Adds an entry as if it had been typed, by the rules of HISTCONTROL and HISTIGNORE.
  void add(std::string text);

  // `set -o history` came on in a script: reads HISTFILE if nothing has been kept yet.
  void load();
  // What is done with HISTFILE at the start of a session, of a shell that was called `name`, and at
  // the end of a shell.
  void start_session(std::string_view name);
  void save();
  // The shell has become one that runs a script.
  void end_session() noexcept { in_session_ = false; }
  // HISTSIZE has changed; nullptr when it was unset.
  void set_size(const std::string* value);
  // Cuts the history file to HISTFILESIZE, if that is set.
  void trim_file();
  // The script has set HISTTIMEFORMAT: files get the times.
  void want_times() noexcept { times_wanted_ = true; }

  [[nodiscard]] History::Times times() const;
  // The value of HISTFILE; empty for none.
  [[nodiscard]] std::string file() const;

 private:
  void keep(std::string_view text);
  [[nodiscard]] bool ignored(std::string_view text) const;
  [[nodiscard]] std::string value(std::string_view name) const;
  void choose_file(std::string_view name);
  [[nodiscard]] bool on(SetOption option) const { return host_.switches().on(option); }
  [[nodiscard]] bool on(ShellOption option) const { return host_.switches().on(option); }

  HistoryHost& host_;
  History history_;
  HistoryExpander expander_;
  std::string lines_;  // of the command that is being read
  bool in_session_ = false;
  bool keeping_ = false;
  bool times_wanted_ = false;
  bool kept_ = false;
  std::string chosen_file_;  // HISTFILE, if the session set it itself
};

}  // namespace swebash::engine
