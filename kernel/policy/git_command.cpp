// SPDX-License-Identifier: Apache-2.0
#include "kernel/policy/git_command.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"

namespace swebash::kernel {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kHeads = "refs/heads/";
// git push's options that are about every branch, of which it takes the beginning of a name too.
constexpr std::string_view kEveryBranch[] = {"--all", "--branches", "--mirror"};
constexpr std::string_view kCommits[] = {"am",   "cherry-pick", "commit", "merge",
                                         "pull", "rebase",      "revert"};
// Options that take the next word.
constexpr std::string_view kOfGit[] = {
    "-C",         "-c",          "--attr-source",  "--config-env",
    "--git-dir",  "--namespace", "--shallow-file", "--super-prefix",
    "--work-tree"};
constexpr std::string_view kOfPush[] = {"-o", "--push-option", "--repo", "--receive-pack",
                                        "--exec"};
constexpr std::string_view kOfRebase[] = {
    "--onto", "-s",     "--strategy", "-X",      "--strategy-option",
    "-x",     "--exec", "-C",         "--empty", "--whitespace"};

bool is_any(std::string_view word, Words of) noexcept {
  return std::ranges::find(of, word) != of.end();
}

std::string below(const std::string& directory, std::string_view path) {
  return path.starts_with('/') ? std::string(path) : directory + "/" + std::string(path);
}

std::string first_line(const std::string& path) {
  const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  char text[4096];
  const ssize_t length = fd ? ::read(fd.get(), text, sizeof(text)) : -1;
  if (length <= 0) return {};
  const std::string_view all(text, static_cast<usize>(length));
  return std::string(all.substr(0, all.find('\n')));
}

// git takes refs/heads/main, heads/main and main for the same branch, the last two where nothing
// else is called so.
std::string_view branch_in(std::string_view reference) noexcept {
  constexpr std::string_view kRefs = "refs/", kShort = "heads/";
  if (reference.starts_with(kHeads)) return reference.substr(kHeads.size());
  if (reference.starts_with(kShort)) return reference.substr(kShort.size());
  return reference.starts_with(kRefs) ? std::string_view{} : reference;
}

// The repository that holds `directory`; empty without one.
std::string find_repository(std::string directory) {
  while (true) {
    std::string path = directory + "/.git";
    struct stat about{};
    if (::stat(path.c_str(), &about) == 0) {
      if (S_ISDIR(about.st_mode)) return path;
      constexpr std::string_view kHead = "gitdir: ";
      const std::string line = first_line(path);
      if (line.starts_with(kHead)) return below(directory, line.substr(kHead.size()));
    }
    // By the folders and not by the text, in which there may be `..`.
    struct stat above{};
    if (::stat(directory.c_str(), &about) != 0 ||
        ::stat((directory + "/..").c_str(), &above) != 0 ||
        (about.st_ino == above.st_ino && about.st_dev == above.st_dev) || directory.size() > 4000) {
      return {};
    }
    directory += "/..";
  }
}

// The branch that is checked out, or that is being rebased; empty without one.
std::string current_branch(const std::string& repository) {
  if (repository.empty()) return {};
  constexpr std::string_view kReference = "ref:";
  const std::string head = first_line(repository + "/HEAD");
  if (head.starts_with(kReference)) {
    const usize name = std::min(head.find_first_not_of(" \t", kReference.size()), head.size());
    return std::string(branch_in(std::string_view(head).substr(name)));
  }
  for (const char* state : {"/rebase-merge/head-name", "/rebase-apply/head-name"}) {
    const std::string name = first_line(repository + state);
    if (!name.empty()) return std::string(branch_in(name));
  }
  return {};
}

// The words of `arguments` that are no options.
std::vector<std::string_view> operands_of(Words arguments, Words with_value) {
  std::vector<std::string_view> operands;
  bool options = true;
  for (usize i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (options && word == "--") {
      options = false;
    } else if (options && word.size() > 1 && word.front() == '-') {
      if (is_any(word, with_value)) ++i;
    } else {
      operands.push_back(word);
    }
  }
  return operands;
}

GitBranches pushed(Words arguments, const std::string& current) {
  GitBranches branches;
  for (const std::string_view word : arguments) {
    branches.all |= word.size() > 2 && std::ranges::any_of(kEveryBranch, [&](auto option) {
                      return option.starts_with(word);
                    });
  }
  const std::vector<std::string_view> operands = operands_of(arguments, kOfPush);
  for (usize i = 1; i < operands.size(); ++i) {
    std::string_view reference = operands[i];
    // Of `tag NAME:WHERE`, too, WHERE is what is pushed to.
    const bool is_tag = reference == "tag" && i + 1 < operands.size();
    if (is_tag) reference = operands[++i];
    if (is_tag && reference.find(':') == std::string_view::npos) continue;
    if (reference.starts_with('+')) reference.remove_prefix(1);
    if (reference == ":") branches.all = true;  // those that both sides have
    if (const usize colon = reference.find(':'); colon != std::string_view::npos) {
      reference.remove_prefix(colon + 1);
    }
    if (reference.find('*') != std::string_view::npos) branches.all = true;
    const bool here = reference == "HEAD" || reference == "@";
    branches.names.emplace_back(here ? current : branch_in(reference));
  }
  if (operands.size() < 2 && !branches.all) branches.names.push_back(current);
  return branches;
}

}  // namespace

GitBranches git_branches(Words words, const std::string& directory) {
  std::string start = directory;
  std::string_view git_dir;
  usize at = 1;
  for (; at < words.size() && words[at].starts_with('-'); ++at) {
    const std::string_view word = words[at];
    constexpr std::string_view kGitDir = "--git-dir=";
    if (word.starts_with(kGitDir)) git_dir = word.substr(kGitDir.size());
    if (!is_any(word, kOfGit) || at + 1 == words.size()) continue;
    ++at;
    if (word == "-C") start = below(start, words[at]);
    if (word == "--git-dir") git_dir = words[at];
  }
  if (at >= words.size()) return {};
  const std::string_view command = words[at];
  const Words arguments = words.subspan(at + 1);
  const bool pushes = command == "push";
  if (!pushes && !is_any(command, kCommits)) return {};
  // Alone, or it is the value of another option.
  const bool is_alone = arguments.size() == 1;
  if (is_alone && (arguments[0] == "--abort" || arguments[0] == "--quit")) return {};
  // From where all of -C lead, the later ones too.
  const std::string repository = git_dir.empty() ? find_repository(start) : below(start, git_dir);
  const std::string current = current_branch(repository);
  if (pushes) return pushed(arguments, current);
  if (command == "rebase") {
    const auto operands = operands_of(arguments, kOfRebase);
    const usize branch = is_any("--root", arguments) ? 0 : 1;
    if (operands.size() > branch) return {{std::string(branch_in(operands.back()))}, false};
  }
  return {{current}, false};
}

}  // namespace swebash::kernel
