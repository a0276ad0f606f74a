// SPDX-License-Identifier: Apache-2.0
//
// Task: everything that runs a guest: pid, parent, group, working directory, umask, descriptors,
// signal actions, children. Its methods are the syscalls (abi/syscalls.def), with host types.
//
// Made by Kernel (create_task); shared by reference between the kernel's table and whoever runs it.
// A task runs on one thread at a time, its own; the syscall methods are called there and nowhere
// else. What other threads do to a task (signals, the end of its children) goes through atomics or
// under the kernel's lock. Paths are bytes without a NUL, relative to `dirfd`, a guest descriptor
// or abi::kCwd. Any call that waits answers Errno::intr once a caught signal is pending.
//
// A task that must die (a signal whose default action it is) is *doomed*: its calls come back
// early, with any answer. Whoever runs it looks at doomed() before and after each call, and when
// the guest polls its signal word, and then ends it with end_state().
#pragma once

#include <poll.h>
#include <sys/resource.h>

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abi/errno.hpp"
#include "abi/types.hpp"
#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "kernel/host.hpp"
#include "kernel/kernel_lock.hpp"
#include "kernel/signals/signals.hpp"
#include "kernel/signals/wakeup.hpp"
#include "kernel/task/exit_state.hpp"
#include "kernel/task/fd_table.hpp"

namespace swebash::kernel {

class Kernel;
class Task;
struct SessionImage;
class GrowingPipe;
class HostFile;
class HostPath;
class NarrowPath;
namespace confine {
class Narrowing;
}
using TaskRef = std::shared_ptr<Task>;

// A directory that a task works in.
struct Directory {
  OwnedFd fd;           // O_PATH
  vfs::PlaceRef place;  // in a session with mounts, instead
};

// A native program to start. Strings are NUL-terminated, one after the other.
struct Program {
  std::string_view path;
  std::span<const char> arguments;
  u32 argument_count = 0;
  std::span<const char> environment;
  u32 environment_count = 0;
  i32 group = abi::kSameGroup;
  bool foreground = false;
  bool waited = false;        // the task goes on when it has ended
  bool asynchronous = false;  // it ignores SIGINT and SIGQUIT
};

// A process that a task started and has not waited for.
struct NativeChild {
  pid_t pid = 0;
  i32 group = 0;
  OwnedFd pidfd;      // made when it is first needed
  bool told = false;  // its owner got SIGCHLD for how it is now
  bool guarded = false;
  i32 place = -1;        // in the session's TaskCount, of a fork of the host
  bool awaited = false;  // in the foreground: whoever started it waits for it
};

// What whoever runs a task does when it begins to wait for long: give memory back. On the task's
// thread.
class LongWait {
 public:
  virtual void begin_long_wait() noexcept = 0;

 protected:
  ~LongWait() = default;
};

// Where a task runs.
enum class Placement : u8 { main, inline_on_parent, pooled };

class Task : public std::enable_shared_from_this<Task> {
 public:
  // Kernel's. Use Kernel::create_task.
  Task(Kernel& kernel, i32 pid, Task* parent);
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task();

  [[nodiscard]] Kernel& kernel() const noexcept { return kernel_; }
  [[nodiscard]] i32 pid() const noexcept { return pid_; }
  [[nodiscard]] bool is_main() const noexcept { return placement_ == Placement::main; }

  // Descriptors, directory and umask at one moment. It keeps nothing open: what is closed meanwhile
  // stays closed.
  struct Surroundings {
    std::vector<std::pair<std::weak_ptr<Description>, Inherit>> fds;
    std::shared_ptr<Directory> cwd;
    i32 umask = -1;
  };
  [[nodiscard]] Surroundings surroundings() const;
  void restore(const Surroundings& kept);

  // What a session's main task has, on its own thread while nothing runs; and its taking that over
  // from another. Requires for adopt(): the kernel's mounts are those of `image`, and its directory
  // too (session_image.cpp).
  [[nodiscard]] SessionImage image() const;
  // What `path` stands for in a session's own files.
  [[nodiscard]] SysResult<vfs::PlaceRef> find_place(std::string_view path) {
    return find_inside(abi::kCwd, path, 0);
  }
  void adopt(const SessionImage& image);

