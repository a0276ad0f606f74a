// SPDX-License-Identifier: Apache-2.0
// swebash-spawn: measures commands by starting them in turns. Standard input names them, one a
// line, words separated by tabs; the first word is the number of turns. Words NAME=VALUE before the
// program set its environment; @TURN@ in a word is the turn's number. For each start it writes a
// line: command's number, microseconds of wall time, of CPU time, peak memory in KB, status,
// microseconds to the first byte of output (0: none).
//
// A program of its own because the timing must not contain an interpreter's work. Children are made
// by posix_spawn (no page tables of a big parent to copy), with output to a pipe that is read: the
// time of the first byte would be lost in /dev/null's favour.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Command {
  std::vector<std::string> words;
  std::vector<std::string> settings;  // NAME=VALUE words in front of the program.
  long turns = 0;
};

std::vector<Command> read_commands() {
  std::vector<Command> commands;
  std::array<char, 65536> line;
  while (std::fgets(line.data(), static_cast<int>(line.size()), stdin) != nullptr) {
    line[std::strcspn(line.data(), "\n")] = 0;
    Command command;
    char* rest = nullptr;
    const char* turns = strtok_r(line.data(), "\t", &rest);
    if (turns == nullptr) {
      continue;
    }
    command.turns = std::strtol(turns, nullptr, 10);
    while (const char* word = strtok_r(nullptr, "\t", &rest)) {
      if (command.words.empty() && word[0] != '/' && std::strchr(word, '=') != nullptr) {
        command.settings.emplace_back(word);
      } else {
        command.words.emplace_back(word);
      }
    }
    commands.push_back(std::move(command));
  }
  return commands;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (std::string& each : strings) {
    out.push_back(each.data());
  }
  return out;
}

std::vector<std::string> with_turn(std::vector<std::string> words, long turn) {
  constexpr std::string_view kMark = "@TURN@";
  for (std::string& word : words) {
    if (const auto at = word.find(kMark); at != std::string::npos) {
      word.replace(at, kMark.size(), std::to_string(turn));
    }
  }
  return words;
}

void start_once(size_t number, const Command& command, long turn) {
  std::array<int, 2> output;
  if (::pipe2(output.data(), O_CLOEXEC) != 0) {
    std::perror("swebash-spawn: pipe");
    std::exit(1);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output[1], 1);
  std::vector<std::string> words = with_turn(command.words, turn);
  std::vector<std::string> settings = with_turn(command.settings, turn);
  std::vector<char*> arguments = pointers(words);
  arguments.push_back(nullptr);
  std::vector<char*> environment = pointers(settings);
  for (char** each = environ; *each != nullptr; ++each) {
    environment.push_back(*each);
  }
  environment.push_back(nullptr);

  pid_t pid = -1;
  const auto start = std::chrono::steady_clock::now();
  const int failure =
      posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  ::close(output[1]);
  if (failure != 0) {
    std::fprintf(stderr, "swebash-spawn: %s: %s\n", arguments[0], std::strerror(failure));
    std::exit(1);
  }
  std::array<char, 65536> buffer;
  double first_byte = 0;
  while (::read(output[0], buffer.data(), buffer.size()) > 0) {
    if (first_byte == 0) {
      first_byte =
          std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
              .count();
    }
  }
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  const auto wall = std::chrono::steady_clock::now() - start;
  ::close(output[0]);
  posix_spawn_file_actions_destroy(&actions);
  const auto microseconds = [](const timeval& time) {
    return static_cast<long>(time.tv_sec) * 1000000 + static_cast<long>(time.tv_usec);
  };
  std::printf("%zu %.1f %ld %ld %d %.1f\n", number,
              std::chrono::duration<double, std::micro>(wall).count(),
              microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss,
              WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), first_byte);
}

}  // namespace

int main() {
  const std::vector<Command> commands = read_commands();
  bool more = true;
  for (long turn = 0; more; ++turn) {
    more = false;
    for (size_t i = 0; i < commands.size(); ++i) {
      if (turn < commands[i].turns) {
        start_once(i, commands[i], turn);
        more = true;
      }
    }
  }
  return 0;
}
