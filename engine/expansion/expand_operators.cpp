// SPDX-License-Identifier: Apache-2.0
//
// The operators that change a value: trimming, replacement, case, slices.
#include <algorithm>

#include "engine/expansion/expand_internal.hpp"
#include "engine/text/utf8.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

namespace {

std::string_view trimmed(std::string_view subject, const Pattern& pattern, ParameterOperator op) {
  std::optional<usize> length;
  switch (op) {
    case ParameterOperator::remove_prefix_short: length = pattern.shortest_prefix(subject); break;
    case ParameterOperator::remove_prefix_long: length = pattern.longest_prefix(subject); break;
    case ParameterOperator::remove_suffix_short: length = pattern.shortest_suffix(subject); break;
    default: length = pattern.longest_suffix(subject); break;
  }
  if (!length) return subject;
  const bool prefix =
      op == ParameterOperator::remove_prefix_short || op == ParameterOperator::remove_prefix_long;
  return prefix ? subject.substr(*length) : subject.substr(0, subject.size() - *length);
}

constexpr bool is_trim(ParameterOperator op) noexcept {
  return op >= ParameterOperator::remove_prefix_short &&
         op <= ParameterOperator::remove_suffix_long;
}
constexpr bool is_replacement(ParameterOperator op) noexcept {
  return op >= ParameterOperator::replace_first && op <= ParameterOperator::replace_suffix;
}

// Whether the last character of `text` is a backslash that none before it quotes.
bool ends_in_backslash(std::string_view text) {
  const usize last = text.find_last_not_of('\\');
  return (text.size() - (last == std::string_view::npos ? 0 : last + 1)) % 2 == 1;
}

// Appends the replacement: & is the match, \& and \\ stand for themselves.
void append_replacement(std::string& out, std::string_view replacement, std::string_view match,
                        bool plain) {
  if (plain) {
    out.append(replacement);
    return;
  }
  for (usize i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c == '&') {
      out.append(match);
    } else if (c == '\\' && i + 1 < replacement.size() &&
               (replacement[i + 1] == '&' || replacement[i + 1] == '\\')) {
      out += replacement[++i];
    } else {
      out += c;
    }
  }
}

}  // namespace

Expanded<std::string> Expander::State::replaced(std::string_view subject, const Pattern& pattern,
                                                std::string_view pattern_text,
                                                std::string_view replacement,
                                                ParameterOperator op) {
  const bool plain = !host.options().patsub_replacement ||
                     replacement.find_first_of("&\\") == std::string_view::npos;
  // bash: a pattern that ends in a backslash which quotes nothing finds nothing.
  if (ends_in_backslash(pattern_text)) return std::string(subject);
  std::string out;
  if (op == ParameterOperator::replace_prefix || op == ParameterOperator::replace_suffix) {
    const bool prefix = op == ParameterOperator::replace_prefix;
    const auto length = prefix ? pattern.longest_prefix(subject) : pattern.longest_suffix(subject);
    if (!length) return std::string(subject);
    const usize start = prefix ? 0 : subject.size() - *length;
    out.append(subject.substr(0, start));
    append_replacement(out, replacement, subject.substr(start, *length), plain);
    out.append(subject.substr(start + *length));
    return out;
  }
  if (pattern.is_literal() && pattern.literal().empty()) return std::string(subject);
  // bash: `[^]` counts as a whole bracket when the length of a match is reckoned, so a pattern of
  // fixed length that has `[^]...]` finds nothing here.
  const bool never_fits = (pattern_text.find("[^]") != std::string_view::npos ||
                           pattern_text.find("[!]") != std::string_view::npos) &&
                          pattern_text.find('*') == std::string_view::npos &&
                          pattern_text.find('(') == std::string_view::npos;
  out.reserve(subject.size());
  usize from = 0;
  while (from <= subject.size()) {
    const auto match = pattern.find(subject, from);
    if (!match || never_fits) break;
    // An empty match (of *(x), say) counts only in an empty subject; else the next character goes.
    out.append(subject.substr(from, match->start - from));
    append_replacement(out, replacement, subject.substr(match->start, match->length), plain);
    from = match->start + match->length;
    if (match->length == 0) {
      if (from == subject.size()) return out;
      const usize step = utf8::decode(subject, from).length;
      out.append(subject.substr(from, step));
      from += step;
    }
    if (out.size() > kLongestString) return fail("string too long");
    if (op == ParameterOperator::replace_first || from == subject.size()) break;
  }
  if (from < subject.size()) out.append(subject.substr(from));
  return out;
}

