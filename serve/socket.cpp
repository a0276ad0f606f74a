// SPDX-License-Identifier: Apache-2.0
#include "serve/socket.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/integers.hpp"

namespace swebash::serve {

namespace {

constexpr int kBacklog = 1024;
constexpr mode_t kOwnDirectory = 0700;
constexpr mode_t kOwnOnly = 0177;  // what the umask takes

std::unexpected<std::string> fault(const std::string& path, const char* what) {
  return std::unexpected(path + ": " + what);
}

std::string directory_of(const std::string& path) {
  const usize slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<sockaddr_un, std::string> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) {
    return fault(path, "a socket's path has 1 to 107 bytes");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

OwnedFd make_socket() { return OwnedFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

// 0, or the host's errno.
int connect_socket(int socket, const sockaddr_un& address) noexcept {
  if (socket < 0) return EBADF;
  const auto* place = reinterpret_cast<const sockaddr*>(&address);
  return ::connect(socket, place, sizeof(address)) == 0 ? 0 : errno;
}

// Whether the directory, if it is the one that default_socket_path() names in /tmp, is ours.
bool is_trusted(int directory, const std::string& name) noexcept {
  if (!name.starts_with("/tmp/swebash-")) return true;
  struct stat about{};
  return ::fstat(directory, &about) == 0 && about.st_uid == ::geteuid() &&
         (about.st_mode & 0077) == 0;
}

}  // namespace

std::string default_socket_path() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && runtime[0] == '/') return std::string(runtime) + "/swebash/serve.sock";
  return "/tmp/swebash-" + std::to_string(::geteuid()) + "/serve.sock";
}

Result<OwnedFd, std::string> listen_at(const std::string& path) {
  const sockaddr_un address = SWEBASH_TRY(address_of(path));
  const std::string directory = directory_of(path);
  if (::mkdir(directory.c_str(), kOwnDirectory) != 0 && errno != EEXIST) {
    return fault(directory, std::strerror(errno));
  }
  // Two servers that start at once look one after the other.
  const OwnedFd lock(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock) return fault(directory, std::strerror(errno));
  if (!is_trusted(lock.get(), directory)) return fault(directory, "it is another user's");
  while (::flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return fault(directory, std::strerror(errno));
  }
  struct stat about{};
  if (::lstat(path.c_str(), &about) == 0) {
    if (!S_ISSOCK(about.st_mode)) return fault(path, "it is there, and is no socket");
    const OwnedFd probe = make_socket();
    const int error = connect_socket(probe.get(), address);
    if (error == 0) return fault(path, "a server listens there already");
    if (error != ECONNREFUSED) return fault(path, std::strerror(error));
    if (::unlink(path.c_str()) != 0) return fault(path, std::strerror(errno));
  }
  OwnedFd socket = make_socket();
  const mode_t before = ::umask(kOwnOnly);
  const bool bound = socket && ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address),
                                      sizeof(address)) == 0;
  const int error = errno;
  ::umask(before);
  if (!bound) return fault(path, std::strerror(error));
  if (::listen(socket.get(), kBacklog) != 0) return fault(path, std::strerror(errno));
  return socket;
}

OwnedFd inherited_listener() {
  constexpr int kFirst = 3;
  const char* pid = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (pid == nullptr || count == nullptr || std::atol(pid) != ::getpid() || std::atoi(count) < 1) {
    return {};
  }
  int listens = 0;
  socklen_t size = sizeof(listens);
  if (::getsockopt(kFirst, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) {
    return {};
  }
  ::fcntl(kFirst, F_SETFD, FD_CLOEXEC);
  return OwnedFd(kFirst);
}

void remove_socket(const std::string& path, int listener) noexcept {
  sockaddr_un bound{};
  socklen_t size = sizeof(bound);
  if (::getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return;
  // Who has replaced it listens: it is theirs.
  const OwnedFd lock(::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock || ::flock(lock.get(), LOCK_EX) != 0) return;
  const OwnedFd probe = make_socket();
  ::shutdown(listener, SHUT_RDWR);
  if (connect_socket(probe.get(), bound) == ECONNREFUSED) ::unlink(path.c_str());
}

Result<OwnedFd, std::string> connect_to(const std::string& path) {
  const sockaddr_un address = SWEBASH_TRY(address_of(path));
  OwnedFd socket = make_socket();
  if (!socket) return fault(path, std::strerror(errno));
  while (const int error = connect_socket(socket.get(), address)) {
    if (error == EINTR) continue;
    if (error == ENOENT || error == ECONNREFUSED) {
      return fault(path, "no server listens there; `swebash serve' starts one");
    }
    return fault(path, std::strerror(error));
  }
  if (!is_ours(socket.get())) return fault(path, "the server there is another user's");
  return socket;
}

bool is_ours(int connection) noexcept {
  ucred peer{};
  socklen_t size = sizeof(peer);
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

}  // namespace swebash::serve
