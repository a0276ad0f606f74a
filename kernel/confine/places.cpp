// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/places.hpp"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "kernel/confine/git_places.hpp"
#include "kernel/confine/open_place.hpp"
#include "kernel/confine/program_places.hpp"

namespace swebash::kernel::confine {
namespace {

constexpr int kUsage = 2;

constexpr const char* kSystem[] = {"/usr",   "/bin",    "/sbin", "/lib", "/lib32",
                                   "/lib64", "/libx32", "/etc",  "/opt"};
constexpr const char* kSecrets[] = {
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/security/opasswd",
    "/etc/ssl/private",
    "/etc/ssh/ssh_host_rsa_key",
    "/etc/ssh/ssh_host_ecdsa_key",
    "/etc/ssh/ssh_host_ed25519_key",
    "/etc/ssh/ssh_host_dsa_key",
};

std::unexpected<Fault> wrong(std::string_view option, std::string_view path,
                             std::string_view reason, std::string_view hint) {
  std::string message(option);
  message.append(": ").append(path.empty() ? "(nothing)" : path).append(": ").append(reason);
  if (!hint.empty()) message.append(" (").append(hint).append(")");
  return std::unexpected(Fault{kUsage, std::move(message)});
}

void add(std::vector<std::string>& places, std::string place) {
  if (!place.empty() && std::ranges::find(places, place) == places.end()) {
    places.push_back(std::move(place));
  }
}

Result<std::string, Fault> resolve_workspace(const std::string& asked) {
  constexpr std::string_view kOption = "--workspace";
  if (asked.empty()) return wrong(kOption, asked, "no folder is named", "--workspace DIR");
  std::string path = real_path(asked);
  if (path.empty()) {
    const int error = errno;
    return wrong(kOption, asked, std::strerror(error), error == ENOENT ? "mkdir -p makes it" : "");
  }
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return wrong(kOption, asked, std::strerror(errno), "");
  if (!S_ISDIR(about.st_mode)) {
    return wrong(kOption, asked, "Not a directory", "name the folder that holds it");
  }
  if (path == "/") {
    return wrong(kOption, asked, "the whole system is no workspace", "name a folder of yours");
  }
  for (const char* system : kSystem) {
    if (path == system) {
      return wrong(kOption, asked, "the system's own folder is no workspace", "name one of yours");
    }
  }
  for (const char* own : {"/proc", "/sys", "/dev"}) {
    if (is_within(path, own))
      return wrong(kOption, asked, "is no place for files", "name a folder of yours");
  }
  if (about.st_uid != ::geteuid()) {
    return wrong(kOption, asked, "belongs to another user",
                 "run as its owner, or make one of yours");
  }
  if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
    return wrong(kOption, asked, std::strerror(errno), "a workspace is read, written and searched");
  }
  return path;
}

// A link of the root (`/bin`) stays one.
void add_system(Places& places) {
  for (const char* path : kSystem) {
    char text[PATH_MAX];
    const ssize_t length = ::readlink(path, text, sizeof(text));
    if (length > 0) {
      places.links.push_back({path, std::string(text, static_cast<usize>(length))});
    } else if (errno == EINVAL) {
      places.readable.emplace_back(path);
    }
  }
}

// Those that this user could read: the others are safe by their modes.
void add_secrets(Places& places) {
  for (const char* secret : kSecrets) {
    if (::access(secret, R_OK) == 0) add(places.secrets, real_path(secret));
  }
}

// Where the user named a place by a link, the link is there too.
void add_name(Places& places, const std::string& asked, const std::string& real) {
  const std::string named = normal_path(places.directory, asked);
  if (named != real && !is_within_any(named, places.readable) &&
      !is_within_any(named, places.writable)) {
    places.links.push_back({named, real});
  }
}

Result<void, Fault> add_readable(Places& places, const std::vector<std::string>& asked) {
  for (const std::string& one : asked) {
    if (one.empty()) return wrong("--allow-read", one, "no path is named", "--allow-read PATH");
    std::string path = real_path(one);
    if (path.empty()) {
      if (errno == ENOENT) continue;
      return wrong("--allow-read", one, std::strerror(errno), "");
    }
    if (path == "/" || is_within(path, "/proc") || is_within(path, "/sys")) {
      return wrong("--allow-read", one, "cannot be allowed", "name what is needed of it");
    }
    add_name(places, one, path);
    add(places.readable, std::move(path));
  }
  return {};
}

// A path that is not there: a folder where it ends in a slash, else a file.
Result<std::string, Fault> make_writable(Places& places, const std::string& asked) {
  if (asked.ends_with('/')) {
    if (::mkdir(asked.c_str(), 0777) != 0 && errno != EEXIST) {
      return wrong("--allow-write", asked, std::strerror(errno),
                   "the folder above it must be there");
    }
  } else {
    const int fd =
        ::open(asked.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0) {
      return wrong("--allow-write", asked, std::strerror(errno),
                   "the folder above it must be there");
    }
    ::close(fd);
  }
  std::string path = real_path(asked);
  if (!asked.ends_with('/')) places.made.push_back(path);
  return path;
}

Result<void, Fault> add_writable(Places& places, const std::vector<std::string>& asked) {
  for (const std::string& one : asked) {
    if (one.empty()) return wrong("--allow-write", one, "no path is named", "--allow-write PATH");
    std::string path = real_path(one);
    if (path.empty()) {
      if (errno != ENOENT) return wrong("--allow-write", one, std::strerror(errno), "");
      path = SWEBASH_TRY(make_writable(places, one));
    }
    for (const char* never : {"/proc", "/sys", "/dev"}) {
      if (is_within(path, never)) return wrong("--allow-write", one, "cannot be allowed", "");
    }
    for (const char* never : kSystem) {
      if (path == never || path == "/") {
        return wrong("--allow-write", one, "cannot be allowed", "name what is needed of it");
      }
    }
    add_name(places, one, path);
    add(places.writable, std::move(path));
  }
  return {};
}

Result<void, Fault> add_denied(Places& places, const std::vector<std::string>& asked) {
  for (const std::string& one : asked) {
    if (one.empty()) return wrong("--deny", one, "no path is named", "--deny PATH");
    std::string path = real_path(one);
    if (path.empty()) {
      // What is not there now could be made later, and would be allowed then.
      return wrong("--deny", one, std::strerror(errno), "what is denied must be there");
    }
    if (is_within(places.workspace, path)) {
      return wrong("--deny", one, "holds the workspace", "deny something in it");
    }
    add(places.denied, std::move(path));
  }
  return {};
}

void make_folders(const std::string& path) {
  for (usize at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    ::mkdir(path.substr(0, at).c_str(), 0700);
  }
  ::mkdir(path.c_str(), 0700);
}

// What a script writes there would be the policy of the next session.
Result<void, Fault> keep_policies(Places& places, const Surroundings& surroundings) {
  constexpr std::string_view kOption = "--policy";
  for (const std::string& asked : {surroundings.policy_file, surroundings.policy_folder}) {
    if (asked.empty()) continue;
    const Followed way = follow_links(places, asked);
    if (way.by_own_link) {
      return wrong(kOption, normal_path(places.directory, asked),
                   "stands behind a link, which a script could change",
                   "name the file itself, or one outside the workspace");
    }
    if (!is_within_any(way.path, places.writable)) continue;
    // The user's folder, which a script could make.
    if (real_path(way.path).empty()) make_folders(way.path);
    if (real_path(way.path) != way.path) {
      return wrong(kOption, way.path, std::strerror(errno), "policies stand there");
    }
    add(places.kept, way.path);
    add(places.policies, way.path);
    pin_above(places, way.path);
  }
  return {};
}

// One that is not there yet is made: a script that made it would be believed.
Result<void, Fault> add_caches(Places& places, const std::vector<std::string>& caches) {
  for (const std::string& one : caches) {
    const Followed way = follow_links(places, one);
    if (way.by_own_link) {
      return wrong("--workspace", normal_path(places.directory, one),
                   "what the shell itself trusts stands behind a link",
                   "SWEBASH_CACHE_DIR and XDG_STATE_HOME can name it");
    }
    const bool writable = is_within_any(way.path, places.writable);
    if (!writable && !is_within_any(way.path, places.readable)) continue;
    if (writable && real_path(way.path).empty()) make_folders(way.path);
    const std::string path = real_path(way.path);
    if (path.empty() && !writable) continue;
    if (path != way.path) {
      return wrong("--workspace", way.path, std::strerror(errno), "modules' cache");
    }
    add(places.denied, path);
    pin_above(places, path);
  }
  return {};
}

std::string working_directory() {
  char text[PATH_MAX];
  return ::getcwd(text, sizeof(text)) != nullptr && text[0] == '/' ? text : std::string("/");
}

}  // namespace

