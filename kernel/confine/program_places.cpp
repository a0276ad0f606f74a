// SPDX-License-Identifier: Apache-2.0
#include "kernel/confine/program_places.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/owned_fd.hpp"

namespace swebash::kernel::confine {
namespace {

constexpr usize kHead = 4096;

bool is_program(const std::string& path) {
  struct stat about{};
  return ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

std::string find_program(const std::string& name, std::string_view search_path) {
  if (name.find('/') != std::string::npos) return is_program(name) ? real_path(name) : "";
  while (true) {
    const usize end = std::min(search_path.find(':'), search_path.size());
    const std::string folder(search_path.substr(0, end));
    // A relative one would be another program elsewhere.
    if (folder.starts_with('/') && is_program(folder + "/" + name)) {
      return real_path(folder + "/" + name);
    }
    if (end == search_path.size()) return {};
    search_path.remove_prefix(end + 1);
  }
}

// The path that PT_INTERP names in the first bytes of a 64-bit program; empty without one.
std::string loader_in(std::string_view head) {
  Elf64_Ehdr header;
  if (head.size() < sizeof(header)) return {};
  std::memcpy(&header, head.data(), sizeof(header));
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return {};
  for (usize i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr part;
    const usize at = header.e_phoff + i * header.e_phentsize;
    if (at > head.size() || head.size() - at < sizeof(part)) return {};
    std::memcpy(&part, head.data() + at, sizeof(part));
    if (part.p_type != PT_INTERP) continue;
    if (part.p_offset > head.size() || head.size() - part.p_offset < part.p_filesz) return {};
    const std::string_view text = head.substr(part.p_offset, part.p_filesz);
    return std::string(text.substr(0, std::min(text.find('\0'), text.size())));
  }
  return {};
}

std::string interpreter_in(std::string_view head) {
  if (!head.starts_with("#!")) return {};
  head = head.substr(2, std::min(head.find('\n'), head.size()) - 2);
  const usize begin = head.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  head.remove_prefix(begin);
  return std::string(head.substr(0, std::min(head.find_first_of(" \t\r"), head.size())));
}

void add_with_interpreters(Places& places, std::string path) {
  constexpr int kMostInterpreters = 5;
  for (int i = 0; i < kMostInterpreters && !path.empty(); ++i) {
    if (std::ranges::find(places.programs, path) != places.programs.end()) return;
    places.programs.push_back(path);
    const OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    char head[kHead];
    const ssize_t length = fd ? ::read(fd.get(), head, sizeof(head)) : -1;
    if (length <= 0) return;
    const std::string_view text(head, static_cast<usize>(length));
    std::string next = interpreter_in(text);
    if (next.empty()) next = loader_in(text);
    path = next.empty() ? next : real_path(next);
  }
}

}  // namespace

Result<void, Fault> add_programs(Places& places, const std::vector<std::string>& names,
                                 std::string_view search_path) {
  for (const std::string& name : names) {
    std::string path = find_program(name, search_path);
    if (path.empty()) {
      return std::unexpected(
          Fault{2, "--allow-run: " + name + ": no such program (a name in PATH, or a path)"});
    }
    add_with_interpreters(places, std::move(path));
  }
  return {};
}

}  // namespace swebash::kernel::confine
