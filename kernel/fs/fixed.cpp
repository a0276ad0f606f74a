// SPDX-License-Identifier: Apache-2.0
#include "kernel/fs/fixed.hpp"

#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <cstring>

namespace swebash::kernel::fs {

namespace {

u64 device() noexcept {
  static const u64 number = vfs::take_device();
  return number;
}

u64 take_inode() noexcept {
  static std::atomic<u64> next = 1;
  return next.fetch_add(1, std::memory_order_relaxed);
}

// A node that is what it was made as. It is root's, so that nobody inside may write to it.
class FixedNode : public vfs::Node {
 public:
  FixedNode(abi::FileType type, u32 mode, u64 size) noexcept
      : type_(type), mode_(mode), size_(size), inode_(take_inode()) {}

  abi::FileType type() const noexcept override { return type_; }
  SysResult<abi::Stat> stat() override {
    abi::Stat about = {};
    about.device = device();
    about.inode = inode_;
    about.size = size_;
    about.blocks = (size_ + 511) / 512;
    about.links = type_ == abi::kDirectoryType ? 2 : 1;
    about.type = type_;
    about.mode = mode_;
    return about;
  }
  SysResult<DescriptionRef> open(u32) override { return std::unexpected(Errno::isdir); }

 private:
  const abi::FileType type_;
  const u32 mode_;
  const u64 size_;
  const u64 inode_;
};

// A description of what never makes anybody wait and has no offset.
class Stream : public Description {
 public:
  explicit Stream(vfs::NodeRef node, u32 flags) noexcept : node_(std::move(node)), flags_(flags) {}

  SysResult<usize> read_until(std::span<char> buffer, char) override {
    return read(buffer.first(std::min<usize>(buffer.size(), 1)), Wait::no);
  }
  SysResult<int> poll_fd() override { return std::unexpected(Errno::notsup); }
  SysResult<ChildFd> child_fd() override { return std::unexpected(Errno::notsup); }
  bool can_wait() noexcept override { return false; }
  SysResult<u32> open_flags() override { return flags_; }
  SysResult<abi::Stat> stat() override { return node_->stat(); }
  SysResult<i64> seek(i64, u32) override { return 0; }
  std::optional<OpenState> open_state() override { return OpenState{node_, flags_, 0}; }

 private:
  const vfs::NodeRef node_;
  const u32 flags_;
};

enum class DeviceKind : u8 { null, zero, full, random };

class OpenDevice final : public Stream {
 public:
  OpenDevice(vfs::NodeRef node, u32 flags, DeviceKind kind) noexcept
      : Stream(std::move(node), flags), kind_(kind) {}

  SysResult<usize> read(std::span<char> buffer, Wait) override {
    switch (kind_) {
      case DeviceKind::null: return 0;
      case DeviceKind::zero:
      case DeviceKind::full: std::memset(buffer.data(), 0, buffer.size()); return buffer.size();
      case DeviceKind::random: {
        // As much as getrandom(2) gives without a signal in between.
        constexpr usize kMost = 256;
        const ssize_t count = ::getrandom(buffer.data(), std::min(buffer.size(), kMost), 0);
        if (count < 0) return std::unexpected(Errno::io);
        return static_cast<usize>(count);
      }
    }
    return 0;
  }
  SysResult<usize> write(std::span<const char> data, Wait) override {
    if (kind_ == DeviceKind::full) return std::unexpected(Errno::nospc);
    return data.size();
  }

 private:
  const DeviceKind kind_;
};

class Device final : public FixedNode {
 public:
  explicit Device(DeviceKind kind) noexcept
      : FixedNode(abi::kCharacterDevice, 0666, 0), kind_(kind) {}
  SysResult<DescriptionRef> open(u32 flags) override {
    return std::make_shared<OpenDevice>(shared_from_this(), flags & (abi::kRead | abi::kWrite),
                                        kind_);
  }

 private:
  const DeviceKind kind_;
};

class OpenText final : public Description {
 public:
  OpenText(vfs::NodeRef node, std::shared_ptr<const std::string> text) noexcept
      : node_(std::move(node)), text_(std::move(text)) {}

  SysResult<usize> read(std::span<char> buffer, Wait) override {
    return take(buffer, std::string_view::npos);
  }
  SysResult<usize> read_until(std::span<char> buffer, char delimiter) override {
    const usize at = at_.load();
    const usize end = at < text_->size() ? text_->find(delimiter, at) : std::string::npos;
    return take(buffer, end == std::string::npos ? end : end + 1 - at);
  }
  SysResult<usize> write(std::span<const char>, Wait) override {
    return std::unexpected(Errno::badf);
  }
  SysResult<int> poll_fd() override { return std::unexpected(Errno::notsup); }
  SysResult<ChildFd> child_fd() override { return std::unexpected(Errno::notsup); }
  bool can_wait() noexcept override { return false; }
  SysResult<u32> open_flags() override { return abi::kRead; }
  SysResult<abi::Stat> stat() override { return node_->stat(); }
  SysResult<i64> seek(i64 offset, u32 whence) override {
    i64 at = offset;
    if (whence == abi::kSeekCurrent) at += static_cast<i64>(at_.load());
    if (whence == abi::kSeekEnd) at += static_cast<i64>(text_->size());
    if (at < 0) return std::unexpected(Errno::inval);
    at_.store(static_cast<usize>(at));
    return at;
  }
  std::optional<OpenState> open_state() override {
    return OpenState{node_, abi::kRead, static_cast<i64>(at_.load())};
  }

