// SPDX-License-Identifier: Apache-2.0
//
// Pathname expansion (POSIX XCU 2.6.6): a pattern to the names of the files that match it.
//
// It reads directories through a Directories, by default the task's file system. Names come sorted
// by bytes, which under C.UTF-8 is by character. It does not report errors: a directory that cannot
// be read has no names. Not thread-safe; keeps nothing between calls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine {

// What globbing asks of a file system. Paths are as the pattern has them; "" is the working
// directory.
class Directories {
 public:
  enum class Kind : u8 { unknown, directory, link, other };
  struct Entry {
    std::string name;
    Kind kind = Kind::unknown;
  };

  virtual ~Directories() = default;
  // Appends the names in directory `path` that `filter` admits, without "." and "..", in any order;
  // none if it cannot be read.
  virtual void list(const std::string& path, const files::NameFilter& filter,
                    std::vector<Entry>& out) = 0;
  // Whether there is something, a dangling link too, at `path`.
  virtual bool exists(const std::string& path) = 0;
  // Whether `path` is a directory or a link to one.
  virtual bool is_directory(const std::string& path) = 0;
};

// The task's own file system.
[[nodiscard]] Directories& task_directories() noexcept;

struct GlobOptions {
  bool extglob = false;
  bool dotglob = false;
  bool nocaseglob = false;
  bool globstar = false;
  bool globskipdots = true;
  bool bytes = false;       // characters are bytes (LC_ALL=C)
  std::string_view ignore;  // the value of GLOBIGNORE: patterns between colons; "" for none
};

// Whether `pattern` would be expanded at all (it has an unquoted *, ? or [...], or an extglob).
[[nodiscard]] bool is_glob(std::string_view pattern, bool extglob) noexcept;

// Appends the paths that match `pattern`, sorted; false when there is none. In `pattern` a
// backslash quotes the next character. nullglob and failglob are the caller's: they say what
// becomes of false.
bool glob(std::string_view pattern, const GlobOptions& options, std::vector<std::string>& out,
          Directories& directories = task_directories());

}  // namespace swebash::engine
