// SPDX-License-Identifier: Apache-2.0
#include "swebash/session.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

#include "embed/command.hpp"
#include "embed/file_tree.hpp"
#include "embed/run_implementation.hpp"
#include "embed/session_implementation.hpp"
#include "kernel/fs/host_directory.hpp"
#include "kernel/signals/signals.hpp"
#include "kernel/vfs/copy_files.hpp"

namespace swebash {

namespace {

constexpr int kTimedOut = 124;
constexpr int kInterrupted = 130;
constexpr int kNotRun = 126;
constexpr int kSignaled = 128;  // and the signal's number

std::chrono::nanoseconds thread_time() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// `'` ends a quote and stands for itself outside of it.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out += '\'';
}

}  // namespace

Session::Implementation::Implementation(std::shared_ptr<Runtime::Implementation> of,
                                        embed::SessionSettings settings)
    : runtime(std::move(of)),
      settings_(std::move(settings)),
      input_(std::make_shared<embed::InputStream>()),
      output_(std::make_shared<embed::OutputStream>()),
      errors_(std::make_shared<embed::OutputStream>()),
      clock_(settings_.make_clock()) {
  hook.set(settings_.hook);
}

kernel::StartOptions Session::Implementation::start_options(
    std::shared_ptr<kernel::vfs::Mounts> mounts) {
  mounts_ = mounts;
  kernel::StartOptions start;
  start.mounts = std::move(mounts);
  start.streams = {input_, output_, errors_};
  start.limits.tasks = settings_.tasks;
  start.limits.task_memory = settings_.task_memory;
  start.embedder = &hook;
  if (settings_.deterministic) {
    constexpr i32 kFirstPid = 1000;
    start.clock = clock_;
    start.seed = settings_.seed;
    start.first_pid = kFirstPid;
  }
  return start;
}

embed::SessionSettings Session::Implementation::settings_now() const {
  embed::SessionSettings settings = settings_;
  settings.hook = hook.hook();
  if (clock_ != nullptr) {
    settings.clock_start = clock_->start();
    settings.clock_slept = clock_->slept();
  }
  return settings;
}

Expected<void> Session::Implementation::mount(std::string_view path, kernel::vfs::NodeRef root,
                                              kernel::vfs::MountMode mode) {
  if (engine_ != nullptr && engine_->kernel().live_tasks() > 0) {
    return std::unexpected(Error{ErrorKind::busy, "the session runs something in the background"});
  }
  const SysResult<void> done =
      path == "/" ? std::unexpected(Errno::inval) : mounts_->mount(path, std::move(root), mode);
  if (done.has_value()) return {};
  const ErrorKind kind =
      done.error() == Errno::inval ? ErrorKind::bad_argument : ErrorKind::refused;
  return std::unexpected(Error{kind, std::string(path) + ": cannot be mounted at: " +
                                         std::string(errno_message(done.error()))});
}

namespace {

embed::SessionSettings settings_of(const Runtime::Implementation& runtime,
                                   const SessionOptions& options) {
  embed::SessionSettings settings;
  settings.task_memory = options.task_memory;
  settings.tasks = options.tasks;
  settings.commands = std::make_shared<kernel::fs::CommandDirectory>(runtime.commands);
  if (options.deterministic.has_value()) {
    settings.deterministic = true;
    settings.seed = options.deterministic->seed;
    settings.clock_start =
        std::chrono::nanoseconds(options.deterministic->time.time_since_epoch()).count();
  }
  return settings;
}

}  // namespace

