// SPDX-License-Identifier: Apache-2.0
//
// Sessions in files, and the copies of trees they are made from.
#include "kernel/session_file.hpp"

#include <gmock/gmock.h>

#include "kernel/fs/fixed.hpp"
#include "kernel/fs/memory.hpp"
#include "kernel/fs/overlay.hpp"
#include "kernel/test_support.hpp"

namespace swebash::kernel {
namespace {

using testing::HasSubstr;

constexpr std::string_view kEngine = "engine";
constexpr u64 kLimit = 1 << 20;

void put(vfs::Node& directory, std::string_view name, std::string_view text) {
  auto file = directory.find(name);
  if (!file.has_value()) file = directory.make(name, abi::kRegular, 0644);
  const DescriptionRef open = (*file)->open(abi::kWrite | abi::kTruncate).value();
  ASSERT_EQ(open->write(std::span(text.data(), text.size()), Wait::yes), text.size());
}

std::string get(vfs::Node& directory, std::string_view name) {
  const auto file = directory.find(name);
  if (!file.has_value()) return "none";
  const DescriptionRef open = (*file)->open(abi::kRead).value();
  char buffer[1000];
  const usize count = open->read(buffer, Wait::yes).value();
  return {buffer, count};
}

// Files as a session may have them.
class SessionFileTest : public testing::Test {
 protected:
  SessionFileTest() {
    put(root(), "f", "text");
    EXPECT_TRUE(root().add_name("g", *root().find("f").value()));
    EXPECT_TRUE(root().make_link("l", "f"));
    put(*root().make("d", abi::kDirectoryType, 0700).value(), "inner", "inside");
    session_.image.mounts = {{"/", files_.root(), vfs::MountMode::read_write}};
    session_.image.directory = "/d";
    session_.stack_pointer = 4096;
    session_.memory_size = 65536;
    session_.runs = {{4096, 8192}};
    session_.bytes = "memory";
    session_.signal_word = 5000;
  }
  vfs::Node& root() { return *files_.root(); }
  SavedSession read_again() {
    return read_session(write_session(session_, kEngine), kEngine, nullptr).value();
  }

