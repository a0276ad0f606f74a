// SPDX-License-Identifier: Apache-2.0
//
// The methods of the server but those of runs (server_runs.cpp): sessions, files, figures.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <utility>

#include "serve/method.hpp"
#include "serve/server.hpp"

namespace swebash::serve {

// Sorted by name. The last two of a row: whether it begins something, which a server that is to end
// does not.
const Server::Method Server::kMethods[] = {
    {"file.list", &Server::list_files, false},
    {"file.make_directory", &Server::make_directory, false},
    {"file.read", &Server::read_file, false},
    {"file.remove", &Server::remove_file, false},
    {"file.stat", &Server::stat_file, false},
    {"file.write", &Server::write_file, false},
    {"poll", &Server::poll, false},
    {"run", &Server::run_script, true},
    {"session.close", &Server::close, false},
    {"session.fork", &Server::fork, true},
    {"session.list", &Server::list_sessions, false},
    {"session.open", &Server::open, true},
    {"session.restore", &Server::restore, true},
    {"session.snapshot", &Server::snapshot, false},
    {"signal", &Server::signal, false},
    {"snapshot.remove", &Server::remove_snapshot, false},
    {"start", &Server::start, true},
    {"stats", &Server::stats, false},
    {"wait", &Server::wait, false},
};

namespace {

constexpr const char* kTypes[] = {"file", "directory", "link", "other"};

const char* name_of(FileType type) noexcept { return kTypes[static_cast<usize>(type)]; }

bool is_good_name(std::string_view name) noexcept {
  constexpr usize kLongest = 100;
  return !name.empty() && name.size() <= kLongest && name[0] != '.' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

Answer<Json> as_json(Expected<void> result) {
  if (!result.has_value()) return std::unexpected(fault_of(result.error()));
  return Json::object();
}

u64 resident_bytes() {
  u64 size = 0, resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%lu %lu", &size, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident * static_cast<u64>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void Server::handle(const ConnectionRef& connection, std::string_view message,
                    ReadySessions& ready) {
  requests_.fetch_add(1);
  Json id;
  auto request = read_request(connection, message, id);
  if (!request.has_value()) {
    connection->send(fault_text(id, request.error()));
    Request unread{connection, nullptr, {}, {}};
    answer(unread, Json());
    return;
  }
  const auto method = std::ranges::lower_bound(kMethods, (*request)->method, {}, &Method::name);
  if (method == std::end(kMethods) || method->name != (*request)->method) {
    answer(**request, fault(kNoSuchMethod, (*request)->method + ": no such method"));
    return;
  }
  if (method->begins && leaving_.load()) {
    answer(**request, fault(kLeaving, "the server is ending"));
    return;
  }
  Answer<void> done;
  try {
    done = (this->*method->function)(*request, ready);
  } catch (const std::bad_alloc&) {
    done = fault(kInternal, "there is no memory left");
  }
  if (!done.has_value()) answer(**request, std::unexpected(done.error()));
}

void Server::call(LiveSessionRef session, LiveSession::Call call, ReadySessions& ready) {
  if (session->add(std::move(call))) ready.push_back(std::move(session));
}

// Has `function` called with the session that `request` names, when it is its turn, and answers
// with what that gives.
template <class F>
Answer<void> Server::call_session(const RequestRef& request, ReadySessions& ready, F function) {
  const LiveSessionRef session = SWEBASH_TRY(find_session(*request));
  call(
      session,
      [this, session, request, function = std::move(function)] {
        if (session->closed()) {
          answer(*request, fault(kEnded, "the session was closed"));
          return;
        }
        try {
          const auto live = session->session(runtime_);
          if (live.has_value()) {
            answer(*request, function(**live));
          } else {
            answer(*request, std::unexpected(fault_of(live.error())));
          }
        } catch (const std::bad_alloc&) {
          answer(*request, fault(kInternal, "there is no memory left"));
        }
      },
      ready);
  return {};
}

Answer<SessionOptions> Server::session_options(const Request& request) const {
  SessionOptions options = policy_.session;
  const auto at_most = [&](const char* name, u64 most) -> Answer<u64> {
    const u64 wanted = SWEBASH_TRY(request.number(name, most));
    if (wanted == 0 || wanted > most) {
      return fault(kRefused, std::string(name) + ": it is 1 to " + std::to_string(most));
    }
    return wanted;
  };
  options.file_bytes = SWEBASH_TRY(at_most("file_bytes", options.file_bytes));
  options.task_memory = SWEBASH_TRY(at_most("task_memory", options.task_memory));
  options.tasks = static_cast<u32>(SWEBASH_TRY(at_most("tasks", options.tasks)));
  options.umask = static_cast<unsigned>(SWEBASH_TRY(request.number("umask", options.umask)) & 0777);
  if (auto directory = SWEBASH_TRY(request.optional_text("directory"))) {
    if (!directory->starts_with('/'))
      return fault(kInvalidParams, "directory: it must be absolute");
    options.directory = std::move(*directory);
  }
  const auto environment = request.params.find("environment");
  if (environment == request.params.end()) return options;
  if (!environment->is_object()) return fault(kInvalidParams, "environment: it must be an object");
  for (const auto& [name, value] : environment->items()) {
    auto text = bytes_of(value);
    if (!text.has_value()) return fault(kInvalidParams, "environment: values are strings");
    options.environment[name] = std::move(*text);
  }
  return options;
}

Answer<LiveSessionRef> Server::make_session(const SessionOptions& options, std::string name,
                                            u64 owner) {
  auto made = runtime_.open(options);
  if (!made.has_value()) return std::unexpected(fault_of(made.error()));
  return std::make_shared<LiveSession>(std::move(name), owner, std::move(*made));
}

Answer<std::pair<std::string, u64>> Server::session_name(const Request& request) {
  auto name = SWEBASH_TRY(request.optional_text("name"));
  if (!name.has_value()) {
    return std::pair("." + std::to_string(next_id_.fetch_add(1)), request.from->id());
  }
  if (!is_good_name(*name)) {
    return fault(kInvalidParams, "name: 1 to 100 letters, digits, `_', `-' and `.'");
  }
  return std::pair(std::move(*name), u64{0});
}

Answer<Json> Server::add_session(const Request& request, const LiveSessionRef& session) {
  {
    const MutexLock lock(mutex_);
    if (sessions_.size() >= policy_.sessions) {
      return fault(kBusy, "the server has as many sessions as it may");
    }
    if (!sessions_.emplace(session->name(), session).second) {
      return fault(kRefused, session->name() + ": there is a session of that name");
    }
  }
  // Whose connection went meanwhile was looked for too early.
  if (session->owner() != 0 && request.from->closed()) end_session(session);
  return Json{{"session", session->name()}};
}

Answer<void> Server::open(const RequestRef& request, ReadySessions&) {
  auto [name, owner] = SWEBASH_TRY(session_name(*request));
  LiveSessionRef made;
  if (request->params.contains("snapshot")) {
    const Snapshot snapshot = SWEBASH_TRY(find_snapshot(*request));
    auto opened = runtime_.open(snapshot);
    if (!opened.has_value()) return std::unexpected(fault_of(opened.error()));
    made = std::make_shared<LiveSession>(std::move(name), owner, std::move(*opened));
  } else {
    const SessionOptions options = SWEBASH_TRY(session_options(*request));
    made = SWEBASH_TRY(make_session(options, std::move(name), owner));
  }
  answer(*request, SWEBASH_TRY(add_session(*request, made)));
  return {};
}

Answer<void> Server::fork(const RequestRef& request, ReadySessions& ready) {
  auto named = SWEBASH_TRY(session_name(*request));
  return call_session(
      request, ready, [this, request, named = std::move(named)](Session& session) -> Answer<Json> {
        auto made = session.fork();
        if (!made.has_value()) return std::unexpected(fault_of(made.error()));
        return add_session(
            *request, std::make_shared<LiveSession>(named.first, named.second, std::move(*made)));
      });
}

Answer<Snapshot> Server::find_snapshot(const Request& request) {
  const std::string name = SWEBASH_TRY(request.text("snapshot"));
  const MutexLock lock(mutex_);
  const auto found = snapshots_.find(name);
  if (found == snapshots_.end()) return fault(kNotFound, name + ": no such snapshot");
  return found->second;
}

Answer<void> Server::snapshot(const RequestRef& request, ReadySessions& ready) {
  auto name = SWEBASH_TRY(request->text("snapshot"));
  if (!is_good_name(name)) {
    return fault(kInvalidParams, "snapshot: 1 to 100 letters, digits, `_', `-' and `.'");
  }
  return call_session(request, ready,
                      [this, name = std::move(name)](Session& session) -> Answer<Json> {
                        auto made = session.snapshot();
                        if (!made.has_value()) return std::unexpected(fault_of(made.error()));
                        const MutexLock lock(mutex_);
                        if (!snapshots_.contains(name) && snapshots_.size() >= policy_.snapshots) {
                          return fault(kBusy, "the server has as many snapshots as it may");
                        }
                        snapshots_.insert_or_assign(name, std::move(*made));
                        return Json{{"snapshot", name}};
                      });
}

Answer<void> Server::restore(const RequestRef& request, ReadySessions& ready) {
  return call_session(request, ready,
                      [snapshot = SWEBASH_TRY(find_snapshot(*request))](Session& session) {
                        return as_json(session.restore(snapshot));
                      });
}

Answer<void> Server::remove_snapshot(const RequestRef& request, ReadySessions&) {
  const std::string name = SWEBASH_TRY(request->text("snapshot"));
  {
    const MutexLock lock(mutex_);
    if (snapshots_.erase(name) == 0) return fault(kNotFound, name + ": no such snapshot");
  }
  answer(*request, Json::object());
  return {};
}

Answer<LiveSessionRef> Server::find_session(const Request& request) {
  const std::string name = SWEBASH_TRY(request.text("session"));
  const MutexLock lock(mutex_);
  const auto found = sessions_.find(name);
  if (found == sessions_.end() ||
      (found->second->owner() != 0 && found->second->owner() != request.from->id())) {
    return fault(kNotFound, name + ": no such session");
  }
  return found->second;
}

void Server::end_session(const LiveSessionRef& session) {
  {
    const MutexLock lock(mutex_);
    const auto found = sessions_.find(session->name());
    if (found != sessions_.end() && found->second == session) sessions_.erase(found);
  }
  session->close();
  for (const RunRef& run : all_runs()) {
    if (&run->session() != session.get()) continue;
    run->stop(Stop::interrupted);
    if (run->has_ended()) forget_run(*run);
  }
}

Answer<void> Server::close(const RequestRef& request, ReadySessions&) {
  end_session(SWEBASH_TRY(find_session(*request)));
  answer(*request, Json::object());
  return {};
}

Answer<void> Server::list_sessions(const RequestRef& request, ReadySessions&) {
  std::vector<LiveSessionRef> seen;
  {
    const MutexLock lock(mutex_);
    for (const auto& [name, session] : sessions_) {
      if (session->owner() == 0 || session->owner() == request->from->id()) seen.push_back(session);
    }
  }
  Json list = Json::array();
  for (const LiveSessionRef& session : seen) {
    const auto idle = std::chrono::duration_cast<std::chrono::milliseconds>(session->idle());
    list.push_back({{"session", session->name()},
                    {"busy", session->busy()},
                    {"ended", session->has_ended()},
                    {"away", session->is_away()},
                    {"idle_ms", idle.count()}});
  }
  answer(*request, Json{{"sessions", std::move(list)}});
  return {};
}

Answer<void> Server::read_file(const RequestRef& request, ReadySessions& ready) {
  return call_session(request, ready,
                      [path = SWEBASH_TRY(request->bytes("path")),
                       most = policy_.output_limit](Session& session) -> Answer<Json> {
                        const auto about = session.stat(path);
                        if (about.has_value() && about->size > most) {
                          return fault(kRefused, "the file is too long for an answer");
                        }
                        const auto text = session.read_file(path);
                        if (!text.has_value()) return std::unexpected(fault_of(text.error()));
                        return Json{{"content", to_json(*text)}};
                      });
}

Answer<void> Server::write_file(const RequestRef& request, ReadySessions& ready) {
  return call_session(
      request, ready,
      [path = SWEBASH_TRY(request->bytes("path")), text = SWEBASH_TRY(request->bytes("content")),
       mode = static_cast<unsigned>(SWEBASH_TRY(request->number("mode", 0666)) & 0777)](
          Session& session) { return as_json(session.write_file(path, text, mode)); });
}

Answer<void> Server::list_files(const RequestRef& request, ReadySessions& ready) {
  return call_session(
      request, ready,
      [path = SWEBASH_TRY(request->bytes("path"))](Session& session) -> Answer<Json> {
        const auto items = session.list(path);
        if (!items.has_value()) return std::unexpected(fault_of(items.error()));
        Json list = Json::array();
        for (const DirectoryItem& item : *items) {
          list.push_back({{"name", to_json(item.name)}, {"type", name_of(item.type)}});
        }
        return Json{{"items", std::move(list)}};
      });
}

Answer<void> Server::stat_file(const RequestRef& request, ReadySessions& ready) {
  return call_session(
      request, ready,
      [path = SWEBASH_TRY(request->bytes("path"))](Session& session) -> Answer<Json> {
        const auto about = session.stat(path);
        if (!about.has_value()) return std::unexpected(fault_of(about.error()));
        const auto modified = std::chrono::duration_cast<std::chrono::milliseconds>(
            about->modified.time_since_epoch());
        return Json{{"type", name_of(about->type)},
                    {"size", about->size},
                    {"mode", about->mode},
                    {"modified_ms", modified.count()}};
      });
}

Answer<void> Server::remove_file(const RequestRef& request, ReadySessions& ready) {
  return call_session(request, ready,
                      [path = SWEBASH_TRY(request->bytes("path"))](Session& session) {
                        return as_json(session.remove(path));
                      });
}

Answer<void> Server::make_directory(const RequestRef& request, ReadySessions& ready) {
  return call_session(request, ready,
                      [path = SWEBASH_TRY(request->bytes("path"))](Session& session) {
                        return as_json(session.make_directory(path));
                      });
}

Answer<void> Server::stats(const RequestRef& request, ReadySessions&) {
  const auto runs = all_runs();
  const auto under_way =
      std::ranges::count_if(runs, [](const RunRef& run) { return !run->has_ended(); });
  usize sessions = 0, clients = 0;
  {
    const MutexLock lock(mutex_);
    sessions = sessions_.size();
    clients = connections_.size();
  }
  const auto up = std::chrono::steady_clock::now() - began_;
  answer(*request,
         Json{{"sessions", sessions},
              {"clients", clients},
              {"runs_under_way", under_way},
              {"runs", runs_.load()},
              {"requests", requests_.load()},
              {"threads", workers_.threads()},
              {"resident_bytes", resident_bytes()},
              {"up_ms", std::chrono::duration_cast<std::chrono::milliseconds>(up).count()},
              {"pid", ::getpid()}});
  return {};
}

}  // namespace swebash::serve
