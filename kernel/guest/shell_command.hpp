// SPDX-License-Identifier: Apache-2.0
//
// ShellCommand: the shell as a command of a session: `bash -c …`, `sh script`: an engine of its
// own, from the program's beginning. UtilityCommand: what the engine has built in, as a program:
// where something that is no shell starts it (`env sleep 1`, `/bin/cat` in a `bash -c`), as a shell
// that runs it.
//
// Thread-safe: each run has an instance of its own.
#pragma once

#include <string>
#include <string_view>

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

class UtilityCommand final : public vfs::Command {
 public:
  // `host` outlives it. `name` is the utility's, or a builtin's that is a program elsewhere.
  UtilityCommand(WasmHost& host, std::string_view name) : shell_(host), name_(name) {}
  ExitState run(Task& task, const vfs::CommandLine& line) noexcept override;

 private:
  ShellCommand shell_;
  const std::string name_;
};

}  // namespace swebash::kernel::guest
