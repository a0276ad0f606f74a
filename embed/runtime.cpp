// SPDX-License-Identifier: Apache-2.0
#include "swebash/runtime.hpp"

#include <sys/resource.h>

#include <string_view>
#include <thread>
#include <utility>

#include "embed/runtime_implementation.hpp"
#include "embed/session_implementation.hpp"
#include "embed/snapshot_implementation.hpp"
#include "kernel/fs/memory.hpp"
#include "kernel/guest/shell_command.hpp"

namespace swebash {

namespace {

// What every session starts with.
constexpr const char* kArguments[] = {"swebash"};
constexpr const char* kEnvironment[] = {
    "HOME=/home/user", "PATH=/usr/bin:/bin", "USER=user",
    "LOGNAME=user",    "LANG=C.UTF-8",       "PWD=/home/user",
};
constexpr std::string_view kHome = "/home/user";

// start_info() writes nothing there.
std::span<char* const> strings_of(std::span<const char* const> list) {
  return {const_cast<char* const*>(list.data()), list.size()};
}

wasm::MemoryPlan plan_memory() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0) return {};
  return wasm::plan_memory(limit.rlim_cur);
}

}  // namespace

Runtime::Implementation::Implementation(kernel::guest::LoadedEngine loaded,
                                        const wasm::MemoryPlan& plan)
    : engine(std::move(loaded)),
      host({.thread_stack = plan.thread_stack()}),
      wasm(engine.origin, plan),
      stacks(plan.main_stack()) {
  namespace fs = kernel::fs;
  commands = std::make_shared<fs::CommandDirectory>();
  devices = fs::device_directory();
  processes = fs::fixed_directory(
      {{"self", fs::fixed_directory({{"cmdline", fs::fixed_text(std::string("swebash\0", 8))},
                                     {"comm", fs::fixed_text("swebash\n")},
                                     {"exe", fs::fixed_link("/bin/swebash")},
                                     {"fd", fs::fixed_directory({})}})}});
  accounts = fs::fixed_directory(
      {{"group", fs::fixed_text("user:x:1000:\n")},
       {"passwd", fs::fixed_text("user:x:1000:1000:user:/home/user:/bin/bash\n")}});
}

std::shared_ptr<kernel::vfs::Mounts> Runtime::Implementation::make_files(
    u64 limit, const std::shared_ptr<kernel::fs::CommandDirectory>& own,
    const std::shared_ptr<const kernel::SessionClock>& clock) const {
  using kernel::vfs::MountMode;
  constexpr u32 kRootMode = 0755;
  kernel::fs::MemoryFileSystem files(limit, kRootMode, clock);
  const kernel::vfs::NodeRef root = files.root();
  const auto make = [](const kernel::vfs::NodeRef& parent, std::string_view name, u32 mode) {
    auto made = parent->make(name, abi::kDirectoryType, mode);
    return made.has_value() ? *made : nullptr;
  };
  constexpr u32 kSticky = 01777;
  constexpr u32 kPlain = 0755;
  if (make(root, "tmp", kSticky) == nullptr) return nullptr;
  const auto home = make(root, "home", kPlain);
  if (home == nullptr || make(home, "user", kPlain) == nullptr) return nullptr;
  auto mounts = std::make_shared<kernel::vfs::Mounts>(root);
  const std::pair<std::string_view, kernel::vfs::NodeRef> fixed[] = {
      {"/bin", own}, {"/usr/bin", own}, {"/dev", devices}, {"/proc", processes}, {"/etc", accounts},
  };
  for (const auto& [path, node] : fixed) {
    if (!mounts->mount(path, node, MountMode::read_only).has_value()) return nullptr;
  }
  return mounts;
}

kernel::vfs::NodeRef Runtime::Implementation::fixed_at(std::string_view path) const {
  if (path == "/dev") return devices;
  if (path == "/proc") return processes;
  if (path == "/etc") return accounts;
  return nullptr;
}

std::unique_ptr<kernel::Kernel> Runtime::Implementation::make_kernel(kernel::StartOptions options) {
  options.role = kernel::Role::session;
  options.argv = strings_of(kArguments);
  options.envp = strings_of(kEnvironment);
  if (options.directory == "/") options.directory = kHome;
  return kernel::Kernel::create(host, std::move(options));
}

