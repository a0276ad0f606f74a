// SPDX-License-Identifier: Apache-2.0
#include "modcache/key.hpp"

namespace modcache {
namespace {

constexpr const char* kNames[] = {"module", "runtime", "target", "cpu", "settings"};

bool take_line(std::string_view& text, std::string_view name, std::string_view& value) noexcept {
  if (!text.starts_with(name) || text.size() <= name.size() || text[name.size()] != ' ') {
    return false;
  }
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return false;
  value = text.substr(name.size() + 1, end - name.size() - 1);
  text.remove_prefix(end + 1);
  return true;
}

// A line end inside a value would forge the lines after it.
void add_line(std::string& text, const char* name, std::string_view value) {
  text.append(name).append(" ");
  for (const char c : value) text += c == '\n' ? ' ' : c;
  text += '\n';
}

}  // namespace

KeyFields key_fields(const EngineConfig& config, std::string_view version) {
  KeyFields fields;
  fields.runtime = "wasmtime ";
  fields.runtime += version;
  fields.target = target_name();
  fields.cpu = cpu_text(config);
  fields.settings = code_text(config);
  return fields;
}

std::string to_text(const KeyFields& fields) {
  std::string text;
  text.reserve(160 + fields.settings.size());
  add_line(text, kNames[0], to_hex(fields.module));
  add_line(text, kNames[1], fields.runtime);
  add_line(text, kNames[2], fields.target);
  add_line(text, kNames[3], fields.cpu);
  add_line(text, kNames[4], fields.settings);
  return text;
}

std::optional<KeyFields> parse_key_fields(std::string_view text) {
  std::string_view values[5];
  for (int i = 0; i < 5; ++i) {
    if (!take_line(text, kNames[i], values[i])) return std::nullopt;
  }
  const auto module = hash_from_hex(values[0]);
  if (!module || !text.empty()) return std::nullopt;
  return KeyFields{*module, std::string(values[1]), std::string(values[2]), std::string(values[3]),
                   std::string(values[4])};
}

const char* first_difference(const KeyFields& one, const KeyFields& other) noexcept {
  if (one.module != other.module) return kNames[0];
  if (one.runtime != other.runtime) return kNames[1];
  if (one.target != other.target) return kNames[2];
  if (one.cpu != other.cpu) return kNames[3];
  if (one.settings != other.settings) return kNames[4];
  return nullptr;
}

int agreement(const KeyFields& one, const KeyFields& other) noexcept {
  // The module counts most: an entry for another module is near only when there is none for this.
  return 8 * int{one.module == other.module} + int{one.runtime == other.runtime} +
         int{one.target == other.target} + int{one.cpu == other.cpu} +
         int{one.settings == other.settings};
}

}  // namespace modcache