  // --- files (task_files.cpp, task_paths.cpp) ---
  [[nodiscard]] SysResult<i32> open(i32 dirfd, std::string_view path, u32 flags, u32 mode);
  [[nodiscard]] SysResult<void> close(i32 fd);
  [[nodiscard]] SysResult<usize> read(i32 fd, std::span<char> buffer);
  // Reads, but nothing beyond the first `delimiter`.
  [[nodiscard]] SysResult<usize> read_until(i32 fd, std::span<char> buffer, char delimiter);
  [[nodiscard]] SysResult<usize> write(i32 fd, std::span<const char> data);
  [[nodiscard]] SysResult<i64> seek(i32 fd, i64 offset, u32 whence);
  [[nodiscard]] SysResult<i64> copy(i32 from, i32 to, i64 length);
  [[nodiscard]] SysResult<void> truncate(i32 fd, i64 size);
  [[nodiscard]] SysResult<i32> dup(i32 fd, i32 lowest, u32 flags);
  [[nodiscard]] SysResult<i32> dup2(i32 from, i32 to, u32 flags);
  [[nodiscard]] SysResult<u32> fd_flags(i32 fd);
  [[nodiscard]] SysResult<void> pipe(i32 (&fds)[2], u32 flags);
  [[nodiscard]] SysResult<abi::Stat> fstat(i32 fd);
  [[nodiscard]] SysResult<abi::Stat> stat(i32 dirfd, std::string_view path, u32 flags);
  [[nodiscard]] SysResult<void> access(i32 dirfd, std::string_view path, u32 mode);
  [[nodiscard]] SysResult<usize> read_directory(i32 fd, std::span<char> buffer);
  [[nodiscard]] SysResult<void> mkdir(i32 dirfd, std::string_view path, u32 mode);
  [[nodiscard]] SysResult<void> unlink(i32 dirfd, std::string_view path, u32 flags);
  [[nodiscard]] SysResult<void> rename(i32 from_dirfd, std::string_view from, i32 to_dirfd,
                                       std::string_view to);
  [[nodiscard]] SysResult<void> link(i32 from_dirfd, std::string_view from, i32 to_dirfd,
                                     std::string_view to);
  [[nodiscard]] SysResult<void> symlink(std::string_view target, i32 dirfd, std::string_view path);
  // The length of the link's text, of which as much as fits is in `buffer`.
  [[nodiscard]] SysResult<usize> readlink(i32 dirfd, std::string_view path, std::span<char> buffer);
  [[nodiscard]] SysResult<void> chmod(i32 dirfd, std::string_view path, u32 mode);
  [[nodiscard]] SysResult<void> chown(i32 dirfd, std::string_view path, u32 uid, u32 gid,
                                      u32 flags);
  [[nodiscard]] SysResult<void> set_times(i32 dirfd, std::string_view path, i64 access_time,
                                          i64 modify_time, u32 flags);
  [[nodiscard]] SysResult<i32> poll(std::span<abi::PollEntry> entries, i64 timeout);
  [[nodiscard]] SysResult<void> change_directory(std::string_view path);
  // The length of the path, of which as much as fits is in `buffer`.
  [[nodiscard]] SysResult<usize> working_directory(std::span<char> buffer);
  [[nodiscard]] SysResult<u32> umask(i32 mask);
  [[nodiscard]] SysResult<i32> connect(std::string_view host, std::string_view port, bool datagram);

  // --- terminal (task_terminal.cpp) ---
  [[nodiscard]] SysResult<bool> is_terminal(i32 fd);
  [[nodiscard]] SysResult<abi::Terminal> terminal_get(i32 fd);
  [[nodiscard]] SysResult<void> terminal_set(i32 fd, u32 when, const abi::Terminal& settings);
  [[nodiscard]] SysResult<abi::WindowSize> window_size(i32 fd);
  [[nodiscard]] SysResult<i32> foreground_get(i32 fd);
  [[nodiscard]] SysResult<void> foreground_set(i32 fd, i32 group);

