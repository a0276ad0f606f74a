// SPDX-License-Identifier: Apache-2.0
#include "engine/expansion/expand.hpp"

#include <utility>

#include "engine/expansion/expand_internal.hpp"
#include "engine/expansion/prompt_escapes.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine {

// --- State: what everything uses -------------------------------------------------------------

Expander::State::State(ExpansionHost& the_host) : host(the_host), variables(the_host.variables()) {
  set_ifs(nullptr);
}

void Expander::State::set_ifs(const std::string* value) {
  ifs_set = value != nullptr;
  ifs_text = value != nullptr ? *value : " \t\n";
  ifs_null = ifs_text.empty();
  ifs_class.fill(kNotIfs);
  for (usize i = 0; i < ifs_text.size();) {
    const usize length = utf8::decode(ifs_text, i).length;
    const char c = ifs_text[i];
    const bool space = c == ' ' || c == '\t' || c == '\n';
    // A byte that is no ASCII separates only where it is a character by itself, or begins one.
    ifs_class[static_cast<u8>(c)] = static_cast<u8>(c) >= 0x80 ? kIfsLead
                                    : space                    ? kIfsSpace
                                                               : kIfsDelimiter;
    i += length;
  }
  for (usize i = 0; i < not_plain.size(); ++i) not_plain[i] = ifs_class[i] != kNotIfs;
  for (const char c : std::string_view("*?[\\+@!")) not_plain[static_cast<u8>(c)] = true;
  ifs_joiner.assign(ifs_text, 0, ifs_null ? 0 : utf8::decode(ifs_text, 0).length);
}

std::unexpected<ExpansionError> Expander::State::fail(std::string_view message, ExitStatus status,
                                                      FailureReach reach) {
  if (!message.empty()) host.report(message);
  return std::unexpected(ExpansionError{status, reach});
}

std::unexpected<ExpansionError> Expander::State::fail_line(std::string_view message) {
  ExpansionError error = fail(message).error();
  error.costs_line = true;
  return std::unexpected(error);
}

std::unexpected<ExpansionError> Expander::State::fail(const VariableError& error,
                                                      FailureReach reach) {
  ExpansionError failed{kFailure, reach};
  // An expression that is wrong has said so.
  failed.arithmetic = error.message.empty();
  if (!failed.arithmetic) host.report_variable(error);
  return std::unexpected(failed);
}

std::unexpected<ExpansionError> Expander::State::fail(std::string_view message,
                                                      ExpansionHost::Complaint about) {
  if (!message.empty()) host.report(message, about);
  return std::unexpected(ExpansionError{});
}

const Pattern& Expander::State::compiled(std::string_view text, bool ignore_case,
                                         ExtendedPatterns extended) {
  const ExpansionOptions& options = host.options();
  const bool extglob = options.extglob || extended == ExtendedPatterns::always;
  const u8 key = static_cast<u8>((extglob ? 1 : 0) | (ignore_case ? 2 : 0) |
                                 (options.byte_characters ? 4 : 0));
  // Four places for each hash: the patterns of one `case` must not drive each other out.
  const usize first = (hash_text(text) + key) % (patterns_.size() / kWays) * kWays;
  usize place = first;
  while (place < first + kWays && patterns_[place] != nullptr &&
         (patterns_[place]->options != key || patterns_[place]->text != text)) {
    ++place;
  }
  if (place == first + kWays) place = first + next_way_++ % kWays;
  auto& slot = patterns_[place];
  if (slot == nullptr) slot = std::make_unique<CachedPattern>();
  if (slot->options != key || slot->text != text) {
    slot->text = text;
    slot->options = key;
    slot->pattern.emplace(text, PatternOptions{.extglob = extglob,
                                               .ignore_case = ignore_case,
                                               .bytes = options.byte_characters});
  }
  return *slot->pattern;
}

Expanded<std::string> Expander::State::document_text(std::string_view text, QuoteEscape quotes) {
  const Nested nested(*this);
  if (!nested.fits()) return std::unexpected(ExpansionError{});
  if (text.find_first_of("$`\\") == std::string_view::npos) return std::string(text);
  UnitPtr unit(new Unit);
  const auto word = parse_as_double_quoted(text, host.parser_host(), *unit, quotes);
  if (!word) return fail(word.error().message);
  return text_of(*word, Purpose::document, Mode{true, false});
}

std::string Expander::State::prompt_text(std::string_view text) {
  PromptContext context;
  context.facts = host.prompt_facts();
  const auto value_of = [&](std::string_view name) {
    const std::string* value = variables.get(name);
    return value != nullptr ? std::string_view(*value) : std::string_view();
  };
  context.working_directory = value_of("PWD");
  context.home = value_of("HOME");
  context.time_zone = value_of("TZ");
  context.trim = value_of("PROMPT_DIRTRIM");
  context.mark_invisible = host.options().interactive;
  context.will_expand = host.options().promptvars;
  std::string decoded = decode_prompt(text, context);
  if (!context.will_expand) return decoded;
  auto expanded = document_text(decoded, QuoteEscape::removed);
  return expanded ? *std::move(expanded) : decoded;
}

