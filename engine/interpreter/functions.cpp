// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/functions.hpp"

#include <algorithm>

#include "engine/syntax/unparse.hpp"

namespace swebash::engine {

std::string definition_text(const Function& function) {
  return unparse_function(function.name, *function.definition->body);
}

void Functions::define(FunctionPtr function) {
  ++state_;
  std::string name = function->name;
  map_.insert_or_assign(std::move(name), std::move(function));
}

bool Functions::remove(std::string_view name) {
  const auto found = map_.find(name);
  if (found == map_.end()) return false;
  ++state_;
  map_.erase(found);
  return true;
}

void Functions::clear() {
  ++state_;
  map_.clear();
}

std::vector<std::string> Functions::names() const {
  std::vector<std::string> result;
  result.reserve(map_.size());
  for (const auto& entry : map_) result.push_back(entry.first);
  std::ranges::sort(result);
  return result;
}

}  // namespace swebash::engine
