// SPDX-License-Identifier: Apache-2.0
//
// A guest for the tests of this folder: it has what is asked of a module, which is memory and a
// stack pointer, and does on request what a guest can do to its host.
#include <cstdint>

// The host functions, and what the module holds at start.
extern "C" {
__attribute__((import_module("host"), import_name("ask"))) std::int64_t ask_host(
    std::int32_t what, std::int64_t value);
__attribute__((import_module("host"), import_name("note"))) std::int64_t note_host(
    std::int32_t what);
}

static std::int32_t number = 42;

extern "C" {

std::int32_t number_address() {
  return static_cast<std::int32_t>(reinterpret_cast<std::uintptr_t>(&number));
}

std::int32_t nothing() { return -1; }

std::int32_t digits(std::int32_t a, std::int32_t b, std::int32_t c, std::int32_t d) {
  return a * 1000 + b * 100 + c * 10 + d;
}

std::int32_t peek(std::uint32_t address) {
  return *reinterpret_cast<volatile std::int32_t*>(address);
}

void poke(std::uint32_t address, std::int32_t value) {
  *reinterpret_cast<volatile std::int32_t*>(address) = value;
}

std::int32_t ask(std::int32_t what, std::int32_t value) {
  return static_cast<std::int32_t>(ask_host(what, value) + 1);
}

std::int32_t note(std::int32_t what) { return static_cast<std::int32_t>(note_host(what)); }

[[noreturn]] void give_up() { __builtin_trap(); }

// Not optimised, so that it is a call each time.
__attribute__((optnone, noinline)) std::int32_t recurse(std::int32_t depth) {
  return recurse(depth + 1) + depth;
}
}
