// SPDX-License-Identifier: Apache-2.0
//
// swebash-policy FOLDER [HOME]: a policy file as what the shell reads. The shell starts it
// where there is such a file; people have no use for it.
//
// Standard input is the file. On standard output either "ok", then three texts for each setting
// (line, key, value), or "error", line, reason; each text ends with a zero byte. FOLDER: from where
// relative paths count.
#include <unistd.h>

#include <string>

#include "shell/policy_file/policy_reader.hpp"

namespace {

constexpr swebash::usize kMost = swebash::usize{1} << 20;

void add(std::string& out, std::string_view text) { out.append(text).push_back('\0'); }

bool write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(1, text.data(), text.size());
    if (count <= 0) return false;
    text.remove_prefix(static_cast<swebash::usize>(count));
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::string text;
  char buffer[4096];
  while (text.size() <= kMost) {
    const ssize_t count = ::read(0, buffer, sizeof(buffer));
    if (count <= 0) break;
    text.append(buffer, static_cast<swebash::usize>(count));
  }
  std::string out;
  if (text.size() > kMost) {
    add(out, "error");
    add(out, "1");
    add(out, "the file is larger than 1 MB");
    return write_all(out) ? 2 : 3;
  }
  const auto entries = swebash::shell::read_policy(text, argv[1], argc > 2 ? argv[2] : "");
  if (!entries.has_value()) {
    add(out, "error");
    add(out, std::to_string(entries.error().line));
    add(out, entries.error().reason);
    return write_all(out) ? 2 : 3;
  }
  add(out, "ok");
  for (const auto& entry : *entries) {
    add(out, std::to_string(entry.line));
    add(out, entry.key);
    add(out, entry.value);
  }
  return write_all(out) ? 0 : 3;
}
