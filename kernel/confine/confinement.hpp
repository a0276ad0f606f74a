// SPDX-License-Identifier: Apache-2.0
//
// confine(): this process, and all that it starts from then on, can touch what a policy allows and
// nothing else; and Confinement, what is known of that inside.
//
// The operating system enforces it, on ourselves, before the first byte of a script is read: by a
// view of its own (view.hpp), by Landlock (rules.hpp), by a filter on system calls
// (syscall_filter.hpp), by giving up privileges (privileges.hpp). The kernel of tasks asks a
// Confinement nothing before it touches something; it asks for words when the host has refused. One
// lives as long as the process, or none where nobody asked for a confinement: then nothing here
// runs. docs/security/confinement.md has what is promised.
#pragma once

#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/thread_annotations.hpp"
#include "kernel/confine/places.hpp"
#include "kernel/confine/protections.hpp"
#include "kernel/policy/policy.hpp"

namespace swebash::kernel::confine {

class Narrowing;

enum class PathUse : u8 { read, write };

class Confinement {
 public:
  Confinement(Policy policy, Places places, Machine machine)
      : policy_(std::move(policy)),
        places_(std::move(places)),
        machine_(std::move(machine)),
        owner_(::getpid()) {}

  [[nodiscard]] const Policy& policy() const noexcept { return policy_; }
  [[nodiscard]] const Places& places() const noexcept { return places_; }
  [[nodiscard]] const Machine& machine() const noexcept { return machine_; }
  // What the session has for envp, without the null at its end.
  [[nodiscard]] const std::vector<char*>& environment() const noexcept { return pointers_; }

  // The sentence for the refusal of `path`, absolute or from `directory` on; empty when the policy
  // allows it, so that something else was the matter, or when it was told before. Any thread.
  [[nodiscard]] std::string explain(std::string_view directory, std::string_view path, PathUse use);
  // The same for what a narrowing does not allow now.
  [[nodiscard]] std::string explain_narrowing(const std::string& path);
  // The table of what is allowed and by what that is enforced, as `workspace status` shows it;
  // `narrowing`: what is left of what may be written, or null.
  [[nodiscard]] std::string status(const Narrowing* narrowing) const;
  // The session's own folder for temporary files, or the one that it shares.
  [[nodiscard]] const std::string& temporary() const noexcept { return shown_temporary_; }
  // By what the policy refuses it, in a word or two, and the path as it is looked at; both empty
  // where it does not.
  struct Refusal {
    std::string path;
    std::string rule;
  };
  [[nodiscard]] Refusal refusal_of(std::string_view directory, std::string_view path,
                                   PathUse use) const;

  // Whether end() has something to do, for which the session's own process must be there at its
  // end.
  [[nodiscard]] bool has_end() const noexcept {
    return machine_.isolation == Isolation::landlock_only;
  }
  // The session has started a process, which may leave others. Any thread.
  void note_process() noexcept { has_started_.store(true, std::memory_order_relaxed); }
  // The session is over: what it must not leave goes.
  void end() noexcept;

 private:
  friend Result<std::unique_ptr<Confinement>, Fault> confine(Policy policy,
                                                             const Surroundings& surroundings,
                                                             char** environment);

  Policy policy_;
  Places places_;
  Machine machine_;
  pid_t owner_;                // the session's process; its forks are not
  std::string temporary_;      // one that is to be emptied; empty: none
  int temporary_folder_ = -1;  // the same, open and locked for as long as the session lives
  std::string shown_temporary_;
  std::vector<std::string> environment_;
  std::vector<char*> pointers_;

  std::atomic<bool> has_started_ = false;

  [[nodiscard]] bool tell_once(const std::string& path);

  Mutex mutex_;
  std::vector<std::string> told_ SWEBASH_GUARDED_BY(mutex_);
};

// Confines the calling process. Call once, on the main thread, before there is another. It may
// return in another process than it was called in (session_start.hpp). `environment` is cut where
// it stands. Errors: nothing was confined, and nothing may be run.
[[nodiscard]] Result<std::unique_ptr<Confinement>, Fault> confine(Policy policy,
                                                                  const Surroundings& surroundings,
                                                                  char** environment);

}  // namespace swebash::kernel::confine
