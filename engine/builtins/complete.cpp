// SPDX-License-Identifier: Apache-2.0
//
// compgen, complete and compopt.
#include <algorithm>

#include "engine/builtins/declarations.hpp"
#include "engine/builtins/type.hpp"
#include "engine/expansion/glob.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/syntax/reserved_words.hpp"
#include "engine/system/files.hpp"
#include "engine/system/users.hpp"
#include "engine/text/pattern.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {
namespace {

// What a completion is made of: the options that compgen and complete share.
struct Recipe {
  std::vector<std::string> actions;
  std::string options;  // of -o, blank-separated
  std::string glob, words, function, command, filter, prefix, suffix;
  bool has_words = false;
  bool print = false, remove = false, defaults = false, empty_line = false, first_word = false;
  std::span<const std::string> operands;
};

constexpr struct {
  char letter;
  std::string_view action;
} kLetters[] = {{'a', "alias"},   {'b', "builtin"}, {'c', "command"}, {'d', "directory"},
                {'e', "export"},  {'f', "file"},    {'g', "group"},   {'j', "job"},
                {'k', "keyword"}, {'s', "service"}, {'u', "user"},    {'v', "variable"}};

constexpr std::string_view kActions[] = {
    "alias",   "arrayvar", "binding",  "builtin", "command",   "directory", "disabled", "enabled",
    "export",  "file",     "function", "group",   "helptopic", "hostname",  "job",      "keyword",
    "running", "service",  "setopt",   "shopt",   "signal",    "stopped",   "user",     "variable"};

constexpr std::string_view kOptions[] = {"bashdefault", "default", "dirnames", "filenames",
                                         "noquote",     "nosort",  "nospace",  "plusdirs"};

// Whether complete -o takes `name`; says so when not.
bool check_option(Invocation& invocation, std::string_view name) {
  if (std::ranges::find(kOptions, name) != std::end(kOptions)) return true;
  invocation.error(name, "invalid option name");
  return false;
}

std::optional<ExitStatus> parse(Invocation& invocation, std::string_view letters, Recipe& recipe) {
  OptionParser options(invocation, letters);
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'o':
        if (!check_option(invocation, options.argument())) return kUsage;
        if (!recipe.options.empty()) recipe.options += ' ';
        recipe.options += options.argument();
        break;
      case 'A':
        if (std::ranges::find(kActions, options.argument()) == std::end(kActions)) {
          invocation.error(options.argument(), "invalid action name");
          return kUsage;
        }
        recipe.actions.emplace_back(options.argument());
        break;
      case 'G': recipe.glob = options.argument(); break;
      case 'W':
        recipe.words = options.argument();
        recipe.has_words = true;
        break;
      case 'F': recipe.function = options.argument(); break;
      case 'C': recipe.command = options.argument(); break;
      case 'X': recipe.filter = options.argument(); break;
      case 'P': recipe.prefix = options.argument(); break;
      case 'S': recipe.suffix = options.argument(); break;
      case 'p': recipe.print = true; break;
      case 'r': recipe.remove = true; break;
      case 'D': recipe.defaults = true; break;
      case 'E': recipe.empty_line = true; break;
      case 'I': recipe.first_word = true; break;
      default:
        for (const auto& row : kLetters) {
          if (row.letter == letter) recipe.actions.emplace_back(row.action);
        }
    }
  }
  recipe.operands = options.operands();
  return std::nullopt;
}

void list_files(std::string_view word, bool directories_only, std::vector<std::string>& out) {
  const usize slash = word.rfind('/');
  const std::string directory(slash == std::string_view::npos ? "." : word.substr(0, slash + 1));
  const std::string before(slash == std::string_view::npos ? "" : word.substr(0, slash + 1));
  const std::string_view rest = slash == std::string_view::npos ? word : word.substr(slash + 1);
  std::vector<files::Entry> entries;
  if (!files::list(directory, entries)) return;
  for (const files::Entry& entry : entries) {
    if (entry.name.starts_with('.') && !rest.starts_with('.')) continue;
    if (directories_only && !files::is_directory(files::join(directory, entry.name))) continue;
    out.push_back(before + entry.name);
  }
}

void list_programs(Shell& shell, std::vector<std::string>& out) {
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
      if (files::access(files::join(directory, entry.name), abi::kAccessExecute)) {
        out.push_back(entry.name);
      }
    }
  }
}

