// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/view.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/owned_fd.hpp"
#include "kernel/confine/open_place.hpp"

namespace swebash::kernel::confine {
namespace {

// From linux/mount.h, which not every C library can be had beside.
constexpr long kOpenTree = 428, kMoveMount = 429, kFsopen = 430, kFsconfig = 431, kFsmount = 432,
               kMountSetattr = 442;
constexpr unsigned kFsopenCloexec = 1, kFsmountCloexec = 1;
constexpr unsigned kSetFlag = 0, kSetString = 1, kCreate = 6;
constexpr unsigned kTreeClone = 1, kRecursive = 0x8000;
constexpr unsigned kMoveFromEmptyPath = 4, kMoveToEmptyPath = 0x40;
constexpr u64 kReadOnly = 1, kNoSuid = 2, kNoDev = 4, kNoExec = 8;

struct MountAttr {
  u64 set;
  u64 clear;
  u64 propagation;
  u64 user_namespace;
};

using Step = Result<void, FailedStep>;

std::unexpected<FailedStep> failed(const char* what) {
  return std::unexpected(FailedStep{what, errno});
}

// Where the old root stands until it is let go.
constexpr const char* kOld = "/old";
// Hidden below /proc once that is mounted, where there is something to deny: what stands over it.
constexpr const char* kEmptyFolder = "/proc/folder";
constexpr const char* kEmptyFile = "/proc/file";

Step make_folders(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) == 0) return {};
  for (usize at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    ::mkdir(path.substr(0, at).c_str(), 0755);
  }
  struct stat about{};
  if (::mkdir(path.c_str(), 0755) != 0 && (::stat(path.c_str(), &about) != 0)) {
    return failed("a folder of the view");
  }
  return {};
}

Step make_file(const std::string& path) {
  const usize slash = path.rfind('/');
  if (slash > 0) SWEBASH_TRY(make_folders(path.substr(0, slash)));
  if (::mknod(path.c_str(), S_IFREG | 0444, 0) != 0 && errno != EEXIST) {
    return failed("a file of the view");
  }
  return {};
}

OwnedFd open_place(const std::string& path) noexcept {
  return open_without_links(AT_FDCWD, path.c_str());
}

// What `from` is, and what is mounted below it, with `attributes`, to be put somewhere.
Result<OwnedFd, FailedStep> take_tree(const OwnedFd& from, u64 attributes) {
  if (!from) return failed("openat2");
  OwnedFd tree(static_cast<int>(
      ::syscall(kOpenTree, from.get(), "", AT_EMPTY_PATH | kTreeClone | kRecursive | O_CLOEXEC)));
  if (!tree) return failed("open_tree");
  const MountAttr attr = {attributes, 0, 0, 0};
  if (attributes != 0 && ::syscall(kMountSetattr, tree.get(), "", AT_EMPTY_PATH | kRecursive, &attr,
                                   sizeof(attr)) != 0) {
    return failed("mount_setattr");
  }
  return tree;
}

Step put_tree(const OwnedFd& tree, const OwnedFd& to) {
  if (!to) return failed("openat2");
  if (::syscall(kMoveMount, tree.get(), "", to.get(), "", kMoveFromEmptyPath | kMoveToEmptyPath) !=
      0) {
    return failed("move_mount");
  }
  return {};
}

// Puts what `source` is, and what is mounted below it, on `target`, with `attributes`.
Step bind(const std::string& source, const std::string& target, u64 attributes) {
  return put_tree(SWEBASH_TRY(take_tree(open_place(source), attributes)), open_place(target));
}

// The same on a name that is made, of the source's kind.
Step bind_anew(const std::string& source, const std::string& target, u64 attributes) {
  const OwnedFd tree = SWEBASH_TRY(take_tree(open_place(source), attributes));
  struct stat about{};
  if (::fstat(tree.get(), &about) != 0) return failed("a place");
  SWEBASH_TRY(S_ISDIR(about.st_mode) ? make_folders(target) : make_file(target));
  return put_tree(tree, open_place(target));
}

