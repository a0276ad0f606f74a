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

Error fault_of(Errno error) {
  const ErrorKind kind = error == Errno::noent ? ErrorKind::not_found : ErrorKind::refused;
  return {kind, std::string(errno_message(error))};
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

// Waits in no syscall, so that errors are all that can come.
FileType type_of(abi::FileType type) noexcept {
  switch (type) {
    case abi::kRegular: return FileType::regular;
    case abi::kDirectoryType: return FileType::directory;
    case abi::kSymlink: return FileType::link;
    default: return FileType::other;
  }
}

SysResult<void> make_directories(kernel::Task& task, std::string_view path) {
  constexpr u32 kMode = 0777;
  for (usize at = 0; at <= path.size(); ++at) {
    if (at < path.size() && path[at] != '/') continue;
    const std::string_view part = path.substr(0, at);
    if (part.empty()) continue;
    const SysResult<void> made = task.mkdir(abi::kCwd, part, kMode);
    if (made.has_value() || made.error() != Errno::exist) SWEBASH_TRY(made);
  }
  if (SWEBASH_TRY(task.stat(abi::kCwd, path, 0)).type != abi::kDirectoryType) {
    return std::unexpected(Errno::notdir);
  }
  return {};
}

SysResult<std::vector<DirectoryItem>> list_directory(kernel::Task& task, std::string_view path) {
  const i32 fd = SWEBASH_TRY(task.open(abi::kCwd, path, abi::kRead | abi::kDirectory, 0));
  std::vector<DirectoryItem> items;
  std::vector<char> buffer(32 << 10);
  SysResult<usize> size = 0;
  while ((size = task.read_directory(fd, buffer)).value_or(0) > 0) {
    for (usize at = 0; at < *size;) {
      abi::DirectoryEntry entry;
      std::memcpy(&entry, buffer.data() + at, sizeof(entry));
      items.push_back({std::string(buffer.data() + at + sizeof(entry), entry.name_length),
                       type_of(static_cast<abi::FileType>(entry.type))});
      at += sizeof(entry) + (usize{entry.name_length} + 7) / 8 * 8;
    }
  }
  SWEBASH_TRY(task.close(fd));
  if (!size.has_value()) return std::unexpected(size.error());
  return items;
}

SysResult<void> remove_tree(kernel::Task& task, const std::string& path) {
  const abi::Stat about = SWEBASH_TRY(task.stat(abi::kCwd, path, abi::kLinkItself));
  if (about.type != abi::kDirectoryType) return task.unlink(abi::kCwd, path, 0);
  for (const DirectoryItem& item : SWEBASH_TRY(list_directory(task, path))) {
    SWEBASH_TRY(remove_tree(task, path + "/" + item.name));
  }
  return task.unlink(abi::kCwd, path, abi::kRemoveDirectory);
}

template <class T>
Expected<T> expected(SysResult<T> result) {
  if (!result.has_value()) return std::unexpected(fault_of(result.error()));
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(*result);
  }
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
    const SysResult<void> there = make_directories(made->main(), options.directory);
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

Expected<void> Session::set_env(std::string_view name, std::string_view value) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionSet;
  call.name = name;
  call.text = value;
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status == 0) return {};
  return std::unexpected(
      Error{ErrorKind::bad_argument, std::string(name) + ": no variable that can be set"});
}

Expected<std::string> Session::get_env(std::string_view name) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionGet;
  call.name = name;
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status == 0) return std::move(call.answer);
  return std::unexpected(Error{ErrorKind::not_found, std::string(name) + ": not set"});
}

Expected<void> Session::unset_env(std::string_view name) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionUnset;
  call.name = name;
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status == 0) return {};
  return std::unexpected(
      Error{ErrorKind::bad_argument, std::string(name) + ": no variable that can be unset"});
}

namespace {

// As abi::kSessionGetValue says.
std::string encoded(const Value& value) {
  std::string text;
  const auto add = [&text](std::string_view key, std::string_view part) {
    text.append(key).push_back('\0');
    text.append(part).push_back('\0');
  };
  if (const auto* const plain = std::get_if<std::string>(&value)) {
    text.push_back(abi::kScalarValue);
    text += *plain;
  } else if (const auto* const indexed = std::get_if<IndexedArray>(&value)) {
    text.push_back(abi::kIndexedValue);
    for (const auto& [index, part] : *indexed) add(std::to_string(index), part);
  } else {
    text.push_back(abi::kAssociativeValue);
    for (const auto& [key, part] : std::get<AssociativeArray>(value)) add(key, part);
  }
  return text;
}

bool has_nul(const Value& value) {
  const auto inside = [](const std::string& text) { return text.find('\0') != text.npos; };
  if (const auto* const plain = std::get_if<std::string>(&value)) return inside(*plain);
  if (const auto* const indexed = std::get_if<IndexedArray>(&value)) {
    return std::ranges::any_of(*indexed, [&](const auto& one) { return inside(one.second); });
  }
  return std::ranges::any_of(std::get<AssociativeArray>(value), [&](const auto& one) {
    return inside(one.first) || inside(one.second);
  });
}

Value decoded(std::string_view text) {
  const char kind = text.front();
  text.remove_prefix(1);
  if (kind == abi::kScalarValue) return std::string(text);
  const auto take = [&text] {
    const std::string_view part = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    return std::string(part);
  };
  IndexedArray indexed;
  AssociativeArray associative;
  while (!text.empty()) {
    std::string key = take();
    if (kind == abi::kIndexedValue) {
      indexed[std::strtoll(key.c_str(), nullptr, 10)] = take();
    } else {
      associative[std::move(key)] = take();
    }
  }
  if (kind == abi::kIndexedValue) return indexed;
  return associative;
}

}  // namespace

