// SPDX-License-Identifier: Apache-2.0
//
// LineCompleter: one completion of one line. The word and its place are found by complete_line.cpp,
// which also says what comes of it; candidates by complete_by_specification.cpp (`complete`) or
// complete_by_default.cpp (what bash completes by itself). Private to these; lives for one call.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/editing/complete_line.hpp"
#include "engine/editing/line_words.hpp"
#include "engine/interpreter/completion_specs.hpp"

namespace swebash::engine {

// What the completer's sources ask of bytes.
[[nodiscard]] constexpr bool is_in(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}
[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
// Whether a backquote in the first `size` bytes is not closed there.
[[nodiscard]] bool in_backquotes(std::string_view line, usize size);

class LineCompleter {
 public:
  LineCompleter(Executor& executor, std::string_view line, usize point, i32 type, i32 key);

  // What is proposed. Call once.
  LineCompletion run();

 private:
  enum class Position : u8 { argument, command, not_command };

  [[nodiscard]] char at(usize i) const { return i < line_.size() ? line_[i] : '\0'; }
  [[nodiscard]] std::string_view view(usize begin, usize end) const {
    return line_.substr(std::min(begin, line_.size()),
                        end > begin ? end - std::min(begin, line_.size()) : 0);
  }

  // Whether the separator at `index` is a part of something that is none.
  [[nodiscard]] bool no_separator(usize index) const;

  // Whether the word stands where a command may; what could only be an error is refused.
  void find_position();

  // bash: a parenthesis after a word is a syntax error.
  [[nodiscard]] bool is_stray_parenthesis(usize index) const;

  // Whether a specification was found, and nothing else is to be tried.
  bool by_specification();

  // Where `command` begins with a reserved word that nothing is said of, the command after it is
  // meant; bash completes files there.
  void pass_over_reserved(CommandAt& command);

  // By what is said of the command: the options of its specification, if there is one.
  std::optional<u32> find_for(const CommandAt& command, std::string_view name, bool any);

  // Asks the specification of `key`, whose function is called for `name`.
  std::optional<u32> programmable(std::string_view key, std::string_view name,
                                  const CommandAt& command);

  // Puts the text of alias `name` where it stands in `line`; false where there is none.
  bool put_alias(std::string& name, std::string& line, usize& point);

  std::optional<u32> ask(std::string_view key, std::string_view name, const std::string& line,
                         usize point, const CompletionSpec*& last, bool& again);

  static bool same(const CompletionSpec& left, const CompletionSpec& right);

  void by_default();

  // What bash completes by itself, files aside.
  void by_bash_default();

  void add_action(std::string_view action, std::string_view beginning, std::string_view before = {},
                  std::string_view after = {});

  void add_variables();

  void add_users();

  void add_hosts();

  void add_commands();

  // The command, or the file, that ends what follows a backquote.
  void add_in_backquotes();

  // The files that a pattern names.
  void add_matches();

  // The path that a candidate stands for: its directory may be written with a tilde or variables.
  [[nodiscard]] std::string real_path(const std::string& name) const;

  // `path` with its tilde and its variables replaced by what they stand for. Nothing else is: what
  // is completed runs nothing.
  [[nodiscard]] std::string expanded(std::string path);

  void add_files();

  void keep_directories();

  void add_builtin_options();

  // FIGNORE: endings of names that nobody wants to complete, unless there are no others.
  void leave_out_ignored();

  LineCompletion finish();

  [[nodiscard]] bool is_pattern_list() const;

  [[nodiscard]] std::string common_beginning() const;

  Executor& executor_;
  Shell& shell_;
  std::string_view line_;
  usize point_ = 0;
  i32 type_, key_;
  std::string breaks_;
  CompletedWord word_;
  std::string_view text_;
  std::string alias_name_;

  Position position_ = Position::argument;
  bool refused_ = false;        // nothing is to be proposed
  bool commands_only_ = false;  // no file but a directory can begin a command
  bool are_files_ = false;
  bool are_commands_ = false;
  bool marks_links_ = false;
  bool is_variable_ = false;
  bool are_users_ = false;
  bool expands_ = false;  // the directory of the word has variables in it
  std::string written_directory_, directory_;
  bool no_space_ = false, no_quote_ = false, no_sort_ = false;
  std::vector<std::string> found_;
  std::vector<std::pair<std::string, std::string>> descriptions_;
};

}  // namespace swebash::engine
