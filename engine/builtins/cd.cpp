// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/cd.hpp"

#include "engine/builtins/declarations.hpp"
#include "engine/system/files.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {

// POSIX XCU cd, step 8: "." and ".." are taken out of the text, where what stands before ".." is a
// directory.
std::string logical_path(std::string_view base, std::string_view path) {
  std::string result;
  if (!path.starts_with('/')) result = base;
  if (result == "/") result.clear();
  // POSIX: what two slashes begin may be another tree.
  const bool two_slashes = result.empty() && path.starts_with("//") && !path.starts_with("///");
  if (result == "//") result = "/";
  for (usize at = 0; at < path.size();) {
    while (at < path.size() && path[at] == '/') ++at;
    usize end = path.find('/', at);
    if (end == std::string_view::npos) end = path.size();
    const std::string_view part = path.substr(at, end - at);
    at = end;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      const usize slash = result.rfind('/');
      result.resize(slash == std::string::npos ? 0 : slash);
      continue;
    }
    result += '/';
    result += part;
  }
  if (two_slashes) return result.empty() ? "//" : "/" + result;
  return result.empty() ? "/" : result;
}

namespace {

// Whether what stands before each ".." of `path` is a directory (POSIX XCU cd, step 8b).
bool leads_through_directories(std::string_view base, std::string_view path) {
  for (usize at = 0; at < path.size();) {
    while (at < path.size() && path[at] == '/') ++at;
    usize end = path.find('/', at);
    if (end == std::string_view::npos) end = path.size();
    if (path.substr(at, end - at) == ".." && at > 0 &&
        !files::is_directory(logical_path(base, path.substr(0, at)))) {
      return false;
    }
    at = end;
  }
  return true;
}

}  // namespace

i64 change_directory(Shell& shell, std::string_view path, DirectoryMode mode) {
  const std::string old = shell.logical_directory();
  std::string target;
  if (mode == DirectoryMode::logical) {
    target = logical_path(old, path);
    if (!leads_through_directories(old, path) ||
        sys::change_directory(target.data(), static_cast<u32>(target.size())) < 0) {
      // The logical path may be wrong where the physical one is not.
      const i64 physical = sys::change_directory(path.data(), static_cast<u32>(path.size()));
      if (physical < 0) return physical;
      target.clear();
    }
  } else {
    const i64 answer = sys::change_directory(path.data(), static_cast<u32>(path.size()));
    if (answer < 0) return answer;
  }
  shell.set_logical_directory(std::move(target));
  static_cast<void>(shell.variables().assign("OLDPWD", old));
  static_cast<void>(shell.variables().assign("PWD", shell.logical_directory()));
  return 0;
}

ExitStatus cd(Invocation& invocation) {
  Shell& shell = invocation.shell;
  DirectoryMode mode =
      shell.on(SetOption::physical) ? DirectoryMode::physical : DirectoryMode::logical;
  OptionParser options(invocation, "LPe");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    if (letter == 'L') mode = DirectoryMode::logical;
    if (letter == 'P') mode = DirectoryMode::physical;
  }
  const auto operands = options.operands();
  if (operands.size() > 1) {
    invocation.error("too many arguments");
    return kFailure;
  }
  std::string path;
  bool show = false;
  if (operands.empty()) {
    const std::string* home = shell.variables().get("HOME");
    if (home == nullptr) {
      invocation.error("HOME not set");
      return kFailure;
    }
    path = *home;
    if (path.empty()) return kSuccess;
  } else if (operands[0] == "-") {
    const std::string* old = shell.variables().get("OLDPWD");
    if (old == nullptr) {
      invocation.error("OLDPWD not set");
      return kFailure;
    }
    path = *old;
    show = true;
  } else {
    path = operands[0];
  }
  const bool explicit_place = path.starts_with('/') || path == "." || path == ".." ||
                              path.starts_with("./") || path.starts_with("../");
  const std::string* cdpath = shell.variables().get("CDPATH");
  if (!explicit_place && cdpath != nullptr && !cdpath->empty() && !path.empty()) {
    const std::string list = *cdpath;
    for (usize at = 0; at <= list.size();) {
      usize end = list.find(':', at);
      if (end == std::string::npos) end = list.size();
      std::string candidate = list.substr(at, end - at);
      at = end + 1;
      const bool named = !candidate.empty();
      candidate = candidate.empty() ? path : files::join(candidate, path);
      if (!files::is_directory(candidate)) continue;
      if (change_directory(shell, candidate, mode) == 0) {
        if (named || show) put_line(invocation.out, shell.logical_directory());
        return kSuccess;
      }
    }
  }
  if (path.empty()) return kSuccess;  // bash: an empty operand changes nothing
  i64 answer = change_directory(shell, path, mode);
  if (answer < 0 && shell.on(ShellOption::cdable_vars)) {
    if (const std::string* value = shell.variables().get(path)) {
      const std::string other = *value;
      if (change_directory(shell, other, mode) == 0) {
        put_line(invocation.out, shell.logical_directory());
        return kSuccess;
      }
    }
  }
  if (answer < 0) {
    invocation.error(needs_ansi_quoting(path) ? quote_ansi(path) : path, system_message(answer));
    return kFailure;
  }
  if (show) put_line(invocation.out, shell.logical_directory());
  return kSuccess;
}

ExitStatus pwd(Invocation& invocation) {
  bool physical = invocation.shell.on(SetOption::physical);
  OptionParser options(invocation, "LP");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    physical = letter == 'P';
  }
  if (!physical) {
    const std::string& here = invocation.shell.logical_directory();
    // bash: only its posix mode looks whether the directory has kept its name.
    const auto is_here = [&] {
      const auto there = files::stat(here), dot = files::stat(".");
      return !dot || (there && there->inode == dot->inode && there->device == dot->device);
    };
    if (!here.empty() && (!invocation.shell.posix() || is_here())) {
      put_line(invocation.out, here);
      return kSuccess;
    }
  }
  char buffer[4096];
  const i64 length = sys::working_directory(buffer, sizeof buffer);
  if (length < 0) {
    invocation.error("error retrieving current directory: getcwd: cannot access parent directories",
                     system_message(length));
    return kFailure;
  }
  put_line(invocation.out, {buffer, static_cast<usize>(std::min<i64>(length, sizeof buffer))});
  return kSuccess;
}

}  // namespace swebash::engine::builtins
