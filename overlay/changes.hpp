// SPDX-License-Identifier: Apache-2.0
//
// The changes that an overlay holds: its upper layer beside the workspace as that is now.
//
// Follows the kernel's Documentation/filesystems/overlayfs.rst for an upper layer without
// redirections and metadata copies (redirect_dir=off, metacopy=off): a character device 0/0 removes
// a name, a folder marked opaque hides the one below. What is not of that kind is told of and never
// taken. What is the same above and below is no change, so that what was applied is none any more.
// Reads both trees and changes neither. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "overlay/files.hpp"
#include "overlay/folder.hpp"

namespace swebash::overlay {

enum class Kind : u8 {
  added,       // there is nothing below
  removed,     // with all that is in it
  modified,    // other content
  replaced,    // another kind of file
  attributes,  // mode or times alone
  same,        // none; told of for a file with more than one name alone, for apply()
  refused,     // nothing that can be taken: `why` says what it is
};

struct Change {
  Kind kind;
  std::string path;     // below the workspace
  struct stat above{};  // but for what is removed
  struct stat below{};  // but for what is added
  // Why it cannot be taken: what is below is not what the session saw. Empty: it can.
  std::string why;
  // Whether a folder above it hides what is below: then its name in the upper layer stays.
  bool hidden = false;
};

// Both layers, open.
struct Layers {
  OwnedFd upper;
  OwnedFd lower;
  timespec began;
  std::string leftover;   // the name that apply() has for what is not yet in its place
  bool applying = false;  // apply() was there before: folders have its times
};

// Errors: a sentence: the workspace is not there, or is another folder now.
[[nodiscard]] Result<Layers, std::string> open_layers(const Folder& folder);

// All changes, what holds others before them, in the order of names. A folder whose times alone
// differ is one, of kind `attributes`, with `times_only`.
[[nodiscard]] std::vector<Change> find_changes(const Layers& layers);

// Whether the change is of nothing but a folder's times, which follow from what is in it.
[[nodiscard]] bool is_folder_time(const Change& change) noexcept;

// The mode that a file of the upper layer gets in the workspace: no set-user-ID, no set-group-ID.
[[nodiscard]] inline mode_t taken_mode(const struct stat& above) noexcept {
  return above.st_mode & 01777;
}

}  // namespace swebash::overlay
