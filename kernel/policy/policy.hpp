// SPDX-License-Identifier: Apache-2.0
//
// Policy: what a session may touch, as it was asked for by options, by the environment and by a
// policy file.
//
// A plain value without behaviour, made once at the start by whoever reads the options, and not
// changed after that. It enforces nothing: kernel/confine has the operating system do that, to the
// process itself, before the first byte of a script is read. A path here is what the user wrote;
// confine/places.hpp makes absolute paths without links of them.
#pragma once

#include <string>
#include <vector>

#include "base/integers.hpp"

namespace swebash::kernel {

// By what files are kept out of reach.
enum class Isolation : u8 {
  automatic,      // the first of those below that this machine can give
  name_space,     // a view of its own, in which the rest does not exist; Landlock within
  landlock_only,  // Landlock alone: the rest can be seen and not opened
};

enum class Network : u8 {
  none,
  listed,  // Policy::hosts, through a proxy outside
  all,
};

enum class Temporary : u8 {
  own,     // the session's own, which goes with it
  shared,  // the host's /tmp
};

enum class Programs : u8 {
  all,     // what can be read can be run
  listed,  // those of Policy::programs
  none,    // commands inside the engine alone
};

enum class Keeps : u8 { no, yes };

enum class RuleAction : u8 { allow, ask, deny };

// What is to be done about commands whose words, or branches whose names, are like a pattern. Of
// those that match the last one counts.
struct CommandRule {
  std::string match;
  RuleAction action;
  std::string where;  // FILE:LINE
};

struct Policy {
  std::string workspace;           // read-write
  std::vector<std::string> read;   // beside the system's own folders
  std::vector<std::string> write;  // there or not; one that is not there is made
  std::vector<std::string> deny;   // within what is allowed
  Isolation isolation = Isolation::automatic;
  Network network = Network::none;
  std::vector<std::string> hosts;  // HOST or HOST:PORT
  Programs native = Programs::all;
  std::vector<std::string> programs;     // names found by PATH, or paths
  std::vector<std::string> environment;  // NAME or NAME=VALUE, beside those that are always kept
  Temporary temporary = Temporary::own;
  Keeps descriptors = Keeps::no;  // those from outside other than 0, 1 and 2
  Keeps background = Keeps::no;   // what is still running when the session ends
  std::vector<CommandRule> commands;
  std::vector<CommandRule> branches;  // of git
  // Whether nothing is run where a protection cannot be had.
  bool required = false;
};

}  // namespace swebash::kernel
