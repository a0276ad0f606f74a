// SPDX-License-Identifier: Apache-2.0
//
// Words: their parts, braces and tildes.
#include <algorithm>
#include <deque>
#include <utility>

#include "engine/expansion/expand_internal.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

namespace {

// A chain of what is still to come of a word with braces: the rest of an alternative, then what
// stands behind the brace.
struct Rest {
  std::span<Part> parts;
  const Rest* next;
};

// How many steps lead from the first to the last value of a range.
u64 range_steps(const BraceRange& range) noexcept {
  const u64 step = range.step == 0  ? 1
                   : range.step < 0 ? ~static_cast<u64>(range.step) + 1
                                    : static_cast<u64>(range.step);
  const u64 distance = range.last >= range.first
                           ? static_cast<u64>(range.last) - static_cast<u64>(range.first)
                           : static_cast<u64>(range.first) - static_cast<u64>(range.last);
  return distance / step;
}

// How many words `parts` expand to, as far as that can be counted.
u64 brace_words(std::span<const Part> parts) noexcept {
  constexpr u64 kMost = u64{1} << 62;
  u64 product = 1;
  for (const Part& part : parts) {
    u64 choices = 1;
    if (part.kind == PartKind::brace_range) {
      choices = std::min(range_steps(*part.range), kMost - 1) + 1;
    } else if (part.kind == PartKind::brace_list) {
      choices = 0;
      for (const Word* word : part.words) {
        choices = std::min(choices + brace_words(word->parts), kMost);
      }
      choices = std::max<decltype(choices)>(choices, 1);
    }
    product = choices > kMost / product ? kMost : product * choices;
  }
  return product;
}

// Produces the words of a brace expansion, left to right.
class BraceWalk {
 public:
  BraceWalk(Expander::State& state, std::vector<std::string>& out) : state_(state), out_(out) {}

  Expanded<void> walk(const Rest* rest) {
    const usize mark = current_.size();
    for (; rest != nullptr; rest = rest->next) {
      for (usize i = 0; i < rest->parts.size(); ++i) {
        const Part& part = rest->parts[i];
        if (part.kind == PartKind::brace_list || part.kind == PartKind::brace_range) {
          const Rest behind{rest->parts.subspan(i + 1), rest->next};
          auto done = part.kind == PartKind::brace_list ? walk_list(part, &behind)
                                                        : walk_range(part, &behind);
          current_.resize(mark);
          return done;
        }
        current_.push_back(part);
      }
    }
    auto done = expand_word();
    current_.resize(mark);
    return done;
  }

 private:
  // bash expands braces in text, before it knows tildes and parameters: in $x{y,z} the names are xy
  // and xz, and ~{,/x} begins two words.
  Expanded<void> expand_word() {
    std::deque<std::string> texts;
    if (has_tilde()) {
      const std::vector<Part> read = std::exchange(current_, with_tildes(texts));
      auto done = expand_names();
      current_ = read;
      return done;
    }
    return expand_names();
  }

  [[nodiscard]] bool has_tilde() const {
    for (const Part& part : current_) {
      if (part.kind == PartKind::tilde) return true;
    }
    return !current_.empty() && is_unquoted(current_[0]) && current_[0].text.starts_with('~');
  }

  static bool is_unquoted(const Part& part) {
    return part.kind == PartKind::literal && !part.quoted;
  }

  // `current_` with its tildes where the whole word has them: at its beginning, with all unquoted
  // text up to a slash. `texts` keeps what the parts view.
  std::vector<Part> with_tildes(std::deque<std::string>& texts) const {
    std::vector<Part> made;
    for (const Part& part : current_) {
      const bool tilde = part.kind == PartKind::tilde;
      if (!tilde && !is_unquoted(part)) {
        made.push_back(part);
        continue;
      }
      if (made.empty() || !is_unquoted(made.back())) {
        made.emplace_back().kind = PartKind::literal;
        texts.emplace_back();
      }
      if (tilde) texts.back() += '~';
      texts.back() += part.text;
      made.back().text = texts.back();
    }
    if (made.empty() || !is_unquoted(made[0]) || !made[0].text.starts_with('~')) return made;
    const std::string_view text = made[0].text;
    const usize slash = text.find('/');
    if (slash == std::string_view::npos && made.size() > 1) return made;
    Part tilde;
    tilde.kind = PartKind::tilde;
    tilde.text = text.substr(1, slash == std::string_view::npos ? slash : slash - 1);
    if (slash == std::string_view::npos) {
      made[0] = tilde;
    } else {
      made[0].text = text.substr(slash);
      made.insert(made.begin(), tilde);
    }
    return made;
  }

