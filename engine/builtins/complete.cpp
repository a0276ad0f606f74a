// SPDX-License-Identifier: Apache-2.0
//
// compgen, complete and compopt.
#include <algorithm>

#include "engine/builtins/about_line.hpp"
#include "engine/builtins/declarations.hpp"
#include "engine/editing/completion_actions.hpp"
#include "engine/editing/generate.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {
namespace {

// What was asked for by the options of compgen and complete.
struct Request {
  CompletionSpec spec;
  std::string_view about_line;  // what -L asks
  bool print = false, remove = false, defaults = false, empty_line = false, first_word = false;
  std::span<const std::string> operands;
};

constexpr struct {
  char letter;
  std::string_view action;
} kLetters[] = {{'a', "alias"},   {'b', "builtin"}, {'c', "command"}, {'d', "directory"},
                {'e', "export"},  {'f', "file"},    {'g', "group"},   {'j', "job"},
                {'k', "keyword"}, {'s', "service"}, {'u', "user"},    {'v', "variable"}};

// The bit of an option that was given; says so when there is none.
u32 given_option(Invocation& invocation, std::string_view name) {
  const u32 bit = completion_option(name);
  if (bit == 0) invocation.error(name, "invalid option name");
  return bit;
}

std::optional<ExitStatus> parse(Invocation& invocation, std::string_view letters,
                                Request& request) {
  CompletionSpec& spec = request.spec;
  OptionParser options(invocation, letters);
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'o': {
        const u32 bit = given_option(invocation, options.argument());
        if (bit == 0) return kUsage;
        spec.options |= bit;
        break;
      }
      case 'A':
        if (find_completion_action(options.argument()) == nullptr) {
          invocation.error(options.argument(), "invalid action name");
          return kUsage;
        }
        spec.actions.emplace_back(options.argument());
        break;
      case 'G': spec.glob = options.argument(); break;
      case 'W':
        spec.words = options.argument();
        spec.has_words = true;
        break;
      case 'F': spec.function = options.argument(); break;
      case 'C': spec.command = options.argument(); break;
      case 'X': spec.filter = options.argument(); break;
      case 'P': spec.prefix = options.argument(); break;
      case 'S': spec.suffix = options.argument(); break;
      case 'L': request.about_line = options.argument(); break;
      case 'p': request.print = true; break;
      case 'r': request.remove = true; break;
      case 'D': request.defaults = true; break;
      case 'E': request.empty_line = true; break;
      case 'I': request.first_word = true; break;
      default:
        for (const auto& row : kLetters) {
          if (row.letter == letter) spec.actions.emplace_back(row.action);
        }
    }
  }
  request.operands = options.operands();
  return std::nullopt;
}

// As `complete -p` prints it.
std::string describe(const CompletionSpec& spec) {
  std::string text;
  for (const std::string_view option : kCompletionOptions) {
    if ((spec.options & completion_option(option)) != 0) text.append(" -o ").append(option);
  }
  // bash: those that have a letter, then the others, both in the order of the alphabet.
  std::vector<std::string> letters, others;
  for (const std::string& action : spec.actions) {
    const auto row =
        std::ranges::find_if(kLetters, [&](const auto& one) { return one.action == action; });
    if (row != std::end(kLetters)) {
      letters.push_back(std::string(" -") + row->letter);
    } else {
      others.push_back(" -A " + action);
    }
  }
  std::ranges::sort(letters);
  std::ranges::sort(others);
  for (const std::string& action : letters) text += action;
  for (const std::string& action : others) text += action;
  const auto add = [&](std::string_view option, const std::string& value) {
    if (!value.empty()) text += " " + std::string(option) + " " + quote_single_plain(value);
  };
  add("-G", spec.glob);
  if (spec.has_words) text += " -W " + quote_single_plain(spec.words);
  add("-P", spec.prefix);
  add("-S", spec.suffix);
  add("-X", spec.filter);
  add("-C", spec.command);
  if (!spec.function.empty()) text += " -F " + spec.function;
  return text;
}

// A command's name as a specification is listed: only the empty one is quoted.
std::string_view shown_name(std::string_view name) { return name.empty() ? "''" : name; }

}  // namespace

