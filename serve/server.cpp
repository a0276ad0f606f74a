// SPDX-License-Identifier: Apache-2.0
#include "serve/server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <utility>

#include "serve/socket.hpp"

namespace swebash::serve {

namespace {

constexpr u64 kListenerEvent = 0;
constexpr int kAcceptedAtOnce = 64;
constexpr int kSoon = 50;      // ms
constexpr int kLater = 5'000;  // ms
constexpr std::chrono::milliseconds kStopping{2'500};

OwnedFd spare_descriptor() { return OwnedFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

Result<std::unique_ptr<Server>, std::string> Server::create(const std::string& engine_directory,
                                                            const Policy& policy) {
  RuntimeOptions options;
  options.engine_directory = engine_directory;
  auto runtime = Runtime::create(options);
  if (!runtime.has_value()) return std::unexpected(runtime.error().message);
  OwnedFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return std::unexpected(std::string("epoll: ") + std::strerror(errno));
  return std::unique_ptr<Server>(new Server(std::move(*runtime), policy, std::move(epoll)));
}

Server::Server(Runtime runtime, const Policy& policy, OwnedFd epoll)
    : policy_(policy),
      runtime_(std::move(runtime)),
      epoll_(std::move(epoll)),
      poked_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      spare_(spare_descriptor()),
      workers_(epoll_.get(), policy.runs_at_once, [this](u64 data) { on_event(data); }) {}

Server::~Server() = default;

void Server::listen(OwnedFd listener) {
  listener_ = std::move(listener);
  const int flags = ::fcntl(listener_.get(), F_GETFL);
  ::fcntl(listener_.get(), F_SETFL, flags | O_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.u64 = kListenerEvent;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event);
}

void Server::serve_only(OwnedFd socket) { add_connection(std::move(socket), true); }

void Server::on_event(u64 data) {
  // What a request needs and is not to be had is the request's to miss; here it is this event's.
  try {
    if (data == kListenerEvent) {
      on_listener();
      return;
    }
    const ConnectionRef connection = find_connection(data >> 1);
    if (connection == nullptr) return;
    if ((data & Connection::kOutputEvent) == 0) {
      on_readable(connection);
    } else {
      go_on(connection, connection->flush());
    }
  } catch (const std::bad_alloc&) {
    if (const ConnectionRef connection = find_connection(data >> 1)) drop(connection);
  }
}

void Server::on_listener() {
  for (int i = 0; i < kAcceptedAtOnce; ++i) {
    OwnedFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno != EMFILE && errno != ENFILE) break;
      // It would wait for ever, and be told of for ever.
      spare_.reset();
      socket.reset(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      socket.reset();
      spare_ = spare_descriptor();
      break;
    }
    if (is_ours(socket.get())) add_connection(std::move(socket), false);
  }
  if (leaving_.load()) return;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.u64 = kListenerEvent;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, listener_.get(), &event);
}

void Server::add_connection(OwnedFd socket, bool only) {
  const u64 id = next_id_.fetch_add(1);
  const auto connection =
      std::make_shared<Connection>(std::move(socket), id, epoll_.get(), policy_.frame_limit);
  {
    const MutexLock lock(mutex_);
    if (connections_.size() >= policy_.clients) {
      connection->send(fault_text(nullptr, {kBusy, "the server has as many clients as it may"}));
      return;
    }
    connections_.emplace(id, connection);
    if (only) only_client_ = id;
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.u64 = id << 1;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection->fd(), &event) != 0) drop(connection);
}

void Server::watch(const Connection& connection, u32 events) const {
  epoll_event event{};
  event.events = events | EPOLLONESHOT;
  event.data.u64 = connection.id() << 1;
  // Where it was closed meanwhile there is nothing to watch.
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.fd(), &event);
}

ConnectionRef Server::find_connection(u64 id) {
  const MutexLock lock(mutex_);
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second;
}

void Server::refuse_frame(const ConnectionRef& connection, FrameFault fault) {
  if (fault == FrameFault::too_long) {
    connection->send(fault_text(
        nullptr,
        {kTooLong, "a message has " + std::to_string(policy_.frame_limit) + " bytes at most"}));
  } else {
    connection->send(fault_text(nullptr, {kParseError, "a message begins with Content-Length: N"}));
  }
  drop(connection);
}

void Server::on_readable(const ConnectionRef& connection) {
  const ReadySessions ready = read_requests(connection);
  // Others do what came first, and this thread what came last: most often that is all there is.
  for (usize i = 0; i + 1 < ready.size(); ++i) {
    workers_.post([session = ready[i]] { session->work(); });
  }
  if (!ready.empty()) workers_.work([session = ready.back()] { session->work(); });
}

Server::ReadySessions Server::read_requests(const ConnectionRef& connection) {
  const MutexLock reading(connection->reading());
  const Connection::Came came = connection->read();
  ReadySessions ready;
  bool paused = false;
  while (!paused) {
    auto message = connection->next_message();
    if (!message.has_value()) {
      refuse_frame(connection, message.error());
      break;
    }
    if (!message->has_value()) break;
    const bool more = connection->begin_request();
    handle(connection, **message, ready);
    paused = !more && connection->pause();
  }
  if (came == Connection::Came::broken || connection->closed()) {
    drop(connection);
  } else if (came == Connection::Came::end && connection->end_input()) {
    drop(connection);
  } else {
    // Of a client that says no more, or waits for answers, only that it goes is of interest.
    watch(*connection, paused || came == Connection::Came::end ? 0U : EPOLLIN);
  }
  return ready;
}

