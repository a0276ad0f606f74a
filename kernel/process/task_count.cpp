// SPDX-License-Identifier: Apache-2.0
#include "kernel/process/task_count.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace swebash::kernel {

namespace {
constexpr i32 kPlaces = 16'384;
}

// Fresh pages are zero, which is the empty state of all of it.
struct TaskCount::Shared {
  Numbers numbers;
  std::atomic<i32> hint;  // where to look for a free place
  std::atomic<i32> used;  // places that were ever taken
  Place places[kPlaces];
};

u32 TaskCount::add() noexcept {
  place_->count.fetch_add(1);
  return numbers_->total.fetch_add(1) + 1;
}

void TaskCount::remove() noexcept {
  place_->count.fetch_sub(1);
  numbers_->total.fetch_sub(1);
}

i32 TaskCount::take_place(pid_t owner, u32 count) noexcept {
  const i32 start = shared_->hint.load();
  for (i32 i = 0; i < kPlaces; ++i) {
    const i32 number = (start + i) % kPlaces;
    pid_t none = 0;
    if (!shared_->places[number].owner.compare_exchange_strong(none, owner)) continue;
    shared_->places[number].count.store(count);
    if (i32 used = shared_->used.load(); used <= number) {
      while (used <= number && !shared_->used.compare_exchange_weak(used, number + 1)) {
      }
    }
    shared_->hint.store((number + 1) % kPlaces);
    return number;
  }
  return -1;
}

i32 TaskCount::reserve() noexcept {
  if (shared_ == nullptr) {
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return -1;
    shared_ = static_cast<Shared*>(memory);
    number_ = take_place(::getpid(), own_place_.count.load());
    place_ = &shared_->places[number_];
    shared_->numbers.total.store(own_numbers_.total.load());
    shared_->numbers.refused_at.store(own_numbers_.refused_at.load());
    shared_->numbers.written.store(own_numbers_.written.load());
    shared_->numbers.written_up.store(own_numbers_.written_up.load());
    numbers_ = &shared_->numbers;
  }
  const i32 place = take_place(-1, 1);
  if (place >= 0) place_->count.fetch_sub(1);
  return place;
}

void TaskCount::settle(i32 place, pid_t pid) noexcept {
  pid_t unknown = -1;
  shared_->places[place].owner.compare_exchange_strong(unknown, pid);
}

void TaskCount::enter(i32 place) noexcept {
  settle(place, ::getpid());
  number_ = place;
  place_ = &shared_->places[place];
}

void TaskCount::cancel(i32 place) noexcept { give_back(place, -1); }

void TaskCount::give_back(i32 place, pid_t pid) noexcept {
  Place& left = shared_->places[place];
  // It may have done so itself, and the place be another's by now.
  if (!left.owner.compare_exchange_strong(pid, -1)) return;
  numbers_->total.fetch_sub(left.count.exchange(0));
  left.owner.store(0);
}

bool TaskCount::has_place(pid_t pid) const noexcept {
  if (shared_ == nullptr) return false;
  for (i32 i = 0; i < shared_->used.load(); ++i) {
    if (shared_->places[i].owner.load() == pid) return true;
  }
  return false;
}

void TaskCount::leave() noexcept {
  if (shared_ != nullptr) give_back(number_, ::getpid());
}

bool TaskCount::recover() noexcept {
  if (shared_ == nullptr) return false;
  bool any = false;
  for (i32 i = 0; i < kPlaces; ++i) {
    const pid_t owner = shared_->places[i].owner.load();
    if (owner <= 0 || ::kill(owner, 0) == 0 || errno != ESRCH) continue;
    give_back(i, owner);
    any = true;
  }
  return any;
}

}  // namespace swebash::kernel
