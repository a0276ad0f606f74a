// SPDX-License-Identifier: Apache-2.0
#include "kernel/session_image.hpp"

#include <algorithm>

#include "kernel/kernel.hpp"
#include "kernel/task/task.hpp"
#include "kernel/vfs/open_directory.hpp"

namespace swebash::kernel {

SysResult<std::shared_ptr<vfs::Mounts>> SessionImage::make_mounts() const {
  auto made = std::make_shared<vfs::Mounts>(mounts.front().root);
  for (const vfs::Mounted& one : mounts) {
    if (one.path != "/") SWEBASH_TRY(made->mount(one.path, one.root, one.mode));
  }
  return made;
}

SysResult<SessionImage> copy_image(const SessionImage& image,
                                   const std::shared_ptr<const SessionClock>& clock,
                                   const std::map<const vfs::Node*, vfs::NodeRef>& replaced) {
  SessionImage made = image;
  vfs::NodeCopies copies;
  for (const SessionImage::OpenFile& file : image.files) {
    if (file.node != nullptr) copies.emplace(file.node.get(), nullptr);
  }
  std::map<const vfs::Node*, vfs::NodeRef> roots = replaced;
  for (vfs::Mounted& one : made.mounts) {
    vfs::NodeRef& root = roots[one.root.get()];
    if (root == nullptr) root = SWEBASH_TRY(one.root->copy_tree(copies, clock));
    one.root = root;
  }
  for (SessionImage::OpenFile& file : made.files) {
    if (file.node == nullptr) continue;
    // What no file system has copied is shared.
    if (const vfs::NodeRef& copy = copies[file.node.get()]; copy != nullptr) file.node = copy;
  }
  return made;
}

SessionImage Task::image() const {
  SessionImage made;
  made.mounts = kernel_.mounts()->list();
  made.directory = cwd_->place->path();
  made.umask = umask_ >= 0 ? static_cast<u32>(umask_) : kernel_.options().umask;
  made.limits = limits_;
  made.random = random_;
  const auto& streams = kernel_.options().streams;
  std::map<const Description*, u32> numbers;
  const auto& entries = fds_.entries();
  for (usize fd = 0; fd < entries.size(); ++fd) {
    const DescriptionRef& description = entries[fd].description;
    if (description == nullptr) continue;
    auto known = numbers.find(description.get());
    if (known == numbers.end()) {
      SessionImage::OpenFile file;
      const auto stream = std::ranges::find(streams, description);
      if (stream != streams.end()) {
        file.stream = static_cast<u32>(stream - streams.begin());
      } else if (const vfs::PlaceRef* const place = description->place(); place != nullptr) {
        file.kind = SessionImage::FileKind::directory;
        file.path = (*place)->path();
      } else if (auto open = description->open_state(); open.has_value()) {
        file = {
            SessionImage::FileKind::file, 0, std::move(open->node), open->flags, open->offset, {}};
      } else {
        continue;
      }
      known = numbers.emplace(description.get(), static_cast<u32>(made.files.size())).first;
      made.files.push_back(std::move(file));
    }
    made.descriptors.push_back({static_cast<i32>(fd), entries[fd].inherit, known->second});
  }
  return made;
}

namespace {

SysResult<DescriptionRef> open_again(const SessionImage::OpenFile& file,
                                     const StartOptions& options) {
  switch (file.kind) {
    case SessionImage::FileKind::stream: return options.streams[file.stream];
    case SessionImage::FileKind::directory: {
      const vfs::Mounts& mounts = *options.mounts;
      return vfs::OpenDirectory::create(
          SWEBASH_TRY(mounts.find(mounts.root(), file.path, vfs::LastLink::keep)));
    }
    case SessionImage::FileKind::file: {
      if (file.node == nullptr) break;
      DescriptionRef open = SWEBASH_TRY(file.node->open(file.flags));
      (void)open->seek(file.offset, abi::kSeekSet);
      return open;
    }
  }
  return std::unexpected(Errno::badf);
}

}  // namespace

void Task::adopt(const SessionImage& image) {
  const StartOptions& options = kernel_.options();
  umask_ = static_cast<i32>(image.umask);
  random_ = image.random;
  {
    const KernelLock lock(kernel_.mutex_);
    limits_ = image.limits;
  }
  std::vector<DescriptionRef> files;
  for (const SessionImage::OpenFile& file : image.files) {
    files.push_back(open_again(file, options).value_or(nullptr));
  }
  FdTable table;
  for (const auto& [fd, inherit, file] : image.descriptors) {
    // What is not there any more is closed here.
    if (files[file] != nullptr) {
      (void)table.put(fd, files[file], inherit, static_cast<u32>(fd) + 1);
    }
  }
  fds_ = std::move(table);
}

}  // namespace swebash::kernel
