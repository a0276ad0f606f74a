// SPDX-License-Identifier: Apache-2.0
//
// ${...}: parameter expansion (POSIX XCU 2.6.2, and bash's operators).
#include <algorithm>

#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {
namespace {

bool is_name_start(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(int c) { return c >= '0' && c <= '9'; }
bool is_special_parameter(int c) {
  return c == '@' || c == '*' || c == '#' || c == '?' || c == '-' || c == '$' || c == '!';
}
bool is_name(std::string_view text) {
  return !text.empty() && is_name_start(text[0]) &&
         std::ranges::all_of(text, [](char c) { return is_name_start(c) || is_digit(c); });
}
constexpr std::string_view kTransforms = "QEPAaUuLKk";

}  // namespace

bool ParserImpl::parse_braced_parameter(Collector& collector, usize begin, bool quoted) {
  const Level level(*this);
  if (!level.ok()) return false;
  flush(collector);
  const u32 line = input_.line();
  input_.skip_plain(1);
  Parameter* parameter = make<Parameter>();
  parameter->line = line;
  const bool good = parse_parameter_inside(*parameter, quoted, line);
  if (failed()) return false;
  if (!good) {
    // bash: whatever stands between the braces, it is wrong only once it is expanded.
    Collector rest{.mark = parts_.mark()};
    if (!parse_operand_text(rest, quoted ? Operand::quoted_word : Operand::plain_word, '}', line)) {
      return false;
    }
    parts_.drop(rest.mark);
    *parameter = Parameter{};
    parameter->bad = true;
    parameter->line = line;
    bad_.push_back({begin, parameter});
  } else if (parameter->op == ParameterOperator::transform && parameter->transform == 0) {
    bad_.push_back({begin, parameter});
  }
  input_.skip_plain(1);
  Part part;
  part.kind = PartKind::parameter;
  part.quoted = quoted;
  part.parameter = parameter;
  note(begin, NoteKind::substitution);
  part.text = input_.view(begin, input_.position());
  add_part(collector, part);
  return true;
}

// What is said of the wrong expansions since `begin` shows all of `text`, in which they stand: a
// word, an operand, what is between double quotes.
void ParserImpl::show_bad_in(usize begin, std::string_view text) {
  const Word* shown = nullptr;
  while (!bad_.empty() && bad_.back().begin >= begin) {
    if (shown == nullptr) {
      Word* word = make<Word>();
      word->source = text;
      shown = word;
    }
    bad_.back().parameter->word = shown;
    bad_.pop_back();
  }
}

// Leaves the cursor at the closing brace; false, with or without an error, when what stands there
// is no parameter expansion.
bool ParserImpl::parse_parameter_inside(Parameter& parameter, bool quoted, u32 line) {
  input_.skip_continuations();
  int c = input_.peek();
  int next = input_.peek_at(1);
  if ((c == '#' || c == '!') && next == '\\' && input_.peek_at(2) == '\n') {
    // A line that is continued after the prefix.
    const Place before = place();
    input_.skip_plain(1);
    input_.skip_continuations();
    next = input_.peek();
    if (is_name_start(next) || is_digit(next)) {
      (c == '#' ? parameter.length : parameter.indirect) = true;
    } else {
      go_back(before);
    }
  } else if (c == '#' && next != '}' &&
             (is_name_start(next) || is_digit(next) ||
              (is_special_parameter(next) && input_.peek_at(2) == '}'))) {
    parameter.length = true;
    input_.skip_plain(1);
  } else if (c == '!' && (is_name_start(next) || is_digit(next) || next == '@' || next == '*' ||
                          ((next == '#' || next == '?') && !host_.posix()))) {
    parameter.indirect = true;
    input_.skip_plain(1);
  }
  c = input_.peek();
  if (is_name_start(c)) {
    parameter.name = parse_name();
    input_.skip_continuations();
    if (input_.peek() == '[') {
      parameter.subscript = parse_subscript(line);
      if (failed() || parameter.subscript == nullptr || parameter.subscript->source.empty()) {
        return false;
      }
      input_.skip_continuations();
    }
  } else if (is_digit(c)) {
    const usize begin = input_.position();
    while (is_digit(input_.peek_at(0))) input_.skip_plain(1);
    parameter.name = input_.view(begin, input_.position());
  } else if (c == '$' && input_.peek_at(1) == '\'') {
    // bash: the name may be written as $'name'.
    input_.skip_plain(1);
    Collector name{.mark = parts_.mark()};
    if (!parse_ansi_c(name)) return false;
    flush(name);
    if (parts_.mark() != name.mark + 1 || !is_name(parts_[name.mark].text)) return false;
    parameter.name = parts_[name.mark].text;
    parts_.drop(name.mark);
  } else if (is_special_parameter(c)) {
    parameter.name = input_.view(input_.position(), input_.position() + 1);
    input_.skip_plain(1);
  } else {
    return false;
  }
  input_.skip_continuations();
  c = input_.peek();
  const bool changes_case = c == '^' || c == ',' || c == '~';
  if (parameter.name == "#" && !parameter.length && !parameter.indirect &&
      (c == '/' || c == '%' || c == '=' || c == '+') && input_.peek_at(1) == '}') {
    // bash: the length of what is no parameter.
    return false;
  }
  // bash: the name of these ends at no operator that changes case.
  if (changes_case && (parameter.name == "#" || parameter.name == "?" || parameter.name == "-")) {
    return false;
  }
  if (parameter.indirect && (c == '}' || c == '*' || c == '@') &&
      is_name_start(parameter.name[0])) {
    if (c == '}' && parameter.subscript != nullptr &&
        (parameter.subscript->source == "@" || parameter.subscript->source == "*")) {
      parameter.indirect = false;
      parameter.keys = true;
      return true;
    }
    if (c != '}' && input_.peek_at(1) == '}' && parameter.subscript == nullptr) {
      parameter.indirect = false;
      parameter.prefix_names = true;
      parameter.transform = static_cast<char>(c);
      input_.skip_plain(1);
      return true;
    }
  }
  if (c == '}') {
    if (!parameter.length && !parameter.indirect && parameter.subscript == nullptr) {
      note_shape(parameter);
    }
    return true;
  }
  if (parameter.length) return false;
  return parse_parameter_operator(parameter, quoted, line);
}

bool ParserImpl::parse_parameter_operator(Parameter& parameter, bool quoted, u32 line) {
  using enum ParameterOperator;
  const Operand word = quoted ? Operand::quoted_word : Operand::plain_word;
  const auto follows = [this](char expected) {
    input_.skip_continuations();
    if (input_.peek() != expected) return false;
    input_.skip_plain(1);
    return true;
  };
  const auto operand = [&](ParameterOperator op, Operand kind) {
    parameter.op = op;
    parameter.word = parse_operand(kind, '}', line);
    return parameter.word != nullptr;
  };
  const int c = input_.peek();
  constexpr std::string_view kOperators = ":-=?+#%^,~@/";
  if (c == Input::kEnd || kOperators.find(static_cast<char>(c)) == std::string_view::npos) {
    return false;
  }
  input_.skip();
  switch (c) {
    case ':': {
      input_.skip_continuations();
      const int kind = input_.peek();
      if (kind == '-' || kind == '=' || kind == '?' || kind == '+') {
        parameter.colon = true;
        input_.skip_plain(1);
        return operand(kind == '-'   ? use_default
                       : kind == '=' ? assign_default
                       : kind == '?' ? error_if_unset
                                     : use_alternative,
                       word);
      }
      if (kind == '}') return false;
      parameter.op = slice;
      const auto number = [&](int stop) -> const Word* {
        Word* word = parse_operand(Operand::arithmetic, stop, line);
        if (word != nullptr) word->index = compile_index(*word);
        return word;
      };
      parameter.word = number(':');
      if (parameter.word == nullptr) return false;
      if (follows(':')) parameter.replacement = number('}');
      return !failed();
    }
    case '-': return operand(use_default, word);
    case '=': return operand(assign_default, word);
    case '?': return operand(error_if_unset, word);
    case '+': return operand(use_alternative, word);
    case '#':
      return operand(follows('#') ? remove_prefix_long : remove_prefix_short, Operand::pattern);
    case '%':
      return operand(follows('%') ? remove_suffix_long : remove_suffix_short, Operand::pattern);
    case '^': return operand(follows('^') ? upper_all : upper_first, Operand::pattern);
    case ',': return operand(follows(',') ? lower_all : lower_first, Operand::pattern);
    case '~': return operand(follows('~') ? toggle_all : toggle_first, Operand::pattern);
    case '@': {
      input_.skip_continuations();
      const usize begin = input_.position();
      if (!operand(transform, word)) return false;
      // bash: what is no transformation is one that fails, of what is set.
      const std::string_view written = input_.view(begin, input_.position());
      const bool known =
          written.size() == 1 && kTransforms.find(written[0]) != std::string_view::npos;
      parameter.transform = known ? written[0] : '\0';
      return true;
    }
    case '/': {
      parameter.op = replace_first;
      usize literal_first = 0;  // bash: after // a slash belongs to the pattern
      if (follows('/')) {
        parameter.op = replace_all;
        literal_first = 1;
      } else if (follows('#')) {
        parameter.op = replace_prefix;
      } else if (follows('%')) {
        parameter.op = replace_suffix;
      }
      parameter.word = parse_operand(Operand::pattern, '/', line, literal_first);
      if (parameter.word == nullptr) return false;
      if (follows('/')) parameter.replacement = parse_operand(Operand::pattern, '}', line);
      return !failed();
    }
    default: return false;
  }
}

const Word* ParserImpl::parse_subscript(u32 line) {
  const Level level(*this);
  if (!level.ok()) return nullptr;
  input_.skip_plain(1);
  Word* word = parse_operand(Operand::plain_word, ']', line);
  if (word == nullptr) return nullptr;
  word->index = compile_index(*word);
  input_.skip_plain(1);
  return word;
}

const arith::Expression* ParserImpl::compile_index(const Word& word) {
  if (word.source.find_first_of("'\"\\`") != std::string_view::npos) return nullptr;
  return arith::compile_parts(word.parts, *arena_);
}

// Null only with an error. The cursor is left at `stop` or at the closing brace.
Word* ParserImpl::parse_operand(Operand kind, int stop, u32 line, usize literal_first) {
  Collector collector{.mark = parts_.mark()};
  const usize begin = input_.position();
  const u32 begin_line = input_.line();
  if (literal_first != 0 && input_.peek() == stop) {
    add_literal(collector, input_.view(begin, begin + 1), false);
    input_.skip_plain(1);
  }
  if (!parse_operand_text(collector, kind, stop, line)) return nullptr;
  const bool tildes = (kind == Operand::plain_word && stop != ']') || kind == Operand::pattern;
  return finish_word(collector, begin, begin_line, tildes ? WordMode::operand : WordMode::verbatim);
}

bool ParserImpl::parse_operand_text(Collector& collector, Operand kind, int stop, u32 line) {
  const bool quoted = kind == Operand::quoted_word || kind == Operand::arithmetic;
  const char brace = stop == ']' ? ']' : '}';
  usize brackets = 0;
  usize parentheses = 0;  // in a slice: ( ) and ? : keep a colon from ending the offset
  usize questions = 0;
  while (!failed()) {
    const int c = input_.peek();
    const usize begin = input_.position();
    if (c == brace && brackets == 0) return true;
    if (c == stop && brackets == 0 && parentheses == 0 && questions == 0) return true;
    switch (c) {
      case Input::kEnd: return fail_unterminated(stop == ']' ? "]" : "}", line);
      case '$':
        // bash (extquote): $'...' is decoded here even within double quotes.
        if (kind == Operand::quoted_word && input_.peek_at(1) == '\'' && !in_document_ &&
            !host_.posix()) {
          input_.skip_plain(1);
          if (!parse_ansi_c(collector)) return false;
          continue;
        }
        if (!parse_dollar(collector, quoted)) return false;
        continue;
      case '`':
        if (!parse_backquotes(collector, quoted)) return false;
        continue;
      case '\\':
        if (kind == Operand::quoted_word && input_.peek_at(1) == '\'') {
          // An apostrophe that a backslash precedes opens nothing.
          input_.skip_plain(2);
          add_literal(collector, input_.view(begin, begin + 2), true);
        } else if (quoted) {
          add_escape(collector, "$`\"\\}");
        } else if (!parse_quote_or_expansion(collector, c)) {
          return false;
        }
        continue;
      case '"':
        if (kind == Operand::arithmetic) {
          input_.skip_plain(1);
          if (!parse_double_quoted_text(collector, '"', input_.line())) return false;
        } else if (!parse_double_quoted(collector, begin,
                                        quoted ? Escapes::any : Escapes::special)) {
          return false;
        }
        continue;
      case '\'':
        if (kind == Operand::quoted_word && host_.posix()) break;  // an apostrophe
        if (!quoted) {
          if (!parse_single_quoted(collector)) return false;
        } else if (!parse_apostrophes(collector, DoubleQuotes::dropped)) {
          return false;
        }
        continue;
      case '<':
      case '>':
        if (kind == Operand::plain_word && stop == '}' && input_.peek_at(1) == '(') {
          if (!parse_process_substitution(collector)) return false;
          continue;
        }
        break;
      case '[':
        if (stop == ']') ++brackets;
        break;
      case ']':
        if (stop == ']') --brackets;
        break;
      case '(':
        if (stop == ':') ++parentheses;
        break;
      case ')':
        if (stop == ':' && parentheses != 0) --parentheses;
        break;
      case '?':
        if (stop == ':' && parentheses == 0) ++questions;
        break;
      case ':':
        if (stop == ':' && questions != 0 && parentheses == 0) --questions;
        break;
      default: break;
    }
    input_.skip();
    add_literal(collector, input_.view(begin, begin + 1), quoted);
  }
  return false;
}

// bash: within double quotes the apostrophes of ${x:-'...'} stand for themselves, and yet hide a
// brace between them.
bool ParserImpl::parse_apostrophes(Collector& collector, DoubleQuotes quotes) {
  const u32 line = input_.line();
  usize begin = input_.position();
  input_.skip_plain(1);
  add_literal(collector, input_.view(begin, begin + 1), true);
  while (!failed()) {
    begin = input_.position();
    switch (input_.peek()) {
      case Input::kEnd: return fail_unterminated("'", line);
      case '$':
        if (!parse_dollar(collector, true)) return false;
        continue;
      case '`':
        if (!parse_backquotes(collector, true)) return false;
        continue;
      case '\\': add_escape(collector, "$`\"\\"); continue;
      case '"':
        input_.skip_plain(1);
        // They quote nothing that is not quoted already.
        if (quotes == DoubleQuotes::kept) {
          add_literal(collector, input_.view(begin, begin + 1), true);
        }
        continue;
      case '\'':
        input_.skip_plain(1);
        add_literal(collector, input_.view(begin, begin + 1), true);
        return true;
      default:
        input_.skip();
        add_literal(collector, input_.view(begin, begin + 1), true);
        break;
    }
  }
  return false;
}

}  // namespace swebash::engine
