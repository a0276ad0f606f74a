// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/shell_command.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "kernel/guest/wasm_task.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel::guest {

namespace {
constexpr i32 kCannotRun = 126;
constexpr i32 kNotBuiltIn = 125;
// In the environment of a shell that runs a utility: what the utility leaves to a program of the
// host's comes back here, and is not there.
constexpr std::string_view kMark = "SWEBASH_UTILITY=";
// Found where it stands, whatever PATH says; and not as the last command, which a shell starts in
// its own place.
constexpr const char* kUtility = R"(command -p "$0" "$@"; exit)";
// env has a program run, which the engine leaves to others.
constexpr const char* kEnv = R"(
while (($#)); do
  case $1 in
    -i | - | --ignore-environment) unset -v $(compgen -e); PATH=/usr/bin:/bin ;;
    -u | --unset) unset -v "$2"; shift ;;
    -u*) unset -v "${1#-u}" ;;
    --unset=*) unset -v "${1#*=}" ;;
    -C | --chdir) cd -- "$2" || exit 125; shift ;;
    --chdir=*) cd -- "${1#*=}" || exit 125 ;;
    --) shift; break ;;
    -*) echo "env: $1: this option is not built in" >&2; exit 125 ;;
    *) break ;;
  esac
  shift
done
while [[ ${1-} == *=* ]]; do export "$1"; shift; done
(($#)) || { command -p env; exit; }
exec -- "$@"
)";
}  // namespace

ExitState ShellCommand::run(Task& task, const vfs::CommandLine& line) noexcept {
  auto instance = host_.make();
  if (!instance.has_value()) return ExitState::exited(kCannotRun);
  task.set_start(line.arguments, line.environment);
  WasmTask self(host_, task, **instance);
  self.prepare_thread();
  return self.run_main();
}

ExitState UtilityCommand::run(Task& task, const vfs::CommandLine& line) noexcept {
  const std::string mark = std::string(kMark) + name_;
  if (std::ranges::find(line.environment, mark) != line.environment.end()) {
    const std::string text = name_ + ": what is asked for here is not built in\n";
    (void)task.write(2, std::span(text.data(), text.size())).has_value();
    return ExitState::exited(kNotBuiltIn);
  }
  const bool is_env = name_ == "env";
  vfs::CommandLine shell = {
      line.path, {"swebash", "-c", is_env ? kEnv : kUtility, name_}, line.environment};
  if (!is_env) shell.environment.push_back(mark);
  for (usize i = 1; i < line.arguments.size(); ++i) shell.arguments.push_back(line.arguments[i]);
  return shell_.run(task, shell);
}

}  // namespace swebash::kernel::guest
