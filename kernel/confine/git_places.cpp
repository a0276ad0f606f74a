// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/git_places.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "base/owned_fd.hpp"

namespace swebash::kernel::confine {
namespace {

constexpr usize kMostOfAFile = usize{256} << 10;

std::string read_file(const std::string& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat about{};
  if (!fd || ::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
  std::string text(std::min(static_cast<usize>(about.st_size), kMostOfAFile), '\0');
  const ssize_t length = ::read(fd.get(), text.data(), text.size());
  text.resize(length > 0 ? static_cast<usize>(length) : 0);
  return text;
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpaces = " \t\r\n";
  const usize first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

bool is_folder(const std::string& path) {
  struct stat about{};
  return ::lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

// The repository that a linked worktree's `.git` file names; empty when it is not one that knows
// this worktree, or not the user's.
std::string linked_repository(const std::string& workspace, const std::string& file) {
  constexpr std::string_view kHead = "gitdir:";
  const std::string text = read_file(file);
  if (!text.starts_with(kHead)) return {};
  const std::string named(trimmed(std::string_view(text).substr(kHead.size())));
  const std::string own = real_path(normal_path(workspace, named));
  if (own.empty() || is_within(own, workspace)) return {};
  struct stat about{};
  if (::stat(own.c_str(), &about) != 0 || about.st_uid != ::geteuid()) return {};
  const std::string back(trimmed(read_file(own + "/gitdir")));
  if (real_path(normal_path(own, back)) != file) return {};
  const std::string common(trimmed(read_file(own + "/commondir")));
  if (common.empty()) return {};
  std::string repository = real_path(normal_path(own, common));
  // REPOSITORY/worktrees/NAME, as git makes it.
  if (own.substr(0, own.rfind('/')) != repository + "/worktrees") return {};
  for (const char* part : {"/objects", "/refs"}) {
    if (!is_folder(repository + part)) return {};
  }
  return repository;
}

void keep(Places& places, const std::string& path) {
  places.kept.push_back(path);
  pin_above(places, path);
}

std::unexpected<Fault> cannot_keep(const std::string& path, const char* why, const char* hint) {
  return std::unexpected(Fault{2, "--workspace: " + path + ": git's hooks stand " + why +
                                      ", which cannot be kept from change (" + hint + ")"});
}

std::unexpected<Fault> behind_link(const std::string& path) {
  return cannot_keep(path, "behind a link", "make it a folder");
}

// What is not there yet is made, or a script could make it.
Result<void, Fault> keep_folder(Places& places, const std::string& path) {
  if (follow_links(places, path).by_own_link) return behind_link(path);
  for (usize end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const int made = ::mkdir(path.substr(0, end).c_str(), 0777);
    if (end != std::string::npos) continue;
    if (made == 0 || errno == EEXIST) break;
    return std::unexpected(Fault{
        2, "--workspace: " + path + ": " + std::strerror(errno) + " (git's hooks stand there)"});
  }
  keep(places, path);
  return {};
}

// What a file of settings names; relative to the workspace.
Result<void, Fault> keep_named(Places& places, const std::string& hooks) {
  const Followed way =
      follow_links(places, hooks.starts_with('/') ? hooks : places.workspace + "/" + hooks);
  if (way.path == places.workspace) {
    return cannot_keep(way.path, "in the workspace itself",
                       "core.hooksPath names it: name a folder");
  }
  if (way.by_own_link) return behind_link(hooks);
  return is_within_any(way.path, places.writable) ? keep_folder(places, way.path)
                                                  : Result<void, Fault>{};
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

// The files of settings that git reads of the user and of the system.
std::vector<std::string> settings_outside(const std::string& home) {
  std::vector<std::string> files = {variable("GIT_CONFIG_GLOBAL"), variable("GIT_CONFIG_SYSTEM"),
                                    "/etc/gitconfig"};
  if (const std::string base = variable("XDG_CONFIG_HOME"); !base.empty()) {
    files.push_back(base + "/git/config");
  }
  if (!home.empty()) {
    files.push_back(home + "/.gitconfig");
    files.push_back(home + "/.config/git/config");
  }
  return files;
}

Result<void, Fault> keep_repository(Places& places, const std::string& repository,
                                    const std::string& home) {
  SWEBASH_TRY(keep_folder(places, repository + "/hooks"));
  std::vector<std::string> settings = {repository + "/config", repository + "/config.worktree"};
  for (const std::string& file : settings) {
    struct stat about{};
    if (::lstat(file.c_str(), &about) == 0 && !S_ISREG(about.st_mode)) {
      return std::unexpected(
          Fault{2, "--workspace: " + file +
                       ": git's settings are no plain file, and cannot be kept from change "
                       "(look at it, and make it one)"});
    }
    const std::string real = real_path(file);
    if (!real.empty() && is_within_any(real, places.writable)) keep(places, real);
  }
  const std::vector<std::string> outside = settings_outside(home);
  settings.insert(settings.end(), outside.begin(), outside.end());
  for (const std::string& file : settings) {
    std::string hooks = hooks_path_in(read_file(file));
    if (hooks.empty()) continue;
    if (hooks.starts_with("~/") && !home.empty()) hooks.replace(0, 1, home);
    SWEBASH_TRY(keep_named(places, hooks));
  }
  return {};
}

bool is_word(std::string_view text, std::string_view word) noexcept {
  return text.size() == word.size() && std::ranges::equal(text, word, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

// Takes the value that `text` begins with, to the end of its line, as git-config(1) reads it.
std::string take_value(std::string_view& text) {
  std::string value;
  usize spaces = 0;
  bool quoted = false, comment = false;
  while (!text.empty()) {
    char c = text.front();
    text.remove_prefix(1);
    if (c == '\n') break;
    if (comment) continue;
    if (!quoted && (c == ' ' || c == '\t' || c == '\r')) {
      spaces += value.empty() ? 0 : 1;
      continue;
    }
    if (!quoted && (c == ';' || c == '#')) {
      comment = true;
      continue;
    }
    value.append(std::exchange(spaces, 0), ' ');
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (c == '\\' && !text.empty()) {
      c = text.front();
      text.remove_prefix(1);
      if (c == '\n') continue;
      c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'b' ? '\b' : c;
    }
    value += c;
  }
  return value;
}

}  // namespace

std::string hooks_path_in(std::string_view text) {
  std::string found;
  bool in_core = false;
  while (!text.empty()) {
    if (std::string_view(" \t\r\n").contains(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    if (text.front() == '[') {
      const usize close = std::min(text.find_first_of("]\n"), text.size());
      in_core = is_word(trimmed(text.substr(1, close - 1)), "core");
      text.remove_prefix(std::min(close + 1, text.size()));
      continue;
    }
    const usize end = std::min(text.find_first_of("=\n#;"), text.size());
    const std::string_view name = trimmed(text.substr(0, end));
    const bool has_value = end < text.size() && text[end] == '=';
    text.remove_prefix(has_value ? end + 1 : end);
    const std::string value = take_value(text);
    if (has_value && in_core && is_word(name, "hookspath")) found = value;
  }
  return found;
}

Result<void, Fault> add_git_places(Places& places, const std::string& home) {
  const std::string dot_git = places.workspace + "/.git";
  struct stat about{};
  if (::lstat(dot_git.c_str(), &about) != 0) return {};
  if (S_ISDIR(about.st_mode)) {
    return keep_repository(places, dot_git, home);
  }
  if (!S_ISREG(about.st_mode)) {
    return std::unexpected(
        Fault{2, "--workspace: " + dot_git +
                     ": neither a folder nor a file: git's hooks cannot be kept from change there "
                     "(look at it)"});
  }
  const std::string repository = linked_repository(places.workspace, dot_git);
  if (repository.empty()) return {};
  places.writable.push_back(repository);
  keep(places, dot_git);
  return keep_repository(places, repository, home);
}

}  // namespace swebash::kernel::confine
