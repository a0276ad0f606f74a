// SPDX-License-Identifier: Apache-2.0
//
// Landlock: rules by which the kernel keeps this process, and all that it starts, from files, TCP,
// abstract sockets and other processes' signals.
//
// Follows landlock(7), landlock_create_ruleset(2) and the kernel's
// Documentation/userspace-api/landlock.rst up to ABI 7. Numbers stand here and not in the system's
// header, so that a build on an older system knows as much. What a kernel does not know is left
// out, never an error: landlock_abi() says what it knows. Rules hold for the calling thread and
// what that starts, for good; another layer can only take more away (16 at most). Not thread-safe.
#pragma once

#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/result.hpp"

namespace swebash::kernel::confine {

// The version of the running kernel's Landlock; 0 where there is none.
[[nodiscard]] i32 landlock_abi() noexcept;

inline constexpr i32 kScopesAbi = 6;  // from here on abstract sockets and signals are scoped
inline constexpr i32 kTcpAbi = 4;

// What a rule allows below a place.
enum class Right : u8 {
  read,           // files and lists of names
  read_and_run,   // and programs
  write,          // read, and everything that changes files but making device nodes
  write_and_run,  //
  read_file,      // the file alone, without its being run
  write_file,     // reading, writing and emptying it, and controlling it where it is a device
  fill_file,      // the same without reading
  run_file,       // reading and running it
};

// Which of the rights on files a set of rules is about; the others are left as they are.
enum class FileRights : u8 { none, changes, all };

class Ruleset {
 public:
  struct Options {
    bool tcp = false;    // forbid bind and connect
    bool scopes = true;  // forbid abstract sockets and signals to the outside
    FileRights files = FileRights::all;
  };

  // Errors: the host's errno.
  [[nodiscard]] static Result<Ruleset, int> create(const Options& options);

  // Allows `right` for the file or folder at `path`, and below it. A path that is not there, or
  // that is no file of a file system, is no error: there is nothing to allow. Errors: the host's
  // errno.
  [[nodiscard]] Result<void, int> allow(const char* path, Right right);
  // The same for a path that has no link in it, as it was when it was resolved; one with a link is
  // not there.
  [[nodiscard]] Result<void, int> allow_resolved(const char* path, Right right);
  // The same for what an open descriptor stands for.
  [[nodiscard]] Result<void, int> allow(int fd, Right right);

  // From now on the rules hold. Requires: no_new_privs is set.
  // Errors: the host's errno.
  [[nodiscard]] Result<void, int> enforce() const;
  // The rules as a descriptor, for who is to be held to them later.
  [[nodiscard]] OwnedFd take() noexcept { return std::move(fd_); }

 private:
  Ruleset(OwnedFd fd, u64 handled) noexcept : fd_(std::move(fd)), handled_(handled) {}

  OwnedFd fd_;
  u64 handled_;  // the rights on files that this kernel knows
};

}  // namespace swebash::kernel::confine
