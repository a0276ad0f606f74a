// SPDX-License-Identifier: Apache-2.0
#include "wasm/instance.hpp"

#include <sys/mman.h>
#include <wasmtime.h>

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/assert.hpp"
#include "modcache/wasmtime/engine.hpp"

namespace swebash::wasm {

struct Instance::Handles {
  wasmtime_store_t* store = nullptr;
  wasmtime_context_t* context = nullptr;
  wasmtime_instance_t instance{};
  wasmtime_memory_t memory{};
  wasmtime_global_t stack_pointer{};

  struct Export {
    std::string_view name;
    wasmtime_func_t function;
  };
  std::vector<Export> exports;  // those called so far

  ~Handles() {
    if (store != nullptr) wasmtime_store_delete(store);
  }
};

Instance::Instance() noexcept : handles_(std::make_unique<Handles>()) {}
Instance::~Instance() = default;

namespace {

// A wasm_message_t ends with a NUL that counts.
std::string first_line(const wasm_name_t& text) {
  const std::string_view all(text.data, text.size);
  return std::string(all.substr(0, all.find_first_of(std::string_view("\n\0", 2))));
}

std::string take_message(wasmtime_error_t* error) {
  std::string message = modcache::wasmtime::message_of(error);
  if (const auto end = message.find('\n'); end != std::string::npos) message.resize(end);
  return message;
}

}  // namespace

WasmResult<std::unique_ptr<Instance>> Instance::create(const Template& origin, void* user) {
  std::unique_ptr<Instance> made(new Instance);
  auto& handles = *made->handles_;
  made->user_ = user;
  handles.store = wasmtime_store_new(origin.engine(), made.get(), nullptr);
  handles.context = wasmtime_store_context(handles.store);

  SWEBASH_TRY(origin.instantiate(handles.context, &handles.instance));

  wasmtime_extern_t item;
  const auto find = [&](std::string_view name, wasmtime_extern_kind_t kind) {
    return wasmtime_instance_export_get(handles.context, &handles.instance, name.data(),
                                        name.size(), &item) &&
           item.kind == kind;
  };
  if (!find("memory", WASMTIME_EXTERN_MEMORY)) {
    return std::unexpected(Error{ErrorKind::module, "it does not export memory"});
  }
  handles.memory = item.of.memory;
  if (!find("__stack_pointer", WASMTIME_EXTERN_GLOBAL)) {
    return std::unexpected(Error{ErrorKind::module, "it does not export __stack_pointer"});
  }
  handles.stack_pointer = item.of.global;
  return made;
}

std::span<u8> Instance::memory() noexcept {
  return {wasmtime_memory_data(handles_->context, &handles_->memory),
          wasmtime_memory_data_size(handles_->context, &handles_->memory)};
}

bool Instance::ensure_memory(u64 size) noexcept {
  const u64 now = wasmtime_memory_data_size(handles_->context, &handles_->memory);
  if (now >= size) return true;
  constexpr u64 kPage = 65536;
  u64 before = 0;
  wasmtime_error_t* error = wasmtime_memory_grow(handles_->context, &handles_->memory,
                                                 (size - now + kPage - 1) / kPage, &before);
  if (error == nullptr) return true;
  wasmtime_error_delete(error);
  return false;
}

void Instance::limit_memory(u64 bytes) noexcept {
  if (bytes == memory_limit_) return;
  memory_limit_ = bytes;
  wasmtime_store_limiter(handles_->store, bytes == 0 ? -1 : static_cast<i64>(bytes), -1, -1, -1,
                         -1);
}

void Instance::drop_memory(u64 start) noexcept {
  constexpr u64 kHostPage = 4096;
  const auto all = memory();
  const u64 first = (start + kHostPage - 1) & ~(kHostPage - 1);
  if (first < all.size()) ::madvise(all.data() + first, all.size() - first, MADV_DONTNEED);
}

u32 Instance::stack_pointer() noexcept {
  wasmtime_val_t value;
  wasmtime_global_get(handles_->context, &handles_->stack_pointer, &value);
  return static_cast<u32>(value.of.i32);
}

void Instance::set_stack_pointer(u32 pointer) noexcept {
  wasmtime_val_t value;
  value.kind = WASMTIME_I32;
  value.of.i32 = static_cast<i32>(pointer);
  wasmtime_error_t* error =
      wasmtime_global_set(handles_->context, &handles_->stack_pointer, &value);
  SWEBASH_ASSERT(error == nullptr);
}

CallEnd Instance::call(std::string_view name, std::span<const i32> arguments, i32* result) {
  auto& handles = *handles_;
  const wasmtime_func_t* function = nullptr;
  for (const auto& known : handles.exports) {
    if (known.name == name) function = &known.function;
  }
  if (function == nullptr) {
    wasmtime_extern_t item;
    const bool found = wasmtime_instance_export_get(handles.context, &handles.instance, name.data(),
                                                    name.size(), &item);
    SWEBASH_ASSERT(found && item.kind == WASMTIME_EXTERN_FUNC);
    handles.exports.push_back({name, item.of.func});
    function = &handles.exports.back().function;
  }

  constexpr usize kSlots = 4;
  SWEBASH_ASSERT(arguments.size() <= kSlots);
  wasmtime_val_raw_t values[kSlots] = {};
  for (usize i = 0; i < arguments.size(); ++i) values[i].i32 = arguments[i];
  wasm_trap_t* trap = nullptr;
  // A nested call may add to `exports` and move it: keep the handle itself.
  const wasmtime_func_t target = *function;
  wasmtime_error_t* error =
      wasmtime_func_call_unchecked(handles.context, &target, values, kSlots, &trap);
  if (error != nullptr) {
    trap_message_ = take_message(error);
    return CallEnd::trapped;
  }
  if (trap == nullptr) {
    if (result != nullptr) *result = values[0].i32;
    return CallEnd::returned;
  }

  wasmtime_trap_code_t code = 0;
  CallEnd end = CallEnd::stopped;
  if (wasmtime_trap_code(trap, &code)) {
    end = code == WASMTIME_TRAP_CODE_STACK_OVERFLOW ? CallEnd::stack_overflow : CallEnd::trapped;
    wasm_message_t text;
    wasm_trap_message(trap, &text);
    trap_message_ = first_line(text);
    wasm_byte_vec_delete(&text);
    // "wasm trap: out of bounds memory access": what it was is the part behind the colon.
    constexpr std::string_view kPrefix = "wasm trap: ";
    if (const auto at = trap_message_.find(kPrefix); at != std::string::npos) {
      trap_message_.erase(0, at + kPrefix.size());
    }
  }
  wasm_trap_delete(trap);
  return end;
}

bool copy_instance(Instance& from, Instance& to, u64 low, u64 high) {
  const auto source = from.memory();
  SWEBASH_ASSERT(low <= high && high <= source.size());
  // All of it, not `high` alone: the heap inside knows how far its memory reaches.
  if (!to.ensure_memory(source.size())) return false;
  if (!from.copy_by_image(to, low, high)) {
    if (to.image_ != nullptr) to.leave_image(0, 0);
    if (!to.fresh_ || !from.copy_own_pages(to, low, high)) from.copy_bytes(to, low, high);
  }
  to.copied_ = 0;
  to.fresh_ = false;
  to.set_stack_pointer(from.stack_pointer());
  return true;
}

void Instance::copy_bytes(Instance& to, u64 low, u64 high) {
  copied_ += high - low;
  std::memcpy(to.memory().data() + low, memory().data() + low, high - low);
}

bool Instance::copy_own_pages(Instance& to, u64 low, u64 high) {
  if (!fresh_ || image_ != nullptr) return false;
  constexpr u64 kPage = MemoryImage::kPage;
  const u64 whole = high & ~(kPage - 1);
  std::vector<PageRun> runs;
  if (whole > low && !find_own_pages(memory().data(), low, whole, runs)) return false;
  for (const PageRun& run : runs) copy_bytes(to, run.low, run.high);
  copy_bytes(to, std::max(low, whole), high);
  return true;
}

bool Instance::take_image(u64 low, u64 high) {
  auto image = MemoryImage::create(memory(), low, high);
  if (image == nullptr || !image->map(memory().data())) return false;
  image_ = std::move(image);
  copied_ = 0;
  return true;
}

// What changed since the image was taken is copied each time. A new one is taken once that, or
// what was copied so far, comes to half the memory: taking it costs about as much as copying all.
bool Instance::copy_by_image(Instance& to, u64 low, u64 high) {
  constexpr u64 kWorthIt = 3u << 20;
  constexpr u64 kPage = MemoryImage::kPage;
  high = (high + kPage - 1) & ~(kPage - 1);
  const u64 size = high - low;
  if (size < kWorthIt) {
    if (image_ != nullptr && size < kWorthIt / 2) leave_image(low, high);
    return false;
  }

  std::vector<PageRun> runs;
  u64 changed = size;
  if (image_ != nullptr && image_->low() < high && low < image_->high()) {
    const u64 from = std::max(low, image_->low());
    const u64 end = std::min(high, image_->high());
    if (low < from) runs.push_back({low, from});
    if (!find_own_pages(memory().data(), from, end, runs)) return false;
    if (end < high) runs.push_back({end, high});
    changed = 0;
    for (const PageRun& run : runs) changed += run.high - run.low;
  }
  if (changed + copied_ > size / 2) {
    if (take_image(low, high)) {
      runs.clear();
    } else if (changed == size) {
      return false;
    }
  }
  u8* target = to.memory().data();
  if (to.image_ == image_) {
    image_->reset(target);
  } else if (image_->map(target)) {
    to.image_ = image_;
  } else {
    return false;
  }
  for (const PageRun& run : runs) copy_bytes(to, run.low, run.high);
  return true;
}

void Instance::leave_image(u64 low, u64 high) {
  low = std::max(low, image_->low());
  high = std::min(high, image_->high());
  const u8* base = memory().data();
  const std::vector<u8> kept(base + std::min(low, high), base + high);
  if (!image_->unmap(memory().data())) return;
  image_.reset();
  if (!kept.empty()) std::memcpy(memory().data() + low, kept.data(), kept.size());
}

void Instance::shed() noexcept {
  constexpr u64 kKept = 1u << 20;
  const auto all = memory();
  if (image_ == nullptr && resident_bytes(all, kKept) < kKept) return;
  copied_ = 0;
  if (image_ != nullptr) image_->reset(all.data());
  const u64 high = image_ == nullptr ? 0 : image_->high();
  if (all.size() - high > kKept) ::madvise(all.data() + high, all.size() - high, MADV_DONTNEED);
}

}  // namespace swebash::wasm