  // --- tasks (task_exec.cpp, task_wait.cpp) ---
  // start_info: the length needed; written if it fits.
  [[nodiscard]] SysResult<usize> start_info(std::span<char> buffer);
  // Starts a native child; its pid.
  [[nodiscard]] SysResult<i32> spawn(const Program& program);
  // Becomes a native program. Comes back with an error, or doomed with the program's end (which
  // is then the task's: see end_state()).
  [[nodiscard]] SysResult<void> exec(const Program& program);
  [[nodiscard]] SysResult<i32> wait(i32 pid, u32 flags, abi::WaitResult& out);
  [[nodiscard]] SysResult<void> kill(i32 pid, i32 signal);
  [[nodiscard]] SysResult<abi::TaskInfo> task_info();
  [[nodiscard]] SysResult<void> set_group(i32 pid, i32 group);

  // --- signals (task_signals.cpp) ---
  [[nodiscard]] SysResult<u32> signal_action(i32 signal, u32 action);
  // Names the word to set, in memory of the guest's. The kernel stores to it from other threads and
  // from a signal handler: before that memory goes away or to another, name nullptr here (a
  // TaskBody does so before run() returns).
  void signal_word(std::atomic<u32>* word);
  // Takes the pending caught signals. Waits here while the task is stopped.
  [[nodiscard]] SignalSet signal_take();
  // Ends the task as if `signal` had hit it with its default action: dooms it.
  void die(i32 signal) noexcept;

  // Whether the task must end now.
  [[nodiscard]] bool doomed() const noexcept {
    return doomed_.load(std::memory_order_acquire) != 0;
  }
  // How a doomed task ends. Requires: doomed().
  [[nodiscard]] ExitState end_state() const noexcept;
  // Dooms the task with `state`; when the session ends, nobody waits for the others.
  void leave(ExitState state) noexcept;
  // Marks the task as one that must end with `state`; the first call counts. On the task's own
  // thread; from another, Kernel::doom.
  void doom(ExitState state) noexcept;

  // What the task does about signals, to be had by another.
  struct SignalActions {
    SignalSet caught = 0, ignored = 0, ignored_here = 0, ignored_below = 0;
  };
  [[nodiscard]] SignalActions signal_actions() const noexcept;
  void set_signal_actions(const SignalActions& actions) noexcept;
  // Has the run that a session's main task is at abandoned: its engine finds kAbandon among its
  // signals, and its other tasks end. Any thread.
  void abandon_run();
  // The next run is not. On the task's own thread.
  void forget_abandon() noexcept;

  // Asks the embedding program about a command, NUL-terminated words: 0 where it may run, or the
  // length of other words that shall run in its place. Errors: Errno::perm, which has been said.
  [[nodiscard]] SysResult<usize> command_hook(std::string_view words);
  // The length of those words, which are in `buffer` if they fit.
  [[nodiscard]] SysResult<usize> command_words(std::span<char> buffer);

  // Gives the task what start_info() tells, in the place of what its session was started with.
  void set_start(std::vector<std::string> arguments, std::vector<std::string> environment);

  // --- system (task_system.cpp) ---
  [[nodiscard]] SysResult<i64> clock(u32 clock);
  [[nodiscard]] SysResult<abi::Usage> usage(u32 of);
  [[nodiscard]] SysResult<abi::Limit> limit_get(u32 resource);
  [[nodiscard]] SysResult<void> limit_set(u32 resource, const abi::Limit& limit);
  [[nodiscard]] SysResult<void> random(std::span<char> buffer);
  // What the engine tells an account; Errno::notsup where there is none.
  [[nodiscard]] SysResult<usize> account_builtin(std::string_view words);
  [[nodiscard]] SysResult<void> account_builtin_end(i64 number, i32 status);
  [[nodiscard]] SysResult<void> account_secret(std::string_view value);
  // The length of the text, of which as much as fits is in `buffer`.
  [[nodiscard]] SysResult<usize> host_text(u32 what, std::span<char> buffer);
  // How many groups there are, of which as many as fit are in `buffer`.
  [[nodiscard]] SysResult<usize> groups(std::span<u32> buffer);
  [[nodiscard]] SysResult<abi::LocalTime> local_time(i64 seconds, std::string_view zone);

