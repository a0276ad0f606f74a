// SPDX-License-Identifier: Apache-2.0
//
// ThreadPool: threads for tasks that do not run on their parent's.
//
// Thread-safe. Threads are made when a job finds none idle, with a stack of their own size and all
// signals blocked, and are used again; the first few stay for good, the others end after idling.
// Every job gets a thread at once, since jobs wait for each other: what is queued has a thread that
// is about to take it. The pool outlives its jobs: destroying it waits for all threads to end.
#pragma once

#include <pthread.h>

#include <memory>

#include "abi/errno.hpp"
#include "base/integers.hpp"
#include "base/thread_annotations.hpp"

namespace swebash::kernel {

class ThreadPool {
 public:
  // Something to run once. Owned by whoever submits it; run() may delete it.
  class Job {
   public:
    virtual ~Job() = default;
    virtual void run() noexcept = 0;

   private:
    friend class ThreadPool;
    Job* next_ = nullptr;
  };

  // What makes a thread, with pthread_create's contract.
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

  ThreadPool(usize stack_size, u32 kept, Create create = &::pthread_create) noexcept
      : stack_size_(stack_size), kept_(kept), create_(create) {}
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  // Runs `job` on a thread of its own.
  // Errors: Errno::again when no thread can be made; the job was not run and stays the caller's.
  [[nodiscard]] SysResult<void> run(Job* job);

  // Stops all threads from beginning a job, if none is at one: for a fork, which takes the calling
  // thread alone along. Whether it did; release() ends it, and forget_threads() in the child.
  // Requires: the caller is no thread of this pool.
  [[nodiscard]] bool hold_idle();
  void release();
  void forget_threads();

  // Threads alive, idle ones included.
  [[nodiscard]] u32 thread_count();

  // Whether the calling thread never ends before the process (the main thread, or a kept one):
  // only such a thread may be the one whose end a native child's parent-death signal tells.
  [[nodiscard]] static bool on_lasting_thread() noexcept;
  // Whether the calling thread is a pool's.
  [[nodiscard]] static bool on_pooled_thread() noexcept;

 private:
  // What the threads share.
  struct State {
    Mutex mutex;
    ConditionVariable work;
    ConditionVariable ended;
    // Appends to the queue.
    void push(Job* job) SWEBASH_REQUIRES(mutex);

    Job* queue SWEBASH_GUARDED_BY(mutex) = nullptr;
    u32 queued SWEBASH_GUARDED_BY(mutex) = 0;
    u32 idle SWEBASH_GUARDED_BY(mutex) = 0;
    u32 threads SWEBASH_GUARDED_BY(mutex) = 0;
    u32 kept_now SWEBASH_GUARDED_BY(mutex) = 0;
    bool stopping SWEBASH_GUARDED_BY(mutex) = false;
  };

  static void* thread_main(void* pool);
  void serve();

  const usize stack_size_;
  const u32 kept_;
  const Create create_;
  std::unique_ptr<State> state_ = std::make_unique<State>();
};

}  // namespace swebash::kernel
