// SPDX-License-Identifier: Apache-2.0
#include "shell/confinement.hpp"

#include <limits.h>
#include <unistd.h>

#include <cstdlib>

#include "kernel/audit/recorder.hpp"
#include "modcache/settings.hpp"
#include "modcache/stores/file_system.hpp"
#include "overlay/folder.hpp"
#include "shell/policy_file.hpp"

namespace swebash::shell {
namespace {

using kernel::Isolation;
using kernel::Keeps;
using kernel::Network;
using kernel::Policy;
using kernel::Programs;
using kernel::RuleAction;
using kernel::Temporary;
using kernel::confine::Fault;

constexpr int kUsage = 2, kCannotRun = 126;

// What a shell's program keeps beside it and loads, and what it needs where it shall not load that.
constexpr const char* kArtefacts[] = {"engine.cwasm", "engine-narrow.cwasm"};
constexpr const char* kCompiles[] = {"engine.wasm", "modcache-compile"};

template <class F>
void each_part(std::string_view text, char between, F&& call) {
  while (!text.empty()) {
    const usize end = std::min(text.find(between), text.size());
    if (end > 0) call(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Paths have colons between them in the environment, as in PATH; a flag or a file names one.
std::vector<std::string> paths_of(const std::vector<Settings::Given>& given) {
  std::vector<std::string> paths;
  for (const Settings::Given& one : given) {
    if (one.source != Settings::Source::environment) {
      paths.emplace_back(one.text);
    } else {
      each_part(one.text, ':', [&](std::string_view path) { paths.emplace_back(path); });
    }
  }
  return paths;
}

bool is_on(std::string_view text) noexcept { return !text.empty() && text != "0"; }

Result<std::vector<std::string>, std::string> variables_of(const Settings& settings) {
  std::vector<std::string> names;
  for (const Settings::Given& one : settings.env) {
    if (one.source != Settings::Source::environment) {
      names.emplace_back(one.text);
    } else {
      each_part(one.text, ',', [&](std::string_view name) { names.emplace_back(name); });
    }
  }
  for (const std::string& name : names) {
    if (name.empty() || name.front() == '=') {
      return std::unexpected("--env: " + name +
                             ": no name of a variable (--env NAME or NAME=VALUE)");
    }
  }
  return names;
}

// HOST, HOST:PORT, [ADDRESS]:PORT or *.HOST; what the proxy takes.
bool is_host(std::string_view text) noexcept {
  constexpr std::string_view kAddress = "0123456789abcdefABCDEF:.", kDigits = "0123456789";
  constexpr auto kNone = std::string_view::npos;
  if (text.starts_with('[')) {
    const usize close = text.find(']');
    if (close == kNone || text.substr(1, close - 1).find_first_not_of(kAddress) != kNone) {
      return false;
    }
    text = text.substr(close + 1).empty() ? ":1" : text.substr(close + 1);
    return text.size() > 1 && text[0] == ':' && text.find_first_not_of(kDigits, 1) == kNone;
  }
  const usize colon = text.find(':');
  if (colon != text.rfind(':')) return text.find_first_not_of(kAddress) == kNone;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with("*.")) host.remove_prefix(2);
  if (host.empty() || host.find_first_of("*/@[] \"'") != kNone) return false;
  if (colon == kNone) return true;
  const std::string_view port = text.substr(colon + 1);
  return !port.empty() && port.size() <= 5 && port.find_first_not_of(kDigits) == kNone;
}

// Of "all", "none" and lists, the later word.
Result<void, std::string> read_network(const Settings& settings, Policy& policy) {
  for (const Settings::Given& one : settings.allow_net) {
    if (one.text == "1" || !is_on(one.text)) {
      policy.network = one.text == "1" ? Network::all : Network::none;
      policy.hosts.clear();
      continue;
    }
    policy.network = Network::listed;
    each_part(one.text, ',', [&](std::string_view host) { policy.hosts.emplace_back(host); });
  }
  for (const std::string& host : policy.hosts) {
    if (!is_host(host)) {
      return std::unexpected("--allow-net: " + host +
                             ": no host (HOST or HOST:PORT, *.HOST for all below it)");
    }
  }
  return {};
}

RuleAction action_of(std::string_view name) noexcept {
  return name == "allow" ? RuleAction::allow : name == "ask" ? RuleAction::ask : RuleAction::deny;
}

void read_rules(const Settings& settings, Policy& policy) {
  constexpr std::string_view kCommand = "command.";
  RuleAction branches = RuleAction::deny;
  for (const Settings::FileEntry& entry : settings.file_entries) {
    if (entry.key == "git.action") branches = action_of(entry.text);
  }
  for (const Settings::FileEntry& entry : settings.file_entries) {
    const std::string where = settings.file + ":" + std::to_string(entry.line);
    if (entry.key.starts_with(kCommand)) {
      const RuleAction action = action_of(entry.key.substr(kCommand.size()));
      policy.commands.push_back({std::string(entry.text), action, where});
    } else if (entry.key == "git.protected") {
      policy.branches.push_back({std::string(entry.text), branches, where});
    }
  }
}

std::vector<std::string> caches() {
  std::vector<std::string> found;
  modcache::SettingsPlaces places;
  places.env_prefix = "SWEBASH_CACHE_";
  const auto settings = modcache::load_settings(modcache::host_files(), places);
  const auto take = [&found](std::string_view path) {
    constexpr std::string_view kFile = "file://";
    if (path.starts_with(kFile)) path.remove_prefix(kFile.size());
    const std::string whole = kernel::confine::real_path(".") + "/" + std::string(path);
    if (!path.empty()) found.emplace_back(path.starts_with('/') ? std::string(path) : whole);
  };
  take(settings.dir);
  each_part(settings.extra_dirs, ':', take);
  // Where other programs keep theirs, and where its own settings are.
  const auto below = [&take](const char* variable, const char* folder) {
    const char* base = std::getenv(variable);
    if (base != nullptr && *base == '/') take(std::string(base) + folder);
  };
  below("HOME", "/.cache/modcache");
  below("HOME", "/.config/modcache");
  below("XDG_CACHE_HOME", "/modcache");
  below("XDG_CONFIG_HOME", "/modcache");
  // Who writes there has it applied.
  take(overlay::overlays_root());
  return found;
}

// The folder that the settings ask for; empty where they ask for none.
Result<overlay::Folder, std::string> overlay_of(const Settings& settings, const Policy& policy) {
  const bool dry = is_on(settings.dry_run);
  if (!dry && !is_on(settings.overlay)) return overlay::Folder{};
  const std::string named = dry ? "--dry-run: " : "--overlay: ";
  if (policy.background == Keeps::yes) {
    return std::unexpected(named + "nothing can go on after the session (--keep-background)");
  }
  const std::string workspace = kernel::confine::real_path(policy.workspace);
  // What is wrong with it is said by what comes next.
  if (workspace.empty() || workspace == "/") return overlay::Folder{};
  const std::string place = settings.overlay == "1" ? "" : std::string(settings.overlay);
  auto folder = overlay::start_folder(workspace, place,
                                      dry ? overlay::Lifetime::session : overlay::Lifetime::keep);
  if (!folder.has_value()) return std::unexpected(named + folder.error());
  return folder;
}

// The account that the settings ask for, with the process that writes it; null where they ask for
// none.
Result<std::unique_ptr<kernel::audit::Account>, Fault> account_of(
    const Settings& settings, kernel::confine::Surroundings& surroundings, char** environment) {
  namespace audit = kernel::audit;
  const auto wrong = [](const std::string& message) {
    return std::unexpected(Fault{kUsage, "--audit" + message});
  };
  const std::string_view full = settings.audit_full;
  if (!full.empty() && full != "stop" && full != "continue") {
    return wrong("-full: " + std::string(full) + ": neither stop nor continue");
  }
  if (settings.audit.data() == nullptr) {
    if (!full.empty()) return wrong("-full: needs --audit FILE");
    return nullptr;
  }
  const std::string name(settings.audit);
  auto file = audit::open_account(name);
  if (!file.has_value()) return wrong(": " + file.error());
  surroundings.recorder.file = audit::path_of_account(file->get());
  auto recorder = audit::start_recorder(
      std::move(*file), full == "continue" ? audit::Full::go_on : audit::Full::stop);
  if (!recorder.has_value()) {
    return std::unexpected(Fault{kCannotRun, "--audit: " + recorder.error()});
  }
  surroundings.recorder.socket = recorder->session.release();
  surroundings.recorder.pid = recorder->pid;
  auto account =
      std::make_unique<audit::Account>(surroundings.recorder.socket, recorder->pid, name);
  if (!settings.allow_net.empty()) account->share_secrets();
  // Those that the session is not given may stand in its words.
  for (char** variable = environment; *variable != nullptr; ++variable) account->learn(*variable);
  return account;
}

}  // namespace

Result<Policy, std::string> policy_of(const Settings& settings) {
  Policy policy;
  policy.workspace = settings.workspace;
  policy.read = paths_of(settings.allow_read);
  policy.write = paths_of(settings.allow_write);
  policy.deny = paths_of(settings.deny);
  policy.environment = SWEBASH_TRY(variables_of(settings));
  if (settings.isolation == "namespace") {
    policy.isolation = Isolation::name_space;
  } else if (settings.isolation == "landlock") {
    policy.isolation = Isolation::landlock_only;
  } else if (!settings.isolation.empty() && settings.isolation != "auto") {
    return std::unexpected("--isolation: " + std::string(settings.isolation) +
                           ": no such isolation (auto, namespace or landlock)");
  }
  if (settings.tmp == "shared") {
    policy.temporary = Temporary::shared;
  } else if (!settings.tmp.empty() && settings.tmp != "private") {
    return std::unexpected("--tmp: " + std::string(settings.tmp) + ": neither private nor shared");
  }
  SWEBASH_TRY(read_network(settings, policy));
  for (const Settings::Given& one : settings.allow_run) {
    policy.native = Programs::listed;
    each_part(one.text, ',', [&](std::string_view name) { policy.programs.emplace_back(name); });
  }
  if (is_on(settings.no_native)) policy.native = Programs::none;
  if (is_on(settings.keep_fds)) policy.descriptors = Keeps::yes;
  if (is_on(settings.keep_background)) policy.background = Keeps::yes;
  policy.required = is_on(settings.require_confinement);
  read_rules(settings, policy);
  return policy;
}

std::string script_of(std::span<char* const> arguments) {
  for (usize i = 1; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (word == "--" || word == "-") return i + 1 < arguments.size() ? arguments[i + 1] : "";
    if (word.starts_with("--")) {
      if (word == "--rcfile" || word == "--init-file") ++i;
      continue;
    }
    if (word.size() < 2 || (word.front() != '-' && word.front() != '+')) return arguments[i];
    // Those that have the script elsewhere, and those that take a word.
    if (word.find_first_of("cs") != std::string_view::npos) return {};
    if (word.find_first_of("oO") != std::string_view::npos) ++i;
  }
  return {};
}

std::string_view confinement_flag_in(std::span<char* const> words) noexcept {
  constexpr std::string_view kFlags[] = {
      "--allow-net", "--allow-read", "--allow-run", "--allow-write",
      "--audit",     "--audit-full", "--deny",      "--dry-run",
      "--env",       "--isolation",  "--keep-fds",  "--keep-background",
      "--no-native", "--overlay",    "--tmp",       "--require-confinement"};
  for (const std::string_view word : words) {
    for (const std::string_view flag : kFlags) {
      if (word.starts_with(flag) && (word.size() == flag.size() || word[flag.size()] == '=')) {
        return flag;
      }
    }
  }
  return {};
}

Result<Confined, Fault> start_confined(const Settings& settings, const std::string& directory,
                                       char** environment) {
  auto policy = policy_of(settings);
  if (!policy.has_value()) return std::unexpected(Fault{kUsage, policy.error()});
  auto layer = overlay_of(settings, *policy);
  if (!layer.has_value()) return std::unexpected(Fault{kCannotRun, layer.error()});
  kernel::confine::Surroundings surroundings;
  char program[PATH_MAX];
  const ssize_t length = ::readlink("/proc/self/exe", program, sizeof(program));
  auto& files = surroundings.program_files;
  if (length > 0) files.emplace_back(program, static_cast<usize>(length));
  const std::string beside = kernel::confine::real_path(directory) + "/";
  for (const char* name : kArtefacts) files.push_back(beside + name);
  if (!settings.engine.empty() || !settings.engine_tier.empty()) {
    for (const char* name : kCompiles) files.push_back(beside + name);
    files.push_back(kernel::confine::real_path(std::string(settings.engine)));
  }
  surroundings.caches = caches();
  surroundings.proxy = beside + "swebash-proxy";
  surroundings.script = script_of(settings.arguments);
  surroundings.policy_file = settings.file;
  surroundings.policy_folder = user_policy_folder();
  if (const char* home = std::getenv("HOME")) surroundings.home = home;
  if (const char* path = std::getenv("PATH")) surroundings.search_path = path;
  if (layer->fd) {
    const char* command = is_on(settings.dry_run) ? "end-dry-run" : "end";
    const int lock = layer->fd.get();
    const std::string own = kernel::confine::real_path(overlay::overlays_root());
    surroundings.overlay = {
        layer->path,
        lock,
        own.empty() || !kernel::confine::is_within(layer->path, own),
        {directory + "/swebash-overlay", command, layer->path, std::to_string(lock)}};
    surroundings.caches.push_back(layer->path);
  }
  Confined confined;
  auto account = account_of(settings, surroundings, environment);
  if (account.has_value()) {
    confined.account = std::move(*account);
    auto made = kernel::confine::confine(std::move(*policy), surroundings, environment);
    if (made.has_value()) {
      confined.confinement = std::move(*made);
    } else {
      account = std::unexpected(made.error());
    }
  }
  if (!account.has_value()) {
    if (layer->made) overlay::remove_folder(*layer);
    return std::unexpected(account.error());
  }
  if (layer->fd) {
    // Closed inside, where its number may be another's.
    [[maybe_unused]] const int lock = layer->fd.release();
    overlay::wait_for_clock(layer->about);
  }
  // What the program itself asks for is the session's too: a cache outside is out of reach.
  static std::vector<char*> own;
  own = confined.confinement->environment();
  static char cache[] = "SWEBASH_CACHE_MODE=off";
  own.push_back(cache);
  own.push_back(nullptr);
  ::environ = own.data();
  if (confined.account != nullptr) {
    const bool view = confined.confinement->machine().isolation == Isolation::name_space;
    confined.account->begin(confined.confinement->places().workspace,
                            view ? "namespace" : "landlock", settings.arguments);
  }
  return confined;
}

}  // namespace swebash::shell
