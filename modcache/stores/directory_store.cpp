// SPDX-License-Identifier: Apache-2.0
// The store in a directory of files: one file per entry, named by its key (docs/cache-format.md).
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "modcache/stores/index.hpp"
#include "modcache/stores/store.hpp"
#include "modcache/version.hpp"

namespace modcache {
namespace {

constexpr std::string_view kEntrySuffix = ".cwasm";
constexpr std::string_view kTemporaryPrefix = "tmp-";
constexpr const char* kIndexName = "index";
constexpr const char* kLocksName = "locks";
// A hit writes to the index at most this often per entry.
constexpr std::int64_t kUseGranularity = 3600;
constexpr std::uint64_t kLogKept = 64 << 10;
// What dead writers left is theirs for this long, in case they live and clocks differ.
constexpr std::int64_t kLeftoverAge = 3600;

std::string entry_name(const Hash& key) { return to_hex(key).append(kEntrySuffix); }

std::uint64_t lock_offset(const Hash& key) noexcept {
  std::uint64_t offset = 0;
  std::memcpy(&offset, key.bytes.data(), sizeof offset);
  return offset;
}

class LockFlight final : public Flight {
 public:
  explicit LockFlight(OwnedFd fd) noexcept : fd_(std::move(fd)) {}

 private:
  OwnedFd fd_;  // the lock ends with the descriptor
};

class FilePublication final : public Publication {
 public:
  FilePublication(FileSystem& files, int directory, OwnedFd fd, std::string temporary,
                  std::string name)
      : files_(files),
        directory_(directory),
        fd_(std::move(fd)),
        temporary_(std::move(temporary)),
        name_(std::move(name)) {}
  ~FilePublication() override {
    if (!temporary_.empty()) (void)files_.unlink_at(directory_, temporary_.c_str());
  }

