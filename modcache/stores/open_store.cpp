// SPDX-License-Identifier: Apache-2.0
// From an address to the store that serves it.
#include <algorithm>

#include "modcache/stores/store.hpp"

namespace modcache {
namespace {

using Factory = OpenedStore (*)(FileSystem&, const std::string&, const StoreOptions&);
struct Row {
  std::string_view scheme;
  Factory open;
};
constexpr Row kRows[] = {
#define MODCACHE_STORE(scheme, factory) {scheme, factory},
#include "modcache/stores/stores.def"
#undef MODCACHE_STORE
};
constexpr std::string_view kPlainPath = "file";
constexpr std::string_view kMark = "://";

// RFC 3986, 3.1, in lower case.
bool is_scheme(std::string_view text) noexcept {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == text.npos;
}

}  // namespace

std::string_view scheme_of(std::string_view address) noexcept {
  const auto mark = address.find(kMark);
  if (mark == address.npos || !is_scheme(address.substr(0, mark))) return {};
  return address.substr(0, mark);
}

std::vector<std::string_view> split_addresses(std::string_view list) {
  std::vector<std::string_view> addresses;
  while (!list.empty()) {
    const auto scheme = scheme_of(list);
    const std::size_t skip = scheme.empty() ? 0 : scheme.size() + kMark.size();
    const auto end = std::min(list.find(':', skip), list.size());
    if (end > 0) addresses.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return addresses;
}

std::string store_schemes() {
  std::string text;
  for (const Row& row : kRows) text.append(text.empty() ? "" : " ").append(row.scheme);
  return text;
}

OpenedStore open_store(FileSystem& files, std::string_view address, const StoreOptions& options) {
  const std::string_view whole = address;
  std::string_view scheme = scheme_of(address);
  if (!scheme.empty()) address.remove_prefix(scheme.size() + kMark.size());
  if (scheme.empty()) scheme = kPlainPath;
  const auto* row = std::ranges::find(kRows, scheme, &Row::scheme);
  if (row == std::end(kRows)) {
    return std::unexpected(
        PassedOver{MissReason::no_directory,
                   std::string(whole),
                   "is of a kind that is not known here (known: " + store_schemes() + ")",
                   {}});
  }
  return row->open(files, std::string(address), options);
}

}  // namespace modcache
