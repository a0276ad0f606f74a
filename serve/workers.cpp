// SPDX-License-Identifier: Apache-2.0
#include "serve/workers.hpp"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "base/assert.hpp"

namespace swebash::serve {

namespace {
// Sessions run on stacks of the library's.
constexpr usize kStack = 512 << 10;
constexpr int kPatience = 2000;  // ms that a thread in excess waits for something to do
}  // namespace

Workers::Workers(int epoll, u32 most, OnEvent on_event)
    : epoll_(epoll),
      most_(most),
      on_event_(std::move(on_event)),
      posted_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  // Each write wakes one thread.
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = kPosted;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, posted_event_.get(), &event);
}

Workers::~Workers() { SWEBASH_ASSERT(threads_.load() == 0); }

void Workers::start() {
  for (u32 i = 0; i < kFew; ++i) add_thread();
}

void Workers::add_thread() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  threads_.fetch_add(1);
  waiting_.fetch_add(1);
  pthread_t thread{};
  const auto begin = [](void* self) -> void* {
    static_cast<Workers*>(self)->serve();
    return nullptr;
  };
  if (::pthread_create(&thread, &attributes, begin, this) != 0) {
    threads_.fetch_sub(1);
    waiting_.fetch_sub(1);
  }
  pthread_attr_destroy(&attributes);
}

void Workers::wake() const noexcept {
  const u64 one = 1;
  [[maybe_unused]] const auto written = ::write(posted_event_.get(), &one, sizeof(one));
}

void Workers::serve() {
  while (!stopping_.load()) {
    epoll_event event{};
    const int count = ::epoll_wait(epoll_, &event, 1, kPatience);
    if (count <= 0) {
      if (count == 0 && leave_if_many()) return;
      continue;
    }
    // The last that waited has its successor before it does anything.
    if (waiting_.fetch_sub(1) == 1) add_thread();
    if (event.data.u64 == kPosted) {
      do_posted();
    } else {
      on_event_(event.data.u64);
    }
    waiting_.fetch_add(1);
  }
  waiting_.fetch_sub(1);
  leave();
}

void Workers::leave() {
  const MutexLock lock(mutex_);
  threads_.fetch_sub(1);
  ended_.notify_all();
}

bool Workers::leave_if_many() {
  u32 waiting = waiting_.load();
  while (waiting > kFew) {
    if (!waiting_.compare_exchange_weak(waiting, waiting - 1)) continue;
    leave();
    return true;
  }
  return false;
}

void Workers::do_posted() {
  while (true) {
    Work work;
    {
      const MutexLock lock(mutex_);
      if (posted_.empty() || working_ >= most_) return;
      work = std::move(posted_.front());
      posted_.pop_front();
      ++working_;
    }
    work();
    const MutexLock lock(mutex_);
    --working_;
  }
}

void Workers::work(Work work) {
  {
    const MutexLock lock(mutex_);
    if (working_ >= most_) {
      posted_.push_back(std::move(work));
      return;
    }
    ++working_;
  }
  work();
  {
    const MutexLock lock(mutex_);
    --working_;
    if (posted_.empty()) return;
  }
  do_posted();
}

void Workers::post(Work work) {
  {
    const MutexLock lock(mutex_);
    posted_.push_back(std::move(work));
    // Who ends one looks for the next.
    if (working_ >= most_) return;
  }
  wake();
}

void Workers::stop() {
  stopping_.store(true);
  const MutexLock lock(mutex_);
  while (threads_.load() > 0) {
    wake();
    ended_.wait_for(mutex_, std::chrono::milliseconds(10));
  }
}

usize Workers::busy() {
  const MutexLock lock(mutex_);
  return posted_.size() + working_;
}

}  // namespace swebash::serve
