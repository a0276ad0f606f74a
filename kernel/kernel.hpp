// SPDX-License-Identifier: Apache-2.0
//
// Kernel: a session: its tasks and what they share: groups, limits, surroundings.
//
// The program is a host with one session, whose main task is the process itself: its pid, its
// signals, umask and directory. A session in a library has a Host with many others, and takes
// nothing of the process: its main task has a number like any, signals are delivered inside alone,
// and it starts no process (Role). Thread-safe where a method does not say otherwise. It knows no
// Wasmtime: what a task does is a TaskBody that its owner brings.
// Lock order: the making of a watch, the watch's, Kernel's lock, then nothing; descriptions are
// released outside of it.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "abi/errno.hpp"
#include "base/integers.hpp"
#include "base/thread_annotations.hpp"
#include "kernel/host.hpp"
#include "kernel/kernel_lock.hpp"
#include "kernel/limits.hpp"
#include "kernel/process/session_watch.hpp"
#include "kernel/process/spawn.hpp"
#include "kernel/process/task_count.hpp"
#include "kernel/session_clock.hpp"
#include "kernel/signals/group_proxy.hpp"
#include "kernel/task/exit_state.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {

namespace confine {
class Confinement;
}
namespace audit {
class Account;
}
namespace vfs {
class Mounts;
}
class Embedder;

// What a task does.
class TaskBody {
 public:
  virtual ~TaskBody() = default;
  // Runs `task` to its end on the calling thread; how it ended.
  [[nodiscard]] virtual ExitState run(Task& task) noexcept = 0;
};

// Whether the session is the process, or one of those that a library keeps in a stranger's.
enum class Role : u8 { program, session };

struct StartOptions {
  Role role = Role::program;
  // Of a session: its files (nothing: an empty directory), its descriptors 0, 1 and 2, its umask,
  // and the directory it begins in, which is there.
  std::shared_ptr<const vfs::Mounts> mounts = nullptr;
  std::array<DescriptionRef, 3> streams = {};
  u32 umask = 022;
  std::string_view directory = "/";
  // What its time is; nothing: the host's.
  std::shared_ptr<SessionClock> clock = nullptr;
  // Where its random numbers come from, the same for the same seed; none: the host.
  std::optional<u64> seed = std::nullopt;
  // The number of its main task, from which the others count; 0: the host gives numbers.
  i32 first_pid = 0;
  Embedder* embedder = nullptr;  // none: it has no say; outlives the kernel
  // Live as long as the kernel.
  std::span<char* const> argv;
  std::span<char* const> envp;
  Limits limits;
  audit::Account* account = nullptr;            // none: nothing is told; outlives the kernel
  confine::Confinement* confinement = nullptr;  // none: nothing is confined; outlives the kernel
  // Whether native children die with the host when that is killed.
  ParentDeath parent_death = ParentDeath::ignore;
  // Whether a session that a limit ended may take the host with it when its code does not stop.
  bool exit_when_stuck = false;
};

struct CloneRequest {
  i32 group = abi::kSameGroup;  // kSameGroup, kOwnGroup or a group
  bool foreground = false;      // the clone's group gets the terminal
};

class Kernel {
 public:
  // Makes the kernel with its main task. In a program, call once, on the main thread: the task has
  // the process's descriptors 0 to 255 that are open. In a session, any thread, any number of
  // times; the main task is run by whoever has the session at the moment, on that thread.
  [[nodiscard]] static std::unique_ptr<Kernel> create(Host& host, StartOptions options);
  // A session's tasks are hung up first.
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  [[nodiscard]] Task& main_task() noexcept { return *main_; }
  [[nodiscard]] const StartOptions& options() const noexcept { return options_; }
  [[nodiscard]] Host& host() noexcept { return host_; }
  // What no other session of the host has.
  [[nodiscard]] i32 number() const noexcept { return number_; }
  // The session's own files; nothing: the host's.
  [[nodiscard]] const vfs::Mounts* mounts() const noexcept { return options_.mounts.get(); }
  [[nodiscard]] bool is_program() const noexcept { return options_.role == Role::program; }

