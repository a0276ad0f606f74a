// SPDX-License-Identifier: Apache-2.0
//
// The guest of guest.cpp as the build has compiled it, and the host functions it imports. For
// tests.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <wasmtime.h>

#include <array>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/owned_fd.hpp"
#include "modcache/artefact.hpp"
#include "wasm/engine.hpp"
#include "wasm/instance.hpp"
#include "wasm/linker.hpp"
#include "wasm/module.hpp"

namespace swebash::wasm::testing {

// Little native stack, so that its end is met soon; a narrow memory is one of the plan that the
// build's print_config has.
inline MemoryPlan guest_plan(Room room) {
  constexpr u64 kLittle = 200u << 20;
  MemoryPlan plan = room == Room::narrow ? plan_memory(kLittle) : MemoryPlan{};
  plan.wasm_stack = 512u << 10;
  return plan;
}

inline Engine guest_engine(Room room = Room::wide) {
  auto engine = Engine::create(shell_config(guest_plan(room)));
  EXPECT_TRUE(engine.has_value()) << engine.error().message;
  return std::move(*engine);
}

inline modcache::Artefact guest_artefact(Room room = Room::wide) {
  modcache::Artefact artefact;
  const char* path = room == Room::wide ? SWEBASH_TEST_GUEST : SWEBASH_TEST_GUEST_NARROW;
  artefact.fd = OwnedFd(::open(path, O_RDONLY | O_CLOEXEC));
  struct stat status = {};
  EXPECT_EQ(::fstat(artefact.fd.get(), &status), 0) << path;
  artefact.size = static_cast<u64>(status.st_size);
  return artefact;
}

inline Module guest_module(const Engine& engine) {
  auto artefact = guest_artefact(engine.room());
  auto module = Module::from_artefact(engine, artefact);
  EXPECT_TRUE(module.has_value()) << modcache::describe(module.error());
  return std::move(*module);
}

// What host functions were called with, by the user pointer of the instance.
struct Calls {
  std::vector<std::pair<i32, i64>> asked;
  std::vector<i32> noted;
};

// Answers with twice the value; stops the guest when `what` is 13.
inline AfterCall host_ask(Instance& caller, RawValue* values) {
  const i32 what = values[0].as_i32;
  const i64 value = values[1].as_i64;
  static_cast<Calls*>(caller.user())->asked.emplace_back(what, value);
  constexpr i32 kStop = 13;
  if (what == kStop) return AfterCall::stop;
  values[0].as_i64 = value * 2;
  return AfterCall::proceed;
}

inline AfterCall host_note(Instance& caller, RawValue* values) {
  static_cast<Calls*>(caller.user())->noted.push_back(values[0].as_i32);
  values[0].as_i64 = 7;
  return AfterCall::proceed;
}

inline constexpr std::array kAskParameters = {ValueType::i32, ValueType::i64};
inline constexpr std::array kNoteParameters = {ValueType::i32};
inline constexpr HostFunction kAsk = {"host", "ask", kAskParameters, host_ask};
inline constexpr HostFunction kNote = {"host", "note", kNoteParameters, host_note};
// With one more, which the guest does not import.
inline constexpr std::array kHost = {HostFunction{"host", "unused", kNoteParameters, host_note},
                                     kNote, kAsk};

// An engine, the guest's template, and instances of it.
class Guest {
 public:
  explicit Guest(Room room = Room::wide)
      : engine_(guest_engine(room)), origin_(make_template(engine_)) {}

  [[nodiscard]] const Template& origin() const { return origin_; }
  [[nodiscard]] std::unique_ptr<Instance> instance(Calls* calls = nullptr) const {
    auto made = Instance::create(origin_, calls);
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return std::move(*made);
  }

 private:
  static Template make_template(const Engine& engine) {
    auto made = Template::create(engine, guest_module(engine), kHost);
    EXPECT_TRUE(made.has_value()) << made.error().message;
    return std::move(*made);
  }

  Engine engine_;
  Template origin_;
};

// Which of kHost the guest imports, in its order.
inline std::vector<u8> guest_imports(const Engine& engine) {
  const Module module = guest_module(engine);
  std::vector<u8> numbers;
  wasm_importtype_vec_t imports;
  wasmtime_module_imports(module.get(), &imports);
  for (usize i = 0; i < imports.size; ++i) {
    const wasm_name_t* name = wasm_importtype_name(imports.data[i]);
    for (usize row = 0; row < kHost.size(); ++row) {
      if (kHost[row].name != std::string_view(name->data, name->size)) continue;
      numbers.push_back(static_cast<u8>(row));
    }
  }
  wasm_importtype_vec_delete(&imports);
  return numbers;
}

// Calls and expects the call to return.
inline i32 result_of(Instance& instance, std::string_view name,
                     std::initializer_list<i32> arguments = {}) {
  i32 result = 0;
  EXPECT_EQ(instance.call(name, std::span(arguments.begin(), arguments.size()), &result),
            CallEnd::returned)
      << name << ": " << instance.trap_message();
  return result;
}

}  // namespace swebash::wasm::testing
