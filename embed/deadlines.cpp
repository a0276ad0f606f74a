// SPDX-License-Identifier: Apache-2.0
#include "embed/deadlines.hpp"

#include <csignal>
#include <utility>

namespace swebash::embed {

Deadlines::~Deadlines() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Deadlines::Key Deadlines::set(Clock::time_point time, std::function<void()> function) {
  const std::lock_guard lock(mutex_);
  if (!thread_.joinable()) {
    // The embedding program's signals are for its own threads.
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread(&Deadlines::serve, this);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  const Key key = {time, next_++};
  waiting_.emplace(key, std::move(function));
  if (waiting_.begin()->first == key) changed_.notify_all();
  return key;
}

void Deadlines::cancel(const Key& key) {
  // Callbacks are made with the lock held: none is under way now.
  const std::lock_guard lock(mutex_);
  waiting_.erase(key);
}

namespace {
thread_local bool serving = false;
}

bool Deadlines::on_thread() noexcept { return serving; }

void Deadlines::serve() {
  serving = true;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = waiting_.begin();
    const Clock::time_point time = first->first.first;
    if (time > Clock::now()) {
      changed_.wait_until(lock, time);
      continue;
    }
    first->second();
    waiting_.erase(first);
  }
}

}  // namespace swebash::embed
