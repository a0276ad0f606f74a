// SPDX-License-Identifier: Apache-2.0
// What every store must do: the suite runs on each row of stores.def.
#include "modcache/stores/store.hpp"

#include <gtest/gtest.h>

#include "modcache/testing/fixtures.hpp"

namespace modcache {
namespace {

using namespace testing;

using Factory = OpenedStore (*)(FileSystem&, const std::string&, const StoreOptions&);
struct Row {
  const char* scheme;
  Factory open;
};
constexpr Row kRows[] = {
#define MODCACHE_STORE(scheme, factory) {scheme, factory},
#include "modcache/stores/stores.def"
#undef MODCACHE_STORE
};

class StoreTest : public ::testing::TestWithParam<Row> {
 protected:
  std::unique_ptr<Store> open(Mode mode = Mode::rw) {
    auto store = GetParam().open(host_files(), directory_ / "store",
                                 {StoreOptions::Role::own, mode, Verify::automatic});
    return store ? std::move(*store) : nullptr;
  }
  bool publish(Store& store, std::string_view key_text, std::string_view artefact) {
    auto begun =
        store.begin({hash_of(key_text), key_text, {"m.wasm", {}, 3}, bytes_of(artefact), 5});
    return begun && (*begun)->commit().has_value();
  }
  std::string content_of(const FoundEntry& found) {
    std::string text(found.footer.artefact_size, '\0');
    const auto count =
        host_files().read_at(found.fd.get(), std::as_writable_bytes(std::span(text)), 0);
    return count ? text : "";
  }

