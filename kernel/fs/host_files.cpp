// SPDX-License-Identifier: Apache-2.0
#include "kernel/fs/host_files.hpp"
#include "kernel/time.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace swebash::kernel {

namespace {

// getdents64(2): the record the kernel writes.
struct HostEntry {
  u64 inode;
  i64 offset;
  u16 length;
  u8 type;
  char name[1];
};
constexpr usize kHostNameOffset = 19;
constexpr usize kDirectoryChunk = 32 << 10;

u32 to_type(mode_t mode) noexcept {
  switch (mode & S_IFMT) {
    case S_IFREG: return abi::kRegular;
    case S_IFDIR: return abi::kDirectoryType;
    case S_IFLNK: return abi::kSymlink;
    case S_IFCHR: return abi::kCharacterDevice;
    case S_IFBLK: return abi::kBlockDevice;
    case S_IFIFO: return abi::kFifo;
    case S_IFSOCK: return abi::kSocket;
    default: return abi::kUnknown;
  }
}

struct FlagPair {
  u32 ours;
  int host;
};
constexpr FlagPair kFlags[] = {
    {abi::kAppend, O_APPEND},     {abi::kCreate, O_CREAT},        {abi::kExclusive, O_EXCL},
    {abi::kTruncate, O_TRUNC},    {abi::kDirectory, O_DIRECTORY}, {abi::kNoFollow, O_NOFOLLOW},
    {abi::kNonblock, O_NONBLOCK},
};

}  // namespace

SysResult<const char*> HostPath::set(std::string_view path) noexcept {
  if (path.size() >= sizeof(text_)) return std::unexpected(Errno::nametoolong);
  if (path.empty() || std::memchr(path.data(), 0, path.size()) != nullptr) {
    return std::unexpected(Errno::noent);
  }
  std::memcpy(text_, path.data(), path.size());
  text_[path.size()] = '\0';
  return text_;
}

const char* HostPath::set_descriptor(int fd) noexcept {
  constexpr std::string_view kPrefix = "/proc/self/fd/";
  std::memcpy(text_, kPrefix.data(), kPrefix.size());
  const auto end = std::to_chars(text_ + kPrefix.size(), text_ + sizeof(text_) - 1, fd);
  *end.ptr = '\0';
  return text_;
}

i32 descriptor_in_path(std::string_view path) noexcept {
  std::string_view digits;
  if (path.starts_with("/dev/")) {
    const std::string_view name = path.substr(5);
    if (name == "stdin") return 0;
    if (name == "stdout") return 1;
    if (name == "stderr") return 2;
    if (!name.starts_with("fd/")) return -1;
    digits = name.substr(3);
  } else if (path.starts_with("/proc/self/fd/")) {
    digits = path.substr(14);
  } else {
    return -1;
  }
  i32 fd = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), fd);
  if (error != std::errc() || end != digits.data() + digits.size() || fd < 0) return -1;
  return fd;
}

SysResult<int> to_host_flags(u32 flags) noexcept {
  if ((flags & abi::kGrowing) != 0) return std::unexpected(Errno::inval);
  int host = O_CLOEXEC;
  switch (flags & (abi::kRead | abi::kWrite)) {
    case abi::kRead: host |= O_RDONLY; break;
    case abi::kWrite: host |= O_WRONLY; break;
    case abi::kRead | abi::kWrite: host |= O_RDWR; break;
    default: return std::unexpected(Errno::inval);
  }
  for (const FlagPair& pair : kFlags) {
    if ((flags & pair.ours) != 0) host |= pair.host;
  }
  return host;
}

u32 from_host_flags(int flags) noexcept {
  u32 ours = 0;
  const int mode = flags & O_ACCMODE;
  if ((flags & O_PATH) == 0) {
    if (mode == O_RDONLY || mode == O_RDWR) ours |= abi::kRead;
    if (mode == O_WRONLY || mode == O_RDWR) ours |= abi::kWrite;
  }
  for (const FlagPair& pair : kFlags) {
    if ((flags & pair.host) == pair.host) ours |= pair.ours;
  }
  return ours;
}

SysResult<abi::Stat> host_stat(int directory, const char* path, int flags) noexcept {
  struct stat about;
  if (::fstatat(directory, path, &about, flags) != 0) {
    return std::unexpected(errno_from_host(errno));
  }
  abi::Stat out = {};
  out.device = about.st_dev;
  out.inode = about.st_ino;
  out.size = static_cast<u64>(about.st_size);
  out.blocks = static_cast<u64>(about.st_blocks);
  out.links = about.st_nlink;
  out.raw_device = about.st_rdev;
  out.access_time = to_nanoseconds(about.st_atim);
  out.modify_time = to_nanoseconds(about.st_mtim);
  out.change_time = to_nanoseconds(about.st_ctim);
  out.type = to_type(about.st_mode);
  out.mode = about.st_mode & 07777;
  out.uid = about.st_uid;
  out.gid = about.st_gid;
  return out;
}

SysResult<usize> host_read_directory(int fd, std::span<char> buffer) noexcept {
  alignas(HostEntry) char records[kDirectoryChunk];
  const usize capacity = std::min(buffer.size(), sizeof(records));
  // One of our records is never longer than the host's, so what was read always fits.
  static_assert(sizeof(abi::DirectoryEntry) < kHostNameOffset);
  while (true) {
    const long count = ::syscall(SYS_getdents64, fd, records, capacity);
    if (count < 0) return std::unexpected(errno_from_host(errno));
    if (count == 0) return 0;
    usize written = 0;
    for (long at = 0; at < count;) {
      HostEntry entry;
      std::memcpy(&entry, records + at, kHostNameOffset);
      const char* name = records + at + kHostNameOffset;
      const usize length = std::strlen(name);
      at += entry.length;
      const std::string_view view(name, length);
      if (view == "." || view == "..") continue;
      const abi::DirectoryEntry ours = {entry.inode, static_cast<u32>(length),
                                        entry.type == DT_UNKNOWN
                                            ? u32{abi::kUnknown}
                                            : to_type(static_cast<mode_t>(entry.type) << 12)};
      std::memcpy(buffer.data() + written, &ours, sizeof(ours));
      written += sizeof(ours);
      std::memcpy(buffer.data() + written, name, length);
      const usize padded = (length + 7) / 8 * 8;
      std::memset(buffer.data() + written + length, 0, padded - length);
      written += padded;
    }
    if (written != 0) return written;
  }
}

SysResult<void> host_result(int answer) noexcept {
  if (answer < 0) return std::unexpected(errno_from_host(errno));
  return {};
}

}  // namespace swebash::kernel
