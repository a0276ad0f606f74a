// SPDX-License-Identifier: Apache-2.0
//
// Account: what a confined session tells of itself, to be written outside of it (recorder.hpp).
//
// The kernel of tasks tells it of every command that it starts, every file it opens to be written,
// every refusal and every connection. What programs do by themselves it does not see. Thread-safe;
// a fork of the session goes on with the same account. One lives as long as the process, or none
// where nobody asked for one.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <atomic>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/integers.hpp"
#include "base/thread_annotations.hpp"
#include "kernel/audit/json.hpp"
#include "kernel/audit/secrets.hpp"

namespace swebash::kernel::audit {

// Of one line; longer lists of words are cut, and say so.
inline constexpr usize kLongestLine = usize{64} << 10;

class Account {
 public:
  // `session` is the recorder's socket; `name` is what the user called the account.
  Account(int session, pid_t recorder, std::string name)
      : session_(session), recorder_(recorder), name_(std::move(name)) {}

  // The socket, which is no descriptor of a script's.
  [[nodiscard]] int descriptor() const noexcept { return session_; }

  // The recorder is told what must not be shown, of what is learned from now on: another process
  // tells it of connections.
  void share_secrets() SWEBASH_EXCLUDES(mutex_);
  // A variable that the session has, NAME=VALUE.
  void learn(std::string_view variable) SWEBASH_EXCLUDES(mutex_);
  // The values of variables that the shell keeps for itself.
  void learn_value(std::string_view value) SWEBASH_EXCLUDES(mutex_);

  void begin(std::string_view workspace, std::string_view isolation,
             std::span<char* const> arguments);
  // A program has been started, at `began` of monotonic_now(). `words`: each ends in a NUL.
  void command(i64 pid, i64 began, std::string_view path, std::string_view words,
               std::string_view directory);
  // The program `pid` has ended, with this status of wait(2). One that is no command is none.
  void ended(i64 pid, int state, const rusage& usage) SWEBASH_EXCLUDES(mutex_);
  // A command inside the engine begins; its number. Nested ones end before it.
  [[nodiscard]] i64 builtin(i64 pid, std::string_view words, std::string_view directory)
      SWEBASH_EXCLUDES(mutex_);
  // It has ended; `status`: -1 where a program goes on with it.
  void builtin_ended(i64 pid, i64 number, i32 status) SWEBASH_EXCLUDES(mutex_);
  void opened(i64 pid, std::string_view path, std::string_view how);
  void refused(i64 pid, std::string_view what, std::string_view path, std::string_view rule);
  void network(i64 pid, std::string_view host, std::string_view port, bool allowed);

  // Whether a line could not be written, and the session has to end for it. What is said of that is
  // said once.
  [[nodiscard]] bool is_over() const noexcept { return over_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::string why_over();

  // The session's own process ends: waits until all is written, if nobody else has the account.
  void end(i32 code, bool signaled, bool wait);

 private:
  void send(std::string line);
  void tell_secrets() SWEBASH_REQUIRES(mutex_);
  void add_words(JsonLine& line, std::string_view words);
  [[nodiscard]] std::string hidden(std::string_view text) SWEBASH_EXCLUDES(mutex_);

  int session_;
  pid_t recorder_;
  std::string name_;
  std::atomic<bool> over_ = false;
  Mutex mutex_;
  Secrets secrets_ SWEBASH_GUARDED_BY(mutex_);
  std::unordered_map<i64, i64> running_ SWEBASH_GUARDED_BY(mutex_);   // programs, and since when
  std::unordered_map<i64, i64> builtins_ SWEBASH_GUARDED_BY(mutex_);  // by their numbers
  i64 last_builtin_ SWEBASH_GUARDED_BY(mutex_) = 0;
  bool told_ SWEBASH_GUARDED_BY(mutex_) = false;
  bool shares_ SWEBASH_GUARDED_BY(mutex_) = false;
};

}  // namespace swebash::kernel::audit
