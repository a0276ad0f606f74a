// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/cd.hpp"

#include <algorithm>
#include <optional>

#include "engine/builtins/declarations.hpp"
#include "engine/system/files.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {

namespace {

// POSIX XCU cd, step 8: "." and ".." are taken out of the text. What stands before ".." must be a
// directory, else there is no such path.
std::optional<std::string> canonical_path(std::string_view path) {
  // POSIX: what two slashes begin may be another tree.
  usize root = path.starts_with('/') ? 1 : 0;
  if (path.starts_with("//") && !path.starts_with("///")) root = 2;
  std::string result(path.substr(0, root));
  const auto above = [&] { return result == ".." || result.ends_with("/.."); };
  for (usize at = 0; at < path.size();) {
    while (at < path.size() && path[at] == '/') ++at;
    usize end = path.find('/', at);
    if (end == std::string_view::npos) end = path.size();
    const std::string_view part = path.substr(at, end - at);
    at = end;
    if (part.empty() || part == ".") continue;
    if (part == ".." && (root > 0 || (!result.empty() && !above()))) {
      if (!files::is_directory(result)) return std::nullopt;
      const usize slash = result.rfind('/');
      result.resize(slash == std::string::npos ? 0 : std::max(slash, root));
      continue;
    }
    if (result.size() > root) result += '/';
    result += part;
  }
  if (result.empty()) result = ".";
  return result;
}

i64 enter(std::string_view path) {
  return sys::change_directory(path.data(), static_cast<u32>(path.size()));
}

}  // namespace

std::string logical_path(std::string_view base, std::string_view path) {
  const std::string whole = path.starts_with('/') ? std::string(path) : files::join(base, path);
  return canonical_path(whole).value_or(whole);
}

DirectoryChange change_directory(Shell& shell, std::string_view path, DirectoryMode mode) {
  const std::string* here = shell.directory().find("chdir");
  std::string target =
      here == nullptr || path.starts_with('/') ? std::string(path) : files::join(*here, path);
  bool known = false;
  if (mode == DirectoryMode::logical) {
    if (auto canonical = canonical_path(target)) {
      known = enter(*canonical) >= 0;
      if (known) target = std::move(*canonical);
    }
  }
  DirectoryChange change;
  if (!known) {
    // The logical path may be wrong where the physical one is not.
    change.answer = enter(path);
    if (change.answer < 0) return change;
  }
  // Where the system cannot name the new directory, the path to it does.
  shell.directory().set(known ? target : std::string());
  if (!known && shell.directory().find("cd") == nullptr) {
    shell.directory().set(std::move(target));
    change.named = false;
  }
  const std::string* old = shell.variables().get("PWD");
  static_cast<void>(
      shell.variables().assign("OLDPWD", old == nullptr ? std::string() : std::string(*old)));
  static_cast<void>(shell.variables().assign("PWD", shell.directory().path()));
  return change;
}

ExitStatus cd(Invocation& invocation) {
  Shell& shell = invocation.shell;
  if (shell.restricted()) {
    invocation.error("restricted");
    return kFailure;
  }
  DirectoryMode mode =
      shell.on(SetOption::physical) ? DirectoryMode::physical : DirectoryMode::logical;
  bool insists = false;  // -e: a directory without a name is a failure
  ExitStatus status = kSuccess;
  OptionParser options(invocation, "LPe");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    if (letter == 'e') insists = true;
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
  const auto go = [&](const std::string& to) {
    const DirectoryChange change = change_directory(shell, to, mode);
    const bool unnamed = insists && mode == DirectoryMode::physical && !change.named;
    if (change.answer >= 0 && unnamed) status = kFailure;
    return change.answer;
  };
  if (operands.empty()) {
    const std::string* home = shell.variables().get("HOME");
    if (home == nullptr) {
      invocation.error("HOME not set");
      return kFailure;
    }
    path = *home;
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
  if (!explicit_place && !show && cdpath != nullptr && !cdpath->empty() && !path.empty()) {
    const std::string list = *cdpath;
    for (usize at = 0; at <= list.size();) {
      usize end = list.find(':', at);
      if (end == std::string::npos) end = list.size();
      std::string candidate = list.substr(at, end - at);
      at = end + 1;
      const bool named = !candidate.empty();
      candidate = candidate.empty() ? path : files::join(candidate, path);
      if (go(candidate) == 0) {
        if (named) put_line(invocation.out, shell.directory().path());
        return status;
      }
    }
  }
  const i64 answer = go(path);
  if (answer < 0 && shell.on(ShellOption::cdable_vars)) {
    if (const std::string* value = shell.variables().get(path)) {
      const std::string other = *value;
      if (go(other) == 0) {
        put_line(invocation.out, shell.directory().path());
        return status;
      }
    }
  }
  if (answer < 0) {
    invocation.error(needs_ansi_quoting(path) ? quote_ansi(path) : path, system_message(answer));
    return kFailure;
  }
  if (show) put_line(invocation.out, path);
  return status;
}

ExitStatus pwd(Invocation& invocation) {
  bool physical = invocation.shell.on(SetOption::physical);
  OptionParser options(invocation, "LP");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    physical = letter == 'P';
  }
  Shell& shell = invocation.shell;
  const std::string* here = shell.directory().find("pwd");
  if (physical && here != nullptr) {
    char buffer[4096];
    const i64 length = sys::working_directory(buffer, sizeof buffer);
    if (length >= 0) {
      put_line(invocation.out, {buffer, static_cast<usize>(std::min<i64>(length, sizeof buffer))});
      return kSuccess;
    }
    // The directory is gone; there may be another of its name.
    if (!files::is_directory(*here)) {
      shell.directory().set({});
      here = shell.directory().find("pwd");
    }
  }
  // bash: only its posix mode looks whether the directory has kept its name.
  if (!physical && here != nullptr && shell.posix()) {
    const auto there = files::stat(*here), dot = files::stat(".");
    if (dot && !(there && there->inode == dot->inode && there->device == dot->device)) {
      shell.directory().set({});
      here = shell.directory().find("pwd");
    }
  }
  if (here == nullptr) return kFailure;
  put_line(invocation.out, *here);
  return kSuccess;
}

}  // namespace swebash::engine::builtins