void produce(Shell& shell, const std::string& action, std::string_view word,
             std::vector<std::string>& out) {
  const auto builtins = [&](bool disabled_only, bool enabled_only) {
    for (const Builtin& row : builtin_table()) {
      if (row.kind == BuiltinKind::utility) continue;
      const bool disabled = shell.builtin_disabled(row.name);
      if ((disabled_only && !disabled) || (enabled_only && disabled)) continue;
      out.emplace_back(row.name);
    }
  };
  const auto variables = [&](Attributes filter) {
    std::vector<std::string> names;
    for (const auto name : shell.variables().names(word)) names.emplace_back(name);
    for (const std::string& name : names) {
      const Variable* variable = shell.variables().find_unresolved(name);
      if (variable != nullptr && variable->is_assigned() &&
          (filter == 0 || variable->has(filter))) {
        out.push_back(name);
      }
    }
  };
  const auto sorted_keys = [&](const auto& map) {
    const usize start = out.size();
    for (const auto& entry : map) out.push_back(entry.first);
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(start), out.end());
  };
  const auto append = [&](const std::vector<std::string>& names) {
    out.insert(out.end(), names.begin(), names.end());
  };
  if (action == "alias") {
    sorted_keys(shell.aliases());
  } else if (action == "arrayvar") {
    variables(kIndexed | kAssociative);
  } else if (action == "builtin") {
    builtins(false, false);
  } else if (action == "disabled") {
    builtins(true, false);
  } else if (action == "enabled") {
    builtins(false, true);
  } else if (action == "helptopic") {
    builtins(false, false);
  } else if (action == "command") {
    sorted_keys(shell.aliases());
    out.insert(out.end(), std::begin(kKeywords), std::end(kKeywords));
    const auto names = shell.functions().names();
    out.insert(out.end(), names.begin(), names.end());
    builtins(false, false);
    list_programs(shell, out);
  } else if (action == "directory") {
    list_files(word, true, out);
  } else if (action == "file") {
    list_files(word, false, out);
  } else if (action == "export") {
    variables(kExported);
  } else if (action == "function") {
    const auto names = shell.functions().names();
    out.insert(out.end(), names.begin(), names.end());
  } else if (action == "group") {
    append(AccountFile(AccountFile::kGroups).names());
  } else if (action == "user") {
    append(AccountFile(AccountFile::kUsers).names());
  } else if (action == "keyword") {
    out.insert(out.end(), std::begin(kKeywords), std::end(kKeywords));
  } else if (action == "setopt") {
    for (const SetOptionRow& row : Options::set_rows()) out.emplace_back(row.name);
  } else if (action == "shopt") {
    for (const std::string_view name : Options::shell_rows()) out.emplace_back(name);
  } else if (action == "signal") {
    for (i32 condition = 0; condition < kTrapCount; ++condition) {
      const std::string_view name = trap_name(condition);
      const bool signal = condition > 0 && condition < kSignalCount;
      if (!name.empty()) out.push_back((signal ? "SIG" : "") + std::string(name));
    }
  } else if (action == "variable") {
    variables(0);
  } else if (action == "job" || action == "running" || action == "stopped") {
    for (const Job& job : shell.jobs().all()) {
      if (action == "running" && job.state() != ProcessState::running) continue;
      if (action == "stopped" && job.state() != ProcessState::stopped) continue;
      out.push_back(job.command.substr(0, job.command.find(' ')));
    }
  }
}

