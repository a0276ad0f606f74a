// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/account.hpp"

#include <algorithm>
#include <set>

#include "abi/guest.hpp"

namespace swebash::engine {
namespace {

bool account = false;

std::set<std::string>& told() {
  static std::set<std::string>& values = *new std::set<std::string>;
  return values;
}

// Always true, for those that are visited until one answers false.
bool tell(const std::string& value) {
  // A script may make as many as it likes; the kernel keeps no more either.
  constexpr usize kMost = 10'000;
  if (value.empty() || told().size() >= kMost || !told().insert(value).second) return true;
  sys::account_secret(value.data(), static_cast<u32>(value.size()));
  return true;
}

}  // namespace

void begin_account() noexcept { account = true; }

bool has_account() noexcept { return account; }

bool is_secret_name(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  for (const char* part : {"TOKEN", "SECRET", "PASSWORD", "KEY"}) {
    if (upper.find(part) != std::string::npos) return true;
  }
  return false;
}

[[gnu::cold]] void tell_secrets(Variables& variables) {
  for (const std::string_view name : variables.names()) {
    if (!is_secret_name(name)) continue;
    const Variable* variable = variables.find_listed(name);
    if (variable == nullptr) continue;
    if (variable->has(kIndexed)) {
      variable->indexed().for_each([](i64, const std::string& value) { return tell(value); });
    } else if (variable->has(kAssociative)) {
      variable->associative().for_each(
          [](std::string_view, const std::string& value) { return tell(value); });
    } else if (const std::string* text = variable->text(); text != nullptr) {
      tell(*text);
    }
  }
}

[[gnu::cold]] i64 tell_command(std::string_view name, std::span<const std::string> arguments) {
  std::string words(name);
  words.push_back('\0');
  for (const std::string& argument : arguments) words.append(argument).push_back('\0');
  return sys::account_command(words.data(), static_cast<u32>(words.size()));
}

[[gnu::cold]] void tell_end(i64 number, i32 status) { sys::account_end(number, status); }

}  // namespace swebash::engine