  TemporaryDirectory directory_;
};

TEST_P(StoreTest, GivesBackWhatWasPublishedAndNothingElse) {
  auto store = open();
  ASSERT_TRUE(store);
  EXPECT_EQ(store->find(hash_of("k"), "k").error(), MissReason::absent);
  ASSERT_TRUE(publish(*store, "k", "artefact"));
  auto found = open()->find(hash_of("k"), "k");
  ASSERT_TRUE(found);
  EXPECT_EQ(content_of(*found), "artefact");
  EXPECT_EQ(found->footer.compile_ms, 5U);
  EXPECT_EQ(store->find(hash_of("k"), "another text").error(), MissReason::stale);
  EXPECT_EQ(store->find(hash_of("l"), "l").error(), MissReason::absent);
}

TEST_P(StoreTest, ShowsNothingBeforeTheCommitAndLeavesNothingWithoutOne) {
  auto store = open();
  {
    auto begun = store->begin({hash_of("k"), "k", {}, bytes_of("artefact"), 0});
    ASSERT_TRUE(begun);
    auto fd = (*begun)->artefact_fd();
    ASSERT_TRUE(fd);
    EXPECT_FALSE(store->find(hash_of("k"), "k"));
  }
  EXPECT_EQ(store->list()->size(), 0U);
  EXPECT_EQ(temporary_files(directory_ / "store"), 0);
}

TEST_P(StoreTest, ReplacesWithoutTouchingWhatIsOpen) {
  auto store = open();
  ASSERT_TRUE(publish(*store, "k", "first"));
  auto old = store->find(hash_of("k"), "k");
  ASSERT_TRUE(old);
  ASSERT_TRUE(publish(*store, "k", "second"));
  EXPECT_EQ(content_of(*old), "first");
  EXPECT_EQ(content_of(*store->find(hash_of("k"), "k")), "second");
  ASSERT_TRUE(store->remove(hash_of("k")));
  EXPECT_EQ(content_of(*old), "first");
  EXPECT_EQ(store->find(hash_of("k"), "k").error(), MissReason::absent);
  EXPECT_EQ(store->verify(hash_of("k")), MissReason::absent);
}

TEST_P(StoreTest, ListsWhatItHas) {
  auto store = open();
  ASSERT_TRUE(publish(*store, "one", "1"));
  ASSERT_TRUE(publish(*store, "two", "22"));
  const auto entries = open()->list();
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 2U);
  for (const StoredEntry& entry : *entries) {
    EXPECT_EQ(entry.fault, MissReason::none);
    EXPECT_EQ(hash_of(entry.key_text), entry.key);
    EXPECT_EQ(parse_info(entry.info_text).name, "m.wasm");
    EXPECT_GT(entry.last_used, 0);
    EXPECT_EQ(store->verify(entry.key), MissReason::none);
  }
}

TEST_P(StoreTest, LetsOneFlyPerKey) {
  auto store = open();
  auto other = open();
  auto first = store->try_flight(hash_of("k"));
  ASSERT_EQ(first.state, FlightState::held);
  EXPECT_EQ(store->try_flight(hash_of("k")).state, FlightState::busy);
  EXPECT_EQ(other->try_flight(hash_of("k")).state, FlightState::busy);
  EXPECT_EQ(other->try_flight(hash_of("l")).state, FlightState::held);
  first.flight.reset();
  EXPECT_EQ(other->try_flight(hash_of("k")).state, FlightState::held);
}

TEST_P(StoreTest, ReadOnlyTakesNothingIn) {
  EXPECT_EQ(open(Mode::ro), nullptr) << "nothing is made for a reader";
  ASSERT_TRUE(publish(*open(), "k", "artefact"));
  auto store = open(Mode::ro);
  ASSERT_TRUE(store);
  EXPECT_FALSE(store->writable());
  EXPECT_TRUE(store->find(hash_of("k"), "k"));
  EXPECT_FALSE(publish(*store, "l", "artefact"));
  EXPECT_EQ(store->try_flight(hash_of("k")).state, FlightState::unavailable);
}

TEST_P(StoreTest, RefusesATextThatNoReaderWouldTake) {
  EXPECT_FALSE(publish(*open(), std::string(kMaxKeyText + 1, 'k'), "artefact"));
  EXPECT_TRUE(publish(*open(), std::string(kMaxKeyText, 'k'), "artefact"));
  const std::string key_text(kMaxKeyText, 'k');
  EXPECT_TRUE(open()->find(hash_of(key_text), key_text)) << "a manifest longer than the tail";
}

TEST_P(StoreTest, OpensByItsAddress) {
  const std::string place = directory_ / "by-address";
  const StoreOptions options{StoreOptions::Role::own, Mode::rw, Verify::automatic};
  const std::string address = std::string(GetParam().scheme) + "://" + place;
  auto store = open_store(host_files(), address, options);
  ASSERT_TRUE(store);
  ASSERT_TRUE(publish(**store, "k", "artefact"));
  EXPECT_TRUE((*GetParam().open(host_files(), place, options))->find(hash_of("k"), "k"));
  EXPECT_NE((" " + store_schemes() + " ").find(" " + std::string(GetParam().scheme) + " "),
            std::string::npos);
}

TEST(StoreAddress, HasASchemeOrIsAPath) {
  EXPECT_EQ(scheme_of("file:///a/b"), "file");
  EXPECT_EQ(scheme_of("s3+x.y-1://bucket"), "s3+x.y-1");
  for (const char* path : {"/a/b", "a", "", "://x", "/a://b", "File://x", "1a://x", "c:/x"}) {
    EXPECT_EQ(scheme_of(path), "") << path;
  }
  const TemporaryDirectory directory;
  const StoreOptions options{StoreOptions::Role::own, Mode::rw, Verify::automatic};
  EXPECT_TRUE(open_store(host_files(), directory / "plain", options));
  auto unknown = open_store(host_files(), "nowhere://" + (directory / "x"), options);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().reason, MissReason::no_directory);
  EXPECT_NE(unknown.error().why.find("file"), std::string::npos) << "the kinds that there are";
  EXPECT_FALSE(std::filesystem::exists("nowhere:"));
}

TEST(StoreAddress, IsFoundInAList) {
  using List = std::vector<std::string_view>;
  EXPECT_EQ(split_addresses(""), List{});
  EXPECT_EQ(split_addresses(":/a::/b/c:"), (List{"/a", "/b/c"}));
  EXPECT_EQ(split_addresses("/a:file:///b:net://host:/c"),
            (List{"/a", "file:///b", "net://host", "/c"}));
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.scheme); });

}  // namespace
}  // namespace modcache
