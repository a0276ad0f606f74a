// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/script.hpp"

#include <algorithm>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/redir.hpp"
#include "engine/interpreter/text_runner.hpp"
#include "engine/system/files.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine {
namespace {

constexpr u32 kBlock = 8192;
// A file up to this size is read whole where it is sourced.
constexpr u64 kLargestWhole = u64{1} << 26;
constexpr usize kLongestSubstitution = usize{1} << 29;

bool is_interrupted(i64 answer) { return answer == -static_cast<i64>(Errno::intr); }

}  // namespace

FileSource::~FileSource() {
  if (owned_) sys::close(fd_);
}

SysResult<void> FileSource::open(std::string_view path) { return open(path, Extent::lines); }

SysResult<void> FileSource::load(std::string_view path) {
  sourced_ = true;
  return open(path, Extent::whole);
}

SysResult<void> FileSource::open(std::string_view path, Extent extent) {
  auto opened = files::open(path, abi::kRead, 0);
  if (!opened) return std::unexpected(opened.error());
  abi::Stat stat;
  const bool known = sys::fstat(opened->fd(), &stat) >= 0;
  if (known && stat.type == abi::kDirectoryType) return std::unexpected(Errno::isdir);
  // What says that it is empty may be a file of the system's, made as it is read.
  if (extent == Extent::whole && known && stat.type == abi::kRegular && stat.size != 0 &&
      stat.size <= kLargestWhole) {
    return read_whole(opened->fd(), static_cast<usize>(stat.size));
  }
  // bash: 255, out of the way of the script's own descriptors.
  const i64 high = sys::dup(opened->fd(), 255, abi::kCloexec);
  fd_ = high >= 0 ? static_cast<i32>(high) : opened->release();
  owned_ = true;
  return {};
}

SysResult<void> FileSource::read_whole(i32 fd, usize size) {
  i64 answer = 0;
  std::string text;
  text.reserve(size + 1);
  text.resize_and_overwrite(size, [&](char* text, usize) {
    usize done = 0;
    while (done < size) {
      answer = sys::read(fd, text + done, static_cast<u32>(size - done));
      if (is_interrupted(answer)) continue;
      if (answer <= 0) break;
      done += static_cast<usize>(answer);
    }
    return done;
  });
  if (answer < 0) return std::unexpected(static_cast<Errno>(-answer));
  constexpr usize kLooked = 80;
  constexpr usize kMost = 256;
  holds_many_nuls_ = looks_binary_text(std::string_view(text).substr(0, kLooked)) &&
                     static_cast<usize>(std::ranges::count(text, '\0')) > kMost;
  whole_ = share_text(std::move(text));
  return {};
}

void FileSource::share(i32 fd) noexcept {
  fd_ = fd;
  shared_ = true;
  seekable_ = sys::seek(fd, 0, abi::kSeekCurrent) >= 0;
}

bool FileSource::fill() {
  if (fd_ < 0) return false;
  if (used_ > 0) {
    buffer_.erase(0, used_);
    used_ = 0;
  }
  const usize old = buffer_.size();
  buffer_.resize(old + kBlock);
  if (shared_ && texts_ != nullptr) texts_->shell().descriptors().uncover();
  i64 count;
  do {
    char* const end = buffer_.data() + old;
    count = shared_ && !seekable_ ? sys::read_until(fd_, end, kBlock, '\n')
                                  : sys::read(fd_, end, kBlock);
    if (is_interrupted(count) && texts_ != nullptr) {
      texts_->shell().traps().collect();
      // What is read next is of no use to a shell that a trap has ended.
      if (texts_->run_pending_traps() == Flow::exit) texts_->leave(texts_->shell().last_status());
    }
  } while (is_interrupted(count));
  buffer_.resize(old + (count > 0 ? static_cast<usize>(count) : 0));
  return count > 0;
}

std::string_view FileSource::next_line(bool continues) {
  static_cast<void>(continues);
  const std::string_view rest = std::string_view(*whole_).substr(used_);
  const std::string_view line = rest.substr(0, rest.find('\n') + 1);
  used_ += line.size();
  if (texts_ != nullptr && texts_->shell().on(SetOption::verbose)) Shell::write_error(line);
  return line;
}

bool FileSource::read_line(std::string& line, bool continues) {
  if (whole_ != nullptr) {
    line = next_line(continues);
    return !line.empty();
  }
  usize searched = used_;
  usize newline;
  while ((newline = buffer_.find('\n', searched)) == std::string::npos) {
    searched = buffer_.size() - used_;
    if (!fill()) break;
  }
  const usize end = newline == std::string::npos ? buffer_.size() : newline + 1;
  if (end == used_) return false;
  line.assign(buffer_, used_, end - used_);
  used_ = end;
  ++lines_;
  sync();
  if (texts_ == nullptr) return true;
  Shell& shell = texts_->shell();
  if (shell.on(SetOption::verbose)) Shell::write_error(line.ends_with('\n') ? line : line + "\n");
  // What was typed, or stands for it: neither a sourced file nor a start-up file of a session.
  if (!sourced_ && !shell.interactive() && shell.on(SetOption::history)) {
    const bool blank = line.find_first_not_of(" \t\n") == std::string::npos;
    shell.set_line(lines_);
    shell.recorder().line_read(line, continues);
    if (!blank && line == "\n") {
      // bash: a line that its `!` took away does not count.
      --lines_;
      return read_line(line, continues);
    }
  }
  return true;
}

