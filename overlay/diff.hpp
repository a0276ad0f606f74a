// SPDX-License-Identifier: Apache-2.0
//
// A change as a unified diff, as git writes and reads it.
//
// The lines are the program diff's (GNU diffutils); what has no lines (NUL bytes, or more than
// 16 MB) is told of by its size. Contents are never read into memory here. On a terminal nothing of
// what a script wrote is more than text.
#pragma once

#include <string>

#include "overlay/changes.hpp"
#include "overlay/text.hpp"

namespace swebash::overlay {

// Where text goes, bit by bit. False when nobody reads any more.
class Printer {
 public:
  Printer(int fd, Colour colour, bool terminal) : fd_(fd), colour_(colour), terminal_(terminal) {}

  // A line of ours (`style` is an SGR number, 0 for none).
  void heading(const std::string& line, int style = 0);
  // A line of a diff, coloured by how it begins.
  void body(std::string_view line);
  void flush();
  [[nodiscard]] bool closed() const noexcept { return closed_; }

 private:
  int fd_;
  Colour colour_;
  bool terminal_;
  bool closed_ = false;
  std::string text_;
};

void print_diff(Printer& out, const Layers& layers, const Change& change);

}  // namespace swebash::overlay