// --- Expander --------------------------------------------------------------------------------

Expander::Expander(ExpansionHost& host) : state_(std::make_unique<State>(host)) {
  host.variables().set_arithmetic(state_.get());
}

Expander::~Expander() { state_->variables.set_arithmetic(nullptr); }

Expanded<void> Expander::fields(std::span<Word* const> words, std::vector<std::string>& out) {
  return state_->words_to_fields(words, out);
}

Expanded<void> Expander::fields(const Word& word, std::vector<std::string>& out) {
  Word* const one[] = {const_cast<Word*>(&word)};
  return state_->words_to_fields(one, out);
}

Expanded<void> Expander::fields_without_files(std::span<Word* const> words,
                                              std::vector<std::string>& out) {
  const bool outer = std::exchange(state_->names_files, false);
  auto done = state_->words_to_fields(words, out);
  state_->names_files = outer;
  return done;
}

Expanded<std::string> Expander::string(const Word& word) {
  return state_->text_of(&word, Purpose::string, {});
}

Expanded<void> Expander::append_string(const Word& word, std::string& out) {
  out += SWEBASH_TRY(string(word));
  return {};
}

Expanded<std::string> Expander::redirect_target(const Word& word) {
  std::vector<std::string> found;
  SWEBASH_TRY(fields(word, found));
  if (found.size() == 1) return std::move(found[0]);
  return state_->fail(std::string(word.source) + ": ambiguous redirect", kFailure,
                      FailureReach::command);
}

Expanded<std::string> Expander::pattern(const Word& word) {
  return state_->text_of(&word, Purpose::pattern, {});
}

Expanded<std::string> Expander::shown_pattern(const Word& word) {
  return state_->text_of(&word, Purpose::shown_pattern, {});
}

Expanded<std::string> Expander::regex(const Word& word) {
  return state_->text_of(&word, Purpose::regex, {});
}

Expanded<std::string> Expander::here_document(const Word& word) {
  return state_->text_of(&word, Purpose::document, Mode{true, false});
}

Expanded<std::string> Expander::expand_text(std::string_view text) {
  return state_->document_text(text);
}

std::string Expander::prompt(std::string_view text) { return state_->prompt_text(text); }

Expanded<bool> Expander::matches(std::string_view subject, const Word& word,
                                 ExtendedPatterns extended) {
  const bool ignore_case = state_->host.options().nocasematch;
  if (word.parts.empty()) return subject.empty();
  if (word.parts.size() == 1 && word.parts[0].kind == PartKind::literal && !ignore_case) {
    const std::string_view text = word.parts[0].text;
    if (word.plain) return subject == text;
    if (word.after_star != 0) {
      // POSIX XCU 2.14: what stands before and behind the `*`, with anything between.
      const std::string_view end = text.substr(word.after_star);
      const std::string_view begin = text.substr(0, word.after_star - 1U);
      return subject.size() >= begin.size() + end.size() && subject.starts_with(begin) &&
             subject.ends_with(end);
    }
    return state_->compiled(text, false, extended).matches(subject);
  }
  const std::string text = SWEBASH_TRY(pattern(word));
  return state_->compiled(text, ignore_case, extended).matches(subject);
}

Expanded<i64> Expander::arithmetic(const Part& part) { return state_->arithmetic_part(part); }

Expanded<i64> Expander::arithmetic(const Word& word) {
  if (word.parts.size() == 1 && word.parts[0].kind == PartKind::arithmetic) {
    return state_->arithmetic_part(word.parts[0]);
  }
  return state_->evaluate_expression(
      SWEBASH_TRY(state_->text_of(&word, Purpose::string, Mode{true, false})));
}

Expanded<std::string> Expander::arithmetic_source(const Word& word) {
  const bool whole = word.parts.size() == 1 && word.parts[0].kind == PartKind::arithmetic;
  return state_->expression_text(whole ? word.parts[0].parts : word.parts, State::Quotes::text);
}

Expanded<i64> Expander::arithmetic_text(std::string_view text) {
  return state_->evaluate_expression(text);
}

Expanded<i64> Expander::let_text(std::string_view text) {
  if (!state_->host.options().assoc_expand_once) return state_->evaluate_expression(text);
  return state_->evaluate_with_raw_keys(text);
}

Expanded<std::string> Expander::expression(const Word& word) {
  return state_->expression_text(word.parts, State::Quotes::removed);
}

void Expander::set_ifs(const std::string* value) { state_->set_ifs(value); }

std::string_view Expander::ifs_joiner() const noexcept { return state_->ifs_joiner; }

const std::string* Expander::ifs() const noexcept {
  return state_->ifs_set ? &state_->ifs_text : nullptr;
}

}  // namespace swebash::engine
