// SPDX-License-Identifier: Apache-2.0
//
// Reads the built engine.wasm. Its import section is held against abi/syscalls.def: what the engine
// imports is the whole surface through which a script can touch the world. And it has no state
// besides its memory and its stack pointer, which is what a clone copies.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/guest/syscall_table.hpp"
#include "wasm/values.hpp"

namespace swebash::kernel::guest {
namespace {

struct Import {
  std::string module;
  std::string name;
  u8 kind;
  u32 type;
};

// A function type by its parameters: 'i' and 'l' for i32 and i64, and an 'l' behind a colon for its
// result.
using Signature = std::string;

// How large a table or memory is at first, and may become.
struct Limits {
  u32 minimum = 0;
  std::optional<u32> maximum;
};

struct Sections {
  std::vector<Signature> types;
  std::vector<Import> imports;
  std::vector<Limits> tables;
  u32 memories = 0;
  u32 globals = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool at_end() const { return at_ >= bytes_.size(); }
  u8 byte() { return static_cast<u8>(bytes_.at(at_++)); }
  u32 number() {
    u32 value = 0;
    for (u32 shift = 0;; shift += 7) {
      const u8 part = byte();
      value |= static_cast<u32>(part & 0x7f) << shift;
      if ((part & 0x80) == 0) return value;
    }
  }
  std::string_view take(usize size) {
    const std::string_view part = bytes_.substr(at_, size);
    at_ += size;
    return part;
  }
  std::string text() { return std::string(take(number())); }

 private:
  std::string_view bytes_;
  usize at_ = 0;
};

char letter(u8 type) { return type == 0x7f ? 'i' : type == 0x7e ? 'l' : '?'; }

std::vector<Signature> read_types(Reader section) {
  std::vector<Signature> types(section.number());
  for (Signature& signature : types) {
    EXPECT_EQ(section.byte(), 0x60);
    for (u32 left = section.number(); left > 0; --left) signature += letter(section.byte());
    signature += ':';
    for (u32 left = section.number(); left > 0; --left) signature += letter(section.byte());
  }
  return types;
}

std::vector<Import> read_imports(Reader section) {
  std::vector<Import> imports;
  for (u32 left = section.number(); left > 0; --left) {
    Import import;
    import.module = section.text();
    import.name = section.text();
    import.kind = section.byte();
    import.type = section.number();
    imports.push_back(std::move(import));
    // What is no function has more bytes here; the test fails on its kind.
    if (imports.back().kind != 0) break;
  }
  return imports;
}

std::vector<Limits> read_tables(Reader section) {
  std::vector<Limits> tables(section.number());
  for (Limits& limits : tables) {
    constexpr u8 kFunctionReferences = 0x70;
    EXPECT_EQ(section.byte(), kFunctionReferences);
    const bool has_maximum = section.byte() != 0;
    limits.minimum = section.number();
    if (has_maximum) limits.maximum = section.number();
  }
  return tables;
}

std::optional<Sections> read_engine() {
  std::ifstream file(SWEBASH_ENGINE_WASM, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!bytes.starts_with(std::string_view("\0asm\1\0\0\0", 8))) return std::nullopt;
  Sections sections;
  Reader reader(std::string_view(bytes).substr(8));
  while (!reader.at_end()) {
    const u8 id = reader.byte();
    const Reader section(reader.take(reader.number()));
    if (id == 1) sections.types = read_types(section);
    if (id == 2) sections.imports = read_imports(section);
    if (id == 4) sections.tables = read_tables(section);
    if (id == 5) sections.memories = Reader(section).number();
    if (id == 6) sections.globals = Reader(section).number();
  }
  return sections;
}

Signature signature_of(const wasm::HostFunction& row) {
  Signature signature;
  for (const auto type : row.parameters) signature += type == wasm::ValueType::i64 ? 'l' : 'i';
  return signature + ":l";
}

TEST(EngineImports, AreSyscallsAndNothingElse) {
  const auto engine = read_engine();
  ASSERT_TRUE(engine.has_value()) << SWEBASH_ENGINE_WASM;
  ASSERT_FALSE(engine->imports.empty());
  for (const Import& import : engine->imports) {
    const auto rows = syscall_rows();
    const auto row = std::ranges::find_if(rows, [&](const wasm::HostFunction& candidate) {
      return candidate.module == import.module && candidate.name == import.name;
    });
    ASSERT_NE(row, rows.end()) << import.module << "." << import.name;
    ASSERT_EQ(import.kind, 0) << import.name;
    EXPECT_EQ(engine->types.at(import.type), signature_of(*row)) << import.name;
  }
}

TEST(EngineImports, UseEverySyscallOnce) {
  const auto engine = read_engine();
  ASSERT_TRUE(engine.has_value());
  for (const auto& row : syscall_rows()) {
    const auto count = std::ranges::count(engine->imports, row.name, &Import::name);
    EXPECT_LE(count, 1) << row.name;
  }
}

// The one global is the stack pointer, which is exported, or nothing would run; a table that cannot
// grow has what the linker put there, since the compiler writes no references.
TEST(EngineState, IsOneMemoryAndTheStackPointer) {
  const auto engine = read_engine();
  ASSERT_TRUE(engine.has_value());
  EXPECT_EQ(engine->memories, 1);
  EXPECT_EQ(engine->globals, 1);
  ASSERT_EQ(engine->tables.size(), 1);
  EXPECT_EQ(engine->tables[0].maximum, engine->tables[0].minimum);
}

}  // namespace
}  // namespace swebash::kernel::guest
