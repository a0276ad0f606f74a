// SPDX-License-Identifier: Apache-2.0
#include "engine/builtin.hpp"

#include <algorithm>
#include <array>

#include "engine/output.hpp"
#include "engine/shell.hpp"

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

void Invocation::error(std::string_view message) {
  out.flush();
  shell.note_failure();
  std::string text(name);
  text += ": ";
  text += message;
  shell.report_message(text);
}

void Invocation::error(std::string_view operand, std::string_view message) {
  std::string text(operand);
  text += ": ";
  text += message;
  error(text);
}

ExitStatus Invocation::usage() {
  out.flush();
  shell.note_failure();
  const Builtin* row = find_builtin(name);
  std::string text(name);
  text += ": usage: ";
  if (row != nullptr) text += row->synopsis;
  text += '\n';
  Shell::write_error(text);
  return kUsage;
}

char OptionParser::next() {
  const auto arguments = invocation_.arguments;
  for (;;) {
    if (index_ >= arguments.size()) return 0;
    const std::string& word = arguments[index_];
    if (offset_ == 0) {
      if (word.size() < 2 || (word[0] != '-' && !(plus_allowed_ && word[0] == '+'))) return 0;
      if (word == "--") {
        ++index_;
        return 0;
      }
      plus_ = word[0] == '+';
      offset_ = 1;
    }
    if (offset_ >= word.size()) {
      ++index_;
      offset_ = 0;
      continue;
    }
    const char letter = word[offset_++];
    argument_ = {};
    const usize found =
        letter == ':' || letter == ';' ? std::string_view::npos : options_.find(letter);
    if (found == std::string_view::npos) {
      invocation_.error(std::string(1, word[0]) + letter, "invalid option");
      invocation_.usage();
      return '?';
    }
    const char kind = found + 1 < options_.size() ? options_[found + 1] : 0;
    if (kind == ':' || kind == ';') {
      if (offset_ < word.size()) {
        argument_ = std::string_view(word).substr(offset_);
      } else if (index_ + 1 < arguments.size() &&
                 (kind == ':' || !arguments[index_ + 1].starts_with('-'))) {
        argument_ = arguments[++index_];
      } else if (kind == ':') {
        invocation_.error(std::string("-") + letter, "option requires an argument");
        invocation_.usage();
        return '?';
      }
      ++index_;
      offset_ = 0;
    } else if (offset_ >= word.size()) {
      ++index_;
      offset_ = 0;
    }
    return letter;
  }
}

}  // namespace swebash::engine
