// SPDX-License-Identifier: Apache-2.0
//
// Sink: field splitting (POSIX XCU 2.6.5), quoting for patterns, and pathname expansion.
#include "engine/expansion/expand_internal.hpp"
#include "engine/expansion/glob.hpp"
#include "engine/text/byte_set.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine {

namespace {

// What may begin a pattern.
constexpr ByteSet kTriggers("*?[\\");
constexpr ByteSet kExtendedTriggers("*?[\\+@!");

constexpr std::string_view kRegexSpecial = "\\.[](){}*+?^$|";

// Whether the end of the regular expression `text` is inside [ ].
bool ends_in_bracket(std::string_view text) noexcept {
  usize i = 0;
  while (i < text.size()) {
    const char c = text[i++];
    if (c == '\\') {
      ++i;
    } else if (c == '[') {
      if (i < text.size() && text[i] == '^') ++i;
      if (i < text.size() && text[i] == ']') ++i;
      for (; i < text.size() && text[i] != ']'; ++i) {
        const char kind = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] != '[' || (kind != ':' && kind != '.' && kind != '=')) continue;
        const char close[2] = {kind, ']'};
        const usize end = text.find(std::string_view(close, 2), i + 2);
        if (end != std::string_view::npos) i = end + 1;
      }
      if (i >= text.size()) return true;
      ++i;
    }
  }
  return false;
}

}  // namespace

void Sink::quoted(std::string_view value) {
  open = true;
  if (!has_room(value)) return;
  switch (purpose) {
    case Purpose::fields:
      text.append(value);
      if (keeps_pattern_) append_quoted_pattern(pattern_, value);
      return;
    case Purpose::string:
    case Purpose::document: text.append(value); return;
    case Purpose::pattern: append_quoted_pattern(text, value); return;
    case Purpose::shown_pattern:
      for (const char c : value) {
        if ((static_cast<u8>(c) & 0xC0) != 0x80) text += '\\';
        text += c;
      }
      return;
    case Purpose::regex:
      if (ends_in_bracket(text)) {
        text.append(value);
        return;
      }
      for (const char c : value) {
        if (kRegexSpecial.find(c) != std::string_view::npos) text += '\\';
        text += c;
      }
      return;
    case Purpose::replacement:
      for (const char c : value) {
        if (c == '&' || c == '\\') text += '\\';
        text += c;
      }
      return;
  }
}

// Keeps `value`, about to be appended to the field unquoted, for pathname expansion. The pattern is
// begun at the first character that could make it one, so that most words never have it.
void Sink::note_unquoted(std::string_view value) {
  if (!keeps_pattern_) {
    const ExpansionOptions& options = state_.host.options();
    if (options.noglob || !state_.names_files) return;
    if (!(options.extglob ? kExtendedTriggers : kTriggers).is_in(value)) return;
    keeps_pattern_ = true;
    pattern_.clear();
    append_quoted_pattern(pattern_, text);
  }
  pattern_.append(value);
}

void Sink::literal(std::string_view value) {
  open = true;
  if (!has_room(value)) return;
  if (purpose == Purpose::fields) note_unquoted(value);
  text.append(value);
}

void Sink::expansion(std::string_view value) {
  if (purpose != Purpose::fields) {
    if (has_room(value)) text.append(value);
    return;
  }
  if (state_.ifs_null) {
    if (!value.empty()) literal(value);
    return;
  }
  const auto& classes = state_.ifs_class;
  const usize size = value.size();
  for (usize i = 0; i < size;) {
    u8 kind = classes[static_cast<u8>(value[i])];
    usize length = 1;
    if (kind == Expander::State::kIfsLead) {
      length = utf8::decode(value, i).length;
      kind = state_.ifs_text.find(value.substr(i, length)) != std::string::npos
                 ? Expander::State::kIfsDelimiter
                 : Expander::State::kNotIfs;
    }
    if (kind == Expander::State::kNotIfs) {
      usize end = i + length;
      while (end < size && classes[static_cast<u8>(value[end])] == Expander::State::kNotIfs) ++end;
      literal(value.substr(i, end - i));
      i = end;
      continue;
    }
    i += length;
    if (open) {
      end_field();
      split_ = kind == Expander::State::kIfsSpace ? Split::after_space : Split::after_delimiter;
    } else if (kind == Expander::State::kIfsDelimiter) {
      // White space and one delimiter together separate once; a further delimiter ends an empty
      // field.
      if (split_ != Split::after_space) {
        if (out_->size() < kMostFields) {
          out_->emplace_back();
        } else {
          too_many = true;
        }
      }
      split_ = Split::after_delimiter;
    }
  }
}

void Sink::end_field() {
  split_ = Split::start;
  if (!open) return;
  open = false;
  if (purpose != Purpose::fields) return;
  if (keeps_pattern_) {
    keeps_pattern_ = false;
    const ExpansionOptions& options = state_.host.options();
    if (is_glob(pattern_, options.extglob)) {
      GlobOptions how;
      how.extglob = options.extglob;
      how.dotglob = options.dotglob;
      how.nocaseglob = options.nocaseglob;
      how.globstar = options.globstar;
      how.globskipdots = options.globskipdots;
      how.bytes = options.byte_characters;
      if (const std::string* ignore = state_.variables.get("GLOBIGNORE")) how.ignore = *ignore;
      for (usize at = pattern_.find("\\/"); at != std::string::npos;
           at = pattern_.find("\\/", at)) {
        // A quoted backslash before a slash stays; a backslash that quotes the slash goes, but
        // not from the end of what is itself a pattern (bash).
        usize run = 0;
        while (run <= at && pattern_[at - run] == '\\') ++run;
        const usize slash = at == 0 ? std::string::npos : pattern_.rfind('/', at - 1);
        const usize begin = slash == std::string::npos ? 0 : slash + 1;
        const std::string_view piece = std::string_view(pattern_).substr(begin, at - begin);
        if (run % 2 == 1 && !is_glob(piece, options.extglob)) {
          pattern_.erase(at, 1);
        } else {
          at += 2;
        }
      }
      const bool matched = glob(pattern_, how, *out_);
      if (!matched && options.failglob && !no_match_) {
        no_match_ = true;
        failed_pattern_ = text;
      }
      if (matched || options.failglob || options.nullglob) {
        text.clear();
        return;
      }
    }
  }
  if (out_->size() < kMostFields) {
    out_->push_back(std::move(text));
  } else {
    too_many = true;
  }
  text.clear();
}

Expanded<void> Sink::finish() {
  end_field();
  if (too_long) return state_.fail("string too long");
  if (too_many) return state_.fail("too many words");
  if (no_match_) return state_.fail_line("no match: " + failed_pattern_);
  return {};
}

}  // namespace swebash::engine