bool is_within(std::string_view path, std::string_view place) noexcept {
  if (place == "/") return path.starts_with('/');
  if (!path.starts_with(place)) return false;
  return path.size() == place.size() || path[place.size()] == '/';
}

bool is_within_any(std::string_view path, const std::vector<std::string>& places) noexcept {
  return std::ranges::any_of(places, [&](const std::string& one) { return is_within(path, one); });
}

std::string normal_path(std::string_view directory, std::string_view path) {
  std::string out;
  const auto take = [&out](std::string_view words) {
    while (!words.empty()) {
      const usize end = std::min(words.find('/'), words.size());
      const std::string_view word = words.substr(0, end);
      words.remove_prefix(std::min(end + 1, words.size()));
      if (word.empty() || word == ".") continue;
      if (word == "..") {
        out.resize(out.empty() ? 0 : out.rfind('/'));
      } else {
        out.append("/").append(word);
      }
    }
  };
  if (!path.starts_with('/')) take(directory);
  take(path);
  return out.empty() ? "/" : out;
}

Followed follow_links(const Places& places, const std::string& path) {
  Followed way = {"/", false};
  std::string rest = path.starts_with('/') ? path : places.directory + "/" + path;
  constexpr int kMostLinks = 40;  // as Linux
  for (int links = 0; !rest.empty() && links <= kMostLinks;) {
    const usize end = std::min(rest.find('/'), rest.size());
    const std::string word = rest.substr(0, end);
    rest.erase(0, end + 1);
    if (word.empty() || word == ".") continue;
    const std::string next = normal_path(way.path, word);
    char text[PATH_MAX];
    const ssize_t size = word == ".." ? -1 : ::readlink(next.c_str(), text, sizeof(text));
    if (size <= 0) {
      way.path = next;
      continue;
    }
    ++links;
    way.by_own_link |= is_within_any(way.path, places.writable);
    if (text[0] == '/') way.path = "/";
    rest.insert(0, std::string(text, static_cast<usize>(size)) + "/");
  }
  return way;
}

