// SPDX-License-Identifier: Apache-2.0
#include "serve/connect/shell.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

namespace swebash::serve {

namespace {

constexpr const char* kStreams[] = {"input", "output", "errors"};
constexpr int kSignalStatus = 128;

std::string as_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out += '\'';
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno != EINTR) return;
    if (count > 0) text.remove_prefix(static_cast<usize>(count));
  }
}

// Whether the last line goes on behind a backslash.
bool is_continued(std::string_view text) noexcept {
  if (text.ends_with('\n')) text.remove_suffix(1);
  usize backslashes = 0;
  while (text.size() > backslashes && text[text.size() - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// The status with which `text` leaves the prompt, if it does: `exit` ends a run and not a session,
// and it is the client that is to end.
std::optional<int> leaving(std::string_view text, int last) {
  text = trimmed(text);
  for (const std::string_view word : {"exit", "logout"}) {
    if (text == word) return last;
    if (!text.starts_with(word) || text[word.size()] != ' ') continue;
    const std::string number(trimmed(text.substr(word.size())));
    if (number.empty() || number.find_first_not_of("0123456789") != number.npos) continue;
    return std::atoi(number.c_str()) & 0xFF;
  }
  return std::nullopt;
}

}  // namespace

Result<void, std::string> RemoteShell::open() {
  if (session_.empty()) {
    session_ = SWEBASH_TRY(caller_.call("session.open", Json::object())).value("session", "");
    return {};
  }
  const Json list = SWEBASH_TRY(caller_.call("session.list", Json::object()));
  for (const Json& one : list["sessions"]) {
    if (one["session"] == session_) return {};
  }
  const auto opened = caller_.call("session.open", {{"name", session_}});
  // Another may have been faster.
  if (!opened.has_value() && !opened.error().ends_with("there is a session of that name")) {
    return std::unexpected(opened.error());
  }
  return {};
}

Result<void, std::string> RemoteShell::set_arguments(const std::vector<std::string>& arguments) {
  std::string script = "set --";
  for (const std::string& argument : arguments) script += " " + as_word(argument);
  SWEBASH_TRY(run_apart(script));
  return {};
}

Result<ShellEnd, std::string> RemoteShell::run(const std::string& script) {
  Json parameters = {{"script", to_json(script)}};
  if (!session_.empty()) parameters["session"] = session_;
  std::vector<int> descriptors;
  Json names = Json::array();
  for (int fd = 0; fd < 3; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) continue;
    descriptors.push_back(fd);
    names.push_back(kStreams[fd]);
  }
  parameters["descriptors"] = std::move(names);
  const Json result = SWEBASH_TRY(caller_.call("run", std::move(parameters), descriptors));
  ShellEnd end;
  end.status = result.value("status", 0);
  const std::string how = result.value("end", "");
  const int came = caller_.take_signal();
  if (how == "interrupted" && came != 0) {
    end.signal = came;
    end.status = kSignalStatus + came;
  }
  if (how == "nobody_reads") end.signal = SIGPIPE;
  if (how == "timed_out")
    write_all(2, "swebash connect: the run took longer than the server lets it\n");
  return end;
}

Result<Json, std::string> RemoteShell::run_apart(const std::string& script,
                                                 const std::string& input) {
  return caller_.call(
      "run", {{"session", session_}, {"script", to_json(script)}, {"input", to_json(input)}});
}

Result<std::string, std::string> RemoteShell::prompt_text(const char* variable) {
  // What is set stays as it is, `$?` too.
  const std::string name(variable);
  const char* otherwise = name == "PS1" ? "\\u:\\w\\$ " : "> ";
  const Json result = SWEBASH_TRY(run_apart("( PS=${" + name + "-" + as_word(otherwise) +
                                            "}; printf %s \"${PS@P}\" ); ( exit " +
                                            std::to_string(status_) + " )"));
  return bytes_of(result["output"]).value_or("");
}

// A shell without the session's aliases reads it without running it.
Result<bool, std::string> RemoteShell::is_whole(const std::string& text) {
  if (is_continued(text)) return false;
  if (checker_.empty()) {
    checker_ = SWEBASH_TRY(caller_.call("session.open", Json::object())).value("session", "");
  }
  const Json result = SWEBASH_TRY(caller_.call(
      "run", {{"session", checker_}, {"script", "bash -n"}, {"input", to_json(text)}}));
  const std::string errors = bytes_of(result["errors"]).value_or("");
  return errors.find("unexpected end of file") == errors.npos &&
         errors.find("unexpected EOF") == errors.npos &&
         errors.find("delimited by end-of-file") == errors.npos;
}

std::optional<std::string> RemoteShell::read_line() {
  std::string line;
  // A terminal gives a line at a time; what its user typed ahead is left for what is run.
  char buffer[4096];
  while (!line.ends_with('\n')) {
    if (!caller_.wait_for_input(0)) return std::nullopt;
    const ssize_t count = ::read(0, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    line.append(buffer, static_cast<usize>(count));
  }
  return line;
}

Result<ShellEnd, std::string> RemoteShell::prompt() {
  std::string text;
  while (true) {
    write_all(2, SWEBASH_TRY(prompt_text(text.empty() ? "PS1" : "PS2")));
    const std::optional<std::string> line = read_line();
    if (!line.has_value()) {
      const int signal = caller_.take_signal();
      if (signal != SIGINT && signal != SIGQUIT) return ShellEnd{kSignalStatus + signal, signal};
      write_all(2, "\n");
      text.clear();
      status_ = kSignalStatus + signal;
      continue;
    }
    if (line->empty()) {
      write_all(2, "exit\n");
      return ShellEnd{status_, 0};
    }
    text += *line;
    if (trimmed(text).empty()) {
      text.clear();
      continue;
    }
    if (!SWEBASH_TRY(is_whole(text))) continue;
    if (const auto status = leaving(text, status_)) return ShellEnd{*status, 0};
    const ShellEnd end = SWEBASH_TRY(run(text));
    text.clear();
    status_ = end.status;
    if (end.signal == SIGTERM || end.signal == SIGHUP) return end;
    if (end.signal == SIGINT) write_all(2, "\n");
  }
}

}  // namespace swebash::serve
