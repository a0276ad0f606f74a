// SPDX-License-Identifier: Apache-2.0
//
// Assignments: name=value, name[subscript]=value, name=( ... ).
#include <utility>

#include "engine/expansion/expand_internal.hpp"
#include "engine/text/quote.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

namespace {

std::string bad_subscript(std::string_view name, std::string_view subscript) {
  std::string message(name);
  message += '[';
  message += subscript;
  message += "]: bad array subscript";
  return message;
}

// Whether `index`, if it counts from the end, is within the array.
bool has_element_place(const Variable& variable, i64 index) {
  if (index >= 0) return true;
  const i64 end =
      variable.has(kIndexed) ? variable.indexed().end_index() : static_cast<i64>(variable.is_set());
  return index + end >= 0;
}

}  // namespace

Expanded<std::string> Expander::State::subscript_text(const Word& subscript, bool associative) {
  if (associative) return text_of(&subscript, Purpose::string, {});
  // bash: an index is expanded as in double quotes, so that apostrophes stay and are an error.
  if (subscript.source.find('\'') != std::string_view::npos &&
      subscript.source.find_first_of("\"$`\\") == std::string_view::npos) {
    return std::string(subscript.source);
  }
  if (subscript.parts.size() == 1 && subscript.parts[0].kind == PartKind::literal) {
    return std::string(subscript.parts[0].text);
  }
  return expression_text(subscript.parts, Quotes::removed);
}

namespace {

// An index without expansions: double quotes go, and backslashes as within them.
std::string unquoted_index(std::string_view text) {
  std::string result;
  for (usize i = 0; i < text.size(); ++i) {
    if (text[i] == '"') continue;
    if (text[i] == '\\' && i + 1 < text.size() &&
        std::string_view("\\\"$`").find(text[i + 1]) != std::string_view::npos) {
      ++i;
    }
    result += text[i];
  }
  return result;
}

// Whether `text` has a dollar sign or a backquote that no backslash precedes.
bool has_expansion(std::string_view text) {
  for (usize i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '$' || text[i] == '`') {
      return true;
    }
  }
  return false;
}

}  // namespace

Expanded<std::string> Expander::State::subscript_value(std::string_view text, bool associative) {
  if (!associative) return has_expansion(text) ? document_text(text) : unquoted_index(text);
  if (text.find_first_of("\"'\\$`") == std::string_view::npos) return std::string(text);
  const Nested nested(*this);
  if (!nested.fits()) return std::unexpected(ExpansionError{});
  std::string source = "a[";
  source += text;
  source += "]=";
  const auto unit = parse_text(source, host.parser_host());
  if (unit && *unit && (*unit)->list != nullptr && (*unit)->list->items.size() == 1) {
    const Pipeline& pipeline = *(*unit)->list->items[0]->pipelines[0];
    if (pipeline.commands.size() == 1 && pipeline.commands[0]->kind == CommandKind::simple) {
      const auto& command = static_cast<const SimpleCommand&>(*pipeline.commands[0]);
      if (command.assignments.size() == 1 && command.words.empty() &&
          command.assignments[0]->subscript != nullptr) {
        return text_of(command.assignments[0]->subscript, Purpose::string, {});
      }
    }
  }
  return std::string(text);
}

// Stores to `variable[subscript]`, the subscript given as expanded text.
Expanded<void> Expander::State::store_element(Variable& variable, std::string_view subscript,
                                              std::string_view value, AssignMode mode, bool in_list,
                                              std::string_view shown) {
  const std::string name(variable.name());
  const auto bad = [&] {
    if (!in_list) {
      return fail(bad_subscript(name, shown.empty() ? subscript : shown),
                  ExpansionHost::Complaint::unnamed);
    }
    std::string message = "[";
    message += subscript;
    message += mode == AssignMode::append ? "]+=" : "]=";
    message += value;
    message += ": bad array subscript";
    return fail(message, kFailure, FailureReach::command);
  };
  if (variable.has(kAssociative)) {
    if (subscript.empty()) return bad();
    const auto stored = variables.assign_element(variable, subscript, value, mode);
    if (!stored) return fail(stored.error());
    return {};
  }
  // An operand's subscript that was written, and came to nothing, is 0.
  const std::string_view written = shown.empty() ? subscript : shown;
  if (written.empty() || (subscript.empty() && shown.empty()) || subscript == "@" ||
      subscript == "*") {
    return bad();
  }
  const i64 index = SWEBASH_TRY(evaluate_index(subscript));
  // Evaluating may have unset the variable.
  Variable* target = variables.find_unresolved(name);
  if (target == nullptr) target = &variable;
  if (!has_element_place(*target, index)) return bad();
  const auto stored = variables.assign_element(*target, index, value, mode);
  if (!stored) return fail(stored.error());
  return {};
}

