// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/classify_line.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "abi/guest.hpp"
#include "engine/editing/completion_words.hpp"
#include "engine/editing/quiet_host.hpp"
#include "engine/syntax/parser_notes.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine {
namespace {

// So many errors are shown in one text; each begins the reading anew.
constexpr u32 kMostErrors = 32;

constexpr std::array kNames = std::to_array<std::string_view>(
    {"plain",       "command",   "program", "unknown",    "builtin",  "function", "alias",
     "keyword",     "argument",  "option",  "assignment", "string",   "variable", "substitution",
     "redirection", "operation", "comment", "document",   "unclosed", "wrong"});
static_assert(kNames.size() == static_cast<usize>(SpanKind::wrong) + 1);

constexpr bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct Note {
  usize begin, end;
  NoteKind kind;
  usize number;  // in the order in which they were made
};

// Takes down what the parser sees, at its place in the whole text.
class Notebook final : public ParserObserver {
 public:
  void word_begins(usize begin) override { begun_.push_back(shift_ + begin); }
  void note(usize begin, usize end, NoteKind kind) override {
    if (kind == NoteKind::substitution) {
      substitutions_.emplace_back(shift_ + begin, shift_ + end);
    } else {
      notes_.push_back({shift_ + begin, shift_ + end, kind, notes_.size()});
    }
  }
  // The word that begins there is what is wrong, and over.
  void forget_word(usize begin) { std::erase(begun_, shift_ + begin); }
  void set_shift(usize shift) noexcept { shift_ = shift; }

  // Sorts what was taken down: find() and unfinished() may be asked.
  void close() {
    std::ranges::sort(notes_, [](const Note& left, const Note& right) {
      return std::pair(left.begin, left.number) < std::pair(right.begin, right.number);
    });
    std::ranges::sort(substitutions_);
    std::ranges::sort(begun_);
    begun_.erase(std::ranges::unique(begun_).begin(), begun_.end());
  }
  [[nodiscard]] const std::vector<Note>& notes() const noexcept { return notes_; }
  // Where the substitution that begins at `begin` ends; npos where it does not.
  [[nodiscard]] usize end_of(usize begin) const {
    const auto at =
        std::ranges::lower_bound(substitutions_, begin, {}, &std::pair<usize, usize>::first);
    if (at == substitutions_.end() || at->first != begin) return std::string_view::npos;
    usize end = at->second;
    for (auto more = at; more != substitutions_.end() && more->first == begin; ++more) {
      end = std::max(end, more->second);
    }
    return end;
  }
  // Where words began that did not end.
  [[nodiscard]] std::vector<usize> unfinished() const {
    std::vector<usize> open;
    for (const usize begin : begun_) {
      const auto at = std::ranges::lower_bound(notes_, begin, {}, &Note::begin);
      if (at == notes_.end() || at->begin != begin) open.push_back(begin);
    }
    return open;
  }

 private:
  usize shift_ = 0;
  std::vector<Note> notes_;
  std::vector<std::pair<usize, usize>> substitutions_;
  std::vector<usize> begun_;
};

class Classifier {
 public:
  Classifier(Shell& shell, std::string_view text, LookBudget budget)
      : shell_(shell),
        text_(text),
        kinds_(text.size() + 1, SpanKind::plain),
        paths_(text.size() + 1, false),
        budget_(budget) {
    // As the parser wants it.
    std::ranges::replace(text_, '\0', ' ');
    text_.push_back('\n');
  }

  ClassifiedLine run(usize cursor) {
    read();
    const std::vector<Note>& notes = notebook_.notes();
    for (usize i = 0; i < notes.size(); ++i) {
      // Of several for one place the last counts.
      if (i + 1 == notes.size() || notes[i + 1].begin != notes[i].begin) show(notes[i]);
    }
    for (const usize begin : notebook_.unfinished()) {
      show_word(begin, text_.size() - 1, SpanKind::argument);
    }
    if (wrong_end_ > wrong_begin_) paint(wrong_begin_, wrong_end_, SpanKind::wrong);
    ClassifiedLine line;
    for (usize i = 0; i + 1 < text_.size(); ++i) {
      if (line.spans.empty() || line.spans.back().kind != kinds_[i] ||
          line.spans.back().is_path != paths_[i]) {
        line.spans.push_back({i, i, kinds_[i], paths_[i]});
      }
      line.spans.back().end = i + 1;
    }
    if (cursor != std::string_view::npos) line.brackets = matching(cursor);
    return line;
  }