  // --- workspace (task_workspace.cpp) ---
  // Whether a rule of the policy lets a command run; asks at the terminal where one says so.
  // `program`: the file that would run; empty for a builtin.
  // Errors: Errno::perm, which has been said.
  [[nodiscard]] SysResult<void> command_check(std::span<const char> words, u32 count,
                                              std::string_view program);
  // A text about the confinement (abi::WorkspaceText): its length, of which as much as fits is in
  // `buffer`. Errors: Errno::notsup where nothing is confined.
  [[nodiscard]] SysResult<usize> workspace_text(u32 what, std::span<char> buffer);
  // Narrows what the task and its clones may write, or takes that back, up to what the start
  // allowed; an empty path is all of it. Errors: Errno::notsup where nothing is confined;
  // Errno::nosys without Landlock; Errno::perm for more than the start allowed; Errno::busy for a
  // path within a place that stays writable.
  [[nodiscard]] SysResult<void> workspace_set(u32 access, std::string_view path);

  // Names whom to tell of a long wait, or nobody.
  void on_long_wait(LongWait* owner) noexcept { long_wait_ = owner; }

  // Begins to count the time of the calling thread as this task's, if that is limited.
  void start_time();
  // Bytes of memory that the task may have, 0 for any number.
  [[nodiscard]] u64 memory_limit() const noexcept;

  // The host descriptor behind guest descriptor `fd`, borrowed.
  // Errors: Errno::badf; Errno::notsup when there is none (a growing pipe).
  [[nodiscard]] SysResult<int> host_fd(i32 fd);
  // Number of open descriptors that are in use.
  [[nodiscard]] usize open_descriptors() const noexcept;

 private:
  friend class Kernel;
  friend struct HostSignals;
  struct ProgramPlan;

