// SPDX-License-Identifier: Apache-2.0
#include <pwd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "engine/native/native.hpp"

namespace swebash::native {
namespace {

i64 nanoseconds(const timeval& time) {
  return i64{time.tv_sec} * 1'000'000'000 + i64{time.tv_usec} * 1000;
}

i64 put_text(std::string_view value, char* buffer, u32 capacity) {
  std::memcpy(buffer, value.data(), std::min<usize>(value.size(), capacity));
  return static_cast<i64>(value.size());
}

}  // namespace
}  // namespace swebash::native

namespace swebash::sys {

using namespace swebash::native;

i64 clock(u32 which) noexcept {
  timespec now;
  const clockid_t id = which == abi::kRealtime    ? CLOCK_REALTIME
                       : which == abi::kMonotonic ? CLOCK_MONOTONIC
                                                  : CLOCK_PROCESS_CPUTIME_ID;
  ::clock_gettime(id, &now);
  return i64{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

i64 usage(u32 of, abi::Usage* out) noexcept {
  rusage host;
  if (::getrusage(of == abi::kUsageSelf ? RUSAGE_SELF : RUSAGE_CHILDREN, &host) < 0) {
    return failure();
  }
  *out = {.user_time = nanoseconds(host.ru_utime),
          .system_time = nanoseconds(host.ru_stime),
          .peak_memory = static_cast<u64>(host.ru_maxrss) * 1024};
  return 0;
}

i64 limit_get(u32 resource, abi::Limit* out) noexcept {
  rlimit host;
  if (::getrlimit(static_cast<int>(resource), &host) < 0) return failure();
  *out = {.soft = host.rlim_cur, .hard = host.rlim_max};
  return 0;
}

i64 limit_set(u32 resource, const abi::Limit* limit) noexcept {
  const rlimit host{.rlim_cur = limit->soft, .rlim_max = limit->hard};
  return answer(::setrlimit(static_cast<int>(resource), &host));
}

i64 random(char* buffer, u32 length) noexcept { return answer(::getrandom(buffer, length, 0)); }

i64 host_text(u32 what, char* buffer, u32 capacity) noexcept {
  if (what == abi::kHome) {
    const passwd* user = ::getpwuid(::getuid());
    return user == nullptr ? failure(Errno::noent) : put_text(user->pw_dir, buffer, capacity);
  }
  if (what == abi::kProgram) {
    char path[4096];
    const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0) return failure();
    path[length] = '\0';
    return put_text(path, buffer, capacity);
  }
  utsname name;
  if (::uname(&name) < 0) return failure();
  switch (what) {
    case abi::kHostName: return put_text(name.nodename, buffer, capacity);
    case abi::kMachine: return put_text(name.machine, buffer, capacity);
    case abi::kKernelRelease: return put_text(name.release, buffer, capacity);
    default: return failure(Errno::inval);
  }
}

i64 groups(u32* buffer, u32 capacity) noexcept {
  gid_t host[256];
  const int count = ::getgroups(256, host);
  if (count < 0) return failure();
  for (u32 i = 0; i < std::min<u32>(capacity, static_cast<u32>(count)); ++i) buffer[i] = host[i];
  return count;
}

i64 local_time(i64 seconds, const char* zone, u32 zone_length, abi::LocalTime* out) noexcept {
  const std::string wanted = text(zone, zone_length);
  const char* present = ::getenv("TZ");
  const std::string old = present == nullptr ? "" : present;
  if (wanted.empty()) {
    ::unsetenv("TZ");
  } else {
    ::setenv("TZ", wanted.c_str(), 1);
  }
  ::tzset();
  const time_t time = seconds;
  tm host;
  const bool ok = ::localtime_r(&time, &host) != nullptr;
  if (ok) {
    *out = {.second = host.tm_sec,
            .minute = host.tm_min,
            .hour = host.tm_hour,
            .day_of_month = host.tm_mday,
            .month = host.tm_mon,
            .year = host.tm_year,
            .day_of_week = host.tm_wday,
            .day_of_year = host.tm_yday,
            .is_dst = host.tm_isdst,
            .utc_offset = static_cast<i32>(host.tm_gmtoff),
            .zone_name = {}};
    std::strncpy(out->zone_name, host.tm_zone, sizeof out->zone_name - 1);
  }
  if (present == nullptr) {
    ::unsetenv("TZ");
  } else {
    ::setenv("TZ", old.c_str(), 1);
  }
  return ok ? 0 : failure(Errno::overflow);
}

// Nothing is confined here.
i64 command_check(const char*, u32, u32) noexcept { return 0; }
i64 workspace_text(u32, char*, u32) noexcept { return failure(Errno::notsup); }
i64 workspace_set(u32, const char*, u32) noexcept { return failure(Errno::notsup); }
i64 command_hook(const char*, u32) noexcept { return 0; }
i64 command_words(char*, u32) noexcept { return failure(Errno::notsup); }
i64 account_command(const char*, u32) noexcept { return failure(Errno::notsup); }
i64 account_end(i64, i32) noexcept { return failure(Errno::notsup); }
i64 account_secret(const char*, u32) noexcept { return failure(Errno::notsup); }

}  // namespace swebash::sys