  // Makes a child of `parent` with copies of its descriptors, directory, umask, limits and signal
  // actions (what is caught becomes default). It must then be run or abandoned.
  // Errors: Errno::again at the limits on tasks and their depth; Errno::perm for a group that is
  // not there.
  [[nodiscard]] SysResult<TaskRef> create_task(Task& parent, const CloneRequest& request);
  // Runs the task on the calling thread, its parent's, to its end.
  void run_inline(const TaskRef& task, TaskBody& body);
  // Runs the task on a thread of its own.
  // Errors: Errno::again when there is no thread; the task is then abandoned.
  [[nodiscard]] SysResult<void> run_pooled(TaskRef task, std::unique_ptr<TaskBody> body);
  // Forks the host for a child of `parent` that is a process of its own, with copies of what
  // create_task() copies. In the parent: the child's pid. In the child: 0; main_task() is the new
  // task, all others are gone, and the caller runs it and ends by leave(). (ADR 4)
  // Errors: Errno::notsup where threads are at work, and those of create_task() and fork(2).
  [[nodiscard]] SysResult<pid_t> fork_task(Task& parent, const CloneRequest& request);
  // Takes a task that never ran out again.
  void abandon(const TaskRef& task);

  // Ends `task`, and what it runs inline, with `state` at its next step. Any thread.
  void doom(Task& task, const ExitState& state);
  // Ends every task with `state` at its next step; no other starts.
  void doom_all(const ExitState& state);
  // Bytes written so far, as far as the limit on them counts them.
  [[nodiscard]] u64 written_bytes() const noexcept { return count_.written().load(); }
  // Whether somebody found no room for more.
  [[nodiscard]] bool written_up() const noexcept { return count_.written_up().load(); }
  // Whether what process `pid` writes is in written_bytes() already.
  [[nodiscard]] bool counts_itself(pid_t pid) const noexcept { return count_.has_place(pid); }
  // Whether this is a fork that a task of another host process made.
  [[nodiscard]] bool is_fork() const noexcept { return !left_behind_.empty(); }
  // Whether the limits name one that the session meets as a whole.
  [[nodiscard]] bool has_session_limits() const noexcept;
  // Sends SIGXCPU or SIGKILL to tasks that used more time than RLIMIT_CPU lets them; whether there
  // are tasks with that limit.
  bool check_task_times();
  // Sends `signal` to every task but the main one and to all native children.
  void signal_all(i32 signal);
  // Sends `signal` to all tasks, to the main one where that has an action for it; whether it has,
  // or ignores it. Any thread.
  [[nodiscard]] bool signal_session(i32 signal);
  // The main task is over: waits for the others, while the host's signals do what they do to a
  // process that catches none. If it has left them (Task::leave), they are hung up after a moment.
  void retire();
  // Waits for a session that a limit ended to be over.
  void wait_for_end();
  // Waits until only the main task is left. Native children may still run.
  void wait_for_tasks();
  // Whether the host itself is held to processor time, by whoever started it.
  [[nodiscard]] bool has_time_limit() const noexcept { return has_time_limit_; }
  // Wasm tasks that have not ended, without the main task.
  [[nodiscard]] u32 live_tasks() const noexcept { return live_tasks_.load(); }

  // The main task ended with `state`: waits for what has to end before the process can, and ends
  // it.
  [[noreturn]] void leave(const ExitState& state) noexcept;
  // Ends the host process as `state` says: _exit, or by that signal with its default action.
  [[noreturn]] static void end_process(const ExitState& state) noexcept;

 private:
  friend class Task;

  Kernel(Host& host, StartOptions options);
  // The parts of create() and of the end that are the process's.
  void take_process(Task& main);
  void take_limits();
  void give_process_back();

