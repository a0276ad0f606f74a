// SPDX-License-Identifier: Apache-2.0
#include "modcache/cache.hpp"

#include <algorithm>
#include <cstdlib>

#include "modcache/cache_impl.hpp"
#include "modcache/wanted_module.hpp"

namespace modcache {
namespace {

constexpr std::uint32_t kFirstWaitMs = 1;
constexpr std::uint32_t kLongestWaitMs = 8;

// Takes the artefact and keeps it for the caller of get().
class Keep final : public Consumer {
 public:
  Verdict accept(Artefact& artefact, std::string&) override {
    kept = std::move(artefact);
    return Verdict::accepted;
  }
  Artefact kept;
};

// Why `path` is not the user's own directory, where another could have made it first. Made where it
// is missing and may be made.
std::optional<PassedOver> why_not_own(FileSystem& files, const std::string& path, Mode mode) {
  if (mode == Mode::rw) (void)files.make_directory(path.c_str());
  const auto directory = files.open_directory(path.c_str(), Links::refuse);
  if (!directory) return why_not_opened(files, path, directory.error());
  const auto status = files.status(directory->get());
  if (!status) return why_not_opened(files, path, status.error());
  return why_not_trusted(files, path, *status, StoreOptions::Role::own, 022);
}

std::uint32_t elapsed_us(FileSystem& files, std::int64_t since) {
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(files.steady_us() - since, 0, UINT32_MAX));
}

}  // namespace

Cache::Cache(Settings settings) : Cache(std::move(settings), host_files()) {}
Cache::Cache(Settings settings, FileSystem& files)
    : impl_(std::make_unique<Impl>(std::move(settings), files)) {}
Cache::~Cache() = default;

const Settings& Cache::settings() const noexcept { return impl_->settings; }

void Cache::Impl::open_stores() {
  if (settings.mode == Mode::off) return;
  const StoreOptions options{StoreOptions::Role::own, settings.mode, settings.verify};
  for (const auto& [path, among_others] : candidate_directories(settings, files)) {
    if (among_others) {
      if (auto fault = why_not_own(files, path, settings.mode)) {
        passed_over.push_back(std::move(*fault));
        continue;
      }
    }
    auto store = open_store(files, path, options);
    if (store) {
      own = std::move(*store);
      break;
    }
    passed_over.push_back(std::move(store).error());
  }
  for (const auto address : split_addresses(settings.extra_dirs)) {
    auto store = open_store(files, address, {StoreOptions::Role::extra, Mode::ro, settings.verify});
    if (store) {
      extra.push_back(std::move(*store));
    } else {
      passed_over.push_back(std::move(store).error());
    }
  }
}

Store* Cache::Impl::own_store() {
  std::call_once(opened, [this] { open_stores(); });
  return own.get();
}

void Cache::Impl::count(Event event, std::uint64_t value, std::uint8_t detail) {
  if (own && settings.stats) own->count(event, value, detail);
}

swebash::Result<FoundEntry, MissReason> Cache::Impl::find(const Hash& key,
                                                          std::string_view key_text) {
  MissReason reason = settings.mode == Mode::off ? MissReason::disabled : MissReason::no_directory;
  if (own) {
    auto found = own->find(key, key_text);
    if (found) return found;
    reason = found.error();
  }
  for (const auto& store : extra) {
    auto found = store->find(key, key_text);
    if (found) return found;
    if (!own && reason == MissReason::no_directory) reason = found.error();
  }
  return std::unexpected(reason);
}

// An engine may refuse an entry that has its key: how a Wasmtime was built is told by what builds
// it, and configurations of an embedder's own by their fingerprint. The entry then stays for those
// who can use it, and the key goes on to the next of a few variants, where the engine's own stands.
constexpr int kVariants = 4;

KeyFields variant_of(const CodeIdentity& code, const Hash& module, int variant) {
  KeyFields fields = code.fields;
  fields.module = module;
  if (variant > 0) fields.runtime += " variant " + std::to_string(variant);
  return fields;
}

