// SPDX-License-Identifier: Apache-2.0
//
// Files of two trees that are not trusted: of the workspace, which others may change meanwhile, and
// of the upper layer, in which somebody may have planted anything.
//
// A path is relative to an open root, and is walked with openat2(RESOLVE_BENEATH |
// RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV): no link, no `..` and no mount leads out of it. Stateless.
#pragma once

#include <sys/stat.h>
#include <time.h>

#include <map>
#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "base/owned_fd.hpp"
#include "base/result.hpp"

namespace swebash::overlay {

[[nodiscard]] inline bool is_later(const timespec& one, const timespec& other) noexcept {
  return one.tv_sec != other.tv_sec ? one.tv_sec > other.tv_sec : one.tv_nsec > other.tv_nsec;
}
[[nodiscard]] inline bool is_same_time(const timespec& one, const timespec& other) noexcept {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

// What is at `path` below `root` ("." is the root itself). Invalid with errno set where it is not
// there, or where the way leads through a link or out.
[[nodiscard]] OwnedFd open_beneath(int root, const std::string& path, int flags) noexcept;

// The same for an absolute path, on whose way mounts of the host's may be.
[[nodiscard]] OwnedFd open_without_links(const std::string& path, int flags) noexcept;

// Where a mode forbids its owner to read: the mode is another for a moment (of the upper layer,
// which nobody else uses), or the file stays closed (of the workspace, whose times must not
// change).
enum class Closed : u8 { opened, stays };

// A folder to be listed, or a file to be read.
[[nodiscard]] OwnedFd open_folder_at(int folder, const char* name,
                                     Closed closed = Closed::opened) noexcept;
[[nodiscard]] OwnedFd open_file_at(int folder, const char* name,
                                   Closed closed = Closed::opened) noexcept;

// The text of a link; empty where it is none.
[[nodiscard]] std::string link_text(int folder, const char* name);

// Whether the open file or folder has the attribute of overlayfs's of that name (user.overlay.X).
[[nodiscard]] bool has_mark(int fd, const char* name) noexcept;

// Whether two open files hold the same bytes. False where one cannot be read.
[[nodiscard]] bool is_same_content(int one, int other) noexcept;

// Copies what `from` holds to `to`, an empty file; holes stay holes. Errors: the host's errno.
[[nodiscard]] Result<void, int> copy_content(int from, int to) noexcept;

// The attributes that a user may give to a file, but those of overlayfs, by their names.
[[nodiscard]] std::map<std::string, std::string> attributes_of(int fd);

// Copies them.
void copy_attributes(int from, int to);

// Removes what is at `name` in the open folder, and all that is in it. Follows no link; what cannot
// be removed stays.
void remove_tree(int folder, const char* name) noexcept;

}  // namespace swebash::overlay
