// SPDX-License-Identifier: Apache-2.0
#include "modcache/helper_compiler.hpp"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/owned_fd.hpp"
#include "modcache/compile_protocol.hpp"

#ifndef MODCACHE_LIBEXEC_DIR
#define MODCACHE_LIBEXEC_DIR "/usr/libexec/modcache"
#endif

namespace modcache {
namespace {

using swebash::OwnedFd;

constexpr const char* kProgramName = "modcache-compile";
constexpr std::size_t kMaxMessage = 4096;

std::int64_t steady_ms() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

std::unexpected<Error> failed(ErrorCode code, std::string message, int os_error = 0) {
  return std::unexpected(Error{code, {}, os_error, std::move(message)});
}

// A running compile program, which does not outlive this.
class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  int start(const char* program, char* const* arguments);

  // Kills it where it still runs, and waits for it.
  void end() noexcept {
    if (pid_ <= 0) return;
    input.reset();
    output.reset();
    ::kill(pid_, SIGKILL);
    reap();
  }

  // Waits for its own end; the status, or -1 where somebody else has reaped it.
  int reap() noexcept {
    int status = 0;
    pid_t got;
    do {
      got = ::waitpid(pid_, &status, 0);
    } while (got < 0 && errno == EINTR);
    pid_ = 0;
    return got < 0 ? -1 : status;
  }

  OwnedFd input;   // of the child, to write
  OwnedFd output;  // of the child, to read

 private:
  pid_t pid_ = 0;
};

int Child::start(const char* program, char* const* arguments) {
  // A socket, since writing to one whose reader has died can be kept from raising SIGPIPE.
  int in[2], out[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) < 0) return errno;
  input.reset(in[0]);
  OwnedFd child_input(in[1]);
  if (::pipe2(out, O_CLOEXEC) < 0) return errno;
  output.reset(out[0]);
  OwnedFd child_output(out[1]);
  OwnedFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  ::fcntl(input.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(output.get(), F_SETFL, O_NONBLOCK);

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  // Where the caller runs with 0, 1 or 2 closed, these descriptors may be those numbers: moved up
  // first, so that no dup2() overwrites what a later one needs.
  OwnedFd high_input(::fcntl(child_input.get(), F_DUPFD_CLOEXEC, 3));
  OwnedFd high_output(::fcntl(child_output.get(), F_DUPFD_CLOEXEC, 3));
  OwnedFd high_null(null ? ::fcntl(null.get(), F_DUPFD_CLOEXEC, 3) : -1);
  ::posix_spawn_file_actions_adddup2(&actions, high_input.get(), 0);
  ::posix_spawn_file_actions_adddup2(&actions, high_output.get(), 1);
  if (high_null) {
    ::posix_spawn_file_actions_adddup2(&actions, high_null.get(), 2);
  } else {
    ::posix_spawn_file_actions_addclose(&actions, 2);
  }
  // Starts with no signal blocked or ignored, whatever the caller does with its own.
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  char* environment[] = {nullptr};
  const int error = ::posix_spawn(&pid_, program, &actions, &attributes, arguments, environment);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) pid_ = 0;
  return error;
}

// One conversation: the module goes in, the frame comes back.
class Conversation {
 public:
  Conversation(Child& child, const CompileRequest& request, const HelperOptions& options)
      : child_(child), request_(request), options_(options) {}

  Result<std::vector<std::byte>> run() {
    const std::int64_t start = steady_ms();
    while (true) {
      const std::int64_t elapsed = steady_ms() - start;
      if (elapsed >= static_cast<std::int64_t>(options_.timeout_ms)) {
        return failed(ErrorCode::compiler_hung, "the compiler was ended after " +
                                                    std::to_string(options_.timeout_ms) + " ms");
      }
      if (!told_ && request_.notice != nullptr && elapsed >= request_.slow_after_ms) {
        request_.notice->slow_compile(request_.name);
        told_ = true;
      }
      if (!wait(elapsed)) return answer();
    }
  }

 private:
  // Moves what can be moved; false once the child has closed its output.
  bool wait(std::int64_t elapsed) {
    std::int64_t limit = static_cast<std::int64_t>(options_.timeout_ms) - elapsed;
    if (!told_ && request_.notice != nullptr) {
      limit = std::min(limit, std::int64_t{request_.slow_after_ms} - elapsed);
    }
    pollfd waiting[2] = {{child_.output.get(), POLLIN, 0}, {child_.input.get(), POLLOUT, 0}};
    const int count = ::poll(waiting, child_.input ? 2 : 1,
                             static_cast<int>(std::clamp<std::int64_t>(limit, 0, 60000)));
    if (count < 0) return errno == EINTR;
    if (child_.input && waiting[1].revents != 0) write_some();
    if (waiting[0].revents != 0) return read_some();
    return true;
  }

