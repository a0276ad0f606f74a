// SPDX-License-Identifier: Apache-2.0
//
// History: the commands that were typed, and the file they are kept in.
//
// An entry is one command, of one line or more; entries are numbered from 1 and keep their numbers
// when the oldest go. The file holds an entry a line, each after a line "#SECONDS" where times are
// kept. A record is appended by one write on a descriptor opened for appending, so sessions that
// run at once do not cut each other's up. What HISTCONTROL and HISTIGNORE say is the Shell's
// business;
// `!!` and the like are history_expand.hpp's. Not thread-safe.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::engine {

struct HistoryEntry {
  std::string text;
  i64 time = 0;        // seconds since 1970; 0 for none
  bool saved = false;  // stands in the file
};

class History {
 public:
  using Entries = std::deque<HistoryEntry>;
  enum class Times : u8 { no, yes };
  enum class ReadFrom : u8 { start, unread };

  [[nodiscard]] const Entries& entries() const noexcept { return entries_; }
  // The number of the oldest entry, and the one that the next will get.
  [[nodiscard]] i64 first_number() const noexcept { return first_number_; }
  [[nodiscard]] i64 next_number() const noexcept {
    return first_number_ + static_cast<i64>(entries_.size());
  }

  void add(std::string text, i64 time);
  // Goes on with the newest entry. Requires: there is one.
  void extend(std::string_view more) { entries_.back().text += more; }
  // Replaces the text of the newest entry. Requires: there is one.
  void replace_last(std::string text) { entries_.back().text = std::move(text); }
  // Requires: `index` is below entries().size().
  void remove(usize index);
  void clear();
  // Keeps at most so many entries, from now on; nullopt keeps all.
  void set_limit(std::optional<usize> limit);

  // How many entries were added since the start: what is more than entries().size() was dropped.
  [[nodiscard]] usize added() const noexcept { return added_; }

  // Reads entries from a file: all, or those beyond what has been read or written. False when it
  // cannot be read.
  bool read_file(const std::string& path, ReadFrom from);
  // Appends the entries that are not in the file yet. False when it cannot be written.
  bool append_file(const std::string& path, Times times);
  // Replaces the file by the entries. False when it cannot be written.
  bool write_file(const std::string& path, Times times);
  // Keeps the newest `limit` entries of a file that has more.
  static void trim_file(const std::string& path, usize limit);

 private:
  void drop_oldest();

  Entries entries_;
  i64 first_number_ = 1;
  std::optional<usize> limit_;
  usize added_ = 0;
  usize file_lines_ = 0;  // of the file, that are known here
};

}  // namespace swebash::engine
