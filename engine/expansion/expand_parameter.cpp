// SPDX-License-Identifier: Apache-2.0
//
// Parameter expansion: what a parameter stands for, and the forms that ask whether it is set.
#include <algorithm>

#include "engine/expansion/expand_internal.hpp"
#include "engine/text/quote.hpp"
#include "engine/text/utf8.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

namespace {

using Complaint = ExpansionHost::Complaint;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Whether `word` is an unquoted @ or *, which in a subscript means all elements.
char all_elements(const Word& word) noexcept {
  if (word.parts.size() != 1 || word.parts[0].kind != PartKind::literal) return 0;
  const Part& part = word.parts[0];
  if (part.quoted || part.text.size() != 1) return 0;
  return part.text[0] == '@' || part.text[0] == '*' ? part.text[0] : '\0';
}

}  // namespace

// --- where a parameter is --------------------------------------------------------------------

Expanded<void> Expander::State::locate_subscript(std::string_view subscript, Place& place) {
  if (subscript == "@" || subscript == "*") {
    place.elements = subscript == "@" ? Place::Elements::all_at : Place::Elements::all_star;
    return {};
  }
  const Variable* variable = binding_of(place);
  if (variable != nullptr && variable->has(kAssociative)) {
    place.elements = Place::Elements::key;
    place.key = SWEBASH_TRY(subscript_value(subscript, true));
    return {};
  }
  place.elements = Place::Elements::index;
  place.number = SWEBASH_TRY(evaluate_index(SWEBASH_TRY(subscript_value(subscript, false))));
  return {};
}

Expanded<void> Expander::State::locate_name(std::string_view name, Place& place) {
  place.name = name;
  if (name.empty()) return {};
  const char first = name[0];
  if (is_digit(first)) {
    place.kind = Place::Kind::positional;
    i64 number = 0;
    for (const char c : name) {
      if (number < 100'000'000) number = number * 10 + (c - '0');
    }
    place.number = number;
    return {};
  }
  if (first == '_' || ((first | 0x20) >= 'a' && (first | 0x20) <= 'z')) {
    const Variable* variable = variables.find_at(name, Placement::visible);
    if (variable == nullptr || !variable->has(kNameref)) return {};
    const auto target = variables.resolve(name);
    if (!target) {
      host.report_variable(target.error());
      place.shadowed = variables.find_behind(name);
      if (place.shadowed == nullptr) place.name = {};
      return {};
    }
    if (target->unbound_reference) return {};
    place.owned_name = target->name;
    place.name = place.owned_name;
    if (target->has_subscript) {
      place.by_reference = true;
      return locate_subscript(std::string(target->subscript), place);
    }
    return {};
  }
  place.kind = Place::Kind::special;
  place.special = first;
  if (first == '@') place.elements = Place::Elements::all_at;
  if (first == '*') place.elements = Place::Elements::all_star;
  return {};
}

Expanded<void> Expander::State::locate(const Parameter& p, Place& place) {
  SWEBASH_TRY(locate_name(p.name, place));
  if (p.subscript == nullptr || place.kind != Place::Kind::variable) return {};
  if (place.by_reference) {
    // bash: an element has no elements.
    place.owned_name.clear();
    place.name = {};
    return {};
  }
  if (const char all = all_elements(*p.subscript)) {
    place.elements = all == '@' ? Place::Elements::all_at : Place::Elements::all_star;
    return {};
  }
  place.subscript = p.subscript;
  const Variable* variable = binding_of(place);
  if (variable != nullptr && variable->has(kAssociative)) {
    place.key = SWEBASH_TRY(subscript_text(*p.subscript, true));
    place.elements = Place::Elements::key;
  } else {
    place.number = SWEBASH_TRY(index_of(*p.subscript));
    place.elements = Place::Elements::index;
  }
  return {};
}

std::string Expander::State::shown_name(const Place& place) {
  if (!place.shown.empty()) return place.shown;
  std::string name(place.name);
  if (place.subscript != nullptr) name.append("[").append(place.subscript->source).append("]");
  if (place.kind == Place::Kind::variable && place.is_list())
    name += place.is_star() ? "[*]" : "[@]";
  return name;
}

