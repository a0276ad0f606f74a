// SPDX-License-Identifier: Apache-2.0
// The operations on a cache as a whole: list, verify, prune, clear, statistics.
#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "modcache/cache_impl.hpp"

namespace modcache {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Error unusable(const Store* store, int os_error) {
  return {ErrorCode::cache_unusable, store != nullptr ? store->path() : "", os_error,
          store != nullptr ? "cannot be used" : "there is no cache directory that can be used"};
}

Entry entry_of(const Store& store, StoredEntry stored) {
  Entry entry;
  entry.file = store.path() + "/" + stored.file_name;
  entry.key = stored.key;
  entry.size = stored.status.size;
  entry.last_used = stored.last_used;
  entry.fault = stored.fault;
  entry.read_only = !store.writable();
  if (stored.footer) {
    entry.artefact_size = stored.footer->artefact_size;
    entry.compile_ms = stored.footer->compile_ms;
    entry.created = static_cast<std::int64_t>(stored.footer->created);
    entry.info = parse_info(stored.info_text);
    if (auto fields = parse_key_fields(stored.key_text)) entry.fields = std::move(*fields);
  }
  return entry;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

std::vector<Candidate> candidate_directories(const Settings& settings, FileSystem& files) {
  if (!settings.dir.empty()) return {{settings.dir}};
  std::vector<Candidate> paths;
  // XDG base directory specification: a relative path is to be ignored.
  if (std::string base = environment("XDG_CACHE_HOME"); base.starts_with('/')) {
    paths.push_back({base + "/modcache"});
  } else if (std::string home = environment("HOME"); home.starts_with('/')) {
    paths.push_back({home + "/.cache/modcache"});
  }
  std::string temporary = environment("TMPDIR");
  if (!temporary.starts_with('/')) temporary = "/tmp";
  paths.push_back({temporary + "/modcache-" + std::to_string(files.effective_uid()), true});
  return paths;
}

Result<std::vector<Entry>> Cache::list() {
  Impl& impl = *impl_;
  Store* own = impl.own_store();
  std::vector<Entry> entries;
  if (own != nullptr) {
    auto stored = own->list();
    if (!stored) return std::unexpected(unusable(own, stored.error()));
    for (auto& one : *stored) entries.push_back(entry_of(*own, std::move(one)));
  }
  for (const auto& store : impl.extra) {
    auto stored = store->list();
    if (!stored) continue;
    for (auto& one : *stored) entries.push_back(entry_of(*store, std::move(one)));
  }
  return entries;
}

Result<std::vector<Entry>> Cache::verify(Repair repair, Progress* progress) {
  Impl& impl = *impl_;
  Store* own = impl.own_store();
  if (own == nullptr) return std::unexpected(unusable(nullptr, 0));
  auto stored = own->list();
  if (!stored) return std::unexpected(unusable(own, stored.error()));
  std::vector<Entry> faulty;
  std::uint64_t done = 0;
  for (auto& one : *stored) {
    if (progress != nullptr) progress->step(done++, stored->size(), one.file_name);
    const MissReason fault = own->verify(one.key);
    if (fault == MissReason::none || fault == MissReason::absent) continue;
    one.fault = fault;
    if (repair == Repair::remove && own->writable()) (void)own->remove(one.key);
    faulty.push_back(entry_of(*own, std::move(one)));
  }
  if (progress != nullptr) progress->step(done, stored->size(), "");
  return faulty;
}

Result<Pruned> Cache::Impl::evict(const Bounds& bounds, const Hash* keep) {
  Store* store = own_store();
  if (store == nullptr || !store->writable()) return std::unexpected(unusable(store, 0));
  auto entries = store->list();
  if (!entries) return std::unexpected(unusable(store, entries.error()));
  Pruned pruned;
  pruned.leftovers = store->sweep();
  std::uint64_t total = 0;
  for (const auto& entry : *entries) total += entry.status.size;
  std::ranges::sort(*entries, {}, &StoredEntry::last_used);
  const std::int64_t now_ns = files.now_ns();
  const auto max_age_s = static_cast<std::int64_t>(bounds.age_ms / 1000);
  const std::uint64_t room =
      bounds.size == 0 ? UINT64_MAX : (total > bounds.size ? bounds.shrink : bounds.size);
  for (const auto& entry : *entries) {
    const bool too_old = bounds.age_ms != 0 && now_ns / kSecond - entry.last_used > max_age_s;
    const bool too_much = total > room;
    // What is no entry is of no use to anybody. What could not be opened may be one: this process
    // may be out of descriptors.
    const bool broken = entry.fault == MissReason::corrupt || entry.fault == MissReason::stale ||
                        entry.fault == MissReason::foreign;
    if (!too_old && !too_much && !broken) continue;
    if (keep != nullptr && entry.key == *keep) continue;
    if (!store->remove(entry.key)) continue;
    total -= entry.status.size;
    ++pruned.entries;
    pruned.bytes += entry.status.size;
    count(Event::evicted, entry.status.size);
  }
  store->remember_survey({total, now_ns});
  return pruned;
}

void Cache::Impl::evict_after_publication(const Hash& published, std::uint64_t size) {
  // Looking at every entry takes ten microseconds for each: not at every miss.
  constexpr std::int64_t kSurveyEvery = 3600 * kSecond;
  const auto half_age = static_cast<std::int64_t>(settings.max_age / 2) * 1'000'000;
  const std::int64_t every =
      settings.max_age == 0 ? kSurveyEvery : std::min(kSurveyEvery, half_age);
  auto survey = own->last_survey();
  if (survey) {
    survey->bytes += size;
    const std::int64_t age = files.now_ns() - survey->taken_ns;
    const bool fits = settings.max_size == 0 || survey->bytes <= settings.max_size;
    if (fits && age >= 0 && age < every) {
      own->remember_survey(*survey);
      own->tidy();
      return;
    }
  }
  // A little further than the bound, so that the next publication has room without another look.
  const std::uint64_t shrink = settings.max_size - settings.max_size / 16;
  (void)evict({settings.max_size, shrink, settings.max_age}, &published);
  own->tidy();
}

Result<Pruned> Cache::prune(std::uint64_t max_size, std::uint64_t max_age) {
  return impl_->evict({max_size, max_size, max_age}, nullptr);
}

Result<Pruned> Cache::clear() {
  Impl& impl = *impl_;
  Store* store = impl.own_store();
  if (store == nullptr || !store->writable()) return std::unexpected(unusable(store, 0));
  auto entries = store->list();
  if (!entries) return std::unexpected(unusable(store, entries.error()));
  Pruned pruned;
  for (const auto& entry : *entries) {
    if (!store->remove(entry.key)) continue;
    ++pruned.entries;
    pruned.bytes += entry.status.size;
  }
  pruned.leftovers = store->sweep();
  store->forget();
  return pruned;
}

Stats Cache::stats() {
  Store* store = impl_->own_store();
  return store != nullptr ? store->stats() : Stats{};
}

Result<void> Cache::zero_stats() {
  Store* store = impl_->own_store();
  if (store == nullptr || !store->writable()) return std::unexpected(unusable(store, 0));
  const auto zeroed = store->zero_stats();
  if (!zeroed) return std::unexpected(unusable(store, zeroed.error()));
  return {};
}

std::vector<std::string> Cache::directories() {
  std::vector<std::string> paths;
  if (Store* store = impl_->own_store(); store != nullptr) {
    paths.push_back(store->path());
  } else {
    paths.emplace_back();
  }
  for (const auto& store : impl_->extra) paths.push_back(store->path());
  return paths;
}

const std::vector<PassedOver>& Cache::passed_over() {
  (void)impl_->own_store();
  return impl_->passed_over;
}

}  // namespace modcache
