// SPDX-License-Identifier: Apache-2.0
//
// KeyBindings: what `bind` was told, on top of the line editor's own table. A script may ask for it
// back; keys do nothing else. Not thread-safe; a plain value.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace swebash::engine {

struct KeyBindings {
  using Table = std::map<std::string, std::string, std::less<>>;

  Table functions;  // a key sequence as it was written, and its function; "": none
  Table macros;     // and the text it stands for
  Table commands;   // and the command of `bind -x`
  Table variables;  // what `set NAME VALUE` changed
};

}  // namespace swebash::engine
