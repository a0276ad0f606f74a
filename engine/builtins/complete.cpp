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

// What `help` knows beside the builtins.
constexpr std::string_view kGrammarTopics[] = {
    "%",  "(( ... ))", "[[ ... ]]", "case",  "coproc",    "for",   "for ((", "function",
    "if", "select",    "time",      "until", "variables", "while", "{ ... }"};

constexpr std::string_view kLineFunctions[] = {
#define SWEBASH_LINE_FUNCTION(name, keys) name,
#include "engine/builtins/line_functions.def"
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

void services(std::vector<std::string>& out) {
  for_each_line("/etc/services", [&](std::span<const std::string> words) {
    out.push_back(words[0]);
    if (words.size() > 2) out.insert(out.end(), words.begin() + 2, words.end());
  });
}

// `depth`: how many files have included this one.
void host_names(const std::string& path, std::vector<std::string>& out, usize depth = 0) {
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

void list_files(Shell& shell, std::string_view word, bool directories_only,
                std::vector<std::string>& out) {
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

void list_programs(Shell& shell, std::string_view word, std::vector<std::string>& out) {
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

void produce(Shell& shell, const std::string& action, std::string_view word,
             std::vector<std::string>& out) {
  const auto builtins = [&](bool disabled_only, bool enabled_only) {
    for (const Builtin& row : builtin_table()) {
      if (row.kind == BuiltinKind::utility) continue;
      const bool disabled = shell.builtins().is_disabled(row.name);
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
    for (const std::string_view topic : kGrammarTopics) out.emplace_back(topic);
    std::ranges::sort(out);
  } else if (action == "binding") {
    for (const std::string_view name : kLineFunctions) out.emplace_back(name);
  } else if (action == "service") {
    services(out);
  } else if (action == "hostname") {
    const std::string* file = shell.variables().get("HOSTFILE");
    host_names(file == nullptr ? "/etc/hosts" : *file, out);
  } else if (action == "command") {
    sorted_keys(shell.aliases());
    out.insert(out.end(), std::begin(kKeywords), std::end(kKeywords));
    const auto names = shell.functions().names();
    out.insert(out.end(), names.begin(), names.end());
    builtins(false, false);
    list_programs(shell, word, out);
  } else if (action == "directory") {
    list_files(shell, word, true, out);
  } else if (action == "file") {
    list_files(shell, word, false, out);
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
      // bash: the two that the C library keeps for itself.
      if (name.empty() && signal) out.push_back("SIGJUNK(" + std::to_string(condition) + ")");
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

// The length of the $( ), ${ }, <( ), >( ) or ` ` that `text` begins with; 0 when it begins with
// none.
usize substitution_length(std::string_view text) {
  if (text.starts_with('`')) {
    for (usize i = 1; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '`') {
        return i + 1;
      }
    }
    return 0;
  }
  if (!text.starts_with("$(") && !text.starts_with("${") && !text.starts_with("<(") &&
      !text.starts_with(">(")) {
    return 0;
  }
  const char open = text[1], close = open == '(' ? ')' : '}';
  usize depth = 0;
  char quote = 0;
  for (usize i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'') {
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == open) {
      ++depth;
    } else if (c == close && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

// The words of -X for `word`: & stands for it.
std::string filter_pattern(std::string_view filter, std::string_view word) {
  std::string text;
  for (usize i = 0; i < filter.size(); ++i) {
    if (filter[i] == '\\' && i + 1 < filter.size()) {
      if (filter[i + 1] != '&') text += '\\';
      text += filter[++i];
    } else if (filter[i] == '&') {
      text += word;
    } else {
      text += filter[i];
    }
  }
  return text;
}

// The list of -W as words of the shell: cut at IFS, where it is not quoted; blanks that do not
// separate are quoted.
std::string shell_words(std::string_view list, const std::string* ifs) {
  const std::string_view separators = ifs == nullptr ? std::string_view(" \t\n") : *ifs;
  std::string words;
  char quote = 0;
  for (usize i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (const usize length = quote == '\'' ? 0 : substitution_length(list.substr(i)); length > 0) {
      words += list.substr(i, length);
      i += length - 1;
    } else if (c == '\\' && quote != '\'' && i + 1 < list.size()) {
      words += c;
      words += list[++i];
    } else if (quote != 0) {
      words += c;
      if (c == quote) quote = 0;
    } else if (separators.find(c) != std::string_view::npos) {
      words += ' ';
    } else {
      if (c == '\'' || c == '"') quote = c;
      if (std::string_view(" \t\n;&|<>()#").find(c) != std::string_view::npos) words += '\\';
      words += c;
    }
  }
  if (quote != 0) words += quote;  // bash: one that is left open ends with the list
  return words;
}

// The word that -W completes without its quotes, as bash takes them off: a backslash counts within
// single quotes too where the word begins with them, since the first closes what it is said to
// open.
std::string without_quotes(std::string_view word) {
  std::string text;
  char quote = word.starts_with('\'') || word.starts_with('"') ? word[0] : 0;
  for (usize i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '\\') {
      const bool kept =
          i + 1 < word.size() &&
          (quote == '\'' || (quote == '"' && std::string_view("$`\"\\\n").find(word[i + 1]) ==
                                                 std::string_view::npos));
      if (kept) text += c;
      if (++i < word.size()) text += word[i];
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      text += c;
    }
  }
  return text;
}

// Runs -F's function with the words bash gives it; what it puts into COMPREPLY.
void call_function(Invocation& invocation, const Recipe& recipe, const std::string& word,
                   std::vector<std::string>& out) {
  Shell& shell = invocation.shell;
  const FunctionPtr* function = shell.functions().find(recipe.function);
  if (function == nullptr) return;
  static_cast<void>(shell.variables().unset("COMPREPLY"));
  // No line is being completed.
  static_cast<void>(shell.variables().assign("COMP_CWORD", "-1"));
  static_cast<void>(shell.variables().assign("COMP_POINT", "0"));
  static_cast<void>(shell.variables().assign("COMP_LINE", ""));
  static_cast<void>(shell.variables().assign("COMP_KEY", "0"));
  static_cast<void>(shell.variables().assign("COMP_TYPE", "0"));
  const std::string arguments[] = {"compgen", word, ""};
  const Flow flow = invocation.executor.call(*function, arguments);
  for (const std::string_view name :
       {"COMP_CWORD", "COMP_POINT", "COMP_LINE", "COMP_KEY", "COMP_TYPE"}) {
    static_cast<void>(shell.variables().unset(name));
  }
  if (flow != Flow::normal) {
    shell.flow().pass_on(flow);
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

// A command's name as a specification is listed: only the empty one is quoted.
std::string_view shown_name(std::string_view name) { return name.empty() ? "''" : name; }

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
  std::erase_if(found, [&](const std::string& text) { return !text.starts_with(word); });
  if (recipe.has_words) {
    auto unit = parse_text("compgen " + shell_words(recipe.words, shell.expander().ifs()), shell);
    if (unit && *unit && (*unit)->list != nullptr && (*unit)->list->items.size() == 1) {
      const Command& command = *(*unit)->list->items[0]->pipelines[0]->commands[0];
      if (command.kind == CommandKind::simple) {
        const auto words = static_cast<const SimpleCommand&>(command).words;
        std::vector<std::string> list;
        static_cast<void>(shell.expander().fields_without_files(words.subspan(1), list));
        const std::string beginning = without_quotes(word);
        for (std::string& text : list) {
          if (text.starts_with(beginning)) found.push_back(std::move(text));
        }
      }
    }
  }
  if (!recipe.command.empty()) {
    const std::string text =
        "$(" + recipe.command + " compgen " + quote_single_plain(word) + " '')";
    if (auto output = shell.expander().expand_text(text)) split_lines(*output, found);
  }
  if (!recipe.function.empty()) call_function(invocation, recipe, word, found);
  if (!recipe.filter.empty()) {
    std::string text = filter_pattern(recipe.filter, word);
    const bool extglob = shell.on(ShellOption::extglob);
    const bool keep = text.starts_with('!') && !(extglob && text.starts_with("!("));
    if (keep) text.erase(0, 1);
    const Pattern pattern(text, {.extglob = extglob});
    std::erase_if(found, [&](const std::string& one) { return pattern.matches(one) != keep; });
  }
  const auto asked = [&](std::string_view option) {
    return (' ' + recipe.options + ' ').find(' ' + std::string(option) + ' ') != std::string::npos;
  };
  const bool nothing = found.empty();
  if (asked("plusdirs") || (nothing && asked("dirnames"))) list_files(shell, word, true, found);
  if (nothing && found.empty() && asked("default")) list_files(shell, word, false, found);
  const bool sorts = std::ranges::any_of(recipe.actions, [](const std::string& action) {
    return action == "file" || action == "directory";
  });
  if (sorts) std::ranges::sort(found);
  invocation.out.set_failure(Output::Failure::unnoticed);
  for (const std::string& text : found) {
    put_line(invocation.out, recipe.prefix + text + recipe.suffix);
  }
  const bool asks = !recipe.actions.empty() || recipe.has_words || !recipe.glob.empty() ||
                    !recipe.function.empty() || !recipe.command.empty() || !recipe.options.empty();
  return found.empty() && asks ? kFailure : kSuccess;
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
      // bash: in the order of its table.
      constexpr u32 kBuckets = 512;
      std::ranges::sort(names, [](std::string_view left, std::string_view right) {
        return hashes_before(left, right, kBuckets);
      });
    }
    for (const std::string& name : names) {
      const auto found = table.find(name);
      if (found == table.end()) {
        invocation.error(name, "no completion specification");
        status = kFailure;
      } else {
        put_line(invocation.out, "complete" + found->second + " " + std::string(shown_name(name)));
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
      put_line(invocation.out, shown + " " + std::string(shown_name(key)));
    } else {
      found->second = text + std::string(rest);
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
