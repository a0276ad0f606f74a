// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/file_tree.hpp"

namespace swebash::engine::builtins {

namespace {

// Whether `path` is to be below directory `tree`: copied there, the tree would never end.
bool is_inside(std::string_view path, std::string_view tree) {
  const SysResult<abi::Stat> root = files::stat(tree);
  if (!root || root->type != abi::kDirectoryType) return false;
  std::string above(files::directory_name(path));
  SysResult<abi::Stat> here = files::stat(above);
  while (here && !is_same_file(*here, *root)) {
    above.append("/..");
    const SysResult<abi::Stat> parent = files::stat(above);
    if (!parent || is_same_file(*parent, *here)) return false;
    here = parent;
  }
  return here.has_value();
}

}  // namespace

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
  Transfer transfer;
  if (const auto status = read_transfer(invocation, options, transfer)) return *status;
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
  ExitStatus status = kSuccess;
  for (const std::string_view operand : transfer.sources) {
    const std::string from(operand);
    const std::string to = target_path(from, transfer.target, transfer.into_directory);
    if (how.recursive && is_inside(to, from)) {
      complain(invocation, "cannot copy a directory, " + quoted_name(from) + ", into itself, " +
                               quoted_name(to));
      return kFailure;
    }
    if (!transfer.into_directory && to.ends_with('/') && !files::is_directory(from)) {
      complain(invocation, "cannot create regular file " + quoted_name(to), Errno::notdir);
      status = kFailure;
      continue;
    }
    if (!copy_tree(invocation, from, to, how)) status = kFailure;
  }
  return status;
}

}  // namespace swebash::engine::builtins
