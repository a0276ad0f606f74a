// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/protections.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "kernel/confine/landlock.hpp"
#include "kernel/confine/session_start.hpp"
#include "kernel/confine/syscall_filter.hpp"

namespace swebash::kernel::confine {
namespace {

std::string either(bool first, const char* one, bool second, const char* other) {
  std::string by = first ? one : "";
  if (second) by.append(by.empty() ? "" : ", ").append(other);
  return by;
}

}  // namespace

Machine look_at_machine() noexcept {
  Machine machine;
  machine.landlock = landlock_abi();
  machine.filter = has_filters();
  return machine;
}

void try_view(Machine& machine) {
  machine.isolation = machine.landlock > 0 ? Isolation::landlock_only : Isolation::automatic;
  int results[2];
  if (::pipe(results) != 0) return;
  const pid_t child = ::fork();
  if (child == 0) {
    Places places;
    places.readable.emplace_back("/usr");
    places.directory = "/";
    places.workspace = "/";
    const auto started = start_in_view(Policy{}, places, {});
    if (started.has_value()) ::_exit(0);
    const std::string text =
        std::string(started.error().what) + ": " + std::strerror(started.error().error);
    [[maybe_unused]] const auto written = ::write(results[1], text.data(), text.size());
    ::_exit(1);
  }
  ::close(results[1]);
  int state = 0;
  while (child > 0 && ::waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  char text[128];
  const ssize_t length = ::read(results[0], text, sizeof(text));
  ::close(results[0]);
  if (child > 0 && state == 0) {
    machine.isolation = Isolation::name_space;
  } else {
    machine.no_view.assign(text, length > 0 ? static_cast<usize>(length) : 0);
  }
}

std::vector<Protection> protections(const Policy& policy, const Machine& machine) {
  const bool view = machine.isolation == Isolation::name_space;
  const bool landlock = machine.landlock > 0;
  const bool scopes = machine.landlock >= kScopesAbi;
  const bool filter = machine.filter;
  const bool closed = policy.network == Network::none;
  const bool listed = policy.network == Network::listed;
  const bool own_network = view && (listed || (closed && !scopes));
  std::vector<Protection> rows = {
      {"files outside cannot be used", either(view, "view", landlock, "Landlock")},
      {"files outside cannot be seen", view ? "view" : ""},
      {"their modes, owners and times", view ? "view" : ""},
      {"secrets of the system", either(view, "view", !view && landlock, "Landlock")},
      {"git's hooks and settings", view ? "view" : ""},
      {"--deny", view ? "view" : ""},
      {"the module cache", either(view, "view", !view && landlock, "Landlock")},
      {"processes outside", either(view, "pid namespace", scopes, "Landlock")},
      {"other processes' memory", either(filter, "seccomp", landlock, "Landlock")},
      {"System V and POSIX IPC", either(view, "ipc namespace", !view && filter, "seccomp")},
      {"abstract sockets", either(own_network, "network namespace", scopes, "Landlock")},
      {"sockets with names", either(view, "view", !view && filter, "seccomp")},
      {"mounts, namespaces, kernel parts", filter ? "seccomp" : ""},
      {"words into a terminal's input", filter ? "seccomp" : ""},
      {"privileges", "no_new_privs, no capabilities"},
      {"environment", "cut at the start"},
  };
  if (closed) {
    rows.push_back(
        {"TCP", either(own_network, "network namespace", machine.landlock >= kTcpAbi, "Landlock") +
                    (filter ? (machine.landlock >= kTcpAbi ? ", seccomp" : "seccomp") : "")});
    rows.push_back(
        {"UDP, raw, netlink", either(own_network, "network namespace", filter, "seccomp")});
  }
  if (listed) {
    rows.push_back({"hosts that are not listed", view ? "network namespace, the proxy" : ""});
  }
  if (policy.descriptors == Keeps::no)
    rows.push_back({"descriptors from outside", "closed at the start"});
  if (policy.background == Keeps::no) {
    rows.push_back(
        {"nothing outlives the session",
         either(view, "pid namespace", !view && scopes, "killed at its end (Landlock's scope)")});
  }
  if (policy.temporary == Temporary::own)
    rows.push_back({"temporary files", view ? "view" : "a folder of its own"});
  if (policy.native == Programs::none)
    rows.push_back({"no native programs", filter ? "seccomp" : ""});
  if (policy.native == Programs::listed)
    rows.push_back({"listed programs alone", landlock ? "Landlock" : ""});
  return rows;
}

std::string protection_table(const std::vector<Protection>& rows) {
  constexpr usize kColumn = 34;
  std::string text;
  for (const Protection& row : rows) {
    std::string line = std::string("  ") + row.what;
    line.resize(std::max(line.size() + 1, kColumn), ' ');
    text.append(line).append(row.by.empty() ? "NOT ENFORCED here" : row.by).append("\n");
  }
  return text;
}

}  // namespace swebash::kernel::confine
