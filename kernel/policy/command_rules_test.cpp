// SPDX-License-Identifier: Apache-2.0
#include "kernel/policy/command_rules.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "kernel/policy/git_command.hpp"

namespace swebash::kernel {
namespace {

std::vector<std::string> split(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::vector<std::string_view> views(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

TEST(CommandRules, PatternsAreWhole) {
  const struct {
    const char* text;
    const char* pattern;
    bool like;
  } cases[] = {
      {"git push --force", "git push --force*", true},
      {"git push --force-with-lease origin x", "git push --force*", true},
      {"git push", "git push --force*", false},
      {"echo git push --force", "git push --force*", false},
      {"rm -rf /a/b c", "rm -rf *", true},
      {"", "", true},
      {"", "*", true},
      {"a", "", false},
      {"abc", "a?c", true},
      {"ac", "a?c", false},
      {"a-c", "a[!b]c", true},
      {"abc", "a[!b]c", false},
      {"a]c", "a[]]c", true},
      {"amc", "a[k-n]c", true},
      {"a[c", "a[c", true},
      {"a*c", "a\\*c", true},
      {"abc", "a\\*c", false},
      {"aXbXc", "a*b*c", true},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "a*a*a*a*a*a*a*a*a*a*c", false},
      {"one\ntwo", "one*two", true},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(is_like(one.text, one.pattern), one.like) << one.text << " / " << one.pattern;
  }
}

TEST(CommandRules, TheLastThatMatchesCounts) {
  Policy policy;
  policy.commands = {{"rm *", RuleAction::deny, "f:1"},
                     {"rm -i *", RuleAction::allow, "f:2"},
                     {"rm -i x*", RuleAction::ask, "f:3"}};
  const auto judge = [&](const std::string& line) {
    const auto words = split(line);
    return judge_command(policy, views(words), "/", {}).action;
  };
  EXPECT_EQ(judge("rm a"), RuleAction::deny);
  EXPECT_EQ(judge("/usr/bin/rm a"), RuleAction::deny);
  EXPECT_EQ(judge("rm -i a"), RuleAction::allow);
  EXPECT_EQ(judge("rm -i xa"), RuleAction::ask);
  EXPECT_EQ(judge("ls"), RuleAction::allow);
}

TEST(CommandRules, AProgramUnderAnotherNameIsWhatItIs) {
  Policy policy;
  policy.commands = {{"rm *", RuleAction::deny, "f:1"}, {"x -f *", RuleAction::ask, "f:2"}};
  const auto judge = [&](const std::string& line, const char* program) {
    const auto words = split(line);
    return judge_command(policy, views(words), "/", program).action;
  };
  EXPECT_EQ(judge("x a", "/bin/rm"), RuleAction::deny);
  EXPECT_EQ(judge("x -f a", "/bin/rm"), RuleAction::deny);
  EXPECT_EQ(judge("x -f a", "/bin/cat"), RuleAction::ask);
  EXPECT_EQ(judge("rm a", "/bin/cat"), RuleAction::deny);
  EXPECT_EQ(judge("x a", "/bin/cat"), RuleAction::allow);
}

// A folder with a repository whose branch is `main` in it.
class GitCommand : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/swebash-git.XXXXXX";
    root_ = ::mkdtemp(name);
    for (const char* folder : {"/r", "/r/.git", "/r/sub", "/linked"}) {
      ::mkdir((root_ + folder).c_str(), 0700);
    }
    write("/r/.git/HEAD", "ref: refs/heads/main\n");
    write("/linked/.git", "gitdir: ../r/.git\n");
  }
  void TearDown() override {
    [[maybe_unused]] const int gone = ::system(("rm -r " + root_).c_str());
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(root_ + name) << text;
  }

  std::string branches(const std::string& line, const std::string& from = "/r/sub") {
    const auto words = split(line);
    const GitBranches found = git_branches(views(words), root_ + from);
    std::string text = found.all ? "(all)" : "";
    for (const std::string& name : found.names) text += (text.empty() ? "" : " ") + name;
    return text;
  }

