// SPDX-License-Identifier: Apache-2.0
//
// Snapshot::Implementation: an engine's memory and a session's surroundings, over copies of its
// files that nothing changes.
//
// Immutable once made.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "embed/session_settings.hpp"
#include "kernel/guest/engine_session.hpp"
#include "kernel/session_image.hpp"
#include "kernel/vfs/node.hpp"
#include "swebash/snapshot.hpp"

namespace swebash {

class Snapshot::Implementation {
 public:
  [[nodiscard]] static Expected<Snapshot> load(
      const std::shared_ptr<Runtime::Implementation>& runtime, const std::string& path);
  [[nodiscard]] static Expected<Snapshot> read(
      const std::shared_ptr<Runtime::Implementation>& runtime, std::string_view bytes);
  [[nodiscard]] std::string bytes() const;

  std::shared_ptr<Runtime::Implementation> runtime;
  embed::SessionSettings settings;
  // Where a root of `image` is nothing, whoever opens it brings one; where it is of an overlay,
  // what is below.
  kernel::SessionImage image;
  std::vector<kernel::vfs::TreeKind> kinds;  // of a file; empty: none
  std::shared_ptr<const kernel::guest::SessionState> state;
};

}  // namespace swebash
