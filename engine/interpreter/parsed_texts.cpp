// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/parsed_texts.hpp"

#include <functional>
#include <utility>

namespace swebash::engine {
namespace {

// Longer ones are seldom run twice, and take a while to run.
constexpr usize kLongest = 512;

u64 hash_of(std::string_view text, u32 line) noexcept {
  return (std::hash<std::string_view>{}(text) ^ line) | 1;
}

std::string_view without_newline(std::string_view text) noexcept {
  return text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
}

bool is_same(const Dialect& a, const Dialect& b) noexcept {
  return a.extglob == b.extglob && a.posix == b.posix && a.aliases == b.aliases;
}

}  // namespace

UnitPtr ParsedTexts::find(std::string_view text, u32 line, const Dialect& dialect) {
  asked_ = nullptr;
  if (text.size() > kLongest) return UnitPtr();
  text = without_newline(text);
  const u64 hash = hash_of(text, line);
  for (Entry& entry : entries_) {
    if (entry.hash != hash) continue;
    if (entry.unit && entry.line == line && is_same(entry.unit->dialect, dialect) &&
        without_newline(*entry.unit->text) == text) {
      return entry.unit;
    }
    asked_ = &entry;
    return UnitPtr();
  }
  entries_[next_] = {.hash = hash, .line = line, .unit = UnitPtr()};
  next_ = (next_ + 1) % kTexts;
  return UnitPtr();
}

void ParsedTexts::keep(const UnitPtr& unit) {
  if (asked_ == nullptr || unit->text == nullptr) return;
  // The reader of a here-document may have something to say each time.
  if (unit->text->find("<<") != std::string::npos) return;
  std::exchange(asked_, nullptr)->unit = unit;
}

}  // namespace swebash::engine