  std::string root_;
};

TEST_F(GitCommand, ChangesTheBranchThatIsCheckedOut) {
  for (const char* line :
       {"git commit -m x", "git merge topic", "git rebase origin/main", "git pull",
        "git -c a=b --no-pager cherry-pick x", "git --attr-source HEAD commit",
        "git --shallow-file x commit", "git revert HEAD", "git am x"}) {
    EXPECT_EQ(branches(line), "main") << line;
  }
  for (const char* line : {"git", "git status", "git log commit", "git merge --abort", "git -C"}) {
    EXPECT_EQ(branches(line), "") << line;
  }
  EXPECT_EQ(branches("git commit", "/linked"), "main");
  EXPECT_EQ(branches("git -C ../../linked commit"), "main");
  EXPECT_EQ(branches("git --git-dir=" + root_ + "/r/.git commit", "/"), "main");
  EXPECT_EQ(branches("git --git-dir ../r/.git commit", "/linked"), "main");
  EXPECT_EQ(branches("git commit", "/"), "");
  EXPECT_EQ(branches("git --git-dir=.git -C " + root_ + "/r commit", "/"), "main");
  EXPECT_EQ(branches("git --git-dir .git -C .. commit", "/r/sub"), "main");
  EXPECT_EQ(branches("git commit -m --abort"), "main");
  EXPECT_EQ(branches("git merge -m --quit topic"), "main");
  write("/r/.git/HEAD", "ref:   refs/heads/main\n");
  EXPECT_EQ(branches("git commit"), "main");
}

TEST_F(GitCommand, KnowsWhatIsRebased) {
  EXPECT_EQ(branches("git rebase main topic"), "topic");
  EXPECT_EQ(branches("git rebase --onto x main topic"), "topic");
  EXPECT_EQ(branches("git rebase --root topic"), "topic");
  EXPECT_EQ(branches("git rebase --empty drop origin/x topic"), "topic");
  write("/r/.git/HEAD", "0123456789\n");
  EXPECT_EQ(branches("git commit"), "");
  ::mkdir((root_ + "/r/.git/rebase-merge").c_str(), 0700);
  write("/r/.git/rebase-merge/head-name", "refs/heads/release/1\n");
  EXPECT_EQ(branches("git rebase --continue"), "release/1");
  EXPECT_EQ(branches("git rebase --abort"), "");
}

TEST_F(GitCommand, KnowsWhereAPushGoes) {
  const std::pair<const char*, const char*> cases[] = {
      {"git push", "main"},
      {"git push origin", "main"},
      {"git push -u origin topic", "topic"},
      {"git push origin HEAD", "main"},
      {"git push origin HEAD:refs/heads/release/2", "release/2"},
      {"git push origin +topic:main other", "main other"},
      {"git push origin :main", "main"},
      {"git push --delete origin main", "main"},
      {"git push -o x origin a", "a"},
      {"git push origin tag v1", ""},
      {"git push origin refs/tags/main", ""},
      {"git push origin topic:heads/main", "main"},
      {"git push origin tag v1:refs/heads/main", "main"},
      {"git push --al origin", "(all)"},
      {"git push --mirr origin", "(all)"},
      {"git push origin -- main", "main"},
      {"git push --all origin", "(all)"},
      {"git push origin refs/heads/*:refs/heads/*", "(all) *"},
  };
  for (const auto& [line, wanted] : cases) EXPECT_EQ(branches(line), wanted) << line;
}

TEST_F(GitCommand, TheStricterOfBothRulesCounts) {
  Policy policy;
  policy.commands = {{"git push *", RuleAction::ask, "f:1"}};
  policy.branches = {{"main", RuleAction::deny, "f:2"}, {"release/*", RuleAction::deny, "f:3"}};
  const auto judge = [&](const std::string& line) {
    const auto words = split(line);
    return judge_command(policy, views(words), root_ + "/r", {});
  };
  EXPECT_EQ(judge("git push origin topic").action, RuleAction::ask);
  EXPECT_EQ(judge("git push origin main").action, RuleAction::deny);
  EXPECT_EQ(judge("/usr/bin/git commit").branch, "main");
  EXPECT_EQ(judge("git push origin a:release/1").rule->where, "f:3");
  EXPECT_EQ(judge("git push --mirror x").action, RuleAction::deny);
  EXPECT_EQ(judge("git status").action, RuleAction::allow);
}

}  // namespace
}  // namespace swebash::kernel
