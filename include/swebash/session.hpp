// SPDX-License-Identifier: Apache-2.0
//
// Session: a live shell in this process, as isolated from its neighbours as a process is from
// others: variables, functions, files, directory, umask, traps, jobs and pids are its own, and of
// the process it takes nothing.
//
//   auto runtime = swebash::Runtime::create();
//   auto session = runtime->open();
//   session->run("cd /tmp; x=hello");
//   auto result = session->run("echo $x from $PWD");   // "hello from /tmp\n"
//
// A script runs as what is typed at a prompt: what it changes is there for the next one. `exit`
// ends the run and not the session, after the EXIT trap; `exec` with a command is refused;
// background jobs go on between runs, and end with the session.
//
// Its files are in memory: /tmp, /home/user (where it begins), /dev, a little of /proc, and /bin
// and /usr/bin, which show the commands there are; and what was mounted (file_tree.hpp). No other
// file, no program and no network of the host can be reached.
//
// Thread-safety: one call at a time; which thread makes it does not matter. interrupt() may be
// called at any time. A call that finds another under way answers ErrorKind::busy.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "swebash/error.hpp"
#include "swebash/options.hpp"
#include "swebash/run.hpp"
#include "swebash/run_result.hpp"
#include "swebash/snapshot.hpp"
#include "swebash/value.hpp"

namespace swebash {

class Session {
 public:
  class Implementation;

  // An empty one, to be assigned to; it has no other use.
  Session() noexcept;
  Session(Session&& other) noexcept;
  Session& operator=(Session&& other) noexcept;
  // Ends what it runs, at once or in the background, and gives back all it had: when the call that
  // is under way has come back, if there is one.
  ~Session();

  // Runs `script` to its end on the calling thread.
  RunResult run(std::string_view script, const RunOptions& options = {});

  // Runs `script` on a thread of the runtime's.
  // Errors: ended; busy; no_memory; bad_argument for a descriptor that is none.
  [[nodiscard]] Expected<Run> start(std::string_view script, const RunOptions& options = {});

  // Has the run that is under way abandoned, as if its time were up. Nothing where there is none.
  void interrupt() noexcept;

  // Makes `name` an exported variable with `value`.
  // Errors: bad_argument for what is no name, or readonly; ended; busy.
  Expected<void> set_env(std::string_view name, std::string_view value);
  // The value of variable `name`, exported or not.
  // Errors: not_found; ended; busy.
  [[nodiscard]] Expected<std::string> get_env(std::string_view name);
  Expected<void> unset_env(std::string_view name);

  // A variable of any kind; one that is set stays exported, or not, as it was.
  // Errors: as of set_env() and get_env(); bad_argument for a key that cannot be.
  Expected<void> set_variable(std::string_view name, const Value& value);
  [[nodiscard]] Expected<Value> get_variable(std::string_view name);

  // Adds a command, or replaces one: a file of that name in /usr/bin, which runs `function`.
  // Errors: bad_argument for a name that is empty or has a slash.
  Expected<void> add_command(std::string_view name, CommandFunction function);

  // Has `hook` asked before each command, from the next run on; an empty one: none is.
  // Errors: busy.
  Expected<void> set_command_hook(CommandHook hook);
  // Has `resolver` asked for commands that are found nowhere; an empty one: none is. They show at
  // /usr/libexec/swebash to who asks where they are.
  // Errors: busy, also while something runs in the background.
  Expected<void> set_command_resolver(CommandResolver resolver);

  // Mounts `tree` at absolute `path`, over what is there; directories that lead there are made.
  // Errors: bad_argument; refused; ended; busy, also while something runs in the background.
  Expected<void> mount(std::string_view path, const FileTree& tree);

  // What it is now.
  // Errors: ended; busy; no_memory.
  [[nodiscard]] Expected<Snapshot> snapshot();
  // Makes it what `snapshot` holds; what it ran in the background ends. Its limits, commands and
  // hooks stay its own, and so does what it has mounted where the snapshot was read from a file
  // that lacks it. A session that has ended goes on. pid, random numbers and the time it began are
  // new ones (but not of a deterministic session).
  // Errors: busy; no_memory; bad_argument for a snapshot that needs a mount which is not there, or
  // one of another runtime.
  Expected<void> restore(const Snapshot& snapshot);
  // Another session that goes on from what this one is now: open() of its snapshot(), without
  // making one.
  // Errors: ended; busy; no_memory.
  [[nodiscard]] Expected<Session> fork();

  // Files of the session, by paths that start at its working directory where they are not absolute.
  // Errors: not_found, refused; ended; busy.
  Expected<void> write_file(std::string_view path, std::string_view content, unsigned mode = 0666);
  [[nodiscard]] Expected<std::string> read_file(std::string_view path);
  [[nodiscard]] Expected<std::vector<DirectoryItem>> list(std::string_view path);
  [[nodiscard]] Expected<FileStat> stat(std::string_view path);
  // Makes a directory, and those above it.
  Expected<void> make_directory(std::string_view path);
  // Removes a file, or a directory with all that is in it.
  Expected<void> remove(std::string_view path);
  // Copies what is in a directory of the host to `path`, which is made where it is not there; and
  // what is at `path` to a directory of the host. Directories join those that are there, files take
  // the place of others; permissions and times go along, links are copied as links, and devices,
  // fifos and sockets are left out.
  // Errors: not_found, refused, which may leave a part; ended; busy.
  Expected<void> import_tree(const std::string& host_directory, std::string_view path);
  Expected<void> export_tree(std::string_view path, const std::string& host_directory);
  // The working directory.
  [[nodiscard]] Expected<std::string> directory();

  // How many tasks go on in the background.
  // Errors: ended; busy.
  [[nodiscard]] Expected<std::uint32_t> background_tasks();
  // Whether it has ended: nothing can be run any more.
  [[nodiscard]] bool ended() const noexcept;

 private:
  friend class Runtime;
  explicit Session(std::shared_ptr<Implementation> implementation) noexcept;

  std::shared_ptr<Implementation> implementation_;
};

}  // namespace swebash
