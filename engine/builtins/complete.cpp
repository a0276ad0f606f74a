// SPDX-License-Identifier: Apache-2.0
//
// compgen, complete and compopt.
#include <algorithm>

#include "engine/builtins/completion_actions.hpp"
#include "engine/builtins/completion_words.hpp"
#include "engine/builtins/declarations.hpp"
#include "engine/expansion/glob.hpp"
#include "engine/interpreter/exec.hpp"
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
        if (find_completion_action(options.argument()) == nullptr) {
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

// Runs -F's function with the words bash gives it; what it puts into COMPREPLY.
void call_function(Invocation& invocation, const Recipe& recipe, const std::string& word,
                   std::vector<std::string>& out) {
  Shell& shell = invocation.shell;
  const FunctionPtr* function = shell.functions().find(recipe.function);
  if (function == nullptr) {
    const std::string_view running = shell.builtins().set_running({});
    shell.report_message("completion: function `" + recipe.function + "' not found");
    shell.builtins().set_running(running);
    return;
  }
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
  // bash: as no line is being completed.
  const auto warn = [&](std::string_view option) {
    invocation.error("warning: " + std::string(option) + " option may not work as you expect");
  };
  if (!recipe.function.empty()) warn("-F");
  if (!recipe.command.empty()) warn("-C");
  std::vector<std::string> found;
  const auto add = [&](std::string_view action) {
    find_completion_action(action)->list(shell, word, found);
  };
  // bash: each action once, however often it is asked for.
  for (auto at = recipe.actions.begin(); at != recipe.actions.end();) {
    at = std::find(recipe.actions.begin(), at, *at) != at ? recipe.actions.erase(at) : at + 1;
  }
  for (const std::string& action : recipe.actions) add(action);
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
  if (asked("plusdirs") || (nothing && asked("dirnames"))) add("directory");
  if (nothing && found.empty() && asked("default")) add("file");
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
