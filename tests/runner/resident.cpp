// SPDX-License-Identifier: Apache-2.0
#include "tests/runner/resident.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <string_view>
#include <thread>

#include "serve/bytes.hpp"
#include "serve/frame.hpp"
#include "serve/socket.hpp"

namespace swebash::tests {
namespace {

using serve::Json;
using Clock = std::chrono::steady_clock;

constexpr size_t kMostAnswer = size_t{256} << 20;
/// What a case may write in all is not said anywhere: as much as run_case() keeps.
constexpr size_t kMostOutput = size_t{16} << 20;

/// A client that sends many requests and then reads their answers.
class Calls {
 public:
  explicit Calls(const std::string& path) : reader_(kMostAnswer) {
    auto socket = serve::connect_to(path);
    if (socket.has_value()) {
      socket_ = std::move(*socket);
    } else {
      error_ = socket.error();
    }
  }

  int add(const char* method, Json params) {
    text_ += serve::frame(
        Json{{"jsonrpc", "2.0"}, {"id", ++last_}, {"method", method}, {"params", std::move(params)}}
            .dump());
    return last_;
  }

  /// The result of the request numbered `id`, after all that were added were sent.
  Json result(int id) {
    while (error_.empty() && !text_.empty()) {
      const ssize_t count = ::send(socket_.get(), text_.data(), text_.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EINTR) {
        error_ = std::strerror(errno);
      }
      text_.erase(0, count > 0 ? static_cast<size_t>(count) : 0);
    }
    while (error_.empty()) {
      auto message = reader_.next();
      if (!message.has_value()) {
        error_ = "no message";
      } else if (!message->has_value()) {
        fill();
      } else {
        Json answer = Json::parse(**message, nullptr, false);
        if (answer.is_discarded() || answer.contains("error")) {
          error_ = **message;
        } else if (answer["id"] == id) {
          return std::move(answer["result"]);
        }
      }
    }
    return Json::object();
  }

  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  void fill() {
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      reader_.add({buffer.data(), static_cast<size_t>(count)});
    } else if (count == 0 || errno != EINTR) {
      error_ = "the server is gone";
    }
  }

  OwnedFd socket_;
  serve::FrameReader reader_;
  std::string text_;
  std::string error_;
  int last_ = 0;
};

std::string as_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out += '\'';
}

std::string bytes_in(const Json& result, const char* name) {
  return serve::bytes_of(result.value(name, Json(""))).value_or("");
}

}  // namespace

Resident::Resident(const std::string& shell, const std::string& work_root)
    : path_(work_root + "/serve.sock") {
  std::string words[] = {shell, "serve", "--socket", path_, "--run-time", "0"};
  std::array<char*, std::size(words) + 1> argv{};
  for (size_t i = 0; i < std::size(words); ++i) {
    argv[i] = words[i].data();
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  const int failure = posix_spawn(&server_, shell.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    error_ = shell + ": " + std::strerror(failure);
    return;
  }
  constexpr int kPatience = 1000;
  for (int i = 0; i < kPatience && ::access(path_.c_str(), F_OK) != 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  Calls calls(path_);
  const Json result = calls.result(
      calls.add("run", {{"script", "ls /usr/bin; compgen -b; compgen -k; echo swebash"}}));
  error_ = calls.error();
  std::string name;
  for (const char c : bytes_in(result, "output")) {
    if (c != '\n') {
      name += c;
    } else {
      commands_.insert(std::move(name));
      name.clear();
    }
  }
}

Resident::~Resident() {
  if (server_ <= 0) {
    return;
  }
  ::kill(server_, SIGTERM);
  while (::waitpid(server_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Outcome Resident::run(const Case& one, unsigned number, unsigned patience) const {
  Outcome outcome;
  const auto start = Clock::now();
  Calls calls(path_);
  const std::string session = "case-" + std::to_string(number);
  const std::string directory = "/tmp/" + std::to_string(number);
  Json environment = {{"HOME", directory},
                      {"TMPDIR", directory},
                      {"LC_ALL", "C.UTF-8"},
                      {"SWEBASH", "/usr/bin/swebash"}};
  for (const std::string& setting : one.environment) {
    const size_t end = setting.find('=');
    environment[setting.substr(0, end)] = serve::to_json(setting.substr(end + 1));
  }
  calls.add("session.open",
            {{"name", session}, {"directory", directory}, {"environment", environment}});
  const auto write = [&](const std::string& name, const std::string& text, unsigned mode) {
    calls.add("file.write", {{"session", session},
                             {"path", directory + "/" + name},
                             {"content", serve::to_json(text)},
                             {"mode", mode}});
  };
  // What a process is not given either; and what the session itself would say of its child goes
  // nowhere.
  std::string script = "unset USER LOGNAME LANG SHLVL OLDPWD; { swebash";
  if (!one.script.empty()) {
    write("script.sh", one.script, 0644);
  }
  if (one.arguments.empty() && !one.script.empty()) {
    script += " script.sh";
  }
  for (const std::string& argument : one.arguments) {
    script += " " + as_word(argument);
  }
  script += " 2>&3 3>&-; } 3>&2 2>/dev/null";
  for (const InputFile& file : one.files) {
    write(file.name, file.text, file.mode);
  }
  const auto timeout = std::chrono::seconds(one.timeout_seconds) * patience;
  const int run = calls.add("run", {{"session", session},
                                    {"script", script},
                                    {"input", serve::to_json(one.standard_input)},
                                    {"output_limit", kMostOutput},
                                    {"timeout_ms", std::chrono::milliseconds(timeout).count()}});
  const Json result = calls.result(run);
  // It ends what runs at the moment too: not before there is a result.
  (void)calls.result(calls.add("session.close", {{"session", session}}));
  outcome.wall_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  outcome.error = calls.error();
  outcome.standard_output = bytes_in(result, "output");
  outcome.standard_error = bytes_in(result, "errors");
  outcome.status = result.value("status", -1);
  outcome.timed_out = result.value("end", "") == "timed_out";
  return outcome;
}

std::string Resident::why_not(const Case& one) const {
  if (one.run_by_sh) {
    return "/bin/sh of the host runs it";
  }
  std::string text = one.script + "\n" + one.standard_input + "\n";
  for (const std::string& argument : one.arguments) {
    text += argument + "\n";
  }
  for (const InputFile& file : one.files) {
    text += file.text + "\n";
  }
  std::string word;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '[';
    if (letter) {
      word += c;
      continue;
    }
    if (!word.empty() && !commands_.contains(word) &&
        ::access(("/usr/bin/" + word).c_str(), X_OK) == 0) {
      return word + " is a program of the host";
    }
    word.clear();
  }
  return {};
}

}  // namespace swebash::tests
