// SPDX-License-Identifier: Apache-2.0
//
// The forms that ask whether a parameter is set: ${x-w} ${x=w} ${x?w} ${x+w}.
#include <algorithm>

#include "engine/expansion/expand_internal.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

Expanded<void> Expander::State::conditional(const Parameter& p, const Place& place, Mode mode,
                                            Sink& sink) {
  std::vector<std::string_view> items;
  std::string scratch;
  std::string_view value;
  bool set = false;
  bool null = true;
  if (place.is_list()) {
    fetch_items(place, items);
    set = !items.empty();
    null = items.empty() || (items.size() == 1 && items[0].empty());
    // "$*" is null when what it joins to is.
    if (place.is_star() && mode.quoted && ifs_joiner.empty() && !null) {
      null = std::ranges::all_of(items, [](std::string_view item) { return item.empty(); });
    }
  } else {
    set = fetch(place, scratch, value);
    null = value.empty();
  }
  const bool present = set && !(p.colon && null);
  const auto emit_value = [&] {
    if (place.is_list()) {
      emit_list(items, place.is_star(), mode, sink);
    } else {
      emit(value, mode, sink);
    }
  };
  const Mode operand{mode.quoted, !mode.quoted};
  switch (p.op) {
    case ParameterOperator::use_default:
      if (present) {
        emit_value();
        return {};
      }
      return alternative(p, operand, sink);
    case ParameterOperator::use_alternative:
      if (!present) {
        if (place.elements == Place::Elements::all_at && items.empty()) sink.empty_list = true;
        return {};
      }
      return alternative(p, operand, sink);
    case ParameterOperator::assign_default:
      if (!present) {
        SWEBASH_TRY(assign_default(p, place, Mode{mode.quoted, false}));
        if (place.is_list()) {
          fetch_items(place, items);
        } else {
          fetch(place, scratch, value);
        }
        emit_value();
        return {};
      }
      emit_value();
      return {};
    default: {
      if (present) {
        emit_value();
        return {};
      }
      std::string message = p.indirect ? "!" + std::string(p.name) : shown_name(place);
      message += ": ";
      if (p.word == nullptr || p.word->parts.empty()) {
        message += p.colon ? "parameter null or not set" : "parameter not set";
      } else {
        message += SWEBASH_TRY(text_of(p.word, Purpose::string, Mode{mode.quoted, false}));
      }
      return fail(message, 127, FailureReach::shell);
    }
  }
}

// The operand of ${x-w} and ${x+w}. bash: within double quotes there is a field, even where the
// operand is a list without elements.
Expanded<void> Expander::State::alternative(const Parameter& p, Mode mode, Sink& sink) {
  if (p.word != nullptr) SWEBASH_TRY(parts(p.word->parts, mode, sink));
  if (mode.quoted) sink.quoted({});
  return {};
}

Expanded<void> Expander::State::assign_default(const Parameter& p, const Place& place, Mode mode) {
  if (place.through != nullptr && place.name == p.name) {
    return fail("!" + std::string(p.name) + ": invalid indirect expansion");
  }
  if (place.through != nullptr &&
      (place.kind != Place::Kind::variable || place.elements != Place::Elements::none)) {
    return fail(shown_name(place) + ": invalid variable name");
  }
  if (place.kind != Place::Kind::variable) {
    return fail_line("$" + std::string(place.name) + ": cannot assign in this way");
  }
  Variable* const table = place.is_list() ? variables.find(place.name) : nullptr;
  if (place.is_list() && (table == nullptr || !table->has(kAssociative))) {
    const bool posix = host.options().posix;
    return fail(shown_name(place) + ": bad array subscript", posix ? 127 : 2,
                posix ? FailureReach::shell : FailureReach::top_level);
  }
  const std::string value = SWEBASH_TRY(text_of(p.word, Purpose::string, mode));
  VariableResult<void> stored;
  if (place.is_list()) {
    // bash: the key of that name.
    stored = variables.assign_element(*table, place.is_star() ? "*" : "@", value);
  } else if (place.elements == Place::Elements::none) {
    stored = variables.assign(place.name, value);
  } else {
    auto variable = variables.declare(place.name, Placement::visible);
    if (!variable) return fail(variable.error());
    stored = place.elements == Place::Elements::key
                 ? variables.assign_element(**variable, place.key, value)
                 : variables.assign_element(**variable, place.number, value);
  }
  if (!stored) return fail(stored.error());
  return {};
}

}  // namespace swebash::engine
