// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/shell_command.hpp"

#include "kernel/guest/wasm_task.hpp"

namespace swebash::kernel::guest {

namespace {
constexpr i32 kCannotRun = 126;
}

ExitState ShellCommand::run(Task& task, const vfs::CommandLine& line) noexcept {
  auto instance = host_.make();
  if (!instance.has_value()) return ExitState::exited(kCannotRun);
  task.set_start(line.arguments, line.environment);
  WasmTask self(host_, task, **instance);
  self.prepare_thread();
  return self.run_main();
}

}  // namespace swebash::kernel::guest
