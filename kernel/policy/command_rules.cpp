// SPDX-License-Identifier: Apache-2.0
#include "kernel/policy/command_rules.hpp"

#include "kernel/policy/git_command.hpp"

namespace swebash::kernel {
namespace {

std::string_view without_folders(std::string_view name) noexcept {
  return name.substr(name.rfind('/') + 1);
}

std::string joined(std::string_view first, std::span<const std::string_view> rest) {
  std::string text(first);
  for (const std::string_view word : rest) text.append(" ").append(word);
  return text;
}

// Whether `one` is in the set that begins at `pattern[at]`, a bracket; `at` is moved behind it, or
// left where it is no set.
bool is_in_set(char one, std::string_view pattern, usize& at) noexcept {
  usize next = at + 1;
  const bool inverted = next < pattern.size() && (pattern[next] == '!' || pattern[next] == '^');
  if (inverted) ++next;
  const usize first = next;
  bool found = false;
  for (; next < pattern.size() && (pattern[next] != ']' || next == first); ++next) {
    if (next + 2 < pattern.size() && pattern[next + 1] == '-' && pattern[next + 2] != ']') {
      found |= pattern[next] <= one && one <= pattern[next + 2];
      next += 2;
    } else {
      found |= pattern[next] == one;
    }
  }
  if (next >= pattern.size()) return false;
  at = next + 1;
  return found != inverted;
}

}  // namespace

bool is_like(std::string_view text, std::string_view pattern) noexcept {
  // Where to go on when what follows the last star does not fit: one character further.
  usize at = 0, star = std::string_view::npos, after_star = 0;
  for (usize i = 0; i < text.size() || at < pattern.size();) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      after_star = i;
      continue;
    }
    if (at < pattern.size() && i < text.size()) {
      usize next = at + 1;
      bool fits = pattern[at] == '?' || pattern[at] == text[i];
      if (pattern[at] == '[') {
        usize behind = at;
        const bool in = is_in_set(text[i], pattern, behind);
        if (behind != at) {
          fits = in;
          next = behind;
        }
      } else if (pattern[at] == '\\' && next < pattern.size()) {
        fits = pattern[next] == text[i];
        ++next;
      }
      if (fits) {
        at = next;
        ++i;
        continue;
      }
    }
    if (star == std::string_view::npos || after_star >= text.size()) return false;
    at = star + 1;
    i = ++after_star;
  }
  return true;
}

namespace {

Verdict judge_words(const Policy& policy, std::span<const std::string_view> words,
                    const std::string& directory) {
  Verdict verdict;
  const auto rest = words.subspan(1);
  const std::string_view name = without_folders(words[0]);
  if (!policy.commands.empty()) {
    const std::string whole = joined(words[0], rest), short_name = joined(name, rest);
    for (const CommandRule& rule : policy.commands) {
      if (is_like(whole, rule.match) || is_like(short_name, rule.match)) {
        verdict = {rule.action, &rule, {}};
      }
    }
  }
  if (policy.branches.empty() || name != "git") return verdict;
  // The stricter of the two counts.
  const GitBranches branches = git_branches(words, directory);
  const auto take = [&](const CommandRule& rule, const std::string& branch) {
    if (rule.action > verdict.action) verdict = {rule.action, &rule, branch};
  };
  if (branches.all) take(policy.branches.front(), policy.branches.front().match);
  for (const std::string& branch : branches.names) {
    for (const CommandRule& rule : policy.branches) {
      if (!branch.empty() && is_like(branch, rule.match)) take(rule, branch);
    }
  }
  return verdict;
}

}  // namespace

Verdict judge_command(const Policy& policy, std::span<const std::string_view> words,
                      const std::string& directory, std::string_view program) {
  Verdict verdict = judge_words(policy, words, directory);
  if (program.empty() || without_folders(program) == without_folders(words[0])) return verdict;
  // `exec -a` and `hash -p` give a program another name. The stricter of both counts.
  std::vector<std::string_view> renamed(words.begin(), words.end());
  renamed[0] = program;
  Verdict other = judge_words(policy, renamed, directory);
  return other.action > verdict.action ? std::move(other) : std::move(verdict);
}

}  // namespace swebash::kernel
