// SPDX-License-Identifier: Apache-2.0
//
// Assignments: name=value, name+=value, name[subscript]=value and name=(...).
#include <algorithm>
#include <utility>

#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {
namespace {

bool is_name_start(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_byte(int c) { return is_name_start(c) || (c >= '0' && c <= '9'); }
bool ends_word(int c) {
  return c == Input::kEnd ||
         std::string_view(" \t\n;&|<>()").find(static_cast<char>(c)) != std::string_view::npos;
}

}  // namespace

// Whether an assignment may begin at the cursor: a name and "=", "+=" or "[".
bool ParserImpl::at_assignment() {
  if (!is_name_start(input_.peek_at(0))) return false;
  usize i = 1;
  while (is_name_byte(input_.peek_at(i))) ++i;
  int c = input_.peek_at(i);
  if (const usize at = c == '+' ? i + 1 : i;
      input_.peek_at(at) == '\\' && input_.peek_at(at + 1) == '\n') {
    // A line that is continued before the operator is whole.
    const Place before = place();
    (void)parse_name();
    c = input_.peek();
    if (c == '+') {
      input_.skip_plain(1);
      input_.skip_continuations();
      c = input_.peek() == '=' ? int{'='} : int{'+'};
    }
    go_back(before);
  }
  return c == '=' || (c == '+' && input_.peek_at(i + 1) == '=') ||
         (c == '[' && !std::ranges::binary_search(no_arithmetic_, input_.position()));
}

// Whether name=( or name+=( stands at the cursor.
bool ParserImpl::at_array_assignment() const {
  if (!is_name_start(input_.peek_at(0))) return false;
  usize i = 1;
  while (is_name_byte(input_.peek_at(i))) ++i;
  if (input_.peek_at(i) == '+') ++i;
  return input_.peek_at(i) == '=' && input_.peek_at(i + 1) == '(';
}

// Null, with the cursor where it was, when what stands there is no assignment after all.
Assignment* ParserImpl::parse_assignment(Context context) {
  const usize begin = input_.position();
  const u32 line = input_.line();
  Assignment* assignment = make<Assignment>();
  assignment->name = parse_name();
  input_.skip_continuations();
  if (input_.peek_at(0) == '[') {
    Place before = place();
    before.position = begin;
    before.line = line;
    const usize bracket = input_.position();
    assignment->subscript = parse_subscript(input_.line());
    if (!failed()) input_.skip_continuations();
    const bool assigns =
        input_.peek_at(0) == '=' || (input_.peek_at(0) == '+' && input_.peek_at(1) == '=');
    const bool blank =
        context == Context::declaration_argument &&
        input_.view(bracket, input_.position()).find_first_of(" \t\n") != std::string_view::npos;
    if (failed() || assignment->subscript == nullptr || !assigns || blank) {
      if (too_deep_) return nullptr;
      failed_ = false;
      note_no_arithmetic(before.position);
      go_back(before);
      return nullptr;
    }
  }
  if (input_.peek_at(0) == '+') {
    assignment->append = true;
    input_.skip_plain(1);
    input_.skip_continuations();
  }
  input_.skip_plain(1);
  return assignment;
}

// Reads what stands right of the "=" of `assignment`; its parts stay on the stack from `mark` on.
bool ParserImpl::parse_assigned(Assignment& assignment, Collector& collector, usize shown_from) {
  input_.skip_continuations();
  const usize begin = input_.position();
  const u32 line = input_.line();
  if (input_.peek() == '(') {
    assignment.is_array = true;
    if (!parse_array(assignment)) return false;
    if (ends_word(input_.peek())) return true;
    // bash: a list that its word goes on after is text, with a blank between its words.
    assignment.is_array = false;
    add_elements(assignment, collector, "(");
    assignment.elements = {};
  }
  const bool outer = std::exchange(in_assigned_value_, true);
  const bool read = parse_word_parts(collector, WordMode::no_braces);
  in_assigned_value_ = outer;
  if (!read) return false;
  flush(collector);
  Word* value = make<Word>();
  value->line = line;
  value->source = input_.view(begin, input_.position());
  // bash: of an argument all of the word is shown.
  if (!bad_.empty()) show_bad_in(begin, input_.view(shown_from, input_.position()));
  if (value->source.find('~') != std::string_view::npos) {
    split_tildes(collector.mark, TildeMode::assignment_value, 0);
  }
  value->parts = parts_.copy(collector.mark, *arena_);
  assignment.value = value;
  return true;
}

bool ParserImpl::parse_array(Assignment& assignment) {
  const Level level(*this);
  if (!level.ok()) return false;
  const u32 line = input_.line();
  input_.skip_plain(1);
  const Token token = token_;
  const usize mark = elements_.mark();
  for (;;) {
    skip_blanks();
    const int c = input_.peek();
    if (c == Input::kEnd) {
      fail_unterminated(")", line);
      error_.reach = SyntaxErrorReach::line;
      return false;
    }
    if (c == '\n') {
      input_.skip();
      if (!here_documents_.empty()) read_here_documents();
      continue;
    }
    if (c == ')') break;
    if (c == ';' || c == '&' || c == '|' || c == '(' ||
        ((c == '<' || c == '>') && input_.peek_at(1) != '(')) {
      read_token(Context::argument);
      if (!failed()) {
        fail_unexpected();
        error_.reach = SyntaxErrorReach::line;
      }
      return false;
    }
    ArrayElement element;
    if (c == '[') parse_element_subscript(element);
    if (failed()) return false;
    element.value =
        parse_word(element.subscript == nullptr ? WordMode::ordinary : WordMode::assigned);
    if (failed()) {
      if (error_.missing == Missing::closer) {
        error_.reach = SyntaxErrorReach::line;
        error_.detail = "syntax error: unexpected end of file";
        error_.detail_line = input_.line();
      }
      return false;
    }
    elements_.push(element);
  }
  input_.skip_plain(1);
  token_ = token;
  assignment.elements = elements_.take(mark, *arena_);
  return true;
}

// bash: what eval gets of name=( ... ) are its words, expanded, with a blank between them.
void ParserImpl::add_elements(const Assignment& assignment, Collector& collector,
                              std::string_view opening) {
  add_literal(collector, opening, true);
  for (const ArrayElement& element : assignment.elements) {
    if (&element != assignment.elements.data()) add_literal(collector, " ", true);
    if (element.subscript != nullptr) {
      add_literal(collector, "[", true);
      add_literal(collector, element.subscript->source, true);
      add_literal(collector, element.append ? "]+=" : "]=", true);
    }
    for (const Part& part : element.value->parts) {
      if (part.kind == PartKind::literal) {
        add_literal(collector, part.text, part.quoted);
      } else {
        add_part(collector, part);
      }
    }
  }
  add_literal(collector, ")", true);
}

// "[subscript]=" and "[subscript]+=" at the cursor, if that is what stands there.
void ParserImpl::parse_element_subscript(ArrayElement& element) {
  if (std::ranges::binary_search(no_arithmetic_, input_.position())) return;
  const Place before = place();
  const Word* subscript = parse_subscript(input_.line());
  if (failed() && too_deep_) return;
  if (!failed() && subscript != nullptr) {
    const usize sign = input_.peek_at(0) == '+' ? 1 : 0;
    if (input_.peek_at(sign) == '=') {
      element.append = sign == 1;
      element.subscript = subscript;
      input_.skip_plain(1 + sign);
      return;
    }
  }
  failed_ = false;
  note_no_arithmetic(before.position);
  go_back(before);
}

}  // namespace swebash::engine
