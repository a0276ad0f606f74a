// SPDX-License-Identifier: Apache-2.0
#include "overlay/changes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/folder.hpp"

namespace swebash::overlay {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr mode_t kModes = 01777;
// Folders within folders; a descriptor of each layer is open for each.
constexpr int kDepth = 400;

mode_t type_of(const struct stat& about) noexcept { return about.st_mode & S_IFMT; }

bool is_whiteout(const struct stat& about) noexcept {
  return S_ISCHR(about.st_mode) && about.st_rdev == 0;
}

constexpr const char* kChanged = "it has changed underneath since";

class Finder {
 public:
  explicit Finder(const Layers& layers) : layers_(layers) {}

  std::vector<Change> found;

  // `below` is not open where there is no such folder.
  void enter(const std::string& path, int above, int below, bool hidden, bool moved, int depth) {
    std::vector<std::string> names;
    each_name(above, [&names](const char* name) { names.emplace_back(name); });
    if (hidden && below >= 0) add_hidden(path, names, below);
    std::ranges::sort(names);
    for (const std::string& name : names) look(path, name, above, below, hidden, moved, depth);
  }

 private:
  struct Place {
    std::string path;
    const char* name;
    int above, below;
    bool hidden, moved;
    struct stat up{}, low{};
    bool there = false;  // below
  };

  Change& add(Kind kind, const Place& place) {
    found.push_back({kind, place.path, place.up, place.low, {}, place.hidden});
    return found.back();
  }

  // Where something was applied already, files have new names: then the times of what they hold
  // count.
  bool is_newer(const struct stat& about) const noexcept {
    return is_later(layers_.applying ? about.st_mtim : about.st_ctim, layers_.began);
  }

  // Whether anything in the tree has changed since.
  bool is_tree_newer(int folder, const char* name, const struct stat& about, int depth) const {
    if (is_newer(about)) return true;
    if (!S_ISDIR(about.st_mode)) return false;
    // What is mounted below was not seen by the session, and is not removed for it.
    const OwnedFd inner = depth > kDepth ? OwnedFd() : open_beneath(folder, name, kFolder);
    if (!inner) return true;
    bool newer = false;
    each_name(inner.get(), [&](const char* one) {
      struct stat below{};
      newer = newer || ::fstatat(inner.get(), one, &below, AT_SYMLINK_NOFOLLOW) != 0 ||
              is_tree_newer(inner.get(), one, below, depth + 1);
    });
    return newer;
  }

  void check_below(Change& change, const Place& place) const {
    if (place.moved || is_tree_newer(place.below, place.name, place.low, 0)) change.why = kChanged;
  }

  // An opaque folder hides what is below it: what is not in it as well was removed.
  void add_hidden(const std::string& path, const std::vector<std::string>& names, int below) {
    std::vector<std::string> gone;
    each_name(below, [&](const char* name) {
      if (std::ranges::find(names, name) == names.end() && name != layers_.leftover) {
        gone.emplace_back(name);
      }
    });
    std::ranges::sort(gone);
    for (const std::string& name : gone) {
      Place place = {path.empty() ? name : path + "/" + name, name.c_str(), -1, below, true, false};
      if (::fstatat(below, name.c_str(), &place.low, AT_SYMLINK_NOFOLLOW) != 0) continue;
      check_below(add(Kind::removed, place), place);
    }
  }

  void look(const std::string& path, const std::string& name, int above, int below, bool hidden,
            bool moved, int depth) {
    Place place = {
        path.empty() ? name : path + "/" + name, name.c_str(), above, below, hidden, moved};
    if (::fstatat(above, place.name, &place.up, AT_SYMLINK_NOFOLLOW) != 0) return;
    place.there = below >= 0 && ::fstatat(below, place.name, &place.low, AT_SYMLINK_NOFOLLOW) == 0;
    if (name == layers_.leftover) return;
    if (is_whiteout(place.up)) {
      if (place.there) check_below(add(Kind::removed, place), place);
    } else if (S_ISDIR(place.up.st_mode)) {
      look_at_folder(place, depth);
    } else if (S_ISREG(place.up.st_mode) || S_ISLNK(place.up.st_mode) ||
               S_ISFIFO(place.up.st_mode)) {
      look_at_file(place);
    } else {
      add(Kind::refused, place).why = S_ISSOCK(place.up.st_mode) ? "a socket, which is left out"
                                                                 : "a device, which is left out";
    }
  }

  void look_at_folder(const Place& place, int depth) {
    const OwnedFd above = open_folder_at(place.above, place.name);
    if (!above || depth > kDepth) {
      add(Kind::refused, place).why = above ? "it lies too deep" : std::strerror(errno);
      return;
    }
    if (has_mark(above.get(), "redirect")) {
      add(Kind::refused, place).why = "a folder that leads elsewhere, which no session makes";
      return;
    }
    const bool opaque = place.hidden || has_mark(above.get(), "opaque");
    OwnedFd below;
    bool moved = place.moved;
    if (!place.there) {
      Change& change = add(Kind::added, place);
      // Copied up, so that it was there.
      if (has_mark(above.get(), "origin")) change.why = "it is gone underneath";
    } else if (!S_ISDIR(place.low.st_mode)) {
      check_below(add(Kind::replaced, place), place);
    } else {
      below = open_beneath(place.below, place.name, kFolder);
      if (!below) {
        add(Kind::refused, place).why = std::string("underneath: ") + std::strerror(errno);
        return;
      }
      // Something else was put in its place, or its mode was changed: what is in it now is not
      // known to be what was.
      moved = moved || (!layers_.applying && is_newer(place.low) &&
                        !is_same_time(place.low.st_ctim, place.low.st_mtim));
      look_at_both(place, moved);
    }
    enter(place.path, above.get(), below.get(), opaque, moved, depth + 1);
  }

