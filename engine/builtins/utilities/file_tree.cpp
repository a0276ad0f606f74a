// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/file_tree.hpp"

namespace swebash::engine::builtins {

namespace {

// Directories inside each other that are walked; the walk recurses.
constexpr int kMaxDepth = 1000;

bool remove_at(Invocation& invocation, const std::string& path, const RemoveOptions& options,
               int depth) {
  const SysResult<abi::Stat> found = files::stat(path, files::Follow::no);
  const auto fail = [&](Errno error) {
    if (options.force && error == Errno::noent) return true;
    complain(invocation, "cannot remove " + quoted_name(path), error);
    return false;
  };
  if (!found) return fail(found.error());
  if (found->type != abi::kDirectoryType) {
    if (options.ask &&
        !confirm(invocation, std::string("remove ")
                                 .append(found->type == abi::kSymlink ? "symbolic link "
                                         : found->size == 0           ? "regular empty file "
                                                                      : "regular file ")
                                 .append(quoted_name(path)))) {
      return true;
    }
    if (const auto done = files::unlink(path); !done) return fail(done.error());
    if (options.verbose) invocation.out.put("removed " + quoted_name(path) + "\n");
    return true;
  }
  if (depth > kMaxDepth) return fail(Errno::nametoolong);
  std::vector<files::Entry> entries;
  if (const auto listed = files::list(path, entries); !listed) {
    // A directory that cannot be read may still be empty.
    if (files::rmdir(path)) return true;
    return fail(listed.error());
  }
  if (options.ask && !entries.empty() &&
      !confirm(invocation, "descend into directory " + quoted_name(path))) {
    return true;
  }
  bool good = true;
  for (const files::Entry& entry : entries) {
    good = remove_at(invocation, files::join(path, entry.name), options, depth + 1) && good;
  }
  if (!good) return false;
  if (options.ask && !confirm(invocation, "remove directory " + quoted_name(path))) return true;
  if (const auto done = files::rmdir(path); !done) return fail(done.error());
  if (options.verbose) invocation.out.put("removed directory " + quoted_name(path) + "\n");
  return true;
}

void preserve(const std::string& to, const abi::Stat& from, const CopyOptions& options) {
  const bool link = from.type == abi::kSymlink;
  const files::Follow follow = link ? files::Follow::no : files::Follow::yes;
  if (options.preserve_owner) static_cast<void>(files::chown(to, from.uid, from.gid, follow));
  if (options.preserve_mode && !link) static_cast<void>(files::chmod(to, from.mode));
  if (options.preserve_times) {
    static_cast<void>(files::set_times(to, from.access_time, from.modify_time, follow));
  }
}

bool copy_file(Invocation& invocation, const std::string& from, const std::string& to,
               const abi::Stat& stat, bool exists, const CopyOptions& options) {
  SysResult<files::File> in = files::open(from, abi::kRead);
  if (!in) {
    complain(invocation, "cannot open " + quoted_name(from) + " for reading", in.error());
    return false;
  }
  const u32 mode = options.preserve_mode ? stat.mode & 0700 : stat.mode & 0777;
  SysResult<files::File> out =
      files::open(to, abi::kWrite | abi::kTruncate | (exists ? 0 : abi::kCreate), mode);
  if (!out && exists && options.force && files::unlink(to)) {
    out = files::open(to, abi::kWrite | abi::kCreate | abi::kExclusive, mode);
  }
  if (!out) {
    complain(invocation, std::string("cannot create regular file ").append(quoted_name(to)),
             out.error());
    return false;
  }
  if (const auto went = files::copy_all(in->fd(), out->fd()); !went) {
    complain(invocation, "error copying " + quoted_name(from) + " to " + quoted_name(to),
             went.error());
    return false;
  }
  return true;
}

bool copy_link(Invocation& invocation, const std::string& from, const std::string& to,
               bool exists) {
  const SysResult<std::string> text = files::readlink(from);
  if (!text) {
    complain(invocation, "cannot read symbolic link " + quoted_name(from), text.error());
    return false;
  }
  if (exists) static_cast<void>(files::unlink(to));
  if (const auto done = files::symlink(*text, to); !done) {
    complain(invocation, "cannot create symbolic link " + quoted_name(to), done.error());
    return false;
  }
  return true;
}

bool copy_directory(Invocation& invocation, const std::string& from, const std::string& to,
                    const abi::Stat& stat, bool exists, const CopyOptions& options, int depth) {
  if (depth > kMaxDepth) {
    complain(invocation, "cannot copy " + quoted_name(from), Errno::nametoolong);
    return false;
  }
  std::vector<files::Entry> entries;
  if (const auto listed = files::list(from, entries); !listed) {
    complain(invocation, "cannot access " + quoted_name(from), listed.error());
    return false;
  }
  const u32 masked = stat.mode & 0777 & ~files::umask();
  if (!exists) {
    if (const auto made = files::mkdir(to, stat.mode | 0700); !made) {
      complain(invocation, "cannot create directory " + quoted_name(to), made.error());
      return false;
    }
  }
  bool good = true;
  for (const files::Entry& entry : entries) {
    good = copy_tree(invocation, files::join(from, entry.name), files::join(to, entry.name),
                     options, depth + 1) &&
           good;
  }
  if (!exists && !options.preserve_mode && (masked & 0700) != 0700) {
    static_cast<void>(files::chmod(to, masked));
  }
  return good;
}

}  // namespace

bool remove_tree(Invocation& invocation, const std::string& path, const RemoveOptions& options) {
  return remove_at(invocation, path, options, 0);
}

bool copy_tree(Invocation& invocation, const std::string& from, const std::string& to,
               const CopyOptions& options, int depth) {
  const bool follow = options.links == CopyOptions::Links::follow ||
                      (options.links == CopyOptions::Links::follow_operands && depth == 0);
  const SysResult<abi::Stat> source =
      files::stat(from, follow ? files::Follow::yes : files::Follow::no);
  if (!source) {
    complain(invocation, "cannot stat " + quoted_name(from), source.error());
    return false;
  }
  const bool directory = source->type == abi::kDirectoryType;
  if (directory && !options.recursive) {
    complain(invocation, "-r not specified; omitting directory " + quoted_name(from));
    return false;
  }
  const SysResult<abi::Stat> there = files::stat(to);
  const bool exists = there.has_value();
  if (exists && is_same_file(*there, *source)) {
    complain(invocation, quoted_name(from) + " and " + quoted_name(to) + " are the same file");
    return false;
  }
  if (exists && directory != (there->type == abi::kDirectoryType)) {
    complain(invocation,
             directory ? "cannot overwrite non-directory " + quoted_name(to) + " with directory " +
                             quoted_name(from)
                       : "cannot overwrite directory " + quoted_name(to) + " with non-directory");
    return false;
  }
  if (exists && !directory) {
    if (options.existing == 'n') return true;
    if (options.update && source->modify_time <= there->modify_time) return true;
    if (options.existing == 'i' && !confirm(invocation, "overwrite " + quoted_name(to)))
      return true;
  }
  if (options.verbose) {
    invocation.out.put(quoted_name(from) + " -> " + quoted_name(to) + "\n");
  }
  bool good = false;
  switch (source->type) {
    case abi::kDirectoryType:
      good = copy_directory(invocation, from, to, *source, exists, options, depth);
      break;
    case abi::kSymlink: good = copy_link(invocation, from, to, exists); break;
    case abi::kFifo:
    case abi::kSocket:
    case abi::kBlockDevice:
    case abi::kCharacterDevice:
      if (options.recursive) {
        complain(invocation, "cannot copy special file " + quoted_name(from));
        return false;
      }
      [[fallthrough]];
    default: good = copy_file(invocation, from, to, *source, exists, options); break;
  }
  if (good) preserve(to, *source, options);
  return good;
}

bool is_same_file(const abi::Stat& left, const abi::Stat& right) noexcept {
  return left.device == right.device && left.inode == right.inode;
}

std::string target_path(std::string_view from, std::string_view to, bool directory) {
  if (!directory) return std::string(to);
  while (from.size() > 1 && from.back() == '/') from.remove_suffix(1);
  return files::join(to, files::base_name(from));
}

std::optional<ExitStatus> read_transfer(Invocation& invocation, const UtilityOptions& options,
                                        Transfer& transfer) {
  const bool named = options.has('t');
  const bool plain = options.has('T');
  if (options.run_native() || (named && plain)) return kRunNative;
  transfer.sources = options.operands();
  if (named) {
    transfer.target = options.value('t');
  } else {
    if (transfer.sources.size() < 2 || (plain && transfer.sources.size() != 2)) return kRunNative;
    transfer.target = transfer.sources.back();
    transfer.sources.pop_back();
  }
  if (transfer.sources.empty()) return kRunNative;
  transfer.into_directory = !plain && files::is_directory(transfer.target);
  if (transfer.into_directory || (transfer.sources.size() == 1 && !named)) return std::nullopt;
  const SysResult<abi::Stat> there = files::stat(transfer.target);
  complain(invocation, (named ? "target directory " : "target ") + quoted_name(transfer.target),
           there ? Errno::notdir : there.error());
  return kFailure;
}

}  // namespace swebash::engine::builtins
