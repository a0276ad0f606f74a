// SPDX-License-Identifier: Apache-2.0
//
// What the expand*.cpp files share: Sink, where the text of a word goes, and Expander::State, the
// expansion itself. Nobody else includes this.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/arithmetic/arith.hpp"
#include "engine/expansion/expand.hpp"
#include "engine/text/pattern.hpp"

namespace swebash::engine {

// A string longer than this, or a brace expansion of more words, is an error instead of a trap.
inline constexpr usize kLongestString = usize{1} << 30;
inline constexpr u64 kMostBraceWords = 10'000'000;
// What one command's words may come to.
inline constexpr usize kMostFields = usize{1} << 24;

enum class Purpose : u8 {
  fields,         // fields: split, matched against pathnames
  string,         // one string
  pattern,        // one string in which quoted characters are escaped for Pattern
  shown_pattern,  // the same, every quoted character escaped
  regex,          // the same for an extended regular expression
  replacement,    // the same for ${x/y/replacement}: quoted & and backslash
  document,       // a here-document: one string, always as in double quotes
};

// How a part is to be taken.
struct Mode {
  bool quoted = false;           // inside double quotes
  bool splits_literals = false;  // an operand such as ${x:-a b}: its unquoted text is split too
  bool keeps_tildes = false;     // in the list of an associative array they are plain text
};

// Where the text of a word goes: the fields it becomes, or one string.
class Sink {
 public:
  Sink(Expander::State& state, Purpose purpose, std::vector<std::string>* out)
      : purpose(purpose), state_(state), out_(out) {}

  // Text that was quoted: opens a field even when empty.
  void quoted(std::string_view text);
  // Unquoted text of the script: not split, may be a pattern.
  void literal(std::string_view text);
  // What an unquoted expansion came to: split at IFS, may be a pattern.
  void expansion(std::string_view text);
  // Ends the current field if there is one ("$@").
  void end_field();
  // The end of the word.
  Expanded<void> finish();

  const Purpose purpose;
  std::string text;         // the field so far, or the string
  bool open = false;        // there is a field, though perhaps empty
  bool too_long = false;    // text beyond kLongestString was dropped: an error
  bool too_many = false;    // fields beyond kMostFields were dropped: an error
  bool empty_list = false;  // a quoted "$@" of no elements: the quotes around it open no field

 private:
  enum class Split : u8 { start, after_space, after_delimiter };

  void note_unquoted(std::string_view text);
  bool has_room(std::string_view value) {
    if (value.size() <= kLongestString - text.size()) return true;
    too_long = true;
    return false;
  }

  Expander::State& state_;
  std::vector<std::string>* out_;
  std::string pattern_;  // fields: `text` as a pattern, once something unquoted may be one
  bool keeps_pattern_ = false;
  Split split_ = Split::start;
  bool no_match_ = false;  // failglob
  std::string failed_pattern_;
};

// What a parameter stands for, before its operator.
struct Place {
  enum class Kind : u8 { variable, positional, special };
  enum class Elements : u8 { none, all_at, all_star, index, key };

  Kind kind = Kind::variable;
  Elements elements = Elements::none;  // $@ and $* too
  char special = 0;                    // @ * # ? - $ !
  std::string_view name;
  i64 number = 0;  // positional, index
  std::string key;
  std::string owned_name;              // what `name` views when it came from indirection
  std::string shown;                   // for messages, when it is not `name` and `subscript`
  const Word* subscript = nullptr;     // as written
  Variable* shadowed = nullptr;        // what is meant instead of the visible binding of `name`
  bool by_reference = false;           // a nameref to an element led here
  bool braced = false;                 // written ${...}
  const Parameter* through = nullptr;  // the ${!x} whose value led here

  [[nodiscard]] bool is_list() const noexcept {
    return elements == Elements::all_at || elements == Elements::all_star;
  }
  [[nodiscard]] bool is_star() const noexcept { return elements == Elements::all_star; }
};

// The numbers of the parameters in a compiled expression.
struct ExpressionOperands {
  i64 numbers[arith::kMostOperands];
  usize count = 0;
  [[nodiscard]] std::span<const i64> span() const noexcept { return {numbers, count}; }
};

class Expander::State final : public VariableArithmetic, public arith::Host {
 public:
  explicit State(ExpansionHost& the_host);

  // --- words (expand_words.cpp) ---
  Expanded<void> words_to_fields(std::span<Word* const> words, std::vector<std::string>& out);
  Expanded<void> word_to_fields(std::span<Part> parts, std::vector<std::string>& out);
  Expanded<void> braces_to_fields(const Word& word, std::vector<std::string>& out);
  Expanded<void> parts(std::span<Part> items, Mode mode, Sink& sink);
  Expanded<void> part(const Part& item, Mode mode, Sink& sink);
  Expanded<std::string> text_of(const Word* word, Purpose purpose, Mode mode);
  Expanded<std::string> command_output(const Part& item);
  // The directory that ~TEXT stands for, if it stands for one.
  std::optional<std::string> tilde(std::string_view text);
  void emit(std::string_view text, Mode mode, Sink& sink);
  void emit_list(std::span<const std::string_view> items, bool star, Mode mode, Sink& sink);

