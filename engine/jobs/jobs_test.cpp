// SPDX-License-Identifier: Apache-2.0
#include "engine/jobs/jobs.hpp"

#include <gtest/gtest.h>

#include "abi/guest.hpp"
#include "engine/jobs/traps.hpp"
#include "engine/system/memory.hpp"

namespace swebash::engine {
namespace {

class JobsTest : public ::testing::Test {
 protected:
  JobsTest() : jobs_(traps_) { traps_.attach(); }

  Job& add(i32 pid, std::string command, bool background = true) {
    return jobs_.add({{.pid = pid}}, std::move(command), 0, background);
  }
  // A task that ends with `status` at once.
  static i32 task(int status) {
    return static_cast<i32>(
        sys::clone([](void* argument) { sys::exit(*static_cast<int*>(argument)); }, &status,
                   live_memory(), 0, abi::kSameGroup));
  }

  Traps traps_;
  Jobs jobs_;
};

TEST_F(JobsTest, NumbersGoOnFromTheHighest) {
  EXPECT_EQ(add(11, "a").number, 1);
  EXPECT_EQ(add(12, "b").number, 2);
  jobs_.remove(*jobs_.find(1));
  EXPECT_EQ(add(13, "c").number, 3);
  jobs_.clear();
  EXPECT_EQ(add(14, "d").number, 1);
}

TEST_F(JobsTest, LookupKnowsEachFormOfASpec) {
  add(11, "sleep 1");
  add(12, "cat file");
  add(13, "sleep 2");
  const auto number = [&](std::string_view spec) {
    const Job* job = jobs_.lookup(spec).job;
    return job == nullptr ? 0 : job->number;
  };
  EXPECT_EQ(number("%1"), 1);
  EXPECT_EQ(number("%%"), 3);
  EXPECT_EQ(number("%+"), 3);
  EXPECT_EQ(number("%-"), 2);
  EXPECT_EQ(number("%cat"), 2);
  EXPECT_EQ(number("%?file"), 2);
  EXPECT_EQ(number("%9"), 0);
  EXPECT_EQ(jobs_.lookup("%sleep").problem, "ambiguous job spec");
  EXPECT_EQ(jobs_.lookup("%nothing").problem, "no such job");
}

TEST_F(JobsTest, DescribesAsBashDoes) {
  Job& job = add(11, "sleep 1");
  EXPECT_EQ(jobs_.describe(job, false), "[1]+  Running                 sleep 1 &");
  job.processes[0].state = ProcessState::done;
  job.processes[0].status = 3;
  EXPECT_EQ(jobs_.describe(job, false), "[1]+  Exit 3                  sleep 1");
}

TEST_F(JobsTest, PipefailTakesTheLastStageThatFailed) {
  Job job{.processes = {{.status = 4}, {.status = 5}, {.status = 0}}};
  EXPECT_EQ(job.status(), 0);
  job.pipefail = true;
  EXPECT_EQ(job.status(), 5);
}

TEST_F(JobsTest, WaitAnswersAnEndedTaskAgain) {
  const i32 pid = task(7);
  ASSERT_GT(pid, 0);
  add(pid, "task");
  WaitEnd end;
  EXPECT_EQ(jobs_.wait_pid(pid, false, end), 7);
  EXPECT_EQ(end, WaitEnd::done);
  jobs_.remove(*jobs_.find_pid(pid));
  EXPECT_EQ(jobs_.wait_pid(pid, false, end), 7);
}

TEST_F(JobsTest, AProcessSubstitutionMayBeWaitedFor) {
  const i32 pid = task(3);
  ASSERT_GT(pid, 0);
  jobs_.add_substitution(pid);
  WaitEnd end;
  EXPECT_EQ(jobs_.wait_pid(pid, false, end), 3);
  EXPECT_EQ(jobs_.count(), 0u);
}

TEST_F(JobsTest, AStrangerIsNoChild) {
  WaitEnd end;
  EXPECT_FALSE(jobs_.wait_pid(999'999, false, end));
}

TEST_F(JobsTest, ASubshellListsItsParentsJobsUntilItHasItsOwn) {
  add(11, "parent");
  jobs_.enter_subshell();
  EXPECT_EQ(jobs_.count(), 1u);
  EXPECT_EQ(add(12, "own").number, 1);
  EXPECT_EQ(jobs_.count(), 1u);
  EXPECT_EQ(jobs_.find_pid(11), nullptr);
}

}  // namespace
}  // namespace swebash::engine
