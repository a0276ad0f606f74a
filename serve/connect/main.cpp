// SPDX-License-Identifier: Apache-2.0
// swebash-connect: a shell whose sessions are in a resident server (docs/serve.md). The shell
// starts it as `swebash connect`.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "serve/connect/caller.hpp"
#include "serve/connect/shell.hpp"
#include "serve/socket.hpp"

namespace {

using swebash::Result;
using swebash::serve::Caller;
using swebash::serve::RemoteShell;
using swebash::serve::ShellEnd;

constexpr int kUsage = 2, kCannotRun = 126, kNotFound = 127;

constexpr const char* kHelp =
    "usage: swebash connect [--socket PATH] [SESSION|-] [-c COMMAND [NAME [ARGUMENT...]]]\n"
    "       swebash connect [--socket PATH] SESSION|- SCRIPT [ARGUMENT...]\n"
    "Runs COMMAND, SCRIPT, standard input, or what is typed, in a session of `swebash serve'. "
    "SESSION "
    "is\n"
    "opened where there is none of that name, and stays; without one, or with `-', it is one of "
    "this\n"
    "call's own.\n";

struct Wanted {
  std::string socket = swebash::serve::default_socket_path();
  std::string session;
  std::optional<std::string> command;
  std::optional<std::string> file;
  std::vector<std::string> arguments;
};

int complain(const std::string& sentence, int status) {
  std::fprintf(stderr, "swebash connect: %s\n", sentence.c_str());
  return status;
}

// Errors: the sentence for a wrong use; an empty one for help.
Result<Wanted, std::string> read_arguments(int argc, char** argv) {
  Wanted wanted;
  int next = 1;
  bool has_session = false;
  for (; next < argc; ++next) {
    const std::string word = argv[next];
    if (word == "--help" || word == "-h") return std::unexpected("");
    if (word == "--socket" || word == "-c") {
      if (next + 1 == argc) return std::unexpected(word + ": it needs a value");
      if (word == "--socket") {
        wanted.socket = argv[++next];
        continue;
      }
      wanted.command = argv[++next];
      // The name, which is $0 in a shell of its own.
      next += next + 1 < argc ? 2 : 1;
      break;
    }
    if (word.size() > 1 && word[0] == '-') return std::unexpected(word + ": no such option");
    if (has_session) {
      wanted.file = word;
      ++next;
      break;
    }
    has_session = true;
    if (word != "-") wanted.session = word;
  }
  wanted.arguments.assign(argv + next, argv + argc);
  return wanted;
}

Result<std::string, std::string> read_all(int fd) {
  std::string text;
  char buffer[64 << 10];
  ssize_t count = 0;
  while ((count = ::read(fd, buffer, sizeof(buffer))) != 0) {
    if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) return std::unexpected(std::string(std::strerror(errno)));
  }
  return text;
}

Result<ShellEnd, std::string> run(const Wanted& wanted, const std::string& script) {
  Caller caller = SWEBASH_TRY(Caller::connect(wanted.socket));
  RemoteShell shell(caller, wanted.session);
  const bool prompts = !wanted.command && !wanted.file && ::isatty(0) == 1;
  // One call is enough for a command in a session of its own.
  if (prompts || !wanted.session.empty() || !wanted.arguments.empty()) SWEBASH_TRY(shell.open());
  if (!wanted.arguments.empty()) SWEBASH_TRY(shell.set_arguments(wanted.arguments));
  return prompts ? shell.prompt() : shell.run(script);
}

// Ends as the command did, for who waits for this process.
[[noreturn]] void leave(const ShellEnd& end) {
  if (end.signal != 0) {
    ::signal(end.signal, SIG_DFL);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, end.signal);
    ::raise(end.signal);
    ::sigprocmask(SIG_UNBLOCK, &one, nullptr);
  }
  _exit(end.status);
}

}  // namespace

int main(int argc, char** argv) {
  const auto wanted = read_arguments(argc, argv);
  if (!wanted.has_value()) {
    if (!wanted.error().empty()) {
      complain(wanted.error(), kUsage);
      std::fputs(kHelp, stderr);
      return kUsage;
    }
    std::fputs(kHelp, stdout);
    return 0;
  }
  std::string script = wanted->command.value_or("");
  if (wanted->file.has_value()) {
    const swebash::OwnedFd file(::open(wanted->file->c_str(), O_RDONLY | O_CLOEXEC));
    const int error = errno;
    const auto text =
        file ? read_all(file.get()) : std::unexpected(std::string(std::strerror(error)));
    if (!text.has_value()) {
      return complain(*wanted->file + ": " + text.error(),
                      error == ENOENT ? kNotFound : kCannotRun);
    }
    script = *text;
  } else if (!wanted->command.has_value() && ::isatty(0) != 1) {
    script = read_all(0).value_or("");
  }
  const auto end = run(*wanted, script);
  if (!end.has_value()) return complain(end.error(), kCannotRun);
  leave(*end);
}
