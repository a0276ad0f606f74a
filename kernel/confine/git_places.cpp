// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/git_places.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

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

// What is not there yet is made, or a script could make it.
Result<void, Fault> keep_folder(Places& places, const std::string& path) {
  struct stat about{};
  if (::lstat(path.c_str(), &about) == 0 && S_ISLNK(about.st_mode)) {
    return std::unexpected(Fault{2, "--workspace: " + path +
                                        ": git's hooks stand behind a link, which cannot be kept "
                                        "from change (make it a folder)"});
  }
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    return std::unexpected(Fault{
        2, "--workspace: " + path + ": " + std::strerror(errno) + " (git's hooks stand there)"});
  }
  const std::string real = real_path(path);
  if (!real.empty() && is_within_any(real, places.writable) && real != places.workspace) {
    keep(places, real);
  }
  return {};
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
  if (!home.empty()) {
    settings.push_back(home + "/.gitconfig");
    settings.push_back(home + "/.config/git/config");
  }
  for (const std::string& file : settings) {
    std::string hooks = hooks_path_in(read_file(file));
    if (hooks.empty()) continue;
    if (hooks.starts_with("~/") && !home.empty()) hooks.replace(0, 1, home);
    const std::string path = normal_path(places.workspace, hooks);
    if (is_within_any(path, places.writable) && path != places.workspace) {
      SWEBASH_TRY(keep_folder(places, path));
    }
  }
  return {};
}

bool is_word(std::string_view text, std::string_view word) noexcept {
  return text.size() == word.size() && std::ranges::equal(text, word, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

}  // namespace

std::string hooks_path_in(std::string_view text) {
  std::string found;
  bool in_core = false;
  while (!text.empty()) {
    const usize end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('[')) {
      const usize close = line.find(']');
      in_core =
          close != std::string_view::npos && is_word(trimmed(line.substr(1, close - 1)), "core");
      line = close == std::string_view::npos ? std::string_view{} : trimmed(line.substr(close + 1));
    }
    const usize equals = line.find('=');
    if (!in_core || equals == std::string_view::npos) continue;
    if (!is_word(trimmed(line.substr(0, equals)), "hookspath")) continue;
    std::string_view value = trimmed(line.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    } else {
      value = trimmed(value.substr(0, std::min(value.find_first_of("#;"), value.size())));
    }
    found = value;
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