  OsResult<void> write(const NewEntry& entry, std::int64_t now_ns) {
    const std::string manifest = make_manifest(entry.key_text, entry.info, entry.artefact.size(),
                                               checksum_of(entry.artefact), entry.compile_ms,
                                               static_cast<std::uint64_t>(now_ns / 1'000'000'000));
    SWEBASH_TRY(files_.write_at(fd_.get(), entry.artefact, 0));
    SWEBASH_TRY(
        files_.write_at(fd_.get(), std::as_bytes(std::span(manifest)), entry.artefact.size()));
    return files_.sync(fd_.get());
  }

  // Opened anew, to read only: nobody who maps the file holds a descriptor that can write it.
  OsResult<OwnedFd> artefact_fd() override {
    return files_.open_at(directory_, temporary_.empty() ? name_.c_str() : temporary_.c_str(),
                          Access::read);
  }

  OsResult<void> commit() override {
    fd_.reset();
    auto renamed = files_.rename_at(directory_, temporary_.c_str(), name_.c_str());
    if (!renamed && renamed.error() == EISDIR && files_.remove_at(directory_, name_.c_str())) {
      renamed = files_.rename_at(directory_, temporary_.c_str(), name_.c_str());
    }
    if (renamed) temporary_.clear();
    return renamed;
  }

 private:
  FileSystem& files_;
  int directory_;
  OwnedFd fd_;
  std::string temporary_;
  std::string name_;
};

class DirectoryStore final : public Store {
 public:
  DirectoryStore(FileSystem& files, std::string path, OwnedFd directory,
                 const StoreOptions& options)
      : files_(files),
        path_(std::move(path)),
        directory_(std::move(directory)),
        options_(options),
        log_(files, directory_.get()) {
    if (writable()) {
      auto index = files_.open_at(directory_.get(), kIndexName, Access::read_write);
      if (index && is_ours(index->get())) index_ = Index(files_, std::move(*index));
    }
  }

  const std::string& path() const noexcept override { return path_; }
  bool writable() const noexcept override {
    return options_.role == StoreOptions::Role::own && options_.mode == Mode::rw;
  }

  swebash::Result<FoundEntry, MissReason> find(const Hash& key,
                                               std::string_view key_text) override {
    Opened entry = SWEBASH_TRY(open_entry(entry_name(key)));
    Tail tail;
    const auto manifest = read_tail(entry, tail);
    if (!manifest) return std::unexpected(manifest.error());
    if (manifest->key_text != key_text) return std::unexpected(MissReason::stale);

    FoundEntry found;
    found.footer = manifest->footer;
    const std::uint64_t boot = index_.usable() ? boot_number() : 0;
    const Stamp stamp = index_.stamp_of(key, entry.status, boot);
    const std::int64_t now_ns = files_.now_ns();
    const bool by_stamp = stamp.verified && options_.verify == Verify::automatic;
    if (by_stamp) {
      found.checked = Checked::by_stamp;
    } else {
      const std::int64_t start = files_.steady_us();
      if (!artefact_holds(entry, found.footer)) return std::unexpected(MissReason::corrupt);
      found.verify_us = static_cast<std::uint32_t>(files_.steady_us() - start);
    }
    const bool used_lately = now_ns / 1'000'000'000 - stamp.last_used < kUseGranularity;
    const bool believed_later = now_ns - kRacyNs >= entry.status.ctime_ns;
    if ((!by_stamp && believed_later && boot != 0) || !used_lately) {
      // A use is remembered without renewing the stamp: what was verified since boot is whole.
      index_.remember_use(key, entry.status, boot, true, now_ns, now_ns);
    }
    found.fd = std::move(entry.fd);
    return found;
  }

  std::optional<Hash> content_of(const FileStatus& status) override {
    return index_.content_of(status);
  }
  void remember_content(const FileStatus& status, const Hash& content,
                        std::int64_t taken_ns) override {
    index_.remember_content(status, content, taken_ns);
  }

  FlightAttempt try_flight(const Hash& key) override {
    if (!writable()) return {};
    // A descriptor for each attempt, so that threads of one process exclude each other too.
    auto fd = files_.open_at(directory_.get(), kLocksName, Access::read_write);
    if (!fd) return {};
    const auto locked = files_.try_lock(fd->get(), lock_offset(key));
    if (locked) return {FlightState::held, std::make_unique<LockFlight>(std::move(*fd))};
    if (locked.error() == EAGAIN || locked.error() == EACCES) return {FlightState::busy, nullptr};
    return {};
  }

  OsResult<std::unique_ptr<Publication>> begin(const NewEntry& entry) override {
    if (!writable()) return std::unexpected(EROFS);
    if (entry.key_text.size() > kMaxKeyText) return std::unexpected(ENAMETOOLONG);
    std::string temporary = temporary_name();
    auto fd = files_.open_at(directory_.get(), temporary.c_str(), Access::create_new);
    if (!fd) return std::unexpected(fd.error());
    auto publication = std::make_unique<FilePublication>(
        files_, directory_.get(), std::move(*fd), std::move(temporary), entry_name(entry.key));
    const auto written = publication->write(entry, files_.now_ns());
    if (!written) return std::unexpected(written.error());
    return publication;
  }

  OsResult<void> remove(const Hash& key) override {
    return files_.remove_at(directory_.get(), entry_name(key).c_str());
  }

  OsResult<std::vector<StoredEntry>> list() override {
    auto names = files_.list(directory_.get());
    if (!names) return std::unexpected(names.error());
    const std::uint64_t boot = boot_number();
    std::vector<StoredEntry> entries;
    for (std::string& name : *names) {
      if (!name.ends_with(kEntrySuffix)) continue;
      const auto key =
          hash_from_hex(std::string_view(name).substr(0, name.size() - kEntrySuffix.size()));
      if (!key) continue;
      StoredEntry stored;
      stored.key = *key;
      stored.file_name = std::move(name);
      if (!describe(stored)) continue;
      const Stamp stamp = index_.stamp_of(*key, stored.status, boot);
      stored.last_used = std::max(stamp.last_used, stored.status.mtime_ns / 1'000'000'000);
      entries.push_back(std::move(stored));
    }
    return entries;
  }

  MissReason verify(const Hash& key) override {
    const auto entry = open_entry(entry_name(key));
    if (!entry) return entry.error();
    Tail tail;
    const auto manifest = read_tail(*entry, tail);
    if (!manifest) return manifest.error();
    if (hash_of(manifest->key_text) != key) return MissReason::stale;
    return artefact_holds(*entry, manifest->footer) ? MissReason::none : MissReason::corrupt;
  }

  std::uint64_t sweep() override {
    const auto names = files_.list(directory_.get());
    if (!names) return 0;
    std::uint64_t count = 0;
    const std::int64_t now_s = files_.now_ns() / 1'000'000'000;
    for (const std::string& name : *names) {
      if (!name.starts_with(kTemporaryPrefix) || !is_left_over(name, now_s)) continue;
      if (files_.remove_at(directory_.get(), name.c_str())) ++count;
    }
    return count;
  }

  std::optional<Survey> last_survey() override { return index_.survey(); }
  void remember_survey(const Survey& survey) override { index_.remember_survey(survey); }

  // Those who have it open go on with a file nobody else will see.
  void forget() override {
    if (writable()) (void)files_.remove_at(directory_.get(), kIndexName);
  }

  void count(Event event, std::uint64_t value, std::uint8_t detail) override {
    if (writable()) log_.count(event, value, detail);
  }
  Stats stats() override { return log_.read(); }
  OsResult<void> zero_stats() override { return log_.zero(); }
  void tidy() override { log_.fold(kLogKept); }

 private:
  struct Opened {
    OwnedFd fd;
    FileStatus status;
  };
  struct Tail {
    std::byte bytes[kTailSize];
    std::vector<std::byte> more;  // for a manifest that is longer
  };

  [[nodiscard]] bool may_be_trusted(const FileStatus& status) const {
    const bool owner_is_right = status.uid == files_.effective_uid() ||
                                (options_.role == StoreOptions::Role::extra && status.uid == 0);
    return owner_is_right && (status.mode & 022) == 0;
  }

  [[nodiscard]] bool is_ours(int fd) const {
    const auto status = files_.status(fd);
    return status && status->kind == FileKind::regular && may_be_trusted(*status);
  }

  swebash::Result<Opened, MissReason> open_entry(const std::string& name) {
    auto fd = files_.open_at(directory_.get(), name.c_str(), Access::read);
    if (!fd) {
      // A link is refused with ELOOP, a socket with ENXIO: no plain file of ours.
      const bool foreign = fd.error() == ELOOP || fd.error() == ENXIO;
      return std::unexpected(fd.error() == ENOENT ? MissReason::absent
                             : foreign            ? MissReason::foreign
                                                  : MissReason::unreadable);
    }
    const auto status = files_.status(fd->get());
    if (!status) return std::unexpected(MissReason::unreadable);
    if (status->kind != FileKind::regular || !may_be_trusted(*status)) {
      return std::unexpected(MissReason::foreign);
    }
    return Opened{std::move(*fd), *status};
  }

  // Lifetime: the manifest's views point into `tail`.
  swebash::Result<Manifest, MissReason> read_tail(const Opened& entry, Tail& tail) {
    const std::uint64_t size = entry.status.size;
    std::span<std::byte> bytes(
        tail.bytes, static_cast<std::size_t>(std::min<std::uint64_t>(size, sizeof tail.bytes)));
    auto count = files_.read_at(entry.fd.get(), bytes, size - bytes.size());
    if (!count) return std::unexpected(MissReason::unreadable);
    if (*count != bytes.size()) return std::unexpected(MissReason::corrupt);
    const auto footer = parse_footer(bytes, size);
    if (!footer) return std::unexpected(MissReason::corrupt);
    const std::size_t needed = std::size_t{footer->key_size} + footer->info_size + kFooterSize;
    if (needed > bytes.size()) {
      tail.more.resize(needed);
      bytes = tail.more;
      count = files_.read_at(entry.fd.get(), bytes, size - needed);
      if (!count || *count != needed) return std::unexpected(MissReason::corrupt);
    }
    const auto manifest = parse_manifest(bytes, size);
    if (!manifest) return std::unexpected(MissReason::corrupt);
    return *manifest;
  }

  [[nodiscard]] bool artefact_holds(const Opened& entry, const Footer& footer) {
    // Read, not mapped: a file that is cut short meanwhile is an error here and not a signal.
    static constexpr std::size_t kChunk = 64 << 10;
    const auto buffer = std::make_unique_for_overwrite<std::byte[]>(kChunk);
    ChecksumStream stream;
    for (std::uint64_t at = 0; at < footer.artefact_size;) {
      const std::size_t wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, footer.artefact_size - at));
      const auto count = files_.read_at(entry.fd.get(), {buffer.get(), wanted}, at);
      if (!count || *count != wanted) return false;
      stream.update({buffer.get(), wanted});
      at += wanted;
    }
    return stream.finish() == footer.artefact;
  }

  // Fills in what the file says; false where it went away meanwhile.
  [[nodiscard]] bool describe(StoredEntry& stored) {
    const auto entry = open_entry(stored.file_name);
    if (!entry) {
      stored.fault = entry.error();
      return stored.fault != MissReason::absent;
    }
    stored.status = entry->status;
    Tail tail;
    const auto manifest = read_tail(*entry, tail);
    if (!manifest) {
      stored.fault = manifest.error();
      return true;
    }
    stored.footer = manifest->footer;
    stored.key_text = manifest->key_text;
    stored.info_text = manifest->info_text;
    if (hash_of(manifest->key_text) != stored.key) stored.fault = MissReason::stale;
    return true;
  }

  [[nodiscard]] std::uint64_t boot_number() {
    const std::string id = files_.boot_id();
    return id.empty() ? 0 : short_checksum_of(std::as_bytes(std::span(id)));
  }

  // The writer's pid stands in the name, so that what a dead one left can be told.
  [[nodiscard]] std::string temporary_name() {
    static std::atomic<std::uint32_t> counter{0};
    char text[96];
    char* end = text + kTemporaryPrefix.copy(text, kTemporaryPrefix.size());
    end = std::to_chars(end, text + sizeof text, static_cast<long>(::getpid())).ptr;
    *end++ = '-';
    end =
        std::to_chars(end, text + sizeof text, static_cast<std::uint64_t>(files_.now_ns()), 16).ptr;
    *end++ = '-';
    end = std::to_chars(end, text + sizeof text, counter.fetch_add(1)).ptr;
    return {text, end};
  }

  [[nodiscard]] bool is_left_over(const std::string& name, std::int64_t now_s) {
    long pid = 0;
    const char* digits = name.c_str() + kTemporaryPrefix.size();
    const auto parsed = std::from_chars(digits, name.c_str() + name.size(), pid);
    if (parsed.ec == std::errc() && pid > 0 && !files_.process_exists(pid)) return true;
    const auto fd = files_.open_at(directory_.get(), name.c_str(), Access::read);
    if (!fd) return false;
    const auto status = files_.status(fd->get());
    return status && now_s - status->ctime_ns / 1'000'000'000 > kLeftoverAge;
  }

  FileSystem& files_;
  std::string path_;
  OwnedFd directory_;
  StoreOptions options_;
  Index index_;
  StatsLog log_;
};

// Makes `path` and what is missing above it.
OsResult<void> make_directories(FileSystem& files, const std::string& path) {
  auto made = files.make_directory(path.c_str());
  if (made || made.error() == EEXIST) return {};
  const auto slash = path.find_last_of('/');
  if (made.error() != ENOENT || slash == std::string::npos || slash == 0) return made;
  SWEBASH_TRY(make_directories(files, path.substr(0, slash)));
  made = files.make_directory(path.c_str());
  if (!made && made.error() == EEXIST) return {};
  return made;
}

}  // namespace

OpenedStore open_directory_store(FileSystem& files, const std::string& path,
                                 const StoreOptions& options) {
  const std::string full = path + "/" + kSchemaDirectory;
  auto directory = files.open_directory(full.c_str(), Links::refuse);
  const bool own = options.role == StoreOptions::Role::own;
  if (!directory && directory.error() == ENOENT && own && options.mode == Mode::rw) {
    const auto made = make_directories(files, full);
    if (!made) {
      PassedOver fault = why_not_opened(files, full, made.error());
      if (made.error() == ENOENT) {
        // Above it is a place where nothing can be made, such as /proc.
        fault.why = "cannot be made";
        fault.mend.clear();
      }
      return std::unexpected(std::move(fault));
    }
    directory = files.open_directory(full.c_str(), Links::refuse);
  }
  if (!directory) {
    PassedOver fault = why_not_opened(files, full, directory.error());
    // An empty one would be of no use to a reader.
    if (!own && directory.error() == ENOENT) fault.mend.clear();
    return std::unexpected(std::move(fault));
  }
  const auto status = files.status(directory->get());
  if (!status) return std::unexpected(why_not_opened(files, full, status.error()));
  // One's own directory is nobody else's to look into; an extra one may be the system's.
  if (auto fault = why_not_trusted(files, full, *status, options.role, own ? 077 : 022)) {
    return std::unexpected(std::move(*fault));
  }
  return std::make_unique<DirectoryStore>(files, full, std::move(*directory), options);
}

}  // namespace modcache
