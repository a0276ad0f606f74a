// SPDX-License-Identifier: Apache-2.0
//
// Where commands are read from: files, standard input; and small reads for the shell's
// own use.
//
// A FileSource never takes more of a shared descriptor than the commands read so far: what a script
// on standard input leaves is there for the programs it runs. Not thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abi/errno.hpp"
#include "engine/syntax/parser.hpp"

namespace swebash::engine {

class Shell;
class TextRunner;

class FileSource final : public LineSource {
 public:
  FileSource() noexcept = default;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override;

  // Opens a script, on a descriptor of the shell's own that programs do not inherit.
  SysResult<void> open(std::string_view path);
  // The same for a file that is read at once, as far as it goes now, and closed: a sourced one.
  SysResult<void> load(std::string_view path);
  // Whether what load() read is no text for `.`. bash: more than 256 NULs.
  [[nodiscard]] bool holds_many_nuls() const noexcept { return holds_many_nuls_; }
  // Reads from `fd`, which is shared with the programs that run and stays open.
  void share(i32 fd) noexcept;
  // Serves `texts`: shows lines while `set -v` is on, keeps the history of a script, and runs the
  // traps of signals that come while it reads.
  void serve(TextRunner& texts) noexcept { texts_ = &texts; }

  bool read_line(std::string& line, bool continues) override;
  [[nodiscard]] SharedText shared_text() const override { return whole_; }
  std::string_view next_line(bool continues) override;

 private:
  enum class Extent : u8 { lines, whole };

  SysResult<void> open(std::string_view path, Extent extent);
  SysResult<void> read_whole(i32 fd, usize size);
  bool fill();
  // Gives back what was read and not used.
  void sync();

  i32 fd_ = -1;
  bool owned_ = false;
  bool seekable_ = false;
  bool shared_ = false;
  std::string buffer_;  // what was read ahead
  SharedText whole_;    // what load() read, where that is all of it
  usize used_ = 0;      // of either
  u32 lines_ = 0;       // that were read
  bool holds_many_nuls_ = false;
  bool sourced_ = false;
  TextRunner* texts_ = nullptr;
};

// Reads one line, nothing beyond it, without its newline; false at the end of input. Runs the traps
// of signals that come meanwhile.
// Errors: those of reading; Errno::intr when a signal ends the command (TextRunner::heed_signals).
SysResult<bool> read_plain_line(TextRunner& texts, i32 fd, std::string& line);

// Appends everything until the end of `fd`.
// Errors: Errno::fbig for more than a command substitution may give; those of reading.
SysResult<void> read_to_end(i32 fd, std::string& out);

// Whether a file's first line says that it is no text.
[[nodiscard]] bool looks_binary(std::string_view path);
[[nodiscard]] bool looks_binary_text(std::string_view text) noexcept;

// The numbered choices of `select`, in columns.
[[nodiscard]] std::string select_menu(Shell& shell, std::span<const std::string> words);

}  // namespace swebash::engine
