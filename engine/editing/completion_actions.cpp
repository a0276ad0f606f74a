// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/completion_actions.hpp"

#include <algorithm>

#include "engine/interpreter/builtin_table.hpp"
#include "engine/syntax/reserved_words.hpp"
#include "engine/system/files.hpp"
#include "engine/system/users.hpp"

namespace swebash::engine {
namespace {

using Names = std::vector<std::string>;

// What `help` knows beside the builtins.
constexpr std::string_view kGrammarTopics[] = {
    "%",  "(( ... ))", "[[ ... ]]", "case",  "coproc",    "for",   "for ((", "function",
    "if", "select",    "time",      "until", "variables", "while", "{ ... }"};

constexpr std::string_view kLineFunctions[] = {
#define SWEBASH_LINE_FUNCTION(name, keys) name,
#include "engine/editing/line_functions.def"
#undef SWEBASH_LINE_FUNCTION
};

// Calls `take` with the words of each line of the file, without comments.
template <class Take>
void for_each_line(const std::string& path, Take take) {
  const std::string table = files::read_text(path);
  for (usize at = 0; at < table.size();) {
    const usize end = std::min(table.find('\n', at), table.size());
    std::string_view line = std::string_view(table).substr(at, end - at);
    at = end + 1;
    line = line.substr(0, line.find('#'));
    std::vector<std::string> words;
    while (!line.empty()) {
      const usize blank = std::min(line.find_first_of(" \t"), line.size());
      if (blank > 0) words.emplace_back(line.substr(0, blank));
      line.remove_prefix(std::min(blank + 1, line.size()));
    }
    if (!words.empty()) take(words);
  }
}

void services(Shell&, std::string_view, Names& out) {
  for_each_line("/etc/services", [&](std::span<const std::string> words) {
    out.push_back(words[0]);
    if (words.size() > 2) out.insert(out.end(), words.begin() + 2, words.end());
  });
}

// `depth`: how many files have included this one.
void host_names(const std::string& path, Names& out, usize depth = 0) {
  constexpr usize kMostIncludes = 16;
  if (depth > kMostIncludes) return;
  for_each_line(path, [&](std::span<const std::string> words) {
    if (words[0] == "$include") {
      if (words.size() > 1) host_names(words[1], out, depth + 1);
    } else {
      out.insert(out.end(), words.begin() + 1, words.end());
    }
  });
}

std::string home_of(Shell& shell) {
  const std::string* home = shell.variables().get("HOME");
  return home == nullptr ? std::string() : *home;
}

void list_files(Shell& shell, std::string_view word, bool directories_only, Names& out) {
  const usize slash = word.rfind('/');
  std::string directory(slash == std::string_view::npos ? "." : word.substr(0, slash + 1));
  if (directory.starts_with("~/")) directory = home_of(shell) + directory.substr(1);
  const std::string before(slash == std::string_view::npos ? "" : word.substr(0, slash + 1));
  const std::string_view rest = slash == std::string_view::npos ? word : word.substr(slash + 1);
  std::vector<files::Entry> entries;
  if (!files::list(directory, entries)) return;
  if (rest.starts_with('.')) {
    entries.push_back({.name = "."});
    entries.push_back({.name = ".."});
  }
  for (const files::Entry& entry : entries) {
    if (!entry.name.starts_with(rest)) continue;
    if (directories_only && !files::is_directory(files::join(directory, entry.name))) continue;
    out.push_back(before + entry.name);
  }
}

void list_programs(Shell& shell, std::string_view word, Names& out) {
  const std::string* path = shell.variables().get("PATH");
  if (path == nullptr) return;
  for (usize at = 0; at <= path->size();) {
    usize end = path->find(':', at);
    if (end == std::string::npos) end = path->size();
    std::vector<files::Entry> entries;
    const std::string directory = path->substr(at, end - at);
    at = end + 1;
    if (directory.empty() || !files::list(directory, entries)) continue;
    for (const files::Entry& entry : entries) {
      if (!entry.name.starts_with(word)) continue;
      const std::string program = files::join(directory, entry.name);
      if (files::access(program, abi::kAccessExecute) && !files::is_directory(program)) {
        out.push_back(entry.name);
      }
    }
  }
}

enum class Which : u8 { all, enabled, disabled };

template <Which which>
void builtins(Shell& shell, std::string_view, Names& out) {
  for (const Builtin& row : builtin_table()) {
    if (row.kind == BuiltinKind::utility) continue;
    const bool disabled = shell.builtins().is_disabled(row.name);
    if (which != Which::all && disabled != (which == Which::disabled)) continue;
    out.emplace_back(row.name);
  }
}

// Variables with one of the attributes `filter`; 0: all.
template <Attributes filter>
void variables(Shell& shell, std::string_view word, Names& out) {
  Names names;
  for (const auto name : shell.variables().names(word)) names.emplace_back(name);
  for (const std::string& name : names) {
    const Variable* variable = shell.variables().find_unresolved(name);
    if (variable != nullptr && variable->is_assigned() && (filter == 0 || variable->has(filter))) {
      out.push_back(name);
    }
  }
}

void aliases(Shell& shell, std::string_view, Names& out) {
  const usize start = out.size();
  for (const auto& entry : shell.aliases()) out.push_back(entry.first);
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(start), out.end());
}

void functions(Shell& shell, std::string_view, Names& out) {
  const Names names = shell.functions().names();
  out.insert(out.end(), names.begin(), names.end());
}

void keywords(Shell&, std::string_view, Names& out) {
  out.insert(out.end(), std::begin(kKeywords), std::end(kKeywords));
}

void commands(Shell& shell, std::string_view word, Names& out) {
  aliases(shell, word, out);
  keywords(shell, word, out);
  functions(shell, word, out);
  builtins<Which::all>(shell, word, out);
  list_programs(shell, word, out);
}

void help_topics(Shell& shell, std::string_view word, Names& out) {
  builtins<Which::all>(shell, word, out);
  for (const std::string_view topic : kGrammarTopics) out.emplace_back(topic);
  std::ranges::sort(out);
}

void line_functions(Shell&, std::string_view, Names& out) {
  for (const std::string_view name : kLineFunctions) out.emplace_back(name);
}

void directories(Shell& shell, std::string_view word, Names& out) {
  list_files(shell, word, true, out);
}

void any_files(Shell& shell, std::string_view word, Names& out) {
  list_files(shell, word, false, out);
}

void hosts(Shell& shell, std::string_view, Names& out) {
  const std::string* file = shell.variables().get("HOSTFILE");
  host_names(file == nullptr ? "/etc/hosts" : *file, out);
}

void groups(Shell&, std::string_view, Names& out) {
  const Names names = AccountFile(AccountFile::kGroups).names();
  out.insert(out.end(), names.begin(), names.end());
}

void users(Shell&, std::string_view, Names& out) {
  const Names names = AccountFile(AccountFile::kUsers).names();
  out.insert(out.end(), names.begin(), names.end());
}

void set_options(Shell&, std::string_view, Names& out) {
  for (const SetOptionRow& row : Options::set_rows()) out.emplace_back(row.name);
}

void shell_options(Shell&, std::string_view, Names& out) {
  for (const std::string_view name : Options::shell_rows()) out.emplace_back(name);
}

void signals(Shell&, std::string_view, Names& out) {
  for (i32 condition = 0; condition < kTrapCount; ++condition) {
    const std::string_view name = trap_name(condition);
    const bool signal = condition > 0 && condition < kSignalCount;
    // bash: the two that the C library keeps for itself.
    if (name.empty() && signal) out.push_back("SIGJUNK(" + std::to_string(condition) + ")");
    if (!name.empty()) out.push_back((signal ? "SIG" : "") + std::string(name));
  }
}

void jobs_in(Shell& shell, std::optional<ProcessState> state, Names& out) {
  for (const Job& job : shell.jobs().all()) {
    if (state && job.state() != *state) continue;
    out.push_back(job.command.substr(0, job.command.find(' ')));
  }
}

void all_jobs(Shell& shell, std::string_view, Names& out) { jobs_in(shell, std::nullopt, out); }

void running_jobs(Shell& shell, std::string_view, Names& out) {
  jobs_in(shell, ProcessState::running, out);
}

void stopped_jobs(Shell& shell, std::string_view, Names& out) {
  jobs_in(shell, ProcessState::stopped, out);
}

constexpr CompletionAction kActions[] = {
    {"alias", aliases},
    {"arrayvar", variables<kIndexed | kAssociative>},
    {"binding", line_functions},
    {"builtin", builtins<Which::all>},
    {"command", commands},
    {"directory", directories},
    {"disabled", builtins<Which::disabled>},
    {"enabled", builtins<Which::enabled>},
    {"export", variables<kExported>},
    {"file", any_files},
    {"function", functions},
    {"group", groups},
    {"helptopic", help_topics},
    {"hostname", hosts},
    {"job", all_jobs},
    {"keyword", keywords},
    {"running", running_jobs},
    {"service", services},
    {"setopt", set_options},
    {"shopt", shell_options},
    {"signal", signals},
    {"stopped", stopped_jobs},
    {"user", users},
    {"variable", variables<0>},
};

}  // namespace

const CompletionAction* find_completion_action(std::string_view name) noexcept {
  const auto found = std::ranges::find(kActions, name, &CompletionAction::name);
  return found == std::end(kActions) ? nullptr : found;
}

}  // namespace swebash::engine
