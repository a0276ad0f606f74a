// SPDX-License-Identifier: Apache-2.0
#include "modcache/stores/index.hpp"

#include <algorithm>
#include <cstring>

namespace modcache {
namespace {

constexpr std::uint64_t kBuckets = 2048;
constexpr std::size_t kSlots = 4;
constexpr std::uint64_t kFileRecord = 0x31656c6966;     // "file1"
constexpr std::uint64_t kSurveyRecord = 0x316c6c61;     // "all1"
constexpr std::uint64_t kStampRecord = 0x31706d617473;  // "stamp1"

using Name = std::array<std::uint64_t, 5>;

Name name_of_file(const FileStatus& status) noexcept {
  return {status.device, status.inode, status.size, static_cast<std::uint64_t>(status.mtime_ns),
          static_cast<std::uint64_t>(status.ctime_ns)};
}

Name name_of_entry(const Hash& key) noexcept {
  Name name{};
  std::memcpy(name.data(), key.bytes.data(), key.bytes.size());
  return name;
}

std::uint64_t hash_of_name(const Name& name) noexcept {
  return short_checksum_of(std::as_bytes(std::span(name)));
}

bool is_racy(const FileStatus& status, std::int64_t taken_ns) noexcept {
  return taken_ns - kRacyNs < status.ctime_ns;
}

}  // namespace

// 128 bytes; the checksum covers what follows it.
struct Index::Record {
  std::uint64_t checksum = 0;
  std::uint64_t kind = 0;
  Name name{};
  std::array<std::uint64_t, 5> value{};
  std::int64_t taken_ns = 0;
  std::int64_t used_s = 0;
  std::array<std::uint64_t, 2> spare{};

  [[nodiscard]] std::uint64_t sum() const noexcept {
    return short_checksum_of(std::as_bytes(std::span(this, 1)).subspan(sizeof checksum));
  }
  [[nodiscard]] bool is(std::uint64_t wanted, const Name& wanted_name) const noexcept {
    return kind == wanted && name == wanted_name && checksum == sum();
  }
};

struct Index::Bucket {
  Record slots[kSlots];
};

bool Index::read(std::uint64_t hash, Bucket& bucket) const {
  static_assert(sizeof(Record) == 128);
  if (!fd_) return false;
  const auto count = files_->read_at(fd_.get(), std::as_writable_bytes(std::span(&bucket, 1)),
                                     hash % kBuckets * sizeof(Bucket));
  // Beyond the file's end the slots stay empty.
  return count.has_value();
}

void Index::write(std::uint64_t hash, Record& record) {
  Bucket bucket;
  if (!read(hash, bucket)) return;
  std::size_t slot = 0;
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (bucket.slots[i].is(record.kind, record.name)) {
      slot = i;
      break;
    }
    if (bucket.slots[i].checksum != bucket.slots[i].sum()) bucket.slots[i].used_s = INT64_MIN;
    if (bucket.slots[i].used_s < bucket.slots[slot].used_s) slot = i;
  }
  record.checksum = record.sum();
  (void)files_->write_at(fd_.get(), std::as_bytes(std::span(&record, 1)),
                         hash % kBuckets * sizeof(Bucket) + slot * sizeof(Record));
}

std::optional<Hash> Index::content_of(const FileStatus& status) const {
  const Name name = name_of_file(status);
  Bucket bucket;
  if (!read(hash_of_name(name), bucket)) return std::nullopt;
  for (const Record& record : bucket.slots) {
    if (!record.is(kFileRecord, name)) continue;
    if (is_racy(status, record.taken_ns)) return std::nullopt;
    Hash content;
    std::memcpy(content.bytes.data(), record.value.data(), content.bytes.size());
    return content;
  }
  return std::nullopt;
}

void Index::remember_content(const FileStatus& status, const Hash& content, std::int64_t taken_ns) {
  // What is racy now is not worth a write: nobody would believe it.
  if (!fd_ || is_racy(status, taken_ns)) return;
  Record record;
  record.kind = kFileRecord;
  record.name = name_of_file(status);
  std::memcpy(record.value.data(), content.bytes.data(), content.bytes.size());
  record.taken_ns = taken_ns;
  record.used_s = taken_ns / 1'000'000'000;
  write(hash_of_name(record.name), record);
}

Stamp Index::stamp_of(const Hash& key, const FileStatus& status, std::uint64_t boot) const {
  const Name name = name_of_entry(key);
  Bucket bucket;
  if (!read(hash_of_name(name), bucket)) return {};
  for (const Record& record : bucket.slots) {
    if (!record.is(kStampRecord, name)) continue;
    const Name file = name_of_file(status);
    const bool same = std::equal(file.begin() + 1, file.end(), record.value.begin());
    return {boot != 0 && same && record.value[4] == boot && !is_racy(status, record.taken_ns),
            record.used_s};
  }
  return {};
}

std::optional<Survey> Index::survey() const {
  const Name name{};
  Bucket bucket;
  if (!read(hash_of_name(name), bucket)) return std::nullopt;
  for (const Record& record : bucket.slots) {
    if (record.is(kSurveyRecord, name)) return Survey{record.value[0], record.taken_ns};
  }
  return std::nullopt;
}

void Index::remember_survey(const Survey& survey) {
  if (!fd_) return;
  Record record;
  record.kind = kSurveyRecord;
  record.value[0] = survey.bytes;
  record.taken_ns = survey.taken_ns;
  record.used_s = INT64_MAX;  // never the slot to be given up
  write(hash_of_name(record.name), record);
}

void Index::remember_use(const Hash& key, const FileStatus& status, std::uint64_t boot,
                         bool verified, std::int64_t taken_ns, std::int64_t now_ns) {
  if (!fd_) return;
  Record record;
  record.kind = kStampRecord;
  record.name = name_of_entry(key);
  const Name file = name_of_file(status);
  std::copy(file.begin() + 1, file.end(), record.value.begin());
  record.value[4] = boot;
  record.taken_ns = verified ? taken_ns : 0;
  record.used_s = now_ns / 1'000'000'000;
  write(hash_of_name(record.name), record);
}

}  // namespace modcache
