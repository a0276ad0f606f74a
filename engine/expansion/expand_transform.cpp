// SPDX-License-Identifier: Apache-2.0
//
// ${x@Q} and its kin.
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

Expanded<void> Expander::State::transform(const Parameter& p, const Place& place, Mode mode,
                                          Sink& sink) {
  const Variable* variable = place.kind == Place::Kind::variable ? binding_of(place) : nullptr;
  const char letter = p.transform;
  std::vector<std::string> results;
  const auto emit_results = [&] {
    const std::vector<std::string_view> views(results.begin(), results.end());
    emit_list(views, place.is_star(), mode, sink);
  };

  if (!place.is_list()) {
    std::string scratch;
    std::string_view value;
    const bool set = fetch(place, scratch, value);
    // bash: an element that a reference leads to has no attributes.
    if (place.by_reference && (letter == 'a' || letter == 'A')) return {};
    if (letter == 'a') {
      if (variable != nullptr) emit(Variables::attribute_letters(*variable), mode, sink);
    } else if (letter == 'A') {
      const std::string letters =
          variable != nullptr ? Variables::attribute_letters(*variable) : std::string();
      std::string text;
      if (!letters.empty()) text = "declare -" + letters + ' ';
      if (set || !letters.empty()) {
        text += place.name;
        if (set) {
          text += '=';
          text += quote_single(value);
        }
      }
      emit(text, mode, sink);
    } else if (set) {
      if (letter == 'P') {
        scratch = std::string(value);
        emit(prompt_text(scratch), mode, sink);
      } else {
        emit(transformed(value, letter), mode, sink);
      }
    }
    return {};
  }

  std::vector<std::string_view> items;
  fetch_items(place, items);
  const bool is_array = variable != nullptr && variable->is_array();
  if (letter == 'A') {
    if (place.kind == Place::Kind::special) {
      if (!items.empty()) results = {"set", "--"};
      for (const std::string_view item : items) results.push_back(quote_single(item));
    } else if (is_array && variable->is_assigned()) {
      results = {"declare", '-' + Variables::attribute_letters(*variable),
                 std::string(place.name) + '=' + Variables::array_text(*variable)};
    } else if (!items.empty()) {
      results.push_back(std::string(place.name) + '=' + quote_single(items[0]));
    } else if (variable != nullptr && !Variables::attribute_letters(*variable).empty()) {
      results = {"declare", '-' + Variables::attribute_letters(*variable), std::string(place.name)};
    }
    // Whatever IFS is, "${a[*]@A}" reads back: its words stand a blank apart.
    if (place.is_star()) {
      std::string joined;
      for (const std::string& word : results) joined += (joined.empty() ? "" : " ") + word;
      emit(joined, mode, sink);
      return {};
    }
    emit_results();
    return {};
  }
  if (letter == 'a' && items.empty() && variable != nullptr && !variable->is_assigned()) {
    results.push_back(Variables::attribute_letters(*variable));
    emit_results();
    return {};
  }
  if (is_array && (letter == 'K' || letter == 'k')) {
    const auto add = [&](std::string key, const std::string& text) {
      if (letter == 'k') {
        results.push_back(std::move(key));
        results.push_back(text);
        return;
      }
      if (results.empty()) results.emplace_back();
      std::string& all = results[0];
      all += quote_key(key);
      all += ' ';
      all += quote_double(text);
      all += ' ';
    };
    if (variable->has(kAssociative)) {
      variable->associative().for_each([&](std::string_view key, const std::string& text) {
        add(std::string(key), text);
        return true;
      });
    } else {
      variable->indexed().for_each([&](i64 index, const std::string& text) {
        std::string key;
        append_number(key, index);
        add(std::move(key), text);
        return true;
      });
      if (letter == 'K' && !results.empty()) results[0].pop_back();
    }
    emit_results();
    return {};
  }
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
  emit_results();
  return {};
}

}  // namespace swebash::engine
