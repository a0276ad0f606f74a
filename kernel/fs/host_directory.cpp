// SPDX-License-Identifier: Apache-2.0
#include "kernel/fs/host_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/owned_fd.hpp"
#include "kernel/fs/host_files.hpp"

namespace swebash::kernel::fs {
namespace {

// A session's user is the process, whatever that is called outside.
void take_over(abi::Stat& about) noexcept {
  if (about.uid == ::geteuid()) about.uid = vfs::kUser;
  if (about.gid == ::getegid()) about.gid = vfs::kGroup;
}

class HostNode final : public vfs::Node {
 public:
  HostNode(OwnedFd fd, abi::FileType type, std::shared_ptr<const u64> tree) noexcept
      : fd_(std::move(fd)), type_(type), tree_(std::move(tree)) {}

  [[nodiscard]] static SysResult<vfs::NodeRef> create(OwnedFd fd, std::shared_ptr<const u64> tree) {
    const abi::Stat about = SWEBASH_TRY(host_stat(fd.get(), "", AT_EMPTY_PATH));
    return std::make_shared<HostNode>(std::move(fd), static_cast<abi::FileType>(about.type),
                                      std::move(tree));
  }

  abi::FileType type() const noexcept override { return type_; }
  SysResult<abi::Stat> stat() override {
    abi::Stat about = SWEBASH_TRY(host_stat(fd_.get(), "", AT_EMPTY_PATH));
    take_over(about);
    return about;
  }

  SysResult<DescriptionRef> open(u32 flags) override {
    if (type_ == abi::kDirectoryType) return std::unexpected(Errno::isdir);
    if (type_ != abi::kRegular) return std::unexpected(Errno::acces);
    const u32 wanted = flags & (abi::kRead | abi::kWrite | abi::kAppend | abi::kTruncate);
    HostPath path;
    OwnedFd fd(
        ::open(path.set_descriptor(fd_.get()), SWEBASH_TRY(to_host_flags(wanted)) | O_NOCTTY));
    if (!fd) return std::unexpected(errno_from_host(errno));
    return std::make_shared<HostFile>(std::move(fd), FdOrigin::opened, HostFileKind::regular);
  }

  SysResult<void> set_mode(u32 mode) override {
    HostPath path;
    // No session makes what others would run with its rights.
    constexpr u32 kPlain = 01777;
    return host_result(::chmod(path.set_descriptor(fd_.get()), mode & kPlain));
  }
  SysResult<void> set_owner(u32 owner, u32 group) override {
    const abi::Stat about = SWEBASH_TRY(stat());
    const bool same =
        (owner == ~u32{0} || owner == about.uid) && (group == ~u32{0} || group == about.gid);
    return same ? SysResult<void>() : std::unexpected(Errno::perm);
  }
  SysResult<void> set_times(i64 access, i64 modify) override {
    constexpr i64 kSecond = 1'000'000'000;
    const auto split = [](i64 time) {
      const i64 rest = (time % kSecond + kSecond) % kSecond;
      return timespec{static_cast<time_t>((time - rest) / kSecond), static_cast<long>(rest)};
    };
    const timespec times[] = {split(access), split(modify)};
    if (type_ == abi::kSymlink) {
      return host_result(::utimensat(fd_.get(), "", times, AT_EMPTY_PATH));
    }
    HostPath path;
    return host_result(::utimensat(AT_FDCWD, path.set_descriptor(fd_.get()), times, 0));
  }
  SysResult<std::string> link_text() override {
    if (type_ != abi::kSymlink) return std::unexpected(Errno::inval);
    char text[PATH_MAX];
    const ssize_t length = ::readlinkat(fd_.get(), "", text, sizeof text);
    if (length < 0) return std::unexpected(errno_from_host(errno));
    return std::string(text, static_cast<usize>(length));
  }

