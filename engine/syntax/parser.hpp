// SPDX-License-Identifier: Apache-2.0
//
// The parser: text to tree, one complete command at a time (POSIX XCU 2.10, and bash's additions).
//
// A Parser reads lines from a LineSource as it needs them, so that a script runs as it is read, an
// alias defined on one line holds on the next, and a session at a terminal can prompt for more. It
// executes nothing and makes no syscall of its own. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "engine/syntax/ast.hpp"

namespace swebash::engine {

// Where script text comes from.
class LineSource {
 public:
  virtual ~LineSource() = default;
  // Puts the next line into `line`, with its newline if it has one; false at the end of input.
  // `continues` says that a command has begun and is not complete (a terminal shows PS2).
  virtual bool read_line(std::string& line, bool continues) = 0;
  // A source that has all of its text has trees share it, line by line: it is asked for this and
  // not for read_line(). Each line ends in a newline, none holds a NUL byte. Null: there is none.
  [[nodiscard]] virtual SharedText shared_text() const { return nullptr; }
  // The next line of shared_text(), in place; empty at the end.
  virtual std::string_view next_line(bool continues) {
    static_cast<void>(continues);
    return {};
  }
  // Whether it is known that no command is left.
  [[nodiscard]] virtual bool at_end() const noexcept { return false; }
};

// `text` as LineSource::shared_text() must be.
[[nodiscard]] SharedText share_text(std::string text);

// A LineSource over text in memory, which must outlive it.
class TextSource final : public LineSource {
 public:
  explicit TextSource(std::string_view text) noexcept : rest_(text) {}
  bool read_line(std::string& line, bool continues) override;
  // What no line has been read of yet.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

// What the parser asks of the shell while it reads.
class ParserHost {
 public:
  virtual ~ParserHost() = default;
  // Whether find_alias() may find any, until the next command is read.
  virtual bool has_aliases() { return true; }
  // The text of alias `name`, when aliases are to be expanded and there is one.
  virtual std::optional<std::string_view> find_alias(std::string_view name) = 0;
  virtual bool extglob() = 0;
  virtual bool posix() = 0;
  // Says a warning that is no error (a here-document ended by the end of file).
  virtual void warn(u32 line, std::string_view message) = 0;
};

// What ends with the text that could not be read.
enum class SyntaxErrorReach : u8 {
  input,      // all of the input, with the status of a usage error
  line,       // the line; the input goes on after it, unless in posix mode (a compound assignment)
  condition,  // all of the input, with the status from before ([[ ]])
};

// What more text could have brought.
enum class Missing : u8 {
  nothing,  // no text could make it right
  rest,     // of a command
  closer,   // of a quote or a bracket
};

struct SyntaxError {
  // As bash words it, without position: "syntax error near unexpected token `)'". Empty where bash
  // says nothing, which it does in [[ ]] alone.
  std::string message;
  u32 line = 0;      // of the script, from 1
  std::string text;  // the line it is in, without newline
  usize column = 0;  // byte in `text` where the offending token begins
  Missing missing = Missing::nothing;
  std::string detail;   // what is shown in the place of the line; empty: the line
  u32 detail_line = 0;  // the line of `detail`; 0: `line`
  SyntaxErrorReach reach = SyntaxErrorReach::input;
  // bash: where a quote or a bracket is open at the end, a script's status stays as it was, unless
  // that was success.
  bool keeps_status = false;
};

class Parser {
 public:
  // `source` and `host` must outlive the parser. `first_line` numbers the first line read.
  Parser(LineSource& source, ParserHost& host, u32 first_line = 1);
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // The next complete command: a Unit (whose list is null for a blank line), or an empty UnitPtr at
  // the end of input. After an error the rest of the current line is gone; calling again goes on
  // with the next.
  [[nodiscard]] Result<UnitPtr, SyntaxError> next();

  // The line the next token will come from.
  [[nodiscard]] u32 line() const noexcept;

 private:
  struct State;
  State* state_;
};

// All of `text` as one Unit: for eval, traps, `.` of a string, backquotes.
[[nodiscard]] Result<UnitPtr, SyntaxError> parse_text(std::string_view text, ParserHost& host,
                                                      u32 first_line = 1);

// What a backslash before a double quote is in text that is read as if it stood between them.
enum class QuoteEscape : u8 { kept, removed };

// `text` as one word in the way a here-document's body is read (expansions, no quotes but
// backslash), in `unit`'s arena. In a prompt (PS1, PS4, `${x@P}`) `\"` is a quote.
[[nodiscard]] Result<const Word*, SyntaxError> parse_as_double_quoted(
    std::string_view text, ParserHost& host, Unit& unit, QuoteEscape quotes = QuoteEscape::kept);

}  // namespace swebash::engine