// What one load carries from step to step.
struct Cache::Impl::Load {
  WantedModule module;
  const CodeIdentity& code;
  Compiler& compiler;
  Consumer& consumer;
  SlowCompileNotice* notice;
  Report report{};
  std::uint64_t entry_size = 0;  // of what was compiled, with its manifest
  Hash content{};
  int variant = 0;
  std::string key_text{};

  void set_content(const Hash& hash) {
    content = hash;
    report.module = hash;
    set_variant(0);
  }
  void set_variant(int number) {
    variant = number;
    key_text = to_text(variant_of(code, content, variant));
    report.key = hash_of(key_text);
  }
};

// Offers what was found; true where the load is done.
Result<bool> Cache::Impl::offer(Load& load, FoundEntry found) {
  Artefact artefact;
  load.report.tier = Tier::cache;
  load.report.checked = found.checked;
  load.report.verify_us = found.verify_us;
  load.report.saved_ms = found.footer.compile_ms;
  artefact.size = found.footer.artefact_size;
  artefact.fd = std::move(found.fd);
  artefact.report = load.report;
  std::string message;
  switch (load.consumer.accept(artefact, message)) {
    case Verdict::accepted:
      count(Event::hit, found.footer.compile_ms);
      if (load.report.waited) count(Event::waited);
      return true;
    case Verdict::rejected:
      return std::unexpected(Error{ErrorCode::rejected, load.module.path(), 0, std::move(message)});
    case Verdict::incompatible: break;
  }
  load.report.miss = MissReason::incompatible;
  load.report.refusal = std::move(message);
  load.report.saved_ms = 0;
  return false;
}

// Looks the key up, and after each entry that is refused its next variant, and offers what is
// there; true where the load is done. The last variant is for whoever comes last.
Result<bool> Cache::Impl::look_up(Load& load) {
  while (true) {
    const std::int64_t start = files.steady_us();
    auto found = find(load.report.key, load.key_text);
    load.report.lookup_us += elapsed_us(files, start);
    if (!found) {
      const bool refused = load.variant > 0 && found.error() == MissReason::absent;
      load.report.miss = refused ? MissReason::incompatible : found.error();
      return false;
    }
    if (SWEBASH_TRY(offer(load, std::move(*found)))) {
      load.report.miss = MissReason::none;
      return true;
    }
    if (load.variant + 1 == kVariants) return false;
    load.set_variant(load.variant + 1);
  }
}

// Waits until nobody else compiles this key: with the flight, or without where there are no locks
// or the wait was too long.
Result<bool> Cache::Impl::wait_for_flight(Load& load, std::unique_ptr<Flight>& flight) {
  const std::int64_t start = files.steady_us();
  const auto limit_us = static_cast<std::int64_t>(settings.lock_timeout) * 1000;
  std::uint32_t wait_ms = kFirstWaitMs;
  bool told = false;
  while (true) {
    FlightAttempt attempt = own->try_flight(load.report.key);
    if (attempt.state != FlightState::busy) {
      flight = std::move(attempt.flight);
      // Whoever had it before may have published in the meantime.
      const MissReason reason = load.report.miss;
      const bool done = SWEBASH_TRY(look_up(load));
      if (!done && load.report.miss == MissReason::absent) load.report.miss = reason;
      return done;
    }
    load.report.waited = true;
    const std::int64_t waited_us = files.steady_us() - start;
    if (waited_us > limit_us) return false;
    if (!told && load.notice != nullptr && waited_us > 150'000) {
      load.notice->slow_compile(load.module.name());
      told = true;
    }
    files.sleep_ms(wait_ms);
    wait_ms = std::min(wait_ms * 2, kLongestWaitMs);
  }
}