void FileSource::sync() {
  if (!shared_ || !seekable_ || used_ == buffer_.size()) return;
  sys::seek(fd_, -static_cast<i64>(buffer_.size() - used_), abi::kSeekCurrent);
  buffer_.clear();
  used_ = 0;
}

SysResult<bool> read_plain_line(TextRunner& texts, i32 fd, std::string& line) {
  line.clear();
  for (;;) {
    char block[128];
    const i64 count = texts.shell().descriptors().read_until(fd, block, sizeof block, '\n');
    if (is_interrupted(count) && texts.heed_signals()) continue;
    if (count < 0) return std::unexpected(static_cast<Errno>(-count));
    if (count == 0) return !line.empty();
    line.append(block, static_cast<usize>(count));
    if (line.back() != '\n') continue;
    line.pop_back();
    return true;
  }
}

SysResult<void> read_to_end(i32 fd, std::string& out) {
  usize capacity = 1024;
  for (;;) {
    i64 count = 0;
    const usize old = out.size();
    out.resize_and_overwrite(old + capacity, [&](char* text, usize) {
      count = sys::read(fd, text + old, static_cast<u32>(capacity));
      return old + (count > 0 ? static_cast<usize>(count) : 0);
    });
    if (is_interrupted(count)) continue;
    if (count < 0) return std::unexpected(static_cast<Errno>(-count));
    if (count == 0) return {};
    if (out.size() > kLongestSubstitution) return std::unexpected(Errno::fbig);
    if (static_cast<usize>(count) == capacity) capacity = std::min<usize>(capacity * 4, 1u << 18);
  }
}

bool looks_binary_text(std::string_view text) noexcept {
  if (text.starts_with("\177ELF")) return true;
  // bash: a NUL before the first newline; anywhere, when the first line names an interpreter.
  const usize newline = text.starts_with("#!") ? std::string_view::npos : text.find('\n');
  return text.substr(0, newline).find('\0') != std::string_view::npos;
}

bool looks_binary(std::string_view path) {
  // Opening a pipe would take what is in it, or wait for somebody to write.
  abi::Stat about;
  const u32 length = static_cast<u32>(path.size());
  if (sys::stat(abi::kCwd, path.data(), length, 0, &about) < 0 || about.type != abi::kRegular) {
    return false;
  }
  const i64 fd = sys::open(abi::kCwd, path.data(), length, abi::kRead | abi::kCloexec, 0);
  if (fd < 0) return false;
  char block[80];
  const i64 count = sys::read(static_cast<i32>(fd), block, sizeof block);
  sys::close(static_cast<i32>(fd));
  return count > 0 && looks_binary_text(std::string_view(block, static_cast<usize>(count)));
}

std::string select_menu(Shell& shell, std::span<const std::string> words) {
  i64 width = 80;
  if (const std::string* columns = shell.variables().get("COLUMNS")) {
    i64 number = 0;
    if (arith::plain_number(*columns, number) && number > 0) width = number;
  }
  // bash: columns of equal width, filled with tabs where one fits.
  constexpr usize kTab = 8;
  const auto digits_of = [](usize number) { return std::to_string(number).size(); };
  usize longest = 0;
  for (const std::string& word : words) longest = std::max(longest, utf8::width(word));
  const usize digits = digits_of(words.size());
  const usize cell = digits + 2 + longest + 2;
  usize columns = std::max<usize>(1, static_cast<usize>(width) / cell);
  usize rows = (words.size() + columns - 1) / columns;
  columns = (words.size() + rows - 1) / rows;
  if (rows == 1) std::swap(rows, columns);
  std::string menu;
  for (usize row = 0; row < rows; ++row) {
    usize start = 0;
    for (usize index = row; index < words.size(); index += rows) {
      const std::string number = std::to_string(index + 1);
      const usize indent = start == 0 ? digits_of(rows) : digits;
      if (number.size() < indent) menu.append(indent - number.size(), ' ');
      menu += number + ") " + words[index];
      if (index + rows >= words.size()) break;
      usize at = start + std::max(indent, number.size()) + 2 + utf8::width(words[index]);
      start += cell;
      while (at < start) {
        const bool tab = start / kTab > at / kTab;
        menu += tab ? '\t' : ' ';
        at += tab ? kTab - at % kTab : 1;
      }
    }
    menu += '\n';
  }
  return menu;
}

}  // namespace swebash::engine
