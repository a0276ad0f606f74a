// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/session_start.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "kernel/confine/landlock.hpp"
#include "kernel/confine/privileges.hpp"
#include "kernel/confine/rules.hpp"
#include "kernel/confine/syscall_filter.hpp"
#include "kernel/process/end_as.hpp"

namespace swebash::kernel::confine {
namespace {

// What the inside tells the outside. The outside believes none of it further than how the session
// ended: what speaks is confined, and may be anybody.
struct Report {
  enum class Kind : i32 { failed, ready, stopped, ended } kind;
  i32 value;      // an errno; a signal; a status of wait(2)
  char step[32];  // of a failure
};

bool send(int link, Report::Kind kind, i32 value, const char* step = "") noexcept {
  Report report = {kind, value, {}};
  std::strncpy(report.step, step, sizeof(report.step) - 1);
  return ::send(link, &report, sizeof(report), MSG_NOSIGNAL) == sizeof(report);
}

// That the session runs, and the socket at which the proxy is to answer, or -1.
bool send_ready(int link, int listener) noexcept {
  if (listener < 0) return send(link, Report::Kind::ready, 0);
  Report report = {Report::Kind::ready, 0, {}};
  iovec data = {&report, sizeof(report)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &listener, sizeof(int));
  return ::sendmsg(link, &message, MSG_NOSIGNAL) == sizeof(report);
}

bool receive(int link, Report& report, OwnedFd* listener = nullptr) noexcept {
  while (true) {
    iovec data = {&report, sizeof(report)};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message = {};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    if (listener != nullptr) {
      message.msg_control = control;
      message.msg_controllen = sizeof(control);
    }
    const ssize_t size = ::recvmsg(link, &message, MSG_CMSG_CLOEXEC);
    if (size < 0 && errno == EINTR) continue;
    const cmsghdr* const header = listener != nullptr ? CMSG_FIRSTHDR(&message) : nullptr;
    if (size > 0 && header != nullptr && header->cmsg_type == SCM_RIGHTS) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header), sizeof(int));
      listener->reset(fd);
    }
    report.step[sizeof(report.step) - 1] = '\0';
    return size == sizeof(report);
  }
}

// The session's network: its own loopback, and on it the socket at which the proxy will answer.
Result<OwnedFd, FailedStep> make_network() {
  const OwnedFd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = {};
  std::strncpy(request.ifr_name, "lo", sizeof(request.ifr_name) - 1);
  request.ifr_flags = IFF_UP;
  if (!any || ::ioctl(any.get(), SIOCSIFFLAGS, &request) != 0) {
    return std::unexpected(FailedStep{"the loopback", errno});
  }
  OwnedFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(kProxyPort);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (!listener ||
      ::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(listener.get(), SOMAXCONN) != 0) {
    return std::unexpected(FailedStep{"the proxy's socket", errno});
  }
  return listener;
}

// In the called process, which stays outside: what the session may reach is reached from there.
void start_proxy(const Policy& policy, const std::string& program, const OwnedFd& listener,
                 pid_t first, int account, const sigset_t& mask) {
  const OwnedFd session(static_cast<int>(::syscall(SYS_pidfd_open, first, 0)));
  const pid_t child = session ? ::fork() : -1;
  if (child != 0) return;
  std::vector<char*> words;
  std::string name = "swebash-proxy";
  words.push_back(name.data());
  for (const std::string& host : policy.hosts) words.push_back(const_cast<char*>(host.c_str()));
  words.push_back(nullptr);
  constexpr int kAccount = 3;
  std::string variable = "ACCOUNT=";
  char* const environment[] = {account >= 0 ? variable.data() : nullptr, nullptr};
  // By copies above those that they are to become.
  const int from = ::fcntl(listener.get(), F_DUPFD_CLOEXEC, kAccount + 1);
  const int until = ::fcntl(session.get(), F_DUPFD_CLOEXEC, kAccount + 1);
  const bool told = account < 0 || ::dup2(account, kAccount) == kAccount;
  if (told && from >= 0 && until >= 0 && ::dup2(from, 0) == 0 && ::dup2(until, 1) == 1) {
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    ::execve(program.c_str(), words.data(), environment);
  }
  ::_exit(127);
}

bool write_file(const OwnedFd& folder, const char* name, const char* text) noexcept {
  if (!folder) return false;
  const OwnedFd fd(::openat(folder.get(), name, O_WRONLY | O_CLOEXEC));
  const usize size = std::strlen(text);
  return fd && ::write(fd.get(), text, size) == static_cast<ssize_t>(size);
}