// Finds what `text`, the value of an indirect reference, names.
Expanded<void> Expander::State::locate_text(std::string_view text, Place& place) {
  const auto invalid = [&] { return fail(std::string(text) + ": invalid variable name"); };
  if (text.empty()) return invalid();
  if (text.size() == 1 && std::string_view("@*#?-$!").find(text[0]) != std::string_view::npos) {
    place.owned_name = text;
    return locate_name(place.owned_name, place);
  }
  if (is_digit(text[0])) {
    for (const char c : text) {
      if (!is_digit(c)) return invalid();
    }
    place.owned_name = text;
    return locate_name(place.owned_name, place);
  }
  const auto reference = Expander::parse_reference(text);
  if (!reference) return invalid();
  place.owned_name = reference->name;
  SWEBASH_TRY(locate_name(std::string(reference->name), place));
  if (place.owned_name.empty()) place.owned_name = reference->name;
  place.name = place.owned_name;
  if (reference->has_subscript) {
    place.shown = text;
    return locate_subscript(reference->subscript, place);
  }
  return {};
}

// --- what is there ---------------------------------------------------------------------------

// The value of a place that is no list; false when it is not set. `out` views `scratch`, a variable
// or a positional parameter.
bool Expander::State::fetch(const Place& place, std::string& scratch, std::string_view& out) {
  out = {};
  switch (place.kind) {
    case Place::Kind::variable: {
      const Variable* variable = binding_of(place);
      if (place.elements == Place::Elements::index && place.number < 0 &&
          (variable == nullptr || !variable->has(kAssociative))) {
        const bool indexed = variable != nullptr && variable->has(kIndexed);
        if (place.number + (indexed ? variable->indexed().end_index() : 0) < 0) {
          host.report(std::string(place.name) + ": bad array subscript", Complaint::unnamed);
          return false;
        }
      }
      if (variable == nullptr) return false;
      const std::string* text = nullptr;
      if (place.elements == Place::Elements::none) {
        text = variable->text();
      } else if (place.elements == Place::Elements::index) {
        text = Variables::find_element(*variable, place.number);
      } else if (variable->has(kAssociative)) {
        text = variable->associative().find(place.key);
      }
      if (text == nullptr) return false;
      out = *text;
      return true;
    }
    case Place::Kind::positional: {
      if (place.number == 0) {
        out = host.script_name();
        return true;
      }
      const auto positional = host.positional();
      if (static_cast<u64>(place.number) > positional.size()) return false;
      out = positional[static_cast<usize>(place.number) - 1];
      return true;
    }
    case Place::Kind::special:
      scratch.clear();
      switch (place.special) {
        case '?': append_number(scratch, host.last_status()); break;
        case '#': append_number(scratch, static_cast<i64>(host.positional().size())); break;
        case '$': append_number(scratch, host.shell_pid()); break;
        case '-': scratch = host.option_letters(); break;
        case '!': {
          const auto pid = host.last_background_pid();
          if (!pid) return false;
          append_number(scratch, *pid);
          break;
        }
        default: return false;
      }
      out = scratch;
      return true;
  }
  return false;
}

// The elements of a list, which view variables and positional parameters.
void Expander::State::fetch_items(const Place& place, std::vector<std::string_view>& out) {
  if (place.kind == Place::Kind::special) {
    for (const std::string& item : host.positional()) out.emplace_back(item);
    return;
  }
  const Variable* variable = binding_of(place);
  if (variable == nullptr) return;
  if (variable->has(kAssociative)) {
    variable->associative().for_each([&](std::string_view, const std::string& text) {
      out.emplace_back(text);
      return true;
    });
  } else if (variable->has(kIndexed)) {
    out.reserve(variable->indexed().size());
    variable->indexed().for_each([&](i64, const std::string& text) {
      out.emplace_back(text);
      return true;
    });
  } else if (const std::string* text = variable->text()) {
    out.emplace_back(*text);
  }
}

bool Expander::State::has_items(const Place& place) {
  if (place.kind != Place::Kind::variable) return true;
  const Variable* variable = binding_of(place);
  if (variable == nullptr) return false;
  if (variable->has(kAssociative)) return variable->associative().size() != 0;
  return variable->has(kIndexed) ? variable->indexed().size() != 0 : variable->is_set();
}

std::unexpected<ExpansionError> Expander::State::unbound(const Place& place) {
  std::string message;
  if (const Parameter* p = place.through) {
    message.append("!").append(p->name);
    if (p->subscript != nullptr) message.append("[").append(p->subscript->source).append("]");
  } else {
    message = shown_name(place);
    if (place.kind != Place::Kind::variable && !place.braced) message.insert(0, 1, '$');
  }
  message += ": unbound variable";
  host.report(message, Complaint::unnamed);
  return fail({}, 127, FailureReach::shell);
}

// --- the expansion ---------------------------------------------------------------------------

