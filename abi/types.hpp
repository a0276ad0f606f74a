// SPDX-License-Identifier: Apache-2.0
//
// The structs and constants that syscalls carry. Little-endian, fixed layout, no padding that is
// not named; both sides compile this file, and static_assert holds the layout where the guest is
// wasm32.
//
// Paths and other strings are a pointer and a length in bytes, never NUL-terminated, unless a
// comment says so. Times are nanoseconds. Modes and permission bits are POSIX's octal values.
#pragma once

#include "abi/guest_ptr.hpp"
#include "base/integers.hpp"

namespace swebash::abi {

// Changes when a row of syscalls.def or a layout here changes incompatibly.
inline constexpr u32 kVersion = 1;

// The directory a relative path starts from: the task's working directory.
inline constexpr i32 kCwd = -100;

// open(), and dup()/dup2()/pipe() where kCloexec is named.
enum OpenFlags : u32 {
  kRead = 1u << 0,
  kWrite = 1u << 1,
  kAppend = 1u << 2,
  kCreate = 1u << 3,
  kExclusive = 1u << 4,
  kTruncate = 1u << 5,
  kDirectory = 1u << 6,
  kNoFollow = 1u << 7,
  kCloexec = 1u << 8,
  kNonblock = 1u << 9,
  // pipe() only: a pipe whose buffer grows up to the output limit, so a writer never waits for the
  // reader. For capturing the output of a clone that runs on the parent's thread.
  kGrowing = 1u << 10,
};

// stat(), set_times(), chown(): act on a symbolic link itself.
inline constexpr u32 kLinkItself = 1;
// unlink(): remove a directory instead of a file.
inline constexpr u32 kRemoveDirectory = 1;
// access(): bits of `mode`; 0 asks for existence. Checked for the effective user.
inline constexpr u32 kAccessRead = 4, kAccessWrite = 2, kAccessExecute = 1;

// seek()
enum Whence : u32 { kSeekSet = 0, kSeekCurrent = 1, kSeekEnd = 2 };

enum FileType : u32 {
  kUnknown = 0,
  kRegular = 1,
  kDirectoryType = 2,
  kSymlink = 3,
  kCharacterDevice = 4,
  kBlockDevice = 5,
  kFifo = 6,
  kSocket = 7,
};

struct Stat {
  u64 device;
  u64 inode;
  u64 size;
  u64 blocks;  // of 512 bytes
  u64 links;
  u64 raw_device;
  i64 access_time;
  i64 modify_time;
  i64 change_time;
  u32 type;  // FileType
  u32 mode;  // permission bits with set-id and sticky bits, without the type
  u32 uid;
  u32 gid;
};
static_assert(sizeof(Stat) == 88);

// One entry of read_directory(); `name_length` bytes of name follow, then the next entry, at the
// next multiple of 8. "." and ".." are left out.
struct DirectoryEntry {
  u64 inode;
  u32 name_length;
  u32 type;  // FileType; kUnknown where the file system does not say
};
static_assert(sizeof(DirectoryEntry) == 16);

struct PollEntry {
  i32 fd;
  u16 events;   // PollEvents asked for
  u16 revents;  // answered
};
enum PollEvents : u16 {
  kPollIn = 1,
  kPollOut = 4,
  kPollError = 8,
  kPollHangUp = 16,
  kPollInvalid = 32
};
static_assert(sizeof(PollEntry) == 8);

// start_info() writes this, then `argument_count` + `environment_count` NUL-terminated strings.
struct StartInfo {
  u32 version;  // kVersion
  u32 argument_count;
  u32 environment_count;
  u32 flags;  // StartFlags
};
enum StartFlags : u32 {
  kConfined = 1,      // the session is confined to a workspace
  kCommandRules = 2,  // and its policy has rules for commands
  kAccount = 4,       // and an account of it is kept
  kEmbedded = 8,      // the shell is one of a session in a library
  kCommandHook = 16,  // whose embedding program is asked about each command
};
static_assert(sizeof(StartInfo) == 16);

// What workspace_text() tells.
enum WorkspaceText : u32 { kWorkspaceStatus = 0, kWorkspacePath = 1 };
// What workspace_set() makes of a place.
enum WorkspaceAccess : u32 { kWorkspaceReadOnly = 0, kWorkspaceReadWrite = 1 };

struct TaskInfo {
  i32 pid;
  i32 parent;
  i32 group;
  i32 session;
  u32 uid;
  u32 effective_uid;
  u32 gid;
  u32 effective_gid;
};
static_assert(sizeof(TaskInfo) == 32);

// clone()
enum CloneFlags : u32 {
  // The caller's next steps are to read what the clone writes, or to wait for it: the kernel may
  // run
  // it to its end on the caller's thread before clone() returns. It is waited for all the same.
  kCloneInline = 1u << 0,
  // The clone's group gets the terminal.
  kCloneForeground = 1u << 1,
  // The clone may go on when the caller has ended: the kernel makes it a process of the host's
  // where
  // it can.
  kCloneOutlives = 1u << 2,
};
// clone(), spawn(): the group to be in: the caller's, one of its own, or the group of that number.
inline constexpr i32 kSameGroup = -1, kOwnGroup = 0;

// spawn() and exec(): what to run. `arguments` and `environment` are NUL-terminated strings, one
// after the other.
struct ProgramRequest {
  GuestPtr<const char> path;
  u32 path_length;
  GuestPtr<const char> arguments;
  u32 arguments_length;
  u32 argument_count;
  GuestPtr<const char> environment;
  u32 environment_length;
  u32 environment_count;
  i32 group;  // kSameGroup, kOwnGroup or a group
  u32 flags;  // SpawnFlags
};
enum SpawnFlags : u32 {
  kSpawnForeground = 1u << 0,
  kSpawnWaited = 1u << 1,        // the caller goes on when it has ended
  kSpawnAsynchronous = 1u << 2,  // it ignores SIGINT and SIGQUIT
};

// clone() and guard(): what of the caller's memory counts, besides its stack: all below `end` but
// the gaps, which nobody uses.
struct MemoryGap {
  u32 low;
  u32 high;
};
inline constexpr u32 kMaxGaps = 7;
struct LiveMemory {
  u32 end;
  u32 gap_count;
  MemoryGap gaps[kMaxGaps];
};
static_assert(sizeof(LiveMemory) == 64);

// session_request(): what the embedding program asks of a session's engine. `name_length` bytes of
// name and `text_length` of text follow.
enum SessionRequestKind : u32 {
  kSessionRun = 1,    // runs `text`; answers the exit status
  kSessionSet = 2,    // makes variable `name` an exported one with the value `text`
  kSessionGet = 3,    // answers the value of `name`; the status says whether there is one
  kSessionUnset = 4,  // takes variable `name` away
  // The same for variables of any kind. Their text is a letter (SessionValueKind), then nothing
  // more for what is unset, the value of a scalar, or of an array each key and value, in the order
  // of the array, with a NUL after each of them.
  kSessionGetValue = 5,  // answers the value of `name`
  kSessionSetValue = 6,  // makes variable `name` one of that kind and value
};
enum SessionValueKind : char {
  kScalarValue = 's',
  kIndexedValue = 'a',
  kAssociativeValue = 'A',
};
enum SessionRequestFlags : u32 {
  // The session began from another's memory: pid, random numbers and the time it began are its own.
  kSessionFresh = 1u << 0,
  // The embedding program is asked about each command, from now on or until a request without this.
  kSessionHooked = 1u << 1,
  // With kSessionFresh: but it does what the other would have done, and is that in all it can see.
  kSessionSame = 1u << 2,
};
// Where a session's engine looks for a command that it found nowhere on PATH.
inline constexpr char kLastDirectory[] = "/usr/libexec/swebash";
struct SessionRequest {
  u32 kind;   // SessionRequestKind
  u32 flags;  // SessionRequestFlags
  u32 name_length;
  u32 text_length;
};
static_assert(sizeof(SessionRequest) == 16);
// A pending signal, in signal_take()'s set, that no script can have an action for: the run is
// abandoned, as fast as can be.
inline constexpr i32 kAbandon = 32;

// wait()
// kWaitForeground: a SIGINT whose action is the default waits for the child's end, and ends the
// caller only if the child died of it too; a child that took it for itself keeps it from the
// caller.
enum WaitFlags : u32 {
  kWaitNoHang = 1,
  kWaitUntraced = 2,
  kWaitContinued = 4,
  kWaitForeground = 8,
};
enum WaitKind : u32 { kExited = 0, kSignaled = 1, kStopped = 2, kContinued = 3 };
struct WaitResult {
  i32 pid;
  u32 kind;  // WaitKind
  i32 code;  // exit status, or signal number
  u32 core_dumped;
  i64 user_time;
  i64 system_time;
};
static_assert(sizeof(WaitResult) == 32);

// signal_action(). Signal numbers are Linux's on x86-64.
// kSignalIgnoreHere: ignored by the task; what it starts has the default.
// kSignalCatchHere: caught by the task; what it starts ignores it.
// kSignalAsk: changes nothing.
enum SignalAction : u32 {
  kSignalDefault = 0,
  kSignalIgnore = 1,
  kSignalCatch = 2,
  kSignalIgnoreHere = 3,
  kSignalAsk = 4,
  kSignalCatchHere = 5,
};

// clock()
enum Clock : u32 { kRealtime = 0, kMonotonic = 1, kProcessCpu = 2 };
// usage()
enum UsageOf : u32 { kUsageSelf = 0, kUsageChildren = 1 };
struct Usage {
  i64 user_time;
  i64 system_time;
  u64 peak_memory;  // bytes
};
static_assert(sizeof(Usage) == 24);

// limit_get(), limit_set(): `resource` is the number of RLIMIT_ on Linux x86-64.
inline constexpr u64 kUnlimited = ~u64{0};
struct Limit {
  u64 soft;
  u64 hard;
};
static_assert(sizeof(Limit) == 16);

// terminal_get(), terminal_set(): as struct termios of Linux x86-64.
struct Terminal {
  u32 input_flags;
  u32 output_flags;
  u32 control_flags;
  u32 local_flags;
  u8 line_discipline;
  u8 control_characters[19];
};
static_assert(sizeof(Terminal) == 36);

struct WindowSize {
  u16 rows;
  u16 columns;
};

// local_time(): the broken-down time, as struct tm, in the zone that was asked for.
struct LocalTime {
  i32 second, minute, hour, day_of_month, month /* from 0 */, year /* since 1900 */;
  i32 day_of_week, day_of_year, is_dst;
  i32 utc_offset;      // seconds east
  char zone_name[24];  // NUL-terminated
};
static_assert(sizeof(LocalTime) == 64);

// host_text()
enum HostText : u32 {
  kHostName = 0,
  kMachine = 1,
  kKernelRelease = 2,
  kHome = 3,
  kProgram = 4,  // absolute path of the shell's program
};

#if defined(__wasm32__) || !defined(SWEBASH_GUEST)
static_assert(sizeof(ProgramRequest) == 40);
#endif

}  // namespace swebash::abi
