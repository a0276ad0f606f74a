// SPDX-License-Identifier: Apache-2.0
//
// What the cache's tests share: a directory of their own, a compiler that compiles nothing, and a
// module that is one only by its first bytes. For tests.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "modcache/cache.hpp"
#include "modcache/stores/file_system.hpp"

namespace modcache::testing {

// A new directory that goes with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    // In memory where that can be had: thousands of publications are synced to it.
    std::string base = std::filesystem::temp_directory_path().string();
    if (::access("/dev/shm", W_OK) == 0) base = "/dev/shm";
    std::string name = base + "/modcache-test-XXXXXX";
    path_ = ::mkdtemp(name.data()) != nullptr ? name : "";
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// The "artefact" of a module, so that tests can tell what they were given.
inline std::string artefact_text_of(std::string_view module, std::string_view config) {
  std::string text = "compiled under " + std::string(config) + ": ";
  for (const char c : module) text += static_cast<char>(c ^ 0x55);
  return text;
}

class FakeCompiler final : public Compiler {
 public:
  Result<std::vector<std::byte>> compile(const CompileRequest& request) override {
    ++started;
    if (delay_ms != 0) host_files().sleep_ms(delay_ms);
    if (failure) return std::unexpected(*failure);
    const std::string_view module(reinterpret_cast<const char*>(request.module.data()),
                                  request.module.size());
    const std::string text = artefact_text_of(module, request.config);
    const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
    return std::vector<std::byte>(bytes, bytes + text.size());
  }

  std::atomic<int> started{0};
  std::uint32_t delay_ms = 0;
  std::optional<Error> failure;
};

inline std::string module_text(std::string_view body = "body") {
  return std::string("\0asm\1\0\0\0", 8) + std::string(body);
}

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

inline ModuleSource memory_module(std::string_view text) {
  return ModuleSource::memory(bytes_of(text), "test.wasm");
}

inline CodeIdentity identity(const EngineConfig& config = {}, const char* version = "48.0.8") {
  CodeIdentity code;
  code.fields = key_fields(config, version);
  code.config_text = to_text(config);
  code.runtime = version;
  return code;
}

inline Settings settings_in(const std::string& directory) {
  Settings settings;
  settings.dir = directory;
  return settings;
}

// The artefact proper, read through what get() gave.
inline std::string text_of(const Artefact& artefact) {
  if (!artefact.fd) {
    return {reinterpret_cast<const char*>(artefact.bytes.data()), artefact.bytes.size()};
  }
  std::string text(artefact.size, '\0');
  const auto count =
      host_files().read_at(artefact.fd.get(), std::as_writable_bytes(std::span(text)), 0);
  text.resize(count.value_or(0));
  return text;
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  ::chmod(path.c_str(), 0600);
}

// The files of entries in the cache at `directory`.
inline std::vector<std::string> entry_files(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const auto& one : std::filesystem::directory_iterator(directory + "/v1", ignored)) {
    if (one.path().extension() == ".cwasm") files.push_back(one.path().string());
  }
  return files;
}

// What dead writers left.
inline int temporary_files(const std::string& directory) {
  int count = 0;
  std::error_code ignored;
  for (const auto& one : std::filesystem::directory_iterator(directory + "/v1", ignored)) {
    count += one.path().filename().string().starts_with("tmp-") ? 1 : 0;
  }
  return count;
}

}  // namespace modcache::testing