const std::string* Expander::State::plain_text(const Parameter& p) {
  switch (p.shape) {
    case ParameterShape::variable: {
      const Variable* variable = variables.find_unresolved(p.name, p.known);
      return variable != nullptr && !variable->has(kNameref) ? variable->text() : nullptr;
    }
    case ParameterShape::positional: {
      const auto positional = host.positional();
      return p.position <= positional.size() ? &positional[p.position - 1] : nullptr;
    }
    case ParameterShape::other: break;
  }
  return nullptr;
}

Expanded<void> Expander::State::parameter(const Part& item, Mode mode, Sink& sink) {
  if (const std::string* text = plain_text(*item.parameter)) {
    emit(*text, mode, sink);
    return {};
  }
  return parameter_slow(item, mode, sink);
}

namespace {

// bash: a wrong expansion is shown with its $'...' decoded.
std::string with_plain_quotes(std::string_view text) {
  std::string result;
  for (usize i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) != "$'") {
      result += text[i];
      continue;
    }
    usize end = i + 2;
    while (end < text.size() && text[end] != '\'') end += text[end] == '\\' ? 2 : 1;
    if (end >= text.size()) return result.append(text.substr(i));
    result += quote_single(decode_ansi(text.substr(i + 2, end - i - 2)));
    i = end;
  }
  return result;
}

}  // namespace

Expanded<void> Expander::State::parameter_slow(const Part& item, Mode mode, Sink& sink) {
  const Parameter& p = *item.parameter;
  if (p.bad && !p.name.empty()) {
    host.report_substitution(p.line, p.name, item.text);
    return std::unexpected(ExpansionError{});
  }
  if (p.bad) {
    if (p.transform != 0) {
      // The closer that a here-document lacks; bash quotes the backquote apart.
      const std::string closer =
          p.transform == '`' ? "\"`\"" : std::string("`") + p.transform + "'";
      return fail("bad substitution: no closing " + closer + " in " + std::string(item.text));
    }
    const std::string_view shown = p.word != nullptr ? p.word->source : item.text;
    return fail(with_plain_quotes(shown) + ": bad substitution");
  }
  if (p.prefix_names) return prefix_names(p, mode, sink);
  Place place;
  if (p.indirect && !p.keys) {
    if (!SWEBASH_TRY(follow_indirection(p, place, mode, sink))) return {};
  } else {
    SWEBASH_TRY(locate(p, place));
    // bash: messages name the reference that was written, not what it refers to.
    if (!place.owned_name.empty()) {
      place.shown = p.name;
      if (p.subscript != nullptr) place.shown.append("[").append(p.subscript->source).append("]");
    }
  }
  place.braced = item.text.starts_with("${");
  place.through = p.indirect && !p.keys ? &p : nullptr;
  if (p.length && place.by_reference) {
    emit("0", mode, sink);
    return {};
  }
  if (place.name.empty()) return {};
  if (p.keys) return keys(place, mode, sink);
  if (p.length) return length(place, mode, sink);

  switch (p.op) {
    case ParameterOperator::use_default:
    case ParameterOperator::assign_default:
    case ParameterOperator::error_if_unset:
    case ParameterOperator::use_alternative: return conditional(p, place, mode, sink);
    case ParameterOperator::none: break;
    default: return operate(p, place, mode, sink);
  }
  if (place.is_list()) {
    std::vector<std::string_view> items;
    fetch_items(place, items);
    // bash: $@ in an operand is a string with blanks between its elements, unless IFS begins with
    // one.
    if (mode.splits_literals && !mode.quoted && !place.is_star() && !ifs_null &&
        ifs_text.front() != ' ' && sink.purpose == Purpose::fields) {
      for (usize i = 0; i < items.size(); ++i) {
        if (i != 0) sink.expansion(" ");
        sink.quoted(items[i]);
      }
      return {};
    }
    emit_list(items, place.is_star(), mode, sink);
    return {};
  }
  std::string scratch;
  std::string_view value;
  if (!fetch(place, scratch, value) && host.options().nounset && !place.by_reference) {
    return unbound(place);
  }
  emit(value, mode, sink);
  return {};
}

