// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/task.hpp"

#include <algorithm>
#include <ctime>

#include "kernel/kernel.hpp"
#include "kernel/signals/host_signals.hpp"
#include "kernel/task/growing_pipe.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel {

Task::Task(Kernel& kernel, i32 pid, Task* parent) : kernel_(kernel), pid_(pid), parent_(parent) {}

Task::~Task() = default;

SysResult<Description*> Task::description(i32 fd) noexcept {
  return SWEBASH_TRY(fds_.find(fd))->description.get();
}

SysResult<int> Task::host_fd(i32 fd) {
  const int host = SWEBASH_TRY(description(fd))->host_fd();
  if (host < 0) return std::unexpected(Errno::notsup);
  return host;
}

usize Task::open_descriptors() const noexcept {
  usize count = 0;
  for (const FdTable::Entry& entry : fds_.entries()) count += entry.description != nullptr ? 1 : 0;
  return count;
}

u32 Task::open_limit() const noexcept {
  const abi::Limit* own = own_limit(RLIMIT_NOFILE);
  const u64 limit = own != nullptr ? own->soft : kernel_.host_descriptors_;
  return static_cast<u32>(std::min<u64>(kernel_.options().limits.open_files, limit));
}

SysResult<i32> Task::add_descriptor(DescriptionRef description, u32 flags) {
  const Inherit inherit = (flags & abi::kCloexec) != 0 ? Inherit::no : Inherit::yes;
  return fds_.add(std::move(description), inherit, 0, open_limit());
}

// A plain syscall ends early only by a host signal that the main task catches, and sees no request
// of another thread's. On the main thread, with nothing caught and nobody to ask, there is neither.
// But what ends in the background is to be seen meanwhile.
bool Task::may_block_plainly(i32 awaited) const noexcept {
  if (!on_main_thread_ || HostSignals::caught.load() != 0 || kernel_.watched_.load() ||
      (!is_main() && kernel_.pooled_tasks_.load() != 0) || has_captures()) {
    return false;
  }
  for (const Task* task = this; task != nullptr; task = task->outer_) {
    for (const NativeChild& child : task->own_natives()) {
      if (!child.awaited && child.pid != awaited) return false;
    }
  }
  return true;
}

bool Task::has_captures() const noexcept {
  for (const Task* task = this; task != nullptr; task = task->outer_) {
    if (!task->captures_.empty()) return true;
  }
  return false;
}

void Task::drain_captures() {
  for (Task* task = this; task != nullptr; task = task->outer_) {
    for (const std::weak_ptr<Description>& weak : task->captures_) {
      if (const DescriptionRef capture = weak.lock()) capture->growing_pipe()->drain();
    }
  }
}

bool Task::is_stopped() const noexcept {
  for (const Task* task = this; task != nullptr; task = task->outer_) {
    if (task->stopped_.load()) return true;
  }
  return false;
}

bool Task::has_to_answer() {
  if (on_main_thread_) kernel_.distribute_host_signals();
  return doomed() || is_stopped() || (pending_.load() & caught_.load()) != 0;
}

SysResult<void> Task::check_interrupt() {
  while (true) {
    if (on_main_thread_) kernel_.distribute_host_signals();
    if (doomed()) return std::unexpected(Errno::intr);
    const Wakeup::Ticket ticket = wakeup_.prepare();
    if (!is_stopped()) break;
    wakeup_.wait(ticket, -1);
  }
  if ((pending_.load() & caught_.load()) != 0) return std::unexpected(Errno::intr);
  return {};
}

SysResult<int> Task::wait_round(Wakeup::Ticket ticket, std::vector<pollfd>& entries, i64 timeout) {
  constexpr i64 kLong = 100'000'000;
  if (long_wait_ == nullptr || settled_ || (timeout >= 0 && timeout <= kLong)) {
    settled_ = false;
    return wait_once(ticket, entries, timeout);
  }
  const i64 start = monotonic_now();
  const int ready = SWEBASH_TRY(wait_once(ticket, entries, kLong));
  if (ready == 0 && monotonic_now() - start >= kLong) {
    long_wait_->begin_long_wait();
    settled_ = true;
  }
  return ready;
}

SysResult<int> Task::wait_once(Wakeup::Ticket ticket, std::vector<pollfd>& entries, i64 timeout) {
  const usize own = entries.size();
  std::vector<DescriptionRef> captures;
  for (Task* task = this; task != nullptr; task = task->outer_) {
    std::erase_if(task->captures_, [](const auto& weak) { return weak.expired(); });
    for (const std::weak_ptr<Description>& weak : task->captures_) {
      DescriptionRef capture = weak.lock();
      if (capture == nullptr) continue;
      const int intake = capture->growing_pipe()->intake_reader();
      if (intake < 0) continue;
      entries.push_back({intake, POLLIN, 0});
      captures.push_back(std::move(capture));
    }
  }
  if (entries.empty()) {
    wakeup_.wait(ticket, timeout);
    return 0;
  }
  entries.push_back({-1, 0, 0});
  const SysResult<int> count = wakeup_.wait_for(ticket, entries, timeout);
  for (const DescriptionRef& capture : captures) capture->growing_pipe()->drain();
  entries.resize(own);
  if (!count.has_value()) return std::unexpected(count.error());
  int ready = 0;
  for (const pollfd& entry : entries) ready += entry.revents != 0 ? 1 : 0;
  return ready;
}

SysResult<void> Task::wait_ready(Wakeup::Ticket ticket, Description& description, short events) {
  std::vector<pollfd> entries;
  entries.push_back({SWEBASH_TRY(description.poll_fd()), events, 0});
  if (GrowingPipe* pipe = description.growing_pipe()) {
    if (const int intake = pipe->intake_reader(); intake >= 0) {
      entries.push_back({intake, POLLIN, 0});
    }
  }
  (void)SWEBASH_TRY(wait_round(ticket, entries, -1));
  return {};
}

}  // namespace swebash::kernel
