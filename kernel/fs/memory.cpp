// SPDX-License-Identifier: Apache-2.0
#include "kernel/fs/memory.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_annotations.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel::fs {

namespace {

// What a name and its node take, about.
constexpr u64 kPerName = 256;
constexpr usize kBlock = 512;

}  // namespace

struct MemoryFileSystem::Books {
  Books(u64 most, std::shared_ptr<const SessionClock> of) noexcept
      : limit(most), clock(std::move(of)) {}

  [[nodiscard]] i64 now() const noexcept {
    return clock != nullptr ? clock->for_files() : clock_now(CLOCK_REALTIME_COARSE);
  }

  const u64 limit;
  const std::shared_ptr<const SessionClock> clock;
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
        accessed_(books_->now()),
        modified_(accessed_),
        changed_(accessed_) {}
  // The same file in another file system, which is a copy; names are for whoever copies.
  File(std::shared_ptr<Books> books, File& from) SWEBASH_NO_THREAD_SAFETY_ANALYSIS
      : books_(std::move(books)),
        type_(from.type_),
        inode_(from.inode_),
        mode_(from.mode_),
        owner_(from.owner_),
        group_(from.group_),
        links_(from.links_),
        accessed_(from.accessed_),
        modified_(from.modified_),
        changed_(from.changed_) {
    if (type_ != abi::kDirectoryType) shared_ = from.share_locked();
    books_->used.fetch_add(size_locked() + from.names_.size() * kPerName);
  }
  ~File() override {
    books_->give(size_locked() + names_.size() * kPerName);
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
    about.size = type_ == abi::kDirectoryType ? names_.size() * 32 : size_locked();
    about.blocks = (size_locked() + kBlock - 1) / kBlock;
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
    return std::string(bytes_locked());
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

  SysResult<vfs::NodeRef> copy_tree(vfs::NodeCopies& copies,
                                    const std::shared_ptr<const SessionClock>& clock) override;
  vfs::TreeKind save_tree(ByteWriter& to, std::map<const vfs::Node*, u64>& wanted) override;
  // What `from` tells of a file, without its names.
  [[nodiscard]] static std::shared_ptr<File> read(ByteReader& from, std::shared_ptr<Books> books);

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
    const u64 before = size_locked();
    if (size > before) {
      if (!books_->take(size - before)) return std::unexpected(Errno::nospc);
    } else {
      books_->give(before - size);
    }
    if (size == 0) {
      shared_.reset();
      data_ = std::string();
    } else {
      own_locked().resize(static_cast<usize>(size));
    }
    return {};
  }

  [[nodiscard]] i64 now() const noexcept { return books_->now(); }

  // The bytes of a file are its own, or shared with copies of it until it is written to.
  [[nodiscard]] std::string_view bytes_locked() const noexcept {
    return shared_ != nullptr ? std::string_view(*shared_) : std::string_view(data_);
  }
  [[nodiscard]] usize size_locked() const noexcept { return bytes_locked().size(); }
  [[nodiscard]] std::string& own_locked() {
    if (shared_ != nullptr) {
      data_ = *shared_;
      shared_.reset();
    }
    return data_;
  }
  [[nodiscard]] const std::shared_ptr<const std::string>& share_locked() {
    if (shared_ == nullptr) {
      shared_ = std::make_shared<const std::string>(std::exchange(data_, std::string()));
    }
    return shared_;
  }

