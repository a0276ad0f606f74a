// SPDX-License-Identifier: Apache-2.0
#include "kernel/vfs/mounts.hpp"

#include <climits>

namespace swebash::kernel::vfs {

namespace {

constexpr u32 kMostLinks = 40;

// Takes the first component off `path`, with the slashes around it.
std::string_view take_component(std::string_view& path) noexcept {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  const std::string_view name = path.substr(0, path.find('/'));
  path.remove_prefix(name.size());
  return name;
}

bool only_slashes(std::string_view path) noexcept {
  return path.find_first_not_of('/') == std::string_view::npos;
}

}  // namespace

const MountPoint* MountPoint::find(std::string_view name) const noexcept {
  for (const auto& [known, point] : below) {
    if (known == name) return point.get();
  }
  return nullptr;
}

std::string Place::path() const {
  if (parent == nullptr) return "/";
  std::string text = parent->path();
  if (text.size() > 1) text += '/';
  return text += name;
}

Mounts::Mounts(NodeRef root) {
  top_.root = root;
  root_ =
      std::make_shared<Place>(Place{std::move(root), MountMode::read_write, nullptr, {}, &top_});
}

SysResult<void> Mounts::mount(std::string_view path, NodeRef root, MountMode mode) {
  if (!path.starts_with('/')) return std::unexpected(Errno::inval);
  constexpr u32 kMode = 0755;
  MountPoint* point = &top_;
  NodeRef node = top_.root;
  MountMode above = top_.mode;
  while (!only_slashes(path)) {
    const std::string_view name = take_component(path);
    if (name == "." || name == "..") return std::unexpected(Errno::inval);
    const auto* const known = point->find(name);
    SysResult<NodeRef> found =
        known != nullptr && known->root != nullptr ? known->root : node->find(name);
    if (known != nullptr && known->root != nullptr) above = known->mode;
    if (!found.has_value() && found.error() == Errno::noent) {
      if (above == MountMode::read_only) return std::unexpected(Errno::rofs);
      found = node->make(name, abi::kDirectoryType, kMode);
    }
    node = SWEBASH_TRY(std::move(found));
    if (node->type() != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    if (known != nullptr) {
      point = const_cast<MountPoint*>(known);  // of this object
    } else {
      point = point->below.emplace_back(name, std::make_shared<MountPoint>()).second.get();
    }
  }
  point->root = std::move(root);
  point->mode = mode;
  if (point == &top_) {
    root_ = std::make_shared<Place>(Place{top_.root, mode, nullptr, {}, &top_});
  }
  return {};
}

std::vector<Mounted> Mounts::list() const {
  std::vector<Mounted> all = {{"/", top_.root, top_.mode}};
  const auto add = [&all](const auto& self, const MountPoint& point,
                          const std::string& path) -> void {
    for (const auto& [name, inner] : point.below) {
      const std::string at = path + "/" + name;
      if (inner->root != nullptr) all.push_back({at, inner->root, inner->mode});
      self(self, *inner, at);
    }
  };
  add(add, top_, "");
  return all;
}

SysResult<PlaceRef> Mounts::step(const PlaceRef& directory, std::string_view name) {
  if (name == ".") return directory;
  if (name == "..") return directory->parent == nullptr ? directory : directory->parent;
  if (name.size() > NAME_MAX) return std::unexpected(Errno::nametoolong);
  const MountPoint* const point =
      directory->point == nullptr ? nullptr : directory->point->find(name);
  if (point != nullptr && point->root != nullptr) {
    return std::make_shared<Place>(
        Place{point->root, point->mode, directory, std::string(name), point});
  }
  return std::make_shared<Place>(Place{SWEBASH_TRY(directory->node->find(name)), directory->mode,
                                       directory, std::string(name), point});
}

// What is left of a path, and where it is. `rest` is a view of the caller's path until a link is
// met, then of `text`.
struct Mounts::Walk {
  const Mounts& mounts;
  PlaceRef at;
  std::string_view rest;
  std::string text;
  u32 links = 0;

  // Takes `link`'s text in the place of the component that it is.
  SysResult<void> follow(Node& link) {
    if (++links > kMostLinks) return std::unexpected(Errno::loop);
    std::string target = SWEBASH_TRY(link.link_text());
    if (target.empty()) return std::unexpected(Errno::noent);
    target.append(rest);
    if (target.size() >= PATH_MAX) return std::unexpected(Errno::nametoolong);
    text = std::move(target);
    rest = text;
    if (rest.starts_with('/')) at = mounts.root_;
    return {};
  }

  SysResult<void> check_search() const {
    if (at->node->type() != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    if (!permits(SWEBASH_TRY(at->node->stat()), abi::kAccessExecute)) {
      return std::unexpected(Errno::acces);
    }
    return {};
  }
};

SysResult<PlaceRef> Mounts::find(const PlaceRef& start, std::string_view path,
                                 LastLink link) const {
  if (path.empty()) return std::unexpected(Errno::noent);
  if (path.size() >= PATH_MAX) return std::unexpected(Errno::nametoolong);
  Walk walk{*this, path.front() == '/' ? root_ : start, path, {}};
  while (true) {
    if (walk.rest.empty()) return walk.at;
    if (only_slashes(walk.rest)) {
      if (walk.at->node->type() != abi::kDirectoryType) return std::unexpected(Errno::notdir);
      return walk.at;
    }
    SWEBASH_TRY(walk.check_search());
    const std::string_view name = take_component(walk.rest);
    PlaceRef next = SWEBASH_TRY(step(walk.at, name));
    const bool last = walk.rest.empty() && link == LastLink::keep;
    if (next->node->type() == abi::kSymlink && !last) {
      SWEBASH_TRY(walk.follow(*next->node));
      continue;
    }
    walk.at = std::move(next);
  }
}

SysResult<Entry> Mounts::find_entry(const PlaceRef& start, std::string_view path) const {
  if (path.empty()) return std::unexpected(Errno::noent);
  usize end = path.size();
  while (end > 1 && path[end - 1] == '/') --end;
  const std::string_view trimmed = path.substr(0, end);
  const usize slash = trimmed.rfind('/');
  const std::string_view name =
      slash == std::string_view::npos ? trimmed : trimmed.substr(slash + 1);
  const bool wanted = end < path.size();
  PlaceRef directory = start;
  if (slash != std::string_view::npos) {
    directory = SWEBASH_TRY(find(start, trimmed.substr(0, slash + 1), LastLink::follow));
  }
  if (directory->node->type() != abi::kDirectoryType) return std::unexpected(Errno::notdir);
  if (!permits(SWEBASH_TRY(directory->node->stat()), abi::kAccessExecute)) {
    return std::unexpected(Errno::acces);
  }
  if (name.size() > NAME_MAX) return std::unexpected(Errno::nametoolong);
  return Entry{std::move(directory), std::string(name.empty() ? "." : name), wanted};
}

}  // namespace swebash::kernel::vfs
