// SPDX-License-Identifier: Apache-2.0
//
// EngineSession: the shell of a session in a library: an engine that is called for each request and
// is nothing but memory in between (ADR 5).
//
// Owns its kernel and its instance. One thread at a time uses it; which one may change between
// calls. Tasks in the background run on threads of the host's all the while.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kernel/guest/main_stack.hpp"
#include "kernel/guest/wasm_host.hpp"
#include "kernel/guest/wasm_task.hpp"
#include "kernel/kernel.hpp"
#include "wasm/snapshot.hpp"

namespace swebash::kernel::guest {

// What a session was at one moment, as far as its engine and its main task's surroundings go.
// Immutable.
struct SessionState {
  std::shared_ptr<const wasm::Snapshot> memory;
  u32 signal_word = 0;
  GuestPtr<const abi::LiveMemory> live = {};
  Task::SignalActions signals;
};

class EngineSession {
 public:
  // Begins a shell with the argument and the environment of `kernel`. `utilities` gets the names of
  // the programs that it has built in, each with a newline.
  // Errors: what went wrong, one sentence.
  [[nodiscard]] static Result<std::unique_ptr<EngineSession>, std::string> boot(
      WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, std::string& utilities);
  // A shell that goes on from `state`, with pid, random numbers and start of its own.
  [[nodiscard]] static Result<std::unique_ptr<EngineSession>, std::string> from(
      WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, const SessionState& state);

  // A shell that goes on from what `parent` is now, in the same way. Requires: `parent` has not
  // ended, and no call to it is under way.
  [[nodiscard]] static Result<std::unique_ptr<EngineSession>, std::string> fork(
      WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, EngineSession& parent);

  EngineSession(const EngineSession&) = delete;
  EngineSession& operator=(const EngineSession&) = delete;
  // Ends what runs in the background.
  ~EngineSession();

  [[nodiscard]] Kernel& kernel() noexcept { return *kernel_; }

  // Has the engine do what `call` says; nothing where it answered, else how the session has ended,
  // now or before.
  [[nodiscard]] std::optional<ExitState> call(SessionCall& call);

  // What the session is now. Requires: it has not ended. Errors: nothing where it cannot be had.
  [[nodiscard]] std::shared_ptr<const SessionState> state();

  // How it ended, or nothing.
  [[nodiscard]] const std::optional<ExitState>& end() const noexcept { return end_; }

 private:
  [[nodiscard]] static Result<std::unique_ptr<EngineSession>, std::string> acquire(
      WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel, wasm::Rest& rest);
  // The surroundings of an engine whose memory was copied.
  void begin_from(u32 signal_word, GuestPtr<const abi::LiveMemory> live,
                  const Task::SignalActions& signals);
  EngineSession(WasmHost& host, Stacks& stacks, std::unique_ptr<Kernel> kernel,
                std::unique_ptr<wasm::Instance> instance) noexcept;
  [[nodiscard]] std::optional<ExitState> call_export(std::string_view function, SessionCall& call);

  WasmHost& host_;
  Stacks& stacks_;
  std::unique_ptr<Kernel> kernel_;
  std::unique_ptr<wasm::Instance> instance_;
  std::optional<WasmTask> task_;
  GuestPtr<const abi::LiveMemory> live_ = {};
  bool fresh_ = false;  // the next request says that this is another session
  std::optional<ExitState> end_;
};

}  // namespace swebash::kernel::guest
