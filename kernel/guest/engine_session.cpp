// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/engine_session.hpp"

#include <utility>

namespace swebash::kernel::guest {

EngineSession::EngineSession(WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel,
                             std::unique_ptr<wasm::Instance> instance) noexcept
    : host_(host), stacks_(stacks), kernel_(std::move(kernel)), instance_(std::move(instance)) {
  task_.emplace(host_, kernel_->main_task(), *instance_);
}

EngineSession::~EngineSession() {
  task_.reset();
  const Kernel& kernel = *kernel_;
  host_.release(std::move(instance_), kernel, WasmHost::Used::little);
  kernel_.reset();
}

Result<std::unique_ptr<EngineSession>, std::string> EngineSession::boot(
    WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, std::string& utilities) {
  auto instance = host.make();
  if (!instance.has_value()) return std::unexpected(instance.error().message);
  host.use_one_more();
  std::unique_ptr<EngineSession> made(
      new EngineSession(host, stacks, std::move(kernel), std::move(*instance)));
  SessionCall start;
  if (made->call_export(kOpenExport, start).has_value()) {
    return std::unexpected(std::string("the engine ended while it began"));
  }
  utilities = std::move(start.answer);
  return made;
}

Result<std::unique_ptr<EngineSession>, std::string> EngineSession::acquire(
    WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, wasm::Rest& rest) {
  auto instance = host.acquire(*kernel);
  if (!instance.has_value()) return std::unexpected(instance.error().message);
  rest = instance->rest;
  return std::unique_ptr<EngineSession>(
      new EngineSession(host, stacks, std::move(kernel), std::move(instance->instance)));
}

void EngineSession::begin_from(u32 signal_word, GuestPtr<const abi::LiveMemory> live,
                               const Task::SignalActions& signals) {
  task_->set_signal_word_address(signal_word);
  live_ = live;
  kernel_->main_task().set_signal_actions(signals);
  fresh_ = true;
}

namespace {

std::unexpected<std::string> no_memory() {
  return std::unexpected(std::string("there is no memory for another session"));
}

wasm::Sharing sharing_on(const WasmHost& host) noexcept {
  return host.is_crowded() ? wasm::Sharing::yes : wasm::Sharing::no;
}

}  // namespace

Result<std::unique_ptr<EngineSession>, std::string> EngineSession::from(
    WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, const SessionState& state) {
  wasm::Rest rest = wasm::Rest::goes;
  auto made = SWEBASH_TRY(acquire(host, stacks, std::move(kernel), rest));
  if (!state.memory->put_into(*made->instance_, sharing_on(host), rest)) return no_memory();
  made->begin_from(state.signal_word, state.live, state.signals);
  return made;
}

Result<std::unique_ptr<EngineSession>, std::string> EngineSession::fork(
    WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, EngineSession& parent) {
  wasm::Rest rest = wasm::Rest::goes;
  auto made = SWEBASH_TRY(acquire(host, stacks, std::move(kernel), rest));
  if (!parent.task_->copy_to(*made->instance_, parent.live_, sharing_on(host), rest)) {
    return no_memory();
  }
  made->begin_from(parent.task_->signal_word(), parent.live_,
                   parent.kernel_->main_task().signal_actions());
  return made;
}

std::optional<ExitState> EngineSession::call(SessionCall& call) {
  if (end_.has_value()) return end_;
  if (std::exchange(fresh_, false)) call.flags |= abi::kSessionFresh;
  return call_export(kServeExport, call);
}

std::optional<ExitState> EngineSession::call_export(std::string_view function, SessionCall& call) {
  struct Work {
    WasmTask& task;
    std::string_view function;
    SessionCall& call;
    std::optional<ExitState> end;
  } work{*task_, function, call, std::nullopt};
  const bool ran = stacks_.run(
      [](void* argument) {
        auto& self = *static_cast<Work*>(argument);
        self.end = self.task.call_session(self.function, self.call);
      },
      &work);
  if (!ran) work.end = ExitState::signaled(SIGABRT);
  if (host_.is_crowded()) instance_->drop_stack();
  end_ = work.end;
  live_ = call.live;
  return work.end;
}

std::shared_ptr<const SessionState> EngineSession::state() {
  auto memory = task_->take_snapshot(live_);
  if (memory == nullptr) return nullptr;
  Task& main = kernel_->main_task();
  return std::make_shared<SessionState>(
      SessionState{std::move(memory), task_->signal_word(), live_, main.signal_actions()});
}

}  // namespace swebash::kernel::guest
