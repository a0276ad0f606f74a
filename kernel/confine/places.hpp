// SPDX-License-Identifier: Apache-2.0
//
// Places: what a policy means on this machine, as absolute paths without links.
//
// Resolved once, before anything is enforced, with the rights of whoever started the program; a
// plain value after that, read by the view, by the Landlock rules and by what explains a refusal.
// Reading git's files here is reading what a former session may have written: nothing that they say
// is believed that could open more (find_git_places()).
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kernel/policy/policy.hpp"

namespace swebash::kernel::confine {

// Why nothing is run: one sentence with its hint, and the status to leave with (2: what was asked
// for cannot be; 126: this machine cannot do it).
struct Fault {
  int status;
  std::string message;
};

// Where writes under the workspace go instead, until somebody takes them.
struct Overlay {
  std::string folder;  // with upper/ and work/; absolute, without links; empty: there is none
  int lock = -1;       // open for as long as the session lives, and never inside
  bool named = false;  // by the user: it does not stand where none can be reached from inside
  // The words of a program that is run outside when the session is over.
  std::vector<std::string> at_end;
};

// Of the process outside that writes an account of the session.
struct RecorderLink {
  int socket = -1;   // to it; the session keeps it
  pid_t pid = 0;     // waited for at the end
  std::string file;  // without links; empty: it has none, or nobody asked for an account
};

// What the policy does not say, of the process and its program.
struct Surroundings {
  std::vector<std::string> program_files;  // the program and what it loads; without links
  std::vector<std::string> caches;  // and what else the shell trusts: who writes there runs code
  std::string script;               // the file that the command line names; empty: none
  std::string policy_file;          // what the policy was read from; empty: none
  std::string policy_folder;        // where the user's own would lie; empty: unknown
  std::string home;
  std::string search_path;  // PATH
  Overlay overlay;
  std::string proxy;  // the program that connects to the hosts of a list
  RecorderLink recorder;
};

struct Link {
  std::string at;
  std::string text;
};

struct Places {
  std::string workspace;
  std::string directory;  // the working directory to begin with
  std::string home;
  std::vector<std::string> readable;  // and what is in it can be run
  std::vector<std::string> writable;  // the workspace is the first
  std::vector<std::string> kept;      // read-only within what is writable
  std::vector<std::string> policies;  // of those: what the next session's policy is read from
  std::vector<std::string> pinned;    // folders above those, which keep their names
  std::vector<std::string> denied;    // by the policy, and caches
  std::vector<std::string> secrets;   // of the system, which this user could read
  std::vector<std::string> programs;  // that may run, with their interpreters (Programs::listed)
  std::vector<Link> links;            // of the system's root, and names the user gave
  std::vector<std::string> made;      // files that were not there and are made empty
  Overlay overlay;                    // over the workspace
  RecorderLink recorder;
};

// Whether `path` is `place` or lies below it. Pure; both are absolute and without links.
[[nodiscard]] bool is_within(std::string_view path, std::string_view place) noexcept;
// The same for any of `places`.
[[nodiscard]] bool is_within_any(std::string_view path,
                                 const std::vector<std::string>& places) noexcept;
// `path`, from `directory` on where it is relative, without `.`, `..` and double slashes; by its
// text alone. Pure.
[[nodiscard]] std::string normal_path(std::string_view directory, std::string_view path);

// Has the folders between `path` and the writable place that it lies in keep their names: one that
// may be renamed could be put aside, with all that is kept or denied in it, for another. Pure.
void pin_above(Places& places, const std::string& path);

// Where a path leads, whether something is there or not yet, and whether by a link that lies in
// what may be written: a script could put it elsewhere.
struct Followed {
  std::string path;
  bool by_own_link;
};
[[nodiscard]] Followed follow_links(const Places& places, const std::string& path);

// The path without links of what is there; empty when nothing is.
[[nodiscard]] std::string real_path(const std::string& path);

// Errors: a path that cannot be what it is asked to be.
[[nodiscard]] Result<Places, Fault> resolve_places(const Policy& policy,
                                                   const Surroundings& surroundings);

}  // namespace swebash::kernel::confine