// A tmpfs becomes the root, with the old one at kOld. It is put on a folder of the old root for the
// moment that pivot_root needs. A folder of it is the session's /tmp, hence its size.
Step make_root(Temporary temporary) {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return failed("private mounts");
  const char* base = ::access("/tmp", F_OK) == 0 ? "/tmp" : "/usr";
  const char* options = temporary == Temporary::own ? "mode=0755,size=50%" : "mode=0755,size=4m";
  if (::mount("tmpfs", base, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0) {
    return failed("tmpfs");
  }
  if (::chdir(base) != 0 || ::mkdir("old", 0755) != 0) return failed("the root's folder");
  if (::syscall(SYS_pivot_root, ".", "old") != 0) return failed("pivot_root");
  if (::chdir("/") != 0) return failed("the root");
  return {};
}

Step make_devices() {
  constexpr const char* kDevices[] = {"null", "zero", "full", "random", "urandom", "tty"};
  if (::mkdir("/dev", 0755) != 0) return failed("/dev");
  for (const char* name : kDevices) {
    const std::string target = std::string("/dev/") + name;
    if (::mknod(target.c_str(), S_IFREG | 0444, 0) != 0) return failed("a device's name");
    // The host's own /dev, where nobody plants links: by mount(2), which takes less.
    if (::mount((kOld + target).c_str(), target.c_str(), nullptr, MS_BIND, nullptr) != 0) {
      return failed("a device");
    }
    // It is written all the same; its node is the host's.
    const MountAttr attr = {kReadOnly | kNoSuid | kNoExec, 0, 0, 0};
    if (::syscall(kMountSetattr, AT_FDCWD, target.c_str(), 0, &attr, sizeof(attr)) != 0) {
      return failed("mount_setattr");
    }
  }
  const Link links[] = {{"/dev/fd", "/proc/self/fd"},       {"/dev/stdin", "/proc/self/fd/0"},
                        {"/dev/stdout", "/proc/self/fd/1"}, {"/dev/stderr", "/proc/self/fd/2"},
                        {"/dev/ptmx", "pts/ptmx"},          {"/dev/shm", "/tmp"}};
  for (const Link& link : links) {
    if (::symlink(link.text.c_str(), link.at.c_str()) != 0) return failed("a link in /dev");
  }
  if (::mkdir("/dev/pts", 0755) != 0 ||
      ::mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
              "newinstance,ptmxmode=0666,mode=0620") != 0) {
    return failed("devpts");
  }
  return {};
}

// The session's own is a folder of the root's file system, mounted on itself: it can be written
// where the root cannot.
Step make_temporary(Temporary temporary) {
  const bool own = temporary == Temporary::own;
  if (::mkdir("/tmp", own ? 01777 : 0755) != 0) return failed("/tmp");
  return bind(own ? "/tmp" : std::string(kOld) + "/tmp", "/tmp", kNoSuid | kNoDev);
}

// Read-only, so that root's own settings of the kernel (/proc/sys) are too.
Step make_proc() {
  if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, nullptr) !=
      0) {
    return failed("proc");
  }
  return {};
}

// The workspace, with a layer above it that takes what is written. Both stand under names of ours
// for the moment, since overlayfs gives colons and commas of a path a meaning.
Step mount_overlay(const std::string& workspace, const Overlay& overlay) {
  constexpr const char* kLower = "/lower";
  constexpr const char* kUpper = "/upper";
  if (::mkdir(kLower, 0700) != 0 || ::mkdir(kUpper, 0700) != 0) return failed("the layers' names");
  SWEBASH_TRY(bind(kOld + workspace, kLower, kReadOnly));
  SWEBASH_TRY(bind(kOld + overlay.folder, kUpper, 0));
  const OwnedFd made(static_cast<int>(::syscall(kFsopen, "overlay", kFsopenCloexec)));
  if (!made) return failed("overlayfs");
  const std::pair<const char*, const char*> options[] = {{"lowerdir", kLower},
                                                         {"upperdir", "/upper/upper"},
                                                         {"workdir", "/upper/work"},
                                                         {"index", "off"},
                                                         {"xino", "off"}};
  // It keeps its marks where a user may, and follows none that lead elsewhere.
  if (::syscall(kFsconfig, made.get(), kSetFlag, "userxattr", nullptr, 0) != 0) {
    return failed("overlayfs, userxattr");
  }
  for (const auto& [name, value] : options) {
    if (::syscall(kFsconfig, made.get(), kSetString, name, value, 0) != 0) {
      return failed("overlayfs, a layer");
    }
  }
  if (::syscall(kFsconfig, made.get(), kCreate, nullptr, nullptr, 0) != 0) {
    return failed("overlayfs over these file systems");
  }
  const OwnedFd tree(
      static_cast<int>(::syscall(kFsmount, made.get(), kFsmountCloexec, kNoSuid | kNoDev)));
  if (!tree) return failed("overlayfs");
  const OwnedFd to = open_place(workspace);
  if (!to || ::syscall(kMoveMount, tree.get(), "", to.get(), "",
                       kMoveFromEmptyPath | kMoveToEmptyPath) != 0) {
    return failed("move_mount");
  }
  for (const char* layer : {kLower, kUpper}) {
    if (::umount2(layer, MNT_DETACH) != 0 || ::rmdir(layer) != 0) return failed("a layer's name");
  }
  return {};
}

