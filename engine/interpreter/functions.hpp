// SPDX-License-Identifier: Apache-2.0
//
// Functions: the shell functions by name.
//
// A Function holds the Unit its tree lives in, so that it outlives the text it was read from;
// whoever runs one keeps a FunctionPtr, so that a function may redefine or unset itself. A tree
// takes near twenty times the room of its text, and most functions of a large script are never
// called: where there are many, further ones are kept as text, and parsed again at their first use.
// Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/syntax/ast.hpp"
#include "engine/text/string_map.hpp"

namespace swebash::engine {

struct Function {
  std::string name;
  std::string source_file;  // BASH_SOURCE while it runs
  u32 line = 0;
  bool exported = false;
  bool readonly = false;
  bool traced = false;  // inherits the DEBUG and RETURN traps

  // Takes the definition, which stands in `unit`, as a tree or as its text.
  enum class Kept : u8 { tree, text };
  void set_definition(const FunctionCommand& command, UnitPtr unit, Kept kept);
  // Its tree. It lives as long as the function, or unit().
  [[nodiscard]] const FunctionCommand& definition();
  // The unit that holds definition(). Requires: that was called.
  [[nodiscard]] const UnitPtr& unit() const noexcept { return unit_; }
  // Of the text, where the tree has been kept for it.
  [[nodiscard]] usize tree_text() const noexcept { return tree_text_; }

 private:
  UnitPtr unit_;  // null: text_ has not been parsed yet
  const FunctionCommand* tree_ = nullptr;
  std::string text_;
  Dialect dialect_;
  usize tree_text_ = 0;
};

using FunctionPtr = std::shared_ptr<Function>;

// The definition of a function as `declare -f` prints it.
[[nodiscard]] std::string definition_text(Function& function);

class Functions {
 public:
  // The function `name`, or null.
  [[nodiscard]] const FunctionPtr* find(std::string_view name) const noexcept {
    if (map_.empty()) return nullptr;
    const auto found = map_.find(name);
    return found == map_.end() ? nullptr : &found->second;
  }
  void define(FunctionPtr function);
  // How `command`, of `unit`, is to be kept.
  [[nodiscard]] Function::Kept kept_as(const FunctionCommand& command,
                                       const Unit& unit) const noexcept;
  // Whether there was one.
  bool remove(std::string_view name);
  void clear();
  // Names in byte order.
  [[nodiscard]] std::vector<std::string> names() const;
  // Another number whenever what find() answers may be another; never 0.
  [[nodiscard]] u32 state() const noexcept { return state_; }

 private:
  u32 state_ = 1;
  usize tree_text_ = 0;  // of all functions that are kept as trees
  StringMap<FunctionPtr> map_;
};

}  // namespace swebash::engine