Result<void> Cache::Impl::compile(Load& load) {
  const auto bytes = SWEBASH_TRY(load.module.bytes(own.get()));
  const std::string name = load.module.name();
  CompileRequest request{bytes, load.code.config_text, load.code.runtime, name, load.notice};
  const std::int64_t start = files.steady_us();
  auto made = load.compiler.compile(request);
  load.report.compile_us = elapsed_us(files, start);
  if (!made) {
    count(made.error().code == ErrorCode::compiler_hung ? Event::compile_hung
                                                        : Event::compile_failed);
    if (made.error().path.empty()) made.error().path = load.module.path();
    return std::unexpected(std::move(made).error());
  }
  load.report.tier = Tier::compiled;
  load.report.saved_ms = 0;
  load.report.checked = Checked::by_trust;
  count(Event::compiled, load.report.compile_us / 1000);

  NewEntry entry{load.report.key,
                 load.key_text,
                 {name, {}, bytes.size()},
                 *made,
                 load.report.compile_us / 1000};
  std::unique_ptr<Publication> publication;
  if (own && own->writable()) {
    auto begun = own->begin(entry);
    if (begun) {
      publication = std::move(*begun);
    } else {
      count(Event::publish_failed);
    }
  }

  Artefact artefact;
  artefact.size = made->size();
  load.entry_size = made->size() + load.key_text.size() + to_text(entry.info).size() + kFooterSize;
  artefact.report = load.report;
  attach_file(artefact, publication.get(), *made);
  if (!artefact.fd) artefact.bytes = std::move(*made);
  std::string message;
  switch (load.consumer.accept(artefact, message)) {
    case Verdict::accepted: break;
    case Verdict::rejected:
      return std::unexpected(Error{ErrorCode::rejected, load.module.path(), 0, std::move(message)});
    case Verdict::incompatible:
      return std::unexpected(
          Error{ErrorCode::load_failed, load.module.path(), 0, std::move(message)});
  }
  if (publication) {
    load.report.published = publication->commit().has_value();
    count(load.report.published ? Event::published : Event::publish_failed);
  }
  return {};
}

// The file that is published is the one that is mapped, so that its pages are shared from the first
// use on; without one, a file in memory.
void Cache::Impl::attach_file(Artefact& artefact, Publication* publication,
                              std::span<const std::byte> bytes) {
  if (publication != nullptr) {
    auto fd = publication->artefact_fd();
    if (fd) {
      artefact.fd = std::move(*fd);
      return;
    }
  }
  auto fd = files.anonymous_file();
  if (fd && files.write_at(fd->get(), bytes, 0)) artefact.fd = std::move(*fd);
}

Result<Report> Cache::load(const ModuleSource& source, const CodeIdentity& code, Compiler& compiler,
                           Consumer& consumer, SlowCompileNotice* notice) {
  Impl& impl = *impl_;
  Store* store = impl.own_store();
  const std::int64_t start = impl.files.steady_us();
  Impl::Load load{WantedModule(impl.files, source), code, compiler, consumer, notice};
  load.set_content(SWEBASH_TRY(load.module.content(store, load.report)));
  load.report.lookup_us = elapsed_us(impl.files, start);
  if (SWEBASH_TRY(impl.look_up(load))) return load.report;

  const Settings& settings = impl.settings;
  if (settings.mode == Mode::require) {
    impl.count(Event::miss, 0, static_cast<std::uint8_t>(load.report.miss));
    return std::unexpected(Error{
        ErrorCode::not_cached, load.module.path(), 0,
        std::string("not in the cache (") + name_of(load.report.miss) + "), and mode is require"});
  }
  SWEBASH_TRY(load.module.bytes(store));
  if (load.module.changed(load.content)) {
    // The file became another between its status and its reading.
    load.report.hashed_module = true;
    load.set_content(SWEBASH_TRY(load.module.content(nullptr, load.report)));
    if (SWEBASH_TRY(impl.look_up(load))) return load.report;
  }
  std::unique_ptr<Flight> flight;
  if (store != nullptr && store->writable()) {
    if (SWEBASH_TRY(impl.wait_for_flight(load, flight))) return load.report;
  }
  impl.count(Event::miss, 0, static_cast<std::uint8_t>(load.report.miss));
  if (load.report.miss == MissReason::corrupt && store != nullptr && store->writable()) {
    (void)store->remove(load.report.key);
  }
  SWEBASH_TRY(impl.compile(load));
  flight.reset();
  if (load.report.published) impl.evict_after_publication(load.report.key, load.entry_size);
  return load.report;
}