Expanded<AssignmentValue> Expander::State::evaluate_value(const Assignment& assignment,
                                                          bool associative) {
  AssignmentValue value;
  if (!assignment.is_array) {
    value.text = SWEBASH_TRY(text_of(assignment.value, Purpose::string, {}));
    return value;
  }
  std::vector<std::string> words;
  const Mode in_list{.keeps_tildes = associative};
  for (const ArrayElement& element : assignment.elements) {
    if (element.subscript != nullptr) {
      AssignmentValue::Element& made = value.elements.emplace_back();
      // bash: the words of a list have lost all their quotes before a subscript is evaluated.
      made.subscript = SWEBASH_TRY(associative ? subscript_text(*element.subscript, true)
                                               : text_of(element.subscript, Purpose::string, {}));
      made.text = SWEBASH_TRY(text_of(element.value, Purpose::string, in_list));
      made.append = element.append;
      made.written = &element;
    } else if (associative) {
      // bash: keys and values in turn are not split.
      AssignmentValue::Element& made = value.elements.emplace_back();
      made.text = SWEBASH_TRY(text_of(element.value, Purpose::string, in_list));
      made.written = &element;
    } else {
      words.clear();
      const Word* const one[] = {element.value};
      SWEBASH_TRY(words_to_fields(std::span(const_cast<Word* const*>(one), 1), words));
      for (std::string& word : words) value.elements.emplace_back().text = std::move(word);
    }
  }
  return value;
}

namespace {

// An element with an empty key, as bash tells of it: as it is written, but what declare was given
// had been expanded and quoted before.
std::string shown_element(const AssignmentValue::Element& element, bool declared) {
  const ArrayElement& written = *element.written;
  const auto word = [declared](const Word* source, std::string_view expanded) {
    return declared ? quote_single(expanded)
                    : std::string(source != nullptr ? source->source : std::string_view());
  };
  if (!element.subscript) return word(written.value, element.text);
  return "[" + word(written.subscript, *element.subscript) + (element.append ? "]+=" : "]=") +
         word(written.value, element.text);
}

}  // namespace

Expanded<void> Expander::State::store_list(Variable& variable, AssignmentValue value,
                                           AssignMode mode) {
  if (mode == AssignMode::replace) {
    if (const auto cleared = variables.clear_array(variable); !cleared) {
      return fail(cleared.error());
    }
  } else if (!variable.is_array()) {
    if (variable.has(kReadonly)) {
      return fail(readonly_error(variable.name()).error());
    }
    if (const auto made = variables.set_attributes(variable, kIndexed, 0); !made) {
      return fail(made.error());
    }
  }
  // bash: a list without elements gives an array a value, too.
  if (value.elements.empty() && !variable.is_assigned()) {
    if (const auto cleared = variables.clear_array(variable); !cleared) {
      return fail(cleared.error());
    }
  }
  const std::string name(variable.name());
  if (variable.has(kAssociative)) {
    // All by key, or keys and values in turn, as the first element has it.
    const bool pairs = !value.elements.empty() && !value.elements[0].subscript;
    const auto complain = [&](std::string_view message) {
      host.report(message, ExpansionHost::Complaint::unnamed);
    };
    for (usize i = 0; i < value.elements.size(); ++i) {
      AssignmentValue::Element& element = value.elements[i];
      if (pairs) {
        const std::string text =
            i + 1 < value.elements.size() ? value.elements[i + 1].text : std::string();
        if (element.text.empty()) {
          complain(shown_element(element, value.declared) + ": bad array subscript");
          ++i;
          continue;
        }
        SWEBASH_TRY(store_element(variable, element.text, text, AssignMode::replace, true));
        ++i;
        continue;
      }
      if (!element.subscript) {
        std::string shown(element.written->value->source);
        // bash: the words that declare is given have been quoted once more.
        if (value.declared) shown = quote_single(shown);
        complain(name + ": " + shown + ": must use subscript when assigning associative array");
        continue;
      }
      if (element.subscript->empty()) {
        complain(shown_element(element, value.declared) + ": bad array subscript");
        continue;
      }
      SWEBASH_TRY(store_element(variable, *element.subscript, element.text,
                                element.append ? AssignMode::append : AssignMode::replace, true));
    }
    return {};
  }
  i64 next = variable.indexed().end_index();
  for (AssignmentValue::Element& element : value.elements) {
    if (!element.subscript) {
      const auto stored = variables.assign_element(variable, next++, element.text);
      if (!stored) return fail(stored.error());
      continue;
    }
    // bash: what is wrong with one element is said, and the others are assigned.
    const auto pass_over = [&](std::string_view reason) {
      host.report("[" + *element.subscript + (element.append ? "]+=" : "]=") + element.text + ": " +
                  std::string(reason));
    };
    if (element.subscript->empty()) {
      pass_over("bad array subscript");
      continue;
    }
    if (*element.subscript == "@" || *element.subscript == "*") {
      pass_over("cannot assign to non-numeric index");
      continue;
    }
    i64 index = SWEBASH_TRY(evaluate_index(*element.subscript));
    if (index < 0) index += variable.indexed().end_index();
    if (index < 0) {
      pass_over("bad array subscript");
      continue;
    }
    const auto stored = variables.assign_element(
        variable, index, element.text, element.append ? AssignMode::append : AssignMode::replace);
    if (!stored) return fail(stored.error());
    next = index + 1;
  }
  return {};
}