Expected<std::shared_ptr<Session::Implementation>> Session::Implementation::create(
    const std::shared_ptr<Runtime::Implementation>& runtime, const SessionOptions& options) {
  auto made = std::make_shared<Implementation>(runtime, settings_of(*runtime, options));
  auto mounts = runtime->make_files(options.file_bytes, made->settings_.commands, made->clock_);
  if (mounts == nullptr) {
    return std::unexpected(Error{ErrorKind::bad_argument, "file_bytes: too few"});
  }
  kernel::StartOptions start = made->start_options(std::move(mounts));
  start.umask = options.umask & 0777;
  for (const auto& [path, tree] : options.mounts) {
    const FileTree::Implementation& files = tree.implementation();
    if (auto done = made->mount(path, files.root, files.mode); !done.has_value()) {
      return std::unexpected(std::move(done.error()));
    }
  }
  auto engine = kernel::guest::EngineSession::from(
      runtime->wasm, runtime->stacks, runtime->make_kernel(std::move(start)), *runtime->origin);
  if (!engine.has_value()) {
    return std::unexpected(Error{ErrorKind::no_memory, std::move(engine.error())});
  }
  made->engine_ = std::move(*engine);
  for (const auto& [name, value] : options.environment) {
    kernel::guest::SessionCall call;
    call.kind = abi::kSessionSet;
    call.name = name;
    call.text = value;
    if (!made->ask(call) || call.status != 0) {
      return std::unexpected(Error{ErrorKind::bad_argument, name + ": no variable of that name"});
    }
  }
  if (options.directory != "/home/user") {
    const SysResult<void> there = embed::make_directories(made->main(), options.directory);
    kernel::guest::SessionCall call;
    const std::string text = "cd -P -- " + quoted(options.directory) + " && unset OLDPWD";
    call.text = text;
    if (!there.has_value() || !made->ask(call) || call.status != 0) {
      return std::unexpected(
          Error{ErrorKind::bad_argument, options.directory + ": cannot be worked in"});
    }
    (void)made->errors_->end();
  }
  return made;
}

std::optional<Error> Session::Implementation::obstacle(const Use& use) const {
  if (!use.has()) return Error{ErrorKind::busy, "the session runs something"};
  if (ended_.load()) return Error{ErrorKind::ended, "the session has ended"};
  return std::nullopt;
}

bool Session::Implementation::ask(kernel::guest::SessionCall& call) {
  if (same_) call.flags |= abi::kSessionSame;
  if (!engine_->call(call).has_value()) return true;
  ended_.store(true);
  return false;
}

u64 Session::Implementation::stop(RunEnd why, int status) noexcept {
  const std::lock_guard lock(running_mutex_);
  if (!running_) return 0;
  if (why_ == RunEnd::finished) {
    why_ = why;
    stop_status_ = status;
  }
  main().abandon_run();
  return runs_;
}

void Session::Implementation::interrupt(int status) {
  const u64 run = stop(RunEnd::interrupted, status);
  if (run == 0) return;
  const auto doom = [weak = weak_from_this(), run] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    const std::lock_guard lock(self->running_mutex_);
    if (!self->running_ || self->runs_ != run) return;
    self->engine_->kernel().doom_all(kernel::ExitState::signaled(SIGKILL));
  };
  // It may be over by then: that costs nothing.
  (void)runtime->deadlines.set(std::chrono::steady_clock::now() + kGrace, doom);
}

bool Session::Implementation::signal(int number) {
  {
    const std::lock_guard lock(running_mutex_);
    if (!running_) return false;
    if (engine_->kernel().signal_session(number)) return false;
  }
  if (kernel::default_action(number) != kernel::DefaultAction::terminate) return false;
  interrupt(kSignaled + number);
  return true;
}

void Session::Implementation::kill() {
  const std::lock_guard lock(running_mutex_);
  if (running_) engine_->kernel().doom_all(kernel::ExitState::signaled(SIGKILL));
}

