// SPDX-License-Identifier: Apache-2.0
//
// What cp, mv, rm and ln have in common: trees that are copied and removed, and where an operand
// goes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/builtins/utilities/utility.hpp"

namespace swebash::engine::builtins {

// Removes a file, or a directory with all it has; complains about what cannot be removed.
struct RemoveOptions {
  bool force = false;
  bool verbose = false;
  bool ask = false;
};
[[nodiscard]] bool remove_tree(Invocation& invocation, const std::string& path,
                               const RemoveOptions& options);

// How cp and mv copy.
struct CopyOptions {
  enum class Links : u8 { follow, keep, follow_operands };
  Links links = Links::follow;
  bool recursive = false;
  bool preserve_mode = false;
  bool preserve_times = false;
  bool preserve_owner = false;
  bool force = false;
  bool verbose = false;
  // What is done about a file that exists: 'i' asks, 'n' leaves it, 0 overwrites.
  char existing = 0;
  bool update = false;
};
// Copies one file or tree to exactly `to`; complains about what cannot be copied.
[[nodiscard]] bool copy_tree(Invocation& invocation, const std::string& from, const std::string& to,
                             const CopyOptions& options, int depth = 0);

// Whether both are one and the same file.
[[nodiscard]] bool is_same_file(const abi::Stat& left, const abi::Stat& right) noexcept;

// Where cp, mv and ln put operand `from`: below directory `to`, or at `to` itself.
[[nodiscard]] std::string target_path(std::string_view from, std::string_view to, bool directory);

// What cp and mv are given: sources, and a target that is a directory or the one source's new name.
struct Transfer {
  std::vector<std::string_view> sources;
  std::string_view target;
  bool into_directory = false;
};
// Reads it from operands, -t and -T. Answers a status instead where there is nothing to transfer:
// kRunNative for what GNU's own message is wanted, a failure for what was complained about.
[[nodiscard]] std::optional<ExitStatus> read_transfer(Invocation& invocation,
                                                      const UtilityOptions& options,
                                                      Transfer& transfer);

}  // namespace swebash::engine::builtins
