// SPDX-License-Identifier: Apache-2.0
//
// Expander: words of the tree to text, by POSIX XCU 2.6 and bash's rules.
//
// One Expander belongs to one shell and reaches the rest of it through ExpansionHost. It runs
// brace, tilde, parameter, command and arithmetic expansion, field splitting, pathname expansion
// and quote removal, and the assignments. Failures have been reported when they come back as
// ExpansionError; nothing is thrown. Not thread-safe; reentrant (a substitution may expand words
// itself).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/integers.hpp"
#include "base/result.hpp"
#include "engine/syntax/ast.hpp"
#include "engine/syntax/parser.hpp"
#include "engine/system/exit_status.hpp"
#include "engine/variables/vars.hpp"

namespace swebash::engine {

// What a failed expansion ends.
enum class FailureReach : u8 {
  command,    // the command it stands in fails with `status`; the script goes on
  top_level,  // the whole command read at the top level is abandoned; a script goes on with the
              // next
  shell,      // a shell that is not interactive exits; an interactive one returns to its prompt
};

struct ExpansionError {
  // With reach `shell` it is bash's for -c and standard input, 127; from a script file bash has 1.
  ExitStatus status = kFailure;
  FailureReach reach = FailureReach::top_level;
  // A subscript is no number, which fails more than the (( )), the [[ ]] or the builtin it is in.
  bool in_subscript = false;
  bool arithmetic = false;  // an expression was wrong
  // With reach `top_level`. bash: some failures cost the line in posix mode too, where others end
  // the shell.
  bool costs_line = false;
};

template <class T>
using Expanded = Result<T, ExpansionError>;

// The options of `set` and `shopt` that expansion heeds; the shell keeps them current.
struct ExpansionOptions {
  bool nounset = false;
  bool noglob = false;
  bool braceexpand = true;
  bool posix = false;
  bool interactive = false;
  bool extglob = false;
  bool nullglob = false;
  bool failglob = false;
  bool dotglob = false;
  bool nocaseglob = false;
  bool nocasematch = false;
  bool globstar = false;
  bool globskipdots = true;
  bool patsub_replacement = true;
  bool promptvars = true;
  bool assoc_expand_once = false;
  // Set from LC_ALL, LC_CTYPE and LANG: characters are bytes.
  bool byte_characters = false;
};

// What the expander needs of its shell.
class ExpansionHost {
 public:
  virtual ~ExpansionHost() = default;

  virtual Variables& variables() = 0;
  virtual const ExpansionOptions& options() = 0;
  virtual ParserHost& parser_host() = 0;

  // $1 and on; $0; $? $$ $! $-
  virtual std::span<const std::string> positional() = 0;
  virtual std::string_view script_name() = 0;
  virtual ExitStatus last_status() = 0;
  virtual i32 shell_pid() = 0;
  virtual std::optional<i32> last_background_pid() = 0;
  virtual std::string option_letters() = 0;

  // Runs $( ) or backquotes and answers what it wrote, newlines and all. `part` is of kind
  // command_substitution; a null list with `backquoted` is text for the host to parse and report.
  virtual Expanded<std::string> run_command_substitution(const Part& part) = 0;
  // Starts <( ) or >( ) and answers the path that stands for it.
  virtual Expanded<std::string> start_process_substitution(const Part& part) = 0;

  // What a message is about, where that decides who is named in front of it.
  enum class Complaint : u8 {
    other,
    expression,  // an arithmetic expression is wrong
    readonly,    // a variable is
    unnamed      // a subscript is wrong or lacks, a variable has no value
  };
  // Says "SHELL: line N: message" on standard error.
  virtual void report(std::string_view message, Complaint about) = 0;
  void report(std::string_view message) { report(message, Complaint::other); }
  void report_variable(const VariableError& error) {
    const bool readonly = error.reason == VariableError::Reason::readonly;
    report(error.message, readonly ? Complaint::readonly : Complaint::other);
  }
  // The same where it is a subscript that could not be evaluated: no builtin is named, and the one
  // that runs is the last of its line.
  virtual void report_subscript(std::string_view message) { report(message); }
  // Says that a command substitution in line `line` cannot be read; `text` is the line, if that is
  // to be shown.
  virtual void report_substitution(u32 line, std::string_view message, std::string_view text) {
    static_cast<void>(line);
    static_cast<void>(text);
    report(message);
  }
  // Whether text within text within text may be expanded further.
  virtual bool stack_left() { return true; }
  // The home directory of `user` (never empty here), when there is such a user.
  virtual std::optional<std::string> home_of(std::string_view user) = 0;
  // ~+ ~- are PWD and OLDPWD; ~N ~+N ~-N ask here: the N-th entry of the directory stack, from the
  // left, or (from_right) from the right.
  virtual std::optional<std::string> directory_stack_entry(usize index, bool from_right) = 0;

  // What stands behind \j \l \! \# \s \u \h \$ in a prompt.
  struct PromptFacts {
    usize jobs = 0;
    std::string terminal;  // basename of the terminal device
    usize history_number = 1;
    usize command_number = 1;
    std::string shell_name;  // basename of $0
    std::string user;
    std::string host;  // with its domain
    bool superuser = false;
  };
  virtual PromptFacts prompt_facts() = 0;
};

// The right-hand side of an assignment, expanded and not yet stored.
struct AssignmentValue {
  struct Element {
    std::optional<std::string> subscript;  // expanded text of [subscript]
    std::string text;
    bool append = false;
    const ArrayElement* written = nullptr;  // of an associative array
  };
  std::string text;                      // scalar
  std::optional<std::string> subscript;  // of an operand of declare, expanded
  bool declared = false;                 // by declare or a relative
  std::vector<Element> elements;         // array
};

// Where extglob's patterns are known: [[ ]] has them whatever the option says.
enum class ExtendedPatterns : u8 { as_set, always };

// Whether the brackets in the subscript of a reference must match.
enum class Brackets : u8 { balanced, any };

// A reference to a variable or an element, from text such as "a[i+1]" (read, printf -v, unset).
struct Reference {
  std::string_view name;
  std::string_view subscript;
  bool has_subscript = false;
};

class Expander {
 public:
  // `host` must outlive the expander. Becomes the arithmetic of the host's variables.
  explicit Expander(ExpansionHost& host);
  ~Expander();
  Expander(const Expander&) = delete;
  Expander& operator=(const Expander&) = delete;

