// SPDX-License-Identifier: Apache-2.0
#include "engine/system/time_format.hpp"

#include <algorithm>
#include <cstdio>

#include "abi/guest.hpp"

namespace swebash::engine {

namespace {

constexpr const char* kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                 "Thursday", "Friday", "Saturday"};
constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                   "May",       "June",     "July",     "August",
                                   "September", "October",  "November", "December"};

void put(std::string& out, i64 value, int width, char fill) {
  char buffer[32];
  const int length = std::snprintf(buffer, sizeof buffer, fill == '0' ? "%0*lld" : "%*lld", width,
                                   static_cast<long long>(value));
  out.append(buffer, static_cast<usize>(length));
}

// ISO 8601: the week and the year it belongs to.
void iso_week(const abi::LocalTime& time, i64& year, i64& week) noexcept {
  const i64 day = (time.day_of_week + 6) % 7;  // Monday is 0
  year = i64{time.year} + 1900;
  week = (time.day_of_year - day + 10) / 7;
  const auto weeks_in = [](i64 of) {
    const auto last_day = [](i64 y) { return (y + y / 4 - y / 100 + y / 400) % 7; };
    return last_day(of) == 4 || last_day(of - 1) == 3 ? 53 : 52;
  };
  if (week < 1) {
    --year;
    week = weeks_in(year);
  } else if (week > weeks_in(year)) {
    ++year;
    week = 1;
  }
}

}  // namespace

abi::LocalTime local_time(i64 seconds, std::string_view zone) {
  abi::LocalTime out{};
  out.day_of_month = 1;
  static_cast<void>(sys::local_time(seconds, zone.data(), static_cast<u32>(zone.size()), &out));
  return out;
}

void append_time(std::string& out, std::string_view format, const abi::LocalTime& time,
                 i64 seconds) {
  const i64 year = i64{time.year} + 1900;
  const i64 hour12 = time.hour % 12 == 0 ? 12 : time.hour % 12;
  const auto day_name = [&] { return kDays[static_cast<u32>(time.day_of_week) % 7]; };
  const auto month_name = [&] { return kMonths[static_cast<u32>(time.month) % 12]; };
  const auto again = [&](std::string_view inner) { append_time(out, inner, time, seconds); };
  for (usize i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out.push_back(format[i]);
      continue;
    }
    char letter = format[++i];
    // glibc: `-` takes the padding away, `_` pads with blanks, `0` with zeros, `^` and `#` change
    // case.
    const usize percent = i - 1;
    char flag = 0;
    int wanted = 0;
    while (i + 1 < format.size() && std::string_view("-_0^#").contains(letter)) {
      flag = letter;
      letter = format[++i];
    }
    while (i + 1 < format.size() && letter >= '0' && letter <= '9') {
      wanted = std::min(wanted * 10 + (letter - '0'), 1024);
      letter = format[++i];
    }
    if ((letter == 'E' || letter == 'O') && i + 1 < format.size()) letter = format[++i];
    const usize start = out.size();
    const auto number = [&](i64 value, int width, char fill = '0') {
      if (flag == '-') width = 1;
      if (flag == '_') fill = ' ';
      if (flag == '0') fill = '0';
      if (wanted != 0) width = wanted;
      put(out, value, width, fill);
    };
    i64 week_year = 0;
    i64 week = 0;
    switch (letter) {
      case 'a': out.append(day_name(), 3); break;
      case 'A': out.append(day_name()); break;
      case 'b':
      case 'h': out.append(month_name(), 3); break;
      case 'B': out.append(month_name()); break;
      case 'c': again("%a %b %e %H:%M:%S %Y"); break;
      case 'C': number(year / 100, 2); break;
      case 'd': number(time.day_of_month, 2); break;
      case 'D':
      case 'x': again("%m/%d/%y"); break;
      case 'e': number(time.day_of_month, 2, ' '); break;
      case 'F': again("%Y-%m-%d"); break;
      case 'g':
      case 'G':
      case 'V':
        iso_week(time, week_year, week);
        if (letter == 'g') number(week_year % 100, 2);
        if (letter == 'G') number(week_year, 1);
        if (letter == 'V') number(week, 2);
        break;
      case 'H': number(time.hour, 2); break;
      case 'I': number(hour12, 2); break;
      case 'j': number(time.day_of_year + 1, 3); break;
      case 'k': number(time.hour, 2, ' '); break;
      case 'l': number(hour12, 2, ' '); break;
      case 'm': number(time.month + 1, 2); break;
      case 'M': number(time.minute, 2); break;
      case 'n': out.push_back('\n'); break;
      case 'p': out.append(time.hour < 12 ? "AM" : "PM"); break;
      case 'P': out.append(time.hour < 12 ? "am" : "pm"); break;
      case 'r': again("%I:%M:%S %p"); break;
      case 'R': again("%H:%M"); break;
      case 's': number(seconds, 1); break;
      case 'S': number(time.second, 2); break;
      case 't': out.push_back('\t'); break;
      case 'T':
      case 'X': again("%H:%M:%S"); break;
      case 'u': number(time.day_of_week == 0 ? 7 : time.day_of_week, 1); break;
      case 'U': number((time.day_of_year + 7 - time.day_of_week) / 7, 2); break;
      case 'w': number(time.day_of_week, 1); break;
      case 'W': number((time.day_of_year + 7 - (time.day_of_week + 6) % 7) / 7, 2); break;
      case 'y': number(year % 100, 2); break;
      case 'Y': number(year, 1); break;
      case 'z': {
        const i64 offset = time.utc_offset < 0 ? -time.utc_offset : time.utc_offset;
        out.push_back(time.utc_offset < 0 ? '-' : '+');
        put(out, offset / 3600, 2, '0');
        put(out, offset % 3600 / 60, 2, '0');
        break;
      }
      case 'Z': out.append(time.zone_name); break;
      case '%': out.push_back('%'); break;
      default: out.append(format.substr(percent, i + 1 - percent)); continue;
    }
    const bool lowers = flag == '#' && (letter == 'p' || letter == 'Z');
    if (flag == '^' || flag == '#') {
      for (usize at = start; at < out.size(); ++at) {
        const char first = lowers ? 'A' : 'a';
        if (out[at] >= first && out[at] < first + 26) out[at] = static_cast<char>(out[at] ^ 0x20);
      }
    }
    if (const auto length = static_cast<int>(out.size() - start); length < wanted) {
      out.insert(start, static_cast<usize>(wanted - length), flag == '0' ? '0' : ' ');
    }
  }
}

}  // namespace swebash::engine