 private:
  void read() {
    QuietHost host(shell_);
    usize from = 0;
    for (u32 errors = 0; errors <= kMostErrors && from < text_.size(); ++errors) {
      notebook_.set_shift(from);
      const ObservedText seen = observe_text(std::string_view(text_).substr(from), host, notebook_);
      if (seen.is_read || seen.missing != Missing::nothing) break;
      if (errors == 0) {
        wrong_begin_ = from + seen.wrong_begin;
        wrong_end_ = std::min(from + seen.wrong_end, text_.size() - 1);
      } else if (std::string_view(";&|").find(text_[from + seen.wrong_begin]) !=
                 std::string_view::npos) {
        // What it separates was wrong, not the separator.
        notebook_.note(seen.wrong_begin, seen.wrong_end, NoteKind::operation);
      }
      notebook_.forget_word(seen.wrong_begin);
      from += std::max(seen.wrong_end, usize{1});
    }
    notebook_.close();
  }

  void paint(usize begin, usize end, SpanKind kind) {
    for (usize i = begin; i < end && i < kinds_.size(); ++i) kinds_[i] = kind;
  }

  void show(const Note& note) {
    switch (note.kind) {
      case NoteKind::word: show_argument(note); break;
      case NoteKind::target: show_word(note.begin, note.end, SpanKind::argument, true); break;
      case NoteKind::command: show_word(note.begin, note.end, command_kind(note)); break;
      case NoteKind::assignment: show_assignment(note); break;
      case NoteKind::keyword: paint(note.begin, note.end, SpanKind::keyword); break;
      case NoteKind::function: paint(note.begin, note.end, SpanKind::function); break;
      case NoteKind::operation: paint(note.begin, note.end, SpanKind::operation); break;
      case NoteKind::redirection: paint(note.begin, note.end, SpanKind::redirection); break;
      case NoteKind::expression: show_expression(note); break;
      case NoteKind::document: paint(note.begin, note.end, SpanKind::document); break;
      case NoteKind::comment: paint(note.begin, note.end, SpanKind::comment); break;
      case NoteKind::substitution: break;
    }
  }

  [[nodiscard]] std::string_view view(usize begin, usize end) const {
    return std::string_view(text_).substr(begin, end - begin);
  }

  void show_argument(const Note& note) {
    const bool option = text_[note.begin] == '-' && note.end - note.begin > 1;
    show_word(note.begin, note.end, option ? SpanKind::option : SpanKind::argument, !option);
  }

  void show_expression(const Note& note) {
    usize begin = note.begin, end = note.end;
    show_word(begin, end, SpanKind::argument);
    while (begin > 0 && note.begin - begin < 2 && text_[begin - 1] == '(') --begin;
    paint(begin, note.begin, SpanKind::operation);
    while (end > note.begin && note.end - end < 2 && text_[end - 1] == ')') --end;
    paint(end, note.end, SpanKind::operation);
  }

  void show_assignment(const Note& note) {
    const usize sign = std::min(text_.find('=', note.begin), note.end);
    show_word(note.begin, note.end, SpanKind::argument);
    paint(note.begin, std::min(sign + 1, note.end), SpanKind::assignment);
  }

  // `word` without quotes and with its tilde expanded; empty where it holds what is to be expanded.
  [[nodiscard]] std::string literal(std::string_view word) const {
    if (word.find_first_of("$`*?[{") != std::string_view::npos) return {};
    std::string text = without_quotes(word, '\0');
    if (word.starts_with("~/") || word == "~") {
      const std::string* home = shell_.variables().get("HOME");
      if (home != nullptr) text.replace(0, 1, *home);
    }
    return text;
  }

