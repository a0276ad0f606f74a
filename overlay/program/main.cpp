// SPDX-License-Identifier: Apache-2.0
// swebash-overlay: shows and takes what sessions with an overlay would change. The shell starts it
// as `swebash overlay`.
#include <signal.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstring>

#include "overlay/program/commands.hpp"

namespace {

constexpr const char* kHelp =
    "usage: swebash overlay COMMAND [--color=auto|always|never] [NAME [PATH...]]\n"
    "  list                   the overlays, and how much each holds\n"
    "  status [NAME [PATH]]   what would change: A added, M modified, D removed, T of another "
    "type,\n"
    "                         m mode or time; with the reason where it cannot be applied\n"
    "  diff [NAME [PATH]]     the same as a unified diff\n"
    "  apply [NAME [PATH]]    changes the workspace so; nothing, where anything has changed "
    "underneath\n"
    "  discard [NAME]         forgets it\n"
    "  shell [NAME [WORD]]    a shell in the overlay\n"
    "NAME may be a path, and may lack where there is one overlay, or one of this folder.\n";

}  // namespace

int main(int argc, char** argv) {
  swebash::overlay::program::Wanted wanted;
  int next = 1;
  std::string command;
  for (; next < argc && argv[next][0] == '-'; ++next) {
    if (std::strcmp(argv[next], "--program") == 0 && next + 1 < argc) {
      wanted.shell = argv[++next];
    } else {
      break;
    }
  }
  if (next < argc) command = argv[next++];
  if (command.empty() || command == "--help" || command == "-h" || command == "help") {
    std::fputs(kHelp, command.empty() ? stderr : stdout);
    return command.empty() ? 2 : 0;
  }
  for (; next < argc && std::strncmp(argv[next], "--", 2) == 0; ++next) {
    const char* word = argv[next];
    if (std::strcmp(word, "--") == 0) {
      ++next;
      break;
    }
    if (std::strcmp(word, "--color=always") == 0 || std::strcmp(word, "--colour=always") == 0) {
      wanted.colour_always = true;
    } else if (std::strcmp(word, "--color=never") == 0 ||
               std::strcmp(word, "--colour=never") == 0) {
      wanted.colour_never = true;
    } else if (std::strcmp(word, "--color=auto") != 0 && std::strcmp(word, "--colour=auto") != 0) {
      std::fprintf(stderr, "swebash overlay: %s: no such option\n%s", word, kHelp);
      return 2;
    }
  }
  wanted.operands = {argv + next, static_cast<std::size_t>(argc - next)};
  // A reader that has gone is the end of what is printed, and of nothing else.
  ::signal(SIGPIPE, SIG_IGN);
  // A descriptor of each layer is open for each folder within folders.
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  return swebash::overlay::program::run_command(command, wanted);
}
