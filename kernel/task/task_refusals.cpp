// SPDX-License-Identifier: Apache-2.0
//
// What a task says of a confinement that refused it something. The host has refused already;
// nothing here decides.
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <string>

#include "kernel/audit/account.hpp"
#include "kernel/confine/confinement.hpp"
#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/task/narrow_path.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {

std::unexpected<Errno> Task::refused(int start, std::string_view path, bool writes, Errno error) {
  if (kernel_.options().confinement != nullptr && (error == Errno::noent || error == Errno::acces ||
                                                   error == Errno::perm || error == Errno::rofs)) {
    tell_refusal(start, path, writes);
  }
  return std::unexpected(error);
}

[[gnu::cold]] void Task::tell_refusal(int start, std::string_view path, bool writes) {
  char text[PATH_MAX];
  std::string_view directory = "/";
  if (path.empty()) return;
  if (path.front() != '/') {
    HostPath link;
    const SysResult<usize> own = start == AT_FDCWD ? working_directory(text) : usize{0};
    ssize_t length = own.has_value() ? static_cast<ssize_t>(*own) : -1;
    if (start != AT_FDCWD) length = ::readlink(link.set_descriptor(start), text, sizeof(text));
    if (length <= 0 || text[0] != '/') return;
    directory = {text, static_cast<usize>(length)};
  }
  if (kernel_.options().account != nullptr) account_refusal(directory, path, writes);
  const std::string sentence = kernel_.options().confinement->explain(
      directory, path, writes ? confine::PathUse::write : confine::PathUse::read);
  if (!sentence.empty()) [[maybe_unused]]
    const auto written = write(2, sentence);
}

std::unexpected<Errno> Task::narrowed(const NarrowPath& path, Errno error) {
  if (!path.refused_path().empty()) {
    if (kernel_.options().account != nullptr) {
      kernel_.options().account->refused(pid_, "write", path.refused_path(), "workspace ro");
      check_account();
    }
    const std::string sentence =
        kernel_.options().confinement->explain_narrowing(path.refused_path());
    if (!sentence.empty()) [[maybe_unused]]
      const auto written = write(2, sentence);
  }
  return std::unexpected(error);
}

[[gnu::cold]] bool Task::tell_no_network(std::string_view host, std::string_view port) {
  if (kernel_.options().confinement->policy().network != Network::none) return false;
  const std::string sentence = "swebash: " + std::string(host) + ":" + std::string(port) +
                               ": not allowed by the workspace policy (--allow-net would)\n";
  [[maybe_unused]] const auto written = write(2, sentence);
  return true;
}

}  // namespace swebash::kernel