void pin_above(Places& places, const std::string& path) {
  for (const std::string& root : places.writable) {
    if (!is_within(path, root)) continue;
    for (std::string above = path.substr(0, path.rfind('/')); above.size() > root.size();
         above.resize(above.rfind('/'))) {
      add(places.pinned, above);
    }
  }
}

std::string real_path(const std::string& path) {
  // Most have no link in them, and are what they say: one call tells where realpath(3) asks about
  // each folder on the way.
  if (path.starts_with('/')) {
    const OwnedFd fd = open_without_links(AT_FDCWD, path.c_str());
    if (fd) return normal_path("/", path);
    if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) return {};
  }
  char text[PATH_MAX];
  return ::realpath(path.c_str(), text) != nullptr ? text : std::string();
}

Result<Places, Fault> resolve_places(const Policy& policy, const Surroundings& surroundings) {
  Places places;
  places.directory = working_directory();
  places.workspace = SWEBASH_TRY(resolve_workspace(policy.workspace));
  places.writable.push_back(places.workspace);
  add_system(places);
  add_name(places, policy.workspace, places.workspace);
  SWEBASH_TRY(add_readable(places, policy.read));
  SWEBASH_TRY(add_writable(places, policy.write));
  const usize asked = places.writable.size();
  SWEBASH_TRY(add_git_places(places, surroundings.home));
  places.recorder = surroundings.recorder;
  if (!surroundings.overlay.folder.empty()) {
    // What git has elsewhere would be written there, and by no overlay.
    places.overlay = surroundings.overlay;
    for (usize i = asked; i < places.writable.size(); ++i) add(places.readable, places.writable[i]);
    places.writable.resize(asked);
  }
  std::erase_if(places.kept, [&](const std::string& one) {
    // The user named it: then it is theirs to have changed.
    return std::ranges::find(places.writable, one) != places.writable.end();
  });
  SWEBASH_TRY(keep_policies(places, surroundings));
  add_secrets(places);
  // Alone, and not what stands beside them.
  for (const std::string& file : surroundings.program_files) {
    if (!is_within_any(file, places.readable) && ::access(file.c_str(), R_OK) == 0) {
      add(places.readable, file);
    }
  }
  if (!surroundings.script.empty()) {
    std::string path = real_path(surroundings.script);
    if (!path.empty() && !is_within_any(path, places.readable) &&
        !is_within_any(path, places.writable)) {
      add_name(places, surroundings.script, path);
      add(places.readable, std::move(path));
    }
  }
  if (policy.network == Network::all) {
    // Often a link to what a daemon keeps up to date.
    std::string path = real_path("/etc/resolv.conf");
    if (!path.empty() && !is_within(path, "/etc")) add(places.readable, std::move(path));
  }
  SWEBASH_TRY(add_denied(places, policy.deny));
  SWEBASH_TRY(add_caches(places, surroundings.caches));
  if (policy.native == Programs::listed) {
    SWEBASH_TRY(add_programs(places, policy.programs, surroundings.search_path));
  }
  const auto allowed = [&](const std::string& path) {
    return (is_within_any(path, places.writable) || is_within_any(path, places.readable)) &&
           !is_within_any(path, places.denied);
  };
  const std::string home = surroundings.home.empty() ? "" : real_path(surroundings.home);
  places.home = !home.empty() && allowed(home) ? surroundings.home : places.workspace;
  // A script that is named from where the program was started is found from there.
  const bool named_from_here = !surroundings.script.empty() && surroundings.script.front() != '/';
  if (!allowed(places.directory) && !named_from_here) places.directory = places.workspace;
  return places;
}

}  // namespace swebash::kernel::confine
