// SPDX-License-Identifier: Apache-2.0
#include "kernel/thread_pool.hpp"

#include <chrono>
#include <csignal>

#include "kernel/signals/raw_signals.hpp"

// Gives the host back what freed memory there is, where the C library or base/malloc.cpp can.
extern "C" [[gnu::weak]] int malloc_trim(size_t);

namespace swebash::kernel {

namespace {

constexpr auto kIdleTime = std::chrono::milliseconds(200);
constexpr usize kGuardSize = 64 << 10;

enum class Lasting : u8 { not_pooled, ends, lasts };
thread_local Lasting lasting = Lasting::not_pooled;

// All but those that a thread raises itself, which the runtime turns into traps, and the two that
// every C library has for its threads (the interrupt timer's is one of them).
constexpr u64 asynchronous_signals() noexcept {
  u64 mask = ~u64{0};
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, 32, 33}) {
    mask &= ~(u64{1} << (signal - 1));
  }
  return mask;
}

}  // namespace

bool ThreadPool::on_lasting_thread() noexcept { return lasting != Lasting::ends; }
bool ThreadPool::on_pooled_thread() noexcept { return lasting != Lasting::not_pooled; }

ThreadPool::~ThreadPool() {
  const MutexLock lock(mutex_);
  stopping_ = true;
  work_.notify_all();
  while (threads_ > 0) ended_.wait(mutex_);
}

SysResult<void> ThreadPool::run(Job* job) {
  {
    const MutexLock lock(mutex_);
    if (idle_ > queued_) {
      job->next_ = queue_;
      queue_ = job;
      ++queued_;
      work_.notify_one();
      return {};
    }
    job->next_ = queue_;
    queue_ = job;
    ++queued_;
    ++threads_;
  }
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_size_);
  pthread_attr_setguardsize(&attributes, kGuardSize);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  const u64 old = set_signal_mask(asynchronous_signals());
  pthread_t thread;
  const int error = create_(&thread, &attributes, &ThreadPool::thread_main, this);
  set_signal_mask(old);
  pthread_attr_destroy(&attributes);
  if (error == 0) return {};

  // Another thread may have become idle and taken the job meanwhile.
  const MutexLock lock(mutex_);
  --threads_;
  for (Job** link = &queue_; *link != nullptr; link = &(*link)->next_) {
    if (*link != job) continue;
    *link = job->next_;
    --queued_;
    return std::unexpected(Errno::again);
  }
  return {};
}

u32 ThreadPool::thread_count() {
  const MutexLock lock(mutex_);
  return threads_;
}

void* ThreadPool::thread_main(void* pool) {
  static_cast<ThreadPool*>(pool)->serve();
  return nullptr;
}

void ThreadPool::serve() {
  mutex_.lock();
  const bool keep = kept_now_ < kept_;
  if (keep) ++kept_now_;
  lasting = keep ? Lasting::lasts : Lasting::ends;
  while (true) {
    while (queue_ != nullptr) {
      Job* job = queue_;
      queue_ = job->next_;
      --queued_;
      mutex_.unlock();
      job->run();
      mutex_.lock();
    }
    if (stopping_) break;
    ++idle_;
    bool notified = true;
    if (keep) {
      work_.wait(mutex_);
    } else {
      notified = work_.wait_for(mutex_, kIdleTime);
    }
    --idle_;
    if (!notified && queue_ == nullptr) break;
  }
  if (!keep && threads_ - 1 == kept_now_ && &malloc_trim != nullptr) {
    // The last of a crowd: all is quiet.
    mutex_.unlock();
    malloc_trim(0);
    mutex_.lock();
  }
  if (keep) --kept_now_;
  --threads_;
  ended_.notify_all();
  mutex_.unlock();
}

}  // namespace swebash::kernel
