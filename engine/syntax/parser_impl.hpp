// SPDX-License-Identifier: Apache-2.0
//
// ParserImpl: the recursive-descent parser behind parser.hpp, lexer and grammar in one type,
// because in the shell language each needs the other: where a word begins depends on the grammar,
// and `$( )` inside a word is a whole list.
//
// It is cut by aspect: lexer.cpp (tokens, aliases), lexer_heredoc.cpp, word_parser*.cpp (words and
// what stands in them), parser_list.cpp, parser_compound.cpp, parser_conditional.cpp (commands).
// The first error is kept in `error_` and every function then answers with null or false at once;
// parser.cpp turns it into a Result. Not thread-safe; private to the parser's sources.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/arithmetic/arith.hpp"
#include "engine/syntax/ast.hpp"
#include "engine/syntax/lexer_input.hpp"
#include "engine/syntax/parser.hpp"
#include "engine/syntax/parser_notes.hpp"
#include "engine/syntax/reserved_words.hpp"

namespace swebash::engine {

enum class TokenKind : u8 {
  none,  // not read yet
  end,
  newline,
  word,
  number,       // digits right before a redirection operator
  fd_variable,  // {name} right before a redirection operator
  and_if,
  or_if,
  semicolon,
  ampersand,
  pipe,
  pipe_ampersand,
  semi_semi,
  semi_ampersand,
  semi_semi_ampersand,
  open_paren,
  close_paren,
  less,
  great,
  double_less,
  double_less_dash,
  triple_less,
  double_great,
  less_ampersand,
  great_ampersand,
  less_great,
  clobber,
  ampersand_great,
  ampersand_double_great,
};

[[nodiscard]] constexpr bool is_redirect_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::less:
    case TokenKind::great:
    case TokenKind::double_less:
    case TokenKind::double_less_dash:
    case TokenKind::triple_less:
    case TokenKind::double_great:
    case TokenKind::less_ampersand:
    case TokenKind::great_ampersand:
    case TokenKind::less_great:
    case TokenKind::clobber:
    case TokenKind::ampersand_great:
    case TokenKind::ampersand_double_great: return true;
    default: return false;
  }
}

// Where a word stands, which decides what it may be.
enum class Context : u8 {
  command,           // reserved word, alias, assignment
  after_pipe,        // the same, but `time` is a plain word
  after_assignment,  // alias, assignment
  argument,
  loop_head,             // after the name of for and select: reserved word
  declaration_argument,  // assignment, also of an array
  let_argument,          // of let: x=( ... ) is one word
  eval_argument,         // of eval: so is it there, expanded
  pattern,               // of case: `esac` is reserved, nothing else
  no_braces,             // case, [[ ]]: a word without brace expansion
  condition_pattern,     // right of == and != in [[ ]]
  condition_regex,       // right of =~ in [[ ]]
};

struct Token {
  TokenKind kind = TokenKind::none;
  Reserved reserved = Reserved::none;
  bool plain = false;  // a word without quotes and expansions
  Context context = Context::command;
  u32 line = 0;
  usize begin = 0;
  usize end = 0;
  Word* word = nullptr;
  Assignment* assignment = nullptr;  // in a context that takes one
};

// A stack that many levels of the parse share, so that a level's items need no vector of their own.
// The first items stand in the stack itself: a short text, as one of eval, allocates none.
template <class T>
class SharedStack {
 public:
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

  SharedStack() noexcept {}
  SharedStack(const SharedStack&) = delete;
  SharedStack& operator=(const SharedStack&) = delete;
  ~SharedStack() {
    if (capacity_ != kRoom) ::operator delete(static_cast<void*>(items_));
  }

  [[nodiscard]] usize mark() const noexcept { return size_; }
  void push(const T& item) {
    if (size_ == capacity_) {
      const T copy = item;  // it may stand in the stack
      grow();
      std::construct_at(items_ + size_++, copy);
      return;
    }
    std::construct_at(items_ + size_++, item);
  }
  [[nodiscard]] T& back() { return items_[size_ - 1]; }
  [[nodiscard]] T& operator[](usize index) { return items_[index]; }
  void drop(usize mark) noexcept { size_ = mark; }
  // What was pushed since `mark`, copied to `arena`.
  [[nodiscard]] std::span<T> copy(usize mark, Arena& arena) const {
    const usize count = size_ - mark;
    if (count == 0) return {};
    auto* place = static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T)));
    for (usize i = 0; i < count; ++i) std::construct_at(place + i, items_[mark + i]);
    return {place, count};
  }
  // copy(), and taken off.
  [[nodiscard]] std::span<T> take(usize mark, Arena& arena) {
    const std::span<T> copied = copy(mark, arena);
    size_ = mark;
    return copied;
  }

 private:
  static constexpr usize kRoom = sizeof(T) > 16 ? 4 : 16;

  void grow() {
    const usize capacity = capacity_ * 2;
    auto* place = static_cast<T*>(::operator new(capacity * sizeof(T)));
    std::uninitialized_copy_n(items_, size_, place);
    if (capacity_ != kRoom) ::operator delete(static_cast<void*>(items_));
    items_ = place;
    capacity_ = capacity;
  }

  alignas(T) std::byte room_[kRoom * sizeof(T)];
  T* items_ = reinterpret_cast<T*>(room_);
  usize size_ = 0;
  usize capacity_ = kRoom;
};

