// SPDX-License-Identifier: Apache-2.0
//
// Session::Implementation: a kernel with an engine, its streams, and who is calling.
//
// Shared by the Session and the call that is under way, so that a Session may be destroyed in the
// middle of one.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "embed/runtime_implementation.hpp"
#include "embed/session_settings.hpp"
#include "embed/snapshot_implementation.hpp"
#include "embed/streams.hpp"
#include "kernel/guest/engine_session.hpp"
#include "swebash/session.hpp"

namespace swebash {

namespace embed {

// What a refused call of the kernel is to an embedder.
[[nodiscard]] Error fault_of(Errno error);
// Makes the directory at `path`, and those above it, as far as they are missing.
[[nodiscard]] SysResult<void> make_directories(kernel::Task& task, std::string_view path);

}  // namespace embed

class Session::Implementation : public std::enable_shared_from_this<Session::Implementation> {
 public:
  using Trees = std::map<std::string, FileTree>;

  [[nodiscard]] static Expected<std::shared_ptr<Implementation>> create(
      const std::shared_ptr<Runtime::Implementation>& runtime, const SessionOptions& options);
  // One that goes on from a snapshot.
  [[nodiscard]] static Expected<std::shared_ptr<Implementation>> create(
      const std::shared_ptr<Runtime::Implementation>& runtime,
      const Snapshot::Implementation& snapshot, const Trees& trees);

  Implementation(std::shared_ptr<Runtime::Implementation> runtime, embed::SessionSettings settings);
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
  // The same for who has a Use, or busy_ set for it: begin_run(), and then on whatever thread
  // run_held().
  // Errors: bad_argument for a descriptor that is none.
  [[nodiscard]] Expected<void> begin_run(const RunOptions& options);
  // It was not run after all.
  void cancel_run();
  RunResult run_held(std::string_view script, const RunOptions& options);
  // A result for a run that does not come back: the session is of no use any more.
  RunResult give_up(std::chrono::nanoseconds timeout);
  // Has the run under way abandoned, with that status; its number, 0 where there is none.
  u64 stop(RunEnd why, int status) noexcept;
  // The same; an engine that does not heed it ends after a moment, with the session.
  void interrupt(int status);
  // Sends it to all; whether the run is abandoned for it.
  bool signal(int number);
  // Ends the session.
  void kill();
  [[nodiscard]] std::string take_output() { return output_->take(); }
  [[nodiscard]] std::string take_errors() { return errors_->take(); }
  void wait_output(std::chrono::steady_clock::time_point time) { output_->wait_until(time); }
  void drop_callbacks() {
    output_->drop_sink();
    errors_->drop_sink();
  }
  // Has the session for the caller until give_back(), if it is free.
  [[nodiscard]] bool take() noexcept { return !busy_.exchange(true); }
  void give_back() noexcept { busy_.store(false); }
  // Has the engine answer; nothing when the session ended.
  [[nodiscard]] bool ask(kernel::guest::SessionCall& call);
  [[nodiscard]] kernel::Task& main() noexcept { return engine_->kernel().main_task(); }

  // These are for who has a Use.
  [[nodiscard]] Expected<void> mount(std::string_view path, kernel::vfs::NodeRef root,
                                     kernel::vfs::MountMode mode);
  [[nodiscard]] Expected<Snapshot> snapshot();
  [[nodiscard]] Expected<void> restore(const Snapshot::Implementation& snapshot);
  [[nodiscard]] Expected<std::shared_ptr<Implementation>> fork();

  std::shared_ptr<Runtime::Implementation> runtime;
  embed::HookedCommands hook;

 private:
  // The engine may be stuck where it does not look whether it is to stop: then it ends.
  static constexpr std::chrono::seconds kGrace{1};

  // Limits, streams and hooks, over `mounts`, which become the session's.
  [[nodiscard]] kernel::StartOptions start_options(std::shared_ptr<kernel::vfs::Mounts> mounts);
  // What of the settings changes while it runs, as it is now.
  [[nodiscard]] embed::SessionSettings settings_now() const;
  // `image` over copies of its files, with the commands of this session.
  [[nodiscard]] Expected<kernel::SessionImage> take_over(const kernel::SessionImage& image,
                                                         const embed::SessionSettings& from);
  // A kernel that has what `image` says.
  [[nodiscard]] Expected<std::unique_ptr<kernel::Kernel>> make_kernel(
      const kernel::SessionImage& image);
  // The image of a snapshot with all its roots, as copies.
  [[nodiscard]] Expected<kernel::SessionImage> complete(const Snapshot::Implementation& snapshot,
                                                        const Trees& trees);

  embed::SessionSettings settings_;
  std::shared_ptr<embed::InputStream> input_;
  std::shared_ptr<embed::OutputStream> output_;
  std::shared_ptr<embed::OutputStream> errors_;
  std::shared_ptr<kernel::SessionClock> clock_;
  std::shared_ptr<kernel::vfs::Mounts> mounts_;
  std::unique_ptr<kernel::guest::EngineSession> engine_;
  // It is to do what the one would have done that it was made from.
  bool same_ = false;
  std::atomic<bool> busy_ = false;
  std::atomic<bool> ended_ = false;
  std::mutex running_mutex_;
  bool running_ = false;           // under running_mutex_
  u64 runs_ = 0;                   // under running_mutex_: how many there were
  RunEnd why_ = RunEnd::finished;  // under running_mutex_: why the run was stopped
  int stop_status_ = 0;            // under running_mutex_: and what its status is then

  friend class Session;
};

}  // namespace swebash
