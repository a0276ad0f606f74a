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

Result<std::unique_ptr<EngineSession>, std::string> EngineSession::from(
    WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, const SessionState& state) {
  auto instance = host.acquire(*kernel);
  if (!instance.has_value()) return std::unexpected(instance.error().message);
  std::unique_ptr<EngineSession> made(
      new EngineSession(host, stacks, std::move(kernel), std::move(instance->instance)));
  const auto sharing = host.is_crowded() ? wasm::Sharing::yes : wasm::Sharing::no;
  if (!state.memory->put_into(*made->instance_, sharing, instance->rest)) {
    return std::unexpected(std::string("there is no memory for another session"));
  }
  made->task_->set_signal_word_address(state.signal_word);
  made->live_ = state.live;
  Task& main = made->kernel_->main_task();
  main.set_signal_actions(state.signals);
  made->fresh_ = true;
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