ExitStatus compgen(Invocation& invocation) {
  Request request;
  if (const auto status = parse(invocation, "abcdefgjksuvo:A:G:W:F:C:X:P:S:L:", request)) {
    return *status;
  }
  if (!request.about_line.empty()) {
    return about_line(invocation, request.about_line, request.operands);
  }
  CompletionSpec& spec = request.spec;
  const std::string word = request.operands.empty() ? std::string() : request.operands[0];
  // bash: as no line is being completed.
  const auto warn = [&](std::string_view option) {
    invocation.error("warning: " + std::string(option) + " option may not work as you expect");
  };
  if (!spec.function.empty()) warn("-F");
  if (!spec.command.empty()) warn("-C");
  // bash: each action once, however often it is asked for.
  for (auto at = spec.actions.begin(); at != spec.actions.end();) {
    at = std::find(spec.actions.begin(), at, *at) != at ? spec.actions.erase(at) : at + 1;
  }
  std::vector<std::string> found = compgen_words(invocation.executor, spec, word);
  invocation.out.set_failure(Output::Failure::unnoticed);
  for (const std::string& text : found) {
    put_line(invocation.out, text);
  }
  return found.empty() && !spec.is_empty() ? kFailure : kSuccess;
}

ExitStatus complete(Invocation& invocation) {
  Request request;
  if (const auto status = parse(invocation, "abcdefgjksuvprDEIo:A:G:W:F:C:X:P:S:", request)) {
    return *status;
  }
  auto& table = invocation.shell.completions().table();
  std::vector<std::string> names(request.operands.begin(), request.operands.end());
  // bash: of several the first counts.
  if (request.defaults) {
    names.assign(1, std::string(kDefaultCompletion));
  } else if (request.empty_line) {
    names.assign(1, std::string(kEmptyLineCompletion));
  } else if (request.first_word) {
    names.assign(1, std::string(kFirstWordCompletion));
  }
  if (request.remove) {
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
  if (request.print || (names.empty() && request.spec.is_empty())) {
    ExitStatus status = kSuccess;
    if (!request.print) invocation.out.set_failure(Output::Failure::unnoticed);
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
        put_line(invocation.out,
                 "complete" + describe(found->second) + " " + std::string(shown_name(name)));
      }
    }
    return status;
  }
  if (names.empty()) return invocation.usage();
  for (const std::string& name : names) table.insert_or_assign(name, request.spec);
  return kSuccess;
}

ExitStatus compopt(Invocation& invocation) {
  OptionParser options(invocation, "DEIo:");
  options.plus_allowed();
  u32 on = 0, off = 0;
  std::vector<std::string_view> keys;
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'D': keys.push_back(kDefaultCompletion); break;
      case 'E': keys.push_back(kEmptyLineCompletion); break;
      case 'I': keys.push_back(kFirstWordCompletion); break;
      default: {
        const u32 bit = given_option(invocation, options.argument());
        if (bit == 0) return kUsage;
        (options.plus() ? off : on) |= bit;
      }
    }
  }
  keys.insert(keys.end(), options.operands().begin(), options.operands().end());
  CompletionSpecs& specs = invocation.shell.completions();
  const auto turn = [&](u32& set, std::string_view name) {
    if (on == 0 && off == 0) {
      std::string shown = "compopt";
      for (const std::string_view option : kCompletionOptions) {
        shown.append((set & completion_option(option)) != 0 ? " -o " : " +o ").append(option);
      }
      put_line(invocation.out, shown + " " + std::string(shown_name(name)));
    } else {
      // bash: what is given both ways is on.
      set = (set & ~off) | on;
    }
  };
  if (keys.empty()) {
    CompletionSpecs::Running* const running = specs.running();
    if (running == nullptr) {
      invocation.error("not currently executing completion function");
      return kFailure;
    }
    turn(running->options, running->command);
    return kSuccess;
  }
  ExitStatus status = kSuccess;
  for (const std::string_view key : keys) {
    if (CompletionSpec* const spec = specs.find(key)) {
      turn(spec->options, key);
    } else {
      invocation.error(key, "no completion specification");
      status = kFailure;
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
