// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/narrowing.hpp"

#include <algorithm>

#include "kernel/confine/confinement.hpp"
#include "kernel/confine/landlock.hpp"
#include "kernel/confine/rules.hpp"

namespace swebash::kernel::confine {

Result<std::shared_ptr<const Narrowing>, int> Narrowing::create(const Confinement& confinement,
                                                                std::vector<std::string> writable) {
  std::vector<std::string> always = {"/dev", "/proc"};
  const std::string& temporary = confinement.temporary();
  // A rule for a folder holds for what is mounted in it, so that a place in there could not be
  // kept.
  const bool holds_places =
      std::ranges::any_of(confinement.places().writable, [&](const std::string& one) {
        return one != temporary && is_within(one, temporary) && !is_within_any(one, writable);
      });
  if (!holds_places) always.push_back(temporary);
  auto rules = SWEBASH_TRY(Ruleset::create({.scopes = false, .files = FileRights::changes}));
  // Links may be followed here: whatever they lead to, it is no more than the start allowed.
  for (const std::string& path : writable) {
    SWEBASH_TRY(rules.allow(path.c_str(), Right::write));
  }
  for (const std::string& path : always) {
    if (path == "/proc") continue;
    SWEBASH_TRY(rules.allow(path.c_str(), path == "/dev" ? Right::write_file : Right::write));
  }
  SWEBASH_TRY(allow_given(rules));
  return std::make_shared<const Narrowing>(std::move(writable), std::move(always), rules.take());
}

bool Narrowing::allows(std::string_view path) const noexcept {
  return is_within_any(path, writable_) || is_within_any(path, always_);
}

}  // namespace swebash::kernel::confine
