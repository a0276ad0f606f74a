// SPDX-License-Identifier: Apache-2.0
#include "kernel/fs/overlay.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/thread_annotations.hpp"
#include "kernel/vfs/copy_files.hpp"

namespace swebash::kernel::fs {
namespace {

using vfs::NodeRef;

// The text of the link that says that nothing is here. No link of a script has a NUL in it.
constexpr std::string_view kWhiteout("\0whiteout", 9);

bool is_whiteout(vfs::Node& upper) {
  if (upper.type() != abi::kSymlink) return false;
  const auto text = upper.link_text();
  return text.has_value() && *text == kWhiteout;
}

// What `find` finds, or nothing where that is not there.
SysResult<NodeRef> find_if_there(const NodeRef& directory, std::string_view name) {
  if (directory == nullptr || directory->type() != abi::kDirectoryType) return NodeRef();
  SysResult<NodeRef> found = directory->find(name);
  if (!found.has_value() && found.error() == Errno::noent) return NodeRef();
  return found;
}

// One lock for all of an overlay.
struct Tree {
  Mutex mutex;
};

class OverlayNode final : public vfs::Node {
 public:
  // The root has no parent; both parts are there.
  OverlayNode(std::shared_ptr<Tree> tree, NodeRef lower, NodeRef upper,
              std::shared_ptr<OverlayNode> parent, std::string name) noexcept
      : tree_(std::move(tree)),
        type_(upper != nullptr ? upper->type() : lower->type()),
        parent_(std::move(parent)),
        name_(std::move(name)),
        lower_(std::move(lower)),
        upper_(std::move(upper)) {}

  abi::FileType type() const noexcept override { return type_; }
  SysResult<abi::Stat> stat() override { return now()->stat(); }
  std::shared_ptr<vfs::Command> command() override { return now()->command(); }
  SysResult<std::string> link_text() override { return now()->link_text(); }

  SysResult<DescriptionRef> open(u32 flags) override {
    if ((flags & (abi::kWrite | abi::kTruncate)) == 0 || type_ != abi::kRegular) {
      return now()->open(flags);
    }
    const MutexLock lock(tree_->mutex);
    const bool whole = (flags & abi::kTruncate) == 0;
    return SWEBASH_TRY(copy_up(whole ? Bytes::copied : Bytes::left))->open(flags);
  }
  SysResult<void> set_mode(u32 mode) override {
    const MutexLock lock(tree_->mutex);
    return SWEBASH_TRY(copy_up())->set_mode(mode);
  }
  SysResult<void> set_owner(u32 owner, u32 group) override {
    const MutexLock lock(tree_->mutex);
    return SWEBASH_TRY(copy_up())->set_owner(owner, group);
  }
  SysResult<void> set_times(i64 access, i64 modify) override {
    const MutexLock lock(tree_->mutex);
    return SWEBASH_TRY(copy_up())->set_times(access, modify);
  }