namespace {

RunResult not_run(const Error& why) {
  RunResult result;
  result.status = kNotRun;
  result.end = RunEnd::not_run;
  result.errors = "swebash: " + why.message + "\n";
  return result;
}

// A copy of `fd`, which is the caller's; nothing where it is none.
OwnedFd copy_of(int fd) noexcept {
  return fd < 0 ? OwnedFd() : OwnedFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

}  // namespace

RunResult Session::Implementation::run(std::string_view script, const RunOptions& options) {
  const Use use(*this);
  if (const auto why = obstacle(use)) return not_run(*why);
  if (const auto begun = begin_run(options); !begun.has_value()) return not_run(begun.error());
  return run_held(script, options);
}

Expected<void> Session::Implementation::begin_run(const RunOptions& options) {
  const int asked[] = {options.input_descriptor, options.output_descriptor,
                       options.error_descriptor};
  OwnedFd copies[3];
  for (usize i = 0; i < 3; ++i) {
    copies[i] = copy_of(asked[i]);
    if (asked[i] >= 0 && !copies[i]) {
      return std::unexpected(
          Error{ErrorKind::bad_argument, "a descriptor of a standard stream cannot be used"});
    }
  }
  if (copies[0]) {
    input_->begin(std::move(copies[0]));
  } else {
    input_->begin(options.input);
  }
  const auto begin = [&](embed::OutputStream& stream, OwnedFd& file, const auto& sink) {
    if (file) {
      stream.begin(std::move(file));
    } else {
      stream.begin(options.output_limit, sink);
    }
  };
  begin(*output_, copies[1], options.on_output);
  begin(*errors_, copies[2], options.on_errors);
  const std::lock_guard lock(running_mutex_);
  main().forget_abandon();
  running_ = true;
  ++runs_;
  why_ = RunEnd::finished;
  return {};
}

void Session::Implementation::cancel_run() {
  (void)output_->end();
  (void)errors_->end();
  const std::lock_guard lock(running_mutex_);
  running_ = false;
}

RunResult Session::Implementation::give_up(std::chrono::nanoseconds timeout) {
  ended_.store(true);
  RunResult result;
  {
    const std::lock_guard lock(running_mutex_);
    result.end = why_ == RunEnd::finished ? RunEnd::ended : why_;
    result.status = why_ == RunEnd::finished ? kSignaled + SIGKILL : stop_status_;
  }
  if (result.end == RunEnd::timed_out) {
    result.limit = Limit::time;
    result.wall_time = timeout;
  }
  result.output = take_output();
  result.errors = take_errors();
  return result;
}

RunResult Session::Implementation::run_held(std::string_view script, const RunOptions& options) {
  RunResult result;
  const auto start = std::chrono::steady_clock::now();
  std::optional<embed::Deadlines::Key> deadlines[2];
  if (options.timeout.count() > 0) {
    deadlines[0] = runtime->deadlines.set(start + options.timeout,
                                          [this] { (void)stop(RunEnd::timed_out, kTimedOut); });
    deadlines[1] = runtime->deadlines.set(start + options.timeout + kGrace, [this] { kill(); });
  }
  const auto cpu = thread_time();

  kernel::guest::SessionCall call;
  if (same_) call.flags |= abi::kSessionSame;
  if (hook.sees_commands()) call.flags |= abi::kSessionHooked;
  call.text = script;
  const std::optional<kernel::ExitState> end = engine_->call(call);

  result.cpu_time = thread_time() - cpu;
  result.wall_time = std::chrono::steady_clock::now() - start;
  for (const auto& key : deadlines) {
    if (key.has_value()) runtime->deadlines.cancel(*key);
  }
  result.status = call.status;
  if (end.has_value()) {
    ended_.store(true);
    const bool exited = end->kind == kernel::ExitKind::exited;
    result.status = exited ? end->code : kSignaled + end->code;
  }
  {
    const std::lock_guard lock(running_mutex_);
    running_ = false;
    result.end = why_;
    if (why_ != RunEnd::finished) result.status = stop_status_;
  }
  if (result.end == RunEnd::finished && end.has_value()) result.end = RunEnd::ended;
  if (result.end == RunEnd::timed_out) result.limit = Limit::time;
  auto output = output_->end();
  auto errors = errors_->end();
  if ((output.cut || errors.cut) && result.limit == Limit::none) result.limit = Limit::output;
  result.output = std::move(output.text);
  result.output_bytes = output.bytes;
  result.errors = std::move(errors.text);
  result.error_bytes = errors.bytes;
  return result;
}

Session::Session() noexcept = default;
Session::Session(std::shared_ptr<Implementation> implementation) noexcept
    : implementation_(std::move(implementation)) {}
Session::Session(Session&& other) noexcept = default;
Session& Session::operator=(Session&& other) noexcept {
  if (implementation_ != nullptr && implementation_ != other.implementation_) interrupt();
  implementation_ = std::move(other.implementation_);
  return *this;
}
Session::~Session() { interrupt(); }

RunResult Session::run(std::string_view script, const RunOptions& options) {
  // The session may be destroyed meanwhile.
  const auto self = implementation_;
  return self->run(script, options);
}

void Session::interrupt() noexcept {
  if (implementation_ != nullptr) implementation_->interrupt(kInterrupted);
}

Expected<Run> Session::start(std::string_view script, const RunOptions& options) {
  const auto self = implementation_;
  if (!self->take()) {
    return std::unexpected(Error{ErrorKind::busy, "the session runs something"});
  }
  if (self->ended_.load()) {
    self->give_back();
    return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  }
  auto made = Run::Implementation::start(self, script, options);
  if (made.has_value()) return Run(std::move(*made));
  self->give_back();
  return std::unexpected(std::move(made.error()));
}

bool Session::ended() const noexcept {
  return implementation_ == nullptr || implementation_->ended_.load();
}

Expected<void> Session::set_command_hook(CommandHook hook) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  self->hook.set(hook ? std::make_shared<const CommandHook>(std::move(hook)) : nullptr);
  return {};
}