  // A thread of the pool has nothing more to do with this object.
  void leave_thread();
  // A wasm task is over: closes its descriptors, hands its children on, tells its parent.
  void finish(Task& task, const ExitState& state);
  // Takes a task out of its parent and the table; the table's reference, to drop without the lock.
  [[nodiscard]] TaskRef remove_locked(Task& task) SWEBASH_REQUIRES(kKernelLock);
  // Whom a signal was sent to. A program that a task has become is a member of the task's group
  // itself, so what a group gets reaches it without the task.
  enum class Addressee : u8 { task, group };
  // Gives `task` the signal, with whatever it does there.
  // A native child of the host's own group has died of `signal`. Where that came to the host at the
  // same time, it was sent to the group: the tasks that were there then, and not the main one
  // alone, get it.
  void hear_of_group_locked(i32 signal) SWEBASH_REQUIRES(kKernelLock);
  void deliver_locked(Task& task, i32 signal, Addressee addressee = Addressee::task)
      SWEBASH_REQUIRES(kKernelLock);
  // Leaves a signal to the program that `task` has become or becomes; false where there is none any
  // more, or where the task stops and goes on with it.
  [[nodiscard]] static bool pass_on_locked(Task& task, i32 signal, Addressee addressee)
      SWEBASH_REQUIRES(kKernelLock);
  void deliver_to_group_locked(i32 group, i32 signal) SWEBASH_REQUIRES(kKernelLock);
  // The outermost task of the thread that runs `task`.
  [[nodiscard]] static Task& thread_of_locked(Task& task) SWEBASH_REQUIRES(kKernelLock);
  // Has the thread that runs `task`, and what it runs inline, look at it again.
  void nudge_locked(Task& task) SWEBASH_REQUIRES(kKernelLock);
  void doom_locked(Task& task, const ExitState& state) SWEBASH_REQUIRES(kKernelLock);
  // Waits until only the main task is left, for at most `nanoseconds`.
  void wait_for_tasks(i64 nanoseconds);
  // A number for a task.
  [[nodiscard]] i32 take_pid() noexcept {
    return options_.first_pid == 0 ? host_.take_pid() : next_pid_.fetch_add(1);
  }
  // The process group the host is in.
  [[nodiscard]] i32 host_group() noexcept;
  [[nodiscard]] i32 group_of(const Task& task) noexcept {
    const i32 group = task.group_.load();
    return group == 0 ? host_group() : group;
  }
  // The process group that stands for `group`, or 0 when there is none yet.
  [[nodiscard]] pid_t real_group_locked(i32 group) SWEBASH_REQUIRES(kKernelLock);
  // The process group for a native that joins `group`, which has wasm members; 0: one of its own.
  [[nodiscard]] pid_t enter_group_locked(i32 group) SWEBASH_REQUIRES(kKernelLock);
  // Forgets about `group` what it needs no more without the members that left.
  void tidy_group_locked(i32 group) SWEBASH_REQUIRES(kKernelLock);
  // Gives what proxies noted to the tasks of their groups.
  void take_group_news_locked() SWEBASH_REQUIRES(kKernelLock);
  // Gives terminal `fd` to `group`.
  [[nodiscard]] SysResult<void> give_terminal(int fd, i32 group);
  // Tells the host that process group `real` has terminal `fd`.
  [[nodiscard]] static SysResult<void> set_terminal_group(int fd, pid_t real);
  // The group that has terminal `fd`, as guests number it.
  [[nodiscard]] SysResult<i32> terminal_group(int fd);
  // Sends a signal to all tasks and processes of `group`.
  [[nodiscard]] SysResult<void> kill_group(i32 group, i32 signal);
  // The group of a child of `parent` that is a process, and how the host knows it.
  struct ProcessGroup {
    i32 group = 0;
    pid_t real = -1;  // -1: the host's own; 0: one of its own
  };
  [[nodiscard]] ProcessGroup process_group_locked(const Task& parent, i32 wanted)
      SWEBASH_REQUIRES(kKernelLock);
  // Notes that `parent` has process `pid` as a child, in `where`; the group's number for guests.
  i32 add_native_locked(Task& parent, pid_t pid, ProcessGroup where, i32 wanted, ParentDeath death,
                        i32 place) SWEBASH_REQUIRES(kKernelLock);
  // The parts of fork_task(), the last in the child.
  struct ForkedFiles;
  [[nodiscard]] bool hold_threads();
  void release_threads();
  [[nodiscard]] SysResult<pid_t> fork_held(Task& parent, const CloneRequest& request,
                                           ForkedFiles& files, int terminal);
  void become_fork(Task& parent, ForkedFiles& files, i32 place) SWEBASH_REQUIRES(kKernelLock);
  // One child less, which was waited for.
  void forget_child(const NativeChild& child) noexcept;
  // Sends SIGCHLD to the tasks whose native children ended or stopped.
  void deliver_child_news_locked() SWEBASH_REQUIRES(kKernelLock);
  // Gives what the signal handler noted to the tasks it is for. On the main thread.
  void distribute_host_signals();
  // Reaps children whose tasks are gone.
  void reap_orphans();
  // The host's umask at start; from the first call on the host's own is 0.
  [[nodiscard]] u32 initial_umask();
  // Makes the watch that holds tasks to their time.
  [[nodiscard]] SysResult<void> watch_tasks();
  // The watch, or null.
  [[nodiscard]] SessionWatch* find_watch();
  // `count` more bytes were written.
  void count_written(u64 count) noexcept;
  // Takes up to `wanted` bytes of what the limit on written bytes leaves, for a write; 0, with
  // `wanted` above that, ends the session. What is not written after all is given back.
  [[nodiscard]] usize claim_writing(usize wanted) noexcept;
  void give_back_writing(usize count) noexcept;
  void end_for_writing() noexcept;
  // What `child` has written, if that is limited and not counted; to be asked before the wait that
  // makes the host forget it. Nothing where a wait for its end, or what `others` of waitid's flags
  // name, would find nothing: what ends after the question must not be waited for before it is
  // asked again.
  [[nodiscard]] std::optional<u64> written_by_ended(const NativeChild& child,
                                                    int others = 0) const noexcept;
  // Counts one more child of `parent` against the limit on tasks. Once that was met, tasks below
  // the main one start nothing until none has tried for a while: what multiplies without end dies
  // out.
  [[nodiscard]] SysResult<void> count_child(const Task& parent) noexcept;
  // The controlling terminal, for a child that shall have its foreground; -1 when there is none.
  [[nodiscard]] int terminal();

