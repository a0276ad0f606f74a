// SPDX-License-Identifier: Apache-2.0
//
// The table of builtins: a row for each of engine/builtins/builtins.def. The table itself is of the
// room above (builtins/table.cpp), and linked with every shell. Constant; any thread.
#pragma once

#include <span>
#include <string_view>

#include "base/integers.hpp"
#include "engine/system/exit_status.hpp"

namespace swebash::engine {

struct Invocation;

using BuiltinFunction = ExitStatus (*)(Invocation&);

enum class BuiltinKind : u8 {
  special,  // POSIX's special builtins
  regular,
  utility,  // the engine's own version of a program of /bin and /usr/bin
};

// What the evaluator has to know of a builtin, besides its kind.
namespace trait {
enum : u16 {
  none = 0,
  declares = 1,              // arguments may be assignments
  marks = 2,                 // what was assigned before it stays, if it names that
  keeps_input = 4,           // reads, moves and closes descriptors as `read` does
  only_writes = 8,           // changes nothing, unless it formats
  formats = 16,              // by a format, whose %n assigns as -v does
  runs_command = 32,         // its arguments are a command
  runs_program = 64,         // and that may be a program
  runs_text = 128,           // text that is not read yet
  keeps_redirections = 256,  // those of `exec` may stay
  writes_or_usage = 512,     // output that cannot be written is status 2
  computes = 1024,           // arguments are expressions, which complain themselves
  confined = 2048,           // is there in a confined session alone
  // A utility that does nothing but wait. A signal to the whole process group ends the program, and
  // not a shell that catches it: there it is the program.
  only_waits = 4096,
};
}  // namespace trait

struct Builtin {
  std::string_view name;
  BuiltinFunction function = nullptr;
  BuiltinKind kind = BuiltinKind::regular;
  u16 traits = trait::none;
  std::string_view synopsis;
  std::string_view summary;

  [[nodiscard]] constexpr bool has(u16 wanted) const noexcept { return (traits & wanted) != 0; }
};

// Has the rows with trait::confined be there from now on.
void admit_confined_builtins() noexcept;
// All rows that are there, sorted by name.
[[nodiscard]] std::span<const Builtin> builtin_table() noexcept;
// The row of `name`, utilities too, or null.
[[nodiscard]] const Builtin* find_builtin(std::string_view name) noexcept;

}  // namespace swebash::engine
