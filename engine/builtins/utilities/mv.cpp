// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/file_tree.hpp"

namespace swebash::engine::builtins {

namespace {

// Moves one operand to exactly `to`, complaining where that cannot be; `existing` is the last of
// the options f, i and n.
class Mover {
 public:
  Mover(Invocation& invocation, char existing, bool verbose) noexcept
      : invocation_(invocation), existing_(existing), verbose_(verbose) {}

  bool move(const std::string& from, const std::string& to) {
    const SysResult<abi::Stat> source = files::stat(from, files::Follow::no);
    if (!source) return fail("cannot stat " + quoted_name(from), source.error());
    const SysResult<abi::Stat> there = files::stat(to, files::Follow::no);
    if (there) {
      if (!may_replace(from, *source, to, *there)) return false;
      if (existing_ == 'n' || !is_wanted(to, *there)) return true;
    }
    const bool directory = source->type == abi::kDirectoryType;
    if (const auto done = files::rename(from, to); !done) {
      if (done.error() == Errno::inval && directory) {
        return fail("cannot move " + quoted_name(from) + " to a subdirectory of itself, " +
                    quoted_name(to));
      }
      if (done.error() != Errno::xdev) {
        return fail("cannot move " + quoted_name(from) + " to " + quoted_name(to), done.error());
      }
      if (there && there->type != abi::kDirectoryType) static_cast<void>(files::unlink(to));
      if (!copy_and_remove(from, to)) return false;
    }
    if (verbose_) {
      invocation_.out.put("renamed " + quoted_name(from) + " -> " + quoted_name(to) + "\n");
    }
    return true;
  }

 private:
  bool fail(const std::string& message) {
    complain(invocation_, message);
    return false;
  }
  bool fail(const std::string& what, Errno error) {
    complain(invocation_, what, error);
    return false;
  }

  bool may_replace(const std::string& from, const abi::Stat& source, const std::string& to,
                   const abi::Stat& there) {
    if (is_same_file(there, source)) {
      return fail(quoted_name(from) + " and " + quoted_name(to) + " are the same file");
    }
    const bool directory = source.type == abi::kDirectoryType;
    if (directory == (there.type == abi::kDirectoryType)) return true;
    return fail(directory
                    ? "cannot overwrite non-directory " + quoted_name(to) + " with directory " +
                          quoted_name(from)
                    : "cannot overwrite directory " + quoted_name(to) + " with non-directory");
  }

  // Asks where the options or a file that cannot be written want it.
  bool is_wanted(const std::string& to, const abi::Stat& there) {
    const bool unwritable = existing_ == 0 && there.type != abi::kSymlink &&
                            sys::is_terminal(0) == 1 && !files::access(to, abi::kAccessWrite);
    if (existing_ != 'i' && !unwritable) return true;
    return confirm(invocation_, "overwrite " + quoted_name(to));
  }

  // To another device: a copy with everything, then the original goes.
  bool copy_and_remove(const std::string& from, const std::string& to) {
    const CopyOptions how{.links = CopyOptions::Links::keep,
                          .recursive = true,
                          .preserve_mode = true,
                          .preserve_times = true,
                          .preserve_owner = true,
                          .force = true};
    return copy_tree(invocation_, from, to, how) && remove_tree(invocation_, from, {});
  }

  Invocation& invocation_;
  const char existing_;
  const bool verbose_;
};

}  // namespace

ExitStatus mv(Invocation& invocation) {
  const UtilityOptions options(invocation, "finvt:T",
                               {{"force", 'f'},
                                {"interactive", 'i'},
                                {"no-clobber", 'n'},
                                {"verbose", 'v'},
                                {"target-directory", 't'},
                                {"no-target-directory", 'T'}});
  Transfer transfer;
  if (const auto status = read_transfer(invocation, options, transfer)) return *status;
  Mover mover(invocation, options.last_of("fin"), options.has('v'));
  ExitStatus status = kSuccess;
  for (const std::string_view source : transfer.sources) {
    const std::string from(source);
    const std::string to = target_path(from, transfer.target, transfer.into_directory);
    if (!mover.move(from, to)) status = kFailure;
  }
  return status;
}

}  // namespace swebash::engine::builtins
