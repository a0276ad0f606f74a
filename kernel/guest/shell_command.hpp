// SPDX-License-Identifier: Apache-2.0
//
// ShellCommand: the shell as a command of a session: `bash -c …`, `sh script`: an engine of its
// own, from the program's beginning.
//
// Thread-safe: each run has an instance of its own.
#pragma once

#include "kernel/guest/wasm_host.hpp"
#include "kernel/vfs/command.hpp"

namespace swebash::kernel::guest {

class ShellCommand final : public vfs::Command {
 public:
  // `host` outlives it.
  explicit ShellCommand(WasmHost& host) noexcept : host_(host) {}
  ExitState run(Task& task, const vfs::CommandLine& line) noexcept override;

 private:
  WasmHost& host_;
};

}  // namespace swebash::kernel::guest
