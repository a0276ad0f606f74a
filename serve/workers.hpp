// SPDX-License-Identifier: Apache-2.0
//
// Workers: the threads of the server. Each waits for an event of epoll's and does what it asks for
// itself, so that a short script runs on the thread that read the request: no hand-over. One is
// always left that waits: when the last of them has got something, another thread is made, up to a
// limit; threads in excess end.
//
// Work that is posted is done by whichever is free first. Thread-safe.
#pragma once

#include <atomic>
#include <deque>
#include <functional>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/thread_annotations.hpp"

namespace swebash::serve {

class Workers {
 public:
  using Work = std::function<void()>;
  // Told of an event's data, on a worker's thread.
  using OnEvent = std::function<void(u64)>;

  // Uses `epoll`, of whose events the data `kPosted` is its own. Up to `most` do work() at once:
  // the rest waits for its turn, while events are still seen to.
  Workers(int epoll, u32 most, OnEvent on_event);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  // Requires: stop() was called.
  ~Workers();
  static constexpr u64 kPosted = ~u64{0};

  // Begins with some threads.
  void start();
  // Does `work` on the calling worker, now, or later where as many work as may.
  void work(Work work) SWEBASH_EXCLUDES(mutex_);
  // Has some worker do `work`.
  void post(Work work) SWEBASH_EXCLUDES(mutex_);
  // Lets no worker take anything more, and waits for them to end.
  void stop() SWEBASH_EXCLUDES(mutex_);

  // How many work at the moment, or wait for their turn.
  [[nodiscard]] usize busy() SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] u32 threads() const noexcept { return threads_.load(); }

 private:
  static constexpr u32 kFew = 3;

  void add_thread();
  void serve();
  // Ends the calling thread's part, where enough others wait; whether it did.
  [[nodiscard]] bool leave_if_many() SWEBASH_EXCLUDES(mutex_);
  void leave() SWEBASH_EXCLUDES(mutex_);
  void do_posted() SWEBASH_EXCLUDES(mutex_);
  void wake() const noexcept;

  const int epoll_;
  const u32 most_;
  const OnEvent on_event_;
  OwnedFd posted_event_;
  std::atomic<u32> threads_ = 0;
  std::atomic<u32> waiting_ = 0;
  std::atomic<bool> stopping_ = false;
  Mutex mutex_;
  ConditionVariable ended_;
  std::deque<Work> posted_ SWEBASH_GUARDED_BY(mutex_);
  u32 working_ SWEBASH_GUARDED_BY(mutex_) = 0;
};

}  // namespace swebash::serve
