// SPDX-License-Identifier: Apache-2.0
//
// The typed tree of a parsed script: what the parser makes, the evaluator walks and `declare -f`
// prints.
//
// Nodes are plain structs in the Arena of one Unit (a complete command as it was read); they are
// immutable once parsed, but for the `mutable` caches that name their owner. A tree lives as long
// as its Unit is referenced: the evaluator holds the Unit it runs, a function holds the Unit it was
// defined in. Not thread-safe. Words are POSIX's and bash's.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "engine/text/arena.hpp"

namespace swebash::engine {

struct Assignment;
struct Builtin;
struct Command;
struct Function;
struct List;
struct Name;
struct Word;

namespace arith {
struct Expression;
}

// --- words -----------------------------------------------------------------------------------

enum class ParameterOperator : u8 {
  none,
  // ${x:-word} and friends; `colon` says whether the colon was there.
  use_default,          // -
  assign_default,       // =
  error_if_unset,       // ?
  use_alternative,      // +
  remove_prefix_short,  // #
  remove_prefix_long,   // ##
  remove_suffix_short,  // %
  remove_suffix_long,   // %%
  replace_first,        // /pattern/replacement
  replace_all,          // //
  replace_prefix,       // /#
  replace_suffix,       // /%
  upper_first,          // ^
  upper_all,            // ^^
  lower_first,          // ,
  lower_all,            // ,,
  toggle_first,         // ~
  toggle_all,           // ~~
  slice,                // :offset:length
  transform,            // @Q and friends; `transform` is the letter
};

// The two commonest parameters, which are all there is between the braces.
enum class ParameterShape : u8 {
  other,
  variable,    // $x, ${x}
  positional,  // $1, ${10}: `position`
};

// $x, ${x}, ${x[i]}, ${#x}, ${!x}, ${x<operator>...}
struct Parameter {
  std::string_view name;          // a name, digits, or one of @ * # ? - $ ! 0
  mutable Name* known = nullptr;  // the evaluator's: where its variables keep `name`
  ParameterShape shape = ParameterShape::other;
  u32 position = 0;
  const Word* subscript = nullptr;  // what stands in [ ]; the word "@" or "*" for all elements
  ParameterOperator op = ParameterOperator::none;
  bool colon = false;
  bool length = false;        // ${#x}
  bool indirect = false;      // ${!x}
  bool prefix_names = false;  // ${!prefix@} or ${!prefix*}: `transform` is '@' or '*'
  bool keys = false;          // ${!x[@]} or ${!x[*]}
  char transform = 0;
  const Word* word = nullptr;         // operand: default, pattern, slice offset
  const Word* replacement = nullptr;  // replacement; slice length; null when absent
  // ${...} that is no expansion: "bad substitution" when expanded, of all that `word` shows. With a
  // name: a command substitution of a here-document that cannot be read, the name being what is
  // said of it. A `transform` of no letter is one that there is none of, and as wrong.
  bool bad = false;
  u32 line = 0;
};

enum class PartKind : u8 {
  literal,               // `text`; `quoted` if it came from quotes or a backslash
  double_quoted,         // `parts` between "..." (or $"..."); may be empty
  parameter,             // `parameter`
  command_substitution,  // `list`; $( ) or backquotes
  arithmetic,            // $(( )) or $[ ]: `parts` is the expression's text, as in double quotes
  process_substitution,  // <( ) or >( ): `list`, `output` for >( )
  tilde,                 // ~ or ~user: `text` is what follows the tilde
  brace_list,            // {a,b}: `words`
  brace_range,           // {1..9..2} or {a..e}: `range`
};

struct BraceRange {
  i64 first = 0;
  i64 last = 0;
  i64 step = 0;  // 0: not given
  u8 width = 0;  // zero-padded to this width; 0: not padded
  bool letters = false;
};

struct Part {
  PartKind kind = PartKind::literal;
  bool quoted = false;      // literal: from quotes. Others: stands inside double quotes
  bool output = false;      // process_substitution
  bool backquoted = false;  // command_substitution written with backquotes
  // literal, tilde; what stands between backquotes and is no list; else the part as written
  std::string_view text;
  // What else there is by kind; trees are large, so what excludes each other shares its place.
  union {
    std::span<Part> parts = {};  // double_quoted, arithmetic
    std::span<Word*> words;      // brace_list
  };
  union {
    const Parameter* parameter = nullptr;
    // command_substitution, process_substitution. Null for backquotes whose text does not parse
    // (the error belongs to the moment of expansion) and for an empty $( ).
    const List* list;
    const BraceRange* range;
    // arithmetic: the expression, in which each part that is a parameter is an operand; null when
    // it has to be compiled from the text that `parts` come to.
    const arith::Expression* compiled;
  };
};

struct Word {
  std::span<Part> parts;    // empty for an empty word that was not quoted (`x=`)
  std::string_view source;  // as written
  // Set for a word of the form name=value that stands as an argument of a declaration builtin
  // (declare, typeset, local, export, readonly) whose name was written plainly.
  const Assignment* assignment = nullptr;
  // A subscript: as an index, compiled like Part::compiled.
  const arith::Expression* index = nullptr;
  u32 line = 0;
  bool has_brace = false;  // some part is a brace_list or a brace_range
  bool plain = false;      // one literal that is no pattern: it stands for itself
  // One literal that is a pattern of one `*` and nothing else that is special: the byte after the
  // `*`. 0: it is not.
  u16 after_star = 0;
};

struct ArrayElement {
  const Word* subscript = nullptr;  // [subscript]=value
  const Word* value = nullptr;
  bool append = false;  // [subscript]+=value
};

struct Assignment {
  std::string_view name;
  mutable Name* known = nullptr;    // as Parameter::known
  const Word* subscript = nullptr;  // name[subscript]=
  bool append = false;              // +=
  bool is_array = false;            // name=( ... ): `elements`; else `value`
  const Word* value = nullptr;
  std::span<ArrayElement> elements;
};

// --- redirections ----------------------------------------------------------------------------

enum class RedirectOperator : u8 {
  input,             // <
  output,            // >
  append,            // >>
  clobber,           // >|
  read_write,        // <>
  duplicate_input,   // <&word
  duplicate_output,  // >&word
  both,              // &> or >&word with a word that is no descriptor
  append_both,       // &>>
  here_document,     // << and <<-
  here_string,       // <<<
};

struct Redirect {
  RedirectOperator op = RedirectOperator::input;
  i32 fd = -1;                   // -1: the operator's own
  std::string_view variable;     // {variable}>
  const Word* target = nullptr;  // here_document: the body (as in double quotes, or one literal)
  // here_document, for printing: the delimiter as written, and whether it was <<-.
  std::string_view delimiter;
  bool ampersand_last = false;  // ">&word" that stands for "&>word"
  bool strip_tabs = false;
  bool delimiter_quoted = false;
  u32 line = 0;
};

// --- commands --------------------------------------------------------------------------------

enum class CommandKind : u8 {
  simple,
  group,     // { list; }
  subshell,  // ( list )
  if_clause,
  while_loop,  // and until
  for_loop,
  arith_for,  // for (( ; ; ))
  select_loop,
  case_clause,
  function_definition,
  arith,        // (( ))
  conditional,  // [[ ]]
  coproc,
};

// Base of all; `redirects` are those written after a compound command (or among a simple one's
// words).
struct Command {
  CommandKind kind;
  // The evaluator's: whether it may start something that outlives it, as long as functions are as
  // they were in that state.
  mutable bool may_leave = false;
  mutable u32 may_leave_state = 0;
  u32 line = 0;
  std::span<Redirect> redirects;
};

struct SimpleCommand : Command {
  std::span<Assignment*> assignments;
  std::span<Word*> words;
  bool declares = false;  // some word has an `assignment`
  // The evaluator's: what the name of the command stood for when it was looked for last. It holds
  // where that is a literal and no function has been defined or removed since `functions_state`.
  struct Found {
    u32 functions_state = 0;
    const Builtin* builtin = nullptr;
    const std::shared_ptr<Function>* function = nullptr;
  };
  mutable Found found;
};

struct Pipeline {
  std::span<Command*> commands;       // at least one, but for a bare `!` or `time`
  std::span<const bool> pipe_stderr;  // |& after commands[i]; empty when none was written
  bool negated = false;
  bool timed = false;
  bool time_posix = false;  // time -p
  u32 line = 0;
};

enum class Connector : u8 { and_if, or_if };  // && ||

struct AndOr {
  std::span<Pipeline*> pipelines;
  std::span<Connector> connectors;  // between pipelines[i] and pipelines[i + 1]
  bool background = false;          // ended by &
  std::string_view source;          // as written, for `jobs`
};

struct List {
  std::span<AndOr*> items;
};

struct GroupCommand : Command {
  const List* body = nullptr;
};

struct SubshellCommand : Command {
  const List* body = nullptr;
};

struct IfClause {
  const List* condition = nullptr;
  const List* body = nullptr;
};

struct IfCommand : Command {
  std::span<IfClause> clauses;
  const List* otherwise = nullptr;
};

struct WhileCommand : Command {
  bool until = false;
  const List* condition = nullptr;
  const List* body = nullptr;
};

// for and select
struct ForCommand : Command {
  std::string_view variable;
  mutable Name* known = nullptr;  // as Parameter::known
  bool has_words = false;         // without `in`, the positional parameters
  std::span<Word*> words;
  const List* body = nullptr;
};

struct ArithForCommand : Command {
  // Each a word of kind arithmetic, or null.
  const Word* initial = nullptr;
  const Word* condition = nullptr;
  const Word* step = nullptr;
  const List* body = nullptr;
};

enum class CaseEnd : u8 { stop, fall_through, test_next };  // ;; ;& ;;&

struct CaseItem {
  std::span<Word*> patterns;
  const List* body = nullptr;  // null when empty
  CaseEnd end = CaseEnd::stop;
};

struct CaseCommand : Command {
  const Word* subject = nullptr;
  std::span<CaseItem> items;
};

struct FunctionCommand : Command {
  std::string_view name;
  const Command* body = nullptr;  // a compound command; its redirects belong to each call
  std::string_view source;        // as written
};

struct ArithCommand : Command {
  const Word* expression = nullptr;  // one part of kind arithmetic
};

enum class ConditionKind : u8 { unary, binary, word, negation, conjunction, disjunction };

struct Condition {
  ConditionKind kind = ConditionKind::word;
  std::string_view op;          // unary: -f; binary: == = != =~ < > -eq -nt ...
  const Word* left = nullptr;   // unary, binary, word
  const Word* right = nullptr;  // binary; for == = != a pattern, for =~ a regular expression
  const Condition* first = nullptr;
  const Condition* second = nullptr;
};

struct ConditionalCommand : Command {
  const Condition* condition = nullptr;
};

struct CoprocCommand : Command {
  std::string_view name;  // COPROC when none was written
  const Command* body = nullptr;
};

// --- the unit --------------------------------------------------------------------------------

// What the shell's options make of a text, beside the text itself.
struct Dialect {
  bool extglob = false;
  bool posix = false;
  bool aliases = false;  // some may have been replaced
};

// A text that the trees read from it share with whoever has it.
using SharedText = std::shared_ptr<const std::string>;

// One complete command as it was read (or a whole string, for eval and traps), with its tree.
class Unit {
 public:
  Arena arena;
  SharedText text;             // what the tree was read from in place, if it was
  Dialect dialect;             // as it was read
  const List* list = nullptr;  // null for a blank line
  u32 first_line = 1;

 private:
  friend class UnitPtr;
  u32 references_ = 0;
};

// A counted reference to a Unit.
class UnitPtr {
 public:
  UnitPtr() noexcept = default;
  explicit UnitPtr(Unit* unit) noexcept : unit_(unit) { acquire(); }
  UnitPtr(const UnitPtr& other) noexcept : unit_(other.unit_) { acquire(); }
  UnitPtr(UnitPtr&& other) noexcept : unit_(std::exchange(other.unit_, nullptr)) {}
  UnitPtr& operator=(UnitPtr other) noexcept {
    std::swap(unit_, other.unit_);
    return *this;
  }
  ~UnitPtr() {
    if (unit_ != nullptr && --unit_->references_ == 0) delete unit_;
  }

  [[nodiscard]] Unit* get() const noexcept { return unit_; }
  Unit* operator->() const noexcept { return unit_; }
  Unit& operator*() const noexcept { return *unit_; }
  explicit operator bool() const noexcept { return unit_ != nullptr; }
  void swap(UnitPtr& other) noexcept { std::swap(unit_, other.unit_); }

 private:
  void acquire() noexcept {
    if (unit_ != nullptr) ++unit_->references_;
  }

  Unit* unit_ = nullptr;
};

}  // namespace swebash::engine
