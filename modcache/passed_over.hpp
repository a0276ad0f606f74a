// SPDX-License-Identifier: Apache-2.0
//
// PassedOver: a directory that a cache was told to use and does not, in words for a person.
//
// A fault of a directory never fails a load; this is how the one who set it up hears of it. A plain
// value.
#pragma once

#include <string>

#include "modcache/artefact.hpp"

namespace modcache {

struct PassedOver {
  MissReason reason = MissReason::no_directory;
  std::string path;
  std::string why;   // what is said after the path, such as "is open to others (mode 755)"
  std::string mend;  // a command for a shell; empty where none is known
};

}  // namespace modcache
