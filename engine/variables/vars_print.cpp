// SPDX-License-Identifier: Apache-2.0
//
// Variables: attributes and values as `declare -p` prints them.
#include "engine/text/quote.hpp"
#include "engine/variables/vars.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

std::string Variables::attribute_letters(const Variable& variable) {
  constexpr struct {
    Attributes bit;
    char letter;
  } kLetters[] = {{kIndexed, 'a'},  {kAssociative, 'A'}, {kInteger, 'i'},  {kNameref, 'n'},
                  {kReadonly, 'r'}, {kTrace, 't'},       {kExported, 'x'}, {kCapital, 'c'},
                  {kLower, 'l'},    {kUpper, 'u'}};
  std::string out;
  for (const auto& entry : kLetters) {
    if (variable.has(entry.bit)) out += entry.letter;
  }
  return out;
}

std::string Variables::array_text(const Variable& variable) {
  std::string out = "(";
  if (variable.has(kAssociative)) {
    // bash: a blank behind each element here, only between them below.
    variable.associative().for_each([&](std::string_view key, const std::string& text) {
      out += '[';
      out += quote_key(key);
      out += "]=";
      out += quote_double(text);
      out += ' ';
      return true;
    });
  } else {
    variable.indexed().for_each([&](i64 index, const std::string& text) {
      if (out.size() > 1) out += ' ';
      out += '[';
      append_number(out, index);
      out += "]=";
      out += quote_double(text);
      return true;
    });
  }
  out += ')';
  return out;
}

std::string Variables::declaration(const Variable& variable) {
  std::string out = "declare -";
  const std::string letters = attribute_letters(variable);
  out += letters.empty() ? "-" : letters;
  out += ' ';
  out += variable.name();
  if (!variable.is_assigned()) return out;
  out += '=';
  if (variable.is_array()) {
    out += array_text(variable);
  } else if (const std::string* text = variable.text()) {
    out += quote_double(*text);
  }
  return out;
}

}  // namespace swebash::engine
