// SPDX-License-Identifier: Apache-2.0
//
// Store: where entries are kept. Cache is written against this interface.
//
// A store finds, takes in, lists and removes entries; it decides nothing about modules or
// compiling. What find() returns was checked: it is what was asked for, it is whole, and nobody
// else could write it. Implementations are thread-safe and safe beside other processes. Stores are
// made by the factories in stores.def.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "modcache/artefact.hpp"
#include "modcache/key.hpp"
#include "modcache/manifest.hpp"
#include "modcache/passed_over.hpp"
#include "modcache/settings.hpp"
#include "modcache/stats.hpp"
#include "modcache/stores/file_system.hpp"
#include "modcache/stores/index.hpp"
#include "modcache/stores/stats_log.hpp"

namespace modcache {

// What find() gives: an entry's file, checked.
struct FoundEntry {
  OwnedFd fd;
  Footer footer;
  Checked checked = Checked::in_full;
  std::uint32_t verify_us = 0;
};

// An entry's file as it is, whole or not.
struct StoredEntry {
  std::string file_name;
  Hash key;
  FileStatus status;
  std::optional<Footer> footer;  // none: `fault` says why
  std::string key_text;
  std::string info_text;
  std::int64_t last_used = 0;  // seconds since 1970
  MissReason fault = MissReason::none;
};

// A lock that ends with the object, or with the process.
class Flight {
 public:
  virtual ~Flight() = default;
};

enum class FlightState : std::uint8_t {
  held,         // the caller is the one who compiles
  busy,         // another one is at it
  unavailable,  // there are no locks here: compile without
};

struct FlightAttempt {
  FlightState state = FlightState::unavailable;
  std::unique_ptr<Flight> flight;  // where `held`
};

// An entry that is being written. Dropped without commit(), it leaves nothing.
class Publication {
 public:
  virtual ~Publication() = default;
  // A descriptor of the artefact's file, for the caller.
  [[nodiscard]] virtual OsResult<OwnedFd> artefact_fd() = 0;
  // Makes the entry visible under its key, whole.
  [[nodiscard]] virtual OsResult<void> commit() = 0;
};

struct NewEntry {
  Hash key;
  std::string_view key_text;
  EntryInfo info;
  std::span<const std::byte> artefact;
  std::uint32_t compile_ms = 0;
};

struct StoreOptions {
  enum class Role : std::uint8_t { own, extra };  // extra: read only, may belong to root
  Role role = Role::own;
  Mode mode = Mode::rw;
  Verify verify = Verify::automatic;
};

class Store {
 public:
  virtual ~Store() = default;

  [[nodiscard]] virtual const std::string& path() const noexcept = 0;
  [[nodiscard]] virtual bool writable() const noexcept = 0;

  // The entry of `key`, whose manifest must carry `key_text`; or why there is none.
  [[nodiscard]] virtual swebash::Result<FoundEntry, MissReason> find(const Hash& key,
                                                                     std::string_view key_text) = 0;
  // The content that a module's file had, where that is known for sure; and remembers it.
  [[nodiscard]] virtual std::optional<Hash> content_of(const FileStatus& status) = 0;
  virtual void remember_content(const FileStatus& status, const Hash& content,
                                std::int64_t taken_ns) = 0;

  // Tries to become the one who compiles `key`.
  [[nodiscard]] virtual FlightAttempt try_flight(const Hash& key) = 0;
  // Writes an entry, not visible yet.
  [[nodiscard]] virtual OsResult<std::unique_ptr<Publication>> begin(const NewEntry& entry) = 0;
  // Removes the entry of `key`, or whatever stands in its place, if there is anything.
  [[nodiscard]] virtual OsResult<void> remove(const Hash& key) = 0;

  // All entries, manifests read but artefacts not verified.
  [[nodiscard]] virtual OsResult<std::vector<StoredEntry>> list() = 0;
  // Reads the whole entry and says what is wrong with it.
  [[nodiscard]] virtual MissReason verify(const Hash& key) = 0;
  // Removes what writers that are gone left behind; how many files.
  [[nodiscard]] virtual std::uint64_t sweep() = 0;
  // How large it was when all of it was last looked at, with what was published since, where that
  // is known; and remembers it.
  [[nodiscard]] virtual std::optional<Survey> last_survey() = 0;
  virtual void remember_survey(const Survey& survey) = 0;
  // Forgets what is remembered about files.
  virtual void forget() = 0;

  virtual void count(Event event, std::uint64_t value = 0, std::uint8_t detail = 0) = 0;
  [[nodiscard]] virtual Stats stats() = 0;
  [[nodiscard]] virtual OsResult<void> zero_stats() = 0;
  // Does what is due once in a while and is nobody's to wait for.
  virtual void tidy() = 0;
};

// A store, or why the place is none.
using OpenedStore = swebash::Result<std::unique_ptr<Store>, PassedOver>;

// Opens the store at `address`: SCHEME://PLACE with a scheme of stores.def, or a plain path.
// Errors: no_directory (an unknown scheme too), foreign.
[[nodiscard]] OpenedStore open_store(FileSystem& files, std::string_view address,
                                     const StoreOptions& options);

// The scheme that `address` begins with; empty for a plain path. Lifetime: a view into `address`.
[[nodiscard]] std::string_view scheme_of(std::string_view address) noexcept;

// The addresses of a list that colons separate; the one in `://` does not. Lifetime: views into it.
[[nodiscard]] std::vector<std::string_view> split_addresses(std::string_view list);

// The schemes that this build knows, separated by spaces.
[[nodiscard]] std::string store_schemes();

// Opens the store in directory `path`/v1, which it makes where its role is `own` and its mode `rw`.
// Errors: no_directory, foreign.
[[nodiscard]] OpenedStore open_directory_store(FileSystem& files, const std::string& path,
                                               const StoreOptions& options);

// Why `directory`, which could not be opened for the reason `os_error`, is passed over.
[[nodiscard]] PassedOver why_not_opened(FileSystem& files, const std::string& directory,
                                        int os_error);

// Why a directory of `status` is passed over: it is not the user's (nor, where `role` is extra,
// root's), or has one of the rights `refused` (such as 077) for others; empty where it is fit.
[[nodiscard]] std::optional<PassedOver> why_not_trusted(FileSystem& files,
                                                        const std::string& directory,
                                                        const FileStatus& status,
                                                        StoreOptions::Role role,
                                                        std::uint32_t refused);

}  // namespace modcache
