// SPDX-License-Identifier: Apache-2.0
//
// Server: sessions for whoever connects: JSON-RPC 2.0 over stream sockets (docs/serve.md).
//
// One for a process. create() and run() are called on one thread, which then sees to signals and
// to what is due at a time; workers do the rest.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/result.hpp"
#include "base/thread_annotations.hpp"
#include "serve/connection.hpp"
#include "serve/live_session.hpp"
#include "serve/request.hpp"
#include "serve/run.hpp"
#include "serve/workers.hpp"
#include "swebash/runtime.hpp"

namespace swebash::serve {

// What the server lets its clients do.
struct Policy {
  // What a session has when its client says nothing, and has at most.
  SessionOptions session;
  // The time that a run may take; zero: as much as it wants.
  std::chrono::nanoseconds run_time = std::chrono::minutes(5);
  usize output_limit = usize{16} << 20;
  usize frame_limit = usize{16} << 20;
  u32 sessions = 10000;
  u32 clients = 4096;
  u32 runs_at_once = 1000;
  // Runs that were started and whose result nobody has fetched.
  u32 runs_kept = 10000;
  // A client that reads nothing of what waits for it is let go after so long.
  std::chrono::seconds reading = std::chrono::seconds(30);
  // A session that nobody has used for so long is put away as a snapshot; zero: none is.
  std::chrono::nanoseconds idle = std::chrono::minutes(5);
  u32 snapshots = 1000;
  // What runs may go on for so long once the server is to end.
  std::chrono::nanoseconds drain = std::chrono::seconds(5);
};

class Server {
 public:
  // Errors: one sentence.
  [[nodiscard]] static Result<std::unique_ptr<Server>, std::string> create(
      const std::string& engine_directory, const Policy& policy);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // Takes clients from `listener`, until the server ends.
  void listen(OwnedFd listener);
  // Serves the one client at `socket`, and ends with it.
  void serve_only(OwnedFd socket);
  // Serves until SIGTERM, SIGINT or SIGHUP comes, or its only client goes; then lets what runs end.
  // Requires: these signals are blocked in the process.
  void run();

 private:
  struct Method;
  static const Method kMethods[];
  // Work on sessions that a message has made ready, for who read the message to do.
  using ReadySessions = std::vector<LiveSessionRef>;
  // What a run is to do, beside its script.
  struct RunRequest;

  Server(Runtime runtime, const Policy& policy, OwnedFd epoll);

  // Events.
  void on_event(u64 data);
  void on_listener();
  void on_readable(const ConnectionRef& connection);
  // Takes what has come, and answers it or begins it; the sessions that somebody is to work on.
  [[nodiscard]] ReadySessions read_requests(const ConnectionRef& connection);
  void go_on(const ConnectionRef& connection, Connection::After after);
  void add_connection(OwnedFd socket, bool only);
  void watch(const Connection& connection, u32 events) const;
  [[nodiscard]] ConnectionRef find_connection(u64 id) SWEBASH_EXCLUDES(mutex_);
  void drop(const ConnectionRef& connection) SWEBASH_EXCLUDES(mutex_);
  void refuse_frame(const ConnectionRef& connection, FrameFault fault);

