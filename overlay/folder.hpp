// SPDX-License-Identifier: Apache-2.0
//
// Folder: where what sessions write under a workspace is kept until somebody takes it or not.
//
//   about    what it is of (the grammar is in folder.cpp)
//   upper/   the layer that a session writes to (overlayfs)
//   work/    the kernel's own
//   applying there from the first attempt to apply on
//
// It belongs to the user alone (0700) and is locked (flock(2)) while a session runs in it or
// somebody changes it; the lock goes with the process, however that ends. Those without a place
// of their own stand in overlays_root(), by their names; of the others there is a link there. A
// plain value over open descriptors; not thread-safe.
#pragma once

#include <sys/stat.h>
#include <time.h>

#include <string>
#include <vector>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/result.hpp"

namespace swebash::overlay {

// What is not `keep` goes with its session, also where that was killed: the next one removes it.
enum class Lifetime : u8 { keep, session };

struct About {
  std::string id;  // 16 hexadecimal digits, at random: nobody inside can know it
  timespec began;  // what has changed underneath later has changed since
  dev_t device;    // of the workspace, with its inode: the folder, not its name alone
  ino_t inode;
  Lifetime lifetime;
  std::string workspace;
};

struct Folder {
  std::string path;
  OwnedFd fd;  // of the folder; has the lock where it could be had
  About about;
  bool locked = false;
  bool made = false;  // by this call
};

// Where overlays without a place of their own stand: $XDG_STATE_HOME/swebash/overlays, or below
// ~/.local/state; empty where neither is known. Pure but for the environment.
[[nodiscard]] std::string overlays_root();

// A session's folder over `workspace` (absolute, without links), locked: at `place`, where one is
// made or one of the same workspace used again; or, where `place` is empty, a new one in
// overlays_root(). Removes what killed sessions left there that is not to be kept.
// Errors: a sentence.
[[nodiscard]] Result<Folder, std::string> start_folder(const std::string& workspace,
                                                       const std::string& place, Lifetime lifetime);

// The folder at `path`, locked if nobody else has it.
// Errors: a sentence, where there is none, or where it is another user's.
[[nodiscard]] Result<Folder, std::string> open_folder(const std::string& path);

// The same where `fd`, inherited, is the folder and has the lock.
[[nodiscard]] Result<Folder, std::string> adopt_folder(const std::string& path, OwnedFd fd);

// One of overlays_root().
struct Listed {
  std::string name;
  Folder folder;
};
// All of them, by name, after what is not to be kept is gone.
[[nodiscard]] std::vector<Listed> list_folders();

// Waits until the clock of file times is past `about.began`: what is written from then on is
// known to have been written later.
void wait_for_clock(const About& about) noexcept;

// Removes the folder and its name. Requires: it is locked.
void remove_folder(const Folder& folder) noexcept;

}  // namespace swebash::overlay
