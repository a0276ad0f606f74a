// SPDX-License-Identifier: Apache-2.0
// Why a directory is passed over, and the command that mends it.
#include <cerrno>
#include <cstring>

#include "modcache/stores/store.hpp"

namespace modcache {
namespace {

// `text` as one word for a shell.
std::string word_of(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%=";
  if (!text.empty() && text[0] != '-' && text.find_first_not_of(kPlain) == text.npos) {
    return std::string(text);
  }
  std::string word = text.starts_with('-') ? "'./" : "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string octal(std::uint32_t mode) {
  std::string digits;
  for (int shift = 6; shift >= 0; shift -= 3)
    digits += static_cast<char>('0' + (mode >> shift & 7));
  return digits;
}

std::string parent_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

PassedOver why_not_opened(FileSystem& files, const std::string& directory, int os_error) {
  PassedOver fault{MissReason::no_directory, directory, {}, {}};
  if (os_error == ENOENT) {
    fault.why = "is not there";
    fault.mend = "mkdir -p -m 700 " + word_of(directory);
  } else if (os_error == ENOTDIR || os_error == ELOOP) {
    // What stands in the way may be any directory on the path.
    while (true) {
      const auto status = files.status_of_path(fault.path.c_str());
      if (status || status.error() != ENOTDIR || fault.path == "/" || fault.path == ".") break;
      fault.path = parent_of(fault.path);
    }
    const auto status = files.status_of_path(fault.path.c_str());
    fault.why = status && status->kind != FileKind::directory ? "is no directory" : "is a link";
    fault.mend = "mv " + word_of(fault.path) + " " + word_of(fault.path + ".old");
  } else {
    fault.why = std::string("cannot be used: ") + std::strerror(os_error);
    if (os_error != EACCES) return fault;
    // The first directory above that is the user's own and has not the rights to pass.
    for (std::string path = directory; path != "/" && path != "."; path = parent_of(path)) {
      const auto status = files.status_of_path(path.c_str());
      if (!status || (status->mode & 0700) == 0700) continue;
      if (status->uid == files.effective_uid()) fault.mend = "chmod u+rwx " + word_of(path);
    }
  }
  return fault;
}

std::optional<PassedOver> why_not_trusted(FileSystem& files, const std::string& directory,
                                          const FileStatus& status, StoreOptions::Role role,
                                          std::uint32_t refused) {
  const std::uint32_t user = files.effective_uid();
  const bool roots = role == StoreOptions::Role::extra && status.uid == 0;
  if (status.uid != user && !roots) {
    return PassedOver{MissReason::foreign, directory,
                      "belongs to another user (" + std::to_string(status.uid) + ")",
                      "sudo chown -R " + std::to_string(user) + " " + word_of(directory)};
  }
  if ((status.mode & refused) == 0) return std::nullopt;
  const bool only_write = refused == 022;
  return PassedOver{MissReason::foreign, directory,
                    std::string(only_write ? "can be written by others" : "is open to others") +
                        " (mode " + octal(status.mode) + ")",
                    (only_write ? "chmod go-w " : "chmod 700 ") + word_of(directory)};
}

}  // namespace modcache