  SysResult<vfs::NodeRef> find(std::string_view name) override {
    HostPath path;
    OwnedFd fd(::openat(fd_.get(), SWEBASH_TRY(path.set(name)), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return std::unexpected(errno_from_host(errno));
    return create(std::move(fd), tree_);
  }
  SysResult<std::vector<vfs::Item>> list() override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    const OwnedFd fd(::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return std::unexpected(errno_from_host(errno));
    std::vector<vfs::Item> items;
    std::vector<char> buffer(32 << 10);
    while (true) {
      const usize size = SWEBASH_TRY(host_read_directory(fd.get(), buffer));
      if (size == 0) return items;
      for (usize at = 0; at < size;) {
        abi::DirectoryEntry entry;
        std::memcpy(&entry, buffer.data() + at, sizeof entry);
        at += sizeof entry;
        items.push_back({std::string(buffer.data() + at, entry.name_length), entry.inode,
                         static_cast<abi::FileType>(entry.type)});
        at += (usize{entry.name_length} + 7) / 8 * 8;
      }
    }
  }

  SysResult<vfs::NodeRef> make(std::string_view name, abi::FileType type, u32 mode) override {
    HostPath path;
    const char* const text = SWEBASH_TRY(path.set(name));
    OwnedFd fd;
    if (type == abi::kDirectoryType) {
      SWEBASH_TRY(host_result(::mkdirat(fd_.get(), text, mode)));
      fd.reset(::openat(fd_.get(), text, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC));
    } else {
      fd.reset(::openat(fd_.get(), text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                        mode & 0777U));
    }
    if (!fd) return std::unexpected(errno_from_host(errno));
    // The umask of the process took bits away that the session's does not.
    auto made = SWEBASH_TRY(create(std::move(fd), tree_));
    SWEBASH_TRY(made->set_mode(mode));
    return made;
  }
  SysResult<void> make_link(std::string_view name, std::string_view target) override {
    HostPath path, text;
    return host_result(
        ::symlinkat(SWEBASH_TRY(text.set(target)), fd_.get(), SWEBASH_TRY(path.set(name))));
  }
  SysResult<void> add_name(std::string_view name, vfs::Node& node) override {
    auto* const file = dynamic_cast<HostNode*>(&node);
    if (file == nullptr || file->tree_ != tree_) return std::unexpected(Errno::xdev);
    if (file->type_ == abi::kDirectoryType) return std::unexpected(Errno::perm);
    HostPath path, from;
    const char* const text = SWEBASH_TRY(path.set(name));
    return host_result(::linkat(AT_FDCWD, from.set_descriptor(file->fd_.get()), fd_.get(), text,
                                AT_SYMLINK_FOLLOW));
  }
  SysResult<void> remove(std::string_view name, bool directory) override {
    HostPath path;
    return host_result(
        ::unlinkat(fd_.get(), SWEBASH_TRY(path.set(name)), directory ? AT_REMOVEDIR : 0));
  }
  SysResult<void> rename(std::string_view name, vfs::Node& to, std::string_view to_name) override {
    auto* const target = dynamic_cast<HostNode*>(&to);
    if (target == nullptr || target->tree_ != tree_) return std::unexpected(Errno::xdev);
    HostPath path, new_path;
    return host_result(::renameat(fd_.get(), SWEBASH_TRY(path.set(name)), target->fd_.get(),
                                  SWEBASH_TRY(new_path.set(to_name))));
  }

 private:
  const OwnedFd fd_;  // O_PATH
  const abi::FileType type_;
  const std::shared_ptr<const u64> tree_;  // the same for all nodes of one root
};

}  // namespace

SysResult<vfs::NodeRef> open_host_directory(std::string_view path) {
  HostPath text;
  OwnedFd fd(::open(SWEBASH_TRY(text.set(path)), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return std::unexpected(errno_from_host(errno));
  return HostNode::create(std::move(fd), std::make_shared<const u64>(0));
}

}  // namespace swebash::kernel::fs
