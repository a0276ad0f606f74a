// SPDX-License-Identifier: Apache-2.0
#include "modcache/program/report.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "modcache/stores/file_system.hpp"

namespace modcache::program {
namespace {

std::string with_unit(double value, const char* unit) {
  char text[48];
  std::snprintf(text, sizeof text,
                value < 10    ? "%.2f %s"
                : value < 100 ? "%.1f %s"
                              : "%.0f %s",
                value, unit);
  return text;
}

}  // namespace

void Table::print() const {
  std::vector<std::size_t> widths(columns_.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - row[i].size(), ' ');
      line += columns_[i] == Align::right ? padding + row[i] : row[i] + padding;
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::puts(line.c_str());
  }
}

std::string size_for_people(std::uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " B";
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  return with_unit(value, kUnits[unit]);
}

std::string age_for_people(std::int64_t then, std::int64_t now) {
  const std::int64_t age = std::max<std::int64_t>(now - then, 0);
  const auto said = [](std::int64_t count, const char* unit) {
    return std::to_string(count) + " " + unit + (count == 1 ? " ago" : "s ago");
  };
  if (age < 60) return "just now";
  if (age < 3600) return said(age / 60, "minute");
  if (age < 2 * 86400) return said(age / 3600, "hour");
  return said(age / 86400, "day");
}

std::string time_for_people(std::uint64_t milliseconds) {
  if (milliseconds < 1000) return std::to_string(milliseconds) + " ms";
  const auto seconds = static_cast<double>(milliseconds) / 1000;
  if (seconds < 120) return with_unit(seconds, "s");
  if (seconds < 7200) return with_unit(seconds / 60, "min");
  return with_unit(seconds / 3600, "h");
}

Bar::Bar() : start_us_(host_files().steady_us()), terminal_(::isatty(2) != 0) {}

Bar::~Bar() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void Bar::step(std::uint64_t done, std::uint64_t total, std::string_view what) {
  if (!terminal_ || total == 0 || host_files().steady_us() - start_us_ < 1'000'000) return;
  constexpr std::uint64_t kWidth = 30;
  const auto filled = static_cast<int>(done * kWidth / total);
  std::fprintf(stderr, "\r\033[K[%.*s%*s] %llu/%llu %.*s", filled, "##############################",
               static_cast<int>(kWidth) - filled, "", static_cast<unsigned long long>(done),
               static_cast<unsigned long long>(total),
               static_cast<int>(std::min<std::size_t>(what.size(), 30)), what.data());
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace modcache::program