  // Random numbers of a session that has a seed: a row for each task, so that they do not depend on
  // which of them is faster.
  void seed_random(u64 seed) noexcept { random_ = seed; }
  [[nodiscard]] u64 next_random() noexcept;
  [[nodiscard]] SysResult<Description*> description(i32 fd) noexcept;
  [[nodiscard]] SysResult<int> directory(i32 dirfd);
  // `error` again; where a confinement is what refused `path`, that is said on the task's standard
  // error.
  [[nodiscard]] std::unexpected<Errno> refused(int start, std::string_view path, bool writes,
                                               Errno error);
  // What changed `path`, or did not.
  [[nodiscard]] SysResult<void> changed(SysResult<void> result, int start, std::string_view path) {
    if (!result.has_value()) return refused(start, path, true, result.error());
    return result;
  }
  // `error` again, where the narrowing refused `path`; that is said.
  [[nodiscard]] std::unexpected<Errno> narrowed(const NarrowPath& path, Errno error);
  // Calls `change(start, path)`, a call of the host's, for a file whose mode, owner or times are to
  // change; `link`: 0, or AT_SYMLINK_NOFOLLOW where a link is meant itself.
  template <class F>
  [[nodiscard]] SysResult<void> change_attributes(i32 dirfd, std::string_view path, int link,
                                                  F&& change);
  // command_check() for words in hand.
  [[nodiscard]] SysResult<void> check_words(std::span<const std::string_view> words,
                                            std::string_view program);
  [[nodiscard]] bool ask_at_terminal(const std::string& question);
  [[nodiscard]] SysResult<i32> connect_socket(std::string_view host, std::string_view port,
                                              bool datagram);
  // What an account is told, where there is one; the session ends where it cannot be written.
  void account_command(i64 pid, i64 began, const Program& program);
  void account_open(i32 fd, u32 flags);
  void account_refusal(std::string_view directory, std::string_view path, bool writes);
  void check_account();
  void tell_refusal(int start, std::string_view path, bool writes);
  // Has the proxy of a confinement connect `socket`, which leads to it. Errors: Errno::acces for a
  // host that is not on the list, and those of connect(2).
  [[nodiscard]] SysResult<void> ask_proxy(HostFile& socket, std::string_view host, u32 port);
  // Whether a confinement has no network; then that is said.
  [[nodiscard]] bool tell_no_network(std::string_view host, std::string_view port);
  // The host's path for `path`; what names a descriptor of the guest names it on the host then.
  [[nodiscard]] SysResult<const char*> host_path(std::string_view path, HostPath& buffer);
  [[nodiscard]] u32 open_limit() const noexcept;
  // The task's own value of a limit, if it has one.
  [[nodiscard]] const abi::Limit* own_limit(u32 resource) const noexcept;
  // How many tasks there may be when this one starts another.
  [[nodiscard]] u64 own_task_limit() const noexcept;
  // How many of `wanted` bytes RLIMIT_FSIZE lets the task write to `to` now.
  // Errors: Errno::fbig, and SIGXFSZ, when none.
  [[nodiscard]] SysResult<usize> writable(Description& to, usize wanted);
  // The time of a task that borrowed its parent's thread is not the parent's.
  void end_inline_time();
  [[nodiscard]] u32 current_umask();
  [[nodiscard]] SysResult<i32> add_descriptor(DescriptionRef description, u32 flags);
  // Whether the thread may sit in a plain syscall: nothing could ask it to come back early.
  // `awaited` is the native child that the call waits for, if it does for one.
  [[nodiscard]] bool may_block_plainly(i32 awaited = 0) const noexcept;
  // What its children ignore from their start.
  [[nodiscard]] SignalSet ignored_for_children() const noexcept {
    return (ignored_.load() & ~ignored_here_.load()) | ignored_below_.load();
  }
  // Whether a SIGINT would end the task, which is on the main thread.
  [[nodiscard]] bool dies_of_interrupt();
  [[nodiscard]] SysResult<i32> wait_for_child(i32 pid, u32 flags, abi::WaitResult& out);
  // Whether the task is stopped, or the one whose thread it borrows.
  [[nodiscard]] bool is_stopped() const noexcept;
  // Whether check_interrupt() would fail or wait.
  [[nodiscard]] bool has_to_answer();
  // Errno::intr if a caught signal is pending or the task is doomed; waits while it is stopped.
  [[nodiscard]] SysResult<void> check_interrupt();
  // Waits until `description` may be ready for `events`, or the task is to look again.
  [[nodiscard]] SysResult<void> wait_ready(Wakeup::Ticket ticket, Description& description,
                                           short events);
  // One round of waiting on `entries` and the task's wakeup, moving what natives write into growing
  // pipes of this thread's tasks meanwhile. How many of `entries` are ready.
  [[nodiscard]] SysResult<int> wait_round(Wakeup::Ticket ticket, std::vector<pollfd>& entries,
                                          i64 timeout);
  [[nodiscard]] SysResult<int> wait_once(Wakeup::Ticket ticket, std::vector<pollfd>& entries,
                                         i64 timeout);
  [[nodiscard]] bool has_captures() const noexcept;
  void drain_captures();
  // Whether a caught signal ends a wait with Errno::intr, or only the task's end does.
  enum class Interrupt : u8 { by_signal, by_doom };
  [[nodiscard]] SysResult<usize> read_from(Description& from, std::span<char> buffer);
  [[nodiscard]] SysResult<usize> read_terminal(Description& from, std::span<char> buffer);
  // Waits until the task's group has terminal `fd`, as a background reader must, and has the host
  // be its foreground for the time of a read; the process group that was it before, or 0.
  [[nodiscard]] SysResult<pid_t> claim_terminal(int fd);
  [[nodiscard]] SysResult<usize> write_to(Description& to, std::span<const char> data,
                                          Interrupt interrupt);
  [[nodiscard]] SysResult<i64> copy_on_host(Description& from, Description& to, usize length);
  void broken_pipe() noexcept;
  void set_word() noexcept;
  [[nodiscard]] bool on_main_thread() const noexcept { return on_main_thread_; }
  // The children that are processes. On the task's own thread: no other adds or removes any, so
  // that which there are, and their pids and groups, can be read there without the lock.
  [[nodiscard]] const std::vector<NativeChild>& own_natives() const noexcept
      SWEBASH_NO_THREAD_SAFETY_ANALYSIS {
    return natives_;
  }

