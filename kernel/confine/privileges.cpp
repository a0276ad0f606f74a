// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/privileges.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/integers.hpp"

namespace swebash::kernel::confine {
namespace {

constexpr std::string_view kKept[] = {"PATH",    "HOME",  "LANG", "TERM",    "TZ",    "USER",
                                      "LOGNAME", "SHELL", "PWD",  "COLUMNS", "LINES", "NO_COLOR"};

std::string_view name_of(std::string_view variable) noexcept {
  return variable.substr(0, variable.find('='));
}

bool is_kept(std::string_view name, const std::vector<std::string>& asked) noexcept {
  if (name.starts_with("LC_")) return true;
  return std::ranges::find(kKept, name) != std::end(kKept) ||
         std::ranges::find(asked, name) != asked.end();
}

// What the program itself still reads.
bool is_own(std::string_view name) noexcept {
  return name.starts_with("SWEBASH_") || name == "ENGINE_WASM";
}

}  // namespace

bool drop_privileges() noexcept {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  // Being root is no privilege at an execve then. Refused to who has none: there is nothing to
  // lock.
  constexpr unsigned long kNoRoot = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED |
                                    SECBIT_NO_CAP_AMBIENT_RAISE |
                                    SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
  ::prctl(PR_SET_SECUREBITS, kNoRoot, 0, 0, 0);
  // /proc/PID/exe and /proc/PID/fd of this program are for itself alone then: by them a program
  // inside could change the mode of files that are the host's. What it starts is as ever.
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return false;
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2] = {};
  return ::syscall(SYS_capset, &header, none) == 0;
}

void close_descriptors(std::initializer_list<int> kept) noexcept {
  const auto close_range = [](unsigned first, unsigned last) {
    if (first <= last && ::syscall(SYS_close_range, first, last, 0) != 0) {
      // Before Linux 5.9.
      constexpr unsigned kHighest = 4096;
      for (unsigned fd = first; fd <= last && fd < kHighest; ++fd) ::close(static_cast<int>(fd));
    }
  };
  int next = 3;
  while (true) {
    // The lowest of them that is not below: few as they are, they need not be sorted.
    int lowest = -1;
    for (const int one : kept) {
      if (one >= next && (lowest < 0 || one < lowest)) lowest = one;
    }
    if (lowest < 0) break;
    close_range(static_cast<unsigned>(next), static_cast<unsigned>(lowest) - 1);
    next = lowest + 1;
  }
  close_range(static_cast<unsigned>(next), ~0U);
}

int folder_among_descriptors() noexcept {
  for (int fd = 0; fd <= 2; ++fd) {
    struct stat about{};
    if (::fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) return fd;
  }
  return -1;
}

std::vector<std::string> cut_environment(char* const* environment,
                                         const std::vector<std::string>& asked) {
  std::vector<std::string> kept;
  for (; *environment != nullptr; ++environment) {
    const std::string_view name = name_of(*environment);
    const bool set_anew = std::ranges::any_of(asked, [&](std::string_view one) {
      return one.find('=') != std::string_view::npos && name_of(one) == name;
    });
    if (!set_anew && is_kept(name, asked)) kept.emplace_back(*environment);
  }
  for (const std::string& one : asked) {
    if (one.find('=') == std::string::npos) continue;
    std::erase_if(kept, [&](const std::string& other) { return name_of(other) == name_of(one); });
    kept.push_back(one);
  }
  return kept;
}

void wipe_environment(char** environment, const std::vector<std::string>& kept) noexcept {
  for (; *environment != nullptr; ++environment) {
    const std::string_view variable = *environment;
    if (is_own(name_of(variable)) || std::ranges::find(kept, variable) != kept.end()) continue;
    std::memset(*environment, 0, variable.size());
  }
}

}  // namespace swebash::kernel::confine
