// SPDX-License-Identifier: Apache-2.0
#include "kernel/thread_pool.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

namespace swebash::kernel {
namespace {

constexpr usize kStack = 1 << 20;

template <class F>
class Call final : public ThreadPool::Job {
 public:
  explicit Call(F function) : function_(std::move(function)) {}
  void run() noexcept override {
    function_();
    delete this;
  }

 private:
  F function_;
};

TEST(ThreadPool, RunsJobsThatWaitForEachOther) {
  ThreadPool pool(kStack, 2);
  constexpr int kJobs = 20;
  std::atomic<int> arrived = 0;
  std::atomic<int> done = 0;
  for (int i = 0; i < kJobs; ++i) {
    ASSERT_TRUE(pool.run(new Call([&] {
      ++arrived;
      while (arrived.load() < kJobs) std::this_thread::yield();
      ++done;
    })));
  }
  while (done.load() < kJobs) std::this_thread::yield();
}

TEST(ThreadPool, UsesIdleThreadsAgainAndLetsTheOthersEnd) {
  ThreadPool pool(kStack, 1);
  std::atomic<int> done = 0;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(pool.run(new Call([&] { ++done; })));
    while (done.load() <= i) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_LE(pool.thread_count(), 3u);
  for (int i = 0; i < 200 && pool.thread_count() > 1; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(pool.thread_count(), 1u);
}

// The first thread of the pool begins when a second one is asked for, which cannot be made once
// that one has begun a job.
struct LateThread {
  static inline std::atomic<int> asked = 0;
  static inline std::atomic<bool> begun = false;
  static inline void* (*start)(void*) = nullptr;

  static void* wait_and_start(void* argument) {
    while (asked.load() < 2) std::this_thread::yield();
    return start(argument);
  }
  static int create(pthread_t* thread, const pthread_attr_t* attributes, void* (*main)(void*),
                    void* argument) {
    if (asked.fetch_add(1) == 0) {
      start = main;
      return ::pthread_create(thread, attributes, &wait_and_start, argument);
    }
    while (!begun.load()) std::this_thread::yield();
    return EAGAIN;
  }
};

TEST(ThreadPool, FailsForTheJobWhoseThreadCouldNotBeMadeAndNoOther) {
  std::atomic<bool> first = false, second = false, answered = false;  // outlive the pool's threads
  ThreadPool pool(kStack, 0, &LateThread::create);
  ASSERT_TRUE(pool.run(new Call([&] {
    first = LateThread::begun = true;
    while (!answered.load()) std::this_thread::yield();
  })));
  auto* const later = new Call([&] { second = LateThread::begun = true; });
  const SysResult<void> started = pool.run(later);
  answered = true;
  ASSERT_FALSE(started.has_value()) << "the thread of the first job has taken the second";
  EXPECT_EQ(started.error(), Errno::again);
  delete later;
  EXPECT_TRUE(first.load());
  EXPECT_FALSE(second.load());
}

TEST(ThreadPool, BlocksAsynchronousSignalsAndKnowsItsThreads) {
  ThreadPool pool(kStack, 1);
  EXPECT_TRUE(ThreadPool::on_lasting_thread());
  EXPECT_FALSE(ThreadPool::on_pooled_thread());
  std::atomic<bool> done = false;
  bool blocked = false;
  bool traps = true;
  bool pooled = false;
  ASSERT_TRUE(pool.run(new Call([&] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked = sigismember(&mask, SIGINT) == 1 && sigismember(&mask, SIGCHLD) == 1;
    traps = sigismember(&mask, SIGSEGV) == 0;
    pooled = ThreadPool::on_pooled_thread();
    done = true;
  })));
  while (!done.load()) std::this_thread::yield();
  EXPECT_TRUE(blocked);
  EXPECT_TRUE(traps);
  EXPECT_TRUE(pooled);
}

int no_thread(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*) { return EAGAIN; }

TEST(ThreadPool, GivesAJobBackThatGetsNoThread) {
  ThreadPool pool(kStack, 1, &no_thread);
  bool ran = false;
  auto* job = new Call([&] { ran = true; });
  EXPECT_EQ(pool.run(job), std::unexpected(Errno::again));
  delete job;
  EXPECT_FALSE(ran);
  EXPECT_EQ(pool.thread_count(), 0u);
}

}  // namespace
}  // namespace swebash::kernel