  // --- words ---
  // Expands a command's words in full and appends the fields.
  Expanded<void> fields(std::span<Word* const> words, std::vector<std::string>& out);
  Expanded<void> fields(const Word& word, std::vector<std::string>& out);
  // The same, but patterns name no files, whatever the options say: the list of compgen -W. What
  // its substitutions run expands as ever.
  Expanded<void> fields_without_files(std::span<Word* const> words, std::vector<std::string>& out);

  // One string, without splitting, pathname or brace expansion: the right side of an assignment, a
  // case subject, a here-string, a redirection in posix mode.
  Expanded<std::string> string(const Word& word);
  Expanded<void> append_string(const Word& word, std::string& out);
  // The target of a redirection: fields() that must be exactly one. Errors: "x: ambiguous
  // redirect".
  Expanded<std::string> redirect_target(const Word& word);
  // As pattern text, in which a backslash precedes what was quoted: case, [[ == ]], ${x#...}.
  Expanded<std::string> pattern(const Word& word);
  // The same, with a backslash before every quoted character.
  Expanded<std::string> shown_pattern(const Word& word);
  // As an extended regular expression in which what was quoted stands for itself: [[ =~ ]].
  Expanded<std::string> regex(const Word& word);
  // The body of a here-document.
  Expanded<std::string> here_document(const Word& word);
  // `text` as in double quotes: PS1 (after escapes), PS4.
  Expanded<std::string> expand_text(std::string_view text);
  // PS0 PS1 PS2 PS4: the escapes of PROMPTING, then expand_text().
  std::string prompt(std::string_view text);

  // --- arithmetic ---
  // The value of a Part of kind arithmetic, or of a word of one such part ((( )), for (( ))).
  Expanded<i64> arithmetic(const Part& part);
  Expanded<i64> arithmetic(const Word& word);
  // The expression of such a word with its expansions made, for arithmetic_text().
  Expanded<std::string> arithmetic_source(const Word& word);
  // The value of an expression that is text already (let, declare -i, [[ -eq ]], subscripts).
  Expanded<i64> arithmetic_text(std::string_view text);
  // The same for an operand of `let`, whose keys assoc_expand_once takes as they are.
  Expanded<i64> let_text(std::string_view text);
  // The text of an expression that is a word, or of the reference of [[ -v ]]: what expansions
  // within subscripts come to is quoted, so that evaluating expands it no further.
  Expanded<std::string> expression(const Word& word);

  // --- assignments ---
  // Expands and stores in one go, in the visible variable; the value is `given` where it has been
  // expanded already.
  Expanded<void> assign(const Assignment& assignment, const std::string* given = nullptr);
  // The same in two steps, for `local x=$x`: evaluate() before the variable is made, then store().
  // `associative` says what the target is, or is going to be.
  Expanded<AssignmentValue> evaluate(const Assignment& assignment, bool associative);
  // Errors: readonly, bad subscript: reported.
  Expanded<void> store(const Assignment& assignment, AssignmentValue value, Variable& variable);
  // Parses "( [k]=v ... )" that came as text (declare "a=(1 2)") and stores it.
  Expanded<void> store_compound_text(std::string_view text, Variable& variable, AssignMode mode);

  // --- references given as text ---
  // Splits "name" or "name[subscript]"; empty when the name is not valid.
  [[nodiscard]] static std::optional<Reference> parse_reference(
      std::string_view text, Brackets brackets = Brackets::balanced);
  // parse_reference() of an operand of a builtin: with assoc_expand_once its subscript has been
  // expanded, and may hold brackets and quotes.
  [[nodiscard]] std::optional<Reference> operand_reference(std::string_view text) const;
  // Assigns to "name" or "name[subscript]" by all rules. Errors: reported.
  Expanded<void> assign_reference(std::string_view reference, std::string_view value,
                                  AssignMode mode = AssignMode::replace);
  // Unsets "name[subscript]" (name[@] clears an array's elements). Errors: reported.
  Expanded<void> unset_reference(const Reference& reference);
  // Whether `test -v reference` holds, or `[[ -v ]]`, whose text is expression()'s.
  enum class Keys : u8 { operand, quoted };
  Expanded<bool> is_set_reference(std::string_view reference, Keys keys = Keys::operand);

  // --- patterns ---
  // Whether `subject` matches `word`, taken as a pattern: case, [[ == ]]. Heeds nocasematch, and
  // extglob where it is not always on. Requires: expanding `word` leaves `subject` alone.
  Expanded<bool> matches(std::string_view subject, const Word& word,
                         ExtendedPatterns extended = ExtendedPatterns::as_set);

  // Tells the expander that IFS has changed; `value` is null when unset.
  void set_ifs(const std::string* value);
  // What "$*" is joined with.
  [[nodiscard]] std::string_view ifs_joiner() const noexcept;
  [[nodiscard]] const std::string* ifs() const noexcept;

  class State;  // expand_internal.hpp

 private:
  std::unique_ptr<State> state_;
};

}  // namespace swebash::engine
