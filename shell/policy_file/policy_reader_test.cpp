// SPDX-License-Identifier: Apache-2.0
#include "shell/policy_file/policy_reader.hpp"

#include <gtest/gtest.h>

namespace swebash::shell {
namespace {

// Its entries as lines, or "LINE: reason".
std::string read(std::string_view text) {
  const auto entries = read_policy(text, "/folder", "/h");
  if (!entries.has_value()) {
    return std::to_string(entries.error().line) + ": " + entries.error().reason;
  }
  std::string out;
  for (const PolicyEntry& entry : *entries) {
    out += std::to_string(entry.line) + " " + entry.key + "=" + entry.value + "\n";
  }
  return out;
}

TEST(PolicyReader, GivesWhatFlagsWould) {
  EXPECT_EQ(read("workspace = \".\"\nallow-read = [\"~/.rustup\",\n \"/opt/x\"]\nno-native = true\n"
                 "limit-tasks = 20\nlimit-memory = \"1G\"\ntmp = 'shared'\n"),
            "2 allow-read=/h/.rustup\n3 allow-read=/opt/x\n6 limit-memory=1G\n5 limit-tasks=20\n"
            "4 no-native=1\n7 tmp=shared\n1 workspace=/folder/.\n");
  EXPECT_EQ(read("allow-net = true"), "1 allow-net=1\n");
  EXPECT_EQ(read("allow-net = [\"a.b:443\", \"*.c\"]"), "1 allow-net=a.b:443\n1 allow-net=*.c\n");
  EXPECT_EQ(read(""), "");
}

TEST(PolicyReader, GivesRulesInTheirOrder) {
  EXPECT_EQ(read("[git]\nprotected = [\"main\", \"release/*\"]\naction = \"ask\"\n"
                 "[[command]]\nmatch = \"z *\"\naction = \"deny\"\n"
                 "[[command]]\nmatch = \"a\"\naction = \"ask\"\n"),
            "5 command.deny=z *\n8 command.ask=a\n3 git.action=ask\n2 git.protected=main\n"
            "2 git.protected=release/*\n");
}

TEST(PolicyReader, SaysWhatIsWrongAndWhere) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"\nallow-reed = []", "2: allow-reed: no such key (allow-read is one)"},
      {"allow_read = []", "1: allow_read: no such key (allow-read is one)"},
      {"qwertyuiop = 1",
       "1: qwertyuiop: no such key (swebash --help lists the flags, which are the keys)"},
      {"protected = []", "1: protected: no such key (it belongs below [git])"},
      {"engine = \"x\"",
       "1: engine: no such key (swebash --help lists the flags, which are the keys)"},
      {"no-native = \"yes\"", "1: no-native: its value is true or false (no-native = true)"},
      {"allow-read = 3",
       "1: allow-read: its value is a text or a list of them (allow-read = [\"TEXT\"])"},
      {"allow-read = [\"a\",\n 3]",
       "2: allow-read: its value is a list of texts (allow-read = [\"TEXT\"])"},
      {"tmp = \"own\"", "1: tmp: \"own\" is none of its values (private|shared)"},
      {"deny = \"\"", "1: deny: no path is named (deny = \"PATH\")"},
      {"[[command]]\nmatch = \"a\"",
       "2: [[command]] without action (match = \"git push --force*\", action = \"deny\")"},
      {"[[command]]\naction = \"stop\"", "2: action: \"stop\" is none (deny, ask or allow)"},
      {"[command]\nmatch = \"a\"",
       "1: command: rules are tables ([[command]], then match and action)"},
      {"[[command]]\nmatch = \"a\"\naction = \"deny\"\nwhy = \"x\"",
       "4: why: no such key of [[command]] (swebash --help lists the flags, which are the keys)"},
      {"[git]\naction = \"deny\"",
       "1: [git] without branches (protected = [\"main\", \"release/*\"])"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(read(text), wanted) << text;
}

TEST(PolicyReader, FindsContradictions) {
  EXPECT_EQ(read("no-native = true\nallow-run = [\"git\"]"),
            "2: no-native = true with allow-run contradicts line 1 (keep one of them)");
  EXPECT_EQ(
      read("deny = \"a\"\nallow-write = \"/folder/a\""),
      "2: allow-write and deny of /folder/a contradicts line 1 (deny what lies in it, or drop "
      "one)");
  EXPECT_EQ(read("isolation = \"landlock\"\ndeny = \"a\""),
            "2: isolation = \"landlock\" with deny contradicts line 1 (Landlock alone cannot do "
            "that: isolation = \"namespace\")");
  EXPECT_EQ(
      read("[[command]]\nmatch = \"a\"\naction = \"deny\"\n[[command]]\nmatch = \"a\"\naction = "
           "\"ask\""),
      "5: action = \"ask\" for \"a\" contradicts line 2 (keep one of them)");
}

TEST(PolicyReader, SaysTheLineOfAnErrorInSyntax) {
  for (const std::string_view text : {"\nworkspace = .", "\nworkspace = \"a", "\n[git\n", "\na b\n",
                                      "\nworkspace = \"\xff\xfe\"", "\ntmp = \"shared\" tmp"}) {
    EXPECT_TRUE(read(text).starts_with("2: ")) << read(text);
    EXPECT_TRUE(
        read(text).ends_with(" (TOML: key = \"text\", key = true, key = [\"text\", \"text\"])"));
  }
  EXPECT_TRUE(read("tmp = \"shared\"\ntmp = \"shared\"").starts_with("2: "))
      << read("tmp=1\ntmp=2");
}

}  // namespace
}  // namespace swebash::shell
