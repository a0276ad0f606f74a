// SPDX-License-Identifier: Apache-2.0
//
// Session::Implementation: a kernel with an engine, its streams, and who is calling.
//
// Shared by the Session and the call that is under way, so that a Session may be destroyed in the
// middle of one.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "embed/runtime_implementation.hpp"
#include "embed/streams.hpp"
#include "kernel/guest/engine_session.hpp"
#include "swebash/session.hpp"

namespace swebash {

class Session::Implementation : public std::enable_shared_from_this<Session::Implementation> {
 public:
  [[nodiscard]] static Expected<std::shared_ptr<Implementation>> create(
      const std::shared_ptr<Runtime::Implementation>& runtime, const SessionOptions& options);

  Implementation() = default;
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  // A call that has the session for itself, if it is free.
  class Use {
   public:
    explicit Use(Implementation& session) noexcept
        : session_(session), has_(!session.busy_.exchange(true)) {}
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() {
      if (has_) session_.busy_.store(false);
    }
    [[nodiscard]] bool has() const noexcept { return has_; }

   private:
    Implementation& session_;
    const bool has_;
  };
  // Why `use` cannot go on, if it cannot.
  [[nodiscard]] std::optional<Error> obstacle(const Use& use) const;

  RunResult run(std::string_view script, const RunOptions& options);
  void stop(RunEnd why) noexcept;
  // Has the engine answer; nothing when the session ended.
  [[nodiscard]] bool ask(kernel::guest::SessionCall& call);
  [[nodiscard]] kernel::Task& main() noexcept { return engine_->kernel().main_task(); }

  std::shared_ptr<Runtime::Implementation> runtime;
  std::shared_ptr<kernel::fs::CommandDirectory> commands;

 private:
  // The engine may be stuck where it does not look whether it is to stop: then it ends.
  static constexpr std::chrono::seconds kGrace{1};

  std::shared_ptr<embed::InputStream> input_;
  std::shared_ptr<embed::OutputStream> output_;
  std::shared_ptr<embed::OutputStream> errors_;
  std::unique_ptr<kernel::guest::EngineSession> engine_;
  std::atomic<bool> busy_ = false;
  std::atomic<bool> ended_ = false;
  std::mutex running_mutex_;
  bool running_ = false;           // under running_mutex_
  RunEnd why_ = RunEnd::finished;  // under running_mutex_: why the run was stopped

  friend class Session;
};

}  // namespace swebash