  // Whether another look at the disk may be taken.
  bool may_look() {
    if (budget_.looks == 0) return false;
    --budget_.looks;
    const i64 now = sys::clock(abi::kMonotonic);
    if (ends_at_ == 0) ends_at_ = now + budget_.nanoseconds;
    return now < ends_at_;
  }

  SpanKind command_kind(const Note& note) {
    const std::string_view word = view(note.begin, note.end);
    const std::string name = literal(word);
    if (name.empty()) return SpanKind::command;
    if (name == word && shell_.find_alias(name)) return SpanKind::alias;
    if (shell_.functions().find(name) != nullptr) return SpanKind::function;
    const Builtin* const builtin = find_builtin(name);
    if (builtin != nullptr && builtin->kind != BuiltinKind::utility &&
        !shell_.builtins().is_disabled(name)) {
      return SpanKind::builtin;
    }
    if (!may_look()) return SpanKind::command;
    const std::string path =
        name.find('/') != std::string::npos ? name : shell_.programs().find_afresh(name);
    const bool there =
        !path.empty() && files::access(path, abi::kAccessExecute) && !files::is_directory(path);
    if (there) return SpanKind::program;
    const bool enters = shell_.on(ShellOption::autocd) && files::is_directory(name);
    return enters ? SpanKind::program : SpanKind::unknown_command;
  }

  // What the scanner of a word is within: where it ends, and what its text is.
  struct Within {
    usize begin = 0;
    usize end = std::string_view::npos;
    SpanKind kind = SpanKind::argument;
    bool quoted = false;
    usize closer = 0;  // bytes that close it
  };

  // Paints the word at [begin, end); what stands in its substitutions has been noted by itself.
  void show_word(usize begin, usize end, SpanKind kind, bool may_be_path = false) {
    if (may_be_path) {
      if (const std::string path = literal(view(begin, end)); !path.empty() && may_look()) {
        if (files::stat(path))
          std::fill(paths_.begin() + static_cast<std::ptrdiff_t>(begin),
                    paths_.begin() + static_cast<std::ptrdiff_t>(end), true);
      }
    }
    std::vector<Within> within{{.begin = begin, .end = end, .kind = kind}};
    // Beyond the end: what is open there hides the rest.
    for (usize i = begin; i < end;) {
      const Within now = within.back();
      if (within.size() > 1 && i + now.closer >= now.end) {
        paint(i, now.end, closer_kind(now));
        i = now.end;
        within.pop_back();
      } else {
        i = step(i, end, now, within);
      }
    }
    for (const Within& open : within) {
      if (open.kind == SpanKind::string) paint(open.begin, open.begin + 1, SpanKind::unclosed);
    }
  }

  static SpanKind closer_kind(const Within& within) {
    return within.kind == SpanKind::argument ? SpanKind::substitution : within.kind;
  }

  // Paints what begins at `i` and answers where to go on.
  usize step(usize i, usize end, const Within& now, std::vector<Within>& within) {
    const char c = text_[i];
    const char next = i + 1 < end ? text_[i + 1] : '\0';
    switch (c) {
      case '\\': paint(i, std::min(i + 2, end), now.kind); return i + 2;
      case '\'': {
        if (now.quoted) break;
        const bool ansi = i > 0 && text_[i - 1] == '$';
        const usize close = closing_apostrophe(i + 1, end, ansi);
        paint(i, std::min(close, end), SpanKind::string);
        if (close > end) paint(i, i + 1, SpanKind::unclosed);
        return close > end ? end : close;
      }
      case '"': return turn_string(i, now, within);
      case '`':
      case '<':
      case '>':
        if (c != '`' && next != '(') break;
        return open_substitution(i, end, c == '`' ? 1 : 2, within);
      case '$':
        if (next == '(' || next == '{' || next == '[') {
          return open_substitution(i, end, 2, within);
        }
        if (next == '\'' && !now.quoted) {
          paint(i, i + 1, SpanKind::string);
          return i + 1;
        }
        if (const usize after = variable_end(i + 1, end); after > i + 1) {
          paint(i, after, SpanKind::variable);
          return after;
        }
        break;
      default: break;
    }
    paint(i, i + 1, now.kind);
    return i + 1;
  }

