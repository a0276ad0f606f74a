// SPDX-License-Identifier: Apache-2.0
#include "kernel/task/growing_pipe.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace swebash::kernel {
namespace {

constexpr u64 kLimit = 1 << 22;

SysResult<usize> write_text(Description& to, std::string_view text) {
  return to.write(std::span(text.data(), text.size()), Wait::no);
}

SysResult<std::string> read_text(Description& from, usize most = 64) {
  std::string text(most, '\0');
  const SysResult<usize> count = from.read(text, Wait::no);
  if (!count.has_value()) return std::unexpected(count.error());
  text.resize(*count);
  return text;
}

TEST(GrowingPipe, HoldsMoreThanAHostPipeWithoutAReader) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  const std::string big(1 << 20, 'x');
  EXPECT_EQ(write_text(*writer, big), big.size());
  EXPECT_EQ(write_text(*writer, "end"), 3u);
  writer.reset();
  std::string got;
  while (true) {
    const std::string part = read_text(*reader, 10'000).value();
    if (part.empty()) break;
    got += part;
  }
  EXPECT_EQ(got, big + "end");
}

TEST(GrowingPipe, IsEmptyThenAtItsEndOnceTheWriterIsGone) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  EXPECT_EQ(read_text(*reader).error(), Errno::again);
  const DescriptionRef second = writer;
  writer.reset();
  EXPECT_EQ(read_text(*reader).error(), Errno::again);
  (void)write_text(*second, "a");
  EXPECT_EQ(read_text(*reader), "a");
}

TEST(GrowingPipe, ReadsNothingBeyondADelimiter) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  char buffer[4];
  EXPECT_EQ(reader->read_until(buffer, '\n').error(), Errno::again);
  (void)write_text(*writer, "a\nbcdefg\nh");
  EXPECT_EQ(reader->read_until(buffer, '\n'), 2u);
  EXPECT_EQ(reader->read_until(buffer, '\n'), 4u);
  EXPECT_EQ(reader->read_until(buffer, '\n'), 3u);
  EXPECT_EQ(std::string(buffer, 3), "fg\n");
  writer.reset();
  EXPECT_EQ(reader->read_until(buffer, '\n'), 1u);
  EXPECT_EQ(reader->read_until(buffer, '\n'), 0u);
}

TEST(GrowingPipe, RefusesWritesPastItsLimitAndWithoutAReader) {
  auto [reader, writer] = GrowingPipe::create(4);
  EXPECT_EQ(write_text(*writer, "abcde").error(), Errno::fbig);
  EXPECT_EQ(write_text(*writer, "abcd"), 4u);
  EXPECT_EQ(write_text(*writer, "e").error(), Errno::pipe);
  EXPECT_EQ(read_text(*reader).error(), Errno::fbig);
  reader.reset();
  EXPECT_EQ(write_text(*writer, "a").error(), Errno::pipe);
}

TEST(GrowingPipe, KeepsTheOrderOfNativeAndOwnWrites) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  const int native = writer->child_fd().value().fd;
  ASSERT_EQ(::write(native, "one ", 4), 4);
  (void)write_text(*writer, "two ");
  ASSERT_EQ(::write(native, "three", 5), 5);
  EXPECT_EQ(read_text(*reader), "one two ");
  EXPECT_EQ(read_text(*reader), "three");
}

TEST(GrowingPipe, EndsOnlyWhenNativesHaveClosedTheIntake) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  const int native = ::dup(writer->child_fd().value().fd);
  writer.reset();
  EXPECT_EQ(read_text(*reader).error(), Errno::again);
  ASSERT_EQ(::write(native, "late", 4), 4);
  EXPECT_EQ(read_text(*reader), "late");
  ::close(native);
  EXPECT_EQ(read_text(*reader), "");
}

TEST(GrowingPipe, ReadyDescriptorFollowsTheState) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  pollfd entry = {reader->poll_fd().value(), POLLIN, 0};
  EXPECT_EQ(::poll(&entry, 1, 0), 0);
  (void)write_text(*writer, "x");
  EXPECT_EQ(::poll(&entry, 1, 0), 1);
  EXPECT_EQ(read_text(*reader), "x");
  EXPECT_EQ(::poll(&entry, 1, 0), 0);
  writer.reset();
  EXPECT_EQ(::poll(&entry, 1, 0), 1);
}

TEST(GrowingPipe, SurvivesAWriterOnAnotherThread) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  pollfd entry = {reader->poll_fd().value(), POLLIN, 0};
  std::thread thread([writer = std::move(writer)]() mutable {
    for (int i = 0; i < 1000; ++i) (void)write_text(*writer, "0123456789");
    writer.reset();
  });
  usize total = 0;
  while (true) {
    ASSERT_EQ(::poll(&entry, 1, 10'000), 1);
    const SysResult<std::string> part = read_text(*reader, 100);
    if (!part.has_value()) continue;
    if (part->empty()) break;
    total += part->size();
  }
  thread.join();
  EXPECT_EQ(total, 10'000u);
}

std::string read_host(int fd) {
  std::string got;
  char block[4096];
  while (true) {
    const ssize_t count = ::read(fd, block, sizeof(block));
    if (count <= 0) return got;
    got.append(block, static_cast<usize>(count));
  }
}

TEST(GrowingPipe, GivesANativeReaderWhatIsLeft) {
  for (const usize size : {usize{5}, usize{65536}, usize{300'000}}) {
    auto [reader, writer] = GrowingPipe::create(kLimit);
    const std::string text(size, 'x');
    (void)write_text(*writer, "line\n" + text);
    writer.reset();
    EXPECT_EQ(read_text(*reader, 5), "line\n");
    const ChildFd child = reader->child_fd().value();
    EXPECT_EQ(read_host(child.fd), text) << size;
    EXPECT_EQ(read_text(*reader), "");
  }
}

TEST(GrowingPipe, IsReadOnWhereANativeReaderLeftOff) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  (void)write_text(*writer, "abcdef");
  writer.reset();
  const ChildFd child = reader->child_fd().value();
  char block[2];
  ASSERT_EQ(::read(child.fd, block, sizeof(block)), 2);
  EXPECT_EQ(read_text(*reader), "cdef");
  EXPECT_EQ(reader->child_fd().value().fd, child.fd);
}

TEST(GrowingPipe, HasNothingForANativeReaderWhileSomebodyWrites) {
  auto [reader, writer] = GrowingPipe::create(kLimit);
  EXPECT_EQ(reader->child_fd().error(), Errno::notsup);
}

}  // namespace
}  // namespace swebash::kernel
