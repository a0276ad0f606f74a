// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/wasm_host.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace swebash::kernel::guest {

wasm::WasmResult<WasmHost::Acquired> WasmHost::acquire(const Kernel& session) {
  in_use_.fetch_add(1);
  {
    MutexLock lock(mutex_);
    if (!idle_.empty()) {
      const auto own = std::find_if(idle_.rbegin(), idle_.rend(), [&](const Idle& idle) {
        return idle.session == session.number();
      });
      const bool foreign = own == idle_.rend();
      if (!foreign) std::swap(*own, idle_.back());
      Acquired found = {std::move(idle_.back().instance),
                        foreign ? wasm::Rest::goes : wasm::Rest::stays};
      idle_.pop_back();
      return found;
    }
  }
  auto made = wasm::Instance::create(origin_, nullptr);
  if (!made.has_value() && drop_idle()) made = wasm::Instance::create(origin_, nullptr);
  if (made.has_value()) return Acquired{std::move(*made)};
  in_use_.fetch_sub(1);
  return std::unexpected(std::move(made.error()));
}

void WasmHost::release(std::unique_ptr<wasm::Instance> instance, const Kernel& session, Used used) {
  in_use_.fetch_sub(1);
  instance->set_user(nullptr);
  if (used == Used::much) instance->shed();
  MutexLock lock(mutex_);
  if (idle_.size() < kKept) idle_.push_back({std::move(instance), session.number()});
}

bool WasmHost::drop_idle() {
  std::vector<Idle> dropped;
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