// name=value.
Expanded<void> Expander::State::assign_plain(const Assignment& assignment, const std::string* given,
                                             AssignMode mode) {
  const Word* const word = assignment.value;
  VariableResult<void> stored;
  if (given == nullptr && word != nullptr && word->parts.size() == 1) {
    const Part& only = word->parts[0];
    const bool in_quotes = only.kind == PartKind::double_quoted && only.parts.size() == 1;
    const Part& inner = in_quotes ? only.parts[0] : only;
    if (inner.kind == PartKind::parameter) {
      // What a reference or an expression leads to may change the text that is assigned.
      const Variable* target = variables.find_unresolved(assignment.name, assignment.known);
      const std::string* text = target != nullptr && target->has(kNameref | kInteger)
                                    ? nullptr
                                    : plain_text(*inner.parameter);
      if (text != nullptr) {
        stored = variables.assign(assignment.name, assignment.known, *text, mode);
        if (!stored) return fail(stored.error());
        return {};
      }
    }
    if (only.kind == PartKind::literal) {
      stored = variables.assign(assignment.name, assignment.known, only.text, mode);
      if (!stored) return fail(stored.error());
      return {};
    }
    if (only.kind == PartKind::arithmetic && mode == AssignMode::replace) {
      stored = variables.assign_number(assignment.name, assignment.known,
                                       SWEBASH_TRY(arithmetic_part(only)));
      if (!stored) return fail(stored.error());
      return {};
    }
  }
  const std::string value =
      given != nullptr ? *given : SWEBASH_TRY(text_of(word, Purpose::string, {}));
  stored = variables.assign(assignment.name, assignment.known, value, mode);
  if (!stored) return fail(stored.error());
  return {};
}

