// SPDX-License-Identifier: Apache-2.0
//
// The table of builtins, made of builtins.def.
#include <algorithm>
#include <array>

#include "engine/interpreter/builtin.hpp"

namespace swebash::engine {

namespace builtins {
#define SWEBASH_BUILTIN(name, function, kind, synopsis, summary) ExitStatus function(Invocation&);
#include "engine/builtins/builtins.def"
#undef SWEBASH_BUILTIN
}  // namespace builtins

namespace {

constexpr Builtin kTable[] = {
#define SWEBASH_BUILTIN(name, function, kind, synopsis, summary) \
  {name, builtins::function, BuiltinKind::kind, synopsis, summary},
#include "engine/builtins/builtins.def"
#undef SWEBASH_BUILTIN
};

static_assert(std::ranges::is_sorted(kTable, {}, &Builtin::name));

// A table by hash, so that the name of each command costs one probe: index + 1, 0 for none.
constexpr usize kSlots = 512;
static_assert(std::size(kTable) < kSlots / 2 && std::size(kTable) < 255);

constexpr usize hash(std::string_view name) {
  u32 value = 2166136261u;
  for (const char c : name) value = (value ^ static_cast<u8>(c)) * 16777619u;
  return value % kSlots;
}

constexpr std::array<u8, kSlots> kIndex = [] {
  std::array<u8, kSlots> index{};
  for (usize i = 0; i < std::size(kTable); ++i) {
    usize slot = hash(kTable[i].name);
    while (index[slot] != 0) slot = (slot + 1) % kSlots;
    index[slot] = static_cast<u8>(i + 1);
  }
  return index;
}();

constexpr std::string_view kLeaveInputAlone[] = {
    ":",      "[",     "break", "continue", "declare", "echo",    "eval",
    "export", "false", "let",   "local",    "printf",  "read",    "readonly",
    "return", "set",   "shift", "test",     "true",    "typeset", "unset"};
static_assert(std::ranges::is_sorted(kLeaveInputAlone));

constexpr std::array<bool, std::size(kTable)> kLeavesInputAlone = [] {
  std::array<bool, std::size(kTable)> flags{};
  for (usize i = 0; i < flags.size(); ++i) {
    flags[i] = std::ranges::binary_search(kLeaveInputAlone, kTable[i].name);
  }
  return flags;
}();

}  // namespace

bool leaves_input_alone(const Builtin& builtin) noexcept {
  return kLeavesInputAlone[static_cast<usize>(&builtin - kTable)];
}

std::span<const Builtin> builtin_table() noexcept { return kTable; }

const Builtin* find_builtin(std::string_view name) noexcept {
  for (usize slot = hash(name); kIndex[slot] != 0; slot = (slot + 1) % kSlots) {
    const Builtin& row = kTable[kIndex[slot] - 1];
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace swebash::engine
