// SPDX-License-Identifier: Apache-2.0
//
// Task's calls about itself and the machine.
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/task/task.hpp"
#include "kernel/time.hpp"
#include "kernel/vfs/node.hpp"

namespace swebash::kernel {

namespace {

SysResult<usize> copy_text(std::string_view text, std::span<char> buffer) noexcept {
  std::memcpy(buffer.data(), text.data(), std::min(text.size(), buffer.size()));
  return text.size();
}

// The C library keeps one time zone for the process.
Mutex zone_mutex;

// Puts TZ to a zone for a scope.
class ZoneScope {
 public:
  explicit ZoneScope(const std::string& zone) SWEBASH_REQUIRES(zone_mutex) {
    if (const char* old = std::getenv("TZ")) {
      had_ = true;
      old_ = old;
    }
    change_ = zone.empty() ? had_ : !had_ || old_ != zone;
    if (change_) put(!zone.empty(), zone);
    ::tzset();
  }
  ~ZoneScope() {
    if (!change_) return;
    put(had_, old_);
    ::tzset();
  }
  ZoneScope(const ZoneScope&) = delete;
  ZoneScope& operator=(const ZoneScope&) = delete;

 private:
  static void put(bool set, const std::string& zone) {
    if (set) {
      ::setenv("TZ", zone.c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
  }

  bool had_ = false;
  bool change_ = false;
  std::string old_;
};

}  // namespace

SysResult<i64> Task::clock(u32 clock) {
  constexpr clockid_t kClocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID};
  if (clock > abi::kProcessCpu) return std::unexpected(Errno::inval);
  if (const SessionClock* own = kernel_.options().clock.get(); own != nullptr && own->stands()) {
    if (clock == abi::kProcessCpu) return 0;
    return clock == abi::kRealtime ? own->realtime() : own->monotonic();
  }
  timespec now;
  SWEBASH_TRY(host_result(::clock_gettime(kClocks[clock], &now)));
  return static_cast<i64>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

// All wasm tasks are threads of the host, so the main task's own time is the host's and holds
// theirs; children are the natives that were waited for.
SysResult<abi::Usage> Task::usage(u32 of) {
  if (of == abi::kUsageChildren) {
    const KernelLock lock(kernel_.mutex_);
    return abi::Usage{children_user_time_, children_system_time_, children_peak_memory_};
  }
  if (of != abi::kUsageSelf) return std::unexpected(Errno::inval);
  if (kernel_.options().clock != nullptr && kernel_.options().clock->stands()) return abi::Usage{};
  rusage host;
  SWEBASH_TRY(host_result(::getrusage(on_main_thread_ ? RUSAGE_SELF : RUSAGE_THREAD, &host)));
  return abi::Usage{to_nanoseconds(host.ru_utime), to_nanoseconds(host.ru_stime),
                    static_cast<u64>(host.ru_maxrss) * 1024};
}

SysResult<abi::Limit> Task::limit_get(u32 resource) {
  if (resource >= RLIM_NLIMITS) return std::unexpected(Errno::inval);
  for (const auto& [number, limit] : limits_) {
    if (number == resource) return limit;
  }
  rlimit host;
  SWEBASH_TRY(host_result(::getrlimit(static_cast<decltype(RLIMIT_CPU)>(resource), &host)));
  abi::Limit limit{host.rlim_cur, host.rlim_max};
  if (const u64 memory = kernel_.options().limits.task_memory;
      resource == RLIMIT_AS && memory > 0) {
    limit = {std::min(limit.soft, memory), std::min(limit.hard, memory)};
  }
  return limit;
}

namespace {

// The most descriptors that the host lets any process have.
u64 most_descriptors() noexcept {
  static const u64 most = [] {
    constexpr u64 kDefault = 1'048'576;
    const OwnedFd file(::open("/proc/sys/fs/nr_open", O_RDONLY | O_CLOEXEC));
    char text[32] = {};
    if (!file || ::read(file.get(), text, sizeof(text) - 1) <= 0) return kDefault;
    return static_cast<u64>(std::strtoull(text, nullptr, 10));
  }();
  return most;
}

}  // namespace

SysResult<void> Task::limit_set(u32 resource, const abi::Limit& limit) {
  const abi::Limit now = SWEBASH_TRY(limit_get(resource));
  if (limit.soft > limit.hard) return std::unexpected(Errno::inval);
  // The session's own limit is nobody's to raise.
  const bool session = resource == RLIMIT_AS && kernel_.options().limits.task_memory > 0;
  if (limit.hard > now.hard && (session || ::geteuid() != 0 ||
                                (resource == RLIMIT_NOFILE && limit.hard > most_descriptors()))) {
    return std::unexpected(Errno::perm);
  }
  {
    // The watch reads them.
    const KernelLock lock(kernel_.mutex_);
    const auto own = std::ranges::find(limits_, resource, &std::pair<u32, abi::Limit>::first);
    if (own != limits_.end()) {
      own->second = limit;
    } else {
      limits_.emplace_back(resource, limit);
    }
  }
  if (resource != RLIMIT_CPU || limit.soft == RLIM_INFINITY) return {};
  start_time();
  return kernel_.watch_tasks();
}

// splitmix64, of Steele, Lea and Flood.
u64 Task::next_random() noexcept {
  random_ += 0x9e3779b97f4a7c15U;
  u64 value = random_;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

SysResult<void> Task::random(std::span<char> buffer) {
  if (kernel_.options().seed.has_value()) {
    for (char& c : buffer) c = static_cast<char>(next_random() >> 56);
    return {};
  }
  usize done = 0;
  while (done < buffer.size()) {
    const ssize_t count = ::getrandom(buffer.data() + done, buffer.size() - done, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(errno_from_host(errno));
    done += static_cast<usize>(count);
  }
  return {};
}

SysResult<usize> Task::host_text(u32 what, std::span<char> buffer) {
  if (!kernel_.is_program()) {
    // What a session may know of the machine is what its programs could be built for.
    switch (what) {
      case abi::kHome: return std::unexpected(Errno::noent);
      case abi::kProgram: return copy_text("/bin/swebash", buffer);
      case abi::kHostName: return copy_text("localhost", buffer);
      default: break;
    }
  }
  if (what == abi::kHome) {
    char strings[4096];
    passwd entry;
    passwd* found = nullptr;
    const int error = ::getpwuid_r(::getuid(), &entry, strings, sizeof(strings), &found);
    if (found == nullptr) {
      return std::unexpected(error == 0 ? Errno::noent : errno_from_host(error));
    }
    return copy_text(entry.pw_dir, buffer);
  }
  if (what == abi::kProgram) {
    char path[4096];
    const ssize_t length = ::readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (length < 0) return std::unexpected(errno_from_host(errno));
    path[length] = '\0';
    return copy_text(path, buffer);
  }
  utsname names;
  SWEBASH_TRY(host_result(::uname(&names)));
  switch (what) {
    case abi::kHostName: return copy_text(names.nodename, buffer);
    case abi::kMachine: return copy_text(names.machine, buffer);
    case abi::kKernelRelease: return copy_text(names.release, buffer);
    default: return std::unexpected(Errno::inval);
  }
}

SysResult<usize> Task::groups(std::span<u32> buffer) {
  if (!kernel_.is_program()) {
    if (!buffer.empty()) buffer[0] = vfs::kGroup;
    return usize{1};
  }
  const int count = ::getgroups(0, nullptr);
  if (count < 0) return std::unexpected(errno_from_host(errno));
  std::vector<gid_t> all(static_cast<usize>(count));
  if (count > 0 && ::getgroups(count, all.data()) < 0) {
    return std::unexpected(errno_from_host(errno));
  }
  std::copy_n(all.begin(), std::min(all.size(), buffer.size()), buffer.begin());
  return all.size();
}

namespace {

// POSIX leaves the rule of "EST5EDT" open; the GNU library's is that of the United States, and musl
// has none.
std::string with_rule(std::string_view zone) {
  std::string text(zone);
  const auto letters = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  usize at = 0;
  while (at < text.size() && letters(text[at])) ++at;
  if (at < 3) return text;
  const usize offset = at;
  while (at < text.size() && !letters(text[at]) && text[at] != ',' && text[at] != '/') ++at;
  if (at == offset || at == text.size() || !letters(text[at])) return text;
  while (at < text.size() && letters(text[at])) ++at;
  if (at == text.size()) text += ",M3.2.0,M11.1.0";
  return text;
}

}  // namespace

namespace {

abi::LocalTime to_local_time(const std::tm& parts, std::string_view zone, i64 utc_offset) {
  abi::LocalTime out = {};
  out.second = parts.tm_sec;
  out.minute = parts.tm_min;
  out.hour = parts.tm_hour;
  out.day_of_month = parts.tm_mday;
  out.month = parts.tm_mon;
  out.year = parts.tm_year;
  out.day_of_week = parts.tm_wday;
  out.day_of_year = parts.tm_yday;
  out.is_dst = parts.tm_isdst;
  out.utc_offset = static_cast<i32>(utc_offset);
  const usize length = std::min(zone.size(), sizeof(out.zone_name) - 1);
  std::memcpy(out.zone_name, zone.data(), length);
  return out;
}

// POSIX XBD 8.3, TZ, as far as it names one offset: "UTC-5:30", "<+01>-1". All else is UTC.
struct FixedZone {
  std::string_view name = "UTC";
  i64 offset = 0;  // seconds east

  explicit FixedZone(std::string_view text) {
    const bool quoted = text.starts_with('<');
    const usize end = quoted ? text.find('>') : text.find_first_of("+-0123456789,:/");
    if (end == std::string_view::npos || end < 3) return;
    const std::string_view name_there = text.substr(quoted ? 1 : 0, end - (quoted ? 1 : 0));
    text.remove_prefix(end + (quoted ? 1 : 0));
    const bool east = text.starts_with('-');
    if (east || text.starts_with('+')) text.remove_prefix(1);
    i64 parts[3] = {};
    for (i64& part : parts) {
      usize digits = 0;
      while (digits < text.size() && digits < 3 && text[digits] >= '0' && text[digits] <= '9') {
        part = part * 10 + (text[digits++] - '0');
      }
      if (digits == 0 || part > 167) return;
      text.remove_prefix(digits);
      if (!text.starts_with(':')) break;
      text.remove_prefix(1);
    }
    const i64 seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    name = name_there;
    offset = east ? seconds : -seconds;
  }
};

}  // namespace

SysResult<abi::LocalTime> Task::local_time(i64 seconds, std::string_view zone) {
  std::tm parts;
  if (!kernel_.is_program()) {
    // The C library's zone is the process's.
    const FixedZone fixed(zone);
    time_t there = 0;
    if (__builtin_add_overflow(seconds, fixed.offset, &there) ||
        ::gmtime_r(&there, &parts) == nullptr) {
      return std::unexpected(Errno::overflow);
    }
    return to_local_time(parts, fixed.name, fixed.offset);
  }
  const time_t time = static_cast<time_t>(seconds);
  const MutexLock lock(zone_mutex);
  const ZoneScope scope{with_rule(zone)};
  if (::localtime_r(&time, &parts) == nullptr) return std::unexpected(Errno::overflow);
  return to_local_time(parts, parts.tm_zone, parts.tm_gmtoff);
}

SysResult<abi::TaskInfo> Task::task_info() {
  abi::TaskInfo info = {};
  info.pid = pid_;
  if (is_main()) {
    info.parent = kernel_.is_program() ? ::getppid() : 1;
  } else {
    const KernelLock lock(kernel_.mutex_);
    info.parent = parent_ != nullptr ? parent_->pid_ : 1;
  }
  info.group = kernel_.group_of(*this);
  info.session = kernel_.is_program() ? ::getsid(0) : kernel_.main_->pid_;
  if (!kernel_.is_program()) {
    info.uid = info.effective_uid = vfs::kUser;
    info.gid = info.effective_gid = vfs::kGroup;
    return info;
  }
  info.uid = ::getuid();
  info.effective_uid = ::geteuid();
  info.gid = ::getgid();
  info.effective_gid = ::getegid();
  return info;
}

SysResult<void> Task::set_group(i32 pid, i32 group) {
  if (group < 0) return std::unexpected(Errno::inval);
  if (pid == 0) pid = pid_;
  if (group == 0) group = pid;
  const KernelLock lock(kernel_.mutex_);
  const pid_t real = kernel_.real_group_locked(group);
  if (pid == kernel_.main_->pid_ && kernel_.is_program()) {
    SWEBASH_TRY(host_result(::setpgid(0, real)));
    kernel_.host_group_.store(::getpgrp());
    return {};
  }
  if (pid == pid_) {
    group_ = group;
    return {};
  }
  for (Task* child : children_) {
    if (child->pid_ != pid) continue;
    child->group_ = group;
    return {};
  }
  for (NativeChild& child : natives_) {
    if (child.pid != pid) continue;
    SWEBASH_TRY(host_result(::setpgid(pid, real)));
    if (real == 0) kernel_.groups_[group].real = pid;
    child.group = group;
    return {};
  }
  return std::unexpected(Errno::srch);
}

}  // namespace swebash::kernel
