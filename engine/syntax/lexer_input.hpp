// SPDX-License-Identifier: Apache-2.0
//
// Input: the text one unit is parsed from, as far as it has been read.
//
// Lines come from a LineSource when the parser asks for them. Those of a text that the source
// shares are read where they stand; others one after the other in a growing buffer in the unit's
// arena. A buffer that grows is copied and the old one is left as it was, so a view into it holds
// as long as the unit: literals and "as written" texts are views, not copies. Every line ends in a
// newline (a last line without one is given one, as bash does) and holds no NUL bytes. The text of
// an alias is spliced in where the alias stood. Owned by the parser; not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"
#include "engine/text/arena.hpp"

namespace swebash::engine {

class LineSource;

class Input {
 public:
  static constexpr int kEnd = -1;

  Input() noexcept = default;
  // Text that is all there: it must live in `arena` or longer.
  Input(Arena& arena, std::string_view text, u32 line) noexcept
      : arena_(&arena), text_(const_cast<char*>(text.data())), size_(text.size()), line_(line) {}
  // Lines of `source`; start_unit() must come before anything is read.
  // Where the source `shares` its text, whoever keeps the tree keeps that too.
  Input(LineSource* source, bool shares, u32 line) noexcept
      : source_(source), line_(line), shares_(shares) {}

  // Goes on in `arena`, with what the unit before left unread.
  void start_unit(Arena& arena);
  // Lets go of the arena; text that was not parsed is kept for the next unit.
  void finish_unit();
  // Whether there is text for another unit; reads a line for it if need be.
  [[nodiscard]] bool more() { return !carried_.empty() || read_line(); }
  // Makes room for `size` bytes, when the size of the text is known.
  void reserve(usize size) { grow(size); }

  // The byte at the cursor; kEnd at the end of input.
  [[nodiscard]] int peek() {
    return position_ < size_ || fill() ? static_cast<unsigned char>(text_[position_]) : kEnd;
  }
  // The byte `offset` bytes after the cursor, on lines read so far; kEnd when there is none.
  [[nodiscard]] int peek_at(usize offset) const noexcept {
    return position_ + offset < size_ ? static_cast<unsigned char>(text_[position_ + offset])
                                      : kEnd;
  }
  // Moves past the byte at the cursor; a newline in an alias's text is no line of its own.
  // Requires: peek() was not kEnd.
  void skip() noexcept {
    const char byte = text_[position_++];
    if (byte == '\n' && (aliases_.empty() || position_ > aliases_.front().end)) {
      ++line_;
    }
  }
  // Moves past `count` bytes none of which is a newline.
  void skip_plain(usize count) noexcept { position_ += count; }
  // Moves past every backslash-newline at the cursor.
  void skip_continuations() {
    while (peek() == '\\' && peek_at(1) == '\n') {
      position_ += 2;
      ++line_;
    }
  }
  // Skips the rest of the current line, its newline too.
  void skip_line() noexcept;

  [[nodiscard]] usize position() const noexcept { return position_; }
  [[nodiscard]] usize size() const noexcept { return size_; }
  [[nodiscard]] u32 line() const noexcept { return line_; }
  [[nodiscard]] const char* data() const noexcept { return text_; }
  // The text from `begin` to `end`, which have been read; it lives as long as the arena.
  [[nodiscard]] std::string_view view(usize begin, usize end) const noexcept {
    return {text_ + begin, end - begin};
  }
  // Goes back to a place that was passed; text spliced in since then stays.
  void rewind(usize position, u32 line) noexcept {
    position_ = position;
    line_ = line;
  }

  // Puts the text of alias `name` where the word from `begin` to the cursor stands, and goes there.
  void splice_alias(usize begin, std::string_view name, std::string_view value);
  // Says whether the word at `position` comes from the text of alias `name`.
  [[nodiscard]] bool inside_alias(usize position, std::string_view name) const noexcept;
  // Forgets aliases whose text ends at or before `position`; says whether one of them ended in a
  // blank, so that the next word is looked up too.
  bool leave_aliases(usize position) noexcept;

  // What `continues` of LineSource::read_line will be.
  void set_continues(bool continues) noexcept { continues_ = continues; }
  [[nodiscard]] bool at_end() const noexcept { return position_ == size_ && ended_; }

 private:
  struct AliasText {
    usize end;
    std::string name;
    bool blank_end;
  };

  bool fill();
  // Sees to it that next_ is a line; false at the end.
  bool read_line();
  void grow(usize wanted);

  Arena* arena_ = nullptr;
  LineSource* source_ = nullptr;
  char* text_ = nullptr;
  usize size_ = 0;
  usize capacity_ = 0;  // 0: the text is not ours to change
  usize position_ = 0;
  u32 line_ = 1;
  bool continues_ = false;
  bool ended_ = false;
  bool shares_ = false;
  std::vector<AliasText> aliases_;
  std::string_view next_;  // the line that was read and is not in the text yet; "" for none
  std::string read_;       // where it stands, unless that is the text that the source shares
  std::string carried_;
};

}  // namespace swebash::engine
