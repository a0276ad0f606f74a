// SPDX-License-Identifier: Apache-2.0
#include "embed/streams.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace swebash::embed {

void InputStream::begin(std::string_view text) {
  const MutexLock lock(mutex_);
  text_.assign(text);
  at_ = 0;
  file_.reset();
}

SysResult<void> InputStream::begin(int descriptor) {
  OwnedFd copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!copy) return std::unexpected(errno_from_host(errno));
  auto file = std::make_shared<kernel::HostFile>(std::move(copy));
  const MutexLock lock(mutex_);
  file_ = std::move(file);
  return {};
}

std::shared_ptr<kernel::HostFile> InputStream::file() {
  const MutexLock lock(mutex_);
  return file_;
}

SysResult<int> InputStream::poll_fd() {
  const auto open = file();
  if (open == nullptr) return std::unexpected(Errno::notsup);
  return open->poll_fd();
}

bool InputStream::can_wait() noexcept {
  const auto open = file();
  return open != nullptr && open->can_wait();
}

SysResult<usize> InputStream::read(std::span<char> buffer, kernel::Wait wait) {
  if (const auto open = file()) return open->read(buffer, wait);
  const MutexLock lock(mutex_);
  const usize count = std::min(buffer.size(), text_.size() - at_);
  std::memcpy(buffer.data(), text_.data() + at_, count);
  at_ += count;
  return count;
}

SysResult<usize> InputStream::read_until(std::span<char> buffer, char delimiter) {
  if (const auto open = file()) return open->read_until(buffer, delimiter);
  const MutexLock lock(mutex_);
  std::string_view part = std::string_view(text_).substr(at_, buffer.size());
  if (const usize end = part.find(delimiter); end != part.npos) part = part.substr(0, end + 1);
  std::memcpy(buffer.data(), part.data(), part.size());
  at_ += part.size();
  return part.size();
}

void OutputStream::begin(usize limit, const Sink& sink) {
  const MutexLock lock(mutex_);
  limit_ = limit;
  sink_ = sink ? &sink : nullptr;
  if (sink_ == nullptr) return;
  if (!head_.empty()) (*sink_)(head_);
  if (!tail_.empty()) (*sink_)(tail_);
  head_.clear();
  tail_.clear();
}

OutputStream::Written OutputStream::end() {
  const MutexLock lock(mutex_);
  const usize room = limit_ - limit_ / 2;
  if (tail_.size() > room) {
    missing_ += tail_.size() - room;
    tail_.erase(0, tail_.size() - room);
  }
  Written written = {std::move(head_), bytes_, missing_ > 0};
  if (missing_ > 0) {
    written.text += "\n[" + std::to_string(missing_) + " bytes are missing here]\n";
  }
  written.text += tail_;
  head_.clear();
  tail_.clear();
  bytes_ = 0;
  missing_ = 0;
  limit_ = kBetweenRuns;
  sink_ = nullptr;
  return written;
}

SysResult<usize> OutputStream::write(std::span<const char> data, kernel::Wait) {
  const MutexLock lock(mutex_);
  const std::string_view text(data.data(), data.size());
  bytes_ += data.size();
  if (sink_ != nullptr) {
    (*sink_)(text);
  } else {
    keep(text);
  }
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
