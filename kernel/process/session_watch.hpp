// SPDX-License-Identifier: Apache-2.0
//
// SessionWatch: a thread that holds a session to its limits on time, memory and what its programs
// write, and tasks to their own on processor time.
//
// It exists only where there is such a limit: Kernel makes it, owns it and ends it. A session that
// passes a limit ends as a whole: its wasm tasks at their next step, the processes that descend
// from the host by SIGTERM, and by SIGKILL after a grace. So that none gets away the host is made
// the reaper of its orphans. A fork of the host is one of the session's processes: its own watch,
// if it has one, holds its tasks to their limits and leaves the session's to the first.
// Thread-safe.
#pragma once

#include <pthread.h>

#include <string_view>
#include <vector>

#include "abi/errno.hpp"
#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/thread_annotations.hpp"
#include "kernel/task/exit_state.hpp"

namespace swebash::kernel {

class Kernel;

// The bytes that process `pid`, which may have ended, and those it waited for have written, to
// whatever it was; 0 where the host does not say. What is written to mapped files, or spliced, is
// none.
[[nodiscard]] u64 bytes_written_by(pid_t pid) noexcept;

class SessionWatch {
 public:
  enum class Scope : u8 { session, tasks };  // what is watched: all of it, or tasks alone

  // Requires: `kernel` outlives this object.
  SessionWatch(Kernel& kernel, Scope scope);
  ~SessionWatch();
  SessionWatch(const SessionWatch&) = delete;
  SessionWatch& operator=(const SessionWatch&) = delete;

  // Starts the thread. Errors: those of pthread_create.
  [[nodiscard]] SysResult<void> start();
  // Ends the session because it passed a limit. The first call counts.
  void end_session(std::string_view limit, const ExitState& state);
  // If a limit ended the session: waits until no process of it is left.
  void wait_for_end();
  // Has the thread look at the limits now: there are new ones.
  void look_again();
  // Keeps the thread asleep, holding no lock but this object's, for a fork; release() ends it.
  // False where a limit is ending the session. Requires: the caller is not that thread, and has no
  // lock that it may want.
  [[nodiscard]] bool hold();
  void release();

  struct Use {
    i64 cpu = 0;                   // nanoseconds
    u64 memory = 0;                // bytes that are resident
    u64 written = 0;               // bytes, of the processes below the host
    std::vector<pid_t> zombies;    // children of the host that nobody waited for
    std::vector<pid_t> processes;  // descendants of the host
  };
  // What the calling process and all processes below it use; without what those have written that
  // `kernel` knows to count by themselves.
  enum class Written : u8 { not_asked, counted };
  [[nodiscard]] static Use measure(Written written, const Kernel* kernel = nullptr);

 private:
  static void* thread_main(void* watch);
  void run();
  // Ends every process below the host.
  void end_processes();
  // Looks at every limit; when to look again, in nanoseconds from now, or -1 for never.
  [[nodiscard]] i64 check();

  Kernel& kernel_;
  const Scope scope_;
  const i64 start_;
  const OwnedFd messages_;  // the host's standard error, which a task may close
  pthread_t thread_ = {};
  Mutex mutex_;
  ConditionVariable changed_;
  bool started_ SWEBASH_GUARDED_BY(mutex_) = false;
  bool stopping_ SWEBASH_GUARDED_BY(mutex_) = false;
  bool ending_ SWEBASH_GUARDED_BY(mutex_) = false;
  bool ended_ SWEBASH_GUARDED_BY(mutex_) = false;
  bool look_now_ SWEBASH_GUARDED_BY(mutex_) = false;
  bool looking_ SWEBASH_GUARDED_BY(mutex_) = true;  // and when it has yet to come to sleep
  ExitState end_ SWEBASH_GUARDED_BY(mutex_);
};

}  // namespace swebash::kernel