void Server::drop(const ConnectionRef& connection) {
  std::vector<LiveSessionRef> owned;
  {
    const MutexLock lock(mutex_);
    if (connections_.erase(connection->id()) == 0) return;
    for (const auto& [name, session] : sessions_) {
      if (session->owner() == connection->id()) owned.push_back(session);
    }
  }
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, connection->fd(), nullptr);
  connection->close();
  for (const RunRef& run : all_runs()) {
    if (run->connection() == connection->id()) run->stop(Stop::interrupted);
  }
  for (const LiveSessionRef& session : owned) end_session(session);
  if (connection->id() == only_client_) only_client_gone_.store(true);
  poke();
}

void Server::answer(const Request& request, Answer<Json> result) {
  if (!request.id.is_null()) {
    request.from->send(result.has_value() ? answer_text(request.id, std::move(*result))
                                          : fault_text(request.id, result.error()));
  }
  go_on(request.from, request.from->end_request());
}

void Server::go_on(const ConnectionRef& connection, Connection::After after) {
  switch (after) {
    case Connection::After::go_on: break;
    case Connection::After::over: drop(connection); break;
    case Connection::After::resume:
      workers_.post([this, connection] { on_readable(connection); });
      break;
  }
}

void Server::poke() const noexcept {
  const u64 one = 1;
  [[maybe_unused]] const auto written = ::write(poked_.get(), &one, sizeof(one));
}

void Server::see_to_clients() {
  std::vector<ConnectionRef> stalled;
  {
    const MutexLock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    for (const auto& [id, connection] : connections_) {
      const auto since = connection->stalled_since();
      if (connection->closed() || (since.has_value() && now - *since > policy_.reading)) {
        stalled.push_back(connection);
      }
    }
  }
  for (const ConnectionRef& connection : stalled) drop(connection);
}

void Server::see_to_sessions() {
  if (policy_.idle.count() == 0) return;
  std::vector<LiveSessionRef> idle;
  {
    const MutexLock lock(mutex_);
    for (const auto& [name, session] : sessions_) {
      if (session->idle() > policy_.idle && !session->is_away()) idle.push_back(session);
    }
  }
  for (const LiveSessionRef& session : idle) {
    if (session->add([session] { session->put_away(); })) {
      workers_.post([session] { session->work(); });
    }
  }
}

void Server::wait_for_signal(int signals) {
  using std::chrono::milliseconds;
  const auto half = std::chrono::duration_cast<milliseconds>(policy_.idle / 2);
  const milliseconds look = half.count() == 0
                                ? milliseconds(kLater)
                                : std::clamp(half, milliseconds(kSoon), milliseconds(kLater));
  auto next_look = std::chrono::steady_clock::now() + look;
  while (!only_client_gone_.load()) {
    const bool soon = see_to_runs();
    if (std::chrono::steady_clock::now() >= next_look) {
      see_to_clients();
      see_to_sessions();
      next_look = std::chrono::steady_clock::now() + look;
    }
    pollfd watched[] = {{signals, POLLIN, 0}, {poked_.get(), POLLIN, 0}};
    ::poll(watched, std::size(watched), soon ? kSoon : static_cast<int>(look.count()));
    if (watched[0].revents != 0) return;
    u64 count = 0;
    [[maybe_unused]] const auto got = ::read(poked_.get(), &count, sizeof(count));
  }
}

void Server::drain(int signals) {
  leaving_.store(true);
  if (listener_) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_.get(), nullptr);
  signalfd_siginfo first{};
  [[maybe_unused]] auto got = ::read(signals, &first, sizeof(first));
  const auto wait_until = [&](std::chrono::steady_clock::time_point end) {
    while (std::chrono::steady_clock::now() < end) {
      [[maybe_unused]] const bool soon = see_to_runs();
      const std::vector<RunRef> runs = all_runs();
      const bool runs_on =
          std::ranges::any_of(runs, [](const RunRef& run) { return !run->has_ended(); });
      if (!runs_on && workers_.busy() == 0) return;
      // Whoever says it twice does not want to wait.
      pollfd again = {signals, POLLIN, 0};
      if (::poll(&again, 1, kSoon) > 0) return;
    }
  };
  if (!only_client_gone_.load()) wait_until(std::chrono::steady_clock::now() + policy_.drain);
  for (const RunRef& run : all_runs()) run->stop(Stop::interrupted);
  got = ::read(signals, &first, sizeof(first));
  wait_until(std::chrono::steady_clock::now() + kStopping);
}

void Server::run() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  const OwnedFd signal_fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  workers_.start();
  wait_for_signal(signal_fd.get());
  drain(signal_fd.get());
  std::vector<ConnectionRef> connections;
  std::map<std::string, LiveSessionRef, std::less<>> sessions;
  {
    const MutexLock lock(mutex_);
    for (const auto& [id, connection] : connections_) connections.push_back(connection);
    sessions.swap(sessions_);
  }
  // What an answer is waiting for was said; what is still written goes nowhere.
  for (const ConnectionRef& connection : connections) drop(connection);
  for (const auto& [name, session] : sessions) session->close();
  sessions.clear();
  workers_.stop();
}

}  // namespace swebash::serve
