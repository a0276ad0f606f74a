// SPDX-License-Identifier: Apache-2.0
//
// WasmTask: a kernel task that is an instance of the engine: it runs the instance's code on behalf
// of the task, and makes clones of it (ADR 2).
//
// Lives on the stack of the thread that runs the task, for as long as it runs. Not thread-safe: the
// task's own thread uses it. The exports it calls are `swebash_main()`, which gives the exit
// status; `swebash_clone_entry(function, argument)`, which ends in exit; and
// `swebash_call_entry(function, argument)`, which returns.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/guest/syscall.hpp"
#include "kernel/guest/wasm_host.hpp"
#include "kernel/kernel.hpp"
#include "kernel/task/task.hpp"
#include "wasm/snapshot.hpp"

namespace swebash::kernel::guest {

inline constexpr std::string_view kMainExport = "swebash_main";
inline constexpr std::string_view kCloneExport = "swebash_clone_entry";
inline constexpr std::string_view kCallExport = "swebash_call_entry";
inline constexpr std::string_view kOpenExport = "swebash_open";
inline constexpr std::string_view kServeExport = "swebash_serve";
inline constexpr std::array<std::string_view, 3> kRequiredExports{kMainExport, kCloneExport,
                                                                  kCallExport};

// A request to the engine of a session, and its answer.
struct SessionCall {
  abi::SessionRequestKind kind = abi::kSessionRun;
  u32 flags = 0;  // abi::SessionRequestFlags
  std::string_view name;
  std::string_view text;
  // Of the answer.
  i32 status = 0;
  std::string answer;
  GuestPtr<const abi::LiveMemory> live = {};
};

class WasmTask final : private LongWait {
 public:
  WasmTask(WasmHost& host, Task& task, wasm::Instance& instance) noexcept;
  WasmTask(const WasmTask&) = delete;
  WasmTask& operator=(const WasmTask&) = delete;
  ~WasmTask();

  [[nodiscard]] WasmHost& host() noexcept { return host_; }
  [[nodiscard]] Task& task() noexcept { return task_; }

  // Notes how much stack the calling thread has, if it is a pooled one of which nobody has yet.
  void prepare_thread() noexcept;
  // Runs the program from its beginning to its end.
  [[nodiscard]] ExitState run_main();
  // Runs a clone's function to its end.
  [[nodiscard]] ExitState run_clone(GuestFunction function, GuestPtr<void> argument);

  // Has the engine of a session do what `call` says, in exported function `function`; how the task
  // ended, or nothing where it goes on.
  [[nodiscard]] std::optional<ExitState> call_session(std::string_view function, SessionCall& call);
  // What the instance is now; nothing where `memory` is not what an engine says.
  [[nodiscard]] std::shared_ptr<const wasm::Snapshot> take_snapshot(
      GuestPtr<const abi::LiveMemory> memory);
  // Makes `to` what the instance is now. False where `memory` is not what an engine says, or `to`
  // cannot grow so far.
  [[nodiscard]] bool copy_to(wasm::Instance& to, GuestPtr<const abi::LiveMemory> memory,
                             wasm::Sharing sharing, wasm::Rest rest);
  // Where the signal word is, for a task whose memory was copied; 0: nowhere.
  [[nodiscard]] u32 signal_word() const noexcept { return signal_word_; }
  void set_signal_word_address(u32 address) noexcept { signal_word_ = address; }

  // The syscalls session_request and session_answer.
  [[nodiscard]] SyscallResult session_request(GuestPtr<char> buffer, u32 capacity);
  [[nodiscard]] SyscallResult session_answer(i32 status, GuestPtr<const char> text, u32 length,
                                             GuestPtr<const abi::LiveMemory> memory);

  // The syscalls clone, guard and signal_word; see abi/syscalls.def.
  [[nodiscard]] SyscallResult clone(GuestFunction function, GuestPtr<void> argument,
                                    GuestPtr<const abi::LiveMemory> memory, u32 flags, i32 group);
  [[nodiscard]] SyscallResult guard(GuestFunction function, GuestPtr<void> argument,
                                    GuestPtr<const abi::LiveMemory> memory);
  [[nodiscard]] SyscallResult set_signal_word(GuestPtr<u32> word);
  // The syscalls memory_grow and memory_discard.
  [[nodiscard]] SyscallResult grow_memory(u64 size);
  [[nodiscard]] SyscallResult discard_memory(GuestPtr<void> memory, u32 size);

  // The task's limit on memory is another now.
  void memory_limit_changed() noexcept { instance_.limit_memory(task_.memory_limit()); }
  // The syscall out_of_memory: the next trap is for want of `size` bytes.
  void note_out_of_memory(u64 size) noexcept { wanted_ = size; }

  // Tells WasmTask that the calling thread has `size` bytes of stack from here down; 0: that
  // nothing is known of it any more.
  static void set_thread_stack(u64 size) noexcept;

 private:
  void begin_long_wait() noexcept override;
  // How the task ended, after its code came back with `end`; says so on its standard error if it
  // was by a fault.
  [[nodiscard]] ExitState end_of(wasm::CallEnd end, i32 result);
  [[nodiscard]] std::string trap_report(wasm::CallEnd end);
  void bind_signal_word();
  void fit_stack() noexcept;
  // The clone is a fork of the host, and this is that process: runs it to its end.
  [[noreturn]] void run_fork(GuestFunction function, GuestPtr<void> argument);
  // What of memory a clone must have: the live stack, the data, the heap.
  struct Live {
    std::array<wasm::PageRun, abi::kMaxGaps + 1> runs;
    usize count = 0;

    [[nodiscard]] std::span<const wasm::PageRun> all() const noexcept {
      return {runs.data(), count};
    }
  };
  [[nodiscard]] SysResult<Live> live_runs(GuestPtr<const abi::LiveMemory> memory);
  // A clone that is a task of this host, where it is wanted if there is stack enough; its pid.
  // Errors: Errno::nomem, and those of create_task() and run_pooled().
  [[nodiscard]] SysResult<i32> make_clone(GuestFunction function, GuestPtr<void> argument,
                                          const Live& live, const CloneRequest& request,
                                          Placement wanted);

  WasmHost& host_;
  Task& task_;
  wasm::Instance& instance_;
  u32 signal_word_ = 0;                  // address; 0: none
  SessionCall* session_call_ = nullptr;  // while the engine answers it
  u64 wanted_ = 0;                       // bytes that could not be had; 0: that is not it

  friend class CloneBody;
};

}  // namespace swebash::kernel::guest
