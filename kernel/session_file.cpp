// SPDX-License-Identifier: Apache-2.0
#include "kernel/session_file.hpp"

#include <climits>
#include <cstring>

#include "kernel/byte_stream.hpp"
#include "kernel/fs/memory.hpp"

namespace swebash::kernel {
namespace {

constexpr std::string_view kMagic = "SWBSESS\n";
constexpr std::string_view kDevices = "/dev";
// What is no memory's file and no device.
constexpr u64 kNowhere = ~u64{0};

u64 checksum_of(std::string_view bytes) noexcept {
  constexpr u64 kFactor = 0x9e3779b97f4a7c15U;
  // Rows of their own, so that one multiplication need not wait for the other.
  u64 rows[4] = {1, 2, 3, bytes.size()};
  const auto mix = [](u64 row, u64 word) {
    row = (row ^ word) * kFactor;
    return row ^ (row >> 29);
  };
  u64 words[4];
  constexpr usize kWords = sizeof words;
  while (bytes.size() >= kWords) {
    std::memcpy(words, bytes.data(), kWords);
    for (usize i = 0; i < 4; ++i) rows[i] = mix(rows[i], words[i]);
    bytes.remove_prefix(kWords);
  }
  for (const char c : bytes) rows[0] = mix(rows[0], static_cast<unsigned char>(c));
  return mix(mix(mix(rows[0], rows[1]), rows[2]), rows[3]);
}

// Writes what stands before the rest; where the checksum is to be.
usize write_head(ByteWriter& to, std::string_view engine) {
  to.raw(kMagic);
  to.word(kSessionFileVersion);
  to.text(engine);
  const usize checksum = to.size();
  to.number(0);
  return checksum;
}

std::string seal(ByteWriter& file, usize checksum) {
  const std::string_view rest = std::string_view(file.bytes()).substr(checksum + sizeof(u64));
  file.patch_number(checksum, checksum_of(rest));
  return std::move(file.bytes());
}

// The name of `node` in the directory of devices, or "".
std::string device_name(const SessionImage& image, const vfs::NodeRef& node) {
  for (const vfs::Mounted& one : image.mounts) {
    if (one.path != kDevices || one.root == nullptr) continue;
    const auto items = one.root->list();
    if (!items.has_value()) continue;
    for (const vfs::Item& item : *items) {
      const auto found = one.root->find(item.name);
      if (found.has_value() && *found == node) return item.name;
    }
  }
  return {};
}

void write_files(const SavedSession& session,
                 const std::vector<std::map<const vfs::Node*, u64>>& at, ByteWriter& to) {
  const SessionImage& image = session.image;
  to.number(image.files.size());
  for (const SessionImage::OpenFile& file : image.files) {
    to.word(static_cast<u32>(file.kind));
    to.word(file.stream);
    to.word(file.flags);
    to.number(static_cast<u64>(file.offset));
    u64 mount = kNowhere;
    u64 number = kNowhere;
    std::string path = file.path;
    if (file.node != nullptr) {
      for (usize i = 0; i < at.size() && mount == kNowhere; ++i) {
        const auto found = at[i].find(file.node.get());
        if (found == at[i].end() || found->second == kNowhere) continue;
        mount = i;
        number = found->second;
      }
      if (mount == kNowhere) path = device_name(image, file.node);
    }
    to.number(mount);
    to.number(number);
    to.text(path);
  }
  to.number(image.descriptors.size());
  for (const auto& [fd, inherit, file] : image.descriptors) {
    to.word(static_cast<u32>(fd));
    to.word(inherit == Inherit::yes ? 1 : 0);
    to.word(file);
  }
}

void read_files(ByteReader& from, const std::vector<std::vector<vfs::NodeRef>>& nodes,
                SessionImage& image) {
  constexpr usize kLeast = 3 * sizeof(u32) + 4 * sizeof(u64);
  const usize count = from.count(kLeast);
  for (usize i = 0; i < count && from.ok(); ++i) {
    SessionImage::OpenFile file;
    const u32 kind = from.word();
    if (kind > static_cast<u32>(SessionImage::FileKind::directory)) from.fail();
    file.kind = static_cast<SessionImage::FileKind>(kind);
    file.stream = from.word();
    constexpr u32 kStreams = 3;
    if (file.stream >= kStreams) from.fail();
    file.flags = from.word() & (abi::kRead | abi::kWrite | abi::kAppend);
    file.offset = static_cast<i64>(from.number());
    if (file.offset < 0) from.fail();
    const u64 mount = from.number();
    const u64 number = from.number();
    file.path = from.text();
    if (file.kind == SessionImage::FileKind::file && mount != kNowhere) {
      if (mount >= nodes.size() || number >= nodes[static_cast<usize>(mount)].size()) {
        from.fail();
      } else {
        file.node = nodes[static_cast<usize>(mount)][static_cast<usize>(number)];
        if (file.node->type() != abi::kRegular) from.fail();
      }
    }
    image.files.push_back(std::move(file));
  }
  const usize descriptors = from.count(3 * sizeof(u32));
  for (usize i = 0; i < descriptors && from.ok(); ++i) {
    SessionImage::Descriptor one;
    const u32 fd = from.word();
    one.inherit = from.word() != 0 ? Inherit::yes : Inherit::no;
    one.file = from.word();
    constexpr u32 kMostDescriptors = 65'536;
    if (fd >= kMostDescriptors || one.file >= image.files.size()) from.fail();
    one.fd = static_cast<i32>(fd);
    image.descriptors.push_back(one);
  }
}

bool is_path(std::string_view path) noexcept {
  return path.starts_with('/') && path.size() < PATH_MAX &&
         path.find('\0') == std::string_view::npos;
}

void read_mounts(ByteReader& from, const std::shared_ptr<const SessionClock>& clock,
                 SavedSession& session, std::vector<std::vector<vfs::NodeRef>>& nodes) {
  const usize count = from.count(2 * sizeof(u32) + sizeof(u64));
  for (usize i = 0; i < count && from.ok(); ++i) {
    vfs::Mounted one;
    one.path = from.text();
    one.mode = from.word() != 0 ? vfs::MountMode::read_write : vfs::MountMode::read_only;
    const u32 kind = from.word();
    nodes.emplace_back();
    if (kind > static_cast<u32>(vfs::TreeKind::overlay) || !is_path(one.path)) from.fail();
    if ((one.path == "/") != (i == 0)) from.fail();
    if (kind != static_cast<u32>(vfs::TreeKind::given)) {
      one.root = fs::MemoryFileSystem::read_tree(from, clock, nodes.back());
    }
    session.kinds.push_back(static_cast<vfs::TreeKind>(kind));
    session.image.mounts.push_back(std::move(one));
  }
  if (session.image.mounts.empty()) from.fail();
}

}  // namespace

std::string write_session(const SavedSession& session, std::string_view engine) {
  ByteWriter body;
  // More than most need; what is not written to costs nothing.
  constexpr usize kBeside = 256 << 10;
  body.reserve(2 * session.bytes.size() + kBeside);
  const usize checksum = write_head(body, engine);
  body.number(session.options.size());
  for (const u64 option : session.options) body.number(option);
  body.word(session.stack_pointer);
  body.number(session.memory_size);
  body.number(session.runs.size());
  for (const auto& [low, high] : session.runs) {
    body.number(low);
    body.number(high);
  }
  body.text(session.bytes);
  body.word(session.signal_word);
  body.word(session.live);
  const Task::SignalActions& signals = session.signals;
  for (const u64 set : {u64{signals.caught}, u64{signals.ignored}, u64{signals.ignored_here},
                        u64{signals.ignored_below}}) {
    body.number(set);
  }
  const SessionImage& image = session.image;
  std::vector<std::map<const vfs::Node*, u64>> numbers(image.mounts.size());
  body.number(image.mounts.size());
  for (usize i = 0; i < image.mounts.size(); ++i) {
    const vfs::Mounted& one = image.mounts[i];
    for (const SessionImage::OpenFile& file : image.files) {
      if (file.node != nullptr) numbers[i].emplace(file.node.get(), kNowhere);
    }
    body.text(one.path);
    body.word(one.mode == vfs::MountMode::read_write ? 1 : 0);
    const usize kind = body.size();
    body.word(0);
    body.patch_word(kind, static_cast<u32>(one.root->save_tree(body, numbers[i])));
  }
  write_files(session, numbers, body);
  body.text(image.directory);
  body.word(image.umask);
  body.number(image.random);
  body.number(image.limits.size());
  for (const auto& [resource, limit] : image.limits) {
    body.word(resource);
    body.number(limit.soft);
    body.number(limit.hard);
  }
  return seal(body, checksum);
}

std::string seal_session(std::string_view rest, std::string_view engine) {
  ByteWriter file;
  const usize checksum = write_head(file, engine);
  file.raw(rest);
  return seal(file, checksum);
}

Result<SavedSession, std::string> read_session(std::string_view bytes, std::string_view engine,
                                               const std::shared_ptr<const SessionClock>& clock) {
  if (!bytes.starts_with(kMagic)) return std::unexpected(std::string("it is no snapshot"));
  bytes.remove_prefix(kMagic.size());
  ByteReader head(bytes);
  const u32 version = head.word();
  if (head.ok() && version != kSessionFileVersion) {
    return std::unexpected("it is a snapshot of version " + std::to_string(version) +
                           ", and this library has " + std::to_string(kSessionFileVersion));
  }
  const std::string_view made_by = head.text();
  const u64 checksum = head.number();
  const std::unexpected<std::string> damaged(std::string("the snapshot is damaged"));
  if (!head.ok()) return damaged;
  const std::string_view body =
      bytes.substr(sizeof(u32) + sizeof(u64) + made_by.size() + sizeof(u64));
  if (checksum_of(body) != checksum) return damaged;
  if (made_by != engine) {
    return std::unexpected(std::string("it is a snapshot of another build of the engine"));
  }

  ByteReader from(body);
  SavedSession session;
  for (usize left = from.count(sizeof(u64)); left > 0; --left) {
    session.options.push_back(from.number());
  }
  session.stack_pointer = from.word();
  session.memory_size = from.number();
  for (usize left = from.count(2 * sizeof(u64)); left > 0; --left) {
    const u64 low = from.number();
    session.runs.emplace_back(low, from.number());
  }
  session.bytes = from.text();
  session.signal_word = from.word();
  session.live = from.word();
  if (session.signal_word % sizeof(u32) != 0 ||
      u64{session.signal_word} + sizeof(u32) > session.memory_size) {
    from.fail();
  }
  Task::SignalActions& signals = session.signals;
  for (SignalSet* const set :
       {&signals.caught, &signals.ignored, &signals.ignored_here, &signals.ignored_below}) {
    *set = from.number();
  }
  std::vector<std::vector<vfs::NodeRef>> nodes;
  read_mounts(from, clock, session, nodes);
  read_files(from, nodes, session.image);
  session.image.directory = from.text();
  if (!is_path(session.image.directory)) from.fail();
  session.image.umask = from.word() & 0777U;
  session.image.random = from.number();
  for (usize left = from.count(sizeof(u32) + 2 * sizeof(u64)); left > 0; --left) {
    const u32 resource = from.word();
    const u64 soft = from.number();
    session.image.limits.emplace_back(resource, abi::Limit{soft, from.number()});
    constexpr u32 kLimits = 16;
    if (resource >= kLimits) from.fail();
  }
  if (!from.ok() || !from.at_end()) return damaged;
  return session;
}

}  // namespace swebash::kernel
