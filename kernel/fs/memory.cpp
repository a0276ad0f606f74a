// SPDX-License-Identifier: Apache-2.0
#include "kernel/fs/memory.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <ctime>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_annotations.hpp"

namespace swebash::kernel::fs {

namespace {

// What a name and its node take, about.
constexpr u64 kPerName = 256;
constexpr usize kBlock = 512;

i64 now() noexcept {
  timespec time;
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return i64{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

struct MemoryFileSystem::Books {
  explicit Books(u64 most) noexcept : limit(most) {}

  const u64 limit;
  const u64 device = vfs::take_device();
  std::atomic<u64> used = 0;
  std::atomic<u64> next_inode = 1;
  Mutex mutex;

  // Takes `more` bytes of what there is room for.
  [[nodiscard]] bool take(u64 more) noexcept {
    u64 before = used.load();
    do {
      if (more > limit - std::min(limit, before)) return false;
    } while (!used.compare_exchange_weak(before, before + more));
    return true;
  }
  void give(u64 less) noexcept { used.fetch_sub(less); }
};

class MemoryFileSystem::File final : public vfs::Node {
 public:
  File(std::shared_ptr<Books> books, abi::FileType type, u32 mode)
      : books_(std::move(books)),
        type_(type),
        inode_(books_->next_inode.fetch_add(1)),
        mode_(mode),
        accessed_(now()),
        modified_(accessed_),
        changed_(accessed_) {}
  ~File() override {
    books_->give(data_.size() + names_.size() * kPerName);
    // One after the other: trees may be deeper than a stack.
    std::vector<Names> trees;
    trees.push_back(std::move(names_));
    while (!trees.empty()) {
      const Names names = std::move(trees.back());
      trees.pop_back();
      for (const auto& [name, file] : names) {
        file->parent_ = nullptr;
        if (file.use_count() > 1 || file->names_.empty()) continue;
        books_->give(file->names_.size() * kPerName);
        trees.push_back(std::exchange(file->names_, {}));
      }
    }
  }

  abi::FileType type() const noexcept override { return type_; }

  SysResult<abi::Stat> stat() override {
    const MutexLock lock(books_->mutex);
    abi::Stat about = {};
    about.device = books_->device;
    about.inode = inode_;
    about.size = type_ == abi::kDirectoryType ? names_.size() * 32 : data_.size();
    about.blocks = (data_.size() + kBlock - 1) / kBlock;
    about.links = links_;
    about.access_time = accessed_;
    about.modify_time = modified_;
    about.change_time = changed_;
    about.type = type_;
    about.mode = mode_;
    about.uid = owner_;
    about.gid = group_;
    return about;
  }

  SysResult<void> set_mode(u32 mode) override {
    const MutexLock lock(books_->mutex);
    mode_ = mode;
    changed_ = now();
    return {};
  }
  SysResult<void> set_owner(u32 owner, u32 group) override {
    const MutexLock lock(books_->mutex);
    // As for any user who is not the superuser: what is his own may be given to him.
    const bool same =
        (owner == ~u32{0} || owner == owner_) && (group == ~u32{0} || group == group_);
    return same ? SysResult<void>() : std::unexpected(Errno::perm);
  }
  SysResult<void> set_times(i64 access, i64 modify) override {
    const MutexLock lock(books_->mutex);
    accessed_ = access;
    modified_ = modify;
    changed_ = now();
    return {};
  }
  SysResult<std::string> link_text() override {
    if (type_ != abi::kSymlink) return std::unexpected(Errno::inval);
    const MutexLock lock(books_->mutex);
    return data_;
  }

  SysResult<DescriptionRef> open(u32 flags) override;

  SysResult<vfs::NodeRef> find(std::string_view name) override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    const MutexLock lock(books_->mutex);
    const auto found = names_.find(name);
    if (found == names_.end()) return std::unexpected(Errno::noent);
    return found->second;
  }

  SysResult<std::vector<vfs::Item>> list() override {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    std::vector<vfs::Item> items;
    const MutexLock lock(books_->mutex);
    items.reserve(names_.size());
    for (const auto& [name, file] : names_) items.push_back({name, file->inode_, file->type_});
    return items;
  }

  SysResult<vfs::NodeRef> make(std::string_view name, abi::FileType type, u32 mode) override {
    return add(name, std::make_shared<File>(books_, type, mode));
  }
  SysResult<void> make_link(std::string_view name, std::string_view target) override {
    if (!books_->take(target.size())) return std::unexpected(Errno::nospc);
    auto link = std::make_shared<File>(books_, abi::kSymlink, 0777);
    link->data_ = target;
    (void)SWEBASH_TRY(add(name, std::move(link)));
    return {};
  }
  SysResult<void> add_name(std::string_view name, vfs::Node& node) override {
    auto* const file = dynamic_cast<File*>(&node);
    if (file == nullptr || file->books_ != books_) return std::unexpected(Errno::xdev);
    if (file->type_ == abi::kDirectoryType) return std::unexpected(Errno::perm);
    (void)SWEBASH_TRY(add(name, std::static_pointer_cast<File>(file->shared_from_this())));
    return {};
  }

  SysResult<void> remove(std::string_view name, bool directory) override {
    std::shared_ptr<File> gone;  // its end gives bytes back, without the lock
    const MutexLock lock(books_->mutex);
    const auto found = names_.find(name);
    if (found == names_.end()) return std::unexpected(Errno::noent);
    const bool is_directory = found->second->type_ == abi::kDirectoryType;
    if (directory && !is_directory) return std::unexpected(Errno::notdir);
    if (!directory && is_directory) return std::unexpected(Errno::isdir);
    if (directory && !found->second->names_.empty()) return std::unexpected(Errno::notempty);
    gone = take_out_locked(found);
    return {};
  }

  SysResult<void> rename(std::string_view name, vfs::Node& to, std::string_view to_name) override {
    auto* const target = dynamic_cast<File*>(&to);
    if (target == nullptr || target->books_ != books_) return std::unexpected(Errno::xdev);
    std::shared_ptr<File> gone;
    const MutexLock lock(books_->mutex);
    const auto found = names_.find(name);
    if (found == names_.end()) return std::unexpected(Errno::noent);
    if (target->removed_locked()) return std::unexpected(Errno::noent);
    std::shared_ptr<File> file = found->second;
    const bool is_directory = file->type_ == abi::kDirectoryType;
    // A directory must not come to stand below itself.
    for (const File* at = target; is_directory && at != nullptr; at = at->parent_) {
      if (at == file.get()) return std::unexpected(Errno::inval);
    }
    const auto there = target->names_.find(to_name);
    if (there != target->names_.end()) {
      if (there->second == file) return {};
      const bool over_directory = there->second->type_ == abi::kDirectoryType;
      if (is_directory && !over_directory) return std::unexpected(Errno::notdir);
      if (!is_directory && over_directory) return std::unexpected(Errno::isdir);
      if (!there->second->names_.empty()) return std::unexpected(Errno::notempty);
      gone = target->take_out_locked(there);
    } else if (!books_->take(kPerName)) {
      return std::unexpected(Errno::nospc);
    }
    if (gone != nullptr && !books_->take(kPerName)) return std::unexpected(Errno::nospc);
    take_out_locked(names_.find(name));
    target->put_in_locked(to_name, std::move(file));
    return {};
  }

 private:
  class OpenFile;
  using Names = std::map<std::string, std::shared_ptr<File>, std::less<>>;

  [[nodiscard]] bool removed_locked() const { return links_ == 0; }

  SysResult<vfs::NodeRef> add(std::string_view name, std::shared_ptr<File> file) {
    if (type_ != abi::kDirectoryType) return std::unexpected(Errno::notdir);
    if (!books_->take(kPerName)) return std::unexpected(Errno::nospc);
    const MutexLock lock(books_->mutex);
    const bool there = names_.contains(name);
    if (there || removed_locked()) {
      books_->give(kPerName);
      return std::unexpected(there ? Errno::exist : Errno::noent);
    }
    put_in_locked(name, file);
    return file;
  }

  // The name was counted.
  void put_in_locked(std::string_view name, std::shared_ptr<File> file) {
    file->changed_ = modified_ = changed_ = now();
    if (file->type_ == abi::kDirectoryType) {
      file->links_ = 2;
      file->parent_ = this;
      ++links_;
    } else {
      ++file->links_;
    }
    names_.emplace(name, std::move(file));
  }

  std::shared_ptr<File> take_out_locked(Names::iterator at) {
    std::shared_ptr<File> file = std::move(at->second);
    names_.erase(at);
    books_->give(kPerName);
    file->changed_ = modified_ = changed_ = now();
    if (file->type_ == abi::kDirectoryType) {
      file->links_ = 0;
      file->parent_ = nullptr;
      --links_;
    } else {
      --file->links_;
    }
    return file;
  }

  // Makes the data `size` bytes.
  [[nodiscard]] SysResult<void> resize_locked(u64 size) {
    if (size > data_.size()) {
      if (!books_->take(size - data_.size())) return std::unexpected(Errno::nospc);
    } else {
      books_->give(data_.size() - size);
    }
    data_.resize(static_cast<usize>(size));
    if (size == 0) data_.shrink_to_fit();
    return {};
  }

  const std::shared_ptr<Books> books_;
  const abi::FileType type_;
  const u64 inode_;
  // All of it under the books' lock.
  u32 mode_;
  u32 owner_ = vfs::kUser;
  u32 group_ = vfs::kGroup;
  u64 links_ = 0;
  i64 accessed_;
  i64 modified_;
  i64 changed_;
  std::string data_;  // of a regular file, or a link's text
  Names names_;       // of a directory
  File* parent_ = nullptr;

  friend class MemoryFileSystem;
};

class MemoryFileSystem::File::OpenFile final : public Description {
 public:
  OpenFile(std::shared_ptr<File> file, u32 flags) noexcept
      : file_(std::move(file)), flags_(flags) {}

  SysResult<usize> read(std::span<char> buffer, Wait) override {
    return take(buffer, [](std::string_view) { return std::string_view::npos; });
  }
  SysResult<usize> read_until(std::span<char> buffer, char delimiter) override {
    return take(buffer, [delimiter](std::string_view data) { return data.find(delimiter); });
  }
  SysResult<usize> write(std::span<const char> data, Wait) override {
    if ((flags_ & abi::kWrite) == 0) return std::unexpected(Errno::badf);
    if (data.empty()) return 0;
    const MutexLock lock(file_->books_->mutex);
    std::string& all = file_->data_;
    if ((flags_ & abi::kAppend) != 0) at_ = all.size();
    if (at_ + data.size() > all.size()) SWEBASH_TRY(file_->resize_locked(at_ + data.size()));
    std::memcpy(all.data() + at_, data.data(), data.size());
    at_ += data.size();
    file_->modified_ = file_->changed_ = now();
    return data.size();
  }
  SysResult<int> poll_fd() override { return std::unexpected(Errno::notsup); }
  SysResult<ChildFd> child_fd() override { return std::unexpected(Errno::notsup); }
  bool can_wait() noexcept override { return false; }
  SysResult<u32> open_flags() override { return flags_; }
  SysResult<abi::Stat> stat() override { return file_->stat(); }
  SysResult<i64> seek(i64 offset, u32 whence) override {
    const MutexLock lock(file_->books_->mutex);
    i64 from = 0;
    if (whence == abi::kSeekCurrent) from = static_cast<i64>(at_);
    if (whence == abi::kSeekEnd) from = static_cast<i64>(file_->data_.size());
    i64 at = 0;
    if (__builtin_add_overflow(from, offset, &at) || at < 0) return std::unexpected(Errno::inval);
    at_ = static_cast<u64>(at);
    return at;
  }
  SysResult<void> truncate(i64 size) override {
    if (size < 0 || (flags_ & abi::kWrite) == 0) return std::unexpected(Errno::inval);
    const MutexLock lock(file_->books_->mutex);
    SWEBASH_TRY(file_->resize_locked(static_cast<u64>(size)));
    file_->modified_ = file_->changed_ = now();
    return {};
  }

 private:
  // Reads up to and with the byte that `end_of` finds in what there is.
  template <class EndOf>
  SysResult<usize> take(std::span<char> buffer, EndOf end_of) {
    if ((flags_ & abi::kRead) == 0) return std::unexpected(Errno::badf);
    const MutexLock lock(file_->books_->mutex);
    const std::string& all = file_->data_;
    if (at_ >= all.size()) return 0;
    std::string_view part = std::string_view(all).substr(at_, buffer.size());
    if (const usize end = end_of(part); end != std::string_view::npos)
      part = part.substr(0, end + 1);
    std::memcpy(buffer.data(), part.data(), part.size());
    at_ += part.size();
    file_->accessed_ = now();
    return part.size();
  }

  const std::shared_ptr<File> file_;
  const u32 flags_;
  u64 at_ = 0;  // under the books' lock
};

SysResult<DescriptionRef> MemoryFileSystem::File::open(u32 flags) {
  auto self = std::static_pointer_cast<File>(shared_from_this());
  if (type_ != abi::kRegular) return std::unexpected(Errno::isdir);
  if ((flags & abi::kTruncate) != 0) {
    const MutexLock lock(books_->mutex);
    SWEBASH_TRY(resize_locked(0));
    modified_ = changed_ = now();
  }
  return std::make_shared<OpenFile>(std::move(self),
                                    flags & (abi::kRead | abi::kWrite | abi::kAppend));
}

MemoryFileSystem::MemoryFileSystem(u64 limit, u32 root_mode)
    : books_(std::make_shared<Books>(limit)) {
  auto root = std::make_shared<File>(books_, abi::kDirectoryType, root_mode);
  {
    const MutexLock lock(books_->mutex);
    root->links_ = 2;
  }
  root_ = std::move(root);
}

u64 MemoryFileSystem::used() const noexcept { return books_->used.load(); }

}  // namespace swebash::kernel::fs
