// SPDX-License-Identifier: Apache-2.0
#include "overlay/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/folder.hpp"
#include "base/high_fd.hpp"
#include "overlay/files.hpp"

namespace swebash::overlay {
namespace {

// about, version 1: lines, of which the last has a name that may hold newlines.
//   "swebash-overlay 1\n" "id " HEX16 "\n" "began " SECONDS "." NANOSECONDS "\n"
//   "folder " DEVICE " " INODE "\n" "lifetime " ("keep" | "session") "\n" "workspace " PATH "\n"
constexpr const char* kFormat =
    "swebash-overlay 1\nid %16[0-9a-f]\nbegan %lld.%ld\nfolder %llu %llu\nlifetime %7[a-z]\n"
    "workspace %n";
constexpr usize kMostAbout = PATH_MAX + 512;
constexpr int kMostNames = 10000;

std::string problem(const std::string& path, int error) {
  return path + ": " + std::strerror(error);
}

bool write_about(int folder, const About& about) {
  char head[256];
  const int size = std::snprintf(
      head, sizeof(head),
      "swebash-overlay 1\nid %s\nbegan %lld.%09ld\nfolder %llu %llu\nlifetime %s\nworkspace ",
      about.id.c_str(), static_cast<long long>(about.began.tv_sec), about.began.tv_nsec,
      static_cast<unsigned long long>(about.device), static_cast<unsigned long long>(about.inode),
      about.lifetime == Lifetime::keep ? "keep" : "session");
  const std::string text = std::string(head, static_cast<usize>(size)) + about.workspace + "\n";
  const OwnedFd fd(
      ::openat(folder, "about", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  return fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool read_about(int folder, About& about) {
  const OwnedFd fd(::openat(folder, "about", O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return false;
  std::string text(kMostAbout, '\0');
  const ssize_t size = ::read(fd.get(), text.data(), text.size());
  if (size <= 0) return false;
  text.resize(static_cast<usize>(size));
  char id[17] = {}, lifetime[8] = {};
  long long seconds = 0;
  long nanoseconds = 0;
  unsigned long long device = 0, inode = 0;
  int begin = 0;
  if (std::sscanf(text.c_str(), kFormat, id, &seconds, &nanoseconds, &device, &inode, lifetime,
                  &begin) != 6 ||
      begin == 0 || text.back() != '\n') {
    return false;
  }
  about.id = id;
  about.began = {static_cast<time_t>(seconds), nanoseconds};
  about.device = device;
  about.inode = inode;
  about.lifetime = std::strcmp(lifetime, "session") == 0 ? Lifetime::session : Lifetime::keep;
  about.workspace = text.substr(static_cast<usize>(begin));
  about.workspace.pop_back();
  return about.id.size() == 16 && about.workspace.starts_with('/');
}

// Open, ours alone, and locked if it could be.
Result<Folder, std::string> open_own(const std::string& path) {
  Folder folder;
  folder.path = path;
  folder.fd = OwnedFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat found{};
  if (!folder.fd || ::fstat(folder.fd.get(), &found) != 0) {
    return std::unexpected(problem(path, errno));
  }
  if (found.st_uid != ::geteuid() || (found.st_mode & 022) != 0) {
    return std::unexpected(path + ": others may write there (chmod 700, or name another folder)");
  }
  folder.locked = ::flock(folder.fd.get(), LOCK_EX | LOCK_NB) == 0;
  folder.fd = moved_up(std::move(folder.fd));
  return folder;
}

// What a session mounts is what is in the folder, and not what a link there leads to.
bool has_layers(const Folder& folder) {
  constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
  return open_beneath(folder.fd.get(), "upper", kFolder) &&
         open_beneath(folder.fd.get(), "work", kFolder);
}

bool is_below(const std::string& path, const std::string& folder) {
  return path.starts_with(folder + "/");
}

bool is_empty(int folder) {
  bool empty = true;
  each_name(folder, [&empty](const char*) { empty = false; });
  return empty;
}

std::string random_id() {
  u64 random = 0;
  if (::syscall(SYS_getrandom, &random, sizeof(random), 0) != sizeof(random)) return {};
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(random));
  return text;
}

Result<void, std::string> fill(Folder& folder, const std::string& workspace, Lifetime lifetime) {
  struct stat found{};
  if (::stat(workspace.c_str(), &found) != 0) return std::unexpected(problem(workspace, errno));
  About& about = folder.about;
  about.id = random_id();
  if (about.id.empty()) return std::unexpected("there are no random numbers");
  ::clock_gettime(CLOCK_REALTIME, &about.began);
  about.device = found.st_dev;
  about.inode = found.st_ino;
  about.lifetime = lifetime;
  about.workspace = workspace;
  // The description comes last: without it the folder is none.
  for (const char* part : {"upper", "work"}) {
    if (::mkdirat(folder.fd.get(), part, 0700) != 0) {
      return std::unexpected(problem(folder.path, errno));
    }
  }
  // The workspace as it is seen through it has the mode and times of its upper layer.
  const OwnedFd upper(::openat(folder.fd.get(), "upper", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const timespec times[2] = {found.st_atim, found.st_mtim};
  if (::fchmod(upper.get(), found.st_mode & 0777) != 0 || ::futimens(upper.get(), times) != 0 ||
      !write_about(folder.fd.get(), about)) {
    return std::unexpected(problem(folder.path, errno));
  }
  folder.made = true;
  return {};
}

void make_above(const std::string& path) {
  for (usize at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    ::mkdir(path.substr(0, at).c_str(), 0700);
  }
}

std::string last_name(const std::string& workspace) {
  std::string name = workspace.substr(workspace.rfind('/') + 1);
  for (char& c : name) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) c = '_';
  }
  constexpr usize kLongest = 100;
  if (name.size() > kLongest) name.resize(kLongest);
  return name;
}

// The first free NAME-N, taken by `take`, which makes it: two sessions may look at once.
template <class F>
std::string take_name(const std::string& root, const std::string& workspace, F&& take) {
  const std::string stem = root + "/" + last_name(workspace) + "-";
  for (int n = 1; n <= kMostNames; ++n) {
    std::string path = stem + std::to_string(n);
    if (take(path.c_str()) == 0) return path;
    if (errno != EEXIST) return {};
  }
  return {};
}

Result<std::string, std::string> make_root() {
  std::string root = overlays_root();
  if (root.empty()) return std::unexpected("there is no HOME to keep it in (--overlay=DIR)");
  make_above(root);
  if (::mkdir(root.c_str(), 0700) != 0 && errno != EEXIST) {
    return std::unexpected(problem(root, errno) + " (--overlay=DIR names another place)");
  }
  return root;
}

Result<Folder, std::string> use_place(const std::string& workspace, const std::string& asked,
                                      Lifetime lifetime) {
  const bool made = ::mkdir(asked.c_str(), 0700) == 0;
  if (!made && errno != EEXIST) return std::unexpected(problem(asked, errno));
  char real[PATH_MAX];
  if (::realpath(asked.c_str(), real) == nullptr) return std::unexpected(problem(asked, errno));
  Folder folder = SWEBASH_TRY(open_own(real));
  if (!folder.locked) return std::unexpected(asked + ": another session is using it");
  if (read_about(folder.fd.get(), folder.about)) {
    struct stat found{};
    if (::stat(workspace.c_str(), &found) != 0 || folder.about.workspace != workspace ||
        found.st_dev != folder.about.device || found.st_ino != folder.about.inode) {
      return std::unexpected(asked + ": is the overlay of another workspace, " +
                             folder.about.workspace);
    }
    if (!has_layers(folder)) {
      return std::unexpected(asked + ": its layers are no folders (swebash overlay discard)");
    }
    if (lifetime == Lifetime::session) {
      return std::unexpected(asked + ": has changes already, which a dry run would discard");
    }
    return folder;
  }
  if (!is_empty(folder.fd.get())) {
    return std::unexpected(asked + ": is neither empty nor an overlay");
  }
  SWEBASH_TRY(fill(folder, workspace, lifetime));
  // Its name in the list. One that cannot be made is no reason to run nothing.
  if (const auto root = make_root(); root.has_value() && lifetime == Lifetime::keep) {
    take_name(*root, workspace, [&](const char* name) { return ::symlink(real, name); });
  }
  return folder;
}

}  // namespace

std::string overlays_root() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/swebash/overlays";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::string(home) + "/.local/state/swebash/overlays";
}

Result<Folder, std::string> open_folder(const std::string& path) {
  char real[PATH_MAX];
  if (::realpath(path.c_str(), real) == nullptr) return std::unexpected(problem(path, errno));
  Folder folder = SWEBASH_TRY(open_own(real));
  if (!read_about(folder.fd.get(), folder.about)) {
    return std::unexpected(path + ": is no overlay (there is no description in it)");
  }
  // Those that stand with the others are out of every session's reach.
  char root[PATH_MAX];
  const bool is_own = ::realpath(overlays_root().c_str(), root) != nullptr && is_below(real, root);
  if (!is_own && is_below(real, folder.about.workspace)) {
    return std::unexpected(path + ": lies in its workspace, where a session can have planted it");
  }
  return folder;
}

Result<Folder, std::string> adopt_folder(const std::string& path, OwnedFd fd) {
  Folder folder;
  folder.path = path;
  folder.fd = std::move(fd);
  folder.locked = true;
  if (!read_about(folder.fd.get(), folder.about)) {
    return std::unexpected(path + ": its description is gone");
  }
  return folder;
}

namespace {

// Requires: `names`, the open root, is locked: what was made and not yet locked is not left over.
std::vector<Listed> list_locked(const std::string& root, int names) {
  std::vector<Listed> found;
  std::vector<std::string> listed;
  each_name(names, [&listed](const char* name) { listed.emplace_back(name); });
  std::ranges::sort(listed);
  for (const std::string& name : listed) {
    const std::string path = root + "/" + name;
    auto folder = open_folder(path);
    if (!folder.has_value()) {
      // A link to what is no more; or a folder whose session ended before it was one.
      struct stat about{};
      if (::stat(path.c_str(), &about) != 0 && errno == ENOENT) ::unlink(path.c_str());
      // One with a description that this program cannot read is somebody's.
      const auto own = open_own(path);
      const bool is_begun = own.has_value() && own->locked &&
                            ::fstatat(own->fd.get(), "about", &about, AT_SYMLINK_NOFOLLOW) != 0 &&
                            errno == ENOENT;
      if (is_begun) remove_folder(*own);
      continue;
    }
    if (folder->locked && folder->about.lifetime == Lifetime::session) {
      remove_folder(*folder);
      continue;
    }
    found.push_back({name, std::move(*folder)});
  }
  return found;
}

}  // namespace

std::vector<Listed> list_folders() {
  const std::string root = overlays_root();
  const OwnedFd names(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!names || ::flock(names.get(), LOCK_EX) != 0) return {};
  return list_locked(root, names.get());
}

Result<Folder, std::string> start_folder(const std::string& workspace, const std::string& place,
                                         Lifetime lifetime) {
  if (!place.empty()) return use_place(workspace, place, lifetime);
  const std::string root = SWEBASH_TRY(make_root());
  const OwnedFd guard(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!guard || ::flock(guard.get(), LOCK_EX) != 0) return std::unexpected(problem(root, errno));
  [[maybe_unused]] const auto others = list_locked(root, guard.get());
  const std::string path =
      take_name(root, workspace, [](const char* name) { return ::mkdir(name, 0700); });
  if (path.empty()) return std::unexpected(problem(root, errno));
  Folder folder = SWEBASH_TRY(open_own(path));
  if (!folder.locked) return std::unexpected(path + ": another session is using it");
  SWEBASH_TRY(fill(folder, workspace, lifetime));
  return folder;
}

void wait_for_clock(const About& about) noexcept {
  // A tick is 10 ms at most; a clock that was set back is waited for no longer than that.
  for (int i = 0; i < 100; ++i) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (is_later(now, about.began)) return;
    const timespec pause = {0, 200'000};
    ::nanosleep(&pause, nullptr);
  }
}

void remove_folder(const Folder& folder) noexcept {
  // The description last: until then it can be removed again.
  each_name(folder.fd.get(), [&](const char* name) {
    if (std::strcmp(name, "about") != 0) remove_tree(folder.fd.get(), name);
  });
  remove_tree(folder.fd.get(), "about");
  ::rmdir(folder.path.c_str());
  const std::string root = overlays_root();
  const OwnedFd names(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!names) return;
  each_name(names.get(), [&](const char* name) {
    char target[PATH_MAX];
    const ssize_t size = ::readlinkat(names.get(), name, target, sizeof(target));
    if (size > 0 && std::string_view(target, static_cast<usize>(size)) == folder.path) {
      ::unlinkat(names.get(), name, 0);
    }
  });
}

}  // namespace swebash::overlay