Expected<void> Session::set_command_resolver(CommandResolver resolver) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  std::shared_ptr<embed::ResolvedCommands> made;
  if (resolver) made = std::make_shared<embed::ResolvedCommands>(std::move(resolver));
  kernel::vfs::NodeRef root = made;
  if (root == nullptr) root = kernel::fs::fixed_directory({});
  auto done = self->mount(embed::kResolved, std::move(root), kernel::vfs::MountMode::read_only);
  if (done.has_value()) self->settings_.resolver = std::move(made);
  return done;
}

Expected<void> Session::mount(std::string_view path, const FileTree& tree) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const FileTree::Implementation& files = tree.implementation();
  return self->mount(path, files.root, files.mode);
}

Expected<std::uint32_t> Session::background_tasks() {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  return self->main().kernel().live_tasks();
}

Expected<Snapshot> Session::snapshot() {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  return self->snapshot();
}

Expected<void> Session::restore(const Snapshot& snapshot) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (!use.has()) return std::unexpected(*self->obstacle(use));
  return self->restore(snapshot.implementation());
}

Expected<Session> Session::fork() {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  auto made = self->fork();
  if (!made.has_value()) return std::unexpected(std::move(made.error()));
  return Session(std::move(*made));
}

Expected<void> Session::add_command(std::string_view name, CommandFunction function) {
  if (name.empty() || name.find('/') != std::string_view::npos || name == "." || name == "..") {
    return std::unexpected(
        Error{ErrorKind::bad_argument, std::string(name) + ": no name for a command"});
  }
  implementation_->settings_.commands->add(
      name, std::make_shared<embed::FunctionCommand>(std::move(function)));
  return {};
}

Expected<std::string> Session::directory() {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  std::string text(PATH_MAX, '\0');
  const SysResult<usize> length = self->main().working_directory(text);
  if (!length.has_value()) return std::unexpected(embed::fault_of(length.error()));
  text.resize(*length);
  return text;
}

}  // namespace swebash
