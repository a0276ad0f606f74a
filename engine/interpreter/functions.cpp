// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/functions.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "engine/syntax/parser.hpp"
#include "engine/syntax/unparse.hpp"

namespace swebash::engine {
namespace {

// Trees of so much text are kept, some megabyte of them.
constexpr usize kMostTreeText = 65536;

// What the parser was told when it read a text for the first time. No text with aliases is kept,
// and what there was to warn of has been said.
class AsBefore final : public ParserHost {
 public:
  explicit AsBefore(Dialect dialect) noexcept : dialect_(dialect) {}

  bool has_aliases() override { return false; }
  std::optional<std::string_view> find_alias(std::string_view) override { return std::nullopt; }
  bool extglob() override { return dialect_.extglob; }
  bool posix() override { return dialect_.posix; }
  void warn(u32, std::string_view) override {}

 private:
  Dialect dialect_;
};

}  // namespace

std::string definition_text(Function& function) {
  return unparse_function(function.name, *function.definition().body);
}

void Function::set_definition(const FunctionCommand& command, UnitPtr unit, Kept kept) {
  line = command.line;
  if (kept == Kept::tree) {
    tree_text_ = command.source.size();
    unit_ = std::move(unit);
    tree_ = &command;
  } else {
    text_ = command.source;
    dialect_ = unit->dialect;
  }
}

// Not inlined: each call of a function would have a parser on its stack.
[[gnu::noinline]] const FunctionCommand& Function::definition() {
  if (tree_ != nullptr) return *tree_;
  AsBefore host(dialect_);
  TextSource source(text_);
  Parser parser(source, host, line);
  auto unit = parser.next();
  SWEBASH_ASSERT(unit && *unit && (*unit)->list != nullptr);
  const Command& command = *(*unit)->list->items.front()->pipelines.front()->commands.front();
  SWEBASH_ASSERT(command.kind == CommandKind::function_definition);
  unit_ = *std::move(unit);
  tree_ = static_cast<const FunctionCommand*>(&command);
  text_ = std::string();
  return *tree_;
}

Function::Kept Functions::kept_as(const FunctionCommand& command, const Unit& unit) const noexcept {
  const bool apart = tree_text_ + command.source.size() > kMostTreeText && !unit.dialect.aliases &&
                     // The body of a here-document may stand behind the function.
                     command.source.find("<<") == std::string_view::npos;
  return apart ? Function::Kept::text : Function::Kept::tree;
}

void Functions::define(FunctionPtr function) {
  ++state_;
  tree_text_ += function->tree_text();
  FunctionPtr& place = map_[function->name];
  if (place != nullptr) tree_text_ -= place->tree_text();
  place = std::move(function);
}

bool Functions::remove(std::string_view name) {
  const auto found = map_.find(name);
  if (found == map_.end()) return false;
  ++state_;
  tree_text_ -= found->second->tree_text();
  map_.erase(found);
  return true;
}

void Functions::clear() {
  ++state_;
  tree_text_ = 0;
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
