// SPDX-License-Identifier: Apache-2.0
#include "kernel/guest/wasm_task.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.hpp"

namespace swebash::kernel::guest {
namespace {

// Exit status of a task whose code trapped: what a shell shows for SIGABRT.
constexpr i32 kTrapStatus = 134;

// The lowest address this thread's stack may be used to; 0 until it is known.
thread_local u64 stack_low = 0;  // NOLINT: one per thread is the point

u64 stack_here() noexcept { return reinterpret_cast<u64>(__builtin_frame_address(0)); }

// Wasmtime's own limit counts from where wasm was entered and knows nothing of the real end.
bool stack_has_room(const wasm::MemoryPlan& plan) noexcept {
  return stack_low != 0 && stack_here() - stack_low >= plan.stack_need();
}

// An instance with a memory beyond this may hold more than is worth keeping; whether it does shows
// in the page faults of the thread that ran it.
constexpr usize kLargeMemory = usize{40} << 20;
constexpr long kFewFaults = 256;

long page_faults() noexcept {
  rusage usage;
  return ::getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_minflt : 0;
}

std::atomic<u32>* word_at(wasm::Instance& instance, u32 address) noexcept {
  return reinterpret_cast<std::atomic<u32>*>(instance.memory().data() + address);
}

}  // namespace

// A clone on its way: the instance that is a copy of its parent, and what it shall call.
class CloneBody final : public TaskBody {
 public:
  CloneBody(WasmHost& host, const Kernel& kernel, std::unique_ptr<wasm::Instance> instance,
            GuestFunction function, GuestPtr<void> argument, u32 signal_word) noexcept
      : host_(host),
        kernel_(kernel),
        instance_(std::move(instance)),
        function_(function),
        argument_(argument),
        signal_word_(signal_word) {}
  CloneBody(const CloneBody&) = delete;
  CloneBody& operator=(const CloneBody&) = delete;
  // One that never ran, or has ended.
  ~CloneBody() override { host_.release(std::move(instance_), kernel_, used_); }

  [[nodiscard]] wasm::Instance& instance() noexcept { return *instance_; }

  ExitState run(Task& task) noexcept override {
    const bool large = instance_->memory().size() > kLargeMemory;
    const long faults = large ? page_faults() : 0;
    ExitState state;
    {
      WasmTask self(host_, task, *instance_);
      self.prepare_thread();
      self.signal_word_ = signal_word_;
      self.bind_signal_word();
      state = self.run_clone(function_, argument_);
    }
    if (large ? page_faults() - faults > kFewFaults : instance_->memory().size() > kLargeMemory) {
      used_ = WasmHost::Used::much;
    }
    return state;
  }