std::string Expander::State::recased(std::string_view subject, const Pattern* pattern,
                                     ParameterOperator op) {
  const bool first_only = op == ParameterOperator::upper_first ||
                          op == ParameterOperator::lower_first ||
                          op == ParameterOperator::toggle_first;
  std::string out;
  out.reserve(subject.size());
  const bool single = host.options().byte_characters;
  for (usize i = 0; i < subject.size();) {
    const auto c = utf8::decode(subject, i);
    if (single && c.length > 1) {
      // A byte beyond ASCII has no case.
      out += subject[i++];
      if (!first_only) continue;
      out.append(subject.substr(i));
      break;
    }
    const std::string_view bytes = subject.substr(i, c.length);
    if (pattern == nullptr || pattern->matches(bytes)) {
      switch (op) {
        case ParameterOperator::upper_first:
        case ParameterOperator::upper_all: utf8::append(out, utf8::to_upper(c.code)); break;
        case ParameterOperator::lower_first:
        case ParameterOperator::lower_all: utf8::append(out, utf8::to_lower(c.code)); break;
        default: {
          const char32_t upper = utf8::to_upper(c.code);
          utf8::append(out, upper != c.code ? upper : utf8::to_lower(c.code));
        }
      }
    } else {
      out.append(bytes);
    }
    i += c.length;
    if (first_only) {
      out.append(subject.substr(i));
      break;
    }
  }
  return out;
}

// Whether a list has no elements.
bool Expander::State::has_nothing(const Place& place) {
  return place.kind == Place::Kind::special ? host.positional().empty() : !has_items(place);
}

// Whether ${x@a} or ${x@A} asks of an array that has elements, though `$x` is not set.
bool Expander::State::tells_attributes(const Parameter& p, const Place& place) {
  if (p.op != ParameterOperator::transform || (p.transform != 'a' && p.transform != 'A')) {
    return false;
  }
  return place.elements == Place::Elements::none && place.kind == Place::Kind::variable &&
         has_items(place);
}

Expanded<void> Expander::State::operate(const Parameter& p, const Place& place, Mode mode,
                                        Sink& sink) {
  std::string scratch;
  std::string_view value;
  const bool is_slice = p.op == ParameterOperator::slice;
  bool nothing = false;
  if (place.is_list()) {
    // $0 is there to be cut out, even where there is no $1.
    nothing = has_nothing(place) && !(is_slice && place.kind == Place::Kind::special);
  } else {
    nothing = !fetch(place, scratch, value);
    if (nothing && host.options().nounset && !tells_attributes(p, place)) return unbound(place);
  }
  // bash: of what is not there no operand is looked at. Attributes may be there all the same.
  if (nothing && p.transform == 0) {
    if (place.is_list()) {
      emit_list({}, place.is_star(), mode, sink);
    } else {
      emit({}, mode, sink);
    }
    return {};
  }
  if (is_slice) {
    return slice(p, place, mode, sink);
  }
  if (p.op == ParameterOperator::transform) {
    if (p.transform == 0) {
      return fail(std::string(p.word->source) + ": bad substitution", 127, FailureReach::shell);
    }
    transform(p, place, mode, sink);
    return {};
  }

  const std::string pattern_text = SWEBASH_TRY(text_of(p.word, Purpose::pattern, {}));
  std::string replacement;
  if (is_replacement(p.op)) {
    const Purpose purpose =
        host.options().patsub_replacement ? Purpose::replacement : Purpose::string;
    replacement = SWEBASH_TRY(text_of(p.replacement, purpose, {}));
  }
  const bool any_character = !is_trim(p.op) && !is_replacement(p.op) && pattern_text.empty();
  const bool ignore_case = host.options().nocasematch && is_replacement(p.op);
  const Pattern& pattern = compiled(pattern_text, ignore_case);

  std::string owned;
  const auto result = [&](std::string_view subject) -> Expanded<std::string_view> {
    if (is_trim(p.op)) return trimmed(subject, pattern, p.op);
    if (is_replacement(p.op)) {
      owned = SWEBASH_TRY(replaced(subject, pattern, pattern_text, replacement, p.op));
    } else {
      owned = recased(subject, any_character ? nullptr : &pattern, p.op);
    }
    return std::string_view(owned);
  };
  if (!place.is_list()) {
    fetch(place, scratch, value);
    emit(SWEBASH_TRY(result(value)), mode, sink);
    return {};
  }
  std::vector<std::string_view> items;
  fetch_items(place, items);
  std::vector<std::string> results;
  results.reserve(items.size());
  for (const std::string_view item : items) results.emplace_back(SWEBASH_TRY(result(item)));
  const std::vector<std::string_view> views(results.begin(), results.end());
  emit_list(views, place.is_star(), mode, sink);
  return {};
}

// --- slices ----------------------------------------------------------------------------------

