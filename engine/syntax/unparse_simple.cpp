// SPDX-License-Identifier: Apache-2.0
//
// Simple commands, assignments, redirections and here-documents as text.
#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "engine/syntax/unparse_printer.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {
namespace {

std::string_view operator_text(RedirectOperator op) {
  switch (op) {
    case RedirectOperator::input: return "< ";
    case RedirectOperator::output: return "> ";
    case RedirectOperator::append: return ">> ";
    case RedirectOperator::clobber: return ">| ";
    case RedirectOperator::read_write: return "<> ";
    case RedirectOperator::duplicate_input: return "<&";
    case RedirectOperator::duplicate_output: return ">&";
    case RedirectOperator::both: return "&> ";
    case RedirectOperator::append_both: return "&>> ";
    case RedirectOperator::here_document: return "<<";
    case RedirectOperator::here_string: return "<<< ";
  }
  return "";
}

// The descriptor an operator means when none is written, and is not printed; -1: always printed.
i32 usual_descriptor(RedirectOperator op) {
  switch (op) {
    case RedirectOperator::input:
    case RedirectOperator::read_write:
    case RedirectOperator::here_document:
    case RedirectOperator::here_string: return 0;
    default: return 1;
  }
}

// A here-document's delimiter without its quotes.
std::string bare_delimiter(std::string_view written) {
  std::string out;
  for (const char c : written) {
    if (c != '\'' && c != '"' && c != '\\') out.push_back(c);
  }
  return out;
}

}  // namespace

void Printer::word(const Word* word) {
  if (word->assignment != nullptr && word->assignment->is_array) {
    assignment(*word->assignment);
    return;
  }
  const std::string_view source = word->source;
  if (source.find('(') == std::string_view::npos && source.find("$\"") == std::string_view::npos) {
    written(source);
    return;
  }
  const char* done = source.data();
  substitutions(word->parts, source, done);
  written(source.substr(static_cast<usize>(done - source.data())));
}

// Prints text as it was written, but for line continuations, which were gone before it was a word,
// and $'...', which bash shows as what it stands for.
void Printer::written(std::string_view text) {
  if (text.find("\\\n") == std::string_view::npos && text.find("$'") == std::string_view::npos) {
    put(text);
    return;
  }
  bool double_quoted = false;
  for (usize i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      if (text[i + 1] != '\n') put(text.substr(i, 2));
      ++i;
      continue;
    }
    if (c == '$' && !double_quoted && text.substr(i + 1).starts_with('\'')) {
      usize close = i + 2;
      while (close < text.size() && text[close] != '\'') close += text[close] == '\\' ? 2 : 1;
      if (close < text.size()) {
        put(quote_single_plain(decode_ansi(text.substr(i + 2, close - i - 2))));
        i = close;
        continue;
      }
    }
    if (c == '"') double_quoted = !double_quoted;
    if (c == '\'' && !double_quoted) {
      const usize close = std::min(text.find('\'', i + 1), text.size() - 1);
      put(text.substr(i, close - i + 1));
      i = close;
      continue;
    }
    out_.push_back(c);
  }
}

// Prints `source` from `done` up to the last command substitution in `parts`. bash keeps words as
// they were written, but for the commands within $( ), <( ) and >( ).
void Printer::substitutions(std::span<const Part> parts, std::string_view source,
                            const char*& done) {
  const auto inside = [&](const Word* word) {
    if (word != nullptr) substitutions(word->parts, source, done);
  };
  for (const Part& part : parts) {
    switch (part.kind) {
      case PartKind::command_substitution:
      case PartKind::process_substitution: {
        if (part.backquoted || part.list == nullptr) break;
        const char* const begin = part.text.data();
        // What does not stand in `source` itself (an alias, a here-document) stays unseen.
        if (begin < done || begin + part.text.size() > source.data() + source.size()) break;
        written({done, static_cast<usize>(begin - done)});
        put(part.text.substr(0, 2));
        Printer printer;
        printer.substitution(*part.list);
        const std::string text = printer.take();
        if (text.starts_with('(')) put(" ");
        put(text);
        put(")");
        done = begin + part.text.size();
        break;
      }
      case PartKind::double_quoted:
        // bash: $"..." is translated when it is read.
        if (part.text.starts_with('$') && part.text.data() >= done &&
            part.text.data() < source.data() + source.size()) {
          written({done, static_cast<usize>(part.text.data() - done)});
          done = part.text.data() + 1;
        }
        substitutions(part.parts, source, done);
        break;
      case PartKind::arithmetic: substitutions(part.parts, source, done); break;
      case PartKind::parameter:
        inside(part.parameter->subscript);
        inside(part.parameter->word);
        inside(part.parameter->replacement);
        break;
      case PartKind::brace_list:
        for (const Word* one : part.words) inside(one);
        break;
      default: break;
    }
  }
}

