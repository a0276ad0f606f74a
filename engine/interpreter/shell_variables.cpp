// SPDX-License-Identifier: Apache-2.0
//
// The variables that the shell sets when it starts.
#include <algorithm>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/system/files.hpp"
#include "engine/system/users.hpp"
#include "engine/system/version.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {

void Shell::start(std::span<const std::string_view> environment, std::string_view program,
                  std::string_view name, FunctionImport functions) {
  script_name_ = name;
  last_argument_ = program;
  seconds_.set(0);
  shell_pid_ = task_pid();
  variables_.set_warning(
      [](void* context, std::string_view message) {
        static_cast<Shell*>(context)->report_message(message);
      },
      this);
  set_hooks();
  set_byte_characters(true);
  importing_ = true;
  import_environment(environment, functions);
  importing_ = false;
  set_special_variables();
}

void Shell::become_another(bool same) {
  task_pid_ = 0;
  shell_pid_ = task_pid();
  if (!same) {
    seconds_.set(0);
    random_ = RandomNumbers();
  }
  // What the other started is not there to be waited for.
  jobs_.clear();
}

void Shell::set_byte_characters(bool bytes) {
  expansion_options_.byte_characters = bytes;
  set_characters(bytes ? Characters::bytes : Characters::utf8);
}

namespace {

constexpr std::string_view kMachine = "x86_64-pc-linux-gnu";

}  // namespace

void Shell::set_special_variables() {
  set_constants();
  set_identity();
  for (const std::string_view name : {"BASHPID", "HISTCMD", "OPTIND", "RANDOM", "SRANDOM"}) {
    mark(name, kInteger);
  }
  mark("SHELLOPTS", kReadonly);
  mark("BASHOPTS", kReadonly);
  i64 level = 0;
  const std::string* old_level = variables_.get("SHLVL");
  if (old_level == nullptr || !arith::plain_number(*old_level, level) || level < 0) level = 0;
  set("SHLVL", std::to_string(level + 1));
  mark("SHLVL", kExported);
  set_directories();
  if (variables_.get("SHELL") == nullptr) {
    abi::TaskInfo info{};
    sys::task_info(&info);
    set("SHELL", AccountFile(AccountFile::kUsers).shell_of(info.uid).value_or("/bin/sh"));
  }
}

void Shell::set(std::string_view name, std::string_view value) {
  static_cast<void>(variables_.assign(name, value));
}

void Shell::mark(std::string_view name, Attributes on) {
  if (Variable* variable = variables_.find_listed(name)) {
    static_cast<void>(variables_.set_attributes(*variable, on, 0));
  }
}

// What is the same in every shell, unless the environment says otherwise.
void Shell::set_constants() {
  const auto set_default = [&](std::string_view name, std::string_view value) {
    if (variables_.get(name) == nullptr) set(name, value);
  };
  set("IFS", " \t\n");
  set("OPTIND", "1");
  set("OPTERR", "1");
  set_default("PS4", "+ ");
  set_default("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  set_default("TERM", "dumb");
  set("BASH_VERSION", kBashVersion);
  set("SWEBASH_VERSION", kVersion);
  set("OSTYPE", "linux-gnu");
  set("HOSTTYPE", "x86_64");
  set("MACHTYPE", kMachine);
}

// What machine, version, user and parent this is.
void Shell::set_identity() {
  if (variables_.get("HOSTNAME") == nullptr) {
    char name[256];
    const i64 length = sys::host_text(abi::kHostName, name, sizeof name);
    if (length > 0) set("HOSTNAME", {name, static_cast<usize>(std::min<i64>(length, sizeof name))});
  }
  if (variables_.find_unresolved("BASH_VERSINFO") == nullptr) {
    if (auto variable = variables_.declare("BASH_VERSINFO", Placement::global)) {
      // 5, 2, 15, 1, release, and the machine.
      IndexedArray& array = (*variable)->put_indexed();
      i64 index = 0;
      for (usize at = 0, end = 0; at < kBashVersion.size(); at = end + 1) {
        end = std::min(kBashVersion.find_first_of(".()-", at), kBashVersion.size());
        if (end > at) array.at(index++) = kBashVersion.substr(at, end - at);
      }
      array.at(index) = kMachine;
      mark("BASH_VERSINFO", kReadonly);
    }
  }
  abi::TaskInfo info{};
  sys::task_info(&info);
  const auto set_number = [&](std::string_view name, i64 value) {
    const Variable* old = variables_.find_unresolved(name);
    if (old != nullptr && old->has(kReadonly)) return;
    set(name, std::to_string(value));
    mark(name, kReadonly | kInteger);
  };
  set_number("PPID", info.parent);
  set_number("UID", info.uid);
  set_number("EUID", info.effective_uid);
}

// PWD and OLDPWD.
void Shell::set_directories() {
  // PWD is believed when it names the working directory.
  if (const std::string* given = variables_.get("PWD");
      given != nullptr && given->starts_with('/') && given->find("/.") == std::string::npos) {
    const auto here = files::stat("."), there = files::stat(*given);
    if (here && there && here->device == there->device && here->inode == there->inode) {
      directory_.set(*given);
    }
  }
  // bash: in a directory that is gone PWD stays what it was.
  if (const std::string* here = directory_.find("shell-init")) set("PWD", *here);
  mark("PWD", kExported);
  if (const Variable* old = variables_.find_unresolved("OLDPWD")) {
    const std::string* text = old->text();
    if (text == nullptr || !files::is_directory(*text)) {
      static_cast<void>(variables_.unset("OLDPWD"));
    }
  }
  if (variables_.find_unresolved("OLDPWD") == nullptr) {
    if (auto variable = variables_.declare("OLDPWD", Placement::global)) {
      static_cast<void>(variables_.set_attributes(**variable, kExported, 0));
    }
  }
}

void Shell::set_program(std::string_view name) {
  if (name.starts_with('-')) name.remove_prefix(1);
  std::string path;
  if (name.find('/') != std::string_view::npos) {
    path = name.starts_with('/') ? std::string(name) : files::join(directory_.path(), name);
  } else {
    const std::vector<std::string> places = programs_.find_all(name);
    if (!places.empty()) path = places.front();
  }
  if (path.empty()) {
    char program[4096];
    const i64 length = sys::host_text(abi::kProgram, program, sizeof program);
    if (length > 0 && length <= static_cast<i64>(sizeof program)) {
      path.assign(program, static_cast<usize>(length));
    }
  }
  static_cast<void>(variables_.assign("BASH", path));
}

}  // namespace swebash::engine
