// SPDX-License-Identifier: Apache-2.0
//
// Cache: compiled modules by what they were compiled from. The way in.
//
// load() gives the artefact of a module: from the store where it is there, is whole and is what was
// asked for; else compiled once, by one of all who ask at that moment, checked by the consumer and
// published for the next. Opening a cache costs almost nothing; a hit reads no more than the end of
// one file and two records of an index. Nothing that is wrong with the cache makes a load fail
// (except in mode `require`), nothing is printed, nothing is thrown.
//
// Thread-safe, and safe beside any number of other processes. It does not know Wasmtime: modules
// are made of artefacts by wasmtime/engine.hpp, whose load_module() most embedders call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "modcache/artefact.hpp"
#include "modcache/compiler.hpp"
#include "modcache/error.hpp"
#include "modcache/key.hpp"
#include "modcache/manifest.hpp"
#include "modcache/passed_over.hpp"
#include "modcache/settings.hpp"
#include "modcache/stats.hpp"

namespace modcache {

class FileSystem;

// The module that is wanted: a file, or bytes. Views; what they show must outlive the call.
struct ModuleSource {
  const char* path = nullptr;        // set: the file is read, unless the index knows it
  std::span<const std::byte> bytes;  // else these
  std::string_view name;             // for messages and `list`; empty: the file's name

  static ModuleSource file(const char* file_path) noexcept { return {file_path, {}, {}}; }
  static ModuleSource memory(std::span<const std::byte> data, std::string_view label) noexcept {
    return {nullptr, data, label};
  }
};

// What the code is compiled for and how; made by wasmtime::code_identity().
struct CodeIdentity {
  KeyFields fields;         // with `module` zero
  std::string config_text;  // handed to the compiler
  std::string runtime;      // the version of Wasmtime, handed to the compiler
};

enum class Verdict : std::uint8_t {
  accepted,
  incompatible,  // not loadable here: an entry stays for others; a fresh artefact is an error
  rejected,      // loadable, and not what the embedder wants: an error, nothing is published
};

// Who takes artefacts. accept() sees each before it is final: from a hit it may be refused and
// compiled anew, to stand beside the refused one; a fresh one is published only when it was
// accepted.
class Consumer {
 public:
  virtual ~Consumer() = default;
  // May move the descriptor or the bytes out of `artefact`. On anything but `accepted`, `message`
  // is filled.
  [[nodiscard]] virtual Verdict accept(Artefact& artefact, std::string& message) = 0;
};

// An entry, as `list` shows it.
struct Entry {
  std::string file;  // path
  Hash key;
  KeyFields fields;
  EntryInfo info;
  std::uint64_t size = 0;  // of the file
  std::uint64_t artefact_size = 0;
  std::uint32_t compile_ms = 0;
  std::int64_t created = 0;             // seconds since 1970
  std::int64_t last_used = 0;           // seconds since 1970
  MissReason fault = MissReason::none;  // why it is none, where it is none
  bool read_only = false;               // in one of the extra directories
};

// A place where an entry was looked for.
struct LookedAt {
  std::string file;
  MissReason reason = MissReason::none;  // why there is no entry; none: there is one
  bool read_only = false;                // it is in one of the extra directories
};

struct Explanation {
  bool hit = false;
  MissReason reason = MissReason::none;
  std::string refusal;              // what Wasmtime says, where an entry is refused
  std::string file;                 // the entry's, where it would be or is
  std::vector<LookedAt> looked_at;  // in turn, up to the one that has it
  KeyFields wanted;
  std::string difference;      // the field that differs from `nearest`
  std::vector<Entry> nearest;  // at most one
  std::uint32_t lookup_us = 0;
  bool indexed = false;  // the module's file was known and not read
};

struct Pruned {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t leftovers = 0;  // temporary files of writers that are gone
};

// Told how a long operation comes along.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void step(std::uint64_t done, std::uint64_t total, std::string_view what) = 0;
};

class Cache {
 public:
  // Requires: `files` outlives the cache.
  explicit Cache(Settings settings);
  Cache(Settings settings, FileSystem& files);
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // Gives the artefact of `source` to `consumer`; what happened is returned.
  // Errors: cannot_read, not_wasm, the compiler's, load_failed, rejected, not_cached.
  [[nodiscard]] Result<Report> load(const ModuleSource& source, const CodeIdentity& code,
                                    Compiler& compiler, Consumer& consumer,
                                    SlowCompileNotice* notice = nullptr);

  // Gives the artefact of `source` to the caller.
  // Errors: as load().
  [[nodiscard]] Result<Artefact> get(const ModuleSource& source, const CodeIdentity& code,
                                     Compiler& compiler, SlowCompileNotice* notice = nullptr);

  // Says whether load() would hit, and why not; what is found is offered to `consumer` where there
  // is one, as a load does. Counts nothing.
  // Errors: cannot_read, not_wasm.
  [[nodiscard]] Result<Explanation> explain(const ModuleSource& source, const CodeIdentity& code,
                                            Consumer* consumer = nullptr);

  // The entries, read-only directories last; those with a fault too.
  [[nodiscard]] Result<std::vector<Entry>> list();

  // Reads every entry in full; those with a fault are returned, and removed where `repair`.
  enum class Repair : std::uint8_t { report, remove };
  [[nodiscard]] Result<std::vector<Entry>> verify(Repair repair, Progress* progress = nullptr);

  // Evicts what is beyond `max_size` (bytes) or unused for longer than `max_age` (milliseconds),
  // and what dead writers left; 0 is no bound.
  [[nodiscard]] Result<Pruned> prune(std::uint64_t max_size, std::uint64_t max_age);

  // Removes every entry and the index; statistics stay.
  [[nodiscard]] Result<Pruned> clear();

  // The counters, all processes together; and sets them to zero.
  [[nodiscard]] Stats stats();
  [[nodiscard]] Result<void> zero_stats();

  // All directories the cache reads or writes: the one it writes first (empty where none can be
  // used), for a sandbox's policy to exclude.
  [[nodiscard]] std::vector<std::string> directories();

  // The directories that the settings name, or that would be used by default, and that are not.
  [[nodiscard]] const std::vector<PassedOver>& passed_over();

  [[nodiscard]] const Settings& settings() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace modcache