  Host& host_;
  i32 number_ = 0;
  std::atomic<i32> next_pid_ = 0;  // where the session numbers its tasks itself
  const StartOptions options_;
  // Made with the kernel; another only in a fork, which has one thread then.
  TaskRef main_;
  // In a fork: the tasks of its parent, on whose stacks it stands.
  std::vector<TaskRef> left_behind_;
  std::atomic<u32> live_tasks_ = 0;
  std::atomic<u32> pooled_tasks_ = 0;
  TaskCount count_;                    // wasm tasks and native children not yet waited for
  std::atomic<bool> ending_ = false;   // a limit ended the session
  std::atomic<bool> leaves_ = false;   // the others are not waited for
  std::atomic<bool> watched_ = false;  // there are limits that may end it
  std::atomic<i32> umask_ = -1;
  std::atomic<i32> host_group_ = 0;
  std::atomic<SignalSet> host_ignored_ = 0;  // signals the host ignores by our doing
  // Groups of tasks may have the terminal: what is typed there comes to the host for them.
  std::atomic<bool> hands_terminal_on_ = false;

  Mutex mutex_;
  ConditionVariable task_ended_;
  std::unordered_map<i32, TaskRef> tasks_ SWEBASH_GUARDED_BY(kKernelLock);  // without the main task
  // Threads of the pool that run a task, or have just run one.
  u32 threads_inside_ SWEBASH_GUARDED_BY(kKernelLock) = 0;
  std::vector<NativeChild> orphans_ SWEBASH_GUARDED_BY(kKernelLock);
  // Process groups that have wasm members as well, by the number that guests know.
  struct MixedGroup {
    pid_t real = 0;                     // the process group, which the proxy or a native made
    std::unique_ptr<GroupProxy> proxy;  // while there are wasm members
  };
  std::unordered_map<i32, MixedGroup> groups_ SWEBASH_GUARDED_BY(kKernelLock);
  // The group that has the terminal if it has wasm members, or 0.
  i32 foreground_ SWEBASH_GUARDED_BY(kKernelLock) = 0;
  i64 heard_at_ SWEBASH_GUARDED_BY(kKernelLock) = 0;  // when a signal last came to the host
  bool has_time_limit_ = false;                       // from the start on
  u64 host_descriptors_ = ~u64{0};                    // the same: RLIMIT_NOFILE
  // A task below the main one has stopped that: done when it has ended, since it would stop itself.
  std::atomic<bool> stops_later_ = false;
  // Whether there ever was a group but the host's own.
  std::atomic<bool> has_groups_ = false;
  OwnedFd terminal_ SWEBASH_GUARDED_BY(kKernelLock);
  // Whether SIGCHLD is known to leave children to be waited for.
  bool children_wait_ SWEBASH_GUARDED_BY(kKernelLock) = false;

  Mutex watch_making_;  // before mutex_
  std::unique_ptr<SessionWatch> watch_ SWEBASH_GUARDED_BY(kKernelLock);
};

}  // namespace swebash::kernel
