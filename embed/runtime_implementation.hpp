// SPDX-License-Identifier: Apache-2.0
//
// Runtime::Implementation: what the sessions of a process share.
//
// Thread-safe once made. Shared by the Runtime and its sessions; the last of them ends it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "embed/deadlines.hpp"
#include "kernel/fs/fixed.hpp"
#include "kernel/guest/engine_loader.hpp"
#include "kernel/guest/engine_session.hpp"
#include "kernel/guest/main_stack.hpp"
#include "kernel/guest/wasm_host.hpp"
#include "kernel/host.hpp"
#include "kernel/kernel.hpp"
#include "kernel/vfs/mounts.hpp"
#include "swebash/runtime.hpp"

namespace swebash {

class Runtime::Implementation {
 public:
  [[nodiscard]] static Expected<std::shared_ptr<Implementation>> create(
      const RuntimeOptions& options);

  explicit Implementation(kernel::guest::LoadedEngine engine, const wasm::MemoryPlan& plan);
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  // The files of a new session; its commands go to `commands`.
  [[nodiscard]] std::shared_ptr<kernel::vfs::Mounts> make_files(
      u64 limit, const std::shared_ptr<kernel::fs::CommandDirectory>& commands,
      const std::shared_ptr<const kernel::SessionClock>& clock) const;
  // What every session finds at `path` that is not its own, or nothing.
  [[nodiscard]] kernel::vfs::NodeRef fixed_at(std::string_view path) const;
  // A kernel for a session that begins as all do.
  [[nodiscard]] std::unique_ptr<kernel::Kernel> make_kernel(kernel::StartOptions options);

  kernel::guest::LoadedEngine engine;
  kernel::Host host;
  kernel::guest::WasmHost wasm;
  kernel::guest::Stacks stacks;
  // Commands that every session has.
  std::shared_ptr<kernel::fs::CommandDirectory> commands;
  kernel::vfs::NodeRef devices;
  kernel::vfs::NodeRef processes;  // /proc
  kernel::vfs::NodeRef accounts;   // /etc
  // What a session is at its beginning.
  std::shared_ptr<const kernel::guest::SessionState> origin;
  embed::Deadlines deadlines;
};

}  // namespace swebash