class ParserImpl {
 public:
  ParserImpl(LineSource* source, ParserHost& host, u32 first_line);

  // See Parser::next().
  [[nodiscard]] Result<UnitPtr, SyntaxError> next();
  // All input as one unit.
  [[nodiscard]] Result<UnitPtr, SyntaxError> whole(usize size_hint);
  // See parse_as_double_quoted().
  [[nodiscard]] Result<const Word*, SyntaxError> double_quoted_text(std::string_view text,
                                                                    Unit& unit, QuoteEscape quotes);

  // See observe_text().
  [[nodiscard]] ObservedText observe(std::string_view text, ParserObserver& observer);

  [[nodiscard]] u32 line() const noexcept { return input_.line(); }

 private:
  // Deep enough for any script, shallow enough for the stack of a wasm instance.
  static constexpr u32 kMaxNesting = 600;
  static constexpr u32 kMaxElifs = 4096;  // in each other; bash's parser takes some 2,400

  struct HereDocument {
    Word* body;
    std::string_view delimiter;  // after quote removal
    bool quoted;
    bool strip_tabs;
  };

  // A place to come back to.
  struct Place {
    usize position;
    u32 line;
    Token token;
    usize last_end;
    usize parts, words, assignments, redirects, elements, and_ors, pipelines, connectors, commands,
        clauses, items, here_documents;
  };

  // One level of nesting, for as long as it lives.
  class Level {
   public:
    explicit Level(ParserImpl& parser) noexcept : parser_(parser) { ++parser_.depth_; }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    // False, with an error, when the nesting has become too deep.
    [[nodiscard]] bool ok() const {
      return parser_.depth_ <= kMaxNesting || parser_.fail_nesting();
    }

   private:
    ParserImpl& parser_;
  };

  // The literal that is being collected and the parts collected before it.
  struct Collector {
    usize mark = 0;
    std::string_view text;    // the literal, when it stands in one piece
    bool in_scratch = false;  // it stands in scratch_
    bool open = false;
    bool quoted = false;
  };

  // A ${...} that is wrong, where it begins, until it is known what is shown of it.
  struct BadParameter {
    usize begin;
    Parameter* parameter;
  };

  // Another text in place of the input, for as long as it lives: a here-document's body, the text
  // between backquotes.
  class Detour {
   public:
    Detour(ParserImpl& parser, std::string_view text, u32 line);
    ~Detour();
    Detour(const Detour&) = delete;
    Detour& operator=(const Detour&) = delete;

   private:
    ParserImpl& parser_;
    Input input_;
    Token token_;
    ParserObserver* observer_;
    usize last_end_;
    bool alias_next_;
    bool in_substitution_;
    std::vector<HereDocument> here_documents_;
    std::vector<usize> no_arithmetic_;
    std::vector<BadParameter> bad_;
  };

  // --- parser.cpp
  bool fail(std::string message, u32 line, usize position, Missing missing = Missing::nothing);
  bool fail_unexpected();  // at the current token
  bool fail_unterminated(std::string_view closer, u32 line);
  // What is said too when a quote or a bracket was open at the end of the input.
  void add_to_error(std::string_view detail);
  bool fail_nesting();
  void start_unit(Unit& unit);
  [[nodiscard]] SyntaxError take_error();
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  void note(usize begin, NoteKind kind) {  // from `begin` to the cursor
    if (observer_ != nullptr) observer_->note(begin, input_.position(), kind);
  }
  void note_token(const Token& token);
  // drop_token() for one that is a `kind`, which only the grammar knows.
  void note_dropped(NoteKind kind) {
    const usize begin = token_.begin, end = token_.end;
    drop_token();
    if (observer_ != nullptr) observer_->note(begin, end, kind);
  }
  [[nodiscard]] Place place() const;
  // Takes the stacks back to `place`.
  void drop_to(const Place& place);
  // drop_to(), and the cursor too.
  void go_back(const Place& place);
  template <class T>
  T* make() {
    return arena_->make<T>();
  }

