// SPDX-License-Identifier: Apache-2.0
//
// HelperCompiler: compiles by starting the program `modcache-compile`.
//
// The module goes in on its standard input and the artefact comes back on its standard output; it
// is given no other descriptor, an empty environment, a limit of memory and one of time. It is
// started without forking the caller, and the caller's signals are not touched. Thread-safe: each
// compile() has a process of its own.
#pragma once

#include <cstdint>
#include <string>

#include "modcache/compiler.hpp"
#include "modcache/settings.hpp"

namespace modcache {

struct HelperOptions {
  std::string program;                        // path; empty: looked for when it is needed
  std::string beside;                         // where to look: a directory without a last slash
  std::uint64_t timeout_ms = 300000;          // wall time
  std::uint64_t memory_limit = 4ULL << 30;    // bytes beyond what the code needs to start; 0: none
  std::uint64_t artefact_limit = 1ULL << 30;  // bytes
};

// The options that `settings` ask for; `beside` is where a program that they do not name is looked
// for first. Costs no system call.
[[nodiscard]] HelperOptions helper_options(const Settings& settings, std::string_view beside = {});

// The compile program of `options`: the one they name, else modcache-compile in `beside` (empty:
// the running program's directory), in `beside`/../libexec/modcache or, for one that stands in
// libexec itself, `beside`/../modcache, then where the package was installed; empty where there is
// none.
[[nodiscard]] std::string find_helper(const HelperOptions& options);

// The directory of the running program's file, without links, from /proc/self/exe or, where there
// is no /proc, AT_EXECFN; empty where neither says.
[[nodiscard]] std::string program_directory();

// The directory in the name of a file: "/" for one of the root's, empty where the name has none.
[[nodiscard]] std::string_view directory_of(std::string_view file) noexcept;

class HelperCompiler final : public Compiler {
 public:
  explicit HelperCompiler(HelperOptions options) : options_(std::move(options)) {}
  [[nodiscard]] Result<std::vector<std::byte>> compile(const CompileRequest& request) override;

 private:
  HelperOptions options_;
};

}  // namespace modcache