Expanded<void> Expander::State::slice(const Parameter& p, const Place& place, Mode mode,
                                      Sink& sink) {
  std::string written_name;  // messages name the parameter as it is written
  std::string_view name = p.name;
  if (p.indirect || p.subscript != nullptr) {
    if (p.indirect) written_name = "!";
    written_name += p.name;
    if (p.subscript != nullptr) written_name.append("[").append(p.subscript->source).append("]");
    name = written_name;
  }
  const auto number = [&](const Word& word) -> Expanded<i64> {
    ExpressionOperands operands;
    Expanded<i64> value = 0;
    if (word.index != nullptr && read_operands(*word.index, word.parts, operands)) {
      value = evaluated(*word.index, name, operands.span());
    } else {
      value = evaluate_expression(SWEBASH_TRY(expression_text(word.parts, Quotes::text)), name);
    }
    if (!value) value.error().costs_line |= value.error().arithmetic;
    return value;
  };
  const auto negative_count = [&]() -> Expanded<void> {
    // bash: the length is shown as it is written.
    const std::string written(p.replacement->source);
    ExpansionError failed = fail(written + ": substring expression < 0").error();
    failed.arithmetic = failed.costs_line = true;
    return std::unexpected(failed);
  };
  std::string scratch;
  std::string_view value;
  // bash: where there is nothing, the numbers are not looked at; but for $@ and $*.
  if (place.is_list() ? !has_items(place) : !fetch(place, scratch, value)) return {};
  const auto changes = [](const Word* word) {
    return word != nullptr && (word->source.find('=') != std::string_view::npos ||
                               word->source.find("++") != std::string_view::npos ||
                               word->source.find("--") != std::string_view::npos);
  };
  // bash: the value is had before the numbers.
  const bool one_of_list =  // x[@] of an x that is no array is x itself
      place.kind == Place::Kind::variable && place.is_list() && !binding_of(place)->is_array();
  if (one_of_list) value = *binding_of(place)->text();
  const bool keeps =
      (one_of_list || !place.is_list()) && (changes(p.word) || changes(p.replacement));
  const std::string kept(keeps ? value : std::string_view());
  i64 offset = SWEBASH_TRY(number(*p.word));
  std::optional<i64> count;
  if (place.is_list() && !one_of_list) {
    // bash: where the offset is beyond the end, no length is looked at.
    if (is_beyond(place, offset)) {
      emit_list({}, place.is_star(), mode, sink);
      return {};
    }
    if (p.replacement != nullptr) count = SWEBASH_TRY(number(*p.replacement));
    if (count && *count < 0) return negative_count();
    return slice_list(place, offset, count, mode, sink);
  }
  if (keeps) value = kept;
  const bool bytes = host.options().byte_characters || utf8::is_ascii(value);
  const auto size = static_cast<i64>(bytes ? value.size() : utf8::count(value));
  if (offset < 0) offset += size;
  if (offset < 0 || offset > size) {
    if (one_of_list) emit_list({}, place.is_star(), mode, sink);
    return {};
  }
  if (p.replacement != nullptr) count = SWEBASH_TRY(number(*p.replacement));
  i64 end = size;
  if (count) {
    if (*count < 0) {
      end = size + *count;
      if (end < offset) return negative_count();
    } else if (*count < size - offset) {
      end = offset + *count;
    }
  }
  auto first = static_cast<usize>(offset);
  auto last = static_cast<usize>(end);
  if (!bytes) {
    first = utf8::offset_of(value, first);
    last = first + utf8::offset_of(value.substr(first), static_cast<usize>(end - offset));
  }
  emit(value.substr(first, last - first), mode, sink);
  return {};
}

// Whether no element of a list stands at `offset` or after it.
bool Expander::State::is_beyond(const Place& place, i64 offset) {
  const Variable* variable = place.kind == Place::Kind::variable ? binding_of(place) : nullptr;
  if (variable != nullptr && variable->has(kIndexed)) {
    const i64 end = variable->indexed().end_index();
    return offset < -end || offset >= end;
  }
  const auto size = static_cast<i64>(variable != nullptr ? variable->associative().size()
                                                         : host.positional().size() + 1);
  return offset < -size || offset > size;
}

Expanded<void> Expander::State::slice_list(const Place& place, i64 offset, std::optional<i64> count,
                                           Mode mode, Sink& sink) {
  std::vector<std::string_view> items;
  const Variable* variable = nullptr;
  if (place.kind == Place::Kind::variable) {
    variable = binding_of(place);
    if (variable == nullptr) {
      emit_list(items, place.is_star(), mode, sink);
      return {};
    }
  }
  const u64 most = count ? static_cast<u64>(*count) : ~u64{0};
  if (variable != nullptr && variable->has(kIndexed)) {
    if (offset < 0) offset += variable->indexed().end_index();
    if (offset >= 0) {
      if (most != 0) {
        variable->indexed().for_each(
            [&](i64, const std::string& text) {
              items.emplace_back(text);
              return items.size() < most;
            },
            offset);
      }
    }
  } else {
    // $0 is the element before the first positional parameter.
    if (variable == nullptr) items.emplace_back(host.script_name());
    fetch_items(place, items);
    if (offset < 0) offset += static_cast<i64>(items.size());
    if (variable != nullptr && variable->has(kAssociative) && offset > 0) --offset;
    if (offset < 0 || static_cast<u64>(offset) >= items.size()) {
      items.clear();
    } else {
      items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(offset));
      if (items.size() > most) items.resize(static_cast<usize>(most));
    }
  }
  emit_list(items, place.is_star(), mode, sink);
  return {};
}

}  // namespace swebash::engine
