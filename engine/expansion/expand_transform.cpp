// SPDX-License-Identifier: Apache-2.0
//
// ${x@Q} and its kin.
#include <optional>

#include "engine/expansion/expand_internal.hpp"
#include "engine/text/quote.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

std::string Expander::State::transformed(std::string_view subject, char letter) {
  switch (letter) {
    case 'Q': return quote_single(subject);
    case 'E': return decode_ansi(subject);
    case 'U': return recased(subject, nullptr, ParameterOperator::upper_all);
    case 'u': return recased(subject, nullptr, ParameterOperator::upper_first);
    case 'L': return recased(subject, nullptr, ParameterOperator::lower_all);
    default: return quote_single(subject);
  }
}

namespace {

// ${name@A} of what is no list: what makes the variable again.
std::string declaration_of(std::string_view name, std::string_view letters,
                           std::optional<std::string_view> value) {
  std::string text;
  if (!letters.empty()) text.append("declare -").append(letters).append(" ");
  if (!value && letters.empty()) return text;
  text += name;
  if (value) text.append("=").append(quote_single(*value));
  return text;
}

// ${name[@]@k}: keys and values as words; ${name[@]@K}: as one word that reads back.
std::vector<std::string> keys_and_values(const Variable& array, char letter) {
  std::vector<std::string> words;
  const auto add = [&](std::string key, const std::string& text) {
    if (letter == 'k') {
      words.push_back(std::move(key));
      words.push_back(text);
      return;
    }
    if (words.empty()) words.emplace_back();
    words[0].append(quote_key(key)).append(" ").append(quote_double(text)).append(" ");
  };
  if (array.has(kAssociative)) {
    array.associative().for_each([&](std::string_view key, const std::string& text) {
      add(std::string(key), text);
      return true;
    });
    return words;
  }
  array.indexed().for_each([&](i64 index, const std::string& text) {
    std::string key;
    append_number(key, index);
    add(std::move(key), text);
    return true;
  });
  // bash: the blank at the end stays for an associative array alone.
  if (letter == 'K' && !words.empty()) words[0].pop_back();
  return words;
}

}  // namespace

void Expander::State::transform_value(const Place& place, char letter, Mode mode, Sink& sink) {
  const Variable* variable = place.kind == Place::Kind::variable ? binding_of(place) : nullptr;
  std::string scratch;
  std::string_view value;
  const bool set = fetch(place, scratch, value);
  // bash: an element that a reference leads to has no attributes.
  if (place.by_reference && (letter == 'a' || letter == 'A')) return;
  if (letter == 'a') {
    if (variable != nullptr) emit(Variables::attribute_letters(*variable), mode, sink);
  } else if (letter == 'A') {
    const std::string letters =
        variable != nullptr ? Variables::attribute_letters(*variable) : std::string();
    emit(declaration_of(place.name, letters, set ? std::optional(value) : std::nullopt), mode,
         sink);
  } else if (set && letter == 'P') {
    scratch = std::string(value);
    emit(prompt_text(scratch), mode, sink);
  } else if (set) {
    emit(transformed(value, letter), mode, sink);
  }
}

// ${name[@]@A}, ${@@A}: the words of a command that makes the list again.
std::vector<std::string> Expander::State::list_declaration(
    const Place& place, const Variable* variable, std::span<const std::string_view> items) {
  std::vector<std::string> words;
  if (place.kind == Place::Kind::special) {
    if (!items.empty()) words = {"set", "--"};
    for (const std::string_view item : items) words.push_back(quote_single(item));
  } else if (variable != nullptr && variable->is_array() && variable->is_assigned()) {
    words = {"declare", '-' + Variables::attribute_letters(*variable),
             std::string(place.name) + '=' + Variables::array_text(*variable)};
  } else if (!items.empty()) {
    const std::string letters =
        variable != nullptr ? Variables::attribute_letters(*variable) : std::string();
    if (!letters.empty()) words = {"declare", '-' + letters};
    words.push_back(std::string(place.name) + '=' + quote_single(items[0]));
  } else if (variable != nullptr && !Variables::attribute_letters(*variable).empty()) {
    words = {"declare", '-' + Variables::attribute_letters(*variable), std::string(place.name)};
  }
  return words;
}

// Each item of a list for itself.
std::vector<std::string> Expander::State::transformed_items(
    const Variable* variable, char letter, std::span<const std::string_view> items) {
  std::vector<std::string> results;
  results.reserve(items.size());
  // Prompts may run commands: the items must not be views of what these change.
  const std::vector<std::string> copies(items.begin(), items.end());
  for (const std::string& item : copies) {
    if (letter == 'a') {
      results.push_back(variable != nullptr ? Variables::attribute_letters(*variable)
                                            : std::string());
    } else if (letter == 'P') {
      results.push_back(prompt_text(item));
    } else {
      results.push_back(transformed(item, letter));
    }
  }
  return results;
}

void Expander::State::transform(const Parameter& p, const Place& place, Mode mode, Sink& sink) {
  const char letter = p.transform;
  if (!place.is_list()) {
    transform_value(place, letter, mode, sink);
    return;
  }
  const Variable* variable = place.kind == Place::Kind::variable ? binding_of(place) : nullptr;
  std::vector<std::string_view> items;
  fetch_items(place, items);
  std::vector<std::string> results;
  if (letter == 'A') {
    results = list_declaration(place, variable, items);
    // Whatever IFS is, "${a[*]@A}" reads back: its words stand a blank apart.
    if (place.is_star()) {
      std::string joined;
      for (const std::string& word : results) joined += (joined.empty() ? "" : " ") + word;
      emit(joined, mode, sink);
      return;
    }
  } else if (letter == 'a' && items.empty() && variable != nullptr && !variable->is_assigned()) {
    results.push_back(Variables::attribute_letters(*variable));
  } else if (variable != nullptr && variable->is_array() && (letter == 'K' || letter == 'k')) {
    results = keys_and_values(*variable, letter);
  } else {
    results = transformed_items(variable, letter, items);
  }
  const std::vector<std::string_view> views(results.begin(), results.end());
  emit_list(views, place.is_star(), mode, sink);
}

}  // namespace swebash::engine
