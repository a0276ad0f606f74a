// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "tests/runner/run_case.hpp"

// Product tests through `swebash serve` (docs/serve.md): a server for all of them, and for each
// case a session of its own, with the case's files, that runs the shell on the case's script. Safe
// from many threads once made.

namespace swebash::tests {

class Resident {
 public:
  /// Starts a server of `shell` with its socket in `work_root`, an existing directory.
  /// Errors: `error()`.
  Resident(const std::string& shell, const std::string& work_root);
  Resident(const Resident&) = delete;
  Resident& operator=(const Resident&) = delete;
  /// Ends the server.
  ~Resident();

  [[nodiscard]] const std::string& error() const { return error_; }

  /// Runs one case, as run_case() does.
  [[nodiscard]] Outcome run(const Case& one, unsigned number, unsigned patience) const;
  /// Why a session cannot run the case, whatever the shell does: what it needs is not there. Empty
  /// where nothing is known.
  [[nodiscard]] std::string why_not(const Case& one) const;

 private:
  std::string path_;
  std::string error_;
  int server_ = -1;
  std::set<std::string, std::less<>> commands_;  ///< What a session finds.
};

}  // namespace swebash::tests