// ${!x}: `place` becomes what the value of x names. False when the answer has been given already.
Expanded<bool> Expander::State::follow_indirection(const Parameter& p, Place& place, Mode mode,
                                                   Sink& sink) {
  // A nameref answers with its target's name, which is set.
  const bool answers = p.op == ParameterOperator::none || p.op == ParameterOperator::use_default ||
                       p.op == ParameterOperator::assign_default ||
                       p.op == ParameterOperator::error_if_unset;
  if (p.subscript == nullptr && (answers || p.op == ParameterOperator::use_alternative)) {
    const Variable* variable = variables.find_unresolved(p.name);
    if (variable != nullptr && variable->has(kNameref)) {
      const auto target = variables.resolve(p.name);
      if (!target || !target->unbound_reference || p.op == ParameterOperator::none) {
        std::string name;
        if (target && !target->unbound_reference) {
          name = target->name;
          if (target->has_subscript) {
            name.append("[").append(target->subscript).append("]");
          }
        }
        if (answers) {
          emit(name, mode, sink);
        } else if (p.word != nullptr) {
          SWEBASH_TRY(parts(p.word->parts, Mode{mode.quoted, !mode.quoted}, sink));
        }
        return false;
      }
    }
  }
  Place pointer;
  SWEBASH_TRY(locate(p, pointer));
  std::string name;
  bool set = false;
  if (pointer.is_list()) {
    std::vector<std::string_view> items;
    fetch_items(pointer, items);
    for (const std::string_view item : items) {
      if (set) name += ' ';
      name += item;
      set = true;
    }
  } else {
    std::string scratch;
    std::string_view value;
    set = fetch(pointer, scratch, value);
    name = value;
  }
  if (!set && (pointer.kind != Place::Kind::variable ||
               variables.find_unresolved(pointer.name) != nullptr)) {
    // bash: a parameter that is not set names one that is not.
    place = std::move(pointer);
    if (place.is_list()) place.elements = Place::Elements::all_star;  // and one that is no list
    return true;
  }
  if (!set) return fail_line(shown_name(pointer) + ": invalid indirect expansion");
  SWEBASH_TRY(locate_text(name, place));
  return true;
}

// bash names the variable alone.
std::unexpected<ExpansionError> Expander::State::unbound_length(const Place& place) {
  std::string name(place.name);
  if (!place.owned_name.empty()) name = place.shown.substr(0, place.shown.find('['));
  return fail(name + ": unbound variable", 127, FailureReach::shell);
}

Expanded<void> Expander::State::length(const Place& place, Mode mode, Sink& sink) {
  usize count = 0;
  if (place.is_list()) {
    const Variable* variable = place.kind == Place::Kind::special ? nullptr : binding_of(place);
    if (place.kind == Place::Kind::special) {
      count = host.positional().size();
    } else if (variable == nullptr) {
      if (host.options().nounset) return unbound_length(place);
    } else if (variable->has(kIndexed)) {
      count = variable->indexed().size();
    } else if (variable->has(kAssociative)) {
      count = variable->associative().size();
    } else {
      count = variable->is_set() ? 1 : 0;
    }
  } else {
    std::string scratch;
    std::string_view value;
    // bash: of what is not there no subscript is wrong.
    const bool absent = place.kind == Place::Kind::variable && binding_of(place) == nullptr;
    if ((absent || !fetch(place, scratch, value)) && host.options().nounset &&
        place.kind != Place::Kind::special) {
      return unbound_length(place);
    }
    count = host.options().byte_characters ? value.size() : utf8::count(value);
  }
  std::string digits;
  append_number(digits, static_cast<i64>(count));
  emit(digits, mode, sink);
  return {};
}

Expanded<void> Expander::State::keys(const Place& place, Mode mode, Sink& sink) {
  std::vector<std::string> names;
  const Variable* variable = binding_of(place);
  if (variable != nullptr && variable->has(kAssociative)) {
    variable->associative().for_each([&](std::string_view key, const std::string&) {
      names.emplace_back(key);
      return true;
    });
  } else if (variable != nullptr && variable->has(kIndexed)) {
    variable->indexed().for_each([&](i64 index, const std::string&) {
      append_number(names.emplace_back(), index);
      return true;
    });
  } else if (variable != nullptr && variable->is_set()) {
    names.emplace_back("0");
  }
  const std::vector<std::string_view> items(names.begin(), names.end());
  emit_list(items, place.is_star(), mode, sink);
  return {};
}

Expanded<void> Expander::State::prefix_names(const Parameter& p, Mode mode, Sink& sink) {
  std::vector<std::string_view> items = variables.names(p.name);
  std::erase_if(items, [&](std::string_view name) {
    const Variable* variable = variables.find_unresolved(name);
    return variable == nullptr || !variable->is_assigned();
  });
  emit_list(items, p.transform == '*', mode, sink);
  return {};
}

}  // namespace swebash::engine