Expected<void> Session::set_variable(std::string_view name, const Value& value) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionSetValue;
  call.name = name;
  const std::string text = encoded(value);
  call.text = text;
  const auto refused = [&] {
    return std::unexpected(
        Error{ErrorKind::bad_argument, std::string(name) + ": no variable that can be set so"});
  };
  if (has_nul(value)) return refused();
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status != 0) return refused();
  return {};
}

Expected<Value> Session::get_variable(std::string_view name) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  kernel::guest::SessionCall call;
  call.kind = abi::kSessionGetValue;
  call.name = name;
  if (!self->ask(call)) return std::unexpected(Error{ErrorKind::ended, "the session has ended"});
  if (call.status == 0 && !call.answer.empty()) return decoded(call.answer);
  return std::unexpected(Error{ErrorKind::not_found, std::string(name) + ": not set"});
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

Expected<void> Session::write_file(std::string_view path, std::string_view content, unsigned mode) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const auto write = [&]() -> SysResult<void> {
    kernel::Task& task = self->main();
    const i32 fd = SWEBASH_TRY(task.open(
        abi::kCwd, path, abi::kWrite | abi::kCreate | abi::kTruncate | abi::kCloexec, mode));
    SysResult<usize> written = 0;
    for (std::string_view rest = content; !rest.empty() && written.has_value();) {
      written = task.write(fd, std::span(rest.data(), rest.size()));
      rest.remove_prefix(written.value_or(0));
    }
    SWEBASH_TRY(task.close(fd));
    if (!written.has_value()) return std::unexpected(written.error());
    return {};
  };
  return expected(write());
}

Expected<std::string> Session::read_file(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const auto read = [&]() -> SysResult<std::string> {
    kernel::Task& task = self->main();
    const abi::Stat about = SWEBASH_TRY(task.stat(abi::kCwd, path, 0));
    if (about.type == abi::kDirectoryType) return std::unexpected(Errno::isdir);
    // A device has no end.
    if (about.type != abi::kRegular) return std::unexpected(Errno::inval);
    const i32 fd = SWEBASH_TRY(task.open(abi::kCwd, path, abi::kRead | abi::kCloexec, 0));
    std::string text;
    char buffer[16 << 10];
    SysResult<usize> count = 0;
    while ((count = task.read(fd, buffer)).value_or(0) > 0) text.append(buffer, *count);
    SWEBASH_TRY(task.close(fd));
    if (!count.has_value()) return std::unexpected(count.error());
    return text;
  };
  return expected(read());
}

Expected<std::vector<DirectoryItem>> Session::list(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  return expected(list_directory(self->main(), path));
}

Expected<FileStat> Session::stat(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const SysResult<abi::Stat> about = self->main().stat(abi::kCwd, path, 0);
  if (!about.has_value()) return std::unexpected(fault_of(about.error()));
  return FileStat{type_of(static_cast<abi::FileType>(about->type)), about->size, about->mode,
                  std::chrono::system_clock::time_point(
                      std::chrono::duration_cast<std::chrono::system_clock::duration>(
                          std::chrono::nanoseconds(about->modify_time)))};
}

Expected<void> Session::make_directory(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  return expected(make_directories(self->main(), path));
}

Expected<void> Session::remove(std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  return expected(remove_tree(self->main(), std::string(path)));
}

Expected<void> Session::import_tree(const std::string& from, std::string_view path) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const auto copy = [&]() -> SysResult<void> {
    auto root = SWEBASH_TRY(kernel::fs::open_host_directory(from));
    const kernel::vfs::Mounts source(std::move(root));
    SWEBASH_TRY(make_directories(self->main(), path));
    const auto target = SWEBASH_TRY(self->main().find_place(path));
    if (target->mode == kernel::vfs::MountMode::read_only) return std::unexpected(Errno::rofs);
    return kernel::vfs::copy_files(source.root(), target->node);
  };
  return expected(copy());
}

Expected<void> Session::export_tree(std::string_view path, const std::string& to) {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  const auto copy = [&]() -> SysResult<void> {
    const auto source = SWEBASH_TRY(self->main().find_place(path));
    constexpr mode_t kMode = 0777;
    if (::mkdir(to.c_str(), kMode) != 0 && errno != EEXIST) {
      return std::unexpected(errno_from_host(errno));
    }
    return kernel::vfs::copy_files(source, SWEBASH_TRY(kernel::fs::open_host_directory(to)));
  };
  return expected(copy());
}

Expected<std::string> Session::directory() {
  const auto self = implementation_;
  const Implementation::Use use(*self);
  if (auto why = self->obstacle(use)) return std::unexpected(std::move(*why));
  std::string text(PATH_MAX, '\0');
  const SysResult<usize> length = self->main().working_directory(text);
  if (!length.has_value()) return std::unexpected(fault_of(length.error()));
  text.resize(*length);
  return text;
}

}  // namespace swebash