  SysResult<NodeRef> find(std::string_view name) override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    const MutexLock lock(tree_->mutex);
    return find_locked(name);
  }
  SysResult<std::vector<vfs::Item>> list() override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    const MutexLock lock(tree_->mutex);
    return list_locked();
  }
  SysResult<NodeRef> make(std::string_view name, abi::FileType type, u32 mode) override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    const MutexLock lock(tree_->mutex);
    const NodeRef above = SWEBASH_TRY(make_room(name));
    NodeRef made = SWEBASH_TRY(above->make(name, type, mode));
    if (type == abi::kDirectoryType) SWEBASH_TRY(hide_below(name, *made));
    return node(nullptr, std::move(made), name);
  }
  SysResult<void> make_link(std::string_view name, std::string_view target) override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    if (target.find('\0') != std::string_view::npos) return std::unexpected(Errno::inval);
    const MutexLock lock(tree_->mutex);
    return SWEBASH_TRY(make_room(name))->make_link(name, target);
  }
  SysResult<void> add_name(std::string_view name, vfs::Node& of) override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    auto* const file = dynamic_cast<OverlayNode*>(&of);
    if (file == nullptr || file->tree_ != tree_) return std::unexpected(Errno::xdev);
    if (file->type_ == abi::kDirectoryType) return std::unexpected(Errno::perm);
    const MutexLock lock(tree_->mutex);
    const NodeRef from = SWEBASH_TRY(file->copy_up());
    return SWEBASH_TRY(make_room(name))->add_name(name, *from);
  }
  SysResult<void> remove(std::string_view name, bool directory) override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    const MutexLock lock(tree_->mutex);
    const auto gone = SWEBASH_TRY(find_locked(name));
    const bool is_directory = gone->type_ == abi::kDirectoryType;
    if (directory && !is_directory) return std::unexpected(Errno::notdir);
    if (!directory && is_directory) return std::unexpected(Errno::isdir);
    if (is_directory && !SWEBASH_TRY(gone->list_locked()).empty()) {
      return std::unexpected(Errno::notempty);
    }
    return take_out(name, *gone);
  }
  SysResult<void> rename(std::string_view name, vfs::Node& to, std::string_view to_name) override {
    auto* const target = dynamic_cast<OverlayNode*>(&to);
    if (target == nullptr || target->tree_ != tree_) return std::unexpected(Errno::xdev);
    const MutexLock lock(tree_->mutex);
    const auto moved = SWEBASH_TRY(find_locked(name));
    const bool is_directory = moved->type_ == abi::kDirectoryType;
    const bool was_below = SWEBASH_TRY(find_if_there(lower_, name)) != nullptr;
    if (is_directory && moved->lower_ != nullptr) return std::unexpected(Errno::xdev);
    const NodeRef from = SWEBASH_TRY(moved->copy_up());
    const auto there = target->find_locked(to_name);
    if (!there.has_value() && there.error() != Errno::noent) {
      return std::unexpected(there.error());
    }
    if (there.has_value()) {
      OverlayNode& old = **there;
      if (old.upper_ == from) return {};
      const bool over_directory = old.type_ == abi::kDirectoryType;
      if (is_directory && !over_directory) return std::unexpected(Errno::notdir);
      if (!is_directory && over_directory) return std::unexpected(Errno::isdir);
      if (over_directory && !SWEBASH_TRY(old.list_locked()).empty()) {
        return std::unexpected(Errno::notempty);
      }
      // What is below itself cannot be where it goes to either: that is empty.
    }
    const NodeRef above = SWEBASH_TRY(target->copy_up());
    if (const NodeRef mark = SWEBASH_TRY(find_if_there(above, to_name)); mark != nullptr) {
      if (is_whiteout(*mark)) {
        SWEBASH_TRY(above->remove(to_name, false));
      } else if (mark->type() == abi::kDirectoryType) {
        SWEBASH_TRY(clear_marks(*mark));
      }
    }
    SWEBASH_TRY(SWEBASH_TRY(copy_up())->rename(name, *above, to_name));
    if (is_directory) SWEBASH_TRY(target->hide_below(to_name, *from));
    if (was_below) SWEBASH_TRY(upper_->make_link(name, kWhiteout));
    return {};
  }

  SysResult<NodeRef> copy_tree(vfs::NodeCopies& copies,
                               const std::shared_ptr<const SessionClock>& clock) override {
    const MutexLock lock(tree_->mutex);
    return overlay(lower_, SWEBASH_TRY(upper_->copy_tree(copies, clock)));
  }
  vfs::TreeKind save_tree(ByteWriter& to, std::map<const vfs::Node*, u64>& wanted) override {
    const MutexLock lock(tree_->mutex);
    (void)upper_->save_tree(to, wanted);
    return vfs::TreeKind::overlay;
  }

 private:
  enum class Bytes : u8 { copied, left };

  // What it is at the moment.
  [[nodiscard]] NodeRef now() {
    const MutexLock lock(tree_->mutex);
    look_above();
    return upper_ != nullptr ? upper_ : lower_;
  }

  // From here on the tree's lock is held; the analysis does not see that two nodes have the same.

  // Another node of the same file may have been copied up.
  void look_above() {
    if (upper_ != nullptr || parent_ == nullptr) return;
    parent_->look_above();
    const auto found = find_if_there(parent_->upper_, name_);
    if (found.has_value() && *found != nullptr && (*found)->type() == type_ &&
        !is_whiteout(**found)) {
      upper_ = *found;
    }
  }

  [[nodiscard]] std::shared_ptr<OverlayNode> node(NodeRef lower, NodeRef upper,
                                                  std::string_view name) {
    return std::make_shared<OverlayNode>(tree_, std::move(lower), std::move(upper),
                                         std::static_pointer_cast<OverlayNode>(shared_from_this()),
                                         std::string(name));
  }

  [[nodiscard]] SysResult<std::shared_ptr<OverlayNode>> find_locked(std::string_view name) {
    look_above();
    NodeRef above = SWEBASH_TRY(find_if_there(upper_, name));
    if (above != nullptr && is_whiteout(*above)) return std::unexpected(Errno::noent);
    if (above != nullptr && above->type() != abi::kDirectoryType) {
      return node(nullptr, std::move(above), name);
    }
    NodeRef below = SWEBASH_TRY(find_if_there(lower_, name));
    if (above == nullptr && below == nullptr) return std::unexpected(Errno::noent);
    if (above != nullptr && below != nullptr && below->type() != abi::kDirectoryType) below = {};
    return node(std::move(below), std::move(above), name);
  }

  [[nodiscard]] SysResult<std::vector<vfs::Item>> list_locked() {
    look_above();
    std::vector<vfs::Item> items;
    std::vector<std::string> seen;
    if (upper_ != nullptr) {
      for (vfs::Item& item : SWEBASH_TRY(upper_->list())) {
        seen.push_back(item.name);
        const auto found = find_if_there(upper_, item.name);
        if (!found.has_value() || *found == nullptr || is_whiteout(**found)) continue;
        items.push_back(std::move(item));
      }
    }
    if (lower_ != nullptr) {
      std::ranges::sort(seen);
      for (vfs::Item& item : SWEBASH_TRY(lower_->list())) {
        if (!std::ranges::binary_search(seen, item.name)) items.push_back(std::move(item));
      }
    }
    return items;
  }

  // Has what it is above, with the directories that it is in; that.
  SysResult<NodeRef> copy_up(Bytes bytes = Bytes::copied) {
    look_above();
    if (upper_ != nullptr) return upper_;
    const NodeRef above = SWEBASH_TRY(parent_->copy_up());
    const abi::Stat about = SWEBASH_TRY(lower_->stat());
    NodeRef made;
    if (type_ == abi::kSymlink) {
      SWEBASH_TRY(above->make_link(name_, SWEBASH_TRY(lower_->link_text())));
      made = SWEBASH_TRY(above->find(name_));
    } else if (type_ == abi::kRegular || type_ == abi::kDirectoryType) {
      made = SWEBASH_TRY(above->make(name_, type_, about.mode));
    } else {
      return std::unexpected(Errno::perm);
    }
    if (type_ == abi::kRegular && bytes == Bytes::copied) {
      if (const auto copied = vfs::copy_bytes(*lower_, *made); !copied.has_value()) {
        (void)above->remove(name_, false);
        return std::unexpected(copied.error());
      }
    }
    SWEBASH_TRY(made->set_times(about.access_time, about.modify_time));
    upper_ = made;
    return made;
  }

  // Has nothing at `name`; the directory above, where it is to be made.
  // Errors: Errno::exist.
  SysResult<NodeRef> make_room(std::string_view name) {
    if (find_locked(name).has_value()) return std::unexpected(Errno::exist);
    NodeRef above = SWEBASH_TRY(copy_up());
    const NodeRef mark = SWEBASH_TRY(find_if_there(above, name));
    if (mark != nullptr) SWEBASH_TRY(above->remove(name, false));
    return above;
  }

  // `made` stands at `name`, where a directory below may be: nothing in that is to be seen.
  SysResult<void> hide_below(std::string_view name, vfs::Node& made) {
    const NodeRef below = SWEBASH_TRY(find_if_there(lower_, name));
    if (below == nullptr || below->type() != abi::kDirectoryType) return {};
    for (const vfs::Item& item : SWEBASH_TRY(below->list())) {
      const SysResult<void> marked = made.make_link(item.name, kWhiteout);
      if (!marked.has_value() && marked.error() != Errno::exist) return marked;
    }
    return {};
  }

  static SysResult<void> clear_marks(vfs::Node& above) {
    for (const vfs::Item& item : SWEBASH_TRY(above.list())) {
      if (is_whiteout(*SWEBASH_TRY(above.find(item.name)))) {
        SWEBASH_TRY(above.remove(item.name, false));
      }
    }
    return {};
  }

  SysResult<void> take_out(std::string_view name, OverlayNode& gone) {
    const bool below = SWEBASH_TRY(find_if_there(lower_, name)) != nullptr;
    if (gone.upper_ != nullptr) {
      const bool directory = gone.type_ == abi::kDirectoryType;
      if (directory) SWEBASH_TRY(clear_marks(*gone.upper_));
      SWEBASH_TRY(upper_->remove(name, directory));
    }
    if (!below) return {};
    return SWEBASH_TRY(copy_up())->make_link(name, kWhiteout);
  }

  const std::shared_ptr<Tree> tree_;
  const abi::FileType type_;
  const std::shared_ptr<OverlayNode> parent_;
  const std::string name_;
  const NodeRef lower_;  // nothing: it is above alone
  NodeRef upper_;        // nothing: it was not written to yet; under the tree's lock
};

}  // namespace

NodeRef overlay(NodeRef lower, NodeRef upper) {
  return std::make_shared<OverlayNode>(std::make_shared<Tree>(), std::move(lower), std::move(upper),
                                       nullptr, std::string());
}

}  // namespace swebash::kernel::fs
