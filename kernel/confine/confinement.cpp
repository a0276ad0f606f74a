// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/confinement.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "kernel/confine/landlock.hpp"
#include "kernel/confine/narrowing.hpp"
#include "kernel/confine/privileges.hpp"
#include "kernel/confine/rules.hpp"
#include "kernel/confine/session_start.hpp"
#include "kernel/confine/syscall_filter.hpp"
#include "kernel/confine/temporary.hpp"

namespace swebash::kernel::confine {
namespace {

constexpr int kUsage = 2, kCannot = 126;
// So many paths are told of at most: a script may try a million.
constexpr usize kMostTold = 1000;

std::unexpected<Fault> cannot(std::string message) {
  return std::unexpected(Fault{kCannot, std::move(message)});
}

std::string problem(const FailedStep& step) {
  return std::string(step.what) + ": " + std::strerror(step.error);
}

// The errors are those of `machine`, which may have no view.
Result<void, Fault> check_required(const Policy& policy, const Machine& machine) {
  if (!policy.required) return {};
  std::string lacking;
  for (const Protection& row : protections(policy, machine)) {
    if (row.by.empty()) lacking.append(lacking.empty() ? "" : "; ").append(row.what);
  }
  if (lacking.empty()) return {};
  if (!machine.no_view.empty()) lacking.append(" (no view: ").append(machine.no_view).append(")");
  return cannot("--require-confinement: not enforced on this machine: " + lacking);
}

// What Landlock alone cannot do is not done by half.
Result<void, Fault> check_alone(const Policy& policy, const Places& places,
                                const Machine& machine) {
  const std::string why =
      machine.no_view.empty() ? "" : " (there is no view here: " + machine.no_view + ")";
  if (machine.landlock == 0) {
    return cannot("files cannot be kept out of reach here: there is no Landlock" + why);
  }
  if (policy.network == Network::listed) {
    return cannot("--allow-net: " + policy.hosts.front() +
                  ": a list of hosts needs a view of its own, --isolation namespace" + why);
  }
  for (const std::string& path : places.policies) {
    return cannot(path +
                  ": a policy file within the workspace needs a view of its own, --isolation "
                  "namespace, or a script could change it" +
                  why);
  }
  for (const std::string& path : places.denied) {
    const bool asked = !policy.deny.empty();
    return cannot(
        path +
        (asked ? ": --deny" : ": what the shell itself trusts lies in what is allowed, and") +
        std::string(" needs a view of its own, --isolation namespace") + why);
  }
  return {};
}

// 0, 1 and 2 are open from here on, or what is opened next would take their place.
void fill_descriptors() noexcept {
  while (true) {
    const int fd = ::open("/dev/null", O_RDWR);
    if (fd < 0) return;
    if (fd > 2) {
      ::close(fd);
      return;
    }
  }
}

std::string usable_search_path(std::string_view search_path, const Places& places) {
  std::string usable;
  while (!search_path.empty()) {
    const usize end = std::min(search_path.find(':'), search_path.size());
    const std::string folder(search_path.substr(0, end));
    search_path.remove_prefix(std::min(end + 1, search_path.size()));
    const std::string real = folder.starts_with('/') ? real_path(folder) : "";
    if (!is_within_any(real, places.readable) && !is_within_any(real, places.writable)) continue;
    usable.append(usable.empty() ? "" : ":").append(folder);
  }
  return usable;
}

std::string temporary_base() {
  const char* given = std::getenv("TMPDIR");
  const std::string real = given != nullptr && *given == '/' ? real_path(given) : "";
  return real.empty() ? "/tmp" : real;
}

// What the user names and relies on later lies where no session like this one can write. It is not
// enough that this one is kept from it: another before it may have put there what it liked.
Result<void, Fault> check_reach(const Policy& policy, const Places& places) {
  const auto is_reached = [&](const std::string& path) {
    return !path.empty() &&
           (is_within_any(path, places.writable) ||
            (policy.temporary == Temporary::shared && is_within(path, temporary_base())));
  };
  const auto fault = [](const char* option, const std::string& path, const char* what) {
    return std::unexpected(Fault{kUsage, std::string(option) + path +
                                             ": the session could write there (name a " + what +
                                             " outside of what is allowed)"});
  };
  if (is_reached(places.recorder.file)) return fault("--audit: ", places.recorder.file, "file");
  if (places.overlay.named && is_reached(places.overlay.folder)) {
    return fault("--overlay: ", places.overlay.folder, "folder");
  }
  return {};
}

// What is asked for and cannot be, whatever the machine is.
Result<void, Fault> check_wishes(const Policy& policy, const Places& places,
                                 const Surroundings& surroundings) {
  if (const int fd = folder_among_descriptors(); fd >= 0) {
    return std::unexpected(
        Fault{kUsage, "--workspace: descriptor " + std::to_string(fd) +
                          " is a folder, from which the outside could be reached "
                          "(close it, or give /dev/null)"});
  }
  if (!places.overlay.folder.empty() && policy.isolation == Isolation::landlock_only) {
    return std::unexpected(Fault{kUsage, "--overlay: needs --isolation namespace"});
  }
  SWEBASH_TRY(check_reach(policy, places));
  if (policy.network == Network::listed && ::access(surroundings.proxy.c_str(), X_OK) != 0) {
    return cannot(surroundings.proxy + ": " + std::strerror(errno) +
                  " (it reaches the hosts of --allow-net, and is installed with this program)");
  }
  return {};
}

// What this machine can do is enough for --require-confinement.
Result<void, Fault> check_machine(const Policy& policy, Machine machine) {
  if (!policy.required) return {};
  if (policy.isolation != Isolation::landlock_only) {
    try_view(machine);
  } else {
    machine.isolation = Isolation::landlock_only;
  }
  return check_required(policy, machine);
}

// Starts the session in a view, and says so in `machine`; or says there why there is none, where
// Landlock alone will do.
Result<void, Fault> enter_view(const Policy& policy, const Places& places,
                               const Surroundings& surroundings, Machine& machine) {
  if (policy.isolation == Isolation::landlock_only) return {};
  const auto started = start_in_view(policy, places, surroundings.proxy);
  if (started.has_value()) {
    machine.isolation = Isolation::name_space;
    return {};
  }
  machine.no_view = problem(started.error());
  if (!places.overlay.folder.empty()) {
    return cannot("--overlay: no overlay can be had here: " + machine.no_view);
  }
  if (policy.isolation == Isolation::name_space) {
    return cannot("--isolation namespace: no view can be had here: " + machine.no_view);
  }
  // What is in the workspace cannot choose the weaker isolation.
  Machine tried = machine;
  try_view(tried);
  if (tried.isolation == Isolation::name_space) {
    return cannot("no view can be made of what is allowed: " + machine.no_view);
  }
  return {};
}

struct Alone {
  std::string temporary;  // to be emptied at the end; empty: none
  int temporary_folder = -1;
  std::string shown_temporary;
  std::string search_path;
};

// Confines this process where it stands, without a view.
Result<Alone, Fault> confine_alone(const Policy& policy, Places& places, Machine& machine,
                                   const std::string& base, const std::string& search_path) {
  SWEBASH_TRY(check_alone(policy, places, machine));
  machine.isolation = Isolation::landlock_only;
  Alone alone;
  alone.search_path = usable_search_path(search_path, places);
  if (policy.descriptors == Keeps::no) close_descriptors({places.recorder.socket});
  if (policy.temporary == Temporary::own) {
    auto folder = make_temporary_folder(base);
    if (!folder.has_value()) {
      return cannot("no folder for temporary files can be made: " +
                    std::string(std::strerror(folder.error())) + " (--tmp shared does without)");
    }
    alone.temporary = alone.shown_temporary = std::move(folder->path);
    alone.temporary_folder = folder->lock;
  } else {
    places.writable.push_back(base);
    alone.shown_temporary = base;
  }
  if (!drop_privileges()) {
    return cannot("privileges cannot be given up: " + std::string(std::strerror(errno)));
  }
  if (const auto ruled = rule_alone(policy, places, alone.temporary_folder); !ruled.has_value()) {
    return cannot("Landlock: " + std::string(std::strerror(ruled.error())));
  }
  if (machine.filter) {
    const auto filtered =
        install_filter(make_filter({.inet = policy.network == Network::all ? Inet::all : Inet::none,
                                    .unix_sockets = false,
                                    .programs = policy.native != Programs::none,
                                    .own_ipc = false}));
    if (!filtered.has_value()) {
      return cannot("seccomp: " + std::string(std::strerror(filtered.error())));
    }
  }
  if (::chdir(places.directory.c_str()) != 0) {
    return cannot(places.directory + ": " + std::strerror(errno));
  }
  return alone;
}

void set_variable(std::vector<std::string>& environment, std::string_view name,
                  const std::string& value) {
  std::erase_if(environment, [&](const std::string& one) {
    return one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=';
  });
  environment.push_back(std::string(name) + "=" + value);
}

// The variables by which programs find the proxy.
void set_proxy_variables(std::vector<std::string>& environment, const Policy& policy) {
  const std::string place = "127.0.0.1:" + std::to_string(kProxyPort);
  for (const char* name : {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"}) {
    set_variable(environment, name, "http://" + place);
  }
  // Names are resolved by the proxy alone, which the `h` asks for.
  for (const char* name : {"all_proxy", "ALL_PROXY"}) {
    set_variable(environment, name, "socks5h://" + place);
  }
  if (!is_own_host(policy, "localhost")) return;
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    set_variable(environment, name, "localhost,127.0.0.1,::1");
  }
}

}  // namespace

Result<std::unique_ptr<Confinement>, Fault> confine(Policy policy, const Surroundings& surroundings,
                                                    char** environment) {
  Machine machine = look_at_machine();
  Places places = SWEBASH_TRY(resolve_places(policy, surroundings));
  SWEBASH_TRY(check_wishes(policy, places, surroundings));
  std::vector<std::string> kept = cut_environment(environment, policy.environment);
  SWEBASH_TRY(check_machine(policy, machine));
  const std::string base = temporary_base();
  // Here, and not in the session alone: its first process has this memory too.
  wipe_environment(environment, kept);
  SWEBASH_TRY(enter_view(policy, places, surroundings, machine));
  Alone alone = {.shown_temporary = "/tmp"};
  if (machine.isolation != Isolation::name_space) {
    alone = SWEBASH_TRY(confine_alone(policy, places, machine, base, surroundings.search_path));
  }
  fill_descriptors();

  auto made =
      std::make_unique<Confinement>(std::move(policy), std::move(places), std::move(machine));
  set_variable(kept, "HOME", made->places().home);
  // Under Landlock alone the folders that are not allowed are there to be found, and not to be
  // used.
  if (made->has_end() && !surroundings.search_path.empty()) {
    set_variable(kept, "PATH", alone.search_path);
  }
  if (!alone.temporary.empty()) set_variable(kept, "TMPDIR", alone.temporary);
  if (made->policy().network == Network::listed) set_proxy_variables(kept, made->policy());
  made->shown_temporary_ = std::move(alone.shown_temporary);
  made->temporary_ = std::move(alone.temporary);
  made->temporary_folder_ = alone.temporary_folder;
  made->environment_ = std::move(kept);
  for (std::string& one : made->environment_) made->pointers_.push_back(one.data());
  return made;
}

Confinement::Refusal Confinement::refusal_of(std::string_view directory, std::string_view path,
                                             PathUse use) const {
  std::string named = normal_path(directory, path);
  const bool own_tmp = machine_.isolation == Isolation::name_space;
  const bool own = (own_tmp && is_within(named, "/tmp")) || is_within(named, "/proc") ||
                   is_within(named, "/dev") ||
                   (!temporary_.empty() && is_within(named, temporary_));
  const bool denied = is_within_any(named, places_.denied) || is_within_any(named, places_.secrets);
  const bool kept = is_within_any(named, places_.kept);
  const bool writable = is_within_any(named, places_.writable);
  const bool readable = writable || is_within_any(named, places_.readable) ||
                        std::ranges::any_of(places_.links, [&](const Link& link) {
                          return is_within(named, link.at);
                        });
  std::string_view rule = "allow-read";
  if (use == PathUse::write) {
    if ((writable || own) && !denied && !kept) return {};
    rule = "allow-write";
  } else {
    if ((readable || own || named == "/") && !denied) return {};
    // What lies above an allowed place is there, to be passed through.
    for (const auto* places : {&places_.writable, &places_.readable}) {
      for (const std::string& one : *places) {
        if (is_within(one, named)) return {};
      }
    }
  }
  if (denied) rule = "deny";
  if (is_within_any(named, places_.policies)) rule = "policies";
  return {std::move(named), std::string(rule)};
}

std::string Confinement::explain(std::string_view directory, std::string_view path, PathUse use) {
  const Refusal refusal = refusal_of(directory, path, use);
  if (refusal.rule.empty()) return {};
  std::string hint = " (--" + refusal.rule + "=" + refusal.path + " would)";
  if (refusal.rule == "deny") hint = " (it is denied)";
  if (refusal.rule == "policies") hint = " (policies are kept from change)";
  if (!tell_once(refusal.path)) return {};
  return "swebash: " + refusal.path + ": not allowed by the workspace policy" + hint + "\n";
}

std::string Confinement::explain_narrowing(const std::string& path) {
  if (!tell_once(path)) return {};
  return "swebash: " + path + ": read-only now (workspace rw would change that)\n";
}

bool Confinement::tell_once(const std::string& path) {
  const MutexLock lock(mutex_);
  if (told_.size() >= kMostTold || std::ranges::find(told_, path) != told_.end()) return false;
  told_.push_back(path);
  return true;
}

std::string Confinement::status(const Narrowing* narrowing) const {
  const auto list = [](std::string& text, const char* what,
                       const std::vector<std::string>& places) {
    for (const std::string& one : places) text.append("  ").append(what).append(one).append("\n");
  };
  std::string text = "workspace " + places_.workspace + "\n";
  for (const std::string& one : places_.writable) {
    const bool now = narrowing == nullptr || is_within_any(one, narrowing->writable());
    list(text, now ? "read-write     " : "read-only now  ", {one});
  }
  if (narrowing != nullptr) {
    // What is allowed within a place that is not.
    for (const std::string& one : narrowing->writable()) {
      const bool whole = std::ranges::find(places_.writable, one) != places_.writable.end();
      if (!whole) list(text, "read-write     ", {one});
    }
    text += "    (now: programs by Landlock, commands of the engine by its kernel's calls)\n";
  }
  list(text, "read-only      ", places_.readable);
  list(text, "kept as is     ", places_.kept);
  list(text, "denied         ", places_.denied);
  text += policy_.network == Network::none ? "  no network\n" : "  the network";
  if (policy_.network == Network::listed) {
    const char* between = ": ";
    for (const std::string& host : policy_.hosts) {
      text.append(between).append(host);
      between = ", ";
    }
  }
  if (policy_.network != Network::none) text += "\n";
  list(text, "programs       ", policy_.programs);
  for (const auto* rules : {&policy_.commands, &policy_.branches}) {
    for (const CommandRule& rule : *rules) {
      const char* action = rule.action == RuleAction::deny  ? "denied"
                           : rule.action == RuleAction::ask ? "asked about"
                                                            : "allowed";
      text += rules == &policy_.commands ? "  command        " : "  git branch     ";
      text.append(rule.match).append(": ").append(action).append(" (").append(rule.where);
      text += ", a guard rail)\n";
    }
  }
  text += machine_.isolation == Isolation::name_space ? "enforced by a view of its own"
                                                      : "enforced by Landlock alone";
  if (!machine_.no_view.empty()) text += " (" + machine_.no_view + ")";
  text += ", Landlock ABI " + std::to_string(machine_.landlock) + "\n";
  return text + protection_table(protections(policy_, machine_));
}

void Confinement::end() noexcept {
  if (!has_end() || ::getpid() != owner_) return;
  // Of all processes only those of the session can be signalled; whoever started it (0: from
  // without a pid namespace) cannot, or something is wrong with that.
  const auto scoped = [this] {
    const pid_t parent = ::getppid();
    return machine_.landlock >= kScopesAbi &&
           (parent == 0 || (::kill(parent, 0) != 0 && errno == EPERM));
  };
  // All at once: a fork(2) with a signal pending does not come about. The kernel asks every process
  // of the machine for it, which is left out where there never was one to end.
  const bool may_have_left = has_started_.load() && policy_.background == Keeps::no;
  if (may_have_left && scoped()) ::kill(-1, SIGKILL);
  // The folder itself stands where nothing may be removed: the next session does that.
  if (temporary_folder_ >= 0) remove_all_in(temporary_folder_);
}

}  // namespace swebash::kernel::confine
