// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/runner/case_file.hpp"

// Runs one case of a product test: a shell as a child process in a fresh directory, with its
// output, errors and status caught. Safe from many threads at once. It judges nothing.

namespace swebash::tests {

struct Subject {
  std::string shell;      ///< Absolute path of the shell under test.
  std::string work_root;  ///< An existing directory of this run's, for the cases' own.
  std::string cache;      ///< The cache's directory, which need not exist.
  unsigned patience = 1;  ///< How many times the time that a case says it may take.
};

struct Outcome {
  std::string standard_output;
  std::string standard_error;
  int status = 0;  ///< As a shell counts: 128 + N for a death by signal N.
  bool timed_out = false;
  double wall_seconds = 0;
  std::string error;  ///< Not empty: the case could not be started at all.
};

/// Runs `one` on `subject` in a directory named after `number`, which is removed afterwards.
/// What the case left running in its process group is killed.
[[nodiscard]] Outcome run_case(const Subject& subject, const Case& one, unsigned number);

}  // namespace swebash::tests