  [[nodiscard]] SysResult<void> make_plan(const Program& program, ProgramPlan& plan);
  // The calls on paths and programs in a session of a library (task_inside.cpp).
  [[nodiscard]] SysResult<vfs::PlaceRef> place(i32 dirfd);
  [[nodiscard]] SysResult<vfs::PlaceRef> find_inside(i32 dirfd, std::string_view path, u32 flags);
  [[nodiscard]] SysResult<i32> open_inside(i32 dirfd, std::string_view path, u32 flags, u32 mode);
  [[nodiscard]] SysResult<i32> open_place(const vfs::PlaceRef& place, u32 flags);
  [[nodiscard]] SysResult<void> access_inside(i32 dirfd, std::string_view path, u32 mode);
  [[nodiscard]] SysResult<void> mkdir_inside(i32 dirfd, std::string_view path, u32 mode);
  [[nodiscard]] SysResult<void> unlink_inside(i32 dirfd, std::string_view path, u32 flags);
  [[nodiscard]] SysResult<void> rename_inside(i32 from_dirfd, std::string_view from, i32 to_dirfd,
                                              std::string_view to);
  [[nodiscard]] SysResult<void> link_inside(i32 from_dirfd, std::string_view from, i32 to_dirfd,
                                            std::string_view to);
  [[nodiscard]] SysResult<void> symlink_inside(std::string_view target, i32 dirfd,
                                               std::string_view path);
  [[nodiscard]] SysResult<usize> readlink_inside(i32 dirfd, std::string_view path,
                                                 std::span<char> out);
  [[nodiscard]] SysResult<void> chmod_inside(i32 dirfd, std::string_view path, u32 mode);
  [[nodiscard]] SysResult<void> chown_inside(i32 dirfd, std::string_view path, u32 uid, u32 gid,
                                             u32 flags);
  [[nodiscard]] SysResult<void> set_times_inside(i32 dirfd, std::string_view path, i64 access_time,
                                                 i64 modify_time, u32 flags);
  [[nodiscard]] SysResult<void> change_directory_inside(std::string_view path);
  [[nodiscard]] SysResult<usize> working_directory_inside(std::span<char> out);
  [[nodiscard]] SysResult<i32> spawn_inside(const Program& program);
  [[nodiscard]] SysResult<void> exec_inside(const Program& program);
  [[nodiscard]] SysResult<void> kill_inside(i32 pid, i32 signal);
  [[nodiscard]] SysResult<i32> spawn_plan(const Program& program, ProgramPlan& plan);
  // From begin_program() on signals wait, until settle_program() says which child the task has
  // become; with 0 it stays a task.
  void begin_program();
  void settle_program(i32 pid);
  // Waits for the native child that the task has become; then the task is doomed with its end.
  void become(i32 pid);
  // Looks once for a child that `pid` and `flags` ask for; its pid, 0 when none is ready yet.
  [[nodiscard]] SysResult<i32> look_for_child(i32 pid, u32 flags, abi::WaitResult& out);
  [[nodiscard]] bool matches(i32 pid, i32 child, i32 child_group);
  // The same for one native child; 0 when it is not ready yet.
  [[nodiscard]] i32 look_for_native(const NativeChild& child, u32 flags, abi::WaitResult& out);
  // Takes those of the background that have ended from the host, which would know them otherwise
  // until somebody waits for them: who looks whether such a pid still runs finds it gone.
  void take_ended();
  [[nodiscard]] SysResult<i32> wait_plainly(pid_t pid, u32 flags, abi::WaitResult& out);
  // Sends this task the SIGCHLD for native child `pid` that it has not got yet.
  void tell_of_child(pid_t pid);
  // Fills `out` from wait4's answer; a child that ended is taken from the list.
  [[nodiscard]] i32 report_native(pid_t pid, int status, const rusage& usage, abi::WaitResult& out);

