// SPDX-License-Identifier: Apache-2.0
//
// The options of a runtime, of a session and of a run; commands of the embedding program, and its
// say in others.
// Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "swebash/error.hpp"
#include "swebash/file_tree.hpp"

namespace swebash {

struct RuntimeOptions {
  // Where engine.cwasm is. Empty: where the CMake package says it was installed
  // (SWEBASH_ENGINE_DIRECTORY), else beside the place this library was built.
#ifdef SWEBASH_ENGINE_DIRECTORY
  std::string engine_directory = SWEBASH_ENGINE_DIRECTORY;
#else
  std::string engine_directory;
#endif
};

// A session whose scripts do the same bytes each time: time stands still but for what they sleep,
// random numbers are a row that `seed` begins, pids count from 1000, processor times are 0.
// Directories are listed in order, and locale and zone are C.UTF-8 and UTC, in every session. What
// runs at the same time as something else still comes in whatever order it comes.
struct Deterministic {
  std::chrono::sys_seconds time{std::chrono::seconds{1'000'000'000}};
  std::uint64_t seed = 1;
};

struct SessionOptions {
  // Beside HOME=/home/user, PATH=/usr/bin:/bin, USER, LOGNAME and LANG=C.UTF-8.
  std::map<std::string, std::string> environment;
  // Where it begins; made where it is not there.
  std::string directory = "/home/user";
  unsigned umask = 022;
  // What it finds at which absolute path, beside its own files; over them where there are some.
  std::map<std::string, FileTree> mounts;
  std::optional<Deterministic> deterministic;
  // Bytes that its files may take.
  std::uint64_t file_bytes = std::uint64_t{64} << 20;
  // Bytes of memory that each of its tasks may take; 0: as many as there are, up to 4 GB.
  std::uint64_t task_memory = 0;
  // Tasks (subshells, stages of pipelines, commands in the background) at once.
  std::uint32_t tasks = 500;
};

struct RunOptions {
  // What the script finds on standard input.
  std::string_view input;
  // A descriptor of this process that standard input is read from in its place, as far as the
  // script reads; -1: none. It stays the caller's.
  int input_descriptor = -1;
  // After so long the run is abandoned, and all that it has started ends; zero: never. A command of
  // the embedding program cannot be ended: run() waits for one that it runs itself, and
  // Session::start() has an answer all the same.
  std::chrono::nanoseconds timeout{0};
  // Bytes of standard output, and of standard error, that the result may have.
  std::size_t output_limit = std::size_t{1} << 20;
  // Told of output as it comes, in the place of its being kept for the result; on whatever thread
  // writes, one call at a time. Must not call the session.
  // What a callback throws ends its being called, and writing is an error to the script then.
  std::function<void(std::string_view)> on_output;
  std::function<void(std::string_view)> on_errors;
  // Descriptors that standard output and standard error go to, in the place of all that is above;
  // -1: none. They stay the caller's; the run has copies.
  int output_descriptor = -1;
  int error_descriptor = -1;
};

// What a command of the embedding program works with, while it runs. Its functions may be called on
// the command's own thread alone.
class CommandCall {
 public:
  // The words of the command; the first is its name.
  [[nodiscard]] virtual std::span<const std::string> arguments() const = 0;
  // Its environment, NAME=value.
  [[nodiscard]] virtual std::span<const std::string> environment() const = 0;
  // The session's working directory, as the command finds it.
  [[nodiscard]] virtual std::string directory() const = 0;
  // Reads from standard input; how many bytes, 0 at the end. Waits for some.
  // Errors: ErrorKind::ended where the command is to end; ErrorKind::refused.
  [[nodiscard]] virtual Expected<std::size_t> read(std::span<char> buffer) = 0;
  // Reads standard input to its end.
  [[nodiscard]] virtual Expected<std::string> read_all() = 0;
  // Writes all of `text` to standard output, or to standard error.
  // Errors: ErrorKind::ended where nobody reads, or the command is to end; ErrorKind::refused.
  virtual Expected<void> write(std::string_view text) = 0;
  virtual Expected<void> write_error(std::string_view text) = 0;

 protected:
  CommandCall() = default;
  ~CommandCall() = default;
};

// Its status. It may be called on several threads at once (a pipeline with two of it). What it
// throws is status 1 and a message. It must not call its own session, which answers
// ErrorKind::busy.
using CommandFunction = std::function<int(CommandCall& call)>;

// What becomes of a command that is about to run.
struct CommandDecision {
  enum class Verdict : std::uint8_t { allow, deny, rewrite };
  Verdict verdict = Verdict::allow;
  // The words to run in its place: at least one. They are not expanded again, and not asked about.
  std::vector<std::string> words;
  // Why it is denied, for the script's standard error.
  std::string reason;
};
// Called before each simple command, with its words after expansion, on whatever thread runs it, on
// several at once. The words are those of the command as it stands: `env rm x` is a command whose
// name is `env`. A denied command has status 126. What it throws denies. It must not call its own
// session, which answers ErrorKind::busy.
using CommandHook = std::function<CommandDecision(std::span<const std::string> words)>;

// Asked for a command that was found nowhere else; an empty function where it knows none either.
// What it gives for a name is used from then on. Threads and exceptions are as of CommandHook.
using CommandResolver = std::function<CommandFunction(std::string_view name)>;

// What Session::stat() tells.
enum class FileType : std::uint8_t { regular, directory, link, other };
struct FileStat {
  FileType type = FileType::regular;
  std::uint64_t size = 0;
  unsigned mode = 0;  // permission bits
  std::chrono::system_clock::time_point modified;
};
struct DirectoryItem {
  std::string name;
  FileType type = FileType::regular;
};

}  // namespace swebash
