// SPDX-License-Identifier: Apache-2.0
#include "wasm/linker.hpp"

#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "wasm/testing/guest.hpp"

namespace swebash::wasm {
namespace {

using testing::Calls;
using ::testing::ElementsAre;
using testing::guest_engine;
using testing::guest_imports;
using testing::guest_module;
using ::testing::HasSubstr;
using testing::kHost;
using testing::kNote;
using ::testing::Pair;
using testing::result_of;

Error error_of(std::span<const HostFunction> functions) {
  const Engine engine = guest_engine();
  const auto made = Template::create(engine, guest_module(engine), functions);
  EXPECT_FALSE(made.has_value());
  return made.has_value() ? Error{ErrorKind::memory, "none"} : made.error();
}

void expect_to_run(const Template& origin) {
  Calls calls;
  const auto made = Instance::create(origin, &calls);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  EXPECT_EQ(result_of(**made, "ask", {1, 4}), 9);
  EXPECT_EQ(result_of(**made, "note", {2}), 7);
  EXPECT_THAT(calls.asked, ElementsAre(Pair(1, 4)));
  EXPECT_THAT(calls.noted, ElementsAre(2));
}

TEST(Template, RefusesAModuleThatImportsWhatIsNotProvided) {
  const Error error = error_of(std::array{kNote});
  EXPECT_EQ(error.kind, ErrorKind::module);
  EXPECT_THAT(error.message, HasSubstr("host::ask"));
  EXPECT_EQ(error.message.find('\n'), std::string::npos);
}

TEST(Template, RefusesAnImportOfAnotherType) {
  const HostFunction ask = {"host", "ask", testing::kNoteParameters, testing::host_ask};
  const Error error = error_of(std::array{kNote, ask});
  EXPECT_EQ(error.kind, ErrorKind::module);
  EXPECT_THAT(error.message, HasSubstr("host::ask"));
}

TEST(Template, BindsByName) {
  const Engine engine = guest_engine();
  const auto made = Template::create(engine, guest_module(engine), kHost);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  expect_to_run(*made);
}

// The first instances are made one by one, by these numbers; later ones by a linker.
TEST(Template, BindsByNumberWhereTheImportsAreKnown) {
  const Engine engine = guest_engine();
  const auto made = Template::create(engine, guest_module(engine), kHost, guest_imports(engine));
  ASSERT_TRUE(made.has_value()) << made.error().message;
  for (int i = 0; i < 8; ++i) expect_to_run(*made);
}

TEST(Template, MakesInstancesOnManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kEach = 4;
  const Engine engine = guest_engine();
  const auto made = Template::create(engine, guest_module(engine), kHost, guest_imports(engine));
  ASSERT_TRUE(made.has_value()) << made.error().message;
  std::atomic<int> ran = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < kEach; ++k) {
        Calls calls;
        auto instance = Instance::create(*made, &calls);
        if (!instance.has_value()) continue;
        i32 answer = 0;
        (void)(*instance)->call("ask", std::array{i, k}, &answer);
        if (answer == 2 * k + 1 && calls.asked.size() == 1) ran.fetch_add(1);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ran.load(), kThreads * kEach);
}

}  // namespace
}  // namespace swebash::wasm
