// SPDX-License-Identifier: Apache-2.0
#include "modcache/program/report.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

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
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  if (age < kMinute) return "just now";
  if (age < kHour) return said(age / kMinute, "minute");
  if (age < 2 * kDay) return said(age / kHour, "hour");
  return said(age / kDay, "day");
}

std::string time_for_people(std::uint64_t milliseconds) {
  if (milliseconds < 1000) return std::to_string(milliseconds) + " ms";
  const auto seconds = static_cast<double>(milliseconds) / 1000;
  if (seconds < 120) return with_unit(seconds, "s");
  if (seconds < 7200) return with_unit(seconds / 60, "min");
  return with_unit(seconds / 3600, "h");
}

Bar::Bar() {
  if (::isatty(2) != 0) drawer_ = std::thread([this] { draw_until_end(); });
}

Bar::~Bar() {
  {
    const swebash::MutexLock lock(mutex_);
    ended_ = true;
  }
  ending_.notify_one();
  if (drawer_.joinable()) drawer_.join();
}

void Bar::step(std::uint64_t done, std::uint64_t total, std::string_view what) {
  const swebash::MutexLock lock(mutex_);
  done_ = done;
  total_ = total;
  what_ = what;
}

bool Bar::ends_within(std::chrono::milliseconds time) {
  if (!ended_) (void)ending_.wait_for(mutex_, time);
  return ended_;
}

void Bar::draw_until_end() {
  using namespace std::chrono_literals;
  constexpr std::uint64_t kWidth = 30;
  constexpr std::size_t kWhat = 30;
  const auto start = std::chrono::steady_clock::now();
  const swebash::MutexLock lock(mutex_);
  if (ends_within(1s)) return;
  do {
    if (total_ == 0) continue;
    const std::string bar(static_cast<std::size_t>(done_ * kWidth / total_), '#');
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    // The end of a path says more than its beginning.
    const std::string_view what =
        std::string_view(what_).substr(what_.size() - std::min(what_.size(), kWhat));
    std::fprintf(stderr, "\r\033[K[%-30s] %llu/%llu %lld s %.*s", bar.c_str(),
                 static_cast<unsigned long long>(done_), static_cast<unsigned long long>(total_),
                 static_cast<long long>(seconds.count()), static_cast<int>(what.size()),
                 what.data());
    std::fflush(stderr);
  } while (!ends_within(200ms));
  std::fputs("\r\033[K", stderr);
}

}  // namespace modcache::program