  // --- parameters (expand_parameter.cpp) ---
  Expanded<void> parameter(const Part& item, Mode mode, Sink& sink);
  Expanded<void> parameter_slow(const Part& item, Mode mode, Sink& sink);
  Expanded<void> conditional(const Parameter& p, const Place& place, Mode mode, Sink& sink);
  Expanded<void> alternative(const Parameter& p, Mode mode, Sink& sink);
  Expanded<void> assign_default(const Parameter& p, const Place& place, Mode mode);
  Expanded<void> length(const Place& place, Mode mode, Sink& sink);
  Expanded<void> keys(const Place& place, Mode mode, Sink& sink);
  Expanded<void> prefix_names(const Parameter& p, Mode mode, Sink& sink);
  Expanded<bool> follow_indirection(const Parameter& p, Place& place, Mode mode, Sink& sink);
  Expanded<void> locate(const Parameter& p, Place& place);
  Expanded<void> locate_text(std::string_view text, Place& place);
  Expanded<void> locate_name(std::string_view name, Place& place);
  Expanded<void> locate_subscript(std::string_view subscript, Place& place);
  bool fetch(const Place& place, std::string& scratch, std::string_view& out);
  void fetch_items(const Place& place, std::vector<std::string_view>& out);
  // Whether a list has an element; $@ and $* count as if they had.
  bool has_items(const Place& place);
  std::unexpected<ExpansionError> unbound(const Place& place);
  std::unexpected<ExpansionError> unbound_length(const Place& place);
  // The binding that `place`, a variable or a part of one, is about; null when there is none.
  Variable* binding_of(const Place& place) {
    return place.shadowed != nullptr ? place.shadowed : variables.find_unresolved(place.name);
  }
  // What `place` is called in messages.
  static std::string shown_name(const Place& place);

  // --- operators (expand_operators.cpp) ---
  Expanded<void> operate(const Parameter& p, const Place& place, Mode mode, Sink& sink);
  bool is_beyond(const Place& place, i64 offset);
  bool has_nothing(const Place& place);
  bool tells_attributes(const Parameter& p, const Place& place);
  Expanded<void> slice(const Parameter& p, const Place& place, Mode mode, Sink& sink);
  Expanded<void> slice_list(const Place& place, i64 offset, std::optional<i64> count, Mode mode,
                            Sink& sink);
  Expanded<std::string> replaced(std::string_view subject, const Pattern& pattern,
                                 std::string_view pattern_text, std::string_view replacement,
                                 ParameterOperator op);
  std::string recased(std::string_view subject, const Pattern* pattern, ParameterOperator op);

  // --- transformations (expand_transform.cpp) ---
  void transform(const Parameter& p, const Place& place, Mode mode, Sink& sink);
  void transform_value(const Place& place, char letter, Mode mode, Sink& sink);
  static std::vector<std::string> list_declaration(const Place& place, const Variable* variable,
                                                   std::span<const std::string_view> items);
  std::vector<std::string> transformed_items(const Variable* variable, char letter,
                                             std::span<const std::string_view> items);
  std::string transformed(std::string_view subject, char letter);
  std::string prompt_text(std::string_view text);
  Expanded<std::string> document_text(std::string_view text,
                                      QuoteEscape quotes = QuoteEscape::kept);

  // --- arithmetic (expand_arith.cpp) ---
  Expanded<i64> arithmetic_part(const Part& item);
  // How the parts of an expression were read: as in double quotes, or as those of a word.
  enum class Quotes : u8 { text, removed };
  Expanded<std::string> expression_text(std::span<Part> items, Quotes quotes);
  // `written`: what of the text so far stands in the script, in which subscripts are looked for.
  Expanded<void> expression_parts(std::span<Part> items, Quotes quotes, Mode mode, Sink& sink,
                                  std::string& written);
  Expanded<i64> index_of(const Word& subscript);
  bool read_operands(const arith::Expression& expression, std::span<const Part> items,
                     ExpressionOperands& out);
  bool parameter_number(const Parameter& p, i64& number);
  Expanded<i64> evaluate_expression(std::string_view text, std::string_view prefix = {});
  // evaluate_expression() of an expanded subscript.
  Expanded<i64> evaluate_index(std::string_view text);
  // evaluate_expression() of what `let` is given with assoc_expand_once.
  Expanded<i64> evaluate_with_raw_keys(std::string_view text);
  std::optional<i64> evaluate(std::string_view text) override;
  std::optional<std::string> subscript(std::string_view text, bool associative) override;
  bool variable_number(const arith::VariableUse& use, i64& value) override;
  Result<std::string_view, arith::Error> variable_text(std::string_view name) override;
  Result<void, arith::Error> set_variable(const arith::VariableUse& use, i64 value) override;
  bool is_unbound(const Variable* variable);
  bool is_associative(std::string_view name) override;
  Result<std::string, arith::Error> subscript_key(std::string_view text) override;
  Result<std::string, arith::Error> subscript_index(std::string_view text) override;
  Result<std::string_view, arith::Error> element_text(std::string_view name,
                                                      const arith::Subscript& subscript) override;
  Result<void, arith::Error> set_element(std::string_view name, const arith::Subscript& subscript,
                                         i64 value) override;

