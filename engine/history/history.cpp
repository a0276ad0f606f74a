// SPDX-License-Identifier: Apache-2.0
#include "engine/history/history.hpp"

#include <algorithm>
#include <charconv>

#include "engine/system/files.hpp"

namespace swebash::engine {
namespace {

// The seconds of a line "#SECONDS".
std::optional<i64> time_line(std::string_view line) {
  if (line.size() < 2 || line[0] != '#' || line[1] < '0' || line[1] > '9') return std::nullopt;
  i64 seconds = 0;
  const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), seconds);
  if (error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
  return seconds;
}

void append_record(std::string& out, const HistoryEntry& entry, History::Times times) {
  if (times == History::Times::yes && entry.time != 0) {
    out += '#' + std::to_string(entry.time) + '\n';
  }
  out += entry.text;
  out += '\n';
}

usize count_lines(std::string_view text) {
  return static_cast<usize>(std::ranges::count(text, '\n'));
}

// Calls `entry(offset, text, time)` for each entry of a file's text. bash: where the file keeps
// times, an entry reaches to the next one, so it may have several lines.
template <typename Function>
void for_each_entry(std::string_view text, Function entry) {
  const bool timed = time_line(text.substr(0, text.find('\n'))).has_value();
  usize start = 0;
  i64 time = 0;
  bool open = false;
  for (usize at = 0; at < text.size();) {
    const usize newline = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, newline - at);
    const auto seconds = time_line(line);
    if (seconds) {
      time = *seconds;
      start = at;
      open = false;
    } else if (timed && open) {
      entry(start, line, time, true);
    } else if (!line.empty()) {
      if (!timed || time == 0) start = at;
      entry(start, line, time, false);
      open = timed;
      if (!timed) time = 0;
    }
    at = newline + 1;
  }
}

}  // namespace

void History::drop_oldest() {
  while (limit_ && entries_.size() > *limit_) {
    entries_.pop_front();
    ++first_number_;
  }
}

void History::add(std::string text, i64 time) {
  entries_.push_back({std::move(text), time, false});
  ++added_;
  drop_oldest();
}

void History::remove(usize index) {
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
}

void History::clear() {
  entries_.clear();
  first_number_ = 1;
}

void History::set_limit(std::optional<usize> limit) {
  limit_ = limit;
  drop_oldest();
}

bool History::read_file(const std::string& path, ReadFrom from) {
  auto file = files::open(path, abi::kRead);
  std::string all;
  if (!file || !files::read_all(file->fd(), all)) return false;
  std::string_view text = all;
  const usize lines = count_lines(text);
  if (from == ReadFrom::unread) {
    for (usize skipped = 0; skipped < file_lines_ && !text.empty(); ++skipped) {
      text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    }
  }
  file_lines_ = lines;
  for_each_entry(text, [&](usize, std::string_view line, i64 time, bool continues) {
    if (continues) {
      entries_.back().text += '\n';
      entries_.back().text += line;
    } else {
      entries_.push_back({std::string(line), time, true});
    }
  });
  drop_oldest();
  return true;
}

bool History::append_file(const std::string& path, Times times) {
  std::string text;
  for (const HistoryEntry& entry : entries_) {
    if (!entry.saved) append_record(text, entry, times);
  }
  if (text.empty()) return true;
  auto file = files::open(path, abi::kWrite | abi::kCreate | abi::kAppend | abi::kCloexec, 0600);
  if (!file || !files::write_all(file->fd(), text)) return false;
  file_lines_ += count_lines(text);
  for (HistoryEntry& entry : entries_) entry.saved = true;
  return true;
}

bool History::write_file(const std::string& path, Times times) {
  std::string text;
  for (const HistoryEntry& entry : entries_) append_record(text, entry, times);
  auto file = files::open(path, abi::kWrite | abi::kCreate | abi::kTruncate | abi::kCloexec, 0600);
  if (!file || !files::write_all(file->fd(), text)) return false;
  file_lines_ = count_lines(text);
  return true;
}

void History::trim_file(const std::string& path, usize limit) {
  const auto before = files::stat(path);
  if (!before || before->type != abi::kRegular) return;
  const std::string text = files::read_text(path);
  std::deque<usize> starts;
  usize count = 0;
  for_each_entry(text, [&](usize start, std::string_view, i64, bool continues) {
    if (continues) return;
    ++count;
    starts.push_back(start);
    if (starts.size() > limit) starts.pop_front();
  });
  if (count <= limit) return;
  const std::string_view kept =
      limit == 0 ? std::string_view() : std::string_view(text).substr(starts.front());
  // Another session that appends meanwhile opens the file by its name: a rename loses nothing that
  // was there when the file was read.
  abi::TaskInfo info{};
  sys::task_info(&info);
  const std::string fresh = path + "." + std::to_string(info.pid);
  {
    auto file = files::open(fresh, abi::kWrite | abi::kCreate | abi::kExclusive | abi::kCloexec,
                            before->mode);
    if (!file) return;
    if (!files::write_all(file->fd(), kept)) {
      static_cast<void>(files::unlink(fresh));
      return;
    }
  }
  const auto now = files::stat(path);
  if (!now || now->size != before->size || !files::rename(fresh, path)) {
    static_cast<void>(files::unlink(fresh));
  }
}

}  // namespace swebash::engine
