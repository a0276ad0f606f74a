// SPDX-License-Identifier: Apache-2.0
//
// Task's calls on paths and programs in a session of a library, whose files are those of its mount
// table.
#include <algorithm>
#include <climits>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

#include "kernel/embedder.hpp"
#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/task/task.hpp"
#include "kernel/vfs/command.hpp"
#include "kernel/vfs/mounts.hpp"
#include "kernel/vfs/open_directory.hpp"

namespace swebash::kernel {

namespace {

constexpr u32 kPermissions = 07777;
constexpr u32 kMostLinks = 40;

vfs::LastLink last_link(u32 flags) noexcept {
  return (flags & abi::kLinkItself) != 0 ? vfs::LastLink::keep : vfs::LastLink::follow;
}

bool is_device(const vfs::Node& node) noexcept { return node.type() == abi::kCharacterDevice; }

// Whether the user may use a file so.
SysResult<void> check(const vfs::Place& place, u32 mode) {
  const bool writes = (mode & abi::kAccessWrite) != 0;
  if (writes && place.mode == vfs::MountMode::read_only && !is_device(*place.node)) {
    return std::unexpected(Errno::rofs);
  }
  if (!vfs::permits(SWEBASH_TRY(place.node->stat()), mode)) return std::unexpected(Errno::acces);
  return {};
}

// Whether names of a directory may be made and removed.
SysResult<void> check_names(const vfs::Place& directory) {
  return check(directory, abi::kAccessWrite | abi::kAccessExecute);
}

// Whether mode, owner or times of a file may be changed.
SysResult<void> check_owner(const vfs::Place& place) {
  if (place.mode == vfs::MountMode::read_only) return std::unexpected(Errno::rofs);
  if (SWEBASH_TRY(place.node->stat()).uid != vfs::kUser) return std::unexpected(Errno::perm);
  return {};
}

// A name that is to be made: not one of a directory by itself.
SysResult<void> check_new(const vfs::Entry& entry) {
  if (entry.name == "." || entry.name == "..") return std::unexpected(Errno::exist);
  if (vfs::Mounts::step(entry.directory, entry.name).has_value()) {
    return std::unexpected(Errno::exist);
  }
  return check_names(*entry.directory);
}

// What is to be removed or renamed; not where something is mounted.
SysResult<vfs::PlaceRef> find_removable(const vfs::Entry& entry) {
  if (entry.name == ".") return std::unexpected(Errno::inval);
  if (entry.name == "..") return std::unexpected(Errno::notempty);
  vfs::PlaceRef place = SWEBASH_TRY(vfs::Mounts::step(entry.directory, entry.name));
  if (place->point != nullptr) return std::unexpected(Errno::busy);
  if (entry.directory_wanted && place->node->type() != abi::kDirectoryType) {
    return std::unexpected(Errno::notdir);
  }
  SWEBASH_TRY(check_names(*entry.directory));
  return place;
}

std::vector<std::string> strings_of(std::span<const char> block, u32 count) {
  std::vector<std::string> strings;
  const std::string_view text(block.data(), block.size());
  for (usize at = 0; strings.size() < count && at < text.size();) {
    const usize end = std::min(text.find('\0', at), text.size());
    strings.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return strings;
}

class CommandBody final : public TaskBody {
 public:
  CommandBody(std::shared_ptr<vfs::Command> command, vfs::CommandLine line) noexcept
      : command_(std::move(command)), line_(std::move(line)) {}
  ExitState run(Task& task) noexcept override {
    const ExitState end = command_->run(task, line_);
    return task.doomed() ? task.end_state() : end;
  }

 private:
  const std::shared_ptr<vfs::Command> command_;
  const vfs::CommandLine line_;
};

// Why a file that is no command is not run: Errno::noexec where it is a script of the shell's,
// which the shell that asked runs itself.
Errno not_a_command(vfs::Node& node) {
  if (node.type() != abi::kRegular) return Errno::acces;
  const SysResult<abi::Stat> about = node.stat();
  if (!about.has_value() || !vfs::permits(*about, abi::kAccessExecute)) return Errno::acces;
  const SysResult<DescriptionRef> file = node.open(abi::kRead);
  if (!file.has_value()) return file.error();
  char head[256];
  const SysResult<usize> size = (*file)->read(head, Wait::no);
  if (!size.has_value()) return size.error();
  std::string_view text(head, *size);
  if (!text.starts_with("#!")) return Errno::noexec;
  text = text.substr(2, text.find('\n') - 2);
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const std::string_view program = text.substr(0, text.find_first_of(" \t"));
  std::string_view name = program.substr(program.rfind('/') + 1);
  if (name == "env" && text.size() > program.size()) {
    text.remove_prefix(text.find_first_not_of(" \t", program.size()));
    name = text.substr(0, text.find_first_of(" \t"));
  }
  for (const std::string_view shell : {"sh", "bash", "dash", "swebash"}) {
    if (name == shell) return Errno::noexec;
  }
  return Errno::noent;
}

}  // namespace

SysResult<vfs::PlaceRef> Task::place(i32 dirfd) {
  if (dirfd == abi::kCwd) return cwd_->place;
  const vfs::PlaceRef* const place = SWEBASH_TRY(description(dirfd))->place();
  if (place == nullptr) return std::unexpected(Errno::notdir);
  return *place;
}

SysResult<i32> Task::open_inside(i32 dirfd, std::string_view path, u32 flags, u32 mode) {
  if (const i32 named = descriptor_in_path(path); named >= 0) {
    const SysResult<i32> copy = dup(named, 0, flags);
    if (!copy.has_value() && copy.error() == Errno::badf) return std::unexpected(Errno::noent);
    return copy;
  }
  const vfs::Mounts& mounts = *kernel_.mounts();
  vfs::PlaceRef start = SWEBASH_TRY(place(dirfd));
  std::string text;  // of the link that was met last
  u32 links = 0;
  while (true) {
    const vfs::Entry entry = SWEBASH_TRY(mounts.find_entry(start, path));
    SysResult<vfs::PlaceRef> found = vfs::Mounts::step(entry.directory, entry.name);
    const bool is_link = found.has_value() && (*found)->node->type() == abi::kSymlink;
    if (is_link && (flags & (abi::kExclusive | abi::kNoFollow)) == 0) {
      if (++links > kMostLinks) return std::unexpected(Errno::loop);
      text = SWEBASH_TRY((*found)->node->link_text());
      if (entry.directory_wanted) text += '/';
      path = text;
      start = entry.directory;
      // A link of /dev to a descriptor.
      if (descriptor_in_path(path) >= 0) return open_inside(dirfd, path, flags, mode);
      continue;
    }
    if (found.has_value()) {
      if ((flags & (abi::kCreate | abi::kExclusive)) == (abi::kCreate | abi::kExclusive)) {
        return std::unexpected(Errno::exist);
      }
      if (is_link) return std::unexpected(Errno::loop);
      return open_place(*found, flags | (entry.directory_wanted ? abi::kDirectory : 0u));
    }
    if (found.error() != Errno::noent || (flags & abi::kCreate) == 0) {
      return std::unexpected(found.error());
    }
    if (entry.directory_wanted) return std::unexpected(Errno::isdir);
    SWEBASH_TRY(check_names(*entry.directory));
    const u32 permissions = mode & kPermissions & ~current_umask();
    const SysResult<vfs::NodeRef> made =
        entry.directory->node->make(entry.name, abi::kRegular, permissions);
    // Somebody was faster: then it is there to be opened.
    if (!made.has_value() && made.error() == Errno::exist && (flags & abi::kExclusive) == 0) {
      continue;
    }
    return add_descriptor(SWEBASH_TRY(SWEBASH_TRY(made)->open(flags)), flags);
  }
}

SysResult<i32> Task::open_place(const vfs::PlaceRef& place, u32 flags) {
  const bool writes = (flags & (abi::kWrite | abi::kTruncate)) != 0;
  if (place->node->type() == abi::kDirectoryType) {
    if (writes || (flags & abi::kCreate) != 0) return std::unexpected(Errno::isdir);
    SWEBASH_TRY(check(*place, abi::kAccessRead));
    return add_descriptor(SWEBASH_TRY(vfs::OpenDirectory::create(place)), flags);
  }
  if ((flags & abi::kDirectory) != 0) return std::unexpected(Errno::notdir);
  SWEBASH_TRY(check(*place, ((flags & abi::kRead) != 0 ? abi::kAccessRead : 0) |
                                (writes ? abi::kAccessWrite : 0)));
  return add_descriptor(SWEBASH_TRY(place->node->open(flags)), flags);
}

SysResult<vfs::PlaceRef> Task::find_inside(i32 dirfd, std::string_view path, u32 flags) {
  return kernel_.mounts()->find(SWEBASH_TRY(place(dirfd)), path, last_link(flags));
}

SysResult<void> Task::access_inside(i32 dirfd, std::string_view path, u32 mode) {
  return check(*SWEBASH_TRY(find_inside(dirfd, path, 0)), mode);
}

SysResult<void> Task::mkdir_inside(i32 dirfd, std::string_view path, u32 mode) {
  const vfs::Entry entry =
      SWEBASH_TRY(kernel_.mounts()->find_entry(SWEBASH_TRY(place(dirfd)), path));
  SWEBASH_TRY(check_new(entry));
  (void)SWEBASH_TRY(entry.directory->node->make(entry.name, abi::kDirectoryType,
                                                mode & kPermissions & ~current_umask()));
  return {};
}

SysResult<void> Task::unlink_inside(i32 dirfd, std::string_view path, u32 flags) {
  const vfs::Entry entry =
      SWEBASH_TRY(kernel_.mounts()->find_entry(SWEBASH_TRY(place(dirfd)), path));
  (void)SWEBASH_TRY(find_removable(entry));
  return entry.directory->node->remove(entry.name, (flags & abi::kRemoveDirectory) != 0);
}

SysResult<void> Task::rename_inside(i32 from_dirfd, std::string_view from, i32 to_dirfd,
                                    std::string_view to) {
  const vfs::Mounts& mounts = *kernel_.mounts();
  const vfs::Entry source = SWEBASH_TRY(mounts.find_entry(SWEBASH_TRY(place(from_dirfd)), from));
  const vfs::Entry target = SWEBASH_TRY(mounts.find_entry(SWEBASH_TRY(place(to_dirfd)), to));
  const vfs::PlaceRef moved = SWEBASH_TRY(find_removable(source));
  const SysResult<vfs::PlaceRef> there = find_removable(target);
  if (!there.has_value() && there.error() != Errno::noent) return std::unexpected(there.error());
  if (target.directory_wanted && moved->node->type() != abi::kDirectoryType) {
    return std::unexpected(Errno::notdir);
  }
  SWEBASH_TRY(check_names(*target.directory));
  return source.directory->node->rename(source.name, *target.directory->node, target.name);
}

SysResult<void> Task::link_inside(i32 from_dirfd, std::string_view from, i32 to_dirfd,
                                  std::string_view to) {
  const vfs::PlaceRef source = SWEBASH_TRY(find_inside(from_dirfd, from, abi::kLinkItself));
  const vfs::Entry entry =
      SWEBASH_TRY(kernel_.mounts()->find_entry(SWEBASH_TRY(place(to_dirfd)), to));
  SWEBASH_TRY(check_new(entry));
  if (entry.directory_wanted) return std::unexpected(Errno::noent);
  return entry.directory->node->add_name(entry.name, *source->node);
}

SysResult<void> Task::symlink_inside(std::string_view target, i32 dirfd, std::string_view path) {
  if (target.empty()) return std::unexpected(Errno::noent);
  if (target.size() >= PATH_MAX) return std::unexpected(Errno::nametoolong);
  const vfs::Entry entry =
      SWEBASH_TRY(kernel_.mounts()->find_entry(SWEBASH_TRY(place(dirfd)), path));
  SWEBASH_TRY(check_new(entry));
  if (entry.directory_wanted) return std::unexpected(Errno::noent);
  return entry.directory->node->make_link(entry.name, target);
}

SysResult<usize> Task::readlink_inside(i32 dirfd, std::string_view path, std::span<char> out) {
  const vfs::PlaceRef link = SWEBASH_TRY(find_inside(dirfd, path, abi::kLinkItself));
  const std::string text = SWEBASH_TRY(link->node->link_text());
  std::memcpy(out.data(), text.data(), std::min(out.size(), text.size()));
  return text.size();
}

SysResult<void> Task::chmod_inside(i32 dirfd, std::string_view path, u32 mode) {
  const vfs::PlaceRef file = SWEBASH_TRY(find_inside(dirfd, path, 0));
  SWEBASH_TRY(check_owner(*file));
  return file->node->set_mode(mode & kPermissions);
}

SysResult<void> Task::chown_inside(i32 dirfd, std::string_view path, u32 uid, u32 gid, u32 flags) {
  const vfs::PlaceRef file = SWEBASH_TRY(find_inside(dirfd, path, flags));
  SWEBASH_TRY(check_owner(*file));
  return file->node->set_owner(uid, gid);
}

SysResult<void> Task::set_times_inside(i32 dirfd, std::string_view path, i64 access_time,
                                       i64 modify_time, u32 flags) {
  const vfs::PlaceRef file = SWEBASH_TRY(find_inside(dirfd, path, flags));
  SWEBASH_TRY(check_owner(*file));
  return file->node->set_times(access_time, modify_time);
}

SysResult<void> Task::change_directory_inside(std::string_view path) {
  vfs::PlaceRef directory = SWEBASH_TRY(find_inside(abi::kCwd, path, 0));
  if (directory->node->type() != abi::kDirectoryType) return std::unexpected(Errno::notdir);
  SWEBASH_TRY(check(*directory, abi::kAccessExecute));
  cwd_ = std::make_shared<Directory>(OwnedFd(), std::move(directory));
  return {};
}

SysResult<usize> Task::working_directory_inside(std::span<char> out) {
  if (SWEBASH_TRY(cwd_->place->node->stat()).links == 0) return std::unexpected(Errno::noent);
  const std::string text = cwd_->place->path();
  std::memcpy(out.data(), text.data(), std::min(out.size(), text.size()));
  return text.size();
}

SysResult<i32> Task::spawn_inside(const Program& program) {
  const vfs::PlaceRef file = SWEBASH_TRY(find_inside(abi::kCwd, program.path, 0));
  std::shared_ptr<vfs::Command> command = file->node->command();
  if (command == nullptr) return std::unexpected(not_a_command(*file->node));
  SWEBASH_TRY(check(*file, abi::kAccessExecute));

  CloneRequest request;
  request.group = program.group;
  TaskRef child = SWEBASH_TRY(kernel_.create_task(*this, request));
  const auto& entries = child->fds_.entries();
  for (i32 fd = static_cast<i32>(entries.size()) - 1; fd >= 0; --fd) {
    const SysResult<FdTable::Entry*> entry = child->fds_.find(fd);
    if (entry.has_value() && (*entry)->inherit == Inherit::no) (void)child->fds_.remove(fd);
  }
  if (program.asynchronous) child->ignored_.fetch_or(signal_bit(SIGINT) | signal_bit(SIGQUIT));
  auto body = std::make_unique<CommandBody>(
      std::move(command),
      vfs::CommandLine{std::string(program.path),
                       strings_of(program.arguments, program.argument_count),
                       strings_of(program.environment, program.environment_count)});
  const i32 pid = child->pid();
  if (program.waited) {
    kernel_.run_inline(child, *body);
  } else {
    SWEBASH_TRY(kernel_.run_pooled(std::move(child), std::move(body)));
  }
  return pid;
}

SysResult<usize> Task::command_hook(std::string_view words) {
  Embedder* const embedder = kernel_.options().embedder;
  if (embedder == nullptr || !embedder->sees_commands()) return 0;
  std::vector<std::string> list;
  for (usize at = 0; at < words.size();) {
    const usize end = std::min(words.find('\0', at), words.size());
    list.emplace_back(words.substr(at, end - at));
    at = end + 1;
  }
  if (list.empty()) return std::unexpected(Errno::inval);
  const Embedder::Decision decision = embedder->before_command(*this, list);
  switch (decision.verdict) {
    case Embedder::Verdict::allow: return 0;
    case Embedder::Verdict::rewrite:
      replacement_.clear();
      for (const std::string& word : decision.words) {
        replacement_.append(word, 0, word.find('\0')).push_back('\0');
      }
      if (!replacement_.empty()) return replacement_.size();
      break;
    case Embedder::Verdict::deny: break;
  }
  std::string sentence = "swebash: " + list[0] + ": not allowed";
  if (!decision.reason.empty()) sentence += ": " + decision.reason;
  sentence += '\n';
  [[maybe_unused]] const auto written = write(2, sentence);
  return std::unexpected(Errno::perm);
}

SysResult<usize> Task::command_words(std::span<char> buffer) {
  if (replacement_.size() <= buffer.size()) std::ranges::copy(replacement_, buffer.begin());
  return replacement_.size();
}

// The main task is the session: no program can take its place.
SysResult<void> Task::exec_inside(const Program& program) {
  if (is_main()) return std::unexpected(Errno::perm);
  Program waited = program;
  waited.waited = true;
  waited.group = abi::kSameGroup;
  const i32 pid = SWEBASH_TRY(spawn_inside(waited));
  become(pid);
  return std::unexpected(Errno::intr);
}

}  // namespace swebash::kernel