  // --- lexer.cpp
  const Token& peek(Context context = Context::command) {
    if (token_.kind == TokenKind::none) read_token(context);
    return token_;
  }
  // Takes the current token. Requires: peek() was called.
  Token take();
  // take() for one that nobody wants.
  void drop_token();
  bool take_if(TokenKind kind);
  [[nodiscard]] bool at(TokenKind kind, Context context = Context::command) {
    return peek(context).kind == kind;
  }
  [[nodiscard]] bool at(Reserved reserved) { return peek().reserved == reserved; }
  bool expect(Reserved reserved);
  void read_token(Context context);
  void read_operator(int c);
  bool read_word_token(Context context);
  bool read_any_word(Context context, bool alias_here);
  bool expand_alias();
  void skip_blanks();
  void skip_newlines(Context context = Context::command);  // newline tokens
  [[nodiscard]] std::string_view text_of(const Token& token) const {
    return input_.view(token.begin, token.end);
  }

  // --- lexer_heredoc.cpp
  void read_here_documents();
  void read_here_document(const HereDocument& document);
  void warn_unended(const HereDocument& document, u32 first_line, u32 line);
  void parse_here_body(Word& body, std::string_view text, u32 line);

  // --- word_parser.cpp
  enum class WordMode : u8 {
    ordinary,
    no_braces,  // assignments' values, case, [[ ]]
    pattern,    // no_braces, with extended patterns
    regex,      // right of =~
    operand,    // of ${...}
    verbatim,   // no tildes either
    assigned,   // no_braces; tildes as in an assignment
  };
  static WordMode word_mode(Context context);
  Word* parse_word(WordMode mode);
  Word* parse_plain_word(Context context);
  // A word and its only part.
  struct PlainWord {
    Word word;
    Part part;
  };
  // What parse_plain_word() made `word` as; null where it did not.
  static PlainWord* plain_word_of(Word* word) noexcept;
  bool parse_word_parts(Collector& collector, WordMode mode);
  bool parse_quote_or_expansion(Collector& collector, int c);
  Word* finish_word(Collector& collector, usize begin, u32 line, WordMode mode);
  bool parse_single_quoted(Collector& collector);
  bool skip_single_quoted(u32 line);
  // What a backslash within double quotes takes its meaning from.
  enum class Escapes : u8 {
    special,    // $ ` " \ and the newline; not the quote where none closes the text
    quote_too,  // and the quote even there
    any,        // every character: bash, quotes within the quoted word of ${...}
  };
  bool parse_double_quoted(Collector& collector, usize begin, Escapes escapes = Escapes::special);
  bool parse_double_quoted_text(Collector& collector, int closer, u32 line,
                                Escapes escapes = Escapes::special);
  bool parse_ansi_c(Collector& collector);
  static std::string decode_ansi_c(std::string_view text);
  bool parse_parenthesised_pattern(Collector& collector);
  void add_literal(Collector& collector, std::string_view text, bool quoted);
  void add_escape(Collector& collector, std::string_view escapable);
  void add_any_escape(Collector& collector);
  void add_part(Collector& collector, const Part& part);
  void flush(Collector& collector);

  // --- word_parser_dollar.cpp
  void show_bad_in(usize begin, std::string_view text);
  std::string_view parse_name();
  bool parse_dollar(Collector& collector, bool quoted);
  bool parse_command_substitution(Collector& collector, usize begin, bool quoted);
  bool parse_process_substitution(Collector& collector);
  bool parse_backquotes(Collector& collector, bool quoted);
  const List* parse_backquoted_text(std::string_view text, u32 line);
  const List* parse_nested_list();
  bool parse_arithmetic(Collector& collector, usize begin, bool quoted);
  bool parse_old_arithmetic(Collector& collector, usize begin, bool quoted);
  void add_arithmetic(Collector& collector, Collector& inner, usize begin, bool quoted);
  bool parse_arithmetic_text(Collector& collector, int closer, u32 line);
  void note_no_arithmetic(usize position);

  // --- word_parser_parameter.cpp
  enum class Operand : u8 { plain_word, quoted_word, pattern, arithmetic };
  static void note_shape(Parameter& parameter);
  bool parse_braced_parameter(Collector& collector, usize begin, bool quoted);
  bool parse_parameter_inside(Parameter& parameter, bool quoted, u32 line);
  bool parse_parameter_operator(Parameter& parameter, bool quoted, u32 line);
  const Word* parse_subscript(u32 line);
  const arith::Expression* compile_index(const Word& word);
  Word* parse_operand(Operand kind, int stop, u32 line, usize literal_first = 0);
  bool parse_operand_text(Collector& collector, Operand kind, int stop, u32 line);
  // Whether a double quote between apostrophes stays, which quotes nothing there.
  enum class DoubleQuotes : u8 { kept, dropped };
  bool parse_apostrophes(Collector& collector, DoubleQuotes quotes);

