// SPDX-License-Identifier: Apache-2.0
#include "shell/doctor_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "kernel/confine/protections.hpp"
#include "shell/cache_command.hpp"

namespace swebash::shell {

bool is_doctor_command(std::span<char* const> arguments) noexcept {
  return arguments.size() == 2 && is_subcommand(arguments, "doctor");
}

int run_doctor_command() {
  namespace confine = kernel::confine;
  confine::Machine machine = confine::look_at_machine();
  confine::try_view(machine);
  const auto rows = confine::protections(kernel::Policy{}, machine);
  std::string text = "what --workspace enforces here, and by what (docs/security/confinement.md)\n";
  text +=
      "  Landlock: " + (machine.landlock > 0 ? "ABI " + std::to_string(machine.landlock) : "none") +
      "\n";
  text += std::string("  seccomp: ") + (machine.filter ? "yes" : "none") + "\n";
  text += "  a view of its own: " +
          (machine.isolation == kernel::Isolation::name_space ? "yes"
                                                              : "none (" + machine.no_view + ")") +
          "\n";
  text += confine::protection_table(rows);
  [[maybe_unused]] const auto written = ::write(1, text.data(), text.size());
  return std::ranges::any_of(rows, [](const auto& row) { return row.by.empty(); }) ? 1 : 0;
}

}  // namespace swebash::shell