  void write_some() {
    const auto rest = request_.module.subspan(sent_);
    const ssize_t count = ::send(child_.input.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count > 0) sent_ += static_cast<std::size_t>(count);
    if (count < 0 || sent_ == request_.module.size()) child_.input.reset();
  }

  bool read_some() {
    static constexpr std::size_t kStep = 256 << 10;
    const std::size_t old = received_.size();
    if (old > options_.artefact_limit + sizeof(FrameHeader)) return false;
    std::size_t step = kStep;
    if (FrameHeader header; read_header(header)) {
      // Room for all of it at once, and a byte to see the end.
      const std::uint64_t whole = std::min(header.size, options_.artefact_limit) + sizeof header;
      received_.reserve(static_cast<std::size_t>(whole) + kStep);
    } else {
      step = 4096;
    }
    received_.resize(old + step);
    const ssize_t count = ::read(child_.output.get(), received_.data() + old, step);
    received_.resize(old + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
  }

  [[nodiscard]] bool read_header(FrameHeader& header) const noexcept {
    if (received_.size() < sizeof header) return false;
    std::memcpy(&header, received_.data(), sizeof header);
    return header.magic == kFrameMagic;
  }

  Result<std::vector<std::byte>> answer() {
    child_.input.reset();
    FrameHeader header;
    const bool whole = read_header(header) && received_.size() - sizeof header == header.size;
    if (!whole) {
      child_.output.reset();
      const int status = child_.reap();
      std::string why = "the compiler ended without an artefact";
      if (status != -1 && WIFSIGNALED(status)) {
        why = "the compiler was ended by signal " + std::to_string(WTERMSIG(status));
      } else if (status != -1 && WIFEXITED(status)) {
        why += " (status " + std::to_string(WEXITSTATUS(status)) + ")";
      }
      return failed(ErrorCode::compiler_died, std::move(why));
    }
    (void)child_.reap();
    received_.erase(received_.begin(), received_.begin() + sizeof header);
    if (header.kind == FrameKind::artefact && header.size > 0) return std::move(received_);
    auto code = static_cast<ErrorCode>(header.error_code);
    if (header.error_code > static_cast<std::uint32_t>(ErrorCode::cache_unusable)) {
      code = ErrorCode::compile_failed;
    }
    const auto* text = reinterpret_cast<const char*>(received_.data());
    return failed(code, std::string(text, std::min(received_.size(), kMaxMessage)));
  }

  Child& child_;
  const CompileRequest& request_;
  const HelperOptions& options_;
  std::vector<std::byte> received_;
  std::size_t sent_ = 0;
  bool told_ = false;
};

}  // namespace

std::string program_directory() {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  std::string_view whole;
  if (size > 0 && path[0] == '/') {
    whole = {path, static_cast<std::size_t>(size)};
  } else if (const auto* name = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
             name != nullptr && *name == '/' && ::realpath(name, path) != nullptr) {
    whole = path;
  }
  return std::string(directory_of(whole));
}

std::string_view directory_of(std::string_view file) noexcept {
  const auto slash = file.find_last_of('/');
  if (slash == std::string_view::npos) return {};
  return file.substr(0, slash == 0 ? 1 : slash);
}

HelperOptions helper_options(const Settings& settings, std::string_view beside) {
  HelperOptions options;
  options.timeout_ms = settings.compile_timeout;
  options.memory_limit = settings.compile_memory;
  options.program = settings.compiler;
  options.beside = beside;
  return options;
}

std::string find_helper(const HelperOptions& options) {
  if (!options.program.empty()) return options.program;
  const std::string beside = options.beside.empty() ? program_directory() : options.beside;
  for (const std::string& directory :
       {beside, beside + "/../libexec/modcache", beside + "/../modcache",
        std::string(MODCACHE_LIBEXEC_DIR)}) {
    std::string candidate = directory + "/" + kProgramName;
    // Without a directory of its own a program's place is not known: not the root.
    if (directory.empty() || (beside.empty() && directory.starts_with("/.."))) continue;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

Result<std::vector<std::byte>> HelperCompiler::compile(const CompileRequest& request) {
  const std::string program = find_helper(options_);
  if (program.empty()) {
    return failed(ErrorCode::compiler_missing, "the program modcache-compile was not found");
  }
  std::string words[] = {kProgramName,
                         "--frame",
                         "--runtime=" + std::string(request.runtime),
                         "--config=" + std::string(request.config),
                         "--memory-limit=" + std::to_string(options_.memory_limit),
                         "--cpu-limit=" + std::to_string(options_.timeout_ms / 1000 * 4 + 4)};
  char* arguments[std::size(words) + 1] = {};
  for (std::size_t i = 0; i < std::size(words); ++i) arguments[i] = words[i].data();
  Child child;
  if (const int error = child.start(program.c_str(), arguments); error != 0) {
    auto missing = failed(ErrorCode::compiler_missing, "the compiler cannot be started", error);
    missing.error().path = program;
    return missing;
  }
  return Conversation(child, request, options_).run();
}

}  // namespace modcache
