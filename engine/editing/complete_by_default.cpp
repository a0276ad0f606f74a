// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/line_completer.hpp"

#include <algorithm>

#include "engine/editing/builtin_options.hpp"
#include "engine/editing/completion_actions.hpp"
#include "engine/editing/completion_quoting.hpp"
#include "engine/editing/completion_words.hpp"
#include "engine/expansion/glob.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine {
namespace {

using Names = std::vector<std::string>;

constexpr bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

void LineCompleter::by_default() {
  by_bash_default();
  if (found_.empty() && !refused_) {
    add_files();
    if (commands_only_) keep_directories();
  }
  if (position_ == Position::argument && word_.quote == 0) add_builtin_options();
}

void LineCompleter::by_bash_default() {
  if (text_.starts_with('`') && word_.quote != '\'') {
    add_in_backquotes();
    return;
  }
  if (text_.starts_with('$') && !text_.starts_with("$(")) add_variables();
  if (found_.empty() && text_.starts_with('~') && !is_in('/', text_)) add_users();
  if (found_.empty() && text_.starts_with('@') && shell_.on(ShellOption::hostcomplete)) {
    add_hosts();
  }
  if (found_.empty() && position_ == Position::command) add_commands();
  if (found_.empty() && !text_.empty()) add_matches();
}

void LineCompleter::add_action(std::string_view action, std::string_view beginning,
                               std::string_view before, std::string_view after) {
  Names names;
  find_completion_action(action)->list(shell_, beginning, names);
  for (const std::string& name : names) {
    if (!name.starts_with(beginning)) continue;
    std::string word(before);
    found_.push_back(word.append(name).append(after));
  }
}

void LineCompleter::add_variables() {
  const bool braced = text_.starts_with("${");
  add_action("variable", text_.substr(braced ? 2 : 1), braced ? "${" : "$", braced ? "}" : "");
  is_variable_ = !found_.empty();
}

void LineCompleter::add_users() {
  add_action("user", text_.substr(1), "~");
  are_users_ = !found_.empty();
}

void LineCompleter::add_hosts() { add_action("hostname", text_.substr(1), "@"); }

void LineCompleter::add_commands() {
  if (text_.empty() && shell_.on(ShellOption::no_empty_cmd_completion)) {
    refused_ = true;
    return;
  }
  // bash: nothing completes a word whose last byte quotes what is not there yet.
  const usize last = text_.find_last_not_of('\\');
  const usize backslashes = text_.size() - (last == std::string_view::npos ? 0 : last + 1);
  if (word_.quote == '\0' && backslashes % 2 == 1) {
    refused_ = true;
    return;
  }
  const std::string bare = without_quotes(text_, word_.quote);
  if (is_in('/', bare) || bare.starts_with('~')) {
    add_files();
    std::erase_if(found_, [&](const std::string& name) {
      const std::string path = real_path(name);
      return !files::is_directory(path) && !files::access(path, abi::kAccessExecute);
    });
    if (found_.empty()) commands_only_ = true;
    return;
  }
  add_action("command", bare);
  if (shell_.on(ShellOption::autocd)) add_action("directory", bare);
  if (found_.empty()) {
    commands_only_ = true;
  } else {
    are_files_ = are_commands_ = true;
  }
}

void LineCompleter::add_in_backquotes() {
  std::string_view rest = text_.substr(1);
  usize begin = rest.size();
  while (begin > 0 && !is_blank(rest[begin - 1]) && !is_in(rest[begin - 1], kCommandSeparators)) {
    --begin;
  }
  if (begin < rest.size() || begin == 0) {
    add_action("command", rest.substr(begin), text_.substr(0, 1 + begin));
    no_space_ = true;  // the quote that closes it may follow
  }
}

void LineCompleter::add_matches() {
  const std::string pattern(text_);
  const bool extglob = shell_.on(ShellOption::extglob);
  if (word_.quote != 0 || !is_glob(pattern, extglob)) return;
  Names names;
  if (!glob(pattern, {.extglob = extglob}, names)) return;
  // bash: Tab cannot stand for several.
  if (names.size() > 1 && type_ == completion_type::kTab) return;
  found_ = std::move(names);
  are_files_ = true;
}

std::string LineCompleter::real_path(const std::string& name) const {
  return name.starts_with(written_directory_) ? directory_ + name.substr(written_directory_.size())
                                              : name;
}

std::string LineCompleter::expanded(std::string path) {
  if (path.starts_with('~')) {
    const usize slash = std::min(path.find('/'), path.size());
    std::optional<std::string> home;
    if (const std::string user = path.substr(1, slash - 1); !user.empty()) {
      home = shell_.home_of(user);
    } else if (const std::string* own = shell_.variables().get("HOME")) {
      home = *own;
    }
    if (home) path.replace(0, slash, *home);
  }
  for (usize at = path.find('$'); at != std::string::npos && word_.quote != '\'';
       at = path.find('$', at)) {
    const bool braced = at + 1 < path.size() && path[at + 1] == '{';
    const usize begin = at + (braced ? 2 : 1);
    usize end = begin;
    while (end < path.size() && is_name_byte(path[end])) ++end;
    const usize after = braced ? end + 1 : end;
    const std::string* value = shell_.variables().get(path.substr(begin, end - begin));
    if (value == nullptr || (braced && (end >= path.size() || path[end] != '}'))) {
      ++at;
      continue;
    }
    path.replace(at, after - at, *value);
    at += value->size();
    expands_ = true;
  }
  return path;
}

void LineCompleter::add_files() {
  const std::string bare = without_quotes(text_, word_.quote);
  const usize slash = bare.rfind('/');
  if (slash != std::string::npos) {
    written_directory_ = bare.substr(0, slash + 1);
    directory_ = expanded(written_directory_);
  }
  const usize begin = slash == std::string::npos ? 0 : slash + 1;
  Names names;
  find_completion_action("file")->list(shell_, directory_ + bare.substr(begin), names);
  for (const std::string& name : names) {
    found_.push_back(written_directory_ + name.substr(directory_.size()));
  }
  are_files_ = true;
}

void LineCompleter::keep_directories() {
  std::erase_if(found_,
                [&](const std::string& name) { return !files::is_directory(real_path(name)); });
}

void LineCompleter::add_builtin_options() {
  if (!text_.starts_with('-')) return;
  const CommandAt command = find_command_at(line_, point_, word_.begin, word_.end);
  const Builtin* const builtin = find_builtin(view(command.name_begin, command.name_end));
  if (builtin == nullptr || command.name_end >= word_.begin) return;
  for (const BuiltinOption& option : options_of(*builtin)) {
    if (!option.name.starts_with(text_)) continue;
    found_.push_back(option.name);
    descriptions_.emplace_back(option.name, option.description);
  }
}

void LineCompleter::leave_out_ignored() {
  const std::string* ignore = shell_.variables().get("FIGNORE");
  if (ignore == nullptr || ignore->empty() || are_commands_) return;
  const auto unwanted = [&](const std::string& name) {
    for (usize begin = 0; begin <= ignore->size();) {
      const usize end = std::min(ignore->find(':', begin), ignore->size());
      const auto ending = std::string_view(*ignore).substr(begin, end - begin);
      if (!ending.empty() && name.size() > ending.size() && name.ends_with(ending)) return true;
      begin = end + 1;
    }
    return false;
  };
  const bool force = shell_.on(ShellOption::force_fignore);
  if (!force && (found_.size() == 1 || std::ranges::all_of(found_, unwanted))) return;
  std::erase_if(found_, unwanted);
}

}  // namespace swebash::engine
