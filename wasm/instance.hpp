// SPDX-License-Identifier: Apache-2.0
//
// Instance: one running copy of a module, with a store of its own.
//
// The module exports its memory as "memory" and its stack pointer as "__stack_pointer"; those two
// are all the state it has, so copying memory and stack pointer copies the instance
// (ADR 2). One thread uses an Instance at a time; which one may change
// between calls.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/error.hpp"
#include "wasm/linker.hpp"
#include "wasm/memory_image.hpp"
#include "wasm/values.hpp"

namespace swebash::wasm {

enum class CallEnd : u8 {
  returned,
  stopped,         // a host function answered AfterCall::stop
  trapped,         // the code did something it may not: trap_message() says what
  stack_overflow,  // a trap too, of its own since a script can cause it
};

// What becomes of what an instance holds beside what is put into it: it may stay, or must not be
// found there any more.
enum class Rest : u8 { stays, goes };

// Whether a copy takes what is fastest, or shares pages with the instance it is made from: for one
// of many that are alive at once.
enum class Sharing : u8 { no, yes };

class Instance {
 public:
  // A fresh instance of `origin`, its memory as the module's data says. `user` is anything the
  // embedder wants to find again in its host functions.
  // Errors: ErrorKind::memory.
  [[nodiscard]] static WasmResult<std::unique_ptr<Instance>> create(const Template& origin,
                                                                    void* user);

  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance();

  [[nodiscard]] void* user() const noexcept { return user_; }
  void set_user(void* user) noexcept { user_ = user; }

  // The instance's memory as it is now. The size only grows; where the engine's Room is narrow, the
  // base moves when it does.
  [[nodiscard]] std::span<u8> memory() noexcept;

  // Makes the memory at least `size` bytes. False when it cannot grow so far.
  [[nodiscard]] bool ensure_memory(u64 size) noexcept;

  // Memory does not grow beyond `bytes`, 0 for what the module says. What there is already stays.
  void limit_memory(u64 bytes) noexcept;

  // Gives the host back the pages from `start` on, which read as zeros then. Requires: the module's
  // data ends below.
  void drop_memory(u64 start) noexcept;

  // Gives the host back the whole pages between `start` and `end`, which hold anything then.
  // Requires: both are within memory().
  void discard_memory(u64 start, u64 end) noexcept;

  [[nodiscard]] u32 stack_pointer() noexcept;
  void set_stack_pointer(u32 value) noexcept;

  // Calls exported function `name` with i32 arguments (at most 4); it returns an i32 or nothing,
  // which is left in `result` when that is not null.
  // Requires: the export exists and has that type (Template::create checked its name).
  CallEnd call(std::string_view name, std::span<const i32> arguments, i32* result = nullptr);

  // Gives back what an idle instance's memory takes, if that is more than a little. What it held is
  // gone.
  void shed() noexcept;

  // Gives back the stack of an instance that is not running.
  void drop_stack() noexcept;

  // Clears what its memory holds below `low` and from `high` on. Requires: `low` is a multiple of
  // MemoryImage::kPage.
  void clear_around(u64 low, u64 high) noexcept;

  // Ends sharing pages with copies made earlier; what it holds in `live` stays.
  void unshare(std::span<const PageRun> live);

  // Gives back what the memory of an instance that is to wait takes for nothing: the stack that it
  // does not use, and pages that are as in the module or an image.
  void settle() noexcept;

  // Has the code that runs unwind to whoever called it; the host function that says so must fail.
  void stop() noexcept { stopped_ = true; }

  // What the last trap was, one line.
  [[nodiscard]] const std::string& trap_message() const noexcept { return trap_message_; }

 private:
  Instance() noexcept;

  struct Handles;

  using Runs = std::span<const PageRun>;
  friend class Snapshot;
  friend bool copy_instance(Instance& from, Instance& to, Runs live, Sharing sharing, Rest rest);
  // copy_instance() by bytes, and by an image; false when that cannot be.
  void copy_bytes(Instance& to, Runs runs);
  // Into an instance that was never used: what neither has written since it was made is the same.
  [[nodiscard]] bool copy_own_pages(Instance& to, Runs live);
  [[nodiscard]] bool copy_by_image(Instance& to, Runs live, Sharing sharing);
  // Finds the pages of `live` that are not as in the image. False when the host does not tell.
  [[nodiscard]] bool find_changed(Runs live, std::vector<PageRun>& runs);
  [[nodiscard]] bool grow_by(u64 bytes) noexcept;
  // Has memory of its own again where it maps an image; what it held in `live` stays.
  void leave_image(Runs live);
  // Makes an image of the memory as it is, and maps it here. False when the host gives none.
  [[nodiscard]] bool take_image(Runs live);

  std::unique_ptr<Handles> handles_;
  std::shared_ptr<MemoryImage> image_;  // mapped in this memory; nothing: none is
  u64 memory_limit_ = 0;
  u64 first_size_ = 0;  // of the memory before it first grew; 0: it has not
  Room room_ = Room::wide;
  bool fresh_ = true;  // nothing was copied here yet
  u64 copied_ = 0;     // bytes copied for clones since the image was taken
  u64 drift_ = 0;      // bytes that differed from the image at the first copy after it was taken
  void* user_ = nullptr;
  bool stopped_ = false;  // a host function asked for that, and its caller was not told yet
  std::string trap_message_;
};

// Makes `to` a copy of `from` where `live` says, stack pointer included. False when `to` cannot
// grow so far. Both are instances of one Template; the thread of `from` calls. Requires: `live` is
// not empty, ascends, and its addresses but the last are multiples of MemoryImage::kPage.
[[nodiscard]] bool copy_instance(Instance& from, Instance& to, std::span<const PageRun> live,
                                 Sharing sharing, Rest rest = Rest::stays);

}  // namespace swebash::wasm
