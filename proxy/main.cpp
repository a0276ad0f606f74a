// SPDX-License-Identifier: Apache-2.0
//
// swebash-proxy HOST...: connects those who are in a network namespace of their own to the hosts
// that are named, and to no other. The shell starts it, outside the confinement.
//
// Descriptor 0 listens in that namespace; 1 is a pidfd of the process with which all that is inside
// ends, and this program too; 3, with ACCOUNT in the environment, leads to who writes the account.
// Each client has a thread. What it reads was written by the confined: so it keeps nothing that it
// does not need, neither files nor programs nor privileges.
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

#include "kernel/confine/landlock.hpp"
#include "kernel/confine/privileges.hpp"
#include "kernel/confine/syscall_filter.hpp"
#include "proxy/connection.hpp"

namespace {

using swebash::OwnedFd;
namespace confine = swebash::kernel::confine;

constexpr int kListener = 0, kSession = 1, kAccount = 3;
constexpr int kMostClients = 512;
constexpr size_t kStack = size_t{256} << 10;

// Never gone: threads use it until the process ends.
const swebash::proxy::HostList* hosts = nullptr;
std::atomic<int> clients = 0;
int account = -1;

// What resolving a name reads stays.
bool confine_self() {
  confine::close_descriptors({account});
  if (!confine::drop_privileges()) return false;
  if (confine::landlock_abi() > 0) {
    auto rules = confine::Ruleset::create({});
    if (!rules.has_value()) return false;
    for (const char* place : {"/etc", "/usr/lib", "/lib", "/lib64", "/etc/resolv.conf",
                              "/etc/hosts", "/run/systemd/resolve"}) {
      if (!rules->allow(place, confine::Right::read).has_value()) return false;
    }
    if (!rules->enforce().has_value()) return false;
  }
  if (!confine::has_filters()) return true;
  return confine::install_filter(confine::make_filter({.inet = confine::Inet::all,
                                                       .unix_sockets = false,
                                                       .programs = false,
                                                       .own_ipc = false}))
      .has_value();
}

void* serve(void* argument) {
  OwnedFd client(static_cast<int>(reinterpret_cast<intptr_t>(argument)));
  swebash::proxy::serve_connection(std::move(client), *hosts, account);
  clients.fetch_sub(1);
  return nullptr;
}

void start_thread(int fd) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  clients.fetch_add(1);
  if (pthread_create(&thread, &attributes, serve, reinterpret_cast<void*>(intptr_t{fd})) != 0) {
    clients.fetch_sub(1);
    ::close(fd);
  }
  pthread_attr_destroy(&attributes);
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  // ^C of a terminal is the session's matter.
  for (const int signal : {SIGINT, SIGQUIT, SIGTSTP, SIGHUP}) ::signal(signal, SIG_IGN);
  if (std::getenv("ACCOUNT") != nullptr) account = kAccount;
  if (!confine_self()) return 126;
  const swebash::proxy::HostList list({argv + 1, argv + argc});
  hosts = &list;
  while (true) {
    const bool full = clients.load() >= kMostClients;
    pollfd entries[] = {{kSession, POLLIN, 0}, {full ? -1 : kListener, POLLIN, 0}};
    if (::poll(entries, 2, full ? 100 : -1) < 0 && errno != EINTR) ::_exit(1);
    if (entries[0].revents != 0) ::_exit(0);
    if (entries[1].revents == 0) continue;
    const int fd = ::accept4(kListener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) {
      start_thread(fd);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
      ::poll(nullptr, 0, 50);
    }
  }
}
