// SPDX-License-Identifier: Apache-2.0
#include "shell/policy_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/owned_fd.hpp"
#include "kernel/process/spawn.hpp"

namespace swebash::shell {
namespace {

using kernel::confine::Fault;

constexpr int kUsage = 2, kCannot = 126;
constexpr usize kMost = usize{16} << 20;
constexpr const char* kReader = "/swebash-policy";

std::unexpected<Fault> wrong(std::string message) {
  return std::unexpected(Fault{kUsage, std::move(message)});
}

bool read_all(int fd, std::vector<char>& out) {
  usize size = 0;
  while (size < kMost) {
    out.resize(size + 4096);
    const ssize_t count = ::read(fd, out.data() + size, out.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    size += static_cast<usize>(count);
    out.resize(size);
    if (count == 0) return true;
  }
  return false;
}

// What the reader says of the open file `file`, in texts that end with a zero byte.
Result<std::vector<char>, Fault> run_reader(int file, const std::string& folder,
                                            const std::string& program) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return std::unexpected(Fault{kCannot, std::string("pipe: ") + std::strerror(errno)});
  }
  OwnedFd out(ends[0]), in(ends[1]);
  const char* home = std::getenv("HOME");
  std::string name = "swebash-policy", from = folder, of = home != nullptr ? home : "";
  char* const words[] = {name.data(), from.data(), of.data(), nullptr};
  char* const environment[] = {nullptr};
  const kernel::FdMapping descriptors[] = {{file, 0}, {in.get(), 1}, {2, 2}};
  const bool has_error = ::fcntl(2, F_GETFD) >= 0;
  kernel::SpawnPlan plan = {};
  plan.path = program.c_str();
  plan.arguments = words;
  plan.environment = environment;
  plan.descriptors = std::span(descriptors).first(has_error ? 3 : 2);
  const auto pid = kernel::spawn_process(plan);
  if (!pid.has_value()) {
    return std::unexpected(
        Fault{kCannot, program + ": " + std::string(errno_message(pid.error())) +
                           " (it reads policy files, and is installed with this program)"});
  }
  in.reset();
  std::vector<char> text;
  const bool whole = read_all(out.get(), text);
  out.reset();
  while (::waitpid(*pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (!whole || text.empty() || text.back() != '\0') {
    return std::unexpected(Fault{kCannot, program + ": gave no answer"});
  }
  return text;
}

class Texts {
 public:
  explicit Texts(const std::vector<char>& text) : rest_(text.data(), text.size()) {}
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  std::string_view next() noexcept {
    const std::string_view text = rest_.substr(0, rest_.find('\0'));
    rest_.remove_prefix(std::min(text.size() + 1, rest_.size()));
    return text;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::string user_policy_folder() {
  const char* base = std::getenv("XDG_CONFIG_HOME");
  const bool given = base != nullptr && *base == '/';
  if (!given) base = std::getenv("HOME");
  if (base == nullptr || *base != '/') return {};
  const std::string real = kernel::confine::real_path(base);
  return (real.empty() ? base : real) + (given ? "/swebash" : "/.config/swebash");
}

Result<void, Fault> read_policy_file(Settings& settings, const std::string& directory) {
  const bool asked = !settings.policy.empty();
  const std::string folder_of_user = asked ? std::string() : user_policy_folder();
  if (!asked && folder_of_user.empty()) return {};
  const std::string file = asked ? std::string(settings.policy) : folder_of_user + "/policy.toml";
  const OwnedFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  struct stat about{};
  if (!fd || ::fstat(fd.get(), &about) != 0) {
    const int error = errno;
    // A home that cannot be searched is another's: there is nothing of this user's in it.
    const bool is_there = ::stat(file.c_str(), &about) == 0;
    if (!asked && !is_there && (error == ENOENT || error == ENOTDIR || error == EACCES)) return {};
    return wrong((asked ? "--policy: " : "") + file + ": " + std::strerror(error) +
                 " (a policy file must be there, and readable)");
  }
  if (S_ISDIR(about.st_mode)) {
    return wrong("--policy: " + file + ": Is a directory (name a file in it)");
  }
  const std::string real = kernel::confine::real_path(file);
  const std::string folder = real.substr(0, std::max<usize>(real.rfind('/'), 1));
  settings.file = file;
  settings.file_text = SWEBASH_TRY(run_reader(fd.get(), folder, directory + kReader));
  Texts texts(settings.file_text);
  if (texts.next() != "ok") {
    const std::string line(texts.next());
    return wrong(file + ":" + line + ": " + std::string(texts.next()));
  }
  while (!texts.at_end()) {
    const auto line = static_cast<u32>(std::atoi(texts.next().data()));
    const std::string_view key = texts.next();
    settings.file_entries.push_back({key, texts.next(), line});
  }
  take_file_entries(settings);
  if (settings.workspace.data() == nullptr) {
    return wrong(file + ": names no workspace (workspace = \"DIR\" in it, or --workspace DIR)");
  }
  return {};
}

}  // namespace swebash::shell
