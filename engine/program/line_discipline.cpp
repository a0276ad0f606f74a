// SPDX-License-Identifier: Apache-2.0
#include "engine/program/line_discipline.hpp"

#include "engine/text/utf8.hpp"

namespace swebash::engine {
namespace {

// Linux's numbers of <asm-generic/termbits.h>.
namespace input_flag {
constexpr u32 kIgnoreReturn = 0200, kReturnIsNewline = 0400;
}
namespace output_flag {
constexpr u32 kProcess = 01, kNewlineReturns = 04;
}
namespace local_flag {
constexpr u32 kSignals = 01, kCanonical = 02, kEcho = 010, kEchoNewline = 0100,
              kEchoControl = 01000, kExtended = 0100000;
}
namespace key {
constexpr usize kErase = 2, kKill = 3, kEndOfFile = 4, kTime = 5, kLeast = 6, kEndOfLine = 11,
                kReprint = 12, kWordErase = 14, kLiteralNext = 15, kEndOfLine2 = 16;
}

bool is_word(char c) noexcept { return c != ' ' && c != '\t'; }
bool is_control(char c) noexcept { return static_cast<u8>(c) < 0x20 || c == 0x7F; }

}  // namespace

LineDiscipline::LineDiscipline(const abi::Terminal& settings) noexcept
    : settings_(settings),
      // A program that left the terminal raw took the echo as well, and nobody wants that.
      echoes_((settings.local_flags & local_flag::kCanonical) == 0 ||
              (settings.local_flags & local_flag::kEcho) != 0) {}

abi::Terminal LineDiscipline::modes() const noexcept {
  abi::Terminal modes = settings_;
  modes.local_flags &= ~(local_flag::kCanonical | local_flag::kEcho | local_flag::kEchoNewline);
  modes.local_flags |= local_flag::kSignals;
  if ((modes.input_flags & input_flag::kIgnoreReturn) == 0) {
    modes.input_flags |= input_flag::kReturnIsNewline;
  }
  modes.output_flags |= output_flag::kProcess | output_flag::kNewlineReturns;
  modes.control_characters[key::kLeast] = 1;
  modes.control_characters[key::kTime] = 0;
  return modes;
}

bool LineDiscipline::is_key(char c, usize which) const noexcept {
  const bool extended = which == key::kReprint || which == key::kWordErase ||
                        which == key::kLiteralNext || which == key::kEndOfLine2;
  if (extended && (settings_.local_flags & local_flag::kExtended) == 0) return false;
  const u8 set = settings_.control_characters[which];
  return set != 0 && set == static_cast<u8>(c);
}

void LineDiscipline::show(std::string_view bytes, std::string& shown) const {
  if (!echoes_) return;
  const bool control = (settings_.local_flags & local_flag::kEchoControl) != 0;
  for (const char c : bytes) {
    if (is_control(c) && c != '\t' && control) {
      shown += '^';
      shown += static_cast<char>(c ^ 0x40);
    } else {
      shown += c;
    }
  }
}

void LineDiscipline::show_again(std::string& shown) const {
  if (!echoes_) return;
  shown += '\n';
  show(text_, shown);
}

void LineDiscipline::erase_character(std::string& shown) {
  if (text_.empty()) return;
  const utf8::Character last = utf8::decode_before(text_, text_.size());
  const char first = text_[text_.size() - last.length];
  text_.resize(text_.size() - last.length);
  if (!echoes_) return;
  if (first == '\t') {
    // How wide it was depends on where the line began.
    show_again(shown);
    return;
  }
  const int width = is_control(first)               ? 2
                    : last.code >= utf8::kInvalid   ? 1
                    : static_cast<u8>(first) < 0x80 ? 1
                                                    : utf8::width(last.code);
  for (int i = 0; i < width; ++i) shown += "\b \b";
}

void LineDiscipline::erase_word(std::string& shown) {
  while (!text_.empty() && !is_word(text_.back())) erase_character(shown);
  while (!text_.empty() && is_word(text_.back())) erase_character(shown);
}

LineDiscipline::Got LineDiscipline::put(char c, std::string& shown) {
  const bool pushed = pushed_;
  pushed_ = false;
  if (literal_) {
    literal_ = false;
  } else if (c == '\n' || is_key(c, key::kEndOfLine) || is_key(c, key::kEndOfLine2)) {
    text_ += c;
    if (echoes_) shown += '\n';
    return Got::line;
  } else if (is_key(c, key::kEndOfFile) || c == '\0') {
    // The terminal keeps the key as a NUL when it was typed before the modes were ours.
    if (text_.empty()) return Got::end;
    pushed_ = true;
    return pushed ? Got::line : Got::more;
  } else if (is_key(c, key::kErase)) {
    erase_character(shown);
    return Got::more;
  } else if (is_key(c, key::kWordErase)) {
    erase_word(shown);
    return Got::more;
  } else if (is_key(c, key::kKill)) {
    while (!text_.empty()) erase_character(shown);
    return Got::more;
  } else if (is_key(c, key::kReprint)) {
    show_again(shown);
    return Got::more;
  } else if (is_key(c, key::kLiteralNext)) {
    literal_ = true;
    return Got::more;
  }
  text_ += c;
  show(std::string_view(&c, 1), shown);
  return Got::more;
}

}  // namespace swebash::engine