  const std::shared_ptr<Books> books_;
  const abi::FileType type_;
  u64 inode_;
  // All of it under the books' lock.
  u32 mode_;
  u32 owner_ = vfs::kUser;
  u32 group_ = vfs::kGroup;
  u64 links_ = 0;
  i64 accessed_;
  i64 modified_;
  i64 changed_;
  std::string data_;                           // of a regular file, or a link's text
  std::shared_ptr<const std::string> shared_;  // the same, in the place of data_
  Names names_;                                // of a directory
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
    const usize size = file_->size_locked();
    if ((flags_ & abi::kAppend) != 0) at_ = size;
    if (at_ + data.size() > size) SWEBASH_TRY(file_->resize_locked(at_ + data.size()));
    std::string& all = file_->own_locked();
    std::memcpy(all.data() + at_, data.data(), data.size());
    at_ += data.size();
    file_->modified_ = file_->changed_ = file_->now();
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
    if (whence == abi::kSeekEnd) from = static_cast<i64>(file_->size_locked());
    i64 at = 0;
    if (__builtin_add_overflow(from, offset, &at) || at < 0) return std::unexpected(Errno::inval);
    at_ = static_cast<u64>(at);
    return at;
  }
  std::optional<OpenState> open_state() override {
    const MutexLock lock(file_->books_->mutex);
    return OpenState{file_, flags_, static_cast<i64>(at_)};
  }
  SysResult<void> truncate(i64 size) override {
    if (size < 0 || (flags_ & abi::kWrite) == 0) return std::unexpected(Errno::inval);
    const MutexLock lock(file_->books_->mutex);
    SWEBASH_TRY(file_->resize_locked(static_cast<u64>(size)));
    file_->modified_ = file_->changed_ = file_->now();
    return {};
  }

 private:
  // Reads up to and with the byte that `end_of` finds in what there is.
  template <class EndOf>
  SysResult<usize> take(std::span<char> buffer, EndOf end_of) {
    if ((flags_ & abi::kRead) == 0) return std::unexpected(Errno::badf);
    const MutexLock lock(file_->books_->mutex);
    const std::string_view all = file_->bytes_locked();
    if (at_ >= all.size()) return 0;
    std::string_view part = all.substr(at_, buffer.size());
    if (const usize end = end_of(part); end != std::string_view::npos)
      part = part.substr(0, end + 1);
    std::memcpy(buffer.data(), part.data(), part.size());
    at_ += part.size();
    file_->accessed_ = file_->now();
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

namespace {

bool is_name(std::string_view name) noexcept {
  constexpr usize kMost = 255;
  return !name.empty() && name.size() <= kMost && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

}  // namespace

SysResult<vfs::NodeRef> MemoryFileSystem::File::copy_tree(
    vfs::NodeCopies& copies, const std::shared_ptr<const SessionClock>& clock) {
  auto books = std::make_shared<Books>(books_->limit, clock);
  std::map<const File*, std::shared_ptr<File>> linked;  // what may be met by another name
  const MutexLock lock(books_->mutex);
  books->next_inode.store(books_->next_inode.load());
  const auto copy = [&](File& from) {
    const bool many = from.type_ != abi::kDirectoryType && from.links_ > 1;
    if (many) {
      if (const auto known = linked.find(&from); known != linked.end()) return known->second;
    }
    auto made = std::make_shared<File>(books, from);
    if (many) linked.emplace(&from, made);
    if (const auto wanted = copies.find(&from); wanted != copies.end()) wanted->second = made;
    return made;
  };
  std::shared_ptr<File> root = copy(*this);
  std::vector<std::pair<File*, File*>> directories = {{this, root.get()}};
  while (!directories.empty()) {
    const auto [from, to] = directories.back();
    directories.pop_back();
    for (const auto& [name, file] : from->names_) {
      std::shared_ptr<File> made = copy(*file);
      if (file->type_ == abi::kDirectoryType) {
        made->parent_ = to;
        directories.emplace_back(file.get(), made.get());
      }
      to->names_.emplace_hint(to->names_.end(), name, std::move(made));
    }
  }
  // Files that are open and have no name any more.
  for (auto& [node, made] : copies) {
    if (made != nullptr) continue;
    auto* const file = dynamic_cast<File*>(const_cast<vfs::Node*>(node));  // of this object
    if (file != nullptr && file->books_ == books_ && file->type_ == abi::kRegular) {
      made = std::make_shared<File>(books, *file);
    }
  }
  return root;
}

// tree = limit next-inode count file* ; file = type mode owner group inode 3*time bytes
// names ; names = count (name number)*: the numbers of files as they follow each other here, the
// root first, a directory after the one that it is in.
vfs::TreeKind MemoryFileSystem::File::save_tree(ByteWriter& to,
                                                std::map<const vfs::Node*, u64>& wanted) {
  const MutexLock lock(books_->mutex);
  std::map<const File*, u64> numbers = {{this, 0}};
  std::vector<const File*> files = {this};
  const auto number_of = [&](const File* file) {
    const auto [at, added] = numbers.emplace(file, files.size());
    if (added) files.push_back(file);
    return at->second;
  };
  for (auto& [node, number] : wanted) {
    const auto* const file = dynamic_cast<const File*>(node);
    if (file != nullptr && file->books_ == books_ && file->type_ == abi::kRegular) {
      number = number_of(file);
    }
  }
  to.number(books_->limit);
  to.number(books_->next_inode.load());
  const usize count = to.size();
  to.number(0);
  for (usize at = 0; at < files.size(); ++at) {
    const File& file = *files[at];
    for (const u32 value : {u32{file.type_}, file.mode_, file.owner_, file.group_}) to.word(value);
    to.number(file.inode_);
    for (const i64 time : {file.accessed_, file.modified_, file.changed_}) {
      to.number(static_cast<u64>(time));
    }
    to.text(file.bytes_locked());
    to.number(file.names_.size());
    for (const auto& [name, inner] : file.names_) {
      to.text(name);
      to.number(number_of(inner.get()));
    }
  }
  to.patch_number(count, files.size());
  return vfs::TreeKind::memory;
}

std::shared_ptr<MemoryFileSystem::File> MemoryFileSystem::File::read(
    ByteReader& from, std::shared_ptr<Books> books) SWEBASH_NO_THREAD_SAFETY_ANALYSIS {
  const u32 type = from.word();
  const u32 mode = from.word();
  if (type != abi::kRegular && type != abi::kDirectoryType && type != abi::kSymlink) from.fail();
  auto file =
      std::make_shared<File>(std::move(books), static_cast<abi::FileType>(type), mode & 07777U);
  file->owner_ = from.word();
  file->group_ = from.word();
  file->inode_ = from.number();
  for (i64* const time : {&file->accessed_, &file->modified_, &file->changed_}) {
    *time = static_cast<i64>(from.number());
  }
  file->data_ = from.text();
  if (type == abi::kDirectoryType && !file->data_.empty()) from.fail();
  file->books_->used.fetch_add(file->data_.size());
  if (type == abi::kDirectoryType) file->links_ = 2;
  return file;
}

vfs::NodeRef MemoryFileSystem::read_tree(
    ByteReader& from, std::shared_ptr<const SessionClock> clock,
    std::vector<vfs::NodeRef>& nodes) SWEBASH_NO_THREAD_SAFETY_ANALYSIS {
  const u64 limit = from.number();
  auto books = std::make_shared<Books>(limit, std::move(clock));
  const u64 next_inode = from.number();
  constexpr usize kLeast = 4 * sizeof(u32) + 6 * sizeof(u64);
  const usize count = from.count(kLeast);
  std::vector<std::shared_ptr<File>> files;
  struct Named {
    usize directory;
    std::string_view name;
    u64 file;
  };
  std::vector<Named> names;
  for (usize at = 0; at < count && from.ok(); ++at) {
    files.push_back(File::read(from, books));
    const usize inside = from.count(2 * sizeof(u64));
    if (inside > 0 && files.back()->type() != abi::kDirectoryType) from.fail();
    for (usize i = 0; i < inside && from.ok(); ++i) {
      const std::string_view name = from.text();
      names.push_back({at, name, from.number()});
    }
  }
  if (files.empty() || files[0]->type() != abi::kDirectoryType) from.fail();
  std::vector<bool> placed(files.size());
  for (const auto& [directory, name, number] : names) {
    if (!from.ok()) break;
    if (number >= files.size() || !is_name(name)) {
      from.fail();
      break;
    }
    File& parent = *files[directory];
    const std::shared_ptr<File>& file = files[static_cast<usize>(number)];
    if (file->type_ == abi::kDirectoryType) {
      // One place each, below one that came before: so that no circle can be.
      if (number <= directory || placed[static_cast<usize>(number)]) {
        from.fail();
        break;
      }
      file->parent_ = &parent;
      ++parent.links_;
    } else {
      ++file->links_;
    }
    placed[static_cast<usize>(number)] = true;
    if (!parent.names_.emplace(name, file).second) from.fail();
    books->used.fetch_add(kPerName);
  }
  books->next_inode.store(next_inode);
  if (!from.ok()) return nullptr;
  nodes.assign(files.begin(), files.end());
  return files[0];
}

MemoryFileSystem::MemoryFileSystem(u64 limit, u32 root_mode,
                                   std::shared_ptr<const SessionClock> clock)
    : books_(std::make_shared<Books>(limit, std::move(clock))) {
  auto root = std::make_shared<File>(books_, abi::kDirectoryType, root_mode);
  {
    const MutexLock lock(books_->mutex);
    root->links_ = 2;
  }
  root_ = std::move(root);
}

u64 MemoryFileSystem::used() const noexcept { return books_->used.load(); }

}  // namespace swebash::kernel::fs
