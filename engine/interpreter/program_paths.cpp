// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/program_paths.hpp"

#include "abi/guest.hpp"
#include "engine/interpreter/builtin_table.hpp"
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

std::string ProgramPaths::find(std::string_view name, From from) {
  const bool standard = from == From::standard;
  if (name.empty()) return {};
  if (name.find('/') != std::string_view::npos) return std::string(name);
  if (!standard) {
    if (const auto found = remembered_.find(name); found != remembered_.end()) {
      // bash: what was found through a relative directory of PATH is looked at again.
      if ((!options_.on(ShellOption::checkhash) && found->second.path.front() == '/') ||
          kind_of(found->second.path) == Kind::program) {
        ++found->second.hits;
        return found->second.path;
      }
      remembered_.erase(found);
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
  if (found.empty()) return plain.empty() && !standard ? find_at_last(name) : plain;
  if (!standard && options_.on(SetOption::hashall) && !found.starts_with("./")) {
    remembered_.insert_or_assign(std::string(name), RememberedPath{found, 1});
  }
  return found;
}

std::string ProgramPaths::find_at_last(std::string_view name) const {
  if (last_directory_.empty()) return {};
  std::string path(last_directory_);
  path.append("/").append(name);
  return kind_of(path) == Kind::program ? path : std::string();
}

std::string ProgramPaths::find_afresh(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos) return std::string(name);
  const std::string* list = variables_.get("PATH");
  std::string found;
  if (list == nullptr) return found;
  search(*list, name, variables_.get("EXECIGNORE"), [&](const std::string& path, Kind kind) {
    if (kind == Kind::program || found.empty()) found = path;
    return kind != Kind::program;
  });
  return found.empty() ? find_at_last(name) : found;
}

std::vector<std::string> ProgramPaths::find_all(std::string_view name) {
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

}  // namespace swebash::engine
