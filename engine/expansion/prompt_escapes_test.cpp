// SPDX-License-Identifier: Apache-2.0
#include "engine/expansion/prompt_escapes.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

PromptContext context() {
  PromptContext made;
  made.facts.user = "ann";
  made.facts.host = "box.example.org";
  made.facts.shell_name = "swebash";
  made.facts.terminal = "pts/3";
  made.facts.jobs = 2;
  made.facts.history_number = 501;
  made.facts.command_number = 7;
  made.working_directory = "/homes/ann/src/project/deep";
  made.home = "/homes/ann";
  made.will_expand = false;
  return made;
}

struct Case {
  std::string_view text, expected;
};

TEST(PromptEscapes, StandForWhatBashSays) {
  constexpr Case kCases[] = {
      {"plain", "plain"},
      {"\\u@\\h:\\w", "ann@box:~/src/project/deep"},
      {"\\H", "box.example.org"},
      {"\\W", "deep"},
      {"\\s-\\v", "swebash-5.2"},
      {"\\V", "5.2.15"},
      {"\\j \\! \\#", "2 501 7"},
      {"\\l", "pts/3"},
      {"\\$", "$"},
      {"\\101\\7x", "A\ax"},
      {"a\\\\b", "a\\b"},
      {"\\a\\e\\n\\r", "\a\033\n\r"},
      {"\\[\\e[1m\\]x", "\033[1mx"},
      {"\\z", "\\z"},
      {"end\\", "end\\"},
  };
  for (const Case& one : kCases) EXPECT_EQ(decode_prompt(one.text, context()), one.expected);
}

TEST(PromptEscapes, RootHasANumberSign) {
  PromptContext root = context();
  root.facts.superuser = true;
  EXPECT_EQ(decode_prompt("\\$", root), "#");
}

TEST(PromptEscapes, DirectoriesAreTrimmedFromTheLeft) {
  PromptContext trimmed = context();
  trimmed.trim = "2";
  EXPECT_EQ(decode_prompt("\\w", trimmed), "~/.../project/deep");
  trimmed.trim = "9";
  EXPECT_EQ(decode_prompt("\\w", trimmed), "~/src/project/deep");
  trimmed.trim = "x";
  EXPECT_EQ(decode_prompt("\\w", trimmed), "~/src/project/deep");
}

TEST(PromptEscapes, HomeIsAWholeName) {
  PromptContext other = context();
  other.working_directory = "/homes/annabel";
  EXPECT_EQ(decode_prompt("\\w \\W", other), "/homes/annabel annabel");
}

// A directory whose name is a command must not run when the prompt is expanded.
TEST(PromptEscapes, WhatComesInIsQuotedForTheExpansionThatFollows) {
  PromptContext hostile = context();
  hostile.will_expand = true;
  hostile.working_directory = "/tmp/$(reboot)`x`";
  EXPECT_EQ(decode_prompt("\\w", hostile), "/tmp/\\$(reboot)\\`x\\`");
}

}  // namespace
}  // namespace swebash::engine
