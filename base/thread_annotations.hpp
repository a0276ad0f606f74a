// SPDX-License-Identifier: Apache-2.0
//
// Clang's thread-safety annotations, and the mutex they work with.
//
// What a mutex guards says so (SWEBASH_GUARDED_BY) and the compiler holds us to it. Other compilers
// see nothing. Host only: a guest has no threads.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define SWEBASH_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define SWEBASH_THREAD_ANNOTATION(x)
#endif

#define SWEBASH_CAPABILITY(x) SWEBASH_THREAD_ANNOTATION(capability(x))
#define SWEBASH_SCOPED_CAPABILITY SWEBASH_THREAD_ANNOTATION(scoped_lockable)
#define SWEBASH_GUARDED_BY(x) SWEBASH_THREAD_ANNOTATION(guarded_by(x))
#define SWEBASH_PT_GUARDED_BY(x) SWEBASH_THREAD_ANNOTATION(pt_guarded_by(x))
#define SWEBASH_REQUIRES(...) SWEBASH_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define SWEBASH_EXCLUDES(...) SWEBASH_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define SWEBASH_ACQUIRE(...) SWEBASH_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define SWEBASH_RELEASE(...) SWEBASH_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define SWEBASH_NO_THREAD_SAFETY_ANALYSIS SWEBASH_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace swebash {

// A mutex that the annotations know.
class SWEBASH_CAPABILITY("mutex") Mutex {
 public:
  void lock() noexcept SWEBASH_ACQUIRE() { mutex_.lock(); }
  void unlock() noexcept SWEBASH_RELEASE() { mutex_.unlock(); }

 private:
  friend class ConditionVariable;
  std::mutex mutex_;
};

// Holds a mutex for a scope.
class SWEBASH_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) noexcept SWEBASH_ACQUIRE(mutex) : mutex_(mutex) {
    mutex_.lock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  ~MutexLock() SWEBASH_RELEASE() { mutex_.unlock(); }

 private:
  Mutex& mutex_;
};

// A condition to wait for while a Mutex is held.
class ConditionVariable {
 public:
  // Releases `mutex`, waits for a notification (or for nothing, spuriously), takes it again.
  void wait(Mutex& mutex) noexcept SWEBASH_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  // The same for at most `duration`; whether a notification came.
  template <class Duration>
  bool wait_for(Mutex& mutex, Duration duration) noexcept SWEBASH_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool notified = condition_.wait_for(lock, duration) == std::cv_status::no_timeout;
    lock.release();
    return notified;
  }
  void notify_one() noexcept { condition_.notify_one(); }
  void notify_all() noexcept { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace swebash