  // --- word_parser_assignment.cpp
  [[nodiscard]] bool at_assignment();
  [[nodiscard]] bool at_array_assignment() const;
  Assignment* parse_assignment(Context context);
  bool parse_assigned(Assignment& assignment, Collector& collector, usize shown_from);
  void read_assigned(Assignment& assignment, Context context, Collector& collector, usize begin);
  bool parse_array(Assignment& assignment);
  void parse_element_subscript(ArrayElement& element);
  void add_elements(const Assignment& assignment, Collector& collector, std::string_view opening);

  // --- word_parser_braces.cpp
  enum class TildeMode : u8 { word_start, assignment_value };
  struct BracePiece;
  void split_word_tildes(usize mark, WordMode mode);
  void split_tildes(usize mark, TildeMode mode, usize skip);
  bool expand_braces(usize mark);
  void build_braces(std::vector<BracePiece>& pieces, usize from, usize to, Collector& collector,
                    bool& any);

  // --- parser_list.cpp
  List* parse_list();  // newlines may stand before and between
  List* parse_line();  // up to a newline or the end
  AndOr* parse_and_or();
  Pipeline* parse_pipeline();
  Command* parse_command(Context context);
  Command* parse_simple_command(Context context);
  bool parse_redirect();
  void classify_duplicate(Redirect& redirect, bool plain);
  bool add_here_document(Redirect& redirect, const Token& token);
  [[nodiscard]] bool at_redirect(Context context);
  [[nodiscard]] bool at_command();
  bool parse_redirects_of(Command& command);

  // --- parser_compound.cpp
  Command* parse_compound();  // null without an error when there is none
  Command* parse_compound_body(Reserved reserved);
  Command* parse_group();
  Command* parse_parenthesised();
  Command* parse_if();
  Command* parse_while(bool until);
  Command* parse_for(CommandKind kind);
  Command* parse_arith_for(u32 line);
  Command* parse_case();
  bool parse_case_item(CaseItem& item);
  const List* parse_loop_body();
  Word* parse_arithmetic_word(int closer, bool& ended);

  // --- parser_function.cpp
  Command* parse_function_keyword();
  Command* parse_function_body(std::string_view name, u32 line, usize begin);
  Command* parse_coproc();

  // --- parser_conditional.cpp
  Command* parse_conditional();
  Condition* parse_condition_or();
  Condition* parse_condition_and();
  Condition* parse_condition_term();
  Condition* parse_condition_after(const Word* left);
  bool fail_condition(std::string_view before, std::string_view after);
  bool fail_in_condition(std::string message);
  [[nodiscard]] bool at_condition_end();

  ParserHost& host_;
  ParserObserver* observer_ = nullptr;
  SharedText shared_text_;
  Input input_;
  Arena* arena_ = nullptr;
  PlainWord* spare_ = nullptr;  // of this arena, that nobody needs any more
  Token token_;
  usize last_end_ = 0;  // where the last taken token ended
  bool has_aliases_ = false;
  bool alias_next_ = false;
  bool in_substitution_ = false;
  bool failed_in_substitution_ = false;
  bool in_document_ = false;        // in the body of a here-document
  usize item_ = 0;                  // where in it what is read now began
  bool in_assigned_value_ = false;  // right of the = of an assignment: a colon may precede a tilde
  u32 depth_ = 0;
  u32 elifs_ = 0;  // that what is parsed now stands in

  SharedStack<Part> parts_;
  SharedStack<Word*> words_;
  SharedStack<Assignment*> assignments_;
  SharedStack<Redirect> redirects_;
  SharedStack<ArrayElement> elements_;
  SharedStack<AndOr*> and_ors_;
  SharedStack<Pipeline*> pipelines_;
  SharedStack<Connector> connectors_;
  SharedStack<Command*> commands_;
  SharedStack<IfClause> clauses_;
  SharedStack<CaseItem> items_;
  std::vector<HereDocument> here_documents_;
  std::vector<usize> no_arithmetic_;  // places in input_ where no arithmetic begins after "(("
  std::vector<BadParameter> bad_;
  std::string scratch_;

  bool failed_ = false;
  bool too_deep_ = false;
  SyntaxError error_;
};

}  // namespace swebash::engine