  // Its own thread's, from here to the signals; a kernel fills them before there is that thread.
  Kernel& kernel_;
  const i32 pid_;
  Placement placement_ = Placement::main;
  u32 depth_ = 0;  // clones between this task and the main one
  FdTable fds_;
  struct Start {
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
  };
  std::unique_ptr<const Start> start_;                   // nothing: the session's
  std::shared_ptr<Directory> cwd_;                       // null: the host's
  u64 random_ = 0;                                       // where the session has a seed
  std::string replacement_;                              // what command_hook() told of last
  i32 umask_ = -1;                                       // -1: the host's at start
  std::shared_ptr<const confine::Narrowing> narrowing_;  // nothing: all that the start allowed
  std::string agreed_;  // the builtin that was just asked about, and may start its program
  std::vector<std::pair<u32, abi::Limit>> limits_;
  // Read ends of growing pipes made here, whose intakes this thread drains while it waits.
  std::vector<std::weak_ptr<Description>> captures_;
  bool on_main_thread_ = false;
  Task* outer_ = nullptr;  // the task whose thread this one borrows
  LongWait* long_wait_ = nullptr;
  bool settled_ = false;  // long_wait_ was told, and nothing came since

  // Signals: the actions are changed by the task's thread, read by any.
  std::atomic<SignalSet> caught_ = 0;
  std::atomic<SignalSet> ignored_ = 0;
  std::atomic<SignalSet> pending_ = 0;
  // Sent to the host while the task was there: perhaps to all of its group (Kernel::hear_of_group).
  SignalSet heard_ = 0;
  std::atomic<SignalSet> ignored_here_ = 0;   // of ignored_: not what the task starts
  std::atomic<SignalSet> ignored_below_ = 0;  // of caught_: what the task starts ignores them
  std::atomic<SignalSet> known_ = 0;          // signals whose action at start is known (main task)
  std::atomic<std::atomic<u32>*> word_ = nullptr;  // written under the kernel's lock
  std::atomic<u64> doomed_ = 0;                    // an ExitState, encoded; 0: none
  std::atomic<bool> stopped_ = false;
  Wakeup wakeup_;

  std::atomic<i32> group_ = 0;  // written under the kernel's lock; 0: the host's
  Task* parent_ SWEBASH_GUARDED_BY(kKernelLock);
  std::vector<Task*> children_ SWEBASH_GUARDED_BY(kKernelLock);
  // Those that take_ended() took and nobody has waited for. Of the own thread alone.
  struct EndedChild {
    i32 group;
    abi::WaitResult result;
  };
  std::vector<EndedChild> ended_natives_;
  std::vector<NativeChild> natives_ SWEBASH_GUARDED_BY(kKernelLock);
  // The native child that the task has become; -1: becomes; 0: none.
  i32 program_ SWEBASH_GUARDED_BY(kKernelLock) = 0;
  SignalSet held_ SWEBASH_GUARDED_BY(kKernelLock) = 0;  // what came while it became one
  bool ended_ SWEBASH_GUARDED_BY(kKernelLock) = false;
  ExitState end_ SWEBASH_GUARDED_BY(kKernelLock);
  i32 stop_signal_ SWEBASH_GUARDED_BY(kKernelLock) = 0;     // not yet reported, or 0
  bool continued_ SWEBASH_GUARDED_BY(kKernelLock) = false;  // not yet reported
  // The processor time that check_task_times() looks at, where timed_ is set.
  bool timed_ SWEBASH_GUARDED_BY(kKernelLock) = false;
  clockid_t clock_ SWEBASH_GUARDED_BY(kKernelLock) = {};  // of the thread it runs on
  i64 time_base_ SWEBASH_GUARDED_BY(kKernelLock) = 0;     // of that clock
  i64 warned_time_ SWEBASH_GUARDED_BY(kKernelLock) = 0;   // when it got SIGXCPU last
  // Of a pooled task, once it has ended.
  i64 user_time_ SWEBASH_GUARDED_BY(kKernelLock) = 0;
  i64 system_time_ SWEBASH_GUARDED_BY(kKernelLock) = 0;
  // Of natives waited for, here and below.
  i64 children_user_time_ SWEBASH_GUARDED_BY(kKernelLock) = 0;
  i64 children_system_time_ SWEBASH_GUARDED_BY(kKernelLock) = 0;
  u64 children_peak_memory_ SWEBASH_GUARDED_BY(kKernelLock) = 0;
};

}  // namespace swebash::kernel