 private:
  SysResult<usize> take(std::span<char> buffer, usize most) {
    const usize at = std::min(at_.load(), text_->size());
    const usize count = std::min({buffer.size(), most, text_->size() - at});
    std::memcpy(buffer.data(), text_->data() + at, count);
    at_.store(at + count);
    return count;
  }

  const vfs::NodeRef node_;
  const std::shared_ptr<const std::string> text_;
  std::atomic<usize> at_ = 0;
};

class Text final : public FixedNode {
 public:
  Text(std::string text, u32 mode, std::shared_ptr<vfs::Command> command)
      : FixedNode(abi::kRegular, mode, text.size()),
        text_(std::make_shared<const std::string>(std::move(text))),
        command_(std::move(command)) {}
  SysResult<DescriptionRef> open(u32 flags) override {
    if ((flags & (abi::kWrite | abi::kTruncate)) != 0) return std::unexpected(Errno::rofs);
    return std::make_shared<OpenText>(shared_from_this(), text_);
  }
  std::shared_ptr<vfs::Command> command() override { return command_; }

 private:
  const std::shared_ptr<const std::string> text_;
  const std::shared_ptr<vfs::Command> command_;
};

class Link final : public FixedNode {
 public:
  explicit Link(std::string target)
      : FixedNode(abi::kSymlink, 0777, target.size()), target_(std::move(target)) {}
  SysResult<std::string> link_text() override { return target_; }

 private:
  const std::string target_;
};

class Directory final : public FixedNode {
 public:
  explicit Directory(std::vector<std::pair<std::string, vfs::NodeRef>> files)
      : FixedNode(abi::kDirectoryType, 0755, 0), files_(std::move(files)) {}

  SysResult<vfs::NodeRef> find(std::string_view name) override {
    for (const auto& [known, node] : files_) {
      if (known == name) return node;
    }
    return std::unexpected(Errno::noent);
  }
  SysResult<std::vector<vfs::Item>> list() override {
    std::vector<vfs::Item> items;
    for (const auto& [name, node] : files_) {
      items.push_back({name, SWEBASH_TRY(node->stat()).inode, node->type()});
    }
    return items;
  }

 private:
  const std::vector<std::pair<std::string, vfs::NodeRef>> files_;
};

}  // namespace

vfs::NodeRef fixed_directory(std::vector<std::pair<std::string, vfs::NodeRef>> files) {
  return std::make_shared<Directory>(std::move(files));
}

vfs::NodeRef fixed_text(std::string text) {
  return std::make_shared<Text>(std::move(text), 0444, nullptr);
}

vfs::NodeRef fixed_link(std::string target) { return std::make_shared<Link>(std::move(target)); }

vfs::NodeRef device_directory() {
  const auto device = [](DeviceKind kind) { return std::make_shared<Device>(kind); };
  return fixed_directory({{"fd", fixed_link("/proc/self/fd")},
                          {"full", device(DeviceKind::full)},
                          {"null", device(DeviceKind::null)},
                          {"random", device(DeviceKind::random)},
                          {"stderr", fixed_link("/proc/self/fd/2")},
                          {"stdin", fixed_link("/proc/self/fd/0")},
                          {"stdout", fixed_link("/proc/self/fd/1")},
                          {"urandom", device(DeviceKind::random)},
                          {"zero", device(DeviceKind::zero)}});
}

vfs::NodeRef command_file(std::shared_ptr<vfs::Command> command) {
  std::string text = command == nullptr ? "a command of the shell\n" : "a command\n";
  return std::make_shared<Text>(std::move(text), 0755, std::move(command));
}

std::shared_ptr<CommandDirectory> CommandDirectory::copy() {
  auto made = std::make_shared<CommandDirectory>(below_);
  const MutexLock lock(mutex_);
  const MutexLock other(made->mutex_);
  made->files_ = files_;
  return made;
}

void CommandDirectory::add(std::string_view name, std::shared_ptr<vfs::Command> command) {
  vfs::NodeRef file = command_file(std::move(command));
  const MutexLock lock(mutex_);
  files_.insert_or_assign(std::string(name), std::move(file));
}

SysResult<abi::Stat> CommandDirectory::stat() {
  abi::Stat about = {};
  about.device = device();
  about.inode = reinterpret_cast<u64>(this);
  about.links = 2;
  about.type = abi::kDirectoryType;
  about.mode = 0755;
  return about;
}

SysResult<vfs::NodeRef> CommandDirectory::find(std::string_view name) {
  {
    const MutexLock lock(mutex_);
    if (const auto found = files_.find(name); found != files_.end()) return found->second;
  }
  if (below_ != nullptr) return below_->find(name);
  return std::unexpected(Errno::noent);
}

SysResult<std::vector<vfs::Item>> CommandDirectory::list() {
  std::vector<vfs::Item> items;
  if (below_ != nullptr) items = SWEBASH_TRY(below_->list());
  const MutexLock lock(mutex_);
  for (const auto& [name, node] : files_) {
    std::erase_if(items, [&](const vfs::Item& item) { return item.name == name; });
    items.push_back({name, SWEBASH_TRY(node->stat()).inode, abi::kRegular});
  }
  return items;
}

}  // namespace swebash::kernel::fs
