// SPDX-License-Identifier: Apache-2.0
//
// A tool of the build: prints how engine.wasm is compiled, for modcache-compile to be handed.

#include <cstdio>

#include "modcache/engine_config.hpp"
#include "wasm/engine.hpp"

int main() {
  const std::string text = modcache::to_text(swebash::wasm::shell_config());
  return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}
