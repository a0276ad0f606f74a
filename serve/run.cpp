// SPDX-License-Identifier: Apache-2.0
#include "serve/run.hpp"

#include <algorithm>
#include <utility>

namespace swebash::serve {

bool Run::begin() {
  const MutexLock lock(mutex_);
  if (stopped_.load() != Stop::none) return false;
  under_way_ = true;
  if (timeout_.count() > 0) deadline_.store(Clock::now().time_since_epoch() + timeout_);
  return true;
}

void Run::stop(Stop why) {
  const MutexLock lock(mutex_);
  if (result_.has_value()) return;
  Stop none = Stop::none;
  stopped_.compare_exchange_strong(none, why);
  if (under_way_) session_->interrupt();
}

bool Run::stop_again() {
  const MutexLock lock(mutex_);
  if (stopped_.load() == Stop::none || !under_way_ || result_.has_value()) return false;
  session_->interrupt();
  return true;
}

void Run::keep(bool errors, std::string_view text, usize limit) {
  const MutexLock lock(mutex_);
  std::string& kept = errors ? errors_ : output_;
  const usize room = limit - std::min(limit, kept.size());
  kept += text.substr(0, room);
  missing_ += text.size() - std::min(room, text.size());
}

void Run::end(Json result) {
  const MutexLock lock(mutex_);
  under_way_ = false;
  result_ = std::move(result);
}

bool Run::has_ended() {
  const MutexLock lock(mutex_);
  return result_.has_value();
}

Json Run::take_state() {
  Json state = {{"run", id_},
                {"ended", result_.has_value()},
                {"output", to_json(output_)},
                {"errors", to_json(errors_)},
                {"missing", missing_}};
  if (result_.has_value()) state["result"] = *result_;
  output_.clear();
  errors_.clear();
  missing_ = 0;
  return state;
}

std::vector<Run::Ready> Run::take_ready(bool all) {
  const MutexLock lock(mutex_);
  std::vector<Ready> ready;
  const auto now = Clock::now();
  for (usize i = 0; i < waiters_.size();) {
    const bool wrote = !output_.empty() || !errors_.empty();
    Waiter& waiter = waiters_[i];
    if (!all && !result_.has_value() && waiter.deadline > now && !(waiter.for_output && wrote)) {
      ++i;
      continue;
    }
    ready.push_back({std::move(waiter.request), take_state()});
    waiters_.erase(waiters_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return ready;
}

void Run::wait(Waiter waiter) {
  const MutexLock lock(mutex_);
  waiters_.push_back(std::move(waiter));
}

bool Run::has_waiters() {
  const MutexLock lock(mutex_);
  return !waiters_.empty();
}

}  // namespace swebash::serve
