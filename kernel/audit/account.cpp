// SPDX-License-Identifier: Apache-2.0
#include "kernel/audit/account.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "kernel/audit/recorder.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel::audit {
namespace {

// What is left of a line when its words are cut.
constexpr usize kMostWords = usize{24} << 10;

}  // namespace

std::string Account::hidden(std::string_view text) {
  const MutexLock lock(mutex_);
  std::string shown = secrets_.without(text);
  tell_secrets();
  return shown;
}

void Account::share_secrets() {
  const MutexLock lock(mutex_);
  shares_ = true;
}

void Account::tell_secrets() {
  for (const std::string& value : secrets_.take_news()) {
    // A longer one is no part of a host's name.
    if (shares_ && value.size() <= kLongestHost) send(kSecretMessage + value);
  }
}

void Account::learn(std::string_view variable) {
  const MutexLock lock(mutex_);
  secrets_.learn_variable(variable);
  tell_secrets();
}

void Account::learn_value(std::string_view value) {
  const MutexLock lock(mutex_);
  secrets_.learn(value);
  tell_secrets();
}

void Account::send(std::string line) {
  while (::send(session_, line.data(), line.size(), MSG_NOSIGNAL) < 0) {
    if (errno == EINTR) continue;
    over_.store(true);
    return;
  }
}

std::string Account::why_over() {
  const MutexLock lock(mutex_);
  if (std::exchange(told_, true)) return {};
  const int error = reason_of_end(session_);
  return "swebash: --audit: " + name_ + ": " +
         (error != 0 ? std::strerror(error) : "nobody writes it any more") +
         ": the session ends (--audit-full=continue goes on)\n";
}

void Account::begin(std::string_view workspace, std::string_view isolation,
                    std::span<char* const> arguments) {
  std::string words;
  for (const char* word : arguments) words.append(word).push_back('\0');
  JsonLine line("begin");
  line.add_number("pid", ::getpid());
  line.add("workspace", workspace);
  line.add("isolation", isolation);
  add_words(line, words);
  send(std::move(line).text());
}

void Account::add_words(JsonLine& line, std::string_view words) {
  std::string list = "[";
  while (!words.empty()) {
    const usize end = std::min(words.find('\0'), words.size());
    std::string word;
    if (!append_json(word, hidden(words.substr(0, end)))) line.set_cut();
    words.remove_prefix(std::min(end + 1, words.size()));
    if (list.size() + word.size() > kMostWords) {
      line.set_cut();
      break;
    }
    if (list.size() > 1) list += ',';
    list += word;
  }
  line.add_list("argv", list + "]");
}

void Account::command(i64 pid, i64 began, std::string_view path, std::string_view words,
                      std::string_view directory) {
  {
    const MutexLock lock(mutex_);
    running_[pid] = began;
  }
  JsonLine line("command");
  line.add("kind", "native");
  line.add_number("pid", pid);
  line.add("path", hidden(path));
  add_words(line, words);
  line.add("cwd", hidden(directory));
  send(std::move(line).text());
}

i64 Account::builtin(i64 pid, std::string_view words, std::string_view directory) {
  i64 number = 0;
  {
    const MutexLock lock(mutex_);
    // Those that were left by `exit` and the like never end.
    constexpr usize kMost = 10'000;
    if (builtins_.size() >= kMost) builtins_.clear();
    number = ++last_builtin_;
    builtins_[number] = monotonic_now();
  }
  JsonLine line("command");
  line.add("kind", "builtin");
  line.add_number("pid", pid);
  line.add_number("number", number);
  add_words(line, words);
  line.add("cwd", hidden(directory));
  send(std::move(line).text());
  return number;
}

void Account::builtin_ended(i64 pid, i64 number, i32 status) {
  i64 began = 0;
  {
    const MutexLock lock(mutex_);
    const auto known = builtins_.find(number);
    if (known == builtins_.end()) return;
    began = known->second;
    builtins_.erase(known);
  }
  JsonLine line("end");
  line.add("kind", "builtin");
  line.add_number("pid", pid);
  line.add_number("number", number);
  if (status >= 0) line.add_number("status", status);
  line.add_number("wall_us", (monotonic_now() - began) / 1000);
  send(std::move(line).text());
}

void Account::ended(i64 pid, int state, const rusage& usage) {
  i64 began = 0;
  {
    const MutexLock lock(mutex_);
    const auto known = running_.find(pid);
    if (known == running_.end() || WIFSTOPPED(state) || WIFCONTINUED(state)) return;
    began = known->second;
    running_.erase(known);
  }
  const auto microseconds = [](const timeval& time) {
    return static_cast<i64>(time.tv_sec) * 1'000'000 + time.tv_usec;
  };
  JsonLine line("end");
  line.add("kind", "native");
  line.add_number("pid", pid);
  if (WIFSIGNALED(state)) {
    line.add_number("signal", WTERMSIG(state));
  } else {
    line.add_number("status", WEXITSTATUS(state));
  }
  line.add_number("wall_us", (monotonic_now() - began) / 1000);
  line.add_number("user_us", microseconds(usage.ru_utime));
  line.add_number("system_us", microseconds(usage.ru_stime));
  line.add_number("peak_kb", usage.ru_maxrss);
  send(std::move(line).text());
}

void Account::opened(i64 pid, std::string_view path, std::string_view how) {
  JsonLine line("open");
  line.add_number("pid", pid);
  line.add("path", hidden(path));
  line.add("how", how);
  send(std::move(line).text());
}

void Account::refused(i64 pid, std::string_view what, std::string_view path,
                      std::string_view rule) {
  JsonLine line("refused");
  line.add_number("pid", pid);
  line.add("what", what);
  line.add("path", hidden(path));
  line.add("rule", hidden(rule));
  send(std::move(line).text());
}

void Account::network(i64 pid, std::string_view host, std::string_view port, bool allowed) {
  JsonLine line("network");
  line.add_number("pid", pid);
  line.add("host", hidden(host));
  line.add("port", hidden(port));
  line.add_flag("allowed", allowed);
  send(std::move(line).text());
}

void Account::end(i32 code, bool signaled, bool wait) {
  JsonLine line("exit");
  line.add_number("pid", ::getpid());
  line.add_number(signaled ? "signal" : "status", code);
  send(std::move(line).text());
  ::close(session_);
  if (!wait || recorder_ <= 0) return;
  while (::waitpid(recorder_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace swebash::kernel::audit
