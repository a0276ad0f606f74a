// SPDX-License-Identifier: Apache-2.0
#include "serve/connection.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace swebash::serve {

namespace {
constexpr std::chrono::milliseconds kLook{20};
}

Connection::Connection(OwnedFd socket, u64 id, int epoll, usize frame_limit) noexcept
    : socket_(std::move(socket)), id_(id), epoll_(epoll), reader_(frame_limit) {}

Connection::Came Connection::read() {
  char buffer[kMostReading];
  alignas(cmsghdr) char control[CMSG_SPACE(kMostDescriptors * sizeof(int))];
  iovec part = {buffer, sizeof(buffer)};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t count = 0;
  while ((count = ::recvmsg(fd(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)) < 0) {
    if (errno == EAGAIN) return Came::nothing;
    if (errno != EINTR) return Came::broken;
  }
  // The kernel puts all descriptors of a message into one part.
  const cmsghdr* rights = CMSG_FIRSTHDR(&message);
  if (rights != nullptr && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS) {
    const usize found = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (usize i = 0; i < found; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(rights) + i * sizeof(int), sizeof(int));
      descriptors_.emplace_back(descriptor);
    }
  }
  if (descriptors_.size() > kMostDescriptors || (message.msg_flags & MSG_CTRUNC) != 0) {
    return Came::broken;
  }
  if (count == 0) {
    // Whether the client only says no more, or is gone.
    pollfd state = {fd(), 0, 0};
    ::poll(&state, 1, 0);
    return (state.revents & (POLLHUP | POLLERR)) != 0 ? Came::broken : Came::end;
  }
  reader_.add({buffer, static_cast<usize>(count)});
  return Came::something;
}

OwnedFd Connection::take_descriptor() {
  if (descriptors_.empty()) return {};
  OwnedFd first = std::move(descriptors_.front());
  descriptors_.pop_front();
  return first;
}

void Connection::send(std::string_view message) {
  const MutexLock lock(mutex_);
  send_locked(message);
}

bool Connection::send_when_room(std::string_view message, const std::function<bool()>& gives_up) {
  const MutexLock lock(mutex_);
  while (out_.size() - out_at_ >= kMostWaiting && !closed_.load()) {
    if (gives_up()) return false;
    room_.wait_for(mutex_, kLook);
  }
  send_locked(message);
  return !closed_.load();
}

void Connection::send_locked(std::string_view message) {
  if (closed_.load()) return;
  const std::string framed = frame(message);
  usize sent = 0;
  if (out_.empty()) {
    ssize_t count = 0;
    while ((count = ::send(fd(), framed.data(), framed.size(), MSG_DONTWAIT | MSG_NOSIGNAL)) < 0 &&
           errno == EINTR) {
    }
    if (count < 0 && errno != EAGAIN) {
      closed_.store(true);
      return;
    }
    if (count > 0) sent = static_cast<usize>(count);
    if (sent == framed.size()) return;
    last_sent_ = std::chrono::steady_clock::now();
  }
  const bool waits = !out_.empty();
  out_.append(framed, sent);
  if (!waits) watch_output();
}

void Connection::watch_output() {
  epoll_event event{};
  event.events = EPOLLOUT | EPOLLONESHOT;
  event.data.u64 = id_ << 1 | kOutputEvent;
  if (output_) {
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, output_.get(), &event);
    return;
  }
  output_.reset(::fcntl(fd(), F_DUPFD_CLOEXEC, 0));
  if (!output_ || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, output_.get(), &event) != 0) {
    closed_.store(true);
  }
}

Connection::After Connection::flush() {
  const MutexLock lock(mutex_);
  write_out();
  return after();
}

void Connection::write_out() {
  while (out_at_ < out_.size() && !closed_.load()) {
    const ssize_t count =
        ::send(fd(), out_.data() + out_at_, out_.size() - out_at_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) {
      out_at_ += static_cast<usize>(count);
      last_sent_ = std::chrono::steady_clock::now();
    } else if (errno == EAGAIN) {
      watch_output();
      break;
    } else if (errno != EINTR) {
      closed_.store(true);
    }
  }
  if (out_at_ == out_.size() || closed_.load()) {
    out_ = {};
    out_at_ = 0;
  } else if (out_at_ > kMostWaiting) {
    out_.erase(0, out_at_);
    out_at_ = 0;
  }
  if (out_.size() - out_at_ < kMostWaiting) room_.notify_all();
}

void Connection::close() {
  const MutexLock lock(mutex_);
  closed_.store(true);
  ::shutdown(fd(), SHUT_RDWR);
  out_ = {};
  out_at_ = 0;
  output_.reset();
  room_.notify_all();
}

std::optional<std::chrono::steady_clock::time_point> Connection::stalled_since() {
  const MutexLock lock(mutex_);
  if (out_.empty()) return std::nullopt;
  return last_sent_;
}

bool Connection::begin_request() {
  const MutexLock lock(mutex_);
  ++requests_;
  return !has_enough();
}

Connection::After Connection::end_request() {
  const MutexLock lock(mutex_);
  --requests_;
  return after();
}

Connection::After Connection::after() {
  if (is_over()) return After::over;
  if (!paused_ || has_enough()) return After::go_on;
  paused_ = false;
  return After::resume;
}

bool Connection::pause() {
  const MutexLock lock(mutex_);
  paused_ = has_enough();
  return paused_;
}

bool Connection::end_input() {
  const MutexLock lock(mutex_);
  input_ended_ = true;
  return is_over();
}

}  // namespace swebash::serve
