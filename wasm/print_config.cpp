// SPDX-License-Identifier: Apache-2.0
//
// A tool of the build: prints how engine.wasm is compiled, for modcache-compile to be handed; with
// an argument, how it is for a process whose address space is limited.

#include <cstdio>

#include "modcache/engine_config.hpp"
#include "wasm/engine.hpp"

int main(int argc, char**) {
  constexpr swebash::u64 kLittle = 200u << 20;
  const auto plan = argc > 1 ? swebash::wasm::plan_memory(kLittle) : swebash::wasm::MemoryPlan{};
  const std::string text = modcache::to_text(swebash::wasm::shell_config(plan));
  return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}
