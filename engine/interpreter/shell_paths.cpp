// SPDX-License-Identifier: Apache-2.0
//
// Where programs are, and the environment they get.
#include "abi/guest.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/system/files.hpp"
#include "engine/text/pattern.hpp"

namespace swebash::engine {
namespace {

// What confstr(_CS_PATH) answers.
constexpr std::string_view kStandardPath = "/bin:/usr/bin";

// A utility of the engine counts as present where the program it stands for lives.
bool is_utility_place(std::string_view directory, std::string_view name) {
  if (directory != "/bin" && directory != "/usr/bin") return false;
  const Builtin* builtin = find_builtin(name);
  return builtin != nullptr && builtin->kind == BuiltinKind::utility;
}

enum class Kind : u8 { none, plain, program };

Kind kind_of(const std::string& path) {
  const auto stat = files::stat(path);
  if (!stat || stat->type == abi::kDirectoryType) return Kind::none;
  return files::access(path, abi::kAccessExecute) ? Kind::program : Kind::plain;
}

bool is_ignored(std::string_view patterns, std::string_view path) {
  for (usize at = 0; at <= patterns.size();) {
    usize end = patterns.find(':', at);
    if (end == std::string_view::npos) end = patterns.size();
    if (end > at && Pattern(patterns.substr(at, end - at), {.extglob = true}).matches(path)) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

// Calls visit(path, kind) for each place on `path_list` where `name` is, until it answers false.
// `ignored`: what EXECIGNORE says, patterns of programs that do not count.
template <class Visit>
void search(std::string_view path_list, std::string_view name, const std::string* ignored,
            Visit visit) {
  for (usize at = 0; at <= path_list.size();) {
    usize end = path_list.find(':', at);
    if (end == std::string_view::npos) end = path_list.size();
    const std::string_view directory = path_list.substr(at, end - at);
    at = end + 1;
    std::string path(directory.empty() ? "." : directory);
    if (path.back() != '/') path += '/';
    path += name;
    if (ignored != nullptr && !ignored->empty() && is_ignored(*ignored, path)) continue;
    if (is_utility_place(directory, name)) {
      if (!visit(path, Kind::program)) return;
      continue;
    }
    const Kind kind = kind_of(path);
    if (kind != Kind::none && !visit(path, kind)) return;
  }
}

}  // namespace

std::string Shell::search_path(std::string_view name, bool standard) {
  if (name.empty()) return {};
  if (name.find('/') != std::string_view::npos) return std::string(name);
  if (!standard) {
    if (const auto found = remembered_paths_.find(name); found != remembered_paths_.end()) {
      // bash: what was found through a relative directory of PATH is looked at again.
      if ((!on(ShellOption::checkhash) && found->second.path.front() == '/') ||
          kind_of(found->second.path) == Kind::program) {
        ++found->second.hits;
        return found->second.path;
      }
      remembered_paths_.erase(found);
    }
  }
  std::string_view list = kStandardPath;
  if (!standard) {
    const std::string* path = variables_.get("PATH");
    if (path == nullptr) return {};
    list = *path;
  }
  std::string found, plain;
  search(list, name, variables_.get("EXECIGNORE"), [&](const std::string& path, Kind kind) {
    if (kind == Kind::program) {
      found = path;
      return false;
    }
    if (plain.empty()) plain = path;
    return true;
  });
  // A file that may not be executed is the answer when there is nothing better: "Permission
  // denied".
  if (found.empty()) return plain;
  if (!standard && on(SetOption::hashall) && !found.starts_with("./")) {
    remembered_paths_.insert_or_assign(std::string(name), RememberedPath{found, 1});
  }
  return found;
}

std::string Shell::search_path_afresh(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos) return std::string(name);
  const std::string* list = variables_.get("PATH");
  std::string found;
  if (list == nullptr) return found;
  search(*list, name, variables_.get("EXECIGNORE"), [&](const std::string& path, Kind kind) {
    if (kind == Kind::program || found.empty()) found = path;
    return kind != Kind::program;
  });
  return found;
}

std::vector<std::string> Shell::search_path_all(std::string_view name) {
  std::vector<std::string> result;
  if (name.empty()) return result;
  if (name.find('/') != std::string_view::npos) {
    const std::string path(name);
    if (kind_of(path) == Kind::program) result.push_back(path);
    return result;
  }
  const std::string* list = variables_.get("PATH");
  if (list == nullptr) return result;
  search(*list, name, variables_.get("EXECIGNORE"), [&](const std::string& path, Kind kind) {
    if (kind == Kind::program) result.push_back(path);
    return true;
  });
  return result;
}

const std::string& Shell::logical_directory() {
  if (!logical_directory_.empty()) return logical_directory_;
  char buffer[4096];
  const i64 length = sys::working_directory(buffer, sizeof buffer);
  if (length > 0 && length <= static_cast<i64>(sizeof buffer)) {
    logical_directory_.assign(buffer, static_cast<usize>(length));
  }
  return logical_directory_;
}

const std::string* Shell::find_directory(std::string_view who) {
  if (!logical_directory().empty()) return &logical_directory_;
  char none;
  const i64 answer = sys::working_directory(&none, 1);
  std::string text(who);
  text += ": error retrieving current directory: getcwd: cannot access parent directories: ";
  text.append(errno_message(static_cast<Errno>(answer < 0 ? -answer : 0))).push_back('\n');
  write_error(text);
  return nullptr;
}

const EnvironmentBlock& Shell::environment() {
  if (environment_tail_stale_) {
    environment_tail_stale_ = false;
    std::string bytes = foreign_environment_;
    u32 count = foreign_environment_count_;
    for (const std::string& name : functions_.names()) {
      const FunctionPtr& function = *functions_.find(name);
      if (!function->exported) continue;
      std::string text = function_text(*function);
      // "name () \n{ ... }": the environment has it without the name.
      text.erase(0, name.size() + 1);
      // bash takes a definition from the environment only where it begins with "() {".
      text.replace(2, text.find('{') - 2, " ");
      bytes += "BASH_FUNC_" + name + "%%=" + text;
      bytes.push_back('\0');
      ++count;
    }
    variables_.set_environment_tail(std::move(bytes), count);
  }
  return variables_.environment();
}

}  // namespace swebash::engine
