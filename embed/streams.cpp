// SPDX-License-Identifier: Apache-2.0
#include "embed/streams.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace swebash::embed {

SysResult<int> Stream::poll_fd() {
  if (const File file = this->file(); file != nullptr) return file->poll_fd();
  return std::unexpected(Errno::notsup);
}

bool Stream::can_wait() noexcept {
  const File file = this->file();
  return file != nullptr && file->can_wait();
}

Stream::File Stream::file() const {
  const MutexLock lock(file_mutex_);
  return file_;
}

void Stream::set_file(File file) {
  const MutexLock lock(file_mutex_);
  if (file_ != nullptr) before_.push_back(std::move(file_));
  if (before_.size() > kKept) before_.pop_front();
  file_ = std::move(file);
}

void InputStream::begin(OwnedFd file) {
  set_file(std::make_shared<kernel::HostFile>(std::move(file)));
}

void InputStream::begin(std::string_view text) {
  set_file(nullptr);
  const MutexLock lock(mutex_);
  text_.assign(text);
  at_ = 0;
}

SysResult<usize> InputStream::read(std::span<char> buffer, kernel::Wait wait) {
  if (const File file = this->file(); file != nullptr) return file->read(buffer, wait);
  const MutexLock lock(mutex_);
  const usize count = std::min(buffer.size(), text_.size() - at_);
  std::memcpy(buffer.data(), text_.data() + at_, count);
  at_ += count;
  return count;
}

SysResult<usize> InputStream::read_until(std::span<char> buffer, char delimiter) {
  if (const File file = this->file(); file != nullptr) return file->read_until(buffer, delimiter);
  const MutexLock lock(mutex_);
  std::string_view part = std::string_view(text_).substr(at_, buffer.size());
  if (const usize end = part.find(delimiter); end != part.npos) part = part.substr(0, end + 1);
  std::memcpy(buffer.data(), part.data(), part.size());
  at_ += part.size();
  return part.size();
}

void OutputStream::begin(OwnedFd file) {
  set_file(std::make_shared<kernel::HostFile>(std::move(file)));
  const MutexLock lock(mutex_);
  woken_ = false;
  broken_ = false;
  cut_ = false;
}

void OutputStream::begin(usize limit, const Sink& sink) {
  set_file(nullptr);
  const MutexLock lock(mutex_);
  limit_ = limit;
  sink_ = sink ? &sink : nullptr;
  woken_ = false;
  broken_ = false;
  cut_ = false;
  if (sink_ == nullptr) return;
  for (const std::string* const kept : {&head_, &tail_}) {
    if (!kept->empty()) (void)tell(*kept);
  }
  head_.clear();
  tail_.clear();
}

// Cuts what is kept down to the limit and takes it.
std::string OutputStream::take_kept() {
  const usize room = limit_ - limit_ / 2;
  if (tail_.size() > room) {
    missing_ += tail_.size() - room;
    tail_.erase(0, tail_.size() - room);
  }
  std::string text = std::move(head_);
  if (missing_ > 0) text += "\n[" + std::to_string(missing_) + " bytes are missing here]\n";
  text += tail_;
  cut_ = cut_ || missing_ > 0;
  head_.clear();
  tail_.clear();
  missing_ = 0;
  return text;
}

std::string OutputStream::take() {
  const MutexLock lock(mutex_);
  return take_kept();
}

void OutputStream::wait_until(std::chrono::steady_clock::time_point time) {
  MutexLock lock(mutex_);
  ++waiting_;
  while (head_.empty() && tail_.empty() && !woken_) {
    const auto left = time - std::chrono::steady_clock::now();
    if (left.count() <= 0) break;
    (void)changed_.wait_for(mutex_, left);
  }
  --waiting_;
}

void OutputStream::wake() {
  const MutexLock lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

OutputStream::Written OutputStream::end() {
  set_file(nullptr);
  const MutexLock lock(mutex_);
  Written written;
  written.text = take_kept();
  written.bytes = bytes_;
  written.cut = cut_;
  bytes_ = 0;
  cut_ = false;
  limit_ = kBetweenRuns;
  sink_ = nullptr;
  return written;
}

bool OutputStream::tell(std::string_view text) {
  telling_.store(std::this_thread::get_id());
  bool told = true;
  try {
    (*sink_)(text);
  } catch (...) {
    sink_ = nullptr;
    broken_ = true;
    told = false;
  }
  telling_.store(std::thread::id());
  return told;
}

// The analysis does not see that a sink runs with the lock held.
void OutputStream::drop_sink() SWEBASH_NO_THREAD_SAFETY_ANALYSIS {
  if (telling_.load() == std::this_thread::get_id()) {
    sink_ = nullptr;
    return;
  }
  const MutexLock lock(mutex_);
  sink_ = nullptr;
}

SysResult<usize> OutputStream::write(std::span<const char> data, kernel::Wait wait) {
  if (const File file = this->file(); file != nullptr) {
    const SysResult<usize> count = file->write(data, wait);
    const MutexLock lock(mutex_);
    bytes_ += count.value_or(0);
    return count;
  }
  const MutexLock lock(mutex_);
  if (broken_) return std::unexpected(Errno::io);
  const std::string_view text(data.data(), data.size());
  if (sink_ != nullptr) {
    if (!tell(text)) return std::unexpected(Errno::io);
  } else {
    keep(text);
    if (waiting_ > 0) changed_.notify_all();
  }
  bytes_ += data.size();
  return data.size();
}

void OutputStream::keep(std::string_view text) {
  const usize half = limit_ / 2;
  if (head_.size() < half) {
    const std::string_view part = text.substr(0, half - head_.size());
    head_ += part;
    text.remove_prefix(part.size());
  }
  const usize room = limit_ - half;
  if (text.size() >= room) {
    missing_ += tail_.size() + text.size() - room;
    tail_.assign(text.substr(text.size() - room));
    return;
  }
  tail_ += text;
  // Not for each byte that is too many: moving what is kept costs.
  if (tail_.size() > room + room / 2 + 4096) {
    missing_ += tail_.size() - room;
    tail_.erase(0, tail_.size() - room);
  }
}

}  // namespace swebash::embed
