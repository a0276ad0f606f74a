// SPDX-License-Identifier: Apache-2.0
// exec-watch LOG SHELL PROGRAM [ARG...]: runs PROGRAM and writes the path of every program that it,
// or any process it starts, becomes, as the kernel names it (so the interpreter of a script, not
// the script), a tab and its arguments: one a line. A process that is about to be another shell, as
// a script that begins with #!/bin/sh makes it, is made SHELL before its first instruction. The
// status is PROGRAM's. What runs on when PROGRAM ends is killed.

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

constexpr int kUsage = 2;
// As tests say that they were left out: tracing is forbidden in some containers.
constexpr int kNotAllowed = 77;

[[noreturn]] void run(char** arguments, int gate) {
  char byte;
  while (read(gate, &byte, 1) < 0 && errno == EINTR) {
  }
  close(gate);
  execv(arguments[0], arguments);
  std::perror(arguments[0]);
  _exit(127);
}

// The start of a process's arguments, on one line.
std::string arguments_of(pid_t pid) {
  const int file =
      open(("/proc/" + std::to_string(pid) + "/cmdline").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "?";
  char text[200];
  const ssize_t length = read(file, text, sizeof text);
  close(file);
  std::string arguments(text, length < 0 ? 0 : static_cast<size_t>(length));
  for (char& character : arguments)
    if (static_cast<unsigned char>(character) < ' ') character = ' ';
  return arguments;
}

std::string program_of(pid_t pid) {
  char target[PATH_MAX];
  const std::string link = "/proc/" + std::to_string(pid) + "/exe";
  const ssize_t length = readlink(link.c_str(), target, sizeof target);
  return length < 0 ? "?" : std::string(target, static_cast<size_t>(length));
}

bool is_shell(const std::string& program) {
  const std::string_view name = std::string_view(program).substr(program.rfind('/') + 1);
  for (const std::string_view shell :
       {"bash", "dash", "mksh", "lksh", "ksh93", "yash", "zsh", "posh"})
    if (name == shell) return true;
  return false;
}

// Has a process that was just made a program call execve again, for `shell` with the same
// arguments. Its stack is as the kernel leaves it: the count, the arguments, a zero, the
// environment.
bool redirect(pid_t pid, const std::string& shell) {
  user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, pid, nullptr, &registers) != 0) return false;
  const long count = ptrace(PTRACE_PEEKDATA, pid, registers.rsp, nullptr);
  // mov eax, 59; syscall; int3
  std::string code = std::string("\xb8\x3b\x00\x00\x00\x0f\x05\xcc", 8) + shell;
  code.resize((code.size() / sizeof(long) + 1) * sizeof(long), '\0');
  for (size_t at = 0; at < code.size(); at += sizeof(long)) {
    long word;
    std::memcpy(&word, code.data() + at, sizeof word);
    if (ptrace(PTRACE_POKETEXT, pid, registers.rip + at, word) != 0) return false;
  }
  registers.rdi = registers.rip + sizeof(long);
  registers.rsi = registers.rsp + sizeof(long);
  registers.rdx = registers.rsi + (static_cast<unsigned long>(count) + 1) * sizeof(long);
  return ptrace(PTRACE_SETREGS, pid, nullptr, &registers) == 0;
}

void started(pid_t pid, int log, const std::string& shell) {
  const std::string program = program_of(pid);
  if (program != shell && is_shell(program) && redirect(pid, shell)) return;
  const std::string line = program + '\t' + arguments_of(pid) + '\n';
  if (write(log, line.data(), line.size()) < 0) std::perror("exec-watch: log");
}

bool is_stop_signal(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

// Lets a stopped process go on, as its stop asks for.
void go_on(pid_t pid, int status, int log, const std::string& shell) {
  const int event = status >> 16;
  const int signal = WSTOPSIG(status);
  if (event == PTRACE_EVENT_STOP && is_stop_signal(signal)) {
    ptrace(PTRACE_LISTEN, pid, nullptr, nullptr);
    return;
  }
  if (event == PTRACE_EVENT_EXEC) started(pid, log, shell);
  ptrace(PTRACE_CONT, pid, nullptr, event == 0 ? static_cast<long>(signal) : 0L);
}

int watch(pid_t program, int log, const std::string& shell) {
  for (;;) {
    int status = 0;
    const pid_t pid = waitpid(-1, &status, __WALL);
    if (pid < 0) {
      if (errno == EINTR) continue;
      return kUsage;
    }
    if (WIFSTOPPED(status)) {
      go_on(pid, status, log, shell);
    } else if (pid == program) {
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4) {
    std::fputs("usage: exec-watch LOG SHELL PROGRAM [ARG...]\n", stderr);
    return kUsage;
  }
  const int log = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  int gate[2];
  if (log < 0 || pipe(gate) < 0) {
    std::perror("exec-watch");
    return kUsage;
  }
  const pid_t program = fork();
  if (program == 0) {
    close(gate[1]);
    run(arguments + 3, gate[0]);
  }
  close(gate[0]);
  constexpr long kOptions = PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                            PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  if (program < 0 || ptrace(PTRACE_SEIZE, program, nullptr, kOptions) != 0) {
    std::perror("exec-watch: the program cannot be traced");
    if (program > 0) kill(program, SIGKILL);
    return kNotAllowed;
  }
  close(gate[1]);
  return watch(program, log, arguments[2]);
}
