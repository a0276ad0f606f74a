// SPDX-License-Identifier: Apache-2.0
#include "engine/arithmetic/arith.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace swebash::engine::arith {
namespace {

class Variables final : public Host {
 public:
  bool variable_number(const VariableUse&, i64&) override { return false; }
  Result<std::string_view, Error> variable_text(std::string_view name) override {
    return std::string_view(texts[std::string(name)]);
  }
  Result<void, Error> set_variable(const VariableUse& variable, i64 value) override {
    texts[std::string(variable.name)] = std::to_string(value);
    return {};
  }
  bool is_associative(std::string_view name) override { return name == "map"; }
  Result<std::string_view, Error> element_text(std::string_view name,
                                               const Subscript& subscript) override {
    return std::string_view(texts[element(name, subscript)]);
  }
  Result<void, Error> set_element(std::string_view name, const Subscript& subscript,
                                  i64 value) override {
    texts[element(name, subscript)] = std::to_string(value);
    return {};
  }
  static std::string element(std::string_view name, const Subscript& subscript) {
    if (!subscript.associative && subscript.index == 0) return std::string(name);
    return std::string(name) + "[" +
           (subscript.associative ? std::string(subscript.key) : std::to_string(subscript.index)) +
           "]";
  }

  std::map<std::string, std::string> texts{
      {"one", "1"}, {"expr", "one + 2"}, {"loop", "loop"}, {"bad", "1 +"}, {"octal", "010"}};
};

std::string ours(const std::string& text) {
  Variables variables;
  const Result<i64, Error> value = evaluate_text(text, variables);
  return value ? std::to_string(*value) : value.error().message;
}

const char* const kCases[] = {
    "1 +",
    "1 2",
    "08",
    "0x",
    "3#3",
    "65#1",
    "1#0",
    "a b",
    "1/0",
    "1%0",
    "2**-1",
    "2**-1+3",
    "1=2",
    "1++",
    "++1",
    "1?2",
    "1?2:",
    "?1",
    "1 ? : 2",
    "x=",
    "@",
    "1 @ 2",
    "1.5",
    "a[",
    "a[1",
    "5 = 6",
    "x+=",
    "1 << 65",
    "1 << -1",
    "-8 >> 1",
    "9223372036854775808",
    "99999999999999999999",
    "-9223372036854775808/-1",
    "-9223372036854775808%-1",
    "64#_",
    "64#@",
    "64#Zz",
    "36#Z",
    "37#Z",
    "0xg",
    "09.5",
    "1 ||",
    "|| 1",
    "+",
    "-",
    "!",
    "~",
    "1,",
    ",1",
    "1:2",
    "a=1:2",
    "++",
    "x++ ++",
    "x++ + ++x",
    "--5",
    "- -5",
    "++5",
    "5--",
    "5++ ",
    "x+++y",
    "1?x=2:y=3",
    "0?x=2:3",
    "2**3**2",
    "-2**2",
    "!1**2",
    "016",
    "0b1",
    "10#09",
    "010#1",
    "2#2",
    "99#1",
    "1 /0 + 2",
    "1/(0)",
    "x/=0",
    "x/=(0)",
    "{}",
    "a.b",
    "1[2]",
    "1#",
    "#1",
    "3 & & 4",
    "4 &= ",
    "4 == = 4",
    "1 -",
    "x y z",
    "1>2>3",
    "7 ! 8",
    "1 ? 2 : 3 : 4",
    "; 1",
    "1;2",
    "()",
    "( )",
    "x[1]=5,x[1]++,x[1]",
    "0x7fffffffffffffff+1",
    "5#",
    "y[1+]",
    "y[1]=",
    "a+b c",
    "0 && 1/0",
    "1 || 1/0",
    "0 ? 1/0 : 5",
    "08+1",
    "1+08",
    "x=08",
    "0x1G",
    "1e3",
    "expr*2",
    "expr",
    "loop",
    "bad",
    "octal",
    "x=y=3, x+y",
    "(x=4)*x",
    "x=5, x*=x+1",
    "x=7, x<<=2, x>>=1, x|=1, x&=7, x^=2, x%=3, x-=9",
    "1,2,3",
    "a[2]=3, a[a[2]-1]",
    "a[1]++ + a[1]--",
    "-x++",
    "x = 1 ? 2 : 3",
    "!x",
    "~0",
    "!!5",
    "1==1 != 0",
    "3 > 2 == 1",
    "5 & 3 | 8 ^ 2",
    "1 ? 0 ? 1 : 2 : 3",
    "one--, one",
    "--one",
    "++one",
    "one++ + one",
    "+one = 2",
    "(one) = 2",
    "-one = 2",
    "1 + one = 2",
    "--one++",
    "one = = 2",
    " \t 5 \n ",
    "2 ** 63",
    "2**64",
    "3**40",
    "-7 / 2",
    "-7 % 3",
    "7 / -2",
    "0X1f",
    "0x1F + 8#17",
    "(((((1)))))",
    "x=1,",
    "1 2 +",
    "one two",
    "1+(2",
    "(1",
    "a[1]]",
    "one[0]",
    "one[-0]=7, one",
};

TEST(Arith, AnswersAsBash) {
  const std::string script = testing::TempDir() + "arith_cases.sh";
  {
    std::ofstream file(script);
    file << "one=1 expr='one + 2' loop=loop bad='1 +' octal=010\n";
    // By way of a variable: bash evaluates the text as it stands.
    for (const char* text : kCases) {
      file << "(declare -i answer; answer='" << text << "'; echo \"$answer\") 2>&1\n"
           << "echo '--end--'\n";
    }
  }
  FILE* oracle = popen(("LC_ALL=C.UTF-8 bash " + script).c_str(), "r");
  ASSERT_NE(oracle, nullptr);
  std::string all;
  char buffer[4096];
  for (usize got = 0; (got = fread(buffer, 1, sizeof buffer, oracle)) > 0;) all.append(buffer, got);
  pclose(oracle);
  usize at = 0;
  for (const char* text : kCases) {
    const usize end = all.find("--end--\n", at);
    ASSERT_NE(end, std::string::npos) << text;
    std::string expected = all.substr(at, end - at);
    at = end + 8;
    if (!expected.empty() && expected.back() == '\n') expected.pop_back();
    // "SCRIPT: line N: message"
    if (const usize line = expected.find(": line "); line != std::string::npos) {
      expected.erase(0, expected.find(": ", line + 7) + 2);
    }
    EXPECT_EQ(ours(text), expected) << "expression: " << text;
  }
}

TEST(Arith, ReachesElementsOfAssociativeArraysByKey) {
  Variables variables;
  EXPECT_EQ(evaluate_text("map[a b]=4, map[a b]*2", variables), 8);
  EXPECT_EQ(variables.texts["map[a b]"], "4");
}

TEST(Arith, EvaluatesOneTreeManyTimes) {
  Variables variables;
  Arena arena;
  const auto compiled = compile("i = i * 3 + 1", arena);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(evaluate(*compiled, variables).has_value());
  EXPECT_EQ(variables.texts["i"], "13");
}

TEST(Arith, WalksLongChainsWithoutRecursion) {
  std::string sum = "1";
  for (int i = 1; i < 200000; ++i) sum += "+1";
  EXPECT_EQ(ours(sum), "200000");
}

TEST(Arith, RefusesWhatIsNestedTooDeeply) {
  for (const char* piece : {"(", "-", "!", "x=", "2**", "1?", "a[", "+"}) {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += piece;
    EXPECT_FALSE(evaluate_text(text + "1", *std::make_unique<Variables>()).has_value()) << piece;
  }
}

TEST(Arith, StopsAtVariablesThatReferToThemselves) {
  EXPECT_EQ(ours("loop"), "loop: expression recursion level exceeded (error token is \"loop\")");
}

}  // namespace
}  // namespace swebash::engine::arith