  [[nodiscard]] usize closing_apostrophe(usize i, usize end, bool escapes) const {
    for (; i < end; ++i) {
      if (escapes && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '\'') {
        return i + 1;
      }
    }
    return end + 1;
  }

  [[nodiscard]] usize variable_end(usize i, usize end) const {
    if (i >= end) return i;
    if (std::string_view("@*#?-$!0123456789").find(text_[i]) != std::string_view::npos) {
      return i + 1;
    }
    while (i < end && is_name_byte(text_[i])) ++i;
    return i;
  }

  // A double quote closes the string it stands in, or opens one.
  usize turn_string(usize i, const Within& now, std::vector<Within>& within) {
    paint(i, i + 1, SpanKind::string);
    if (now.kind == SpanKind::string) {
      within.pop_back();
    } else {
      within.push_back({.begin = i, .kind = SpanKind::string, .quoted = true});
    }
    return i + 1;
  }

  usize open_substitution(usize i, usize end, usize opener, std::vector<Within>& within) {
    const usize close = notebook_.end_of(i);
    if (close == std::string_view::npos || close > end) {
      paint(i, std::min(i + opener, end), SpanKind::unclosed);
      if (text_[i] == '$' && text_[i + 1] == '{') {
        const usize after = variable_end(i + 2, end);
        paint(i + 2, after, SpanKind::variable);
      }
      return end;
    }
    const bool braces = text_[i] == '$' && text_[i + 1] == '{';
    const bool arithmetic =
        text_.compare(i, 3, "$((") == 0 && text_.compare(close - 2, 2, "))") == 0;
    if (braces) {
      paint(i, i + 2, SpanKind::variable);
      within.push_back({.begin = i, .end = close, .kind = SpanKind::variable, .closer = 1});
      return i + 2;
    }
    if (arithmetic || text_.compare(i, 2, "$[") == 0) {
      const usize size = arithmetic ? 3 : 2;
      paint(i, i + size, SpanKind::substitution);
      within.push_back({.begin = i, .end = close, .quoted = true, .closer = size - 1});
      return i + size;
    }
    if (text_[i] == '`') {
      paint(i, close, SpanKind::substitution);
    } else {
      paint(i, i + 2, SpanKind::substitution);
      paint(close - 1, close, SpanKind::substitution);
    }
    return close;
  }

  // The bracket at `cursor` or before it, and its mate, of those that are no text.
  [[nodiscard]] std::optional<std::pair<usize, usize>> matching(usize cursor) const {
    constexpr std::string_view kOpen = "([{", kClose = ")]}";
    std::vector<usize> open;
    std::optional<std::pair<usize, usize>> before;
    for (usize i = 0; i + 1 < text_.size(); ++i) {
      const SpanKind kind = kinds_[i];
      if (kind == SpanKind::string || kind == SpanKind::comment || kind == SpanKind::document) {
        continue;
      }
      if (kOpen.find(text_[i]) != std::string_view::npos) {
        open.push_back(i);
      } else if (const usize which = kClose.find(text_[i]); which != std::string_view::npos) {
        if (open.empty() || text_[open.back()] != kOpen[which]) continue;
        const usize mate = open.back();
        open.pop_back();
        if (mate == cursor) return std::pair(mate, i);
        if (i == cursor) return std::pair(i, mate);
        if (mate + 1 == cursor) before = std::pair(mate, i);
        if (i + 1 == cursor) before = std::pair(i, mate);
      }
    }
    return before;
  }

  Shell& shell_;
  std::string text_;
  std::vector<SpanKind> kinds_;
  std::vector<bool> paths_;
  Notebook notebook_;
  LookBudget budget_;
  i64 ends_at_ = 0;
  usize wrong_begin_ = 0, wrong_end_ = 0;
};

}  // namespace

ClassifiedLine classify_line(Shell& shell, std::string_view text, usize cursor, LookBudget budget) {
  return Classifier(shell, text, budget).run(cursor);
}

std::string_view span_name(SpanKind kind) noexcept { return kNames[static_cast<usize>(kind)]; }

}  // namespace swebash::engine