Expected<std::shared_ptr<Runtime::Implementation>> Runtime::Implementation::create(
    const RuntimeOptions& options) {
  const wasm::MemoryPlan plan = plan_memory();
  kernel::guest::EngineRequest request;
  // Nothing here may start a compiler, or write to a terminal.
  request.tier = kernel::guest::EngineTier::aot;
  request.plan = plan;
  request.directory =
      options.engine_directory.empty() ? SWEBASH_BUILT_ENGINE_DIRECTORY : options.engine_directory;
  auto engine = kernel::guest::load_engine(request);
  if (!engine.has_value()) {
    return std::unexpected(Error{ErrorKind::no_engine, std::move(engine.error().message)});
  }
  // Whatever thread lets go of it last: those of its own cannot wait for themselves.
  const auto drop = [](Implementation* one) {
    if (kernel::ThreadPool::on_pooled_thread() || embed::Deadlines::on_thread()) {
      std::thread([one] { delete one; }).detach();
    } else {
      delete one;
    }
  };
  std::shared_ptr<Implementation> made(new Implementation(std::move(*engine), plan), drop);

  // The first session, of which all others are copies.
  kernel::StartOptions first;
  first.mounts = made->make_files(1 << 20, made->commands, nullptr);
  if (first.mounts == nullptr) {
    return std::unexpected(Error{ErrorKind::no_memory, "no memory for the files of a session"});
  }
  std::string utilities;
  auto booted = kernel::guest::EngineSession::boot(made->wasm, made->stacks,
                                                   made->make_kernel(std::move(first)), utilities);
  if (!booted.has_value()) {
    return std::unexpected(Error{ErrorKind::no_memory, std::move(booted.error())});
  }
  made->origin = (*booted)->state();
  if (made->origin == nullptr) {
    return std::unexpected(Error{ErrorKind::no_engine, "the engine does not say what it is"});
  }
  const auto add_utility = [&](std::string_view name) {
    made->commands->add(name, std::make_shared<kernel::guest::UtilityCommand>(made->wasm, name));
  };
  for (usize at = 0; at < utilities.size();) {
    const usize end = std::min(utilities.find('\n', at), utilities.size());
    add_utility(std::string_view(utilities).substr(at, end - at));
    at = end + 1;
  }
  // Builtins that are programs elsewhere.
  for (const std::string_view name :
       {"[", "echo", "false", "kill", "printf", "pwd", "test", "true"}) {
    add_utility(name);
  }
  const auto shell = std::make_shared<kernel::guest::ShellCommand>(made->wasm);
  for (const std::string_view name : {"bash", "sh", "swebash"}) made->commands->add(name, shell);
  return made;
}

Runtime::Runtime(std::shared_ptr<Implementation> implementation) noexcept
    : implementation_(std::move(implementation)) {}
Runtime::Runtime(Runtime&& other) noexcept = default;
Runtime& Runtime::operator=(Runtime&& other) noexcept = default;
Runtime::~Runtime() = default;

Expected<Runtime> Runtime::create(const RuntimeOptions& options) {
  auto made = Implementation::create(options);
  if (!made.has_value()) return std::unexpected(std::move(made.error()));
  return Runtime(std::move(*made));
}

Expected<Session> Runtime::open(const SessionOptions& options) {
  auto made = Session::Implementation::create(implementation_, options);
  if (!made.has_value()) return std::unexpected(std::move(made.error()));
  return Session(std::move(*made));
}

Expected<Session> Runtime::open(const Snapshot& snapshot,
                                const std::map<std::string, FileTree>& mounts) {
  auto made = Session::Implementation::create(implementation_, snapshot.implementation(), mounts);
  if (!made.has_value()) return std::unexpected(std::move(made.error()));
  return Session(std::move(*made));
}

Expected<Snapshot> Runtime::load_snapshot(const std::string& path) {
  return Snapshot::Implementation::load(implementation_, path);
}

Expected<Snapshot> Runtime::read_snapshot(std::string_view bytes) {
  return Snapshot::Implementation::read(implementation_, bytes);
}

}  // namespace swebash
