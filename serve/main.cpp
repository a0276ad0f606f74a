// SPDX-License-Identifier: Apache-2.0
// swebash-serve: sessions for programs that connect (docs/serve.md). The shell starts it as
// `swebash serve`.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <climits>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

#include "serve/server.hpp"
#include "serve/socket.hpp"
#include "swebash/file_tree.hpp"

namespace {

using swebash::OwnedFd;
using swebash::serve::Policy;
using swebash::serve::Server;

constexpr int kFailed = 1, kUsage = 2;

int complain(const std::string& sentence, int status) {
  std::fprintf(stderr, "swebash serve: %s\n", sentence.c_str());
  return status;
}

// The directory of this program, where the engine is too.
std::string program_directory() {
  char path[PATH_MAX] = {};
  const auto length = ::readlink("/proc/self/exe", path, sizeof(path) - 1);
  const std::string text(path, length > 0 ? static_cast<std::size_t>(length) : 0);
  return text.substr(0, text.rfind('/'));
}

// Copies what comes from `from` to `to` until there is no more.
void pump(int from, int to) {
  char buffer[64 << 10];
  ssize_t count = 0;
  while ((count = ::read(from, buffer, sizeof(buffer))) > 0 || (count < 0 && errno == EINTR)) {
    for (ssize_t at = 0; at < count;) {
      const ssize_t written = ::write(to, buffer + at, static_cast<std::size_t>(count - at));
      if (written < 0 && errno != EINTR) return;
      at += written > 0 ? written : 0;
    }
  }
}

// Standard input and output as one client: they may be files, which cannot be waited for.
int serve_standard_streams(Server& server) {
  int ends[2] = {};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return complain("there is no descriptor left", kFailed);
  }
  server.serve_only(OwnedFd(ends[0]));
  std::thread([end = ends[1]] {
    pump(0, end);
    ::shutdown(end, SHUT_WR);
  }).detach();
  std::thread output([end = ends[1]] {
    pump(end, 1);
    ::shutdown(end, SHUT_RDWR);
  });
  server.run();
  output.join();
  return 0;
}

int serve_socket(Server& server, const std::string& path) {
  if (OwnedFd listener = swebash::serve::inherited_listener()) {
    server.listen(std::move(listener));
    server.run();
    return 0;
  }
  auto listener = swebash::serve::listen_at(path);
  if (!listener.has_value()) return complain(listener.error(), kFailed);
  const OwnedFd again(::fcntl(listener->get(), F_DUPFD_CLOEXEC, 0));
  server.listen(std::move(*listener));
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);
  server.run();
  swebash::serve::remove_socket(path, again.get());
  return 0;
}

// Adds what HOST:PATH[:rw] says; why it cannot be, or nothing.
std::string add_mount(std::string text, swebash::SessionOptions& options) {
  auto access = swebash::Access::read_only;
  if (text.ends_with(":rw")) {
    access = swebash::Access::read_write;
    text.resize(text.size() - 3);
  }
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos || colon + 1 >= text.size() || text[colon + 1] != '/') {
    return "it is HOST:PATH or HOST:PATH:rw";
  }
  const auto tree = swebash::host_directory(text.substr(0, colon), access);
  if (!tree.has_value()) return tree.error().message;
  options.mounts.insert_or_assign(text.substr(colon + 1), *tree);
  return {};
}

void block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void raise_descriptor_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

int main(int argc, char** argv) {
  Policy policy;
  policy.session.task_memory = std::uint64_t{256} << 20;
  policy.session.tasks = 200;
  std::string path = swebash::serve::default_socket_path();
  bool stdio = false;
  double run_time = std::chrono::duration<double>(policy.run_time).count();
  double idle = std::chrono::duration<double>(policy.idle).count();
  std::vector<std::string> mounts;
  double drain = std::chrono::duration<double>(policy.drain).count();

  CLI::App app("Sessions of the shell for programs that connect, by JSON-RPC 2.0 (docs/serve.md).",
               "swebash serve");
  app.option_defaults()->always_capture_default();
  app.add_option("--socket", path, "listen there");
  app.add_flag("--stdio", stdio, "serve one client, on standard input and output");
  app.add_option("--run-time", run_time, "seconds that a run may take; 0: no end")
      ->check(CLI::Range(0.0, 1e7));
  app.add_option("--drain", drain, "seconds that runs may go on for once the server is to end")
      ->check(CLI::Range(0.0, 1e7));
  app.add_option("--idle", idle,
                 "seconds after which a session that nobody uses is put away; 0: none is")
      ->check(CLI::Range(0.0, 1e7));
  app.add_option("--mount", mounts,
                 "HOST:PATH[:rw]: sessions find directory HOST of this machine at PATH")
      ->default_str("none");
  app.add_option("--sessions", policy.sessions, "sessions at once");
  app.add_option("--clients", policy.clients, "clients at once");
  app.add_option("--runs", policy.runs_at_once, "runs at once; more wait for their turn")
      ->check(CLI::Range(1, 10000));
  app.add_option("--file-bytes", policy.session.file_bytes, "bytes that a session's files may take")
      ->check(CLI::Range(std::uint64_t{1} << 16, std::uint64_t{1} << 40));
  app.add_option("--task-memory", policy.session.task_memory,
                 "bytes of memory that each task of a session may take")
      ->check(CLI::Range(std::uint64_t{1} << 20, std::uint64_t{4} << 30));
  app.add_option("--tasks", policy.session.tasks, "tasks of a session at once")
      ->check(CLI::Range(1, 100000));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  policy.run_time = std::chrono::nanoseconds(static_cast<std::int64_t>(run_time * 1e9));
  policy.idle = std::chrono::nanoseconds(static_cast<std::int64_t>(idle * 1e9));
  for (const std::string& mount : mounts) {
    if (const std::string why = add_mount(mount, policy.session); !why.empty()) {
      return complain("--mount " + mount + ": " + why, kUsage);
    }
  }
  policy.drain = std::chrono::nanoseconds(static_cast<std::int64_t>(drain * 1e9));

  block_signals();
  raise_descriptor_limit();
  auto server = Server::create(program_directory(), policy);
  if (!server.has_value()) return complain(server.error(), kFailed);
  return stdio ? serve_standard_streams(**server) : serve_socket(**server, path);
}
