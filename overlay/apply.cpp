// SPDX-License-Identifier: Apache-2.0
#include "overlay/apply.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <ranges>
#include <utility>

#include "base/folder.hpp"

namespace swebash::overlay {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
// From linux/fs.h.
constexpr unsigned kNoReplace = 1, kExchange = 2;

using Applied = Result<void, std::string>;

std::unexpected<std::string> failed() {
  return std::unexpected<std::string>(std::string(std::strerror(errno)));
}

int rename_in(int folder, const char* from, const char* to, unsigned flags) noexcept {
  return static_cast<int>(::syscall(SYS_renameat2, folder, from, folder, to, flags));
}

std::string folder_of(const std::string& path) {
  const usize slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

// One that is wanted may lie in a folder that is not there yet.
bool holds_wanted(const Change& change, const std::vector<std::string>& wanted) {
  return change.kind != Kind::same && S_ISDIR(change.above.st_mode) &&
         std::ranges::any_of(
             wanted, [&](const std::string& one) { return one.starts_with(change.path + "/"); });
}

class Applier {
 public:
  explicit Applier(const Layers& layers) : layers_(layers) {}

  // Of what `same` says the names are known.
  void know(const Change& change) {
    if (change.above.st_nlink > 1 && S_ISREG(change.above.st_mode)) {
      names_.try_emplace({change.above.st_dev, change.above.st_ino}, change.path);
    }
  }

  Applied take(const Change& change) {
    if (change.path == ".") return {};  // its mode and times come last
    const std::string folder = folder_of(change.path);
    name_ = change.path.substr(folder == "." ? 0 : folder.size() + 1);
    parent_ = open_beneath(layers_.lower.get(), folder, kFolder);
    if (!parent_) return failed();
    loosen(folder);
    SWEBASH_TRY(check(change));
    remove_tree(parent_.get(), leftover());
    switch (change.kind) {
      case Kind::removed: return remove();
      case Kind::attributes:
        if (S_ISDIR(change.above.st_mode)) return {};
        // Another name of it below is another file for the session.
        if (change.below.st_nlink <= 1) return set_attributes(change);
        break;
      default: break;
    }
    if (S_ISDIR(change.above.st_mode)) return make_folder(change);
    above_ = open_beneath(layers_.upper.get(), folder, kFolder);
    if (!above_) return failed();
    const Applied made = make_file(change);
    if (!made.has_value()) {
      remove_tree(parent_.get(), leftover());
      return made;
    }
    if (change.kind == Kind::replaced && S_ISDIR(change.below.st_mode)) {
      if (rename_in(parent_.get(), leftover(), name(), kExchange) != 0) return failed();
      remove_tree(parent_.get(), leftover());
    } else {
      const unsigned flags = change.kind == Kind::added ? kNoReplace : 0;
      if (rename_in(parent_.get(), leftover(), name(), flags) != 0) {
        const Applied lost = failed();
        remove_tree(parent_.get(), leftover());
        return lost;
      }
    }
    know(change);
    return {};
  }

  // Folders that their owner may not write have their modes again.
  void tighten() {
    for (const auto& [path, mode] : loosened_) {
      const OwnedFd fd = open_beneath(layers_.lower.get(), path, kFolder);
      if (fd) ::fchmod(fd.get(), mode);
    }
  }

  // The mode and times of a folder, when all that is in it is done.
  Applied finish_folder(const Change& change) {
    const OwnedFd fd = open_beneath(layers_.lower.get(), change.path, kFolder);
    struct stat now{};
    if (!fd || ::fstat(fd.get(), &now) != 0) return failed();
    const mode_t mode = taken_mode(change.above) | (now.st_mode & S_ISGID);
    if (mode != (now.st_mode & 07777) && ::fchmod(fd.get(), mode) != 0) return failed();
    // Others may have been at work in it since.
    const bool others =
        change.kind == Kind::attributes && is_later(change.below.st_mtim, change.above.st_mtim);
    const timespec times[2] = {{0, UTIME_OMIT}, change.above.st_mtim};
    if (!others && ::futimens(fd.get(), times) != 0) return failed();
    return {};
  }

 private:
  void loosen(const std::string& folder) {
    struct stat now{};
    constexpr mode_t kNeeded = S_IWUSR | S_IXUSR;
    if (::fstat(parent_.get(), &now) != 0 || (now.st_mode & kNeeded) == kNeeded) return;
    if (::fchmod(parent_.get(), (now.st_mode & 07777) | kNeeded) == 0) {
      loosened_.try_emplace(folder, now.st_mode & 07777);
    }
  }

  [[nodiscard]] const char* name() const noexcept { return name_.c_str(); }
  [[nodiscard]] const char* leftover() const noexcept { return layers_.leftover.c_str(); }

  // It is as it was when the changes were found.
  Applied check(const Change& change) const {
    struct stat now{};
    const bool there = ::fstatat(parent_.get(), name(), &now, AT_SYMLINK_NOFOLLOW) == 0;
    const bool was = change.kind != Kind::added;
    if (!there && !was) return {};
    const bool same_folder = there && !was && S_ISDIR(now.st_mode) && S_ISDIR(change.above.st_mode);
    if (same_folder) return {};
    // The time of a file with more than one name changes when another of them is applied.
    const bool other_time = change.below.st_nlink <= 1 && !S_ISDIR(now.st_mode) &&
                            !is_same_time(now.st_ctim, change.below.st_ctim);
    if (there != was || now.st_ino != change.below.st_ino ||
        !is_same_time(now.st_mtim, change.below.st_mtim) || other_time) {
      return std::unexpected("it has just been changed underneath");
    }
    return {};
  }

  Applied remove() {
    // A folder is gone at once, and not bit by bit.
    if (rename_in(parent_.get(), name(), leftover(), kNoReplace) != 0) return failed();
    remove_tree(parent_.get(), leftover());
    struct stat about{};
    if (::fstatat(parent_.get(), leftover(), &about, AT_SYMLINK_NOFOLLOW) == 0) {
      return std::unexpected("not all of it can be removed: what is left is in " +
                             layers_.leftover);
    }
    return {};
  }

  Applied set_attributes(const Change& change) {
    const OwnedFd fd = open_beneath(parent_.get(), name_, O_PATH | O_NOFOLLOW);
    struct stat now{};
    if (!fd || ::fstat(fd.get(), &now) != 0) return failed();
    if (now.st_ino != change.below.st_ino) return std::unexpected("it has just been changed");
    SWEBASH_TRY(set_mode_and_times(fd.get(), change.above));
    know(change);
    return {};
  }

  // Of what was opened with O_PATH: its name may be a link's by now.
  static Applied set_mode_and_times(int fd, const struct stat& above) {
    struct stat now{};
    if (::fstat(fd, &now) != 0) return failed();
    if (S_ISLNK(now.st_mode)) return std::unexpected("it has just been changed");
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    const timespec times[2] = {above.st_atim, above.st_mtim};
    const bool other_mode = ((now.st_mode ^ above.st_mode) & 01777) != 0;
    if ((other_mode && ::chmod(path.c_str(), taken_mode(above)) != 0) ||
        ::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0) {
      return failed();
    }
    return {};
  }

  Applied make_folder(const Change& change) {
    if (change.kind == Kind::replaced) {
      if (::mkdirat(parent_.get(), leftover(), 0700) != 0) return failed();
      if (rename_in(parent_.get(), leftover(), name(), kExchange) != 0) return failed();
      remove_tree(parent_.get(), leftover());
      return {};
    }
    if (::mkdirat(parent_.get(), name(), 0700) == 0 || errno == EEXIST) return {};
    return failed();
  }

  // Under the name of what is left over.
  Applied make_file(const Change& change) {
    const struct stat& above = change.above;
    const timespec times[2] = {above.st_atim, above.st_mtim};
    if (S_ISLNK(above.st_mode)) {
      const std::string text = link_text(above_.get(), name());
      if (::symlinkat(text.c_str(), parent_.get(), leftover()) != 0) return failed();
      ::utimensat(parent_.get(), leftover(), times, AT_SYMLINK_NOFOLLOW);
      return {};
    }
    if (S_ISFIFO(above.st_mode)) {
      if (::mknodat(parent_.get(), leftover(), S_IFIFO | 0600, 0) != 0) return failed();
      const OwnedFd made = open_beneath(parent_.get(), leftover(), O_PATH | O_NOFOLLOW);
      return made ? set_mode_and_times(made.get(), above) : failed();
    }
    if (link_to_name(above)) return {};
    const OwnedFd from = open_file_at(above_.get(), name());
    struct stat now{};
    if (!from || ::fstat(from.get(), &now) != 0) return failed();
    if (!S_ISREG(now.st_mode)) return std::unexpected("it is no file any more");
    const OwnedFd to(::openat(parent_.get(), leftover(),
                              O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!to) return failed();
    if (const auto copied = copy_content(from.get(), to.get()); !copied.has_value()) {
      return std::unexpected(std::strerror(copied.error()));
    }
    copy_attributes(from.get(), to.get());
    if (::fchmod(to.get(), taken_mode(above)) != 0 || ::futimens(to.get(), times) != 0) {
      return failed();
    }
    return {};
  }

  // Whether it is another name of what has been applied.
  bool link_to_name(const struct stat& above) {
    const auto known = names_.find({above.st_dev, above.st_ino});
    if (above.st_nlink < 2 || known == names_.end()) return false;
    const std::string folder = folder_of(known->second);
    const OwnedFd where = open_beneath(layers_.lower.get(), folder, kFolder);
    const std::string first = known->second.substr(folder == "." ? 0 : folder.size() + 1);
    struct stat about{};
    if (!where || ::fstatat(where.get(), first.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(about.st_mode) || about.st_size != above.st_size) {
      return false;
    }
    return ::linkat(where.get(), first.c_str(), parent_.get(), leftover(), 0) == 0;
  }

  const Layers& layers_;
  std::map<std::pair<dev_t, ino_t>, std::string> names_;  // of the upper layer's files
  std::map<std::string, mode_t> loosened_;
  OwnedFd parent_, above_;  // of what is being applied
  std::string name_;
};

// What an apply that was interrupted had not in its place yet, or had still to remove.
void clear_leftovers(int above, int below, const char* leftover) {
  remove_tree(below, leftover);
  each_name(above, [&](const char* name) {
    const OwnedFd up(::openat(above, name, kFolder | O_CLOEXEC));
    const OwnedFd low = up ? open_beneath(below, name, kFolder) : OwnedFd();
    if (low) clear_leftovers(up.get(), low.get(), leftover);
  });
}

// What was applied of some is no part of the overlay any more.
void drop_from_upper(const Layers& layers, const std::vector<Change>& applied) {
  for (const Change& change : applied) {
    const bool folder = change.kind != Kind::removed && S_ISDIR(change.above.st_mode);
    if (folder || change.hidden) continue;
    const std::string above = folder_of(change.path);
    const OwnedFd parent = open_beneath(layers.upper.get(), above, kFolder);
    const usize begin = above == "." ? 0 : above.size() + 1;
    if (parent) ::unlinkat(parent.get(), change.path.c_str() + begin, 0);
  }
}

bool is_something(const Change& change) noexcept {
  return change.kind != Kind::same && !is_folder_time(change);
}

}  // namespace

bool is_wanted(const std::string& path, const std::vector<std::string>& wanted) {
  return wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& one) {
           return one == "." || path == one ||
                  (path.size() > one.size() && path.starts_with(one) && path[one.size()] == '/');
         });
}

Outcome apply(const Folder& folder, const Layers& layers, const std::vector<std::string>& wanted) {
  Outcome outcome;
  if (layers.applying) {
    clear_leftovers(layers.upper.get(), layers.lower.get(), layers.leftover.c_str());
  }
  std::vector<Change> changes = find_changes(layers);
  std::erase_if(changes, [&](const Change& one) {
    return !is_wanted(one.path, wanted) && !holds_wanted(one, wanted) && one.kind != Kind::same;
  });
  for (const Change& one : changes) {
    if (!one.why.empty() && one.kind != Kind::refused) outcome.conflicts.push_back(one);
  }
  if (!outcome.conflicts.empty()) return outcome;
  const OwnedFd mark(
      ::openat(folder.fd.get(), "applying", O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!mark) {
    // Without it an apply that is interrupted could not be told from changes by others.
    outcome.failed.push_back({Kind::refused, ".", {}, {}, std::strerror(errno), false});
    return outcome;
  }

  Applier applier(layers);
  for (const Change& one : changes) {
    if (one.kind == Kind::same) applier.know(one);
  }
  std::vector<Change> applied;
  for (Change& one : changes) {
    if (one.kind == Kind::same) continue;
    if (one.kind == Kind::refused) {
      outcome.failed.push_back(one);
    } else if (const Applied done = applier.take(one); !done.has_value()) {
      one.why = done.error();
      outcome.failed.push_back(one);
    } else {
      applied.push_back(one);
    }
  }
  applier.tighten();
  for (const Change& one : applied | std::views::reverse) {
    if (one.kind == Kind::removed || !S_ISDIR(one.above.st_mode)) continue;
    const bool part = !wanted.empty() && !is_wanted(one.path, wanted);
    if (part && one.kind == Kind::attributes) continue;
    if (const Applied done = applier.finish_folder(one); !done.has_value()) {
      outcome.failed.push_back(one);
      outcome.failed.back().why = done.error();
    }
  }
  outcome.applied = static_cast<usize>(std::ranges::count_if(applied, is_something));
  // What the overlay has is let go when the workspace has it on its disk.
  ::syncfs(layers.lower.get());
  if (outcome.failed.empty() && wanted.empty()) {
    outcome.done = true;
  } else {
    drop_from_upper(layers, applied);
    outcome.done =
        outcome.failed.empty() && std::ranges::none_of(find_changes(layers), is_something);
  }
  if (outcome.done) remove_folder(folder);
  return outcome;
}

}  // namespace swebash::overlay