Result<Artefact> Cache::get(const ModuleSource& source, const CodeIdentity& code,
                            Compiler& compiler, SlowCompileNotice* notice) {
  Keep keep;
  const Report report = SWEBASH_TRY(load(source, code, compiler, keep, notice));
  keep.kept.report = report;
  return std::move(keep.kept);
}

// Looks for one key in each store in turn, for a person to see.
swebash::Result<FoundEntry, MissReason> Cache::Impl::look_around(const Hash& key,
                                                                 std::string_view key_text,
                                                                 std::vector<LookedAt>& looked_at) {
  MissReason reason = settings.mode == Mode::off ? MissReason::disabled : MissReason::no_directory;
  const auto look = [&](Store& store, bool read_only) {
    auto found = store.find(key, key_text);
    looked_at.push_back({store.path() + "/" + to_hex(key) + ".cwasm",
                         found ? MissReason::none : found.error(), read_only});
    return found;
  };
  if (own) {
    auto found = look(*own, false);
    if (found) return std::move(*found);
    reason = found.error();
  }
  for (const auto& store : extra) {
    auto found = look(*store, true);
    if (found) return std::move(*found);
    // That others' directories lack it says less than what is wrong where it is.
    if (reason == MissReason::no_directory || reason == MissReason::absent) reason = found.error();
  }
  return std::unexpected(reason);
}

Result<Explanation> Cache::explain(const ModuleSource& source, const CodeIdentity& code,
                                   Consumer* consumer) {
  Impl& impl = *impl_;
  Store* store = impl.own_store();
  WantedModule module(impl.files, source);
  Report report;
  Explanation said;
  const std::int64_t start = impl.files.steady_us();
  const Hash content = SWEBASH_TRY(module.content(store, report));
  said.indexed = !report.hashed_module;
  for (int variant = 0; variant < kVariants && !said.hit; ++variant) {
    const KeyFields wanted = variant_of(code, content, variant);
    const std::string key_text = to_text(wanted);
    std::vector<LookedAt> looked_at;
    auto found = impl.look_around(hash_of(key_text), key_text, looked_at);
    if (variant == 0) said.lookup_us = elapsed_us(impl.files, start);
    if (variant > 0 && !found) break;
    said.wanted = wanted;
    said.looked_at = std::move(looked_at);
    said.file = said.looked_at.empty() ? "" : said.looked_at.front().file;
    if (!found) {
      said.reason = found.error();
      break;
    }
    said.file = said.looked_at.back().file;
    Artefact artefact;
    artefact.size = found->footer.artefact_size;
    artefact.fd = std::move(found->fd);
    artefact.report.module = content;
    said.hit =
        consumer == nullptr || consumer->accept(artefact, said.refusal) != Verdict::incompatible;
    said.reason = said.hit ? MissReason::none : MissReason::incompatible;
    if (!said.hit) said.looked_at.back().reason = MissReason::incompatible;
  }
  if (said.hit || said.reason == MissReason::incompatible) return said;

  int best = 0;
  const auto entries = list();
  if (!entries) return said;
  for (const Entry& entry : *entries) {
    if (entry.fault != MissReason::none) continue;
    const int near = agreement(said.wanted, entry.fields);
    if (near <= best) continue;
    best = near;
    said.nearest.assign(1, entry);
    const char* field = first_difference(said.wanted, entry.fields);
    said.difference = field != nullptr ? field : "";
  }
  return said;
}

}  // namespace modcache
