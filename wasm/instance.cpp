// SPDX-License-Identifier: Apache-2.0
#include "wasm/instance.hpp"

#include <sys/mman.h>
#include <wasmtime.h>

#include <algorithm>
#include <cstring>
#include <utility>
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
  made->room_ = origin.room();
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
  const auto all = memory();
  if (all.size() >= size) return true;
  if (first_size_ == 0) first_size_ = all.size();
  // A memory that has grown by much goes on in large pages: one page fault in the place of 512.
  constexpr u64 kMuch = u64{4} << 20;
  constexpr u64 kLargePage = u64{2} << 20;
  if (room_ == Room::wide && size >= first_size_ + kMuch) {
    const auto begin = reinterpret_cast<u64>(all.data());
    const u64 end = ((begin + size + kLargePage - 1) & ~(kLargePage - 1)) - begin;
    if (grow_by(end - all.size())) {
      const u64 from = ((begin + all.size()) & ~(kLargePage - 1)) - begin;
      ::madvise(all.data() + from, end - from, MADV_HUGEPAGE);
      return true;
    }
  }
  return grow_by(size - all.size());
}

bool Instance::grow_by(u64 bytes) noexcept {
  constexpr u64 kPage = 65536;
  u64 before = 0;
  wasmtime_error_t* error = wasmtime_memory_grow(handles_->context, &handles_->memory,
                                                 (bytes + kPage - 1) / kPage, &before);
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

void Instance::discard_memory(u64 start, u64 end) noexcept {
  const u64 first = (start + MemoryImage::kPage - 1) & ~(MemoryImage::kPage - 1);
  const u64 last = end & ~(MemoryImage::kPage - 1);
  if (first < last) ::madvise(memory().data() + first, last - first, MADV_DONTNEED);
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
    // Without backtraces, the failure of a host function is an error and no trap.
    trap_message_ = take_message(error);
    return std::exchange(stopped_, false) ? CallEnd::stopped : CallEnd::trapped;
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
  stopped_ = false;
  return end;
}

namespace {

constexpr u64 kPage = MemoryImage::kPage;
// From here on an image is faster than copies.
constexpr u64 kWorthIt = 3u << 20;

u64 size_of(std::span<const PageRun> runs) noexcept {
  u64 size = 0;
  for (const PageRun& run : runs) size += run.high - run.low;
  return size;
}

u64 up_to_page(u64 address) noexcept { return (address + kPage - 1) & ~(kPage - 1); }

}  // namespace

bool copy_instance(Instance& from, Instance& to, std::span<const PageRun> live, Sharing sharing,
                   Rest rest) {
  const auto source = from.memory();
  SWEBASH_ASSERT(!live.empty() && live.back().high <= source.size());
  // All of it, not what is live alone: the heap inside knows how far its memory reaches.
  if (!to.ensure_memory(source.size())) return false;
  // An image is of somebody's memory too.
  if (rest == Rest::goes && to.image_ != nullptr) to.leave_image({});
  if (rest == Rest::goes && sharing == Sharing::yes) {
    // What is cleared in place would be a page of its own.
    ::madvise(to.memory().data(), to.memory().size(), MADV_DONTNEED);
    rest = Rest::stays;
  }
  if (!from.copy_by_image(to, live, sharing)) {
    if (to.image_ != nullptr) to.leave_image({});
    if (!to.fresh_ || !from.copy_own_pages(to, live)) from.copy_bytes(to, live);
    if (rest == Rest::goes) {
      u64 before = live.front().low;
      for (const PageRun& run : live) {
        std::memset(to.memory().data() + before, 0, run.low - before);
        before = run.high;
      }
    }
  }
  if (rest == Rest::goes) to.clear_around(live.front().low, live.back().high);
  to.copied_ = 0;
  to.fresh_ = false;
  to.set_stack_pointer(from.stack_pointer());
  return true;
}

void Instance::copy_bytes(Instance& to, Runs runs) {
  const u8* const source = memory().data();
  u8* const target = to.memory().data();
  for (const PageRun& run : runs) {
    copied_ += run.high - run.low;
    std::memcpy(target + run.low, source + run.low, run.high - run.low);
  }
}

bool Instance::copy_own_pages(Instance& to, Runs live) {
  if (!fresh_ || image_ != nullptr) return false;
  std::vector<PageRun> runs;
  for (const PageRun& run : live) {
    const u64 whole = run.high & ~(kPage - 1);
    if (whole > run.low && !find_own_pages(memory().data(), run.low, whole, runs)) return false;
    if (whole < run.high) runs.push_back({std::max(run.low, whole), run.high});
  }
  copy_bytes(to, runs);
  return true;
}

bool Instance::take_image(Runs live) {
  auto image = MemoryImage::create(memory(), live);
  if (image == nullptr || !image->map(memory().data())) return false;
  image_ = std::move(image);
  copied_ = 0;
  drift_ = 0;
  return true;
}

bool Instance::find_changed(Runs live, std::vector<PageRun>& runs) {
  for (const PageRun& run : live) {
    const u64 from = std::clamp(image_->low(), run.low, run.high);
    const u64 end = std::clamp(image_->high(), from, run.high);
    if (run.low < from) runs.push_back({run.low, from});
    if (from < end && !find_own_pages(memory().data(), from, end, runs)) return false;
    if (end < run.high) runs.push_back({end, run.high});
  }
  return true;
}

// What changed since the image was taken is copied each time. Of a large memory a new one is taken
// once that, or what was copied so far, comes to half of it: taking it costs about as much as
// copying all. Of a small one, whose pages are shared to save memory, once more has changed than
// does between any two clones.
bool Instance::copy_by_image(Instance& to, Runs given, Sharing sharing) {
  // A memory that moves takes its pages along as plain ones.
  if (room_ == Room::narrow) return false;
  constexpr u64 kSmallDrift = 20u << 10;
  std::vector<PageRun> live(given.begin(), given.end());
  live.back().high = up_to_page(live.back().high);
  const u64 size = size_of(live);
  const bool small = size < kWorthIt;
  if (small && sharing == Sharing::no) {
    if (image_ != nullptr && image_->size() >= kWorthIt && size < kWorthIt / 2) leave_image(live);
    return false;
  }

  std::vector<PageRun> runs;
  u64 changed = size;
  if (image_ != nullptr) {
    if (!find_changed(live, runs)) return false;
    changed = size_of(runs);
    if (drift_ == 0) drift_ = changed;
  }
  bool stale = image_ == nullptr;
  if (!stale && small) stale = changed > drift_ + kSmallDrift || image_->size() >= kWorthIt;
  if (!stale && !small) stale = changed + copied_ > size / 2;
  if (stale) {
    if (take_image(live)) {
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
  copy_bytes(to, runs);
  return true;
}

void Instance::leave_image(Runs live) {
  u8* const base = memory().data();
  std::vector<PageRun> runs;
  for (const PageRun& run : live) {
    const u64 from = std::max(run.low, image_->low());
    const u64 end = std::min(run.high, image_->high());
    if (from < end) runs.push_back({from, end});
  }
  std::vector<u8> kept(size_of(runs));
  u8* at = kept.data();
  for (const PageRun& run : runs) {
    std::memcpy(at, base + run.low, run.high - run.low);
    at += run.high - run.low;
  }
  if (!image_->unmap(base)) return;
  image_.reset();
  at = kept.data();
  for (const PageRun& run : runs) {
    std::memcpy(base + run.low, at, run.high - run.low);
    at += run.high - run.low;
  }
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

void Instance::drop_stack() noexcept {
  const u64 stack = stack_pointer() & ~(kPage - 1);
  if (stack > 0) ::madvise(memory().data(), stack, MADV_DONTNEED);
}

// What is near, every use of the instance touches again: that is cleared in place, and the rest is
// given back, so that it reads as zeros.
void Instance::clear_around(u64 low, u64 high) noexcept {
  constexpr u64 kStack = 32u << 10;
  constexpr u64 kHeap = 64u << 10;
  const auto all = memory();
  const u64 below = low - std::min(low, kStack);
  std::memset(all.data() + below, 0, low - below);
  if (below > 0) ::madvise(all.data(), below, MADV_DONTNEED);
  const u64 above = std::min<u64>(all.size(), (high + kHeap) & ~(kPage - 1));
  std::memset(all.data() + high, 0, above - high);
  if (above < all.size()) ::madvise(all.data() + above, all.size() - above, MADV_DONTNEED);
}

void Instance::unshare(Runs live) {
  if (image_ != nullptr && image_->size() < kWorthIt) leave_image(live);
}

// Pages that another thread may write to meanwhile have been written to before.
void Instance::settle() noexcept {
  const auto all = memory();
  const u64 stack = stack_pointer() & ~(kPage - 1);
  if (stack > 0) ::madvise(all.data(), stack, MADV_DONTNEED);
  std::vector<PageRun> own;
  if (!find_own_pages(all.data(), stack, all.size(), own)) return;
  u64 at = stack;
  own.push_back({all.size(), all.size()});
  for (const PageRun& run : own) {
    if (at < run.low) ::madvise(all.data() + at, run.low - at, MADV_DONTNEED);
    at = run.high;
  }
}

}  // namespace swebash::wasm
