// SPDX-License-Identifier: Apache-2.0
//
// CacheTest: a cache in a directory of its own, over a file system that can be made to fail and a
// compiler that counts. For unit tests only.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "modcache/cache.hpp"
#include "modcache/testing/faulty_file_system.hpp"
#include "modcache/testing/fixtures.hpp"

namespace modcache::testing {

// Ten seconds ahead of any file's ctime, so that stamps and index records are believed at once.
inline constexpr std::int64_t kLater = 10'000'000'000;

class CacheTest : public ::testing::Test {
 protected:
  std::unique_ptr<Cache> open() { return open(settings_in(directory_.path())); }
  std::unique_ptr<Cache> open(Settings settings) {
    return std::make_unique<Cache>(std::move(settings), files_);
  }
  Report load_ok(Cache& cache, std::string_view module = module_text(),
                 const CodeIdentity& code = identity()) {
    auto artefact = cache.get(memory_module(module), code, compiler_);
    EXPECT_TRUE(artefact) << describe(artefact.error());
    if (!artefact) return {};
    EXPECT_EQ(text_of(*artefact), artefact_text_of(module, code.config_text));
    return artefact->report;
  }

  TemporaryDirectory directory_;
  FaultyFileSystem files_;
  FakeCompiler compiler_;
};

}  // namespace modcache::testing