  void look_at_both(const Place& place, bool moved) {
    const bool other_mode = ((place.up.st_mode ^ place.low.st_mode) & kModes) != 0;
    if (!other_mode && is_same_time(place.up.st_mtim, place.low.st_mtim)) return;
    Change& change = add(Kind::attributes, place);
    if (other_mode && moved) change.why = kChanged;
  }

  bool is_same(const Place& place) const {
    if (S_ISLNK(place.up.st_mode)) {
      return link_text(place.above, place.name) == link_text(place.below, place.name);
    }
    if (!S_ISREG(place.up.st_mode)) return true;
    if (place.up.st_size != place.low.st_size) return false;
    const OwnedFd one = open_file_at(place.above, place.name);
    const OwnedFd other = open_file_at(place.below, place.name, Closed::stays);
    return one && other && is_same_content(one.get(), other.get());
  }

  void look_at_file(const Place& place) {
    if (S_ISREG(place.up.st_mode)) {
      const OwnedFd fd = open_file_at(place.above, place.name);
      if (!fd || has_mark(fd.get(), "metacopy") || has_mark(fd.get(), "redirect")) {
        add(Kind::refused, place).why =
            fd ? "a file that leads elsewhere, which no session makes" : std::strerror(errno);
        return;
      }
      if (!place.there) {
        Change& change = add(Kind::added, place);
        // It was there, or another name of it was: that cannot be told where names came or went.
        if (place.below >= 0 && !layers_.applying && has_mark(fd.get(), "origin") &&
            names_changed(place.below)) {
          change.why = "it, or what it was renamed from, may be gone underneath";
        }
        return;
      }
    } else if (!place.there) {
      add(Kind::added, place);
      return;
    }
    if (type_of(place.up) != type_of(place.low)) {
      check_below(add(Kind::replaced, place), place);
      return;
    }
    const bool other_mode =
        !S_ISLNK(place.up.st_mode) && ((place.up.st_mode ^ place.low.st_mode) & kModes) != 0;
    if (!is_same(place)) {
      check_below(add(Kind::modified, place), place);
    } else if (other_mode) {
      check_below(add(Kind::attributes, place), place);
    } else if (!S_ISLNK(place.up.st_mode) && !is_same_time(place.up.st_mtim, place.low.st_mtim)) {
      add(Kind::attributes, place);
    } else if (S_ISREG(place.up.st_mode) && place.up.st_nlink > 1) {
      add(Kind::same, place);
    }
  }

  bool names_changed(int folder) const noexcept {
    struct stat about{};
    return ::fstat(folder, &about) != 0 || is_later(about.st_mtim, layers_.began);
  }

  const Layers& layers_;
};

}  // namespace

bool is_folder_time(const Change& change) noexcept {
  return change.kind == Kind::attributes && S_ISDIR(change.above.st_mode) &&
         ((change.above.st_mode ^ change.below.st_mode) & kModes) == 0;
}

Result<Layers, std::string> open_layers(const Folder& folder) {
  Layers layers;
  layers.began = folder.about.began;
  layers.leftover = ".swebash-apply-" + folder.about.id;
  struct stat found{};
  layers.applying = ::fstatat(folder.fd.get(), "applying", &found, AT_SYMLINK_NOFOLLOW) == 0;
  layers.upper = open_beneath(folder.fd.get(), "upper", kFolder);
  if (!layers.upper) return std::unexpected(folder.path + "/upper: " + std::strerror(errno));
  const std::string& workspace = folder.about.workspace;
  layers.lower = open_without_links(workspace, kFolder);
  if (!layers.lower || ::fstat(layers.lower.get(), &found) != 0) {
    return std::unexpected(workspace + ": " + std::strerror(errno));
  }
  if (found.st_dev != folder.about.device || found.st_ino != folder.about.inode) {
    return std::unexpected(workspace + ": is another folder now");
  }
  return layers;
}

std::vector<Change> find_changes(const Layers& layers) {
  Finder finder(layers);
  struct stat above{}, below{};
  if (::fstat(layers.upper.get(), &above) == 0 && ::fstat(layers.lower.get(), &below) == 0) {
    const bool other_mode = ((above.st_mode ^ below.st_mode) & kModes) != 0;
    if (other_mode || !is_same_time(above.st_mtim, below.st_mtim)) {
      finder.found.push_back({Kind::attributes, ".", above, below, {}, false});
    }
  }
  finder.enter("", layers.upper.get(), layers.lower.get(), false, false, 0);
  return std::move(finder.found);
}

}  // namespace swebash::overlay
