// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "engine/builtins/utilities/utility.hpp"

namespace swebash::engine::builtins {

namespace {

bool digits(std::string_view text, usize at, usize count, i64& value) noexcept {
  if (at + count > text.size()) return false;
  value = 0;
  for (usize i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  return true;
}

struct Date {
  i64 year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

i64 days_from_civil(i64 year, i64 month, i64 day) noexcept {
  year -= month <= 2;
  const i64 era = (year >= 0 ? year : year - 399) / 400;
  const i64 of_era = year - era * 400;
  const i64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// The moment that `date` names in the zone TZ; none for a date that does not exist.
std::optional<i64> moment(const Date& date, std::string_view zone) {
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31 || date.hour > 23 ||
      date.minute > 59 || date.second > 60) {
    return std::nullopt;
  }
  const i64 utc = days_from_civil(date.year, date.month, date.day) * 86400 + date.hour * 3600 +
                  date.minute * 60 + date.second;
  i64 guess = utc;
  for (int i = 0; i < 2; ++i) {
    abi::LocalTime local{};
    if (sys::local_time(guess, zone.data(), static_cast<u32>(zone.size()), &local) < 0) break;
    guess = utc - local.utc_offset;
  }
  return guess;
}

// -t [[CC]YY]MMDDhhmm[.ss]
std::optional<Date> stamp_date(std::string_view text, i64 this_year) {
  Date date;
  if (const usize dot = text.find('.'); dot != std::string_view::npos) {
    if (text.size() != dot + 3 || !digits(text, dot + 1, 2, date.second)) return std::nullopt;
    text = text.substr(0, dot);
  }
  usize at = 0;
  if (text.size() == 12) {
    if (!digits(text, 0, 4, date.year)) return std::nullopt;
    at = 4;
  } else if (text.size() == 10) {
    if (!digits(text, 0, 2, date.year)) return std::nullopt;
    date.year += date.year < 69 ? 2000 : 1900;
    at = 2;
  } else if (text.size() == 8) {
    date.year = this_year;
  } else {
    return std::nullopt;
  }
  if (!digits(text, at, 2, date.month) || !digits(text, at + 2, 2, date.day) ||
      !digits(text, at + 4, 2, date.hour) || !digits(text, at + 6, 2, date.minute)) {
    return std::nullopt;
  }
  return date;
}

// -d YYYY-MM-DD[( |T)hh:mm[:ss]][Z]
std::optional<Date> written_date(std::string_view text, bool& utc) {
  Date date;
  utc = text.ends_with('Z');
  if (utc) text.remove_suffix(1);
  if (text.size() < 10 || !digits(text, 0, 4, date.year) || text[4] != '-' ||
      !digits(text, 5, 2, date.month) || text[7] != '-' || !digits(text, 8, 2, date.day)) {
    return std::nullopt;
  }
  if (text.size() == 10) return date;
  if (text.size() < 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' ||
      !digits(text, 11, 2, date.hour) || !digits(text, 14, 2, date.minute)) {
    return std::nullopt;
  }
  if (text.size() == 16) return date;
  if (text.size() != 19 || text[16] != ':' || !digits(text, 17, 2, date.second))
    return std::nullopt;
  return date;
}

}  // namespace

ExitStatus touch(Invocation& invocation) {
  const UtilityOptions options(
      invocation, "amcfht:d:r:",
      {{"no-create", 'c'}, {"date", 'd'}, {"reference", 'r'}, {"no-dereference", 'h'}});
  // GNU: - is the file on standard output.
  if (options.run_native() || options.operands().empty() ||
      std::ranges::find(options.operands(), "-") != options.operands().end()) {
    return kRunNative;
  }
  const int sources = options.has('t') + options.has('d') + options.has('r');
  if (sources > 1) return kRunNative;
  constexpr i64 kSecond = 1'000'000'000;
  const i64 now = sys::clock(abi::kRealtime);
  i64 access = now;
  i64 modify = now;
  if (options.has('r')) {
    const auto reference = files::stat(options.value('r'));
    if (!reference) {
      complain(invocation, "failed to get attributes of " + quoted_name(options.value('r')),
               reference.error());
      return kFailure;
    }
    access = reference->access_time;
    modify = reference->modify_time;
  } else if (sources > 0) {
    std::optional<i64> when;
    if (options.has('t')) {
      abi::LocalTime local{};
      static_cast<void>(sys::local_time(now / kSecond, "", 0, &local));
      if (const auto date = stamp_date(options.value('t'), i64{local.year} + 1900)) {
        when = moment(*date, "");
      }
    } else if (const std::string_view text = options.value('d'); text.starts_with('@')) {
      i64 seconds = 0;
      if (text.size() > 1 && text.size() < 17 && digits(text, 1, text.size() - 1, seconds)) {
        when = seconds;
      }
    } else {
      bool utc = false;
      if (const auto date = written_date(text, utc)) when = moment(*date, utc ? "UTC0" : "");
    }
    if (!when) return kRunNative;  // other ways to write a date
    access = modify = *when * kSecond;
  }
  const bool only_access = options.has('a') && !options.has('m');
  const bool only_modify = options.has('m') && !options.has('a');
  const files::Follow follow = options.has('h') ? files::Follow::no : files::Follow::yes;
  ExitStatus status = kSuccess;
  for (const std::string_view operand : options.operands()) {
    const auto found = files::stat(operand, follow);
    if (!found) {
      if (options.has('c') || options.has('h')) {
        if (found.error() == Errno::noent && options.has('c')) continue;
        complain(invocation, "setting times of " + quoted_name(operand), found.error());
        status = kFailure;
        continue;
      }
      const auto made = files::open(operand, abi::kWrite | abi::kCreate | abi::kNonblock);
      if (!made) {
        complain(invocation, "cannot touch " + quoted_name(operand), made.error());
        status = kFailure;
        continue;
      }
      if (sources == 0 && !only_access && !only_modify) continue;
    }
    const auto current = files::stat(operand, follow);
    const i64 a = only_modify && current ? current->access_time : access;
    const i64 m = only_access && current ? current->modify_time : modify;
    if (const auto done = files::set_times(operand, a, m, follow); !done) {
      complain(invocation, "cannot touch " + quoted_name(operand), done.error());
      status = kFailure;
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
