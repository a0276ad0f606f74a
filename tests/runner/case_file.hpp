// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Product tests as data: a `.test.sh` file is a list of cases, each a title, a script and what the
// script must print. tests/README.md describes the format for those who write cases; this is its
// reader and writer. Values only; safe from any thread. Nothing here runs a case.

namespace swebash::tests {

/// One expected line of output.
struct ExpectedLine {
  enum class Kind { exact, escaped, glob, maybe };
  Kind kind = Kind::exact;
  std::string text;  ///< escaped: the decoded bytes, which bring their own newline; glob and maybe:
                     ///< a shell pattern. A `maybe` may be missing.
};

struct InputFile {
  std::string name;
  std::string text;
  unsigned mode = 0644;
};

enum class Runs { everywhere, not_on_bash };

struct Case {
  std::string title;
  int line = 0;                          ///< Of the title, counted from 1.
  std::string script;                    ///< Becomes script.sh where it is not empty.
  std::vector<std::string> arguments;    ///< Of the shell; empty: script.sh alone.
  std::vector<std::string> environment;  ///< NAME=VALUE, beside the standing ones.
  std::vector<InputFile> files;
  std::string standard_input;
  bool has_standard_input = false;
  bool run_by_sh = false;  ///< /bin/sh runs the script; $SWEBASH is the program.
  Runs runs = Runs::everywhere;
  int timeout_seconds = 10;

  std::vector<ExpectedLine> standard_output;
  std::vector<ExpectedLine> standard_error;
  int status = 0;

  std::vector<std::string> source;  ///< The case's lines less its expectations, for rebasing.
};

struct CaseFile {
  std::string path;
  std::vector<std::string> preamble;  ///< Lines before the first case.
  std::vector<Case> cases;
  std::string error;  ///< Not empty: `path:line: what is wrong`; there are no cases then.
};

/// Reads the cases in `text`, which came from `path`.
/// Errors: CaseFile::error.
[[nodiscard]] CaseFile parse_cases(std::string path, std::string_view text);

/// The first difference as a readable text, or nothing when `actual` is what was expected.
[[nodiscard]] std::string difference(const std::vector<ExpectedLine>& expected,
                                     std::string_view actual);

/// The lines that say that a run gave this output and status, as they stand in a file of cases.
[[nodiscard]] std::string expectation_text(std::string_view standard_output,
                                           std::string_view standard_error, int status);

}  // namespace swebash::tests
