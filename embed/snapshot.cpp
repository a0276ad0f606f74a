// SPDX-License-Identifier: Apache-2.0
//
// Snapshots: making them of a session, sessions of them, and files.
#include "swebash/snapshot.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/owned_fd.hpp"
#include "embed/file_tree.hpp"
#include "embed/session_implementation.hpp"
#include "embed/snapshot_implementation.hpp"
#include "kernel/fs/overlay.hpp"
#include "kernel/guest/engine_loader.hpp"
#include "kernel/session_file.hpp"

namespace swebash {

namespace {

using kernel::vfs::TreeKind;

Error no_memory(std::string message) { return {ErrorKind::no_memory, std::move(message)}; }

Error os_error(const std::string& path) {
  const int error = errno;
  const ErrorKind kind = error == ENOENT ? ErrorKind::not_found : ErrorKind::refused;
  return {kind, path + ": " + std::string(errno_message(errno_from_host(error)))};
}

Error bad_snapshot(std::string message) { return {ErrorKind::bad_argument, std::move(message)}; }

}  // namespace

Expected<kernel::SessionImage> Session::Implementation::take_over(
    const kernel::SessionImage& image, const embed::SessionSettings& from) {
  std::map<const kernel::vfs::Node*, kernel::vfs::NodeRef> replaced;
  replaced[from.commands.get()] = settings_.commands;
  auto made = kernel::copy_image(image, clock_, replaced);
  if (!made.has_value()) {
    return std::unexpected(no_memory("the session's files cannot be copied"));
  }
  return std::move(*made);
}

Expected<std::unique_ptr<kernel::Kernel>> Session::Implementation::make_kernel(
    const kernel::SessionImage& image) {
  auto mounts = image.make_mounts();
  if (!mounts.has_value()) {
    return std::unexpected(bad_snapshot("something cannot be mounted where it was: " +
                                        std::string(errno_message(mounts.error()))));
  }
  kernel::StartOptions options = start_options(std::move(*mounts));
  options.directory = image.directory;
  auto made = runtime->make_kernel(std::move(options));
  made->main_task().adopt(image);
  return made;
}

Expected<Snapshot> Session::Implementation::snapshot() {
  auto made = std::make_shared<Snapshot::Implementation>();
  made->runtime = runtime;
  made->settings = settings_now();
  made->settings.commands = settings_.commands->copy();
  std::map<const kernel::vfs::Node*, kernel::vfs::NodeRef> replaced;
  replaced[settings_.commands.get()] = made->settings.commands;
  auto image = kernel::copy_image(main().image(), clock_, replaced);
  made->state = engine_->state();
  if (!image.has_value() || made->state == nullptr) {
    return std::unexpected(no_memory("there is no memory for a snapshot"));
  }
  made->image = std::move(*image);
  return Snapshot(std::move(made));
}

Expected<std::shared_ptr<Session::Implementation>> Session::Implementation::fork() {
  embed::SessionSettings settings = settings_now();
  settings.commands = settings_.commands->copy();
  auto made = std::make_shared<Implementation>(runtime, std::move(settings));
  const auto image = made->take_over(main().image(), settings_);
  if (!image.has_value()) return std::unexpected(image.error());
  auto kernel = made->make_kernel(*image);
  if (!kernel.has_value()) return std::unexpected(std::move(kernel.error()));
  auto engine = kernel::guest::EngineSession::fork(runtime->wasm, runtime->stacks,
                                                   std::move(*kernel), *engine_);
  if (!engine.has_value()) return std::unexpected(no_memory(std::move(engine.error())));
  made->engine_ = std::move(*engine);
  made->same_ = made->settings_.deterministic;
  return made;
}

Expected<kernel::SessionImage> Session::Implementation::complete(
    const Snapshot::Implementation& snapshot, const Trees& trees) {
  kernel::SessionImage image = snapshot.image;
  for (usize i = 0; i < image.mounts.size(); ++i) {
    kernel::vfs::Mounted& one = image.mounts[i];
    const bool given = one.root == nullptr;
    const bool below = i < snapshot.kinds.size() && snapshot.kinds[i] == TreeKind::overlay;
    if (!given && !below) continue;
    kernel::vfs::NodeRef root;
    const auto tree = trees.find(one.path);
    if (one.path == "/bin" || one.path == "/usr/bin") {
      root = settings_.commands;
    } else if (one.path == embed::kResolved) {
      root = settings_.resolver;
      if (root == nullptr) root = kernel::fs::fixed_directory({});
    } else if (tree != trees.end()) {
      root = tree->second.implementation().root;
      if (given) one.mode = tree->second.implementation().mode;
    } else {
      root = runtime->fixed_at(one.path);
    }
    if (root == nullptr) {
      return std::unexpected(
          bad_snapshot("the snapshot needs something to be mounted at " + one.path));
    }
    one.root = below ? kernel::fs::overlay(std::move(root), one.root) : std::move(root);
  }
  return take_over(image, snapshot.settings);
}

Expected<std::shared_ptr<Session::Implementation>> Session::Implementation::create(
    const std::shared_ptr<Runtime::Implementation>& runtime,
    const Snapshot::Implementation& snapshot, const Trees& trees) {
  if (snapshot.runtime != runtime) {
    return std::unexpected(bad_snapshot("the snapshot is of another runtime"));
  }
  embed::SessionSettings settings = snapshot.settings;
  settings.commands = settings.commands->copy();
  auto made = std::make_shared<Implementation>(runtime, std::move(settings));
  const auto image = made->complete(snapshot, trees);
  if (!image.has_value()) return std::unexpected(image.error());
  auto kernel = made->make_kernel(*image);
  if (!kernel.has_value()) return std::unexpected(std::move(kernel.error()));
  auto engine = kernel::guest::EngineSession::from(runtime->wasm, runtime->stacks,
                                                   std::move(*kernel), *snapshot.state);
  if (!engine.has_value()) return std::unexpected(no_memory(std::move(engine.error())));
  made->engine_ = std::move(*engine);
  made->same_ = made->settings_.deterministic;
  return made;
}

Expected<void> Session::Implementation::restore(const Snapshot::Implementation& snapshot) {
  if (snapshot.runtime != runtime) {
    return std::unexpected(bad_snapshot("the snapshot is of another runtime"));
  }
  // What it has mounted stands for what a file lacks.
  Trees trees;
  for (const kernel::vfs::Mounted& one : mounts_->list()) {
    trees.emplace(one.path,
                  FileTree(std::make_shared<FileTree::Implementation>(one.root, one.mode)));
  }
  const auto before_clock = clock_;
  const auto before_mounts = mounts_;
  const bool was_deterministic = settings_.deterministic;
  clock_ = snapshot.settings.make_clock();
  settings_.deterministic = snapshot.settings.deterministic;
  settings_.seed = snapshot.settings.seed;
  const auto back = [&](Error error) {
    clock_ = before_clock;
    mounts_ = before_mounts;
    settings_.deterministic = was_deterministic;
    return std::unexpected(std::move(error));
  };
  const auto image = complete(snapshot, trees);
  if (!image.has_value()) return back(image.error());
  auto kernel = make_kernel(*image);
  if (!kernel.has_value()) return back(std::move(kernel.error()));
  auto engine = kernel::guest::EngineSession::from(runtime->wasm, runtime->stacks,
                                                   std::move(*kernel), *snapshot.state);
  if (!engine.has_value()) return back(no_memory(std::move(engine.error())));
  same_ = settings_.deterministic;
  {
    // interrupt() may look at the engine at any time.
    const std::lock_guard lock(running_mutex_);
    engine_.swap(*engine);
  }
  // Ends what the other had in the background, whose output nobody will ask for.
  engine->reset();
  (void)output_->end();
  (void)errors_->end();
  ended_.store(false);
  return {};
}

std::string Snapshot::Implementation::bytes() const {
  kernel::SavedSession saved;
  saved.options = {settings.task_memory,
                   settings.tasks,
                   settings.deterministic ? 1U : 0U,
                   settings.seed,
                   static_cast<u64>(settings.clock_start),
                   static_cast<u64>(settings.clock_slept)};
  const wasm::Snapshot& memory = *state->memory;
  saved.stack_pointer = memory.stack_pointer();
  saved.memory_size = memory.memory_size();
  for (const wasm::PageRun& run : memory.runs()) saved.runs.emplace_back(run.low, run.high);
  saved.bytes = {reinterpret_cast<const char*>(memory.bytes().data()), memory.bytes().size()};
  saved.signal_word = state->signal_word;
  saved.live = state->live.address;
  saved.signals = state->signals;
  saved.image = image;
  return kernel::write_session(saved, kernel::guest::engine_build());
}

Expected<Snapshot> Snapshot::Implementation::read(
    const std::shared_ptr<Runtime::Implementation>& runtime, std::string_view bytes) {
  auto saved = kernel::read_session(bytes, kernel::guest::engine_build(), nullptr);
  if (!saved.has_value()) return std::unexpected(bad_snapshot(std::move(saved.error())));
  const auto damaged = [] { return std::unexpected(bad_snapshot("the snapshot is damaged")); };
  constexpr usize kOptions = 6;
  if (saved->options.size() != kOptions) return damaged();
  std::vector<wasm::PageRun> runs;
  for (const auto& [low, high] : saved->runs) runs.push_back({low, high});
  auto memory = wasm::Snapshot::from_parts(
      saved->stack_pointer, saved->memory_size, std::move(runs),
      {reinterpret_cast<const u8*>(saved->bytes.data()), saved->bytes.size()});
  if (memory == nullptr) return damaged();
  auto made = std::make_shared<Implementation>();
  made->runtime = runtime;
  made->settings.task_memory = saved->options[0];
  made->settings.tasks = static_cast<u32>(saved->options[1]);
  made->settings.deterministic = saved->options[2] != 0;
  made->settings.seed = saved->options[3];
  made->settings.clock_start = static_cast<i64>(saved->options[4]);
  made->settings.clock_slept = static_cast<i64>(saved->options[5]);
  made->settings.commands = std::make_shared<kernel::fs::CommandDirectory>(runtime->commands);
  made->kinds = std::move(saved->kinds);
  made->image = std::move(saved->image);
  // Devices that were open are the runtime's.
  for (kernel::SessionImage::OpenFile& file : made->image.files) {
    if (file.kind != kernel::SessionImage::FileKind::file || file.node != nullptr) continue;
    const auto found = runtime->devices->find(file.path);
    if (found.has_value()) file.node = *found;
  }
  auto state = std::make_shared<kernel::guest::SessionState>();
  state->memory = std::move(memory);
  state->signal_word = saved->signal_word;
  state->live = GuestPtr<const abi::LiveMemory>{saved->live};
  state->signals = saved->signals;
  made->state = std::move(state);
  return Snapshot(std::move(made));
}

Expected<Snapshot> Snapshot::Implementation::load(
    const std::shared_ptr<Runtime::Implementation>& runtime, const std::string& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  struct stat about{};
  if (!fd || ::fstat(fd.get(), &about) != 0) return std::unexpected(os_error(path));
  if (!S_ISREG(about.st_mode)) {
    return std::unexpected(Error{ErrorKind::refused, path + ": no regular file"});
  }
  std::string bytes(static_cast<usize>(about.st_size), '\0');
  usize done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(fd.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error(path));
    if (count == 0) break;
    done += static_cast<usize>(count);
  }
  bytes.resize(done);
  auto made = read(runtime, bytes);
  if (!made.has_value()) made.error().message.insert(0, path + ": ");
  return made;
}

Expected<void> Snapshot::save(const std::string& path) const {
  const std::string bytes = implementation_->bytes();
  std::string name = path + ".XXXXXX";
  OwnedFd fd(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd) return std::unexpected(os_error(path));
  const auto failed = [&] {
    auto error = std::unexpected(os_error(path));
    ::unlink(name.c_str());
    return error;
  };
  for (std::string_view rest = bytes; !rest.empty();) {
    const ssize_t count = ::write(fd.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed();
    rest.remove_prefix(static_cast<usize>(count));
  }
  if (::rename(name.c_str(), path.c_str()) != 0) return failed();
  return {};
}

std::string Snapshot::bytes() const { return implementation_->bytes(); }

std::uint64_t Snapshot::shell_bytes() const noexcept {
  return implementation_->state->memory->size();
}

}  // namespace swebash
