// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/job_terminal.hpp"

#include "abi/guest.hpp"

namespace swebash::engine {

void JobTerminal::find() {
  abi::TaskInfo info{};
  sys::task_info(&info);
  for (const i32 fd : {2, 0, 1}) {
    if (sys::is_terminal(fd) != 1 || sys::foreground_get(fd) != info.group) continue;
    set(fd, info.group, info.group);
    return;
  }
}

void JobTerminal::take_back() const {
  if (exists() && group_ > 0) sys::foreground_set(fd_, group_);
}

void JobTerminal::hand_over() const {
  if (!exists()) return;
  sys::foreground_set(fd_, outer_group_);
  if (outer_group_ != group_) sys::set_group(0, outer_group_);
}

void JobTerminal::take_over() const {
  if (!exists()) return;
  if (outer_group_ != group_) sys::set_group(0, group_);
  take_back();
}

void JobTerminal::keep_settings() {
  abi::Terminal settings;
  if (exists() && sys::terminal_get(fd_, &settings) >= 0) settings_ = settings;
}

void JobTerminal::restore_settings() const {
  if (exists() && settings_) sys::terminal_set(fd_, 1, &*settings_);
}

std::optional<abi::WindowSize> JobTerminal::size() const {
  abi::WindowSize size{};
  if (!exists() || sys::window_size(fd_, &size) < 0 || size.rows == 0 || size.columns == 0) {
    return std::nullopt;
  }
  return size;
}

}  // namespace swebash::engine
