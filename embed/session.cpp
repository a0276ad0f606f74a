// SPDX-License-Identifier: Apache-2.0
#include "swebash/session.hpp"

#include <ctime>

#include <exception>
#include <utility>

#include "embed/command.hpp"
#include "embed/session_implementation.hpp"

namespace swebash {

namespace {

constexpr int kTimedOut = 124;
constexpr int kInterrupted = 130;
constexpr int kNotRun = 126;

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

Expected<std::shared_ptr<Session::Implementation>> Session::Implementation::create(
    const std::shared_ptr<Runtime::Implementation>& runtime, const SessionOptions& options) {
  auto made = std::make_shared<Implementation>();
  made->runtime = runtime;
  made->commands = std::make_shared<kernel::fs::CommandDirectory>(runtime->commands);
  made->input_ = std::make_shared<embed::InputStream>();
  made->output_ = std::make_shared<embed::OutputStream>();
  made->errors_ = std::make_shared<embed::OutputStream>();
  kernel::StartOptions start;
  start.mounts = runtime->make_files(options.file_bytes, made->commands);
  if (start.mounts == nullptr) {
    return std::unexpected(Error{ErrorKind::bad_argument, "file_bytes: too few"});
  }
  start.streams = {made->input_, made->output_, made->errors_};
  start.umask = options.umask & 0777;
  start.limits.tasks = options.tasks;
  start.limits.task_memory = options.task_memory;
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
  if (!engine_->call(call).has_value()) return true;
  ended_.store(true);
  return false;
}

void Session::Implementation::stop(RunEnd why) noexcept {
  const std::lock_guard lock(running_mutex_);
  if (!running_) return;
  if (why_ == RunEnd::finished) why_ = why;
  main().abandon_run();
}

RunResult Session::Implementation::run(std::string_view script, const RunOptions& options) {
  RunResult result;
  const Use use(*this);
  if (const auto why = obstacle(use)) {
    result.status = kNotRun;
    result.end = RunEnd::not_run;
    result.errors = "swebash: " + why->message + "\n";
    return result;
  }
  input_->begin(options.input);
  if (options.input_descriptor >= 0 && !input_->begin(options.input_descriptor).has_value()) {
    result.status = kNotRun;
    result.end = RunEnd::not_run;
    result.errors = "swebash: the descriptor of standard input cannot be used\n";
    return result;
  }
  output_->begin(options.output_limit, options.on_output);
  errors_->begin(options.output_limit, options.on_errors);
  {
    const std::lock_guard lock(running_mutex_);
    main().forget_abandon();
    running_ = true;
    why_ = RunEnd::finished;
  }
  const auto start = std::chrono::steady_clock::now();
  std::optional<embed::Deadlines::Key> deadlines[2];
  if (options.timeout.count() > 0) {
    deadlines[0] =
        runtime->deadlines.set(start + options.timeout, [this] { stop(RunEnd::timed_out); });
    deadlines[1] = runtime->deadlines.set(start + options.timeout + kGrace, [this] {
      engine_->kernel().doom_all(kernel::ExitState::signaled(SIGKILL));
    });
  }
  const auto cpu = thread_time();

  kernel::guest::SessionCall call;
  call.text = script;
  const std::optional<kernel::ExitState> end = engine_->call(call);

  result.cpu_time = thread_time() - cpu;
  result.wall_time = std::chrono::steady_clock::now() - start;
  for (const auto& key : deadlines) {
    if (key.has_value()) runtime->deadlines.cancel(*key);
  }
  {
    const std::lock_guard lock(running_mutex_);
    running_ = false;
    result.end = why_;
  }
  result.status = call.status;
  if (end.has_value()) {
    ended_.store(true);
    const bool exited = end->kind == kernel::ExitKind::exited;
    result.status = exited ? end->code : 128 + end->code;
    if (result.end == RunEnd::finished) result.end = RunEnd::ended;
  }
  if (result.end == RunEnd::timed_out) {
    result.status = kTimedOut;
    result.limit = Limit::time;
  }
  if (result.end == RunEnd::interrupted) result.status = kInterrupted;
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
  if (implementation_ != nullptr) implementation_->stop(RunEnd::interrupted);
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

Expected<void> Session::add_command(std::string_view name, CommandFunction function) {
  if (name.empty() || name.find('/') != std::string_view::npos || name == "." || name == "..") {
    return std::unexpected(
        Error{ErrorKind::bad_argument, std::string(name) + ": no name for a command"});
  }
  implementation_->commands->add(name,
                                 std::make_shared<embed::FunctionCommand>(std::move(function)));
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