  fs::MemoryFileSystem files_{kLimit};
  SavedSession session_;
};

TEST_F(SessionFileTest, IsReadAsItWasWritten) {
  session_.options = {1, 2, 3};
  session_.signals.caught = 8;
  session_.image.umask = 027;
  session_.image.limits = {{7, {10, 20}}};
  const auto file = root().find("f").value();
  session_.image.files = {{SessionImage::FileKind::stream, 2, nullptr, 0, 0, {}},
                          {SessionImage::FileKind::file, 0, file, abi::kRead, 3, {}},
                          {SessionImage::FileKind::directory, 0, nullptr, 0, 0, "/d"}};
  session_.image.descriptors = {{0, Inherit::yes, 0}, {9, Inherit::no, 1}, {10, Inherit::yes, 2}};
  const std::string bytes = write_session(session_, kEngine);
  const SavedSession read = read_session(bytes, kEngine, nullptr).value();
  EXPECT_EQ(read.options, session_.options);
  EXPECT_EQ(read.bytes, "memory");
  EXPECT_EQ(read.runs, session_.runs);
  EXPECT_EQ(read.signals.caught, 8u);
  EXPECT_EQ(read.image.umask, 027u);
  EXPECT_EQ(read.image.directory, "/d");
  ASSERT_EQ(read.image.limits.size(), 1u);
  EXPECT_EQ(read.image.limits[0].second.hard, 20u);
  ASSERT_EQ(read.image.descriptors.size(), 3u);
  EXPECT_EQ(read.image.descriptors[1].fd, 9);
  EXPECT_EQ(read.image.descriptors[1].inherit, Inherit::no);
  EXPECT_EQ(read.image.files[1].offset, 3);
  vfs::Node& again = *read.image.mounts.at(0).root;
  EXPECT_EQ(read.image.files[1].node, again.find("f").value());
  EXPECT_EQ(get(again, "f"), "text");
  EXPECT_EQ(again.find("g").value(), again.find("f").value());
  EXPECT_EQ(again.find("f").value()->stat()->links, 2u);
  EXPECT_EQ(again.find("l").value()->link_text().value(), "f");
  vfs::Node& directory = *again.find("d").value();
  EXPECT_EQ(get(directory, "inner"), "inside");
  EXPECT_EQ(directory.stat()->mode, 0700u);
  EXPECT_EQ(directory.stat()->links, 2u);
  EXPECT_EQ(again.stat()->links, 3u);
  EXPECT_EQ(again.stat()->inode, root().stat()->inode);
}

TEST_F(SessionFileTest, WhatIsNoneSaysWhy) {
  const std::string bytes = write_session(session_, kEngine);
  const auto why = [](std::string_view text, std::string_view engine = kEngine) {
    return read_session(text, engine, nullptr).error();
  };
  EXPECT_THAT(why("something else"), HasSubstr("no snapshot"));
  EXPECT_THAT(why(bytes, "another"), HasSubstr("another build"));
  EXPECT_THAT(why(seal_session("", kEngine)), HasSubstr("damaged"));
  EXPECT_THAT(why(bytes + "x"), HasSubstr("damaged"));
  for (usize size = 12; size < bytes.size(); ++size) {
    EXPECT_THAT(why(std::string_view(bytes).substr(0, size)), HasSubstr("damaged")) << size;
  }
  session_.signal_word = 70000;
  EXPECT_THAT(why(write_session(session_, kEngine)), HasSubstr("damaged"));
  session_.signal_word = 0;
  session_.image.directory = "relative";
  EXPECT_THAT(why(write_session(session_, kEngine)), HasSubstr("damaged"));
}

TEST_F(SessionFileTest, ATreeOfAFileLeadsNowhereTwice) {
  // Each byte changed: it is refused, or a tree that can be walked.
  const std::string bytes = write_session(session_, kEngine);
  const usize head = seal_session("", kEngine).size();
  const auto walk = [](const auto& self, vfs::Node& directory) -> usize {
    usize count = 0;
    const auto items = directory.list().value();
    for (const vfs::Item& item : items) {
      const auto inner = directory.find(item.name).value();
      count += inner->type() == abi::kDirectoryType ? self(self, *inner) + 1 : 1;
    }
    return count;
  };
  for (usize at = head; at < bytes.size(); ++at) {
    for (const char bits : {'\1', '\2', '\4', '\x7f'}) {
      std::string rest = bytes.substr(head);
      rest[at - head] = static_cast<char>(rest[at - head] ^ bits);
      const auto read = read_session(seal_session(rest, kEngine), kEngine, nullptr);
      if (!read.has_value()) continue;
      vfs::NodeRef top = read->image.mounts.at(0).root;
      if (top != nullptr) EXPECT_LE(walk(walk, *top), 5u);
    }
  }
}

TEST_F(SessionFileTest, CopiesShareBytesUntilTheyAreWritten) {
  const auto open = root().find("f").value();
  vfs::NodeCopies copies = {{open.get(), nullptr}};
  const vfs::NodeRef copy = root().copy_tree(copies, nullptr).value();
  EXPECT_EQ(copies.at(open.get()), copy->find("f").value());
  put(*copy, "f", "changed");
  put(*copy, "new", "new");
  ASSERT_TRUE(copy->find("d").value()->remove("inner", false));
  EXPECT_EQ(get(*copy, "g"), "changed");
  EXPECT_EQ(get(root(), "f"), "text");
  EXPECT_EQ(get(root(), "new"), "none");
  EXPECT_EQ(get(*root().find("d").value(), "inner"), "inside");
  const DescriptionRef append = copy->find("g").value()->open(abi::kWrite | abi::kAppend).value();
  vfs::NodeCopies none;
  const vfs::NodeRef second = copy->copy_tree(none, nullptr).value();
  ASSERT_TRUE(append->write(std::span("!", 1), Wait::yes));
  EXPECT_EQ(get(*copy, "f"), "changed!");
  EXPECT_EQ(get(*second, "f"), "changed");
}

TEST_F(SessionFileTest, AFileWithoutANameIsCopiedWhereItIsOpen) {
  const auto open = root().find("f").value();
  ASSERT_TRUE(root().remove("f", false));
  ASSERT_TRUE(root().remove("g", false));
  vfs::NodeCopies copies = {{open.get(), nullptr}};
  const vfs::NodeRef copy = root().copy_tree(copies, nullptr).value();
  ASSERT_NE(copies.at(open.get()), nullptr);
  EXPECT_EQ(copies.at(open.get())->stat()->size, 4u);
  EXPECT_EQ(get(*copy, "f"), "none");
}

TEST_F(SessionFileTest, AnOverlayIsWrittenWithoutWhatIsBelow) {
  fs::MemoryFileSystem above(kLimit);
  const vfs::NodeRef both = fs::overlay(files_.root(), above.root());
  put(*both, "f", "above");
  ASSERT_TRUE(both->remove("l", false));
  session_.image.mounts.push_back({"/over", both, vfs::MountMode::read_write});
  const SavedSession read = read_again();
  ASSERT_EQ(read.kinds.size(), 2u);
  EXPECT_EQ(read.kinds[1], vfs::TreeKind::overlay);
  const vfs::NodeRef again = fs::overlay(files_.root(), read.image.mounts[1].root);
  EXPECT_EQ(get(*again, "f"), "above");
  EXPECT_EQ(get(*again, "l"), "none");
  EXPECT_EQ(get(*again, "g"), "text");
  EXPECT_EQ(get(root(), "f"), "text");
}

}  // namespace
}  // namespace swebash::kernel
