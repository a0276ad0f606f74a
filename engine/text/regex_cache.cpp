// SPDX-License-Identifier: Apache-2.0
#include "engine/text/regex_cache.hpp"

#include <cstdlib>

#include "engine/text/regex_brackets.hpp"

namespace swebash::engine {

void RegexCache::clear(Entry& entry) noexcept {
  if (entry.used) ::regfree(&entry.compiled.expression);
  entry.used = false;
}

RegexCache::~RegexCache() {
  for (Entry& entry : entries_) clear(entry);
}

Result<const RegexCache::Compiled*, RegexCache::Failure> RegexCache::find(
    const std::string& expression, int flags) {
  u32 hash = 2166136261U;
  for (const char c : expression) hash = (hash ^ static_cast<u8>(c)) * 16777619U;
  Entry& entry = entries_[(hash ^ (hash >> 15)) % entries_.size()];
  // What was compiled holds for the locale's characters of then.
  constexpr int kMultibyte = 1 << 24;
  const int key = flags | (MB_CUR_MAX > 1 ? kMultibyte : 0);
  if (entry.used && entry.flags == key && entry.text == expression) return &entry.compiled;
  clear(entry);
  entry.compiled.work = regex_work(expression);
  if (!is_reasonable(entry.compiled.work)) return std::unexpected(Failure::too_large);
  if (::regcomp(&entry.compiled.expression, without_collating(expression).c_str(), flags) != 0) {
    return std::unexpected(Failure::invalid);
  }
  entry.used = true;
  entry.flags = key;
  entry.text = expression;
  return &entry.compiled;
}

}  // namespace swebash::engine
