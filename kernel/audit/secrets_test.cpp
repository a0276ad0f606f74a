// SPDX-License-Identifier: Apache-2.0
#include "kernel/audit/secrets.hpp"

#include <gtest/gtest.h>

#include "kernel/audit/json.hpp"

namespace swebash::kernel::audit {
namespace {

TEST(SecretNames, HaveOneOfFourWordsInAnyCase) {
  EXPECT_TRUE(is_secret_name("GITHUB_TOKEN"));
  EXPECT_TRUE(is_secret_name("clientSecret"));
  EXPECT_TRUE(is_secret_name("DB_PASSWORD_2"));
  EXPECT_TRUE(is_secret_name("api_key"));
  EXPECT_FALSE(is_secret_name("PATH"));
  EXPECT_FALSE(is_secret_name("TOKE"));
}

TEST(SecretsTest, AValueIsHiddenWhereverItIsWritten) {
  Secrets secrets;
  secrets.learn_variable("API_TOKEN=abc123");
  secrets.learn_variable("HOME=/root-of-all");
  EXPECT_EQ(secrets.without("abc123"), "***");
  EXPECT_EQ(secrets.without("Bearer abc123, abc123."), "Bearer ***, ***.");
  EXPECT_EQ(secrets.without("/root-of-all"), "/root-of-all");
}

TEST(SecretsTest, ALongerValueIsHiddenBeforeAShorterOneWithinIt) {
  Secrets secrets;
  secrets.learn("abc");
  secrets.learn("abcdef");
  EXPECT_EQ(secrets.without("xabcdefx"), "x***x");
}

TEST(SecretsTest, AShortValueIsHiddenAsAWord) {
  Secrets secrets;
  secrets.learn("1");
  EXPECT_EQ(secrets.without("1"), "***");
  EXPECT_EQ(secrets.without("10"), "10");
  secrets.learn("");
  EXPECT_EQ(secrets.without("x"), "x");
}

TEST(SecretsTest, AnAssignmentIsHiddenAndLearnt) {
  Secrets secrets;
  EXPECT_EQ(secrets.without("DB_PASSWORD=hunter2"), "DB_PASSWORD=***");
  EXPECT_EQ(secrets.without("--password=letmein"), "--password=***");
  EXPECT_EQ(secrets.without("-phunter2"), "-p***");
}

TEST(SecretsTest, AnAssignmentThatAddsOrSetsAnElementIsHidden) {
  Secrets secrets;
  EXPECT_EQ(secrets.without("TOKEN+=hunter2"), "TOKEN+=***");
  EXPECT_EQ(secrets.without("TOKEN[0]=hunter3"), "TOKEN[0]=***");
  EXPECT_EQ(secrets.without("declare TOKEN[a b]+=hunter4; x"), "declare TOKEN[a b]+=***; x");
  EXPECT_EQ(secrets.without("x hunter2 hunter3 hunter4"), "x *** *** ***");
  EXPECT_EQ(secrets.without("[ x[0]=1 ]="), "[ x[0]=1 ]=");
}

TEST(SecretsTest, AValueInPiecesOfQuotesIsOne) {
  Secrets secrets;
  EXPECT_EQ(secrets.without("TOKEN=a\"b c\"'d' x"), "TOKEN=***") << "the whole word";
  EXPECT_EQ(secrets.without("; TOKEN=e\"f g\"'h'\\ i x"), "; TOKEN=*** x");
  EXPECT_EQ(secrets.without("; TOKEN=$'jkl' x"), "; TOKEN=*** x");
  EXPECT_EQ(secrets.without("; TOKEN=(mno 'pqr') x"), "; TOKEN=*** x");
  EXPECT_EQ(secrets.without("echo 'TOKEN=stu' 'x'"), "echo 'TOKEN=***' 'x'");
  EXPECT_EQ(secrets.without("ef gh i"), "***");
  EXPECT_EQ(secrets.without("pqr"), "***");
}

TEST(SecretsTest, AValueIsKnownInTheWordsThatItIsSplitInto) {
  Secrets secrets;
  secrets.learn("horse staple\n");
  EXPECT_EQ(secrets.without("horse"), "***");
  EXPECT_EQ(secrets.without("staple"), "***");
  EXPECT_EQ(secrets.without("horses"), "horses");
  EXPECT_EQ(secrets.without("a horse staple"), "a ***");
  secrets.learn("line\n");
  EXPECT_EQ(secrets.without("xlinex"), "x***x");
  secrets.learn(" \n");
  EXPECT_EQ(secrets.without(" \n"), " \n");
}

TEST(SecretsTest, AnAssignmentWithinTextIsHidden) {
  Secrets secrets;
  EXPECT_EQ(secrets.without("a=1; PASSWORD=opensesame cmd x"), "a=1; PASSWORD=*** cmd x");
  EXPECT_EQ(secrets.without("export MY_KEY='two words'; x"), "export MY_KEY=***; x");
  EXPECT_EQ(secrets.without("https://h/?api_key=abcd&x=1"), "https://h/?api_key=***&x=1");
  EXPECT_EQ(secrets.without("two words opensesame"), "*** ***");
  EXPECT_EQ(secrets.without("[ $KEY = x ]"), "[ $KEY = x ]");
}

TEST(Json, IsOneLineWhateverIsInIt) {
  std::string text;
  append_json(text, std::string_view("a\n\"\\\t\0é\x1b", 9));
  EXPECT_EQ(text, "\"a\\u000a\\\"\\\\\\u0009\\u0000é\\u001b\"");
}

TEST(Json, BytesThatAreNoUtf8AreEscaped) {
  std::string text;
  append_json(text, "\xff\xc3(\xed\xa0\x80\xf0\x9f\x98\x80");
  EXPECT_EQ(text, "\"\\udcff\\udcc3(\\udced\\udca0\\udc80\xf0\x9f\x98\x80\"");
}

TEST(Json, ALineIsAnObject) {
  JsonLine line("x");
  line.add("a", "b");
  line.add_number("n", -1);
  line.add_flag("f", true);
  EXPECT_EQ(std::move(line).text(), R"({"event":"x","a":"b","n":-1,"f":true})");
}

}  // namespace
}  // namespace swebash::kernel::audit