void split_lines(std::string_view text, std::vector<std::string>& out) {
  for (usize at = 0; at < text.size();) {
    usize end = text.find('\n', at);
    if (end == std::string_view::npos) end = text.size();
    if (end > at) out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
}

// The list of -W as words of the shell: cut at IFS, where it is not quoted; blanks that do not
// separate are quoted.
std::string shell_words(std::string_view list, const std::string* ifs) {
  const std::string_view separators = ifs == nullptr ? std::string_view(" \t\n") : *ifs;
  std::string words;
  char quote = 0;
  for (usize i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (c == '\\' && quote != '\'' && i + 1 < list.size()) {
      words += c;
      words += list[++i];
    } else if (quote != 0) {
      words += c;
      if (c == quote) quote = 0;
    } else if (separators.find(c) != std::string_view::npos) {
      words += ' ';
    } else {
      if (c == '\'' || c == '"') quote = c;
      if (c == ' ' || c == '\t' || c == '\n') words += '\\';
      words += c;
    }
  }
  return words;
}

// Runs -F's function with the words bash gives it; what it puts into COMPREPLY.
void call_function(Shell& shell, const Recipe& recipe, const std::string& word,
                   std::vector<std::string>& out) {
  const FunctionPtr* function = shell.functions().find(recipe.function);
  if (function == nullptr) return;
  static_cast<void>(shell.variables().unset("COMPREPLY"));
  // No line is being completed.
  static_cast<void>(shell.variables().assign("COMP_CWORD", "-1"));
  static_cast<void>(shell.variables().assign("COMP_POINT", "0"));
  static_cast<void>(shell.variables().assign("COMP_LINE", ""));
  const std::string arguments[] = {"compgen", word, ""};
  const Flow flow = shell.executor().call(*function, arguments);
  for (const std::string_view name : {"COMP_CWORD", "COMP_POINT", "COMP_LINE"}) {
    static_cast<void>(shell.variables().unset(name));
  }
  if (flow != Flow::normal) {
    shell.request(flow, shell.loop_levels());
    return;
  }
  const Variable* reply = shell.variables().find("COMPREPLY");
  if (reply == nullptr) return;
  if (reply->has(kIndexed)) {
    reply->indexed().for_each([&](i64, const std::string& text) {
      out.push_back(text);
      return true;
    });
  } else if (const std::string* text = reply->text()) {
    out.push_back(*text);
  }
}

std::string describe(const Recipe& recipe) {
  std::string text;
  const std::string given = ' ' + recipe.options + ' ';
  for (const std::string_view option : kOptions) {
    if (given.find(' ' + std::string(option) + ' ') == std::string::npos) continue;
    text.append(" -o ").append(option);
  }
  for (const std::string& action : recipe.actions) {
    const auto row =
        std::ranges::find_if(kLetters, [&](const auto& one) { return one.action == action; });
    text += row != std::end(kLetters) ? std::string(" -") + row->letter : " -A " + action;
  }
  const auto add = [&](std::string_view option, const std::string& value) {
    if (!value.empty()) text += " " + std::string(option) + " " + quote_single_plain(value);
  };
  add("-G", recipe.glob);
  if (recipe.has_words) text += " -W " + quote_single_plain(recipe.words);
  add("-P", recipe.prefix);
  add("-S", recipe.suffix);
  add("-X", recipe.filter);
  add("-C", recipe.command);
  if (!recipe.function.empty()) text += " -F " + recipe.function;
  return text;
}

// Where the specification for everything, for empty lines and for the first word is kept.
constexpr std::string_view kDefaultKey = "-D", kEmptyKey = "-E", kInitialKey = "-I";

}  // namespace

ExitStatus compgen(Invocation& invocation) {
  Recipe recipe;
  if (const auto status = parse(invocation, "abcdefgjksuvo:A:G:W:F:C:X:P:S:", recipe))
    return *status;
  Shell& shell = invocation.shell;
  const std::string word = recipe.operands.empty() ? std::string() : recipe.operands[0];
  std::vector<std::string> found;
  for (const std::string& action : recipe.actions) produce(shell, action, word, found);
  if (!recipe.glob.empty()) static_cast<void>(glob(recipe.glob, {}, found));
  if (recipe.has_words) {
    auto unit = parse_text("compgen " + shell_words(recipe.words, shell.expander().ifs()), shell);
    if (unit && *unit && (*unit)->list != nullptr && (*unit)->list->items.size() == 1) {
      const Command& command = *(*unit)->list->items[0]->pipelines[0]->commands[0];
      if (command.kind == CommandKind::simple) {
        const auto words = static_cast<const SimpleCommand&>(command).words;
        static_cast<void>(shell.expander().fields(words.subspan(1), found));
      }
    }
  }
  std::erase_if(found, [&](const std::string& text) { return !text.starts_with(word); });
  if (!recipe.command.empty()) {
    const std::string text = "$(" + recipe.command + ")";
    if (auto output = shell.expander().expand_text(text)) split_lines(*output, found);
  }
  if (!recipe.function.empty()) call_function(shell, recipe, word, found);
  if (!recipe.filter.empty()) {
    std::string text = recipe.filter;
    const bool keep = text.starts_with('!');
    if (keep) text.erase(0, 1);
    const Pattern pattern(text, {.extglob = true});
    std::erase_if(found, [&](const std::string& one) { return pattern.matches(one) != keep; });
  }
  if (found.empty() && recipe.options.find("default") != std::string::npos) {
    list_files(word, false, found);
    std::erase_if(found, [&](const std::string& text) { return !text.starts_with(word); });
  }
  const bool sorts = std::ranges::any_of(recipe.actions, [](const std::string& action) {
    return action == "file" || action == "directory";
  });
  if (sorts) std::ranges::sort(found);
  invocation.out.set_failure(Output::Failure::unnoticed);
  for (const std::string& text : found) {
    put_line(invocation.out, recipe.prefix + text + recipe.suffix);
  }
  return found.empty() ? kFailure : kSuccess;
}