 private:
  WasmHost& host_;
  const Kernel& kernel_;
  std::unique_ptr<wasm::Instance> instance_;
  GuestFunction function_;
  GuestPtr<void> argument_;
  u32 signal_word_;
  WasmHost::Used used_ = WasmHost::Used::little;
};

WasmTask::WasmTask(WasmHost& host, Task& task, wasm::Instance& instance) noexcept
    : host_(host), task_(task), instance_(instance) {
  instance_.set_user(this);
  instance_.limit_memory(task.memory_limit());
  // Others may wait in great numbers.
  if (ThreadPool::on_pooled_thread()) task_.on_long_wait(this);
}

WasmTask::~WasmTask() {
  task_.on_long_wait(nullptr);
  task_.signal_word(nullptr);
  instance_.set_user(nullptr);
}

void WasmTask::prepare_thread() noexcept {
  if (stack_low == 0) set_thread_stack(host_.plan().thread_stack());
}

void WasmTask::set_thread_stack(u64 size) noexcept {
  // The frames above this one are small; what they and the thread's own data take is this reserve.
  constexpr u64 kAbove = 64u << 10;
  stack_low = size == 0 ? 0 : stack_here() - size + kAbove;
}

void WasmTask::begin_long_wait() noexcept {
  instance_.settle();
  // What deep calls have used of this thread's own stack.
  constexpr u64 kPage = wasm::MemoryImage::kPage;
  constexpr u64 kNear = 64u << 10;
  const u64 low = (stack_low + kPage - 1) & ~(kPage - 1);
  const u64 high = (stack_here() - kNear) & ~(kPage - 1);
  if (stack_low != 0 && low < high) {
    ::madvise(reinterpret_cast<void*>(low), high - low, MADV_DONTNEED);
  }
}

// The engine ends what nests too deeply where its own stack ends: the less native stack there is,
// the less it gets of that.
void WasmTask::fit_stack() noexcept {
  constexpr u64 kLeft = u64{2} << 20;  // engine/interpreter/stack_limit.hpp
  const u32 whole = instance_.stack_pointer();
  const u64 native = host_.plan().wasm_stack;
  if (native >= wasm::kMaxWasmStack || whole <= kLeft) return;
  const u64 share = (whole - kLeft) * native / wasm::kMaxWasmStack;
  constexpr u64 kAligned = ~u64{15};
  instance_.set_stack_pointer(static_cast<u32>((kLeft + share) & kAligned));
}

ExitState WasmTask::run_main() {
  fit_stack();
  i32 status = 0;
  const auto end = instance_.call(kMainExport, {}, &status);
  return end_of(end, status);
}

std::optional<ExitState> WasmTask::call_session(std::string_view function, SessionCall& call) {
  bind_signal_word();
  session_call_ = &call;
  const auto end = instance_.call(function, {});
  session_call_ = nullptr;
  task_.signal_word(nullptr);
  if (end == wasm::CallEnd::returned && !task_.doomed()) return std::nullopt;
  return end_of(end, 0);
}

SyscallResult WasmTask::session_request(GuestPtr<char> buffer, u32 capacity) {
  if (session_call_ == nullptr) return std::unexpected(SyscallError(Errno::notsup));
  const SessionCall& call = *session_call_;
  const abi::SessionRequest head = {call.kind, call.flags, static_cast<u32>(call.name.size()),
                                    static_cast<u32>(call.text.size())};
  const usize needed = sizeof(head) + call.name.size() + call.text.size();
  if (needed > capacity) return static_cast<i64>(needed);
  const auto out = SWEBASH_TRY(GuestMemory(instance_.memory()).bytes(buffer, needed));
  char* at = out.data();
  std::memcpy(at, &head, sizeof(head));
  at = std::ranges::copy(call.name, at + sizeof(head)).out;
  std::ranges::copy(call.text, at);
  return static_cast<i64>(needed);
}

SyscallResult WasmTask::session_answer(i32 status, GuestPtr<const char> text, u32 length,
                                       GuestPtr<const abi::LiveMemory> memory) {
  if (session_call_ == nullptr) return std::unexpected(SyscallError(Errno::notsup));
  session_call_->status = status;
  session_call_->answer = SWEBASH_TRY(GuestMemory(instance_.memory()).text(text, length));
  session_call_->live = memory;
  return 0;
}

std::shared_ptr<const wasm::Snapshot> WasmTask::take_snapshot(
    GuestPtr<const abi::LiveMemory> memory) {
  const SysResult<Live> live = live_runs(memory);
  if (!live.has_value()) return nullptr;
  return wasm::Snapshot::take(instance_, live->all());
}

bool WasmTask::copy_to(wasm::Instance& to, GuestPtr<const abi::LiveMemory> memory,
                       wasm::Sharing sharing, wasm::Rest rest) {
  const SysResult<Live> live = live_runs(memory);
  if (!live.has_value()) return false;
  if (host_.is_quiet()) instance_.unshare(live->all());
  return wasm::copy_instance(instance_, to, live->all(), sharing, rest);
}

ExitState WasmTask::run_clone(GuestFunction function, GuestPtr<void> argument) {
  const i32 arguments[] = {static_cast<i32>(function.index), static_cast<i32>(argument.address)};
  return end_of(instance_.call(kCloneExport, arguments), 0);
}

ExitState WasmTask::end_of(wasm::CallEnd end, i32 result) {
  if (task_.doomed()) return task_.end_state();
  switch (end) {
    case wasm::CallEnd::returned:
    case wasm::CallEnd::stopped: return ExitState::exited(result);
    case wasm::CallEnd::stack_overflow:
    case wasm::CallEnd::trapped: break;
  }
  (void)task_.write(2, trap_report(end)).has_value();
  return ExitState::exited(kTrapStatus);
}

std::string WasmTask::trap_report(wasm::CallEnd end) {
  if (const u64 wanted = std::exchange(wanted_, 0); wanted != 0) {
    return "swebash: out of memory: cannot allocate " + std::to_string(wanted) + " bytes\n";
  }
  if (end == wasm::CallEnd::stack_overflow) {
    return "swebash: stack overflow: commands are nested too deeply\n";
  }
  return "swebash: the engine trapped: " + instance_.trap_message() + "\n";
}

void WasmTask::bind_signal_word() {
  if (signal_word_ == 0) return;
  SWEBASH_ASSERT(u64{signal_word_} + sizeof(u32) <= instance_.memory().size());
  auto* word = word_at(instance_, signal_word_);
  word->store(0, std::memory_order_relaxed);
  task_.signal_word(word);
}

SyscallResult WasmTask::set_signal_word(GuestPtr<u32> word) {
  const GuestMemory memory(instance_.memory());
  if (word.address != 0) SWEBASH_TRY(memory.array(word, 1));
  signal_word_ = word.address;
  if (signal_word_ == 0) {
    task_.signal_word(nullptr);
  } else {
    bind_signal_word();
  }
  return 0;
}

// The word moves with the memory: nobody may write to it meanwhile.
SyscallResult WasmTask::grow_memory(u64 size) {
  task_.signal_word(nullptr);
  const u8* const before = instance_.memory().data();
  bool grown = instance_.ensure_memory(size);
  if (!grown && host_.drop_idle()) grown = instance_.ensure_memory(size);
  if (signal_word_ != 0) task_.signal_word(word_at(instance_, signal_word_));
  if (!grown) return std::unexpected(SyscallError(Errno::nomem));
  return instance_.memory().data() == before ? 0 : 1;
}

SyscallResult WasmTask::discard_memory(GuestPtr<void> memory, u32 size) {
  const u64 end = u64{memory.address} + size;
  if (end > instance_.memory().size()) return std::unexpected(SyscallError(Errno::fault));
  instance_.discard_memory(memory.address, end);
  return 0;
}

SysResult<WasmTask::Live> WasmTask::live_runs(GuestPtr<const abi::LiveMemory> memory) {
  constexpr u64 kPage = wasm::MemoryImage::kPage;
  abi::LiveMemory told = SWEBASH_TRY(GuestMemory(instance_.memory()).read(memory));
  u64 at = instance_.stack_pointer() & ~(kPage - 1);
  if (told.end < at || told.end > instance_.memory().size() || told.gap_count > abi::kMaxGaps) {
    return std::unexpected(Errno::inval);
  }
  const std::span<abi::MemoryGap> gaps(told.gaps, told.gap_count);
  std::ranges::sort(gaps, {}, &abi::MemoryGap::low);
  Live live;
  for (const abi::MemoryGap& gap : gaps) {
    const u64 low = (u64{gap.low} + kPage - 1) & ~(kPage - 1);
    const u64 high = gap.high & ~(kPage - 1);
    // Below the stack pointer, or one that a guest made up.
    if (low < at || high <= low || high > told.end) continue;
    if (low > at) live.runs[live.count++] = {at, low};
    at = high;
  }
  if (at < told.end || live.count == 0) live.runs[live.count++] = {at, told.end};
  return live;
}

SyscallResult WasmTask::clone(GuestFunction function, GuestPtr<void> argument,
                              GuestPtr<const abi::LiveMemory> memory, u32 flags, i32 group) {
  const Live live = SWEBASH_TRY(live_runs(memory));
  CloneRequest request;
  request.group = group;
  request.foreground = (flags & abi::kCloneForeground) != 0;
  const auto fork = [&]() -> SysResult<i32> {
    const SysResult<pid_t> forked = task_.kernel().fork_task(task_, request);
    if (forked == 0) run_fork(function, argument);
    return forked;
  };
  const bool in_place = (flags & abi::kCloneInline) != 0;
  const bool narrow = host_.plan().room == wasm::Room::narrow;
  // The host would be lost with a clone that passes its limit on time. Where address space is
  // little, a process of its own has as much again.
  const bool lost = task_.kernel().has_time_limit();
  if (lost || (narrow && !in_place) || (flags & abi::kCloneOutlives) != 0) {
    const SysResult<i32> forked = fork();
    if (forked.has_value()) return *forked;
    if (forked.error() != Errno::notsup) return std::unexpected(SyscallError(forked.error()));
  }
  const auto wanted = in_place ? Placement::inline_on_parent : Placement::pooled;
  const SysResult<i32> cloned = make_clone(function, argument, live, request, wanted);
  if (cloned.has_value()) return *cloned;
  if (narrow && cloned.error() == Errno::nomem) {
    const SysResult<i32> forked = fork();
    if (forked.has_value()) return *forked;
  }
  return std::unexpected(SyscallError(cloned.error()));
}

SysResult<i32> WasmTask::make_clone(GuestFunction function, GuestPtr<void> argument,
                                    const Live& live, const CloneRequest& request,
                                    Placement wanted) {
  TaskRef child = SWEBASH_TRY(task_.kernel().create_task(task_, request));
  const i32 pid = child->pid();

  auto copy = host_.acquire(task_.kernel());
  if (!copy.has_value()) {
    task_.kernel().abandon(child);
    return std::unexpected(Errno::nomem);
  }
  auto body = std::make_unique<CloneBody>(host_, task_.kernel(), std::move(copy->instance),
                                          function, argument, signal_word_);
  const bool in_place = wanted == Placement::inline_on_parent && stack_has_room(host_.plan());
  const auto sharing = !in_place && host_.is_crowded() ? wasm::Sharing::yes : wasm::Sharing::no;
  if (host_.is_quiet()) instance_.unshare(live.all());
  const wasm::Rest rest = copy->rest;
  body->instance().limit_memory(0);
  const auto copied = [&] {
    return wasm::copy_instance(instance_, body->instance(), live.all(), sharing, rest);
  };
  if (!copied() && !(host_.drop_idle() && copied())) {
    task_.kernel().abandon(child);
    return std::unexpected(Errno::nomem);
  }
  if (in_place) {
    task_.kernel().run_inline(child, *body);
  } else {
    SWEBASH_TRY(task_.kernel().run_pooled(std::move(child), std::move(body)));
  }
  return pid;
}

// In the memory of the caller, which is this process's own by now, and below its frames.
void WasmTask::run_fork(GuestFunction function, GuestPtr<void> argument) {
  wasm::forget_process();
  ExitState end;
  {
    WasmTask self(host_, task_.kernel().main_task(), instance_);
    self.signal_word_ = signal_word_;
    self.bind_signal_word();
    end = self.run_clone(function, argument);
  }
  task_.kernel().leave(end);
}

SyscallResult WasmTask::guard(GuestFunction function, GuestPtr<void> argument,
                              GuestPtr<const abi::LiveMemory> memory) {
  const Live live = SWEBASH_TRY(live_runs(memory));
  const u32 stack_pointer = instance_.stack_pointer();
  usize size = 0;
  for (const wasm::PageRun& run : live.all()) size += run.high - run.low;
  // A heap too large to be copied is not worth losing the call for.
  const std::unique_ptr<u8[]> before(new (std::nothrow) u8[size]);
  u8* at = before.get();
  for (const wasm::PageRun& run : before ? live.all() : std::span<const wasm::PageRun>()) {
    std::memcpy(at, instance_.memory().data() + run.low, run.high - run.low);
    at += run.high - run.low;
  }
  const Task::Surroundings surroundings = task_.surroundings();

  const i32 arguments[] = {static_cast<i32>(function.index), static_cast<i32>(argument.address)};
  const wasm::CallEnd end = instance_.call(kCallExport, arguments);
  switch (end) {
    case wasm::CallEnd::returned: return 0;
    case wasm::CallEnd::stopped: return std::unexpected(SyscallError(SyscallError::Ended{}));
    case wasm::CallEnd::trapped:
    case wasm::CallEnd::stack_overflow: break;
  }
  if (task_.doomed() || !before) {
    if (!before) task_.doom(end_of(end, 0));
    return std::unexpected(SyscallError(SyscallError::Ended{}));
  }
  at = before.get();
  for (const wasm::PageRun& run : live.all()) {
    std::memcpy(instance_.memory().data() + run.low, at, run.high - run.low);
    at += run.high - run.low;
  }
  instance_.drop_memory(live.all().back().high);
  instance_.set_stack_pointer(stack_pointer);
  task_.restore(surroundings);
  (void)task_.write(2, trap_report(end)).has_value();
  return std::unexpected(SyscallError(Errno::notrecoverable));
}

}  // namespace swebash::kernel::guest
