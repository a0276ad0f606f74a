// SPDX-License-Identifier: Apache-2.0
#include "kernel/audit/account.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "kernel/audit/recorder.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class AccountTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/swebash-account.XXXXXX";
    const int fd = ::mkstemp(name);
    ASSERT_GE(fd, 0);
    ::close(fd);
    path_ = name;
  }
  void TearDown() override { ::unlink(path_.c_str()); }

  std::vector<std::string> lines() const {
    std::vector<std::string> found;
    const OwnedFd fd(::open(path_.c_str(), O_RDONLY));
    std::string text(1 << 20, '\0');
    const ssize_t size = ::read(fd.get(), text.data(), text.size());
    text.resize(static_cast<usize>(std::max<ssize_t>(size, 0)));
    for (usize at = 0; at < text.size();) {
      const usize end = std::min(text.find('\n', at), text.size());
      found.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return found;
  }

  std::string path_;
};

TEST_F(AccountTest, LinesHaveNumbersAndTheEndIsTold) {
  auto recorder = start_recorder(*open_account(path_), Full::stop);
  ASSERT_TRUE(recorder.has_value());
  Account account(recorder->session.release(), recorder->pid, path_);
  account.opened(7, "/w/f", "write");
  account.end(0, false, true);
  EXPECT_THAT(lines(), ElementsAre(HasSubstr(R"({"seq":1,"time":")"),
                                   HasSubstr(R"("event":"exit")"), HasSubstr(R"({"seq":3,)")));
  EXPECT_THAT(lines()[2], HasSubstr(R"("event":"closed")"));
}

TEST_F(AccountTest, ACommandsTimeBeginsBeforeItIsStarted) {
  auto recorder = start_recorder(*open_account(path_), Full::stop);
  ASSERT_TRUE(recorder.has_value());
  Account account(recorder->session.release(), recorder->pid, path_);
  constexpr i64 kHour = 3'600'000'000'000;
  account.command(7, monotonic_now() - kHour, "/bin/x", std::string_view("x\0", 2), "/");
  account.ended(7, 0, {});
  account.end(0, false, true);
  EXPECT_THAT(lines()[1], HasSubstr(R"("wall_us":36000)"));
}

TEST_F(AccountTest, NoByteOfASessionBeginsALine) {
  auto recorder = start_recorder(*open_account(path_), Full::stop);
  ASSERT_TRUE(recorder.has_value());
  // As from a session that was taken over.
  const std::string forged = "{\"event\":\"x\"}\n{\"seq\":1,\"event\":\"forged\"}";
  ASSERT_GT(::send(recorder->session.get(), forged.data(), forged.size(), 0), 0);
  ASSERT_GT(::send(recorder->session.get(), "no object", 9, 0), 0);
  Account account(recorder->session.release(), recorder->pid, path_);
  account.end(0, false, true);
  EXPECT_EQ(lines().size(), 3U);
}

TEST_F(AccountTest, ALongListOfWordsIsCut) {
  auto recorder = start_recorder(*open_account(path_), Full::stop);
  ASSERT_TRUE(recorder.has_value());
  Account account(recorder->session.release(), recorder->pid, path_);
  std::string words("x\0", 2);
  const std::string big(500'000, '\x01');
  for (int i = 0; i < 3; ++i) words += big + '\0';
  account.command(1, 0, big, words, big);
  account.network(1, big, big, true);
  char* const argv[] = {const_cast<char*>(big.c_str())};
  account.begin(big, "namespace", argv);
  EXPECT_FALSE(account.is_over());
  account.end(0, false, true);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(lines()[i].ends_with(R"(,"cut":true})")) << i;
    EXPECT_LT(lines()[i].size(), kLongestLine);
  }
  EXPECT_TRUE(lines()[0].find(R"("argv":["x",")") != std::string::npos);
}

TEST_F(AccountTest, ASecretIsNotInIt) {
  auto recorder = start_recorder(*open_account(path_), Full::stop);
  ASSERT_TRUE(recorder.has_value());
  Account account(recorder->session.release(), recorder->pid, path_);
  account.learn("MY_KEY=hunter2");
  account.command(1, 0, "/bin/hunter2", std::string_view("a\0-phunter2\0", 12), "/hunter2");
  account.opened(1, "/w/hunter2", "write");
  account.refused(1, "read", "/x/hunter2", "allow-read");
  account.network(1, "hunter2.example", "80", false);
  account.end(0, false, true);
  for (const std::string& line : lines()) EXPECT_THAT(line, Not(HasSubstr("hunter2")));
}

TEST_F(AccountTest, AFullDiskEndsIt) {
  auto recorder = start_recorder(*open_account("/dev/full"), Full::stop);
  ASSERT_TRUE(recorder.has_value());
  Account account(recorder->session.release(), recorder->pid, "/dev/full");
  for (int i = 0; i < 1000 && !account.is_over(); ++i) {
    account.opened(7, "/w/f", "write");
    ::usleep(1000);
  }
  EXPECT_TRUE(account.is_over());
  EXPECT_THAT(account.why_over(),
              HasSubstr("/dev/full: No space left on device: the session ends"));
  EXPECT_EQ(account.why_over(), "");
}

TEST_F(AccountTest, AFullDiskIsGoneOnWith) {
  auto recorder = start_recorder(*open_account("/dev/full"), Full::go_on);
  ASSERT_TRUE(recorder.has_value());
  Account account(recorder->session.release(), recorder->pid, "/dev/full");
  for (int i = 0; i < 100; ++i) account.opened(7, "/w/f", "write");
  account.end(0, false, true);
  EXPECT_FALSE(account.is_over());
}

TEST(OpenAccount, RefusesWhatTheScriptHas) {
  EXPECT_FALSE(open_account("fd:1").has_value());
  EXPECT_FALSE(open_account("fd:999").has_value());
  EXPECT_FALSE(open_account("fd:3x").has_value());
  EXPECT_FALSE(open_account("/no/such/folder/f").has_value());
}

}  // namespace
}  // namespace swebash::kernel::audit
