// SPDX-License-Identifier: Apache-2.0
//
// LineDiscipline: what a terminal does to the keys of a line, done here.
//
// The terminal's own discipline holds 4,095 bytes of a line and drops what comes after them without
// a word; here a line is as long as it is. The keys mean what the terminal's settings say: erase a
// character, a word, the line, show it again, take the next key as it is, the end of input. It is
// told the keys and says what to show; it reads and writes nothing. Signals stay the terminal's
// business. Not an editor: there is no cursor to move. Not thread-safe; lives for one line.
#pragma once

#include <string>
#include <string_view>

#include "abi/types.hpp"
#include "base/integers.hpp"

namespace swebash::engine {

class LineDiscipline {
 public:
  // `settings`: as the user, or the last program, left the terminal.
  explicit LineDiscipline(const abi::Terminal& settings) noexcept;

  // What the terminal must be set to while the keys come here. One that a program left raw gives
  // lines all the same.
  [[nodiscard]] abi::Terminal modes() const noexcept;

  enum class Got : u8 {
    more,  // the line goes on
    line,  // it is whole, with its newline if that was typed
    end,   // of the input, before anything else
  };
  // Takes one byte, and adds to `shown` what the terminal shows for it.
  Got put(char c, std::string& shown);
  [[nodiscard]] std::string& text() noexcept { return text_; }
  // What is shown for ^C, whose line is abandoned.
  [[nodiscard]] std::string_view interrupt() const noexcept { return echoes_ ? "^C" : ""; }

 private:
  [[nodiscard]] bool is_key(char c, usize which) const noexcept;
  void show(std::string_view bytes, std::string& shown) const;
  void erase_character(std::string& shown);
  void erase_word(std::string& shown);
  void show_again(std::string& shown) const;

  abi::Terminal settings_;
  bool echoes_;
  std::string text_;
  bool literal_ = false;  // the next byte is no key
  bool pushed_ = false;   // the end of input was typed behind what there is
};

}  // namespace swebash::engine
