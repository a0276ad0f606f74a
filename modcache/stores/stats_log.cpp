// SPDX-License-Identifier: Apache-2.0
#include "modcache/stores/stats_log.hpp"

#include <cerrno>
#include <cstring>
#include <type_traits>
#include <vector>

namespace modcache {
namespace {

constexpr const char* kLog = "stats.log";
constexpr const char* kOld = "stats.old";
constexpr const char* kTotals = "stats.totals";
constexpr const char* kNewTotals = "stats.totals.new";
constexpr const char* kLock = "stats.lock";
constexpr std::uint32_t kRecordMagic = 0x7473636d;  // "mcst"
constexpr std::uint64_t kFoldOnHit = 4 << 20;
constexpr std::uint64_t kMaxLog = 256 << 20;

struct RawEvent {
  std::uint32_t magic;
  std::uint8_t event;
  std::uint8_t detail;
  std::uint16_t zero;
  std::uint64_t value;
};
static_assert(sizeof(RawEvent) == 16);

// Stats is counters only, so its memory is its file form.
struct RawTotals {
  Stats stats;
  std::uint64_t folded;  // what of stats.old is in here already
  std::uint64_t checksum;
};
static_assert(std::is_trivially_copyable_v<RawTotals>);
static_assert(std::has_unique_object_representations_v<Stats>);

std::uint64_t totals_sum(const RawTotals& totals) noexcept {
  return short_checksum_of(
      std::as_bytes(std::span(&totals, 1)).first(offsetof(RawTotals, checksum)));
}

void add(Stats& stats, const RawEvent& event) noexcept {
  switch (static_cast<Event>(event.event)) {
    case Event::hit:
      ++stats.hits;
      stats.saved_ms += event.value;
      break;
    case Event::miss:
      if (event.detail < kMissReasons) ++stats.misses[event.detail];
      break;
    case Event::waited: ++stats.waited; break;
    case Event::compiled:
      ++stats.compiled;
      stats.compile_ms += event.value;
      break;
    case Event::compile_hung: ++stats.compile_hung; [[fallthrough]];
    case Event::compile_failed: ++stats.compile_failed; break;
    case Event::published: ++stats.published; break;
    case Event::publish_failed: ++stats.publish_failed; break;
    case Event::evicted:
      ++stats.evicted;
      stats.evicted_bytes += event.value;
      break;
  }
}

// Names one state of stats.old, so that it is not added twice when a fold was cut short.
std::uint64_t identity_of(const FileStatus& status) noexcept {
  const std::uint64_t words[] = {status.inode, status.size,
                                 static_cast<std::uint64_t>(status.mtime_ns)};
  return short_checksum_of(std::as_bytes(std::span(words)));
}

}  // namespace

void StatsLog::count(Event event, std::uint64_t value, std::uint8_t detail) {
  const auto fd = files_.open_at(directory_, kLog, Access::append);
  if (!fd) return;
  const RawEvent raw{kRecordMagic, static_cast<std::uint8_t>(event), detail, 0, value};
  const auto size = files_.append(fd->get(), std::as_bytes(std::span(&raw, 1)));
  if (size && *size > kFoldOnHit) fold(kFoldOnHit);
}

void StatsLog::add_log(Stats& stats, const char* name) {
  const auto fd = files_.open_at(directory_, name, Access::read);
  if (!fd) return;
  const auto status = files_.status(fd->get());
  if (!status || status->kind != FileKind::regular || status->size > kMaxLog) return;
  std::vector<std::byte> bytes(status->size);
  const auto count = files_.read_at(fd->get(), bytes, 0);
  if (!count) return;
  // A write cut short by a full disk shifts what follows it: go on at the next record's magic.
  for (std::size_t at = 0; at + sizeof(RawEvent) <= *count;) {
    RawEvent raw;
    std::memcpy(&raw, bytes.data() + at, sizeof raw);
    if (raw.magic != kRecordMagic) {
      ++at;
      continue;
    }
    add(stats, raw);
    at += sizeof raw;
  }
}

bool StatsLog::read_totals(Stats& stats, std::uint64_t& folded) {
  const auto fd = files_.open_at(directory_, kTotals, Access::read);
  if (!fd) return false;
  RawTotals raw;
  const auto count = files_.read_at(fd->get(), std::as_writable_bytes(std::span(&raw, 1)), 0);
  if (!count || *count != sizeof raw || raw.checksum != totals_sum(raw)) return false;
  stats = raw.stats;
  folded = raw.folded;
  return true;
}

Stats StatsLog::read() {
  Stats stats;
  std::uint64_t folded = 0;
  (void)read_totals(stats, folded);
  if (const auto old = files_.open_at(directory_, kOld, Access::read)) {
    const auto status = files_.status(old->get());
    if (status && identity_of(*status) != folded) add_log(stats, kOld);
  }
  add_log(stats, kLog);
  return stats;
}

void StatsLog::fold(std::uint64_t beyond) {
  const auto log = files_.open_at(directory_, kLog, Access::read);
  if (!log) return;
  const auto size = files_.status(log->get());
  if (!size || size->size <= beyond) return;
  const auto lock = files_.open_at(directory_, kLock, Access::read_write);
  if (!lock || !files_.try_lock(lock->get(), 0)) return;
  RawTotals raw{};
  (void)read_totals(raw.stats, raw.folded);
  if (const auto old = files_.open_at(directory_, kOld, Access::read)) {
    const auto status = files_.status(old->get());
    if (status && identity_of(*status) != raw.folded) {
      add_log(raw.stats, kOld);
      raw.folded = identity_of(*status);
      raw.checksum = totals_sum(raw);
      (void)files_.unlink_at(directory_, kNewTotals);
      const auto fresh = files_.open_at(directory_, kNewTotals, Access::create_new);
      if (!fresh || !files_.write_at(fresh->get(), std::as_bytes(std::span(&raw, 1)), 0) ||
          !files_.rename_at(directory_, kNewTotals, kTotals)) {
        return;
      }
    }
  }
  (void)files_.rename_at(directory_, kLog, kOld);
}

OsResult<void> StatsLog::zero() {
  for (const char* name : {kTotals, kOld, kLog}) {
    const auto gone = files_.unlink_at(directory_, name);
    if (!gone && gone.error() != ENOENT) return gone;
  }
  return {};
}

}  // namespace modcache