  // --- assignments (expand_assign.cpp) ---
  Expanded<void> assign(const Assignment& assignment, const std::string* given);
  Expanded<void> assign_plain(const Assignment& assignment, const std::string* given,
                              AssignMode mode);
  // `shown` is the subscript as written, for a message.
  Expanded<void> store_element(Variable& variable, std::string_view subscript,
                               std::string_view value, AssignMode mode, bool in_list,
                               std::string_view shown = {});
  Expanded<AssignmentValue> evaluate_value(const Assignment& assignment, bool associative);
  Expanded<void> store_list(Variable& variable, AssignmentValue value, AssignMode mode);
  Expanded<std::string> subscript_text(const Word& subscript, bool associative);
  // The same for a subscript that came as text: in a reference, or in the value of a variable.
  // `reference_key` is the one for an operand of a builtin.
  Expanded<std::string> reference_key(std::string_view text) {
    if (host.options().assoc_expand_once) return std::string(text);
    return subscript_value(text, true);
  }
  Expanded<std::string> subscript_value(std::string_view text, bool associative);

  // Reports `message` and answers the error.
  std::unexpected<ExpansionError> fail(std::string_view message, ExitStatus status = kFailure,
                                       FailureReach reach = FailureReach::top_level);
  std::unexpected<ExpansionError> fail(std::string_view message, ExpansionHost::Complaint about);
  // fail() for what costs the line alone, in posix mode too.
  std::unexpected<ExpansionError> fail_line(std::string_view message);
  std::unexpected<ExpansionError> fail(const VariableError& error,
                                       FailureReach reach = FailureReach::top_level);

  // A compiled pattern from the cache, good until the next call.
  const Pattern& compiled(std::string_view text, bool ignore_case,
                          ExtendedPatterns extended = ExtendedPatterns::as_set);

  // 0: no separator; else how a byte separates.
  enum IfsClass : u8 { kNotIfs = 0, kIfsSpace = 1, kIfsDelimiter = 2, kIfsLead = 3 };
  void set_ifs(const std::string* value);

  // Whether unquoted `text` is one field as it stands: nothing splits it, nothing makes it a
  // pattern.
  [[nodiscard]] bool is_plain(std::string_view text) const noexcept {
    for (const char c : text) {
      if (not_plain[static_cast<u8>(c)]) return false;
    }
    return !text.empty();
  }
  // The text of `p`, of one of the shapes, when it is set and no reference; else null.
  [[nodiscard]] const std::string* plain_text(const Parameter& p);

  ExpansionHost& host;
  Variables& variables;
  std::array<u8, 256> ifs_class{};
  std::array<bool, 256> not_plain{};
  bool names_files = true;  // patterns in words become the names of files
  std::string ifs_text;
  bool ifs_set = true;
  bool ifs_null = false;   // set and empty: nothing is split
  std::string ifs_joiner;  // "$*" is joined with it

 private:
  // Text that is parsed and expanded or evaluated while other text is: values may name each other,
  // and themselves. Once that is too deep, all of it fails, up to the text it began with.
  class Nested {
   public:
    explicit Nested(State& state) : state_(state) {
      ++state_.nested_;
      if (state_.overflowed_ || state_.host.stack_left()) return;
      state_.overflowed_ = true;
      state_.host.report("expansion nested too deeply");
    }
    ~Nested() {
      if (--state_.nested_ == 0) state_.overflowed_ = false;
    }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    [[nodiscard]] bool fits() const noexcept { return !state_.overflowed_; }

   private:
    State& state_;
  };

  struct CachedExpression {
    std::string text;
    Arena arena;
    const arith::Expression* expression = nullptr;
    u32 users = 0;
  };
  struct CachedPattern {
    std::string text;
    u8 options = 0xFF;
    std::optional<Pattern> pattern;
  };

  Expanded<i64> evaluated(const arith::Expression& expression, std::string_view prefix,
                          std::span<const i64> operands = {});
  Expanded<i64> arithmetic_failure(const arith::Error& error, std::string_view prefix);

  std::array<std::unique_ptr<CachedExpression>, 128> expressions_;
  static constexpr usize kWays = 4;
  std::array<std::unique_ptr<CachedPattern>, 64> patterns_;
  u32 next_way_ = 0;  // of the entries that share a hash, whose turn it is to go
  // What a callback of the arithmetic failed with, after reporting it.
  std::optional<ExpansionError> callback_error_;
  u32 nested_ = 0;
  bool overflowed_ = false;
  bool in_index_ = false;      // what is evaluated is a subscript
  bool raw_keys_ = false;      // keys in an expression have been expanded
  std::string callback_text_;  // what a view answered to the arithmetic may look at
};

// A hash for the caches.
[[nodiscard]] u32 hash_text(std::string_view text) noexcept;

}  // namespace swebash::engine