ExitStatus complete(Invocation& invocation) {
  Recipe recipe;
  if (const auto status = parse(invocation, "abcdefgjksuvprDEIo:A:G:W:F:C:X:P:S:", recipe)) {
    return *status;
  }
  auto& table = invocation.shell.completions();
  std::vector<std::string> names(recipe.operands.begin(), recipe.operands.end());
  if (recipe.defaults) names.assign(1, std::string(kDefaultKey));
  if (recipe.empty_line) names.assign(1, std::string(kEmptyKey));
  if (recipe.first_word) names.assign(1, std::string(kInitialKey));
  if (recipe.remove) {
    if (names.empty()) table.clear();
    ExitStatus status = kSuccess;
    for (const std::string& name : names) {
      if (table.erase(name) == 0) {
        invocation.error(name, "no completion specification");
        status = kFailure;
      }
    }
    return status;
  }
  const bool nothing = recipe.actions.empty() && recipe.options.empty() && recipe.glob.empty() &&
                       !recipe.has_words && recipe.function.empty() && recipe.command.empty();
  if (recipe.print || (names.empty() && nothing)) {
    ExitStatus status = kSuccess;
    if (!recipe.print) invocation.out.set_failure(Output::Failure::unnoticed);
    if (names.empty()) {
      for (const auto& entry : table) names.push_back(entry.first);
      std::ranges::sort(names);
    }
    for (const std::string& name : names) {
      const auto found = table.find(name);
      if (found == table.end()) {
        invocation.error(name, "no completion specification");
        status = kFailure;
      } else {
        put_line(invocation.out, "complete" + found->second + " " + name);
      }
    }
    return status;
  }
  if (names.empty()) return invocation.usage();
  for (const std::string& name : names) table.insert_or_assign(name, describe(recipe));
  return kSuccess;
}

ExitStatus compopt(Invocation& invocation) {
  OptionParser options(invocation, "DEIo:");
  options.plus_allowed();
  std::vector<std::string_view> on, off, keys;
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'D': keys.push_back(kDefaultKey); break;
      case 'E': keys.push_back(kEmptyKey); break;
      case 'I': keys.push_back(kInitialKey); break;
      default:
        if (!check_option(invocation, options.argument())) return kUsage;
        (options.plus() ? off : on).push_back(options.argument());
    }
  }
  keys.insert(keys.end(), options.operands().begin(), options.operands().end());
  if (keys.empty()) {
    invocation.error("not currently executing completion function");
    return kFailure;
  }
  auto& table = invocation.shell.completions();
  ExitStatus status = kSuccess;
  for (const std::string_view key : keys) {
    const auto found = table.find(std::string(key));
    if (found == table.end()) {
      invocation.error(key, "no completion specification");
      status = kFailure;
      continue;
    }
    // A specification begins with its options.
    std::string_view rest = found->second;
    std::string text, shown = "compopt";
    for (const std::string_view option : kOptions) {
      std::string written(" -o ");
      written += option;
      const bool there = rest.starts_with(written);
      if (there) rest.remove_prefix(written.size());
      const bool set = std::ranges::find(on, option) != on.end() ||
                       (there && std::ranges::find(off, option) == off.end());
      if (set) text += written;
      shown.append(set ? " -o " : " +o ").append(option);
    }
    if (on.empty() && off.empty()) {
      put_line(invocation.out, shown + " " + std::string(key));
    } else {
      found->second = text + std::string(rest);
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
