// SPDX-License-Identifier: Apache-2.0
//
// Here-documents (POSIX XCU 2.7.4): their bodies stand after the newline that ends their line.
#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/syntax/parser_impl.hpp"

namespace swebash::engine {
namespace {

// Whether `line` ends in a backslash that is not itself escaped.
bool ends_in_backslash(std::string_view line) {
  usize count = 0;
  while (count < line.size() && line[line.size() - 1 - count] == '\\') ++count;
  return count % 2 == 1;
}

// What closes the expansion that `text` begins with and does not end; 0 where bash looks no
// further, since what stands after the name is no operator.
char missing_closer(std::string_view text) {
  if (text.starts_with('`')) return '`';
  if (!text.starts_with("${")) return ')';
  usize at =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", 2);
  if (at == 2) ++at;  // a special parameter
  const bool operates =
      at < text.size() && std::string_view("#%:-=?+/^,@").find(text[at]) != std::string_view::npos;
  return operates ? '}' : '\0';
}

}  // namespace

void ParserImpl::read_here_documents() {
  std::vector<HereDocument> documents;
  documents.swap(here_documents_);
  for (const HereDocument& document : documents) {
    if (failed()) return;
    read_here_document(document);
  }
}

// `first_line`: where the text begins. bash counts from the end of the line before it.
void ParserImpl::warn_unended(const HereDocument& document, u32 first_line, u32 line) {
  std::string message = "here-document at line " + std::to_string(std::max(first_line, 2U) - 1) +
                        " delimited by end-of-file (wanted `";
  message.append(document.delimiter).append("')");
  host_.warn(line, message);
}

void ParserImpl::read_here_document(const HereDocument& document) {
  const u32 first_line = input_.line();
  const usize begin = input_.position();
  std::string stripped;
  bool ended = false;
  bool continued = false;  // the line before ended in a backslash
  usize end = begin;
  std::string joined;  // the lines so far that backslashes made one
  usize joined_begin = begin, stripped_before = 0;
  while (input_.peek() != Input::kEnd) {
    const usize line_begin = input_.position();
    const std::string_view rest = input_.view(line_begin, input_.size());
    const usize newline = rest.find('\n');
    const usize length = newline == std::string_view::npos ? rest.size() : newline;
    std::string_view line = rest.substr(0, length);
    // bash: a delimiter that begins with a tab is one before the tabs are taken off, too.
    if (document.strip_tabs && !continued && line != document.delimiter) {
      while (!line.empty() && line.front() == '\t') line.remove_prefix(1);
    }
    if (continued) joined += line;
    if (continued && joined == document.delimiter) {
      input_.skip_plain(length);
      if (newline != std::string_view::npos) input_.skip();
      end = joined_begin;
      stripped.resize(stripped_before);
      ended = true;
      break;
    }
    if (!continued) {
      joined = line;
      joined_begin = line_begin;
      stripped_before = stripped.size();
      if (line == document.delimiter) {
        input_.skip_plain(length);
        if (newline != std::string_view::npos) input_.skip();
        ended = true;
        break;
      }
      // bash: inside $( ) the delimiter may be followed by the closing parenthesis.
      if (in_substitution_ && line.starts_with(document.delimiter) &&
          line.substr(document.delimiter.size()).find(')') != std::string_view::npos) {
        input_.skip_plain(length - line.size() + document.delimiter.size());
        warn_unended(document, first_line, input_.line());
        ended = true;
        break;
      }
    }
    continued = !document.quoted && ends_in_backslash(line);
    if (continued) joined.pop_back();
    input_.skip_plain(length);
    if (newline != std::string_view::npos) input_.skip();
    end = input_.position();
    if (document.strip_tabs) {
      stripped.append(line);
      if (newline != std::string_view::npos) stripped.push_back('\n');
    }
  }
  if (!ended) {
    const bool after_newline = input_.position() > 0 && input_.peek_at(0) == Input::kEnd &&
                               input_.data()[input_.position() - 1] == '\n';
    warn_unended(document, first_line, input_.line() - (after_newline ? 1 : 0));
  }
  const std::string_view text =
      document.strip_tabs ? arena_->copy(std::string_view(stripped)) : input_.view(begin, end);
  note(begin, NoteKind::document);
  document.body->source = text;
  document.body->line = first_line;
  if (text.empty()) return;
  if (document.quoted || text.find_first_of("$`\\") == std::string_view::npos) {
    Part* part = make<Part>();
    part->quoted = true;
    part->text = text;
    document.body->parts = {part, 1};
    return;
  }
  parse_here_body(*document.body, text, first_line);
}

void ParserImpl::parse_here_body(Word& body, std::string_view text, u32 line) {
  const usize mark = parts_.mark();
  {
    const Detour detour(*this, text, line);
    Collector collector;
    collector.mark = mark;
    in_document_ = true;
    const bool in_substitution = std::exchange(in_substitution_, false);
    if (parse_double_quoted_text(collector, Input::kEnd, line)) flush(collector);
    if (!bad_.empty()) show_bad_in(0, text);
    in_substitution_ = in_substitution;
    in_document_ = false;
  }
  if (failed_) {
    // What is wrong in a body comes out when it is expanded.
    failed_ = false;
    parts_.drop(mark);
    Parameter* bad = make<Parameter>();
    bad->bad = true;
    bad->line = line;
    Part part;
    part.kind = PartKind::parameter;
    part.quoted = true;
    part.text = text;
    part.parameter = bad;
    if (!failed_in_substitution_ && error_.missing == Missing::closer) {
      // bash: what is open is the outermost.
      const std::string_view rest = text.substr(item_);
      bad->transform = missing_closer(rest);
      if (bad->transform == '`') part.text = rest;
    }
    if (failed_in_substitution_) {
      bad->name = arena_->copy(std::string_view(error_.message));
      bad->line = error_.line;
      part.text = error_.missing != Missing::nothing ? std::string_view()
                                                     : arena_->copy(std::string_view(error_.text));
    }
    parts_.push(part);
  }
  body.parts = parts_.take(mark, *arena_);
}

}  // namespace swebash::engine
