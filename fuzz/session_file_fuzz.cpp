// SPDX-License-Identifier: Apache-2.0
// Any bytes as a session in a file, and as what stands behind the head of one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "kernel/session_file.hpp"

namespace {

using namespace swebash::kernel;

constexpr std::string_view kEngine = "engine";

void check(bool holds) {
  if (!holds) std::abort();
}

// All that can be reached in a tree is a file of its kind.
void look_at(vfs::Node& directory) {
  const auto items = directory.list();
  check(items.has_value());
  for (const vfs::Item& item : *items) {
    const auto inner = directory.find(item.name);
    check(inner.has_value() && (*inner)->stat().has_value());
    if ((*inner)->type() == swebash::abi::kDirectoryType) look_at(**inner);
  }
}

void read(std::string_view bytes) {
  const auto session = read_session(bytes, kEngine, nullptr);
  if (!session.has_value()) return;
  check(session->kinds.size() == session->image.mounts.size());
  for (const auto& [fd, inherit, file] : session->image.descriptors) {
    check(fd >= 0 && file < session->image.files.size());
  }
  bool all = true;
  for (const vfs::Mounted& one : session->image.mounts) {
    if (one.root != nullptr) look_at(*one.root);
    all = all && one.root != nullptr;
  }
  if (!all) return;
  // What was read can be written, copied and read again.
  const std::string again = write_session(*session, kEngine);
  check(read_session(again, kEngine, nullptr).has_value());
  check(copy_image(session->image, nullptr, {}).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  // With the checksum made right, what lies behind it is reached as well.
  read(seal_session(bytes, kEngine));
  return 0;
}
