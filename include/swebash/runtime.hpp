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

#include <memory>

#include "swebash/error.hpp"
#include "swebash/options.hpp"
#include "swebash/session.hpp"

namespace swebash {

class Runtime {
 public:
  // Loads the engine: some 2 ms.
  // Errors: no_engine, no_memory.
  [[nodiscard]] static Expected<Runtime> create(const RuntimeOptions& options = {});

  Runtime(Runtime&& other) noexcept;
  Runtime& operator=(Runtime&& other) noexcept;
  ~Runtime();

  // Opens a session.
  // Errors: no_memory; bad_argument.
  [[nodiscard]] Expected<Session> open(const SessionOptions& options = {});

 private:
  friend class Session;
  class Implementation;
  explicit Runtime(std::shared_ptr<Implementation> implementation) noexcept;

  std::shared_ptr<Implementation> implementation_;
};

}  // namespace swebash
