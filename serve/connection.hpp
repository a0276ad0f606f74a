// SPDX-License-Identifier: Apache-2.0
//
// Connection: one client of the server: messages and descriptors that came from it, and messages
// that go to it.
//
// Reading is for one thread at a time, which holds reading(): the one that has the connection's
// event, or goes on where reading had paused. All else is thread-safe. Nothing that a client does
// makes it hold more than kMostReading and kMostWaiting bytes, and the answers to kMostRequests
// requests.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/result.hpp"
#include "base/thread_annotations.hpp"
#include "serve/frame.hpp"

namespace swebash::serve {

class Connection {
 public:
  // What one event reads at most.
  static constexpr usize kMostReading = 64 << 10;
  // Bytes of streams that wait for the client to read them: who writes more waits too.
  static constexpr usize kMostWaiting = 256 << 10;
  // Descriptors that were sent and no request has taken.
  static constexpr usize kMostDescriptors = 16;
  // Requests that are not answered yet: no more are read meanwhile, nor while answers wait to be
  // read.
  static constexpr u32 kMostRequests = 16;

  // `epoll` is told, with `id`, when output that waits can go on.
  Connection(OwnedFd socket, u64 id, int epoll, usize frame_limit) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] u64 id() const noexcept { return id_; }
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  // What epoll says beside the id, for output.
  static constexpr u64 kOutputEvent = 1;

  [[nodiscard]] Mutex& reading() noexcept { return reading_; }
  enum class Came : u8 { something, nothing, end, broken };
  // Takes what has come.
  [[nodiscard]] Came read();
  [[nodiscard]] Result<std::optional<std::string>, FrameFault> next_message() {
    return reader_.next();
  }
  // The descriptor that came first of those nobody has taken; none.
  [[nodiscard]] OwnedFd take_descriptor();

  // Sends `message`; what the client does not read now waits. Nothing once it is closed.
  void send(std::string_view message) SWEBASH_EXCLUDES(mutex_);
  // The same when there is room; false where there was none when `gives_up` said so, which is asked
  // now and then.
  bool send_when_room(std::string_view message, const std::function<bool()>& gives_up)
      SWEBASH_EXCLUDES(mutex_);
  enum class After : u8 { go_on, resume, over };
  // Goes on with what waits; whether reading is to be taken up again, or the connection is over.
  [[nodiscard]] After flush() SWEBASH_EXCLUDES(mutex_);
  // Lets nothing more through, and wakes who waits.
  void close() SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] bool closed() const noexcept { return closed_.load(); }
  // When something of what waits was last sent; nothing where nothing waits.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> stalled_since()
      SWEBASH_EXCLUDES(mutex_);

  // A request was read; whether another may be.
  [[nodiscard]] bool begin_request() SWEBASH_EXCLUDES(mutex_);
  // One was answered.
  [[nodiscard]] After end_request() SWEBASH_EXCLUDES(mutex_);
  // Whether reading is to pause: false where a request was answered meanwhile.
  [[nodiscard]] bool pause() SWEBASH_EXCLUDES(mutex_);
  // The client sends nothing more; whether the connection is over with that.
  [[nodiscard]] bool end_input() SWEBASH_EXCLUDES(mutex_);

 private:
  void write_out() SWEBASH_REQUIRES(mutex_);
  [[nodiscard]] bool has_enough() const SWEBASH_REQUIRES(mutex_) {
    return requests_ >= kMostRequests || out_.size() - out_at_ >= kMostWaiting;
  }
  [[nodiscard]] After after() SWEBASH_REQUIRES(mutex_);
  [[nodiscard]] bool is_over() const SWEBASH_REQUIRES(mutex_) {
    return closed_.load() || (input_ended_ && requests_ == 0 && out_.empty());
  }
  void watch_output() SWEBASH_REQUIRES(mutex_);
  void send_locked(std::string_view message) SWEBASH_REQUIRES(mutex_);

  Mutex reading_;  // before mutex_
  const OwnedFd socket_;
  const u64 id_;
  const int epoll_;
  FrameReader reader_;
  std::deque<OwnedFd> descriptors_;
  std::atomic<bool> closed_ = false;

  Mutex mutex_;
  ConditionVariable room_;
  std::string out_ SWEBASH_GUARDED_BY(mutex_);
  usize out_at_ SWEBASH_GUARDED_BY(mutex_) = 0;
  // The socket once more, since epoll watches a descriptor for input and output together.
  OwnedFd output_ SWEBASH_GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point last_sent_ SWEBASH_GUARDED_BY(mutex_);
  u32 requests_ SWEBASH_GUARDED_BY(mutex_) = 0;
  bool paused_ SWEBASH_GUARDED_BY(mutex_) = false;
  bool input_ended_ SWEBASH_GUARDED_BY(mutex_) = false;
};

using ConnectionRef = std::shared_ptr<Connection>;

}  // namespace swebash::serve
