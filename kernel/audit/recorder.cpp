// SPDX-License-Identifier: Apache-2.0
#include "kernel/audit/recorder.hpp"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <vector>

#include "base/high_fd.hpp"
#include "kernel/audit/account.hpp"
#include "kernel/audit/json.hpp"
#include "kernel/audit/secrets.hpp"

namespace swebash::kernel::audit {
namespace {

class Writer {
 public:
  Writer(int file, Full full) : file_(file), full_(full) {}

  // One object, of which only `{` and its bytes are believed. Its errno where it cannot be
  // written.
  int take(std::string_view object) {
    if (object.size() < 2 || object.front() != '{') return 0;
    if (lost_ > 0) {
      const std::string told = R"({"event":"lost","lines":)" + std::to_string(lost_) + "}";
      if (write_line(told) != 0) return lose();
      lost_ = 0;
    }
    return write_line(object) == 0 ? 0 : lose();
  }

  // Another kind of message; the same.
  int take_message(std::string_view message) {
    if (message.starts_with(kNetworkMessage)) return take_connection(message.substr(1));
    if (message.starts_with(kSecretMessage)) secrets_.learn(message.substr(1));
    return 0;
  }

  // The session has ended; the last line tells whether all were written.
  void end() {
    if (lost_ > 0)
      take(R"({"event":"closed"})");
    else
      write_line(R"({"event":"closed"})");
  }

 private:
  int take_connection(std::string_view told) {
    const usize host = std::min(told.find('\0'), told.size());
    const usize port = std::min(told.find('\0', host + 1), told.size());
    if (port == told.size()) return 0;
    JsonLine line("network");
    line.add("host", secrets_.without(told.substr(0, host)));
    line.add("port", secrets_.without(told.substr(host + 1, port - host - 1)));
    line.add_flag("allowed", told.substr(port + 1) == "1");
    line.add("by", "proxy");
    return take(std::move(line).text());
  }

  int lose() {
    const int error = errno;
    ++lost_;
    return full_ == Full::stop ? error : 0;
  }

  int write_line(std::string_view object) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    struct tm parts{};
    ::gmtime_r(&now.tv_sec, &parts);
    char head[96];
    const int size = std::snprintf(
        head, sizeof(head), "%s{\"seq\":%llu,\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ\",",
        broken_ ? "\n" : "", number_ + 1, parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
        parts.tm_hour, parts.tm_min, parts.tm_sec, now.tv_nsec / 1000);
    std::string line(head, static_cast<usize>(size));
    // No byte of a message can begin another line.
    for (const char c : object.substr(1)) line += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    line += '\n';
    usize done = 0;
    while (done < line.size()) {
      const ssize_t written = ::write(file_, line.data() + done, line.size() - done);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) {
        // Half a line ends before the next begins.
        broken_ = broken_ || done > 0;
        return -1;
      }
      done += static_cast<usize>(written);
    }
    broken_ = false;
    ++number_;
    return 0;
  }

  int file_;
  Full full_;
  unsigned long long number_ = 0;
  unsigned long long lost_ = 0;
  bool broken_ = false;
  Secrets secrets_;
};

[[noreturn]] void record(int file, int session, Full full) {
  ::signal(SIGPIPE, SIG_IGN);
  Writer writer(file, full);
  std::vector<char> message(kLongestLine + 1);
  while (true) {
    const ssize_t size = ::recv(session, message.data(), message.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    const std::string_view text(message.data(), static_cast<usize>(size));
    const int error = text.starts_with('{') ? writer.take(text) : writer.take_message(text);
    if (error == 0) continue;
    [[maybe_unused]] const auto told = ::send(session, &error, sizeof(error), MSG_NOSIGNAL);
    ::_exit(0);
  }
  writer.end();
  ::_exit(0);
}

Result<OwnedFd, std::string> usable(OwnedFd file, const std::string& asked) {
  struct stat about{};
  if (::fstat(file.get(), &about) != 0) return std::unexpected(asked + ": " + std::strerror(errno));
  if (S_ISREG(about.st_mode) && about.st_nlink > 1) {
    return std::unexpected(asked + ": has another name, which the script may know");
  }
  for (int fd = 0; fd <= 2; ++fd) {
    struct stat own{};
    const bool is_same = ::fstat(fd, &own) == 0 && own.st_dev == about.st_dev &&
                         own.st_ino == about.st_ino &&
                         (!S_ISCHR(about.st_mode) || ::isatty(file.get()) == 1);
    if (is_same) {
      return std::unexpected(asked + ": is what the script writes to or reads, its descriptor " +
                             std::to_string(fd));
    }
  }
  return moved_up(std::move(file));
}

}  // namespace

Result<OwnedFd, std::string> open_account(const std::string& asked) {
  constexpr std::string_view kDescriptor = "fd:";
  if (asked.starts_with(kDescriptor)) {
    int number = -1;
    const char* const end = asked.data() + asked.size();
    const auto read = std::from_chars(asked.data() + kDescriptor.size(), end, number);
    if (read.ec != std::errc() || read.ptr != end || number < 0) {
      return std::unexpected(asked + ": no number of a descriptor");
    }
    if (number < 3) {
      return std::unexpected(asked + ": is the script's own (fd:3 and above are not)");
    }
    const int flags = ::fcntl(number, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) {
      return std::unexpected(asked + ": " + std::strerror(EBADF));
    }
    return usable(OwnedFd(number), asked);
  }
  OwnedFd file(::open(asked.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600));
  if (!file) return std::unexpected(asked + ": " + std::strerror(errno));
  return usable(std::move(file), asked);
}

std::string path_of_account(int file) {
  struct stat about{};
  if (::fstat(file, &about) != 0 || about.st_nlink == 0) return {};
  char name[40], path[PATH_MAX];
  std::snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
  const ssize_t size = ::readlink(name, path, sizeof(path));
  return size > 0 && path[0] == '/' ? std::string(path, static_cast<usize>(size)) : std::string();
}

Result<Recorder, std::string> start_recorder(OwnedFd file, Full full) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return std::unexpected(std::string("socketpair: ") + std::strerror(errno));
  }
  OwnedFd own = moved_up(OwnedFd(ends[0]));
  // Above what a session may call its own: what is open below is its script's to write to.
  constexpr int kHighFd = 512;
  const OwnedFd low(ends[1]);
  OwnedFd session(::fcntl(low.get(), F_DUPFD_CLOEXEC, kHighFd));
  if (!session) return std::unexpected(std::string("descriptors: ") + std::strerror(errno));
  // A line of that length goes in one piece.
  const int size = static_cast<int>(2 * kLongestLine);
  ::setsockopt(session.get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
  sigset_t all, before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) {
    // Who only writes this keeps nobody waiting for the end of a file.
    for (int fd = 0; fd <= 2; ++fd) ::close(fd);
    const int kept = ::dup2(file.get(), 0);
    const int link = ::dup2(own.get(), 1);
    ::syscall(SYS_close_range, 2, ~0U, 0);
    if (kept != 0 || link != 1) ::_exit(0);
    record(kept, link, full);
  }
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return std::unexpected(std::string("fork: ") + std::strerror(errno));
  return Recorder{std::move(session), pid};
}

int reason_of_end(int session) noexcept {
  int error = 0;
  return ::recv(session, &error, sizeof(error), MSG_DONTWAIT) == sizeof(error) ? error : 0;
}

}  // namespace swebash::kernel::audit
