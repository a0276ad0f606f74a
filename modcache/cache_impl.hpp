// SPDX-License-Identifier: Apache-2.0
//
// Cache::Impl: the stores behind a Cache and the steps of a load. Not installed.
//
// Stores are opened at the first use, once; after that nothing here changes but the files, so all
// is thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "modcache/cache.hpp"
#include "modcache/stores/store.hpp"

namespace modcache {

class Cache::Impl {
 public:
  struct Load;

  Impl(Settings chosen, FileSystem& file_system)
      : settings(std::move(chosen)), files(file_system) {}

  // The store that is written, or nullptr where no directory can be used.
  [[nodiscard]] Store* own_store();
  void count(Event event, std::uint64_t value = 0, std::uint8_t detail = 0);

  [[nodiscard]] swebash::Result<FoundEntry, MissReason> find(const Hash& key,
                                                             std::string_view key_text);
  [[nodiscard]] swebash::Result<FoundEntry, MissReason> look_around(
      const Hash& key, std::string_view key_text, std::vector<LookedAt>& looked_at);
  [[nodiscard]] Result<bool> look_up(Load& load);
  [[nodiscard]] Result<bool> offer(Load& load, FoundEntry found);
  [[nodiscard]] Result<bool> wait_for_flight(Load& load, std::unique_ptr<Flight>& flight);
  [[nodiscard]] Result<void> compile(Load& load);
  void attach_file(Artefact& artefact, Publication* publication, std::span<const std::byte> bytes);

  // What a publication of `size` bytes makes due: evicts by the settings' bounds, and never what
  // was just published. Looks at the whole store once in a while and where the bound is passed.
  void evict_after_publication(const Hash& published, std::uint64_t size);
  struct Bounds {
    std::uint64_t size = 0;    // bytes; what is beyond is evicted, 0: no bound
    std::uint64_t shrink = 0;  // where it is passed, down to this
    std::uint64_t age_ms = 0;  // unused for longer is evicted, 0: no bound
  };
  [[nodiscard]] Result<Pruned> evict(const Bounds& bounds, const Hash* keep);

  const Settings settings;
  FileSystem& files;
  std::once_flag opened;
  std::unique_ptr<Store> own;
  std::vector<std::unique_ptr<Store>> extra;
  std::vector<PassedOver> passed_over;

 private:
  void open_stores();
};

// A place where the cache may be.
struct Candidate {
  std::string path;
  // It stands where others may write: who made it is looked at before it is used.
  bool among_others = false;
};

// Where the cache may be, best first: the setting alone where it is set; else under the user's
// cache directory, else a directory of the user's under the temporary one.
[[nodiscard]] std::vector<Candidate> candidate_directories(const Settings& settings,
                                                           FileSystem& files);

}  // namespace modcache
