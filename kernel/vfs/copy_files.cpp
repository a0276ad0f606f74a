// SPDX-License-Identifier: Apache-2.0
#include "kernel/vfs/copy_files.hpp"

#include <utility>
#include <vector>

namespace swebash::kernel::vfs {

SysResult<void> copy_bytes(Node& from, Node& to) {
  const DescriptionRef source = SWEBASH_TRY(from.open(abi::kRead));
  const DescriptionRef target = SWEBASH_TRY(to.open(abi::kWrite));
  std::vector<char> buffer(64 << 10);
  while (true) {
    const usize count = SWEBASH_TRY(source->read(buffer, Wait::yes));
    std::span<const char> rest(buffer.data(), count);
    if (rest.empty()) return {};
    while (!rest.empty()) rest = rest.subspan(SWEBASH_TRY(target->write(rest, Wait::yes)));
  }
}

namespace {

// A file that is no directory, over what else is at `name`.
SysResult<void> copy_file(Node& from, Node& to, const std::string& name) {
  const SysResult<NodeRef> there = to.find(name);
  if (there.has_value()) {
    if ((*there)->type() == abi::kDirectoryType) return std::unexpected(Errno::exist);
    SWEBASH_TRY(to.remove(name, false));
  }
  if (from.type() == abi::kSymlink) return to.make_link(name, SWEBASH_TRY(from.link_text()));
  const abi::Stat about = SWEBASH_TRY(from.stat());
  // Its permissions come last: they may be such that nobody may write to it.
  constexpr u32 kMine = 0600;
  const NodeRef made = SWEBASH_TRY(to.make(name, abi::kRegular, kMine));
  SWEBASH_TRY(copy_bytes(from, *made));
  SWEBASH_TRY(made->set_mode(about.mode & 0777U));
  return made->set_times(about.access_time, about.modify_time);
}

SysResult<NodeRef> make_directory(Node& from, Node& to, const std::string& name) {
  SysResult<NodeRef> there = to.find(name);
  if (there.has_value()) {
    if ((*there)->type() == abi::kDirectoryType) return there;
    return std::unexpected(Errno::exist);
  }
  constexpr u32 kUsable = 0700;
  return to.make(name, abi::kDirectoryType, (SWEBASH_TRY(from.stat()).mode & 01777U) | kUsable);
}

}  // namespace

SysResult<void> copy_files(const PlaceRef& from, const NodeRef& to) {
  if (from->node->type() != abi::kDirectoryType) return std::unexpected(Errno::notdir);
  std::vector<std::pair<PlaceRef, NodeRef>> directories = {{from, to}};
  while (!directories.empty()) {
    const auto [source, target] = std::move(directories.back());
    directories.pop_back();
    for (const Item& item : SWEBASH_TRY(source->node->list())) {
      const SysResult<PlaceRef> inner = Mounts::step(source, item.name);
      // Somebody has removed it meanwhile.
      if (!inner.has_value() && inner.error() == Errno::noent) continue;
      Node& node = *SWEBASH_TRY(inner)->node;
      switch (node.type()) {
        case abi::kDirectoryType:
          directories.emplace_back(*inner, SWEBASH_TRY(make_directory(node, *target, item.name)));
          break;
        case abi::kRegular:
        case abi::kSymlink: SWEBASH_TRY(copy_file(node, *target, item.name)); break;
        default: break;
      }
    }
  }
  return {};
}

}  // namespace swebash::kernel::vfs