Expanded<void> Expander::State::assign(const Assignment& assignment, const std::string* given) {
  const AssignMode mode = assignment.append ? AssignMode::append : AssignMode::replace;
  if (!assignment.is_array && assignment.subscript == nullptr) {
    return assign_plain(assignment, given, mode);
  }
  if (assignment.is_array && assignment.subscript != nullptr) {
    std::string message(assignment.name);
    message += '[';
    message += assignment.subscript->source;
    return fail(message + "]: cannot assign list to array member");
  }
  std::string name(assignment.name);
  const auto target = variables.resolve(name);
  Variable* behind = nullptr;
  if (!target) {
    behind = variables.reach_behind(name);
    if (behind == nullptr) return fail(target.error());
    host.report(target.error().message);
  } else if (target->has_subscript || (target->unbound_reference && !assignment.is_array)) {
    std::string shown;
    if (target->has_subscript) {
      shown = std::string(target->name) + "[" + std::string(target->subscript) + "]";
    }
    return fail("`" + shown + "': not a valid identifier");
  }
  if (target) name = std::string(target->name);
  if (target && target->unbound_reference) {
    host.report("warning: " + name + ": removing nameref attribute");
    if (Variable* reference = variables.find_unresolved(name)) {
      static_cast<void>(variables.set_attributes(*reference, 0, kNameref));
    }
  }
  const Variable* known = behind != nullptr ? behind : variables.find_unresolved(name);
  const bool associative = known != nullptr && known->has(kAssociative);
  // An element is refused by the store, after what is wrong with its subscript. bash: a reference
  // is named itself.
  const bool refused = known != nullptr && known->has(kReadonly);
  if (refused && assignment.is_array) return fail(readonly_error(assignment.name).error());
  const bool refused_reference = refused && name != assignment.name;
  const auto place = [&]() -> VariableResult<Variable*> {
    if (behind != nullptr) return behind;
    return variables.declare(name, Placement::visible);
  };
  if (assignment.is_array) {
    AssignmentValue value = SWEBASH_TRY(evaluate_value(assignment, associative));
    auto variable = place();
    if (!variable) return fail(variable.error());
    return store_list(**variable, std::move(value), mode);
  }
  // bash: the value first.
  const std::string value =
      given != nullptr ? *given : SWEBASH_TRY(text_of(assignment.value, Purpose::string, {}));
  const Word& index = *assignment.subscript;
  if (!associative && index.index != nullptr) {
    const i64 number = SWEBASH_TRY(index_of(index));
    auto variable = place();
    if (!variable) return fail(variable.error());
    if (!has_element_place(**variable, number)) {
      return fail(bad_subscript(name, index.source), ExpansionHost::Complaint::unnamed);
    }
    if (refused_reference) return fail(readonly_error(assignment.name).error());
    const auto stored = variables.assign_element(**variable, number, value, mode);
    if (!stored) return fail(stored.error());
    return {};
  }
  const std::string subscript = SWEBASH_TRY(subscript_text(index, associative));
  auto variable = place();
  if (!variable) return fail(variable.error());
  if (refused_reference) return fail(readonly_error(assignment.name).error());
  return store_element(**variable, subscript, value, mode, false, assignment.subscript->source);
}

// --- the public side -------------------------------------------------------------------------

Expanded<void> Expander::assign(const Assignment& assignment, const std::string* given) {
  return state_->assign(assignment, given);
}

Expanded<AssignmentValue> Expander::evaluate(const Assignment& assignment, bool associative) {
  AssignmentValue value = SWEBASH_TRY(state_->evaluate_value(assignment, associative));
  value.declared = true;
  if (assignment.subscript == nullptr || assignment.is_array) return value;
  value.subscript = SWEBASH_TRY(state_->subscript_text(*assignment.subscript, associative));
  return value;
}

Expanded<void> Expander::store(const Assignment& assignment, AssignmentValue value,
                               Variable& variable) {
  const AssignMode mode = assignment.append ? AssignMode::append : AssignMode::replace;
  if (assignment.is_array) {
    if (assignment.subscript != nullptr) {
      std::string message(assignment.name);
      message += '[';
      message += assignment.subscript->source;
      return state_->fail(message + "]: cannot assign list to array member");
    }
    return state_->store_list(variable, std::move(value), mode);
  }
  if (assignment.subscript != nullptr) {
    // bash: what has been expanded is expanded once more, as the subscript of any operand is.
    const std::string subscript =
        SWEBASH_TRY(variable.has(kAssociative) ? state_->reference_key(*value.subscript)
                                               : state_->subscript_value(*value.subscript, false));
    return state_->store_element(variable, subscript, value.text, mode, false);
  }
  const auto stored = state_->variables.assign_to(variable, value.text, mode);
  if (!stored) return state_->fail(stored.error());
  return {};
}

Expanded<void> Expander::store_compound_text(std::string_view text, Variable& variable,
                                             AssignMode mode) {
  std::string source = "a=";
  source += text;
  const auto unit = parse_text(source, state_->host.parser_host());
  const Assignment* assignment = nullptr;
  if (unit && *unit && (*unit)->list != nullptr && (*unit)->list->items.size() == 1) {
    const Pipeline& pipeline = *(*unit)->list->items[0]->pipelines[0];
    if (pipeline.commands.size() == 1 && pipeline.commands[0]->kind == CommandKind::simple) {
      const auto& command = static_cast<const SimpleCommand&>(*pipeline.commands[0]);
      if (command.assignments.size() == 1 && command.words.empty()) {
        assignment = command.assignments[0];
      }
    }
  }
  if (assignment == nullptr || !assignment->is_array) {
    const auto stored = state_->variables.assign_to(variable, text, mode);
    if (!stored) return state_->fail(stored.error());
    return {};
  }
  AssignmentValue value =
      SWEBASH_TRY(state_->evaluate_value(*assignment, variable.has(kAssociative)));
  return state_->store_list(variable, std::move(value), mode);
}

}  // namespace swebash::engine
