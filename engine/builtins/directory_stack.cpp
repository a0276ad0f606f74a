// SPDX-License-Identifier: Apache-2.0
//
// dirs, pushd and popd: the stack whose top is the working directory.
#include <algorithm>

#include "engine/builtins/cd.hpp"
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

std::string shown(Shell& shell, const std::string& path, bool in_full) {
  const std::string* home = shell.variables().get("HOME");
  if (in_full || home == nullptr || home->empty() || *home == "/") return path;
  if (path == *home) return "~";
  if (path.starts_with(*home) && path[home->size()] == '/') return "~" + path.substr(home->size());
  return path;
}

enum class Listing : u8 { line, lines, numbered };

void put_number(Output& out, usize index) {
  if (index < 10) out.put(' ');
  out.put_number(static_cast<i64>(index));
  out.put("  ");
}

void list_stack(Invocation& invocation, Listing listing, bool in_full) {
  Shell& shell = invocation.shell;
  const auto& stack = shell.directory().stack();
  const std::string* const here = shell.directory().find("dirs");
  for (usize i = 0; i <= stack.size(); ++i) {
    std::string entry = "<no current directory>";
    if (i > 0 || here != nullptr) entry = shown(shell, i == 0 ? *here : stack[i - 1], in_full);
    if (listing == Listing::line) {
      if (i > 0) invocation.out.put(' ');
      invocation.out.put(entry);
      continue;
    }
    if (listing == Listing::numbered) put_number(invocation.out, i);
    put_line(invocation.out, entry);
  }
  if (listing == Listing::line) invocation.out.put('\n');
}

// The index from the left that +N or -N names; empty (reported, as `shown`) when there is none.
std::optional<usize> stack_index(Invocation& invocation, const std::string& text,
                                 std::string_view shown) {
  const auto number = parse_integer(std::string_view(text).substr(1));
  if (!number || *number < 0) {
    invocation.error(text, "invalid number");
    invocation.usage();
    return std::nullopt;
  }
  const usize count = invocation.shell.directory().stack().size() + 1;
  const usize index = static_cast<usize>(*number);
  if (index >= count) {
    if (count == 1) {
      invocation.error("directory stack empty");
    } else {
      invocation.error(shown, "directory stack index out of range");
    }
    return std::nullopt;
  }
  return text[0] == '+' ? index : count - 1 - index;
}

bool is_index(const std::string& text) {
  return text.size() > 1 && (text[0] == '+' || text[0] == '-') && text[1] >= '0' && text[1] <= '9';
}

bool go(Invocation& invocation, const std::string& path) {
  const i64 answer = change_directory(invocation.shell, path, DirectoryMode::logical).answer;
  if (answer >= 0) return true;
  invocation.error(path, system_message(answer));
  return false;
}

}  // namespace

ExitStatus dirs(Invocation& invocation) {
  Listing listing = Listing::line;
  bool in_full = false, clears = false;
  std::optional<usize> index;
  Shell& shell = invocation.shell;
  for (const std::string& word : invocation.arguments) {
    if (word == "--") break;
    if (word == "-c") {
      clears = true;
    } else if (word == "-l") {
      in_full = true;
    } else if (word == "-p") {
      listing = std::max(listing, Listing::lines);
    } else if (word == "-v") {
      listing = Listing::numbered;
    } else if (word.starts_with('+') || word.starts_with('-')) {
      index = stack_index(invocation, word, std::string_view(word).substr(1));
      if (!index) return is_index(word) ? kFailure : kUsage;
    } else {
      invocation.error(word, "invalid option");
      return invocation.usage();
    }
  }
  if (clears) {
    shell.directory().stack().clear();
    return kSuccess;
  }
  if (!index) {
    list_stack(invocation, listing, in_full);
    return kSuccess;
  }
  const std::string& path =
      *index == 0 ? shell.directory().path() : shell.directory().stack()[*index - 1];
  if (listing == Listing::numbered) put_number(invocation.out, *index);
  put_line(invocation.out, shown(shell, path, in_full));
  return kSuccess;
}

ExitStatus pushd(Invocation& invocation) {
  Shell& shell = invocation.shell;
  auto& stack = shell.directory().stack();
  auto arguments = invocation.arguments;
  if (shell.restricted()) {
    invocation.error("restricted");
    return kFailure;
  }
  bool stay = false;
  while (!arguments.empty() && arguments[0].starts_with('-') && arguments[0].size() > 1 &&
         !is_index(arguments[0])) {
    if (arguments[0] == "--") {
      arguments = arguments.subspan(1);
      break;
    }
    if (arguments[0] != "-n") {
      invocation.error(arguments[0], "invalid number");
      return invocation.usage();
    }
    stay = true;
    arguments = arguments.subspan(1);
  }
  if (arguments.size() > 1) {
    invocation.error("too many arguments");
    return kFailure;
  }
  if (arguments.empty()) {
    if (stay) return kSuccess;  // nothing is to be put there
    if (stack.empty()) {
      invocation.error("no other directory");
      return kFailure;
    }
    if (stay) return kSuccess;
    const std::string here = shell.directory().path(), other = stack[0];
    if (!go(invocation, other)) return kFailure;
    stack[0] = here;
  } else if (is_index(arguments[0])) {
    const auto index = stack_index(invocation, arguments[0], arguments[0]);
    if (!index) return kFailure;
    std::vector<std::string> all{shell.directory().path()};
    all.insert(all.end(), stack.begin(), stack.end());
    std::ranges::rotate(all, all.begin() + static_cast<std::ptrdiff_t>(*index));
    if (!stay && !go(invocation, all[0])) return kFailure;
    stack.assign(all.begin() + 1, all.end());
    if (stay) return kSuccess;
  } else {
    const std::string* const found = shell.directory().find("pushd");
    if (found == nullptr) return kFailure;
    const std::string here = *found;
    if (stay) {
      stack.insert(stack.begin(), arguments[0]);  // bash: as it is written
    } else {
      std::string target = arguments[0];
      if (target == "-") {
        const std::string* old = shell.variables().get("OLDPWD");
        if (old == nullptr) {
          invocation.error("OLDPWD not set");
          return kFailure;
        }
        target = *old;
      }
      if (!go(invocation, target)) return kFailure;
      stack.insert(stack.begin(), here);
    }
  }
  invocation.out.set_failure(Output::Failure::told);
  list_stack(invocation, Listing::line, false);
  return kSuccess;
}

ExitStatus popd(Invocation& invocation) {
  Shell& shell = invocation.shell;
  auto& stack = shell.directory().stack();
  bool stay = false;
  usize index = 0;
  for (const std::string& word : invocation.arguments) {
    if (is_index(word)) {
      const auto found = stack_index(invocation, word, word);
      if (!found) return kFailure;
      index = *found;
    } else if (word == "-n") {
      stay = true;
    } else if (word == "--") {
      continue;
    } else if (word.starts_with('-')) {
      invocation.error(word, "invalid number");
      return invocation.usage();
    } else {
      invocation.error(word, "invalid argument");
      return invocation.usage();
    }
  }
  if (stack.empty()) {
    invocation.error("directory stack empty");
    return kFailure;
  }
  if (index > 0) {
    stack.erase(stack.begin() + static_cast<std::ptrdiff_t>(index) - 1);
  } else {
    const std::string target = stack[0];
    if (!stay && !go(invocation, target)) return kFailure;
    stack.erase(stack.begin());
  }
  list_stack(invocation, Listing::line, false);
  return kSuccess;
}

}  // namespace swebash::engine::builtins
