// SPDX-License-Identifier: Apache-2.0
//
// cp, mv, rm, ln and what they share: trees that are copied and removed.
#include <algorithm>

#include "engine/builtins/utility.hpp"

namespace swebash::engine::builtins {

namespace {

// Directories inside each other that are walked; the walk recurses.
constexpr int kMaxDepth = 1000;

bool is_dot(std::string_view path) noexcept {
  const std::string_view name = files::base_name(path);
  return name == "." || name == "..";
}

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
  if (exists && there->device == source->device && there->inode == source->inode) {
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

ExitStatus rm(Invocation& invocation) {
  const UtilityOptions options(
      invocation, "rRfvdi", {{"recursive", 'r'}, {"force", 'f'}, {"verbose", 'v'}, {"dir", 'd'}});
  if (options.run_native()) return kRunNative;
  const char asking = options.last_of("fi");
  const bool recursive = options.has('r') || options.has('R');
  const bool force = asking == 'f';
  if (options.operands().empty()) {
    if (force) return kSuccess;
    return kRunNative;  // GNU's usage message
  }
  const bool ask_unwritable = !force && sys::is_terminal(0) == 1;
  RemoveOptions how{.force = force, .verbose = options.has('v'), .ask = asking == 'i'};
  ExitStatus status = kSuccess;
  for (const std::string_view operand : options.operands()) {
    const std::string path(operand);
    if (recursive && is_dot(path)) {
      complain(invocation,
               "refusing to remove '.' or '..' directory: skipping " + quoted_name(path));
      status = kFailure;
      continue;
    }
    if (recursive && !path.empty() && path.find_first_not_of('/') == std::string::npos) {
      complain(invocation, "it is dangerous to operate recursively on '/'");
      complain(invocation, "use --no-preserve-root to override this failsafe");
      status = kFailure;
      continue;
    }
    const SysResult<abi::Stat> found = files::stat(path, files::Follow::no);
    if (found && found->type == abi::kDirectoryType && !recursive) {
      const auto fail = [&](Errno error) {
        complain(invocation, "cannot remove " + quoted_name(path), error);
        status = kFailure;
      };
      if (!options.has('d')) {
        fail(Errno::isdir);
      } else if (const auto done = files::rmdir(path); !done) {
        fail(done.error());
      } else if (how.verbose) {
        invocation.out.put("removed directory " + quoted_name(path) + "\n");
      }
      continue;
    }
    if (ask_unwritable && !how.ask && found && found->type == abi::kRegular &&
        !files::access(path, abi::kAccessWrite) &&
        !confirm(invocation, "remove write-protected regular file " + quoted_name(path))) {
      continue;
    }
    if (!remove_tree(invocation, path, how)) status = kFailure;
  }
  return status;
}

ExitStatus cp(Invocation& invocation) {
  const UtilityOptions options(invocation, "rRapfinvt:TLPdu",
                               {{"recursive", 'r'},
                                {"archive", 'a'},
                                {"force", 'f'},
                                {"interactive", 'i'},
                                {"no-clobber", 'n'},
                                {"verbose", 'v'},
                                {"target-directory", 't'},
                                {"no-target-directory", 'T'},
                                {"dereference", 'L'},
                                {"no-dereference", 'P'}});
  std::vector<std::string_view> operands = options.operands();
  if (options.run_native() || (options.has('t') && options.has('T'))) return kRunNative;
  std::string_view target = options.value('t');
  if (!options.has('t')) {
    if (operands.size() < 2 || (options.has('T') && operands.size() != 2)) return kRunNative;
    target = operands.back();
    operands.pop_back();
  } else if (operands.empty()) {
    return kRunNative;
  }
  const bool archive = options.has('a');
  CopyOptions how;
  how.recursive = archive || options.has('r') || options.has('R');
  how.preserve_mode = how.preserve_times = how.preserve_owner = archive || options.has('p');
  how.force = options.has('f');
  how.verbose = options.has('v');
  how.existing = options.last_of("in");
  how.update = options.has('u');
  const char links = options.last_of("LPda");
  how.links = links == 'L'                  ? CopyOptions::Links::follow
              : links != 0 || how.recursive ? CopyOptions::Links::keep
                                            : CopyOptions::Links::follow;
  const bool directory = !options.has('T') && files::is_directory(target);
  if (!directory && (operands.size() > 1 || options.has('t'))) {
    const SysResult<abi::Stat> there = files::stat(target);
    complain(invocation,
             options.has('t') ? "target directory " + quoted_name(target)
                              : "target " + quoted_name(target),
             there ? Errno::notdir : there.error());
    return kFailure;
  }
  ExitStatus status = kSuccess;
  for (const std::string_view operand : operands) {
    const std::string from(operand);
    const std::string to = target_path(from, target, directory);
    if (how.recursive && files::is_directory(from) &&
        files::is_directory(files::directory_name(to))) {
      // A tree inside itself would never end.
      const SysResult<abi::Stat> source = files::stat(from);
      for (std::string_view up = to;;) {
        const std::string_view parent = files::directory_name(up);
        const SysResult<abi::Stat> above = files::stat(parent);
        if (source && above && above->device == source->device && above->inode == source->inode) {
          complain(invocation, "cannot copy a directory, " + quoted_name(from) + ", into itself, " +
                                   quoted_name(to));
          return kFailure;
        }
        if (parent == up || parent == "." || parent == "/") break;
        up = parent;
      }
    }
    if (!directory && to.ends_with('/') && !files::is_directory(from)) {
      complain(invocation, "cannot create regular file " + quoted_name(to), Errno::notdir);
      status = kFailure;
      continue;
    }
    if (!copy_tree(invocation, from, to, how)) status = kFailure;
  }
  return status;
}

ExitStatus mv(Invocation& invocation) {
  const UtilityOptions options(invocation, "finvt:T",
                               {{"force", 'f'},
                                {"interactive", 'i'},
                                {"no-clobber", 'n'},
                                {"verbose", 'v'},
                                {"target-directory", 't'},
                                {"no-target-directory", 'T'}});
  std::vector<std::string_view> operands = options.operands();
  if (options.run_native() || (options.has('t') && options.has('T'))) return kRunNative;
  std::string_view target = options.value('t');
  if (!options.has('t')) {
    if (operands.size() < 2 || (options.has('T') && operands.size() != 2)) return kRunNative;
    target = operands.back();
    operands.pop_back();
  } else if (operands.empty()) {
    return kRunNative;
  }
  const char existing = options.last_of("fin");
  const bool directory = !options.has('T') && files::is_directory(target);
  if (!directory && (operands.size() > 1 || options.has('t'))) {
    const SysResult<abi::Stat> there = files::stat(target);
    complain(invocation,
             options.has('t') ? "target directory " + quoted_name(target)
                              : "target " + quoted_name(target),
             there ? Errno::notdir : there.error());
    return kFailure;
  }
  ExitStatus status = kSuccess;
  for (const std::string_view operand : operands) {
    const std::string from(operand);
    const std::string to = target_path(from, target, directory);
    const auto fail = [&](const std::string& message) {
      complain(invocation, message);
      status = kFailure;
    };
    const SysResult<abi::Stat> source = files::stat(from, files::Follow::no);
    if (!source) {
      fail("cannot stat " + quoted_name(from) + ": " + std::string(errno_message(source.error())));
      continue;
    }
    const SysResult<abi::Stat> there = files::stat(to, files::Follow::no);
    if (there) {
      if (there->device == source->device && there->inode == source->inode) {
        fail(quoted_name(from) + " and " + quoted_name(to) + " are the same file");
        continue;
      }
      const bool source_directory = source->type == abi::kDirectoryType;
      if (there->type == abi::kDirectoryType && !source_directory) {
        fail("cannot overwrite directory " + quoted_name(to) + " with non-directory");
        continue;
      }
      if (there->type != abi::kDirectoryType && source_directory) {
        fail("cannot overwrite non-directory " + quoted_name(to) + " with directory " +
             quoted_name(from));
        continue;
      }
      if (existing == 'n') continue;
      const bool unwritable = existing == 0 && there->type != abi::kSymlink &&
                              sys::is_terminal(0) == 1 && !files::access(to, abi::kAccessWrite);
      if ((existing == 'i' || unwritable) && !confirm(invocation, "overwrite " + quoted_name(to))) {
        continue;
      }
    }
    if (const auto done = files::rename(from, to); !done) {
      if (done.error() == Errno::inval && source->type == abi::kDirectoryType) {
        fail("cannot move " + quoted_name(from) + " to a subdirectory of itself, " +
             quoted_name(to));
        continue;
      }
      if (done.error() != Errno::xdev) {
        fail("cannot move " + quoted_name(from) + " to " + quoted_name(to) + ": " +
             std::string(errno_message(done.error())));
        continue;
      }
      // Another device: a copy with everything, then the original goes.
      if (there && there->type != abi::kDirectoryType) static_cast<void>(files::unlink(to));
      const CopyOptions how{.links = CopyOptions::Links::keep,
                            .recursive = true,
                            .preserve_mode = true,
                            .preserve_times = true,
                            .preserve_owner = true,
                            .force = true};
      if (!copy_tree(invocation, from, to, how) || !remove_tree(invocation, from, {})) {
        status = kFailure;
        continue;
      }
    }
    if (options.has('v')) {
      invocation.out.put("renamed " + quoted_name(from) + " -> " + quoted_name(to) + "\n");
    }
  }
  return status;
}

ExitStatus ln(Invocation& invocation) {
  const UtilityOptions options(invocation, "sfnvT",
                               {{"symbolic", 's'},
                                {"force", 'f'},
                                {"no-dereference", 'n'},
                                {"verbose", 'v'},
                                {"no-target-directory", 'T'}});
  std::vector<std::string_view> operands = options.operands();
  if (options.run_native() || operands.empty()) return kRunNative;
  std::string_view target = ".";
  if (operands.size() > 1) {
    target = operands.back();
    operands.pop_back();
  }
  bool directory = !options.has('T') && files::is_directory(target);
  if (directory && options.has('n')) {
    const SysResult<abi::Stat> itself = files::stat(target, files::Follow::no);
    if (itself && itself->type == abi::kSymlink) directory = false;
  }
  if (!directory && operands.size() > 1) {
    const SysResult<abi::Stat> there = files::stat(target);
    complain(invocation, "target " + quoted_name(target), there ? Errno::notdir : there.error());
    return kFailure;
  }
  const bool symbolic = options.has('s');
  ExitStatus status = kSuccess;
  for (const std::string_view from : operands) {
    const std::string to = target_path(from, target, directory);
    const char* kind = symbolic ? "symbolic" : "hard";
    if (!symbolic) {
      const SysResult<abi::Stat> source = files::stat(from, files::Follow::no);
      if (!source) {
        complain(invocation, "failed to access " + quoted_name(from), source.error());
        status = kFailure;
        continue;
      }
      if (source->type == abi::kDirectoryType) {
        complain(invocation, quoted_name(from) + ": hard link not allowed for directory");
        status = kFailure;
        continue;
      }
    }
    const auto make = [&] { return symbolic ? files::symlink(from, to) : files::link(from, to); };
    SysResult<void> done = make();
    if (!done && done.error() == Errno::exist && options.has('f')) {
      if (files::unlink(to)) done = make();
    }
    if (!done) {
      complain(invocation,
               std::string("failed to create ") + kind + " link " + quoted_name(to) +
                   (symbolic || done.error() == Errno::exist ? "" : " => " + quoted_name(from)),
               done.error());
      status = kFailure;
    } else if (options.has('v')) {
      invocation.out.put(quoted_name(to) + (symbolic ? " -> " : " => ") + quoted_name(from) + "\n");
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
