// SPDX-License-Identifier: Apache-2.0
//
// OwnedFd: a descriptor of the host that is closed when its owner goes. Host only.
//
// Move-only; holds a descriptor or none (-1). Not thread-safe. It does not retry or report a failed
// close: POSIX leaves the descriptor's state open after EINTR and Linux has closed it.
#pragma once

#include <unistd.h>

#include <utility>

namespace swebash {

class OwnedFd {
 public:
  OwnedFd() noexcept = default;
  // Takes ownership of `fd`; -1 means none.
  explicit OwnedFd(int fd) noexcept : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.release()) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  ~OwnedFd() { reset(); }

  // The descriptor, still owned; -1 when there is none.
  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

  // Gives the descriptor up to the caller.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  // Closes what is held, if anything, and holds `fd` instead.
  void reset(int fd = -1) noexcept {
    const int old = std::exchange(fd_, fd);
    if (old >= 0) ::close(old);
  }

 private:
  int fd_ = -1;
};

}  // namespace swebash