void Printer::simple(const SimpleCommand& command) {
  bool first = true;
  for (const Assignment* one : command.assignments) {
    if (!std::exchange(first, false)) put(" ");
    assignment(*one);
  }
  for (const Word* one : command.words) {
    if (!std::exchange(first, false)) put(" ");
    word(one);
  }
  if (!command.redirects.empty()) was_here_document_ = false;
  for (const Redirect& one : command.redirects) {
    if (!std::exchange(first, false)) put(" ");
    redirect(one);
  }
}

void Printer::assignment(const Assignment& assignment) {
  put(assignment.name);
  if (assignment.subscript != nullptr) {
    put("[");
    word(assignment.subscript);
    put("]");
  }
  put(assignment.append ? "+=" : "=");
  if (!assignment.is_array) {
    word(assignment.value);
    return;
  }
  put("(");
  for (usize i = 0; i < assignment.elements.size(); ++i) {
    const ArrayElement& element = assignment.elements[i];
    if (i > 0) put(" ");
    if (element.subscript != nullptr) {
      put("[");
      word(element.subscript);
      put(element.append ? "]+=" : "]=");
    }
    word(element.value);
  }
  put(")");
}

void Printer::redirects(const Command& command) {
  if (!command.redirects.empty()) was_here_document_ = false;
  for (const Redirect& one : command.redirects) {
    put(" ");
    redirect(one);
  }
}

void Printer::descriptor(const Redirect& redirect, i32 usual) {
  if (!redirect.variable.empty()) {
    put("{");
    put(redirect.variable);
    put("}");
  } else if (redirect.fd >= 0 && redirect.fd != usual) {
    put(std::to_string(redirect.fd));
  }
}

void Printer::redirect(const Redirect& redirect) {
  if (redirect.op == RedirectOperator::duplicate_input ||
      redirect.op == RedirectOperator::duplicate_output) {
    const bool input = redirect.op == RedirectOperator::duplicate_input;
    // bash writes the usual descriptor too where the target is a number, or nothing.
    const bool plain =
        redirect.target->source.find_first_not_of("0123456789-") == std::string_view::npos;
    const i32 usual = input ? 0 : 1;
    Redirect shown = redirect;
    if (shown.fd < 0 && shown.variable.empty()) shown.fd = usual;
    descriptor(shown, plain ? -1 : usual);
    // bash keeps one operator for closing.
    put(redirect.target->source == "-" ? ">&" : operator_text(redirect.op));
    word(redirect.target);
    return;
  }
  descriptor(redirect, usual_descriptor(redirect.op));
  put(redirect.ampersand_last ? ">&" : operator_text(redirect.op));
  if (redirect.op != RedirectOperator::here_document) {
    word(redirect.target);
    return;
  }
  if (redirect.strip_tabs) put("-");
  if (redirect.delimiter_quoted) {
    put("'");
    put(bare_delimiter(redirect.delimiter));
    put("'");
  } else {
    put(redirect.delimiter);
  }
  here_documents_.push_back(&redirect);
}

void Printer::here_bodies(std::string_view separator) {
  put(separator);
  if (here_documents_.empty()) return;
  put("\n");
  for (const Redirect* one : std::exchange(here_documents_, {})) {
    put(one->target->source);
    put(bare_delimiter(one->delimiter));
    put("\n");
  }
  if (separator.size() > 1) put(" ");
  was_here_document_ = true;
}

}  // namespace swebash::engine
