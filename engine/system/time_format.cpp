// SPDX-License-Identifier: Apache-2.0
#include "engine/system/time_format.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "abi/guest.hpp"

namespace swebash::engine {

namespace {

constexpr std::string_view kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                      "Thursday", "Friday", "Saturday"};
constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
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

// One `%` of a format: what stands between it and its letter, and the letter.
// glibc: `-` takes the padding away, `_` pads with blanks, `0` with zeros, `^` and `#` change case.
struct Conversion {
  char flag = 0;
  int width = 0;
  char letter = 0;
  std::string_view source;  // as it is written
};

// Takes the conversion whose `%` stands at `at`, which moves to its letter. Requires: a character
// follows.
Conversion take_conversion(std::string_view format, usize& at) {
  Conversion taken;
  const usize percent = at;
  char letter = format[++at];
  while (at + 1 < format.size() && std::string_view("-_0^#").contains(letter)) {
    taken.flag = letter;
    letter = format[++at];
  }
  while (at + 1 < format.size() && letter >= '0' && letter <= '9') {
    taken.width = std::min(taken.width * 10 + (letter - '0'), 1024);
    letter = format[++at];
  }
  if ((letter == 'E' || letter == 'O') && at + 1 < format.size()) letter = format[++at];
  taken.letter = letter;
  taken.source = format.substr(percent, at + 1 - percent);
  return taken;
}

// What a conversion stands for that is made of others; empty for the rest.
std::string_view composed_of(char letter) {
  switch (letter) {
    case 'c': return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x': return "%m/%d/%y";
    case 'F': return "%Y-%m-%d";
    case 'r': return "%I:%M:%S %p";
    case 'R': return "%H:%M";
    case 'T':
    case 'X': return "%H:%M:%S";
    default: return {};
  }
}

struct Number {
  i64 value;
  int width;
  char fill = '0';
};

// The number that a conversion shows, if it is one that does.
std::optional<Number> number_of(char letter, const abi::LocalTime& time, i64 seconds) {
  const i64 year = i64{time.year} + 1900;
  const i64 hour12 = time.hour % 12 == 0 ? 12 : time.hour % 12;
  i64 week_year = 0, week = 0;
  if (letter == 'g' || letter == 'G' || letter == 'V') iso_week(time, week_year, week);
  switch (letter) {
    case 'C': return Number{year / 100, 2};
    case 'd': return Number{time.day_of_month, 2};
    case 'e': return Number{time.day_of_month, 2, ' '};
    case 'g': return Number{week_year % 100, 2};
    case 'G': return Number{week_year, 1};
    case 'H': return Number{time.hour, 2};
    case 'I': return Number{hour12, 2};
    case 'j': return Number{time.day_of_year + 1, 3};
    case 'k': return Number{time.hour, 2, ' '};
    case 'l': return Number{hour12, 2, ' '};
    case 'm': return Number{time.month + 1, 2};
    case 'M': return Number{time.minute, 2};
    case 's': return Number{seconds, 1};
    case 'S': return Number{time.second, 2};
    case 'u': return Number{time.day_of_week == 0 ? 7 : time.day_of_week, 1};
    case 'U': return Number{(time.day_of_year + 7 - time.day_of_week) / 7, 2};
    case 'V': return Number{week, 2};
    case 'w': return Number{time.day_of_week, 1};
    case 'W': return Number{(time.day_of_year + 7 - (time.day_of_week + 6) % 7) / 7, 2};
    case 'y': return Number{year % 100, 2};
    case 'Y': return Number{year, 1};
    default: return std::nullopt;
  }
}

// Appends what a conversion shows that is neither; false for one that means nothing.
bool append_text(std::string& out, char letter, const abi::LocalTime& time) {
  const std::string_view day = kDays[static_cast<u32>(time.day_of_week) % 7];
  const std::string_view month = kMonths[static_cast<u32>(time.month) % 12];
  switch (letter) {
    case 'a': out.append(day.substr(0, 3)); return true;
    case 'A': out.append(day); return true;
    case 'b':
    case 'h': out.append(month.substr(0, 3)); return true;
    case 'B': out.append(month); return true;
    case 'n': out.push_back('\n'); return true;
    case 'p': out.append(time.hour < 12 ? "AM" : "PM"); return true;
    case 'P': out.append(time.hour < 12 ? "am" : "pm"); return true;
    case 't': out.push_back('\t'); return true;
    case 'z': {
      const i64 offset = time.utc_offset < 0 ? -time.utc_offset : time.utc_offset;
      out.push_back(time.utc_offset < 0 ? '-' : '+');
      put(out, offset / 3600, 2, '0');
      put(out, offset % 3600 / 60, 2, '0');
      return true;
    }
    case 'Z': out.append(time.zone_name); return true;
    case '%': out.push_back('%'); return true;
    default: return false;
  }
}

// What the flag and the width do to the text of a conversion, which begins at `start`.
void adjust(std::string& out, usize start, const Conversion& conversion) {
  const bool lowers =
      conversion.flag == '#' && (conversion.letter == 'p' || conversion.letter == 'Z');
  if (conversion.flag == '^' || conversion.flag == '#') {
    for (usize at = start; at < out.size(); ++at) {
      const char first = lowers ? 'A' : 'a';
      if (out[at] >= first && out[at] < first + 26) out[at] = static_cast<char>(out[at] ^ 0x20);
    }
  }
  if (const auto length = static_cast<int>(out.size() - start); length < conversion.width) {
    out.insert(start, static_cast<usize>(conversion.width - length),
               conversion.flag == '0' ? '0' : ' ');
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
  for (usize i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out.push_back(format[i]);
      continue;
    }
    const Conversion conversion = take_conversion(format, i);
    const usize start = out.size();
    if (const std::string_view parts = composed_of(conversion.letter); !parts.empty()) {
      append_time(out, parts, time, seconds);
    } else if (auto number = number_of(conversion.letter, time, seconds)) {
      if (conversion.flag == '-') number->width = 1;
      if (conversion.flag == '_') number->fill = ' ';
      if (conversion.flag == '0') number->fill = '0';
      if (conversion.width != 0) number->width = conversion.width;
      put(out, number->value, number->width, number->fill);
    } else if (!append_text(out, conversion.letter, time)) {
      out.append(conversion.source);
      continue;
    }
    adjust(out, start, conversion);
  }
}

}  // namespace swebash::engine
