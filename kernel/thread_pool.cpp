// SPDX-License-Identifier: Apache-2.0
#include "kernel/thread_pool.hpp"

#include <chrono>
#include <csignal>

#include "kernel/signals/raw_signals.hpp"

// Gives the host back what freed memory there is, where the C library or shell/malloc.cpp can.
extern "C" [[gnu::weak]] int malloc_trim(size_t);

namespace swebash::kernel {

namespace {

constexpr auto kIdleTime = std::chrono::milliseconds(200);
constexpr usize kGuardSize = 64 << 10;

#if defined(__SANITIZE_THREAD__)
constexpr bool kThreadSanitizer = true;
#elif defined(__has_feature)
constexpr bool kThreadSanitizer = __has_feature(thread_sanitizer);
#else
constexpr bool kThreadSanitizer = false;
#endif

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
  State& state = *state_;
  const MutexLock lock(state.mutex);
  state.stopping = true;
  state.work.notify_all();
  while (state.threads > 0) state.ended.wait(state.mutex);
}

// First come, first served: a job whose thread could not be made is the last, so that none before
// it is left without one.
void ThreadPool::State::push(Job* job) {
  Job** link = &queue;
  while (*link != nullptr) link = &(*link)->next_;
  job->next_ = nullptr;
  *link = job;
  ++queued;
}

SysResult<void> ThreadPool::run(Job* job) {
  State& state = *state_;
  {
    const MutexLock lock(state.mutex);
    if (state.idle > state.queued) {
      state.push(job);
      state.work.notify_one();
      return {};
    }
    state.push(job);
    ++state.threads;
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
  const MutexLock lock(state.mutex);
  --state.threads;
  for (Job** link = &state.queue; *link != nullptr; link = &(*link)->next_) {
    if (*link != job) continue;
    *link = job->next_;
    --state.queued;
    return std::unexpected(Errno::again);
  }
  return {};
}

u32 ThreadPool::thread_count() {
  State& state = *state_;
  const MutexLock lock(state.mutex);
  return state.threads;
}

// ThreadSanitizer knows of threads that a fork left behind, and lets the child make no others.
bool ThreadPool::hold_idle() SWEBASH_NO_THREAD_SAFETY_ANALYSIS {
  State& state = *state_;
  state.mutex.lock();
  const bool quiet = state.idle == state.threads && state.queued == 0;
  if (quiet && (!kThreadSanitizer || state.threads == 0)) return true;
  state.mutex.unlock();
  return false;
}

void ThreadPool::release() SWEBASH_NO_THREAD_SAFETY_ANALYSIS { state_->mutex.unlock(); }

// The threads that wait are in the old state for ever.
void ThreadPool::forget_threads() {
  static_cast<void>(state_.release());  // NOLINT(bugprone-unused-return-value): they are in there
  state_ = std::make_unique<State>();
  lasting = Lasting::not_pooled;
}

void* ThreadPool::thread_main(void* pool) {
  static_cast<ThreadPool*>(pool)->serve();
  return nullptr;
}

void ThreadPool::serve() {
  State& state = *state_;
  state.mutex.lock();
  const bool keep = state.kept_now < kept_;
  if (keep) ++state.kept_now;
  lasting = keep ? Lasting::lasts : Lasting::ends;
  while (true) {
    while (state.queue != nullptr) {
      Job* job = state.queue;
      state.queue = job->next_;
      --state.queued;
      state.mutex.unlock();
      job->run();
      state.mutex.lock();
    }
    if (state.stopping) break;
    ++state.idle;
    bool notified = true;
    if (keep) {
      state.work.wait(state.mutex);
    } else {
      notified = state.work.wait_for(state.mutex, kIdleTime);
    }
    --state.idle;
    if (!notified && state.queue == nullptr) break;
  }
  if (!keep && state.threads - 1 == state.kept_now && &malloc_trim != nullptr) {
    // The last of a crowd: all is quiet.
    state.mutex.unlock();
    malloc_trim(0);
    state.mutex.lock();
  }
  if (keep) --state.kept_now;
  --state.threads;
  state.ended.notify_all();
  state.mutex.unlock();
}

}  // namespace swebash::kernel