// Of all users and groups there are only these in the new user namespace.
bool map_ids(uid_t user, gid_t group) noexcept {
  char text[64];
  const OwnedFd self(::openat(AT_FDCWD, "/proc/self", O_PATH | O_CLOEXEC));
  if (!write_file(self, "setgroups", "deny")) return false;
  std::snprintf(text, sizeof(text), "%u %u 1\n", group, group);
  if (!write_file(self, "gid_map", text)) return false;
  std::snprintf(text, sizeof(text), "%u %u 1\n", user, user);
  return write_file(self, "uid_map", text);
}

// A network namespace takes as long to make as all others together. Without sockets but those with
// names, and with abstract ones scoped, there is nothing that it would keep out.
bool has_own_network(const Policy& policy) noexcept {
  return policy.network == Network::listed ||
         (policy.network == Network::none && landlock_abi() < kScopesAbi);
}

Result<void, FailedStep> confine_first(const Policy& policy, const Places& places, int link,
                                       const OwnedFd& listener) {
  if (places.overlay.lock >= 0) ::close(places.overlay.lock);
  SWEBASH_TRY(enter_view(places, policy.temporary));
  if (policy.descriptors == Keeps::no) {
    close_descriptors({link, listener.get(), places.recorder.socket});
  }
  if (!drop_privileges()) return std::unexpected(FailedStep{"privileges", errno});
  const i32 abi = landlock_abi();
  if (abi > 0) {
    const auto ruled = rule_within_view(policy, places);
    if (!ruled.has_value()) return std::unexpected(FailedStep{"Landlock", ruled.error()});
  }
  if (has_filters()) {
    const bool own_network = has_own_network(policy);
    const Inet inet = policy.network == Network::all      ? Inet::all
                      : policy.network == Network::listed ? Inet::tcp
                                                          : Inet::none;
    const auto filtered =
        install_filter(make_filter({.inet = inet,
                                    .unix_sockets = abi >= kScopesAbi || own_network,
                                    .programs = policy.native != Programs::none,
                                    .own_ipc = true}));
    if (!filtered.has_value()) return std::unexpected(FailedStep{"seccomp", filtered.error()});
  }
  return {};
}

// Who only waits keeps nobody else waiting for the end of a file.
void close_all_but(int kept) noexcept {
  for (int fd = 0; fd <= 2; ++fd) {
    if (fd != kept) ::close(fd);
  }
  close_descriptors({kept});
}

// The first process, once the session runs. All signals are blocked.
[[noreturn]] void reap(int link, pid_t session, Keeps background, const sigset_t& all) {
  close_all_but(link);
  const int signals = ::signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  while (true) {
    pollfd entries[] = {{link, POLLIN, 0}, {signals, POLLIN, 0}};
    if (::poll(entries, 2, -1) < 0) continue;
    if (entries[0].revents != 0) {
      unsigned char signal = 0;
      const ssize_t size = ::recv(link, &signal, 1, MSG_DONTWAIT);
      if (size == 1 && session > 0) ::kill(session, signal);
      if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        // Whoever waited outside has gone.
        if (session > 0 || background == Keeps::no) ::_exit(0);
        link = -1;
      }
    }
    signalfd_siginfo info;
    while (::read(signals, &info, sizeof(info)) == sizeof(info)) {
    }
    while (true) {
      int state = 0;
      const pid_t pid = ::waitpid(-1, &state, WNOHANG | WUNTRACED);
      if (pid == 0 || (pid < 0 && errno == EINTR)) break;
      if (pid < 0) ::_exit(0);  // nothing is left
      if (pid != session) continue;
      if (WIFSTOPPED(state)) {
        send(link, Report::Kind::stopped, WSTOPSIG(state));
        continue;
      }
      session = 0;
      send(link, Report::Kind::ended, state);
      if (background == Keeps::no) ::_exit(0);
    }
  }
}

