// SPDX-License-Identifier: Apache-2.0
//
// Where the program stands, for finding what is installed beside it.
//
// Asked once at start. /proc/self/exe says it, but makes the kernel build and tear down what /proc
// shows of this process, which costs as much as some twenty other system calls; the name that the
// kernel was given to execute is there for nothing, when it can be relied on. Stateless.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/integers.hpp"

namespace swebash::shell {

// Whether `executed`, the name that execve was given, is this program's: it is none of the words in
// `argv`, where the kernel puts a script's name when it starts its interpreter in its place.
[[nodiscard]] bool names_program(std::string_view executed, std::span<char* const> argv) noexcept;

// The directory of this program's file, without links; empty when it cannot be known.
// Requires: the working directory is still the one of the start.
[[nodiscard]] std::string find_program_directory(std::span<char* const> argv);

// Where the files stand that only this program reads: apart where it is installed, in libexec, and
// else beside it. Empty when `program_directory` is.
[[nodiscard]] std::string find_companions(const std::string& program_directory);

}  // namespace swebash::shell