  // Requests.
  void handle(const ConnectionRef& connection, std::string_view message, ReadySessions& ready);
  void answer(const Request& request, Answer<Json> result);
  void call(LiveSessionRef session, LiveSession::Call call, ReadySessions& ready);
  template <class F>
  Answer<void> call_session(const RequestRef& request, ReadySessions& ready, F function);
  Answer<void> open(const RequestRef& request, ReadySessions& ready);
  Answer<void> fork(const RequestRef& request, ReadySessions& ready);
  Answer<void> snapshot(const RequestRef& request, ReadySessions& ready);
  Answer<void> restore(const RequestRef& request, ReadySessions& ready);
  Answer<void> remove_snapshot(const RequestRef& request, ReadySessions& ready);
  Answer<void> close(const RequestRef& request, ReadySessions& ready);
  Answer<void> list_sessions(const RequestRef& request, ReadySessions& ready);
  Answer<void> run_script(const RequestRef& request, ReadySessions& ready);
  Answer<void> start(const RequestRef& request, ReadySessions& ready);
  Answer<void> poll(const RequestRef& request, ReadySessions& ready);
  Answer<void> wait(const RequestRef& request, ReadySessions& ready);
  Answer<void> signal(const RequestRef& request, ReadySessions& ready);
  Answer<void> read_file(const RequestRef& request, ReadySessions& ready);
  Answer<void> write_file(const RequestRef& request, ReadySessions& ready);
  Answer<void> list_files(const RequestRef& request, ReadySessions& ready);
  Answer<void> stat_file(const RequestRef& request, ReadySessions& ready);
  Answer<void> remove_file(const RequestRef& request, ReadySessions& ready);
  Answer<void> make_directory(const RequestRef& request, ReadySessions& ready);
  Answer<void> stats(const RequestRef& request, ReadySessions& ready);

  // Sessions and runs.
  [[nodiscard]] Answer<SessionOptions> session_options(const Request& request) const;
  [[nodiscard]] Answer<LiveSessionRef> make_session(const SessionOptions& options, std::string name,
                                                    u64 owner);
  // What a new session of the request's is to be called, and which connection it ends with.
  [[nodiscard]] Answer<std::pair<std::string, u64>> session_name(const Request& request);
  [[nodiscard]] Answer<Json> add_session(const Request& request, const LiveSessionRef& session)
      SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] Answer<Snapshot> find_snapshot(const Request& request) SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] Answer<LiveSessionRef> find_session(const Request& request)
      SWEBASH_EXCLUDES(mutex_);
  void end_session(const LiveSessionRef& session) SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] Answer<RunRequest> read_run(const Request& request) const;
  [[nodiscard]] Answer<RunRef> add_run(const RequestRef& request, const RunRequest& wanted,
                                       bool with_connection) SWEBASH_EXCLUDES(mutex_);
  void forget_run(const Run& run) SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] Answer<RunRef> find_run(const Request& request) SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] std::vector<RunRef> all_runs() SWEBASH_EXCLUDES(mutex_);
  [[nodiscard]] Json execute(Run& run, const RunRequest& wanted, const Request& request,
                             bool started);
  void answer_waiters(Run& run);
  [[nodiscard]] Answer<void> add_waiter(const RequestRef& request, bool for_output, u64 most);

  // Time.
  void poke() const noexcept;
  [[nodiscard]] bool see_to_runs() SWEBASH_EXCLUDES(mutex_);
  void see_to_clients() SWEBASH_EXCLUDES(mutex_);
  void see_to_sessions() SWEBASH_EXCLUDES(mutex_);
  void wait_for_signal(int signals);
  void drain(int signals);

  const Policy policy_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  Runtime runtime_;
  const OwnedFd epoll_;
  const OwnedFd poked_;
  OwnedFd listener_;
  OwnedFd spare_;  // to be closed where there are no descriptors left
  std::atomic<bool> leaving_ = false;
  std::atomic<bool> only_client_gone_ = false;
  std::atomic<u64> next_id_ = 1;
  std::atomic<u64> runs_ = 0;
  std::atomic<u64> requests_ = 0;
  u64 only_client_ = 0;

  Mutex mutex_;
  std::unordered_map<u64, ConnectionRef> connections_ SWEBASH_GUARDED_BY(mutex_);
  std::map<std::string, LiveSessionRef, std::less<>> sessions_ SWEBASH_GUARDED_BY(mutex_);
  std::map<std::string, Snapshot, std::less<>> snapshots_ SWEBASH_GUARDED_BY(mutex_);
  std::unordered_map<u64, RunRef> active_ SWEBASH_GUARDED_BY(mutex_);
  // The last to be made and the first to go: its threads use all of the rest.
  Workers workers_;
};

}  // namespace swebash::serve
