// SPDX-License-Identifier: Apache-2.0
//
// Functions: the shell functions by name.
//
// A Function holds the Unit its tree lives in, so that it outlives the text it was read from;
// whoever runs one keeps a FunctionPtr, so that a function may redefine or unset itself. Not
// thread-safe.
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
  UnitPtr unit;
  const FunctionCommand* definition = nullptr;
  std::string source_file;  // BASH_SOURCE while it runs
  u32 line = 0;
  bool exported = false;
  bool readonly = false;
  bool traced = false;  // inherits the DEBUG and RETURN traps
};

using FunctionPtr = std::shared_ptr<Function>;

// The definition of a function as `declare -f` prints it.
[[nodiscard]] std::string definition_text(const Function& function);

class Functions {
 public:
  // The function `name`, or null.
  [[nodiscard]] const FunctionPtr* find(std::string_view name) const noexcept {
    if (map_.empty()) return nullptr;
    const auto found = map_.find(name);
    return found == map_.end() ? nullptr : &found->second;
  }
  void define(FunctionPtr function);
  // Whether there was one.
  bool remove(std::string_view name);
  void clear();
  // Names in byte order.
  [[nodiscard]] std::vector<std::string> names() const;
  // Another number whenever what find() answers may be another; never 0.
  [[nodiscard]] u32 state() const noexcept { return state_; }

 private:
  u32 state_ = 1;
  StringMap<FunctionPtr> map_;
};

}  // namespace swebash::engine
