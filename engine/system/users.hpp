// SPDX-License-Identifier: Apache-2.0
//
// AccountFile: the users of /etc/passwd, or the groups of /etc/group (passwd(5), group(5)).
//
// The file is read at the first question and not again. A file that cannot be read has no lines,
// and a line without its fields is passed over. Files alone: what a directory service knows is not
// seen. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/integers.hpp"

namespace swebash::engine {

class AccountFile {
 public:
  static constexpr std::string_view kUsers = "/etc/passwd", kGroups = "/etc/group";

  // Requires: `path` outlives this object.
  explicit AccountFile(std::string_view path) noexcept : path_(path) {}
  // The lines given, instead of a file's.
  [[nodiscard]] static AccountFile of_text(std::string text);

  // The name of the first line with the number.
  [[nodiscard]] std::optional<std::string> name_of(u32 id);
  // The home directory of user `name`. Requires: a file of users.
  [[nodiscard]] std::optional<std::string> home_of(std::string_view name);
  // The login shell of the user with the number. Requires: a file of users.
  [[nodiscard]] std::optional<std::string> shell_of(u32 id);
  // All names, in the order of the file.
  [[nodiscard]] std::vector<std::string> names();

 private:
  // Calls `visit` with each line that has a name until it answers true.
  template <typename Visit>
  void each_line(Visit visit);

  std::string_view path_;
  std::string text_;
  bool loaded_ = false;
};

}  // namespace swebash::engine
