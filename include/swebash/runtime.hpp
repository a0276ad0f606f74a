// SPDX-License-Identifier: Apache-2.0
//
// Runtime: the engine of all sessions of a process, loaded once, and the threads that they share.
//
// Thread-safe. It may go before its sessions do: the last of them takes what is left along. Of the
// process it takes memory, threads (with all signals blocked) and what WebAssembly needs: handlers
// for SIGSEGV, SIGILL and SIGFPE that pass on what is not theirs. It changes no other signal, no
// umask, directory or environment, writes nothing to descriptors 1 and 2, starts no process and
// never ends this one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "swebash/error.hpp"
#include "swebash/options.hpp"
#include "swebash/session.hpp"

namespace swebash {

class Runtime {
 public:
  class Implementation;

  // Loads the engine: some 2 ms.
  // Errors: no_engine, no_memory.
  [[nodiscard]] static Expected<Runtime> create(const RuntimeOptions& options = {});

  Runtime(Runtime&& other) noexcept;
  Runtime& operator=(Runtime&& other) noexcept;
  ~Runtime();

  // Opens a session.
  // Errors: no_memory; bad_argument.
  [[nodiscard]] Expected<Session> open(const SessionOptions& options = {});

  // Opens one that goes on from `snapshot`, with the limits, commands and hooks that it had.
  // `mounts`: the trees of the host, and below overlays, that a snapshot from a file lacks.
  // Errors: no_memory; bad_argument for a mount that is missing, or a snapshot of another runtime.
  [[nodiscard]] Expected<Session> open(const Snapshot& snapshot,
                                       const std::map<std::string, FileTree>& mounts = {});
  // Reads what Snapshot::save() wrote, or bytes().
  // Errors: not_found, refused for a file that cannot be read; bad_argument for one that is
  // damaged, no snapshot, of another version, or of another build of the engine: the message says
  // which.
  [[nodiscard]] Expected<Snapshot> load_snapshot(const std::string& path);
  [[nodiscard]] Expected<Snapshot> read_snapshot(std::string_view bytes);

 private:
  friend class Session;
  explicit Runtime(std::shared_ptr<Implementation> implementation) noexcept;

  std::shared_ptr<Implementation> implementation_;
};

}  // namespace swebash
