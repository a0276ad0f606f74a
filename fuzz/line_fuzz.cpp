// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a half-written command line: its parts are all of it, whatever the cursor is at, and
// completion replaces a part of it. Nothing is looked for on the disk.
#include <cstdlib>
#include <string_view>

#include "engine/editing/classify_line.hpp"
#include "engine/editing/is_complete.hpp"
#include "engine/editing/line_words.hpp"
#include "engine/interpreter/exec.hpp"

namespace {

using namespace swebash;
using namespace swebash::engine;

Shell& shell() {
  static Shell one;
  static Executor executor(one);
  static const bool started = [] {
    const std::string_view environment[] = {"PATH="};
    one.start(environment, {}, "fuzz");
    return true;
  }();
  static_cast<void>(started);
  return one;
}

void check_words(std::string_view text, usize point) {
  constexpr std::string_view kBreaks = " \t\n\"'@><=;|&(:";
  const CompletedWord word = find_completed_word(text, point, kBreaks);
  if (word.begin > word.end || word.end > text.size()) abort();
  const CommandAt command = find_command_at(text, point, word.begin, word.end);
  if (command.name_begin > text.size() || command.end > text.size()) abort();
  if (command.begin > command.end) return;
  const std::string_view inside = text.substr(command.begin, command.end - command.begin);
  const usize at = point > command.begin ? point - command.begin : 0;
  const CommandWords words = split_command(inside, at, kBreaks);
  if (words.current >= static_cast<i64>(words.words.size())) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const usize point = size == 0 ? 0 : data[0] % (size + 1);
  usize end = 0;
  for (const LineSpan& span : classify_line(shell(), text, point, {.looks = 0}).spans) {
    if (span.begin != end || span.end <= span.begin) abort();
    end = span.end;
  }
  if (end != size) abort();
  static_cast<void>(is_complete(shell(), text));
  check_words(text, point);
  return 0;
}
