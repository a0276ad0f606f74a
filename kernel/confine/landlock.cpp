// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/landlock.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "kernel/confine/open_place.hpp"

namespace swebash::kernel::confine {
namespace {

constexpr long kCreateRuleset = 444, kAddRule = 445, kRestrictSelf = 446;
constexpr u32 kCreateVersion = 1;
constexpr int kPathBeneath = 1;

struct RulesetAttr {
  u64 files;
  u64 net;
  u64 scoped;
};

struct [[gnu::packed]] PathBeneathAttr {
  u64 allowed;
  i32 parent;
};

constexpr u64 bit(int n) noexcept { return u64{1} << n; }

constexpr u64 kExecute = bit(0), kWriteFile = bit(1), kReadFile = bit(2), kReadDir = bit(3),
              kRemoveDir = bit(4), kRemoveFile = bit(5), kMakeChar = bit(6), kMakeDir = bit(7),
              kMakeReg = bit(8), kMakeSock = bit(9), kMakeFifo = bit(10), kMakeBlock = bit(11),
              kMakeSym = bit(12), kRefer = bit(13), kTruncate = bit(14), kIoctlDev = bit(15);
constexpr u64 kFirst = kExecute | kWriteFile | kReadFile | kReadDir | kRemoveDir | kRemoveFile |
                       kMakeChar | kMakeDir | kMakeReg | kMakeSock | kMakeFifo | kMakeBlock |
                       kMakeSym;
// What a rule for something other than a folder may name.
constexpr u64 kOfFile = kExecute | kWriteFile | kReadFile | kTruncate | kIoctlDev;
constexpr u64 kRead = kReadFile | kReadDir;
constexpr u64 kWrite = kRead | kWriteFile | kRemoveDir | kRemoveFile | kMakeDir | kMakeReg |
                       kMakeSock | kMakeFifo | kMakeSym | kRefer | kTruncate;
constexpr u64 kChanges = kWrite & ~kRead;
constexpr u64 kBindAndConnectTcp = bit(0) | bit(1);
constexpr u64 kAbstractSocketsAndSignals = bit(0) | bit(1);

u64 known_rights(i32 abi) noexcept {
  u64 rights = kFirst;
  if (abi >= 2) rights |= kRefer;
  if (abi >= 3) rights |= kTruncate;
  if (abi >= 5) rights |= kIoctlDev;
  return rights;
}

u64 rights_of(Right right) noexcept {
  switch (right) {
    case Right::read: return kRead;
    case Right::read_and_run: return kRead | kExecute;
    case Right::write: return kWrite;
    case Right::write_and_run: return kWrite | kExecute;
    case Right::read_file: return kReadFile;
    case Right::write_file: return kReadFile | kWriteFile | kTruncate | kIoctlDev;
    case Right::fill_file: return kWriteFile | kTruncate | kIoctlDev;
    case Right::run_file: return kReadFile | kExecute;
  }
  return 0;
}

}  // namespace

i32 landlock_abi() noexcept {
  static const long abi = ::syscall(kCreateRuleset, nullptr, 0, kCreateVersion);
  return abi > 0 ? static_cast<i32>(abi) : 0;
}

Result<Ruleset, int> Ruleset::create(const Options& options) {
  const i32 abi = landlock_abi();
  if (abi == 0) return std::unexpected(ENOSYS);
  u64 files = options.files == FileRights::none ? 0 : known_rights(abi);
  if (options.files == FileRights::changes) files &= kChanges;
  RulesetAttr attr = {files, 0, 0};
  if (options.tcp && abi >= kTcpAbi) attr.net = kBindAndConnectTcp;
  if (options.scopes && abi >= kScopesAbi) attr.scoped = kAbstractSocketsAndSignals;
  // An older kernel takes a longer struct as long as what it does not know is zero.
  const long fd = ::syscall(kCreateRuleset, &attr, sizeof(attr), 0);
  if (fd < 0) return std::unexpected(errno);
  return Ruleset(OwnedFd(static_cast<int>(fd)), attr.files);
}

Result<void, int> Ruleset::allow(const char* path, Right right) {
  // Not by the C library's open(), which makes two calls of this one.
  const OwnedFd fd(static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, O_PATH | O_CLOEXEC)));
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) return {};
    return std::unexpected(errno);
  }
  return allow(fd.get(), right);
}

Result<void, int> Ruleset::allow_resolved(const char* path, Right right) {
  const OwnedFd fd = open_without_links(AT_FDCWD, path);
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP) return {};
    return std::unexpected(errno);
  }
  return allow(fd.get(), right);
}

Result<void, int> Ruleset::allow(int fd, Right right) {
  PathBeneathAttr attr = {rights_of(right) & handled_, fd};
  if (attr.allowed == 0) return {};
  if (::syscall(kAddRule, fd_.get(), kPathBeneath, &attr, 0) == 0) return {};
  // What is no folder has fewer rights.
  attr.allowed &= kOfFile;
  if (errno == EINVAL && ::syscall(kAddRule, fd_.get(), kPathBeneath, &attr, 0) == 0) return {};
  // A pipe, a socket, a memory file: no rule stands in its way.
  if (errno == EBADFD || errno == EBADF) return {};
  return std::unexpected(errno);
}

Result<void, int> Ruleset::enforce() const {
  if (::syscall(kRestrictSelf, fd_.get(), 0) == 0) return {};
  return std::unexpected(errno);
}

}  // namespace swebash::kernel::confine
