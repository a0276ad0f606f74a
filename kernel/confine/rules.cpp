// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/rules.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/folder.hpp"
#include "kernel/confine/open_place.hpp"

namespace swebash::kernel::confine {
namespace {

Result<void, int> allow_programs(Ruleset& rules, const Policy& policy, const Places& places) {
  if (policy.native != Programs::listed) return {};
  for (const std::string& path : places.programs) {
    SWEBASH_TRY(rules.allow_resolved(path.c_str(), Right::run_file));
  }
  return {};
}

bool holds_any(const std::string& folder, const std::vector<std::string>& places) {
  return std::ranges::any_of(places,
                             [&](const std::string& one) { return is_within(one, folder); });
}

// `path` and what is below it, but for `secrets`.
Result<void, int> allow_around(Ruleset& rules, const std::string& path, Right right,
                               const std::vector<std::string>& secrets) {
  if (is_within_any(path, secrets)) return {};
  if (!holds_any(path, secrets)) return rules.allow_resolved(path.c_str(), right);
  const OwnedFd place = open_without_links(AT_FDCWD, path.c_str());
  const OwnedFd folder(place ? ::openat(place.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1);
  if (!folder) return {};
  Result<void, int> result{};
  each_entry(folder.get(), [&](const char* name, u8 kind) {
    const std::string below = path + "/" + name;
    if (!result.has_value() || is_within_any(below, secrets)) return;
    if (holds_any(below, secrets)) {
      result = allow_around(rules, below, right, secrets);
      return;
    }
    // The system's own links (resolv.conf) are what nobody else can plant.
    const bool follow = kind == DT_LNK && is_within(path, "/etc");
    const OwnedFd one = follow ? OwnedFd(::openat(folder.get(), name, O_PATH | O_CLOEXEC))
                               : open_without_links(folder.get(), name);
    if (one) result = rules.allow(one.get(), right);
  });
  return result;
}

}  // namespace

Result<void, int> allow_given(Ruleset& rules) {
  for (int fd = 0; fd <= 2; ++fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    struct stat about{};
    if (flags < 0 || ::fstat(fd, &about) != 0 || S_ISDIR(about.st_mode)) continue;
    const int mode = flags & O_ACCMODE;
    SWEBASH_TRY(rules.allow(fd, mode == O_RDONLY   ? Right::read_file
                                : mode == O_WRONLY ? Right::fill_file
                                                   : Right::write_file));
  }
  return {};
}

Result<void, int> rule_within_view(const Policy& policy, const Places& places) {
  const bool all = policy.native == Programs::all;
  const Right read = all ? Right::read_and_run : Right::read;
  const Right write = all ? Right::write_and_run : Right::write;
  auto rules = SWEBASH_TRY(Ruleset::create({.tcp = policy.network == Network::none}));
  SWEBASH_TRY(rules.allow("/", read));
  SWEBASH_TRY(rules.allow("/dev", Right::write_file));
  SWEBASH_TRY(rules.allow("/tmp", write));
  for (const std::string& path : places.writable) {
    SWEBASH_TRY(rules.allow_resolved(path.c_str(), write));
  }
  SWEBASH_TRY(allow_programs(rules, policy, places));
  SWEBASH_TRY(allow_given(rules));
  return rules.enforce();
}

Result<void, int> rule_alone(const Policy& policy, const Places& places, int temporary) {
  const bool all = policy.native == Programs::all;
  const Right read = all ? Right::read_and_run : Right::read;
  const Right write = all ? Right::write_and_run : Right::write;
  auto rules = SWEBASH_TRY(Ruleset::create({.tcp = policy.network == Network::none}));
  for (const std::string& path : places.readable) {
    SWEBASH_TRY(allow_around(rules, path, read, places.secrets));
  }
  for (const std::string& path : places.writable) {
    SWEBASH_TRY(allow_around(rules, path, write, places.secrets));
  }
  if (temporary >= 0) SWEBASH_TRY(rules.allow(temporary, write));
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
                             "/dev/tty", "/dev/ptmx", "/dev/pts/ptmx"}) {
    SWEBASH_TRY(rules.allow(device, Right::write_file));
  }
  // Of /proc, what speaks of this process and of the machine.
  SWEBASH_TRY(rules.allow("/proc/self", Right::read));
  SWEBASH_TRY(rules.allow("/proc/sys", Right::read));
  for (const char* file : {"/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/uptime",
                           "/proc/loadavg", "/proc/version", "/proc/filesystems"}) {
    SWEBASH_TRY(rules.allow(file, Right::read_file));
  }
  SWEBASH_TRY(allow_programs(rules, policy, places));
  SWEBASH_TRY(allow_given(rules));
  return rules.enforce();
}

}  // namespace swebash::kernel::confine
