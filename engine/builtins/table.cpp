// SPDX-License-Identifier: Apache-2.0
//
// The table of builtins, made of builtins.def.
#include <algorithm>
#include <array>
#include <span>

#include "engine/interpreter/builtin.hpp"
#include "engine/syntax/reserved_words.hpp"

namespace swebash::engine {

namespace builtins {
#define SWEBASH_BUILTIN(name, function, kind, traits, synopsis, summary) \
  ExitStatus function(Invocation&);
#include "engine/builtins/builtins.def"
#undef SWEBASH_BUILTIN
}  // namespace builtins

namespace {

using namespace trait;

constexpr Builtin kTable[] = {
#define SWEBASH_BUILTIN(name, function, kind, traits, synopsis, summary) \
  {name, builtins::function, BuiltinKind::kind, traits, synopsis, summary},
#include "engine/builtins/builtins.def"
#undef SWEBASH_BUILTIN
};

static_assert(std::ranges::is_sorted(kTable, {}, &Builtin::name));

// They stand at the end, so that the others are a part of the table.
constexpr usize kConfined = static_cast<usize>(
    std::ranges::count_if(kTable, [](const Builtin& row) { return row.has(trait::confined); }));
static_assert(std::ranges::all_of(std::span(kTable).last(kConfined),
                                  [](const Builtin& row) { return row.has(trait::confined); }));
bool confined_session = false;

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

// The grammar knows the builtins whose arguments may be assignments before the table is asked.
static_assert(std::ranges::all_of(kTable, [](const Builtin& row) {
  return row.has(trait::declares) == (arguments_of(row.name) == Arguments::declaration);
}));

}  // namespace

void admit_confined_builtins() noexcept { confined_session = true; }

std::span<const Builtin> builtin_table() noexcept {
  return std::span(kTable).first(std::size(kTable) - (confined_session ? 0 : kConfined));
}

const Builtin* find_builtin(std::string_view name) noexcept {
  for (usize slot = hash(name); kIndex[slot] != 0; slot = (slot + 1) % kSlots) {
    const Builtin& row = kTable[kIndex[slot] - 1];
    if (row.name == name) return row.has(trait::confined) && !confined_session ? nullptr : &row;
  }
  return nullptr;
}

}  // namespace swebash::engine
