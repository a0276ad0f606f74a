// SPDX-License-Identifier: Apache-2.0
//
// The methods of runs: run, start, poll, wait, signal.

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <new>
#include <utility>

#include "serve/server.hpp"

namespace swebash::serve {

struct Server::RunRequest {
  std::string script;
  std::string input;
  std::chrono::nanoseconds timeout{0};
  usize output_limit = 0;
  bool stream = false;
  // The client's for standard input, output and error, or none.
  std::array<OwnedFd, 3> descriptors;
};

namespace {

constexpr const char* kEnds[] = {"finished", "timed_out", "interrupted", "ended", "not_run"};
constexpr const char* kStreams[] = {"input", "output", "errors"};
constexpr const char* kLimits[] = {"none", "time", "output"};
constexpr int kLook = 20;          // ms
constexpr usize kPipePart = 4096;  // what a pipe that poll() says is ready takes
constexpr int kNobodyReads = 128 + SIGPIPE;

Json json_of(const RunResult& result, Stop stopped) {
  Json json = {
      {"status", result.status},
      {"end", kEnds[static_cast<usize>(result.end)]},
      {"output", to_json(result.output)},
      {"errors", to_json(result.errors)},
      {"output_bytes", result.output_bytes},
      {"error_bytes", result.error_bytes},
      {"limit", kLimits[static_cast<usize>(result.limit)]},
      {"wall_us", std::chrono::duration_cast<std::chrono::microseconds>(result.wall_time).count()},
      {"cpu_us", std::chrono::duration_cast<std::chrono::microseconds>(result.cpu_time).count()}};
  if (stopped == Stop::nobody_reads && result.end == RunEnd::interrupted) {
    json["status"] = kNobodyReads;
    json["end"] = "nobody_reads";
  }
  return json;
}

// Writes to a descriptor of the client's, whose flags are the client's too, without waiting where
// the run is over.
void write_to(int fd, std::string_view text, Run& run) {
  while (!text.empty()) {
    if (run.is_over()) return;
    pollfd ready = {fd, POLLOUT, 0};
    if (::poll(&ready, 1, kLook) <= 0) continue;
    if ((ready.revents & (POLLERR | POLLNVAL)) != 0) {
      run.stop(Stop::nobody_reads);
      return;
    }
    const usize part = std::min(text.size(), kPipePart);
    ssize_t count = ::send(fd, text.data(), part, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == ENOTSOCK) count = ::write(fd, text.data(), part);
    if (count >= 0) {
      text.remove_prefix(static_cast<usize>(count));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      run.stop(Stop::nobody_reads);
      return;
    } else if (errno != EAGAIN && errno != EINTR) {
      // As a full disk: what comes after may fit again.
      return;
    }
  }
}

}  // namespace

Answer<Server::RunRequest> Server::read_run(const Request& request) const {
  using std::chrono::milliseconds;
  RunRequest wanted;
  wanted.script = SWEBASH_TRY(request.bytes("script"));
  wanted.input = SWEBASH_TRY(request.optional_bytes("input"));
  wanted.stream = SWEBASH_TRY(request.flag("stream"));
  const auto longest = std::chrono::duration_cast<milliseconds>(policy_.run_time).count();
  const u64 most = longest == 0 ? static_cast<u64>(milliseconds(std::chrono::hours(8760)).count())
                                : static_cast<u64>(longest);
  const u64 asked = SWEBASH_TRY(request.number("timeout_ms", 0));
  const u64 time = asked == 0 ? static_cast<u64>(longest) : std::min(asked, most);
  wanted.timeout = milliseconds(static_cast<i64>(time));
  wanted.output_limit =
      std::min<u64>(policy_.output_limit, SWEBASH_TRY(request.number("output_limit", 1 << 20)));
  const auto descriptors = request.params.find("descriptors");
  if (descriptors == request.params.end()) return wanted;
  if (!descriptors->is_array()) return fault(kInvalidParams, "descriptors: it must be an array");
  for (const Json& name : *descriptors) {
    const auto place = std::ranges::find(kStreams, name);
    if (place == std::end(kStreams)) {
      return fault(kInvalidParams, "descriptors: they are \"input\", \"output\" and \"errors\"");
    }
    OwnedFd sent = request.from->take_descriptor();
    if (!sent) return fault(kInvalidParams, "descriptors: fewer came than are named");
    wanted.descriptors[static_cast<usize>(place - kStreams)] = std::move(sent);
  }
  return wanted;
}

Answer<RunRef> Server::add_run(const RequestRef& request, const RunRequest& wanted,
                               bool with_connection) {
  // A run without a session has one of its own.
  LiveSessionRef session;
  if (request->params.contains("session")) {
    session = SWEBASH_TRY(find_session(*request));
  } else if (with_connection) {
    session =
        SWEBASH_TRY(make_session(SWEBASH_TRY(session_options(*request)), {}, request->from->id()));
  } else {
    return fault(kInvalidParams, "session: it is missing");
  }
  const auto timeout = wanted.timeout.count() == 0 ? Run::Clock::duration::zero()
                                                   : Run::Clock::duration(wanted.timeout);
  auto run = std::make_shared<Run>(next_id_.fetch_add(1), request->id,
                                   with_connection ? request->from->id() : session->owner(),
                                   std::move(session), timeout);
  runs_.fetch_add(1);
  const MutexLock lock(mutex_);
  if (!with_connection && active_.size() >= policy_.runs_kept) {
    return fault(kBusy, "the server has as many runs as it may: fetch what has ended by `wait'");
  }
  active_.emplace(run->id(), run);
  return run;
}

void Server::forget_run(const Run& run) {
  RunRef last;
  const MutexLock lock(mutex_);
  const auto found = active_.find(run.id());
  if (found == active_.end()) return;
  last = std::move(found->second);
  active_.erase(found);
}

std::vector<RunRef> Server::all_runs() {
  const MutexLock lock(mutex_);
  std::vector<RunRef> runs;
  runs.reserve(active_.size());
  for (const auto& [id, run] : active_) runs.push_back(run);
  return runs;
}

Json Server::execute(Run& run, const RunRequest& wanted, const Request& request, bool started) {
  RunResult result;
  if (run.session().closed() || (!started && request.from->closed()) || !run.begin()) {
    result.status = 128 + SIGINT;
    result.end = RunEnd::not_run;
    result.errors = "the run was stopped before it began";
    return json_of(result, Stop::none);
  }
  RunOptions options;
  options.input = wanted.input;
  options.input_descriptor = wanted.descriptors[0].get();
  options.timeout = wanted.timeout;
  options.output_limit = wanted.output_limit;
  const auto sink = [&](bool errors) -> std::function<void(std::string_view)> {
    if (const int fd = wanted.descriptors[errors ? 2 : 1].get(); fd >= 0) {
      return [&run, fd](std::string_view text) { write_to(fd, text, run); };
    }
    if (started) {
      return [this, &run, errors, limit = wanted.output_limit](std::string_view text) {
        run.keep(errors, text, limit);
        answer_waiters(run);
      };
    }
    if (!wanted.stream) return nullptr;
    return [&run, &request, errors](std::string_view text) {
      const Json part = {
          {"jsonrpc", "2.0"},
          {"method", "output"},
          {"params",
           {{"id", request.id}, {"stream", kStreams[errors ? 2 : 1]}, {"data", to_json(text)}}}};
      request.from->send_when_room(part.dump(), [&run] { return run.is_over(); });
    };
  };
  options.on_output = sink(false);
  options.on_errors = sink(true);
  const auto session = run.session().session(runtime_);
  if (session.has_value()) {
    result = (*session)->run(wanted.script, options);
  } else {
    result.end = RunEnd::not_run;
    result.errors = session.error().message;
  }
  return json_of(result, run.stopped());
}

Answer<void> Server::run_script(const RequestRef& request, ReadySessions& ready) {
  const auto wanted = std::make_shared<RunRequest>(SWEBASH_TRY(read_run(*request)));
  const RunRef run = SWEBASH_TRY(add_run(request, *wanted, true));
  call(
      run->session_ref(),
      [this, request, wanted, run] {
        Answer<Json> result = Json();
        try {
          result = execute(*run, *wanted, *request, false);
          if ((*result)["end"] == kEnds[static_cast<usize>(RunEnd::not_run)]) {
            result = fault(kEnded, (*result)["errors"].get<std::string>());
          }
        } catch (const std::bad_alloc&) {
          result = fault(kInternal, "there is no memory left");
        }
        run->end({});
        forget_run(*run);
        answer(*request, std::move(result));
      },
      ready);
  return {};
}

Answer<void> Server::start(const RequestRef& request, ReadySessions&) {
  const auto wanted = std::make_shared<RunRequest>(SWEBASH_TRY(read_run(*request)));
  const RunRef run = SWEBASH_TRY(add_run(request, *wanted, false));
  const LiveSessionRef session = run->session_ref();
  const bool idle = session->add([this, request, wanted, run] {
    Json result;
    try {
      result = execute(*run, *wanted, *request, true);
    } catch (const std::bad_alloc&) {
      result = {{"end", "not_run"}, {"status", 126}};
    }
    run->end(std::move(result));
    answer_waiters(*run);
    // Nobody can ask for it any more.
    if (run->session().closed()) forget_run(*run);
  });
  answer(*request, Json{{"run", run->id()}});
  if (idle) workers_.post([session] { session->work(); });
  return {};
}

Answer<RunRef> Server::find_run(const Request& request) {
  const u64 id = SWEBASH_TRY(request.number("run", 0));
  const MutexLock lock(mutex_);
  const auto found = active_.find(id);
  if (found == active_.end()) return fault(kNotFound, "run: there is none of that number");
  return found->second;
}

void Server::answer_waiters(Run& run) {
  for (Run::Ready& ready : run.take_ready()) {
    if (ready.answer["ended"] == true) forget_run(run);
    answer(*ready.request, std::move(ready.answer));
  }
}

Answer<void> Server::add_waiter(const RequestRef& request, bool for_output, u64 most) {
  const RunRef run = SWEBASH_TRY(find_run(*request));
  constexpr u64 kDay = 86'400'000;
  const u64 time = std::min(SWEBASH_TRY(request->number("wait_ms", most)), kDay);
  run->wait(
      {request, for_output, Run::Clock::now() + std::chrono::milliseconds(static_cast<i64>(time))});
  answer_waiters(*run);
  if (run->has_waiters()) poke();
  return {};
}

Answer<void> Server::poll(const RequestRef& request, ReadySessions&) {
  return add_waiter(request, true, 0);
}

Answer<void> Server::wait(const RequestRef& request, ReadySessions&) {
  return add_waiter(request, false, ~u64{0});
}

Answer<void> Server::signal(const RequestRef& request, ReadySessions&) {
  const std::string name = SWEBASH_TRY(request->text("signal"));
  const bool kills = name == "KILL";
  if (!kills && name != "INT" && name != "TERM" && name != "HUP") {
    return fault(kInvalidParams, "signal: it is INT, TERM, HUP or KILL");
  }
  std::vector<RunRef> meant;
  LiveSessionRef session;
  if (const auto asked = request->params.find("request"); asked != request->params.end()) {
    for (const RunRef& run : all_runs()) {
      if (run->connection() != request->from->id() || run->request() != *asked) continue;
      meant.push_back(run);
      session = run->session_ref();
    }
    if (meant.empty()) return fault(kNotFound, "request: it runs nothing");
  } else if (request->params.contains("run")) {
    meant.push_back(SWEBASH_TRY(find_run(*request)));
    session = meant.front()->session_ref();
  } else {
    session = SWEBASH_TRY(find_session(*request));
    for (const RunRef& run : all_runs()) {
      if (&run->session() == session.get()) meant.push_back(run);
    }
  }
  for (const RunRef& run : meant) run->stop(Stop::interrupted);
  if (kills) end_session(session);
  poke();
  answer(*request, Json::object());
  return {};
}

bool Server::see_to_runs() {
  bool soon = false;
  for (const RunRef& run : all_runs()) {
    answer_waiters(*run);
    soon = run->stop_again() || run->has_waiters() || soon;
  }
  return soon;
}

}  // namespace swebash::serve