  Expanded<void> expand_names() {
    for (usize i = 0; i + 1 < current_.size(); ++i) {
      if (is_bare_name(current_[i]) && current_[i + 1].kind == PartKind::literal &&
          !current_[i + 1].quoted && name_length(current_[i + 1].text) != 0) {
        return expand_joined();
      }
    }
    return state_.word_to_fields(current_, out_);
  }

  Expanded<void> expand_joined() {
    std::vector<Part> joined = current_;
    std::deque<std::string> names;
    std::deque<Parameter> parameters;
    for (usize i = 0; i + 1 < joined.size(); ++i) {
      while (is_bare_name(joined[i]) && i + 1 < joined.size() &&
             joined[i + 1].kind == PartKind::literal && !joined[i + 1].quoted) {
        Part& next = joined[i + 1];
        const usize length = name_length(next.text);
        if (length == 0) break;
        Parameter& longer = parameters.emplace_back(*joined[i].parameter);
        names.emplace_back(longer.name).append(next.text.substr(0, length));
        longer.name = names.back();
        longer.known = nullptr;
        joined[i].parameter = &longer;
        next.text.remove_prefix(length);
        if (!next.text.empty()) break;
        joined.erase(joined.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
    }
    return state_.word_to_fields(joined, out_);
  }

  // Whether `part` is a variable written without braces.
  static bool is_bare_name(const Part& part) {
    return part.kind == PartKind::parameter && part.parameter->op == ParameterOperator::none &&
           !part.text.starts_with("${") && Variables::is_valid_name(part.parameter->name);
  }

  static usize name_length(std::string_view text) {
    usize length = 0;
    while (length < text.size() &&
           (text[length] == '_' || (text[length] >= '0' && text[length] <= '9') ||
            ((text[length] | 0x20) >= 'a' && (text[length] | 0x20) <= 'z'))) {
      ++length;
    }
    return length;
  }

  Expanded<void> walk_list(const Part& part, const Rest* behind) {
    for (const Word* word : part.words) {
      const Rest inner{word->parts, behind};
      SWEBASH_TRY(walk(&inner));
    }
    return {};
  }

  Expanded<void> walk_range(const Part& part, const Rest* behind) {
    const BraceRange& range = *part.range;
    const u64 step = range.step == 0  ? 1
                     : range.step < 0 ? ~static_cast<u64>(range.step) + 1
                                      : static_cast<u64>(range.step);
    const bool up = range.last >= range.first;
    const u64 count = range_steps(range);
    for (u64 n = 0; n <= count; ++n) {
      const u64 moved = n * step;
      const i64 value = static_cast<i64>(up ? static_cast<u64>(range.first) + moved
                                            : static_cast<u64>(range.first) - moved);
      std::string text;
      if (range.letters) {
        // bash: the backslash between Z and a quotes nothing, and goes.
        if (value != '\\') text += static_cast<char>(value);
      } else {
        append_number(text, value);
        const usize sign = value < 0 ? 1 : 0;
        if (text.size() < range.width) text.insert(sign, range.width - text.size(), '0');
      }
      Part literal;
      literal.kind = PartKind::literal;
      literal.quoted = range.letters && !((value | 0x20) >= 'a' && (value | 0x20) <= 'z');
      literal.text = text;
      const usize mark = current_.size();
      current_.push_back(literal);
      auto done = walk(behind);
      current_.resize(mark);
      if (!done) return done;
    }
    return {};
  }

  Expander::State& state_;
  std::vector<std::string>& out_;
  std::vector<Part> current_;
};

}  // namespace

Expanded<void> Expander::State::braces_to_fields(const Word& word, std::vector<std::string>& out) {
  if (const u64 count = brace_words(word.parts); count > kMostBraceWords) {
    std::string message = "brace expansion: failed to allocate memory for ";
    append_number(message, static_cast<i64>(count));
    return fail(message + " elements");
  }
  BraceWalk walk(*this, out);
  const Rest all{word.parts, nullptr};
  return walk.walk(&all);
}

Expanded<void> Expander::State::words_to_fields(std::span<Word* const> words,
                                                std::vector<std::string>& out) {
  for (const Word* word : words) {
    if (word->plain) {
      out.emplace_back(word->parts[0].text);
    } else if (word->has_brace && host.options().braceexpand) {
      SWEBASH_TRY(braces_to_fields(*word, out));
    } else {
      SWEBASH_TRY(word_to_fields(word->parts, out));
    }
  }
  return {};
}

Expanded<void> Expander::State::word_to_fields(std::span<Part> items,
                                               std::vector<std::string>& out) {
  if (items.empty()) return {};
  // The commonest words need no Sink: one literal, $x, "$x", $((x)).
  if (items.size() == 1) {
    const Part& only = items[0];
    const bool in_quotes = only.kind == PartKind::double_quoted && only.parts.size() == 1;
    const Part& inner = in_quotes ? only.parts[0] : only;
    if (inner.kind == PartKind::literal) {
      if (in_quotes || inner.quoted || is_plain(inner.text)) {
        out.emplace_back(inner.text);
        return {};
      }
    } else if (inner.kind == PartKind::parameter) {
      const std::string* text = plain_text(*inner.parameter);
      if (text != nullptr && (in_quotes || is_plain(*text))) {
        out.push_back(*text);
        return {};
      }
    } else if (inner.kind == PartKind::arithmetic && (in_quotes || !not_plain['1'])) {
      std::string digits;
      append_number(digits, SWEBASH_TRY(arithmetic_part(inner)));
      if (in_quotes || is_plain(digits)) {
        out.push_back(std::move(digits));
      } else {
        Sink sink(*this, Purpose::fields, &out);
        sink.expansion(digits);
        return sink.finish();
      }
      return {};
    }
  }
  Sink sink(*this, Purpose::fields, &out);
  SWEBASH_TRY(parts(items, {}, sink));
  return sink.finish();
}

Expanded<void> Expander::State::parts(std::span<Part> items, Mode mode, Sink& sink) {
  for (const Part& item : items) SWEBASH_TRY(part(item, mode, sink));
  return {};
}

void Expander::State::emit(std::string_view text, Mode mode, Sink& sink) {
  if (!mode.quoted) {
    sink.expansion(text);
  } else if (!text.empty()) {
    sink.quoted(text);
  }
}

void Expander::State::emit_list(std::span<const std::string_view> items, bool star, Mode mode,
                                Sink& sink) {
  if (sink.purpose == Purpose::fields && mode.quoted && !star) {
    if (items.empty()) sink.empty_list = true;
    for (usize i = 0; i < items.size(); ++i) {
      if (i != 0) sink.end_field();
      sink.quoted(items[i]);
    }
    return;
  }
  if (sink.purpose == Purpose::fields && !mode.quoted) {
    // bash: what an operator in an operand made of $@ has blanks between its elements.
    const bool blanks = mode.splits_literals && !star;
    for (usize i = 0; i < items.size(); ++i) {
      if (i != 0) {
        if (ifs_null) {
          sink.end_field();
        } else {
          sink.expansion(blanks ? std::string_view(" ") : std::string_view(ifs_joiner));
        }
      }
      sink.expansion(items[i]);
    }
    return;
  }
  const bool by_ifs = star && sink.purpose != Purpose::document;
  const std::string_view joiner = by_ifs ? std::string_view(ifs_joiner) : std::string_view(" ");
  for (usize i = 0; i < items.size(); ++i) {
    if (i != 0) emit(joiner, mode, sink);
    emit(items[i], mode, sink);
  }
}

Expanded<void> Expander::State::part(const Part& item, Mode mode, Sink& sink) {
  switch (item.kind) {
    case PartKind::literal:
      if (item.quoted || mode.quoted) {
        sink.quoted(item.text);
      } else if (mode.splits_literals) {
        sink.expansion(item.text);
      } else {
        sink.literal(item.text);
      }
      return {};
    case PartKind::double_quoted: {
      const bool was_open = sink.open;
      const bool outer_empty = std::exchange(sink.empty_list, false);
      SWEBASH_TRY(parts(item.parts, Mode{true, false}, sink));
      if (!sink.open && !was_open && !sink.empty_list) sink.quoted({});
      sink.empty_list = sink.empty_list || outer_empty;
      return {};
    }
    case PartKind::parameter: return parameter(item, mode, sink);
    case PartKind::command_substitution: {
      const std::string output = SWEBASH_TRY(command_output(item));
      emit(output, mode, sink);
      return {};
    }
    case PartKind::arithmetic: {
      std::string digits;
      append_number(digits, SWEBASH_TRY(arithmetic_part(item)));
      emit(digits, mode, sink);
      return {};
    }
    case PartKind::process_substitution: {
      const bool outer = std::exchange(names_files, true);
      const auto path = host.start_process_substitution(item);
      names_files = outer;
      sink.quoted(SWEBASH_TRY(path));
      return {};
    }
    case PartKind::tilde:
      // What is no tilde prefix after all is text of the script: ~* is a pattern.
      if (mode.keeps_tildes) {
        sink.quoted("~" + std::string(item.text));
      } else if (const auto directory = tilde(item.text)) {
        sink.quoted(*directory);
      } else {
        sink.literal("~" + std::string(item.text));
      }
      return {};
    case PartKind::brace_list: {
      // Not expanded here: its text, with what expands inside.
      bool first = true;
      for (const Word* word : item.words) {
        sink.literal(first ? "{" : ",");
        first = false;
        SWEBASH_TRY(parts(word->parts, mode, sink));
      }
      sink.literal("}");
      return {};
    }
    case PartKind::brace_range:
      if (mode.quoted) {
        sink.quoted(item.text);
      } else {
        sink.literal(item.text);
      }
      return {};
  }
  return {};
}

Expanded<std::string> Expander::State::command_output(const Part& item) {
  const bool outer = std::exchange(names_files, true);
  auto result = host.run_command_substitution(item);
  names_files = outer;
  std::string output = SWEBASH_TRY(std::move(result));
  if (output.find('\0') != std::string::npos) {
    host.report("warning: command substitution: ignored null byte in input");
    std::erase(output, '\0');
  }
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

std::optional<std::string> Expander::State::tilde(std::string_view text) {
  const auto value_of = [&](std::string_view name) { return variables.get(name); };
  if (text.empty()) {
    if (const std::string* home = value_of("HOME")) return *home;
    return host.home_of(host.prompt_facts().user);
  }
  if (text == "+") {
    if (const std::string* directory = value_of("PWD")) return *directory;
  } else if (text == "-") {
    if (const std::string* directory = value_of("OLDPWD")) return *directory;
  } else {
    const bool from_right = text[0] == '-';
    const std::string_view digits = from_right || text[0] == '+' ? text.substr(1) : text;
    usize index = 0;
    bool number = digits.size() < 8;
    for (const char c : digits) {
      number = number && c >= '0' && c <= '9';
      index = index * 10 + static_cast<usize>(c - '0');
    }
    return number ? host.directory_stack_entry(index, from_right) : host.home_of(text);
  }
  return std::nullopt;
}

Expanded<std::string> Expander::State::text_of(const Word* word, Purpose purpose, Mode mode) {
  if (word == nullptr) return std::string();
  if (purpose == Purpose::string && word->parts.size() == 1) {
    const Part& only = word->parts[0];
    const bool in_quotes = only.kind == PartKind::double_quoted && only.parts.size() == 1;
    const Part& inner = in_quotes ? only.parts[0] : only;
    if (inner.kind == PartKind::literal) return std::string(inner.text);
    if (inner.kind == PartKind::parameter) {
      if (const std::string* text = plain_text(*inner.parameter)) return *text;
    }
  }
  Sink sink(*this, purpose, nullptr);
  SWEBASH_TRY(parts(word->parts, mode, sink));
  if (sink.too_long) return fail("string too long");
  return std::move(sink.text);
}

}  // namespace swebash::engine