// What an overlay's session has left is looked at by a program of its own, to its end.
void run_at_end(const Overlay& overlay, const sigset_t& before) noexcept {
  const pid_t child = ::fork();
  if (child == 0) {
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    ::fcntl(overlay.lock, F_SETFD, 0);
    std::vector<char*> words;
    for (const std::string& word : overlay.at_end) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execv(words[0], words.data());
    std::perror(words[0]);
    ::_exit(127);
  }
  while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// The outside. All signals are blocked.
[[noreturn]] void stand_in(int link, pid_t first, Keeps background, const Places& places,
                           const sigset_t& all, const sigset_t& before) {
  const Overlay& overlay = places.overlay;
  if (overlay.at_end.empty()) {
    close_all_but(link);
  } else {
    close_descriptors({link, overlay.lock});
  }
  const int signals = ::signalfd(-1, &all, SFD_CLOEXEC);
  while (true) {
    pollfd entries[] = {{link, POLLIN, 0}, {signals, POLLIN, 0}};
    if (::poll(entries, 2, -1) < 0) continue;
    signalfd_siginfo info;
    if (entries[1].revents != 0 && ::read(signals, &info, sizeof(info)) == sizeof(info)) {
      // What comes from the terminal has gone to the session too.
      const bool sent = info.ssi_code <= 0 || info.ssi_signo == SIGCONT;
      const auto signal = static_cast<unsigned char>(info.ssi_signo);
      if (sent && signal != SIGCHLD) ::send(link, &signal, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    if (entries[0].revents == 0) continue;
    Report report;
    if (!receive(link, report)) ::_exit(128 + SIGKILL);  // the first process was killed
    if (report.kind == Report::Kind::stopped) ::raise(SIGSTOP);
    if (report.kind != Report::Kind::ended) continue;
    // Nothing of it is left when who waits for this process hears of its end.
    while (background == Keeps::no && ::waitpid(first, nullptr, 0) < 0 && errno == EINTR) {
    }
    // Its account is whole then.
    const pid_t recorder = background == Keeps::no ? places.recorder.pid : 0;
    while (recorder > 0 && ::waitpid(recorder, nullptr, 0) < 0 && errno == EINTR) {
    }
    if (!overlay.at_end.empty()) run_at_end(overlay, before);
    end_as_child(report.value);
  }
}

}  // namespace

bool is_own_host(const Policy& policy, std::string_view host) noexcept {
  const auto is_loopback = [](std::string_view name) {
    return name == "localhost" || name.starts_with("localhost:") || name.starts_with("127.") ||
           name.starts_with("::1") || name.starts_with("[::1]");
  };
  return is_loopback(host) && std::ranges::none_of(policy.hosts, is_loopback);
}

Result<void, FailedStep> start_in_view(const Policy& policy, const Places& places,
                                       const std::string& proxy) {
  int link[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link) != 0) {
    return std::unexpected(FailedStep{"socketpair", errno});
  }
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  sigset_t all, before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const long flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC |
                     (has_own_network(policy) ? CLONE_NEWNET : 0) | SIGCHLD;
  const auto first = static_cast<pid_t>(::syscall(SYS_clone, flags, 0, 0, 0, 0));
  if (first < 0) {
    const FailedStep step = {"namespaces", errno};
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    ::close(link[0]);
    ::close(link[1]);
    return std::unexpected(step);
  }
  if (first > 0) {
    ::close(link[1]);
    Report report = {Report::Kind::failed, ECHILD, {}};
    OwnedFd listener;
    if (receive(link[0], report, &listener) && report.kind == Report::Kind::ready) {
      if (listener) start_proxy(policy, proxy, listener, first, places.recorder.socket, before);
      listener.reset();
      stand_in(link[0], first, policy.background, places, all, before);
    }
    while (::waitpid(first, nullptr, 0) < 0 && errno == EINTR) {
    }
    ::close(link[0]);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    static char step[sizeof(report.step)];
    std::memcpy(step, report.step, sizeof(step));
    return std::unexpected(FailedStep{step, report.value});
  }
  ::close(link[0]);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  Result<void, FailedStep> made{};
  OwnedFd listener;
  if (!map_ids(user, group)) made = std::unexpected(FailedStep{"user namespace", errno});
  if (made.has_value() && policy.network == Network::listed) {
    auto socket = make_network();
    if (socket.has_value()) {
      listener = std::move(*socket);
    } else {
      made = std::unexpected(socket.error());
    }
  }
  if (made.has_value()) made = confine_first(policy, places, link[1], listener);
  if (!made.has_value()) {
    send(link[1], Report::Kind::failed, made.error().error, made.error().what);
    ::_exit(0);
  }
  // By the C library, which then knows its thread by the number that it has in the namespace.
  const pid_t session = ::fork();
  if (session < 0) {
    send(link[1], Report::Kind::failed, errno, "fork");
    ::_exit(0);
  }
  if (session > 0) {
    if (!send_ready(link[1], listener.get())) ::_exit(0);
    if (policy.background == Keeps::yes) ::prctl(PR_SET_PDEATHSIG, 0);
    reap(link[1], session, policy.background, all);
  }
  ::close(link[1]);
  listener.reset();
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  return {};
}

}  // namespace swebash::kernel::confine