struct Bind {
  std::string path;
  bool writable;
};

Step bind_places(const Places& places) {
  std::vector<Bind> binds;
  for (const std::string& path : places.readable) {
    if (!is_within_any(path, places.writable)) binds.push_back({path, false});
  }
  for (const std::string& path : places.writable) binds.push_back({path, true});
  // What holds others comes before them.
  std::ranges::sort(binds, {}, &Bind::path);
  for (const Bind& one : binds) {
    const std::string source = kOld + one.path;
    if (one.path == places.workspace && !places.overlay.folder.empty()) {
      SWEBASH_TRY(make_folders(one.path));
      SWEBASH_TRY(mount_overlay(places.workspace, places.overlay));
      continue;
    }
    const u64 attributes = one.writable ? kNoSuid | kNoDev : kNoSuid | kNoDev | kReadOnly;
    SWEBASH_TRY(bind_anew(source, one.path, attributes));
  }
  return {};
}

Step keep_places(const Places& places) {
  std::vector<Bind> binds;
  for (const std::string& path : places.pinned) binds.push_back({path, true});
  for (const std::string& path : places.kept) binds.push_back({path, false});
  std::ranges::sort(binds, {}, &Bind::path);
  for (const Bind& one : binds) {
    SWEBASH_TRY(bind(one.path, one.path, one.writable ? 0 : kReadOnly));
  }
  return {};
}

Step deny_places(const std::vector<std::string>& denied) {
  if (denied.empty()) return {};
  if ((::mkdir(kEmptyFolder, 0) != 0 && errno != EEXIST) ||
      (::mknod(kEmptyFile, S_IFREG, 0) != 0 && errno != EEXIST)) {
    return failed("what stands over what is denied");
  }
  for (const std::string& path : denied) {
    const OwnedFd at = open_place(path);
    if (!at && errno != ELOOP) continue;  // it does not lie in what is allowed
    struct stat about{};
    if (!at || ::fstat(at.get(), &about) != 0) return failed("what is denied");
    const char* empty = S_ISDIR(about.st_mode) ? kEmptyFolder : kEmptyFile;
    SWEBASH_TRY(put_tree(
        SWEBASH_TRY(take_tree(open_place(empty), kReadOnly | kNoSuid | kNoDev | kNoExec)), at));
  }
  return {};
}

void make_links(const Places& places) {
  for (const Link& link : places.links) {
    const usize slash = link.at.rfind('/');
    if (slash > 0 && !make_folders(link.at.substr(0, slash)).has_value()) continue;
    [[maybe_unused]] const int made = ::symlink(link.text.c_str(), link.at.c_str());
  }
}

}  // namespace

Result<void, FailedStep> enter_view(const Places& places, Temporary temporary) {
  const mode_t mask = ::umask(0);
  SWEBASH_TRY(make_root(temporary));
  if (::mkdir("/proc", 0555) != 0) return failed("/proc");
  SWEBASH_TRY(make_devices());
  SWEBASH_TRY(make_temporary(temporary));
  SWEBASH_TRY(bind_places(places));
  make_links(places);
  SWEBASH_TRY(keep_places(places));
  SWEBASH_TRY(deny_places(places.denied));
  SWEBASH_TRY(deny_places(places.secrets));
  SWEBASH_TRY(make_proc());
  if (::umount2(kOld, MNT_DETACH) != 0 || ::rmdir(kOld) != 0) return failed("the old root");
  const MountAttr attr = {kReadOnly, 0, 0, 0};
  if (::syscall(kMountSetattr, AT_FDCWD, "/", 0, &attr, sizeof(attr)) != 0)
    return failed("the root");
  ::umask(mask);
  if (::chdir(places.directory.c_str()) != 0 && ::chdir(places.workspace.c_str()) != 0) {
    return failed("the working directory");
  }
  return {};
}

}  // namespace swebash::kernel::confine
