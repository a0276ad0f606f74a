// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/wasm_host.hpp"

#include <ctime>
#include <utility>

namespace swebash::kernel::guest {

wasm::WasmResult<std::unique_ptr<wasm::Instance>> WasmHost::acquire() {
  in_use_.fetch_add(1);
  {
    MutexLock lock(mutex_);
    if (!idle_.empty()) {
      auto instance = std::move(idle_.back());
      idle_.pop_back();
      return instance;
    }
  }
  auto made = wasm::Instance::create(origin_, nullptr);
  if (!made.has_value() && drop_idle()) made = wasm::Instance::create(origin_, nullptr);
  if (!made.has_value()) in_use_.fetch_sub(1);
  return made;
}

void WasmHost::release(std::unique_ptr<wasm::Instance> instance, Used used) {
  in_use_.fetch_sub(1);
  instance->set_user(nullptr);
  if (used == Used::much) instance->shed();
  MutexLock lock(mutex_);
  if (idle_.size() < kKept) idle_.push_back(std::move(instance));
}

bool WasmHost::drop_idle() {
  std::vector<std::unique_ptr<wasm::Instance>> dropped;
  const MutexLock lock(mutex_);
  dropped.swap(idle_);
  return !dropped.empty();
}

void WasmHost::note_output() noexcept {
  if (!watching_ || first_output_.load(std::memory_order_relaxed) != 0) return;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  i64 expected = 0;
  first_output_.compare_exchange_strong(expected, i64{now.tv_sec} * 1'000'000'000 + now.tv_nsec);
}

}  // namespace swebash::kernel::guest
