// SPDX-License-Identifier: Apache-2.0
#include "engine/program/line_discipline.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

// As a terminal begins: cooked, echoing, control characters as ^X, extended keys.
abi::Terminal usual() {
  abi::Terminal settings = {};
  settings.input_flags = 0400;
  settings.output_flags = 05;
  settings.local_flags = 0105073;
  const u8 keys[] = {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0};
  for (usize i = 0; i < sizeof keys; ++i) settings.control_characters[i] = keys[i];
  return settings;
}

struct Typed {
  LineDiscipline::Got got = LineDiscipline::Got::more;
  std::string text;
  std::string shown;
};

Typed type(const abi::Terminal& settings, std::string_view keys) {
  LineDiscipline discipline(settings);
  Typed typed;
  for (const char c : keys) typed.got = discipline.put(c, typed.shown);
  typed.text = discipline.text();
  return typed;
}

TEST(LineDiscipline, TakesALineOfAnyLength) {
  const std::string keys = std::string(1'000'000, 'a') + "\n";
  const Typed typed = type(usual(), keys);
  EXPECT_EQ(typed.got, LineDiscipline::Got::line);
  EXPECT_EQ(typed.text, keys);
  EXPECT_EQ(typed.shown, keys);
}

TEST(LineDiscipline, ErasesAsTheTerminalDoes) {
  struct Case {
    std::string_view keys, text, shown;
  } cases[] = {
      {"ab\x7f", "a", "ab\b \b"},
      {"\x7f", "", ""},
      {"a\xc3\xa4\x7f", "a", "a\xc3\xa4\b \b"},
      {"\xe4\xb8\xad\x7f", "", "\xe4\xb8\xad\b \b\b \b"},
      {"a\x1b\x7f", "a", "a^[\b \b\b \b"},
      {"one  two \x17", "one  ", "one  two \b \b\b \b\b \b\b \b"},
      {"abc\x15", "", "abc\b \b\b \b\b \b"},
      {"a\tb\x7f\x7f", "a", "a\tb\b \b\na"},
      {"abc\x12", "abc", "abc\nabc"},
      {"a\x16\x7f", "a\x7f", "a^?"},
  };
  for (const Case& each : cases) {
    const Typed typed = type(usual(), each.keys);
    EXPECT_EQ(typed.text, each.text) << each.keys;
    EXPECT_EQ(typed.shown, each.shown) << each.keys;
    EXPECT_EQ(typed.got, LineDiscipline::Got::more) << each.keys;
  }
}

TEST(LineDiscipline, EndsAtAnEndOfInput) {
  EXPECT_EQ(type(usual(), "\x04").got, LineDiscipline::Got::end);
  EXPECT_EQ(type(usual(), std::string_view("\0", 1)).got, LineDiscipline::Got::end);
  // Behind something it hands that over, and typed again ends the line.
  EXPECT_EQ(type(usual(), "ab\x04").got, LineDiscipline::Got::more);
  EXPECT_EQ(type(usual(), "ab\x04\x04").got, LineDiscipline::Got::line);
  EXPECT_EQ(type(usual(),
                 "ab\x04"
                 "c\x04")
                .got,
            LineDiscipline::Got::more);
}

TEST(LineDiscipline, ShowsNothingWithoutEcho) {
  abi::Terminal settings = usual();
  settings.local_flags &= ~010u;
  const Typed typed = type(settings, "secret\x7f\n");
  EXPECT_EQ(typed.text, "secre\n");
  EXPECT_EQ(typed.shown, "");
}

TEST(LineDiscipline, MakesLinesOfARawTerminal) {
  abi::Terminal raw = usual();
  raw.input_flags = raw.output_flags = raw.local_flags = 0;
  const LineDiscipline discipline(raw);
  const abi::Terminal modes = discipline.modes();
  EXPECT_EQ(modes.input_flags & 0400u, 0400u);
  EXPECT_EQ(modes.output_flags & 05u, 05u);
  EXPECT_EQ(modes.local_flags & 013u, 01u);
  EXPECT_EQ(type(raw, "ab\x7f\n").text, "a\n");
}

}  // namespace
}  // namespace swebash::engine
