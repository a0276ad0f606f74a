// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/builtins/utilities/utility_input.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine::builtins {

namespace {

struct Counts {
  i64 lines = 0;
  i64 words = 0;
  i64 characters = 0;
  i64 bytes = 0;

  Counts& operator+=(const Counts& other) noexcept {
    lines += other.lines;
    words += other.words;
    characters += other.characters;
    bytes += other.bytes;
    return *this;
  }
};

// Which of the counts are shown.
struct Columns {
  explicit Columns(const UtilityOptions& options) noexcept
      : lines(options.has('l')),
        words(options.has('w')),
        characters(options.has('m')),
        bytes(options.has('c')) {
    if (!lines && !words && !characters && !bytes) lines = words = bytes = true;
  }
  [[nodiscard]] int count() const noexcept { return lines + words + characters + bytes; }

  bool lines;
  bool words;
  bool characters;
  bool bytes;
};

// Counts what it is given in chunks, which may cut a character.
class Counter {
 public:
  explicit Counter(const Columns& columns) noexcept
      : lines_wanted_(columns.lines), text_wanted_(columns.words || columns.characters) {}

  void add(std::string_view chunk) {
    counts_.bytes += static_cast<i64>(chunk.size());
    if (lines_wanted_) counts_.lines += std::count(chunk.begin(), chunk.end(), '\n');
    if (!text_wanted_) return;
    if (carried_.empty()) {
      carried_ = chunk.substr(count_text(chunk, Part::more_follows));
    } else {
      carried_.append(chunk);
      carried_.erase(0, count_text(carried_, Part::more_follows));
    }
  }
  // To be called once, at the end.
  [[nodiscard]] Counts finish() {
    count_text(carried_, Part::last);
    return counts_;
  }

 private:
  enum class Part : u8 { more_follows, last };

  // How much of `text` was counted: all but what may be a character's beginning.
  usize count_text(std::string_view text, Part part) {
    usize at = 0;
    while (at < text.size()) {
      const utf8::Character character = utf8::decode(text, at);
      const bool whole = character.code < utf8::kInvalid;
      if (!whole && part == Part::more_follows && text.size() - at < 4) break;
      if (whole) ++counts_.characters;
      if (utf8::is(utf8::Class::space, character.code)) {
        in_word_ = false;
      } else if (whole && !in_word_ && utf8::is(utf8::Class::print, character.code)) {
        in_word_ = true;
        ++counts_.words;
      }
      at += character.length;
    }
    return at;
  }

  const bool lines_wanted_;
  const bool text_wanted_;
  Counts counts_;
  bool in_word_ = false;
  std::string carried_;
};

// GNU: as wide as the sizes of all regular files together; 7 where one has no size to ask for.
usize width_for(const std::vector<std::string_view>& names) {
  u64 total = 0;
  usize least = 1;
  for (const std::string_view name : names) {
    abi::Stat stat{};
    if (name == "-") {
      if (sys::fstat(0, &stat) < 0) continue;
    } else if (const auto found = files::stat(name)) {
      stat = *found;
    } else {
      continue;
    }
    if (stat.type == abi::kRegular) {
      total += stat.size;
    } else {
      least = 7;
    }
  }
  return std::max(least, std::to_string(total).size());
}

std::string line_of(const Counts& counts, const Columns& columns, usize width,
                    std::string_view name) {
  std::string line;
  const auto put = [&](bool wanted, i64 value) {
    if (!wanted) return;
    const std::string digits = std::to_string(value);
    if (!line.empty()) line += ' ';
    line.append(width > digits.size() ? width - digits.size() : 0, ' ').append(digits);
  };
  put(columns.lines, counts.lines);
  put(columns.words, counts.words);
  put(columns.characters, counts.characters);
  put(columns.bytes, counts.bytes);
  if (!name.empty()) line.append(" ").append(name);
  return line += '\n';
}

}  // namespace

ExitStatus wc(Invocation& invocation) {
  const UtilityOptions options(
      invocation, "clmwL",
      {{"bytes", 'c'}, {"lines", 'l'}, {"chars", 'm'}, {"words", 'w'}, {"max-line-length", 'L'}});
  if (options.run_native() || options.has('L')) return kRunNative;
  const Columns columns(options);
  std::vector<std::string_view> names = options.operands();
  const bool named = !names.empty();
  if (!named) names.push_back("-");
  const usize width = names.size() == 1 && columns.count() == 1 ? 1 : width_for(names);
  Counts total;
  ExitStatus status = kSuccess;
  for (const std::string_view name : names) {
    const UtilityInput input(name);
    if (!input.is_open()) {
      complain(invocation, shown_name(name), input.error());
      status = kFailure;
      continue;
    }
    Counter counter(columns);
    const auto done = each_chunk(invocation, input.fd(), [&](std::string_view chunk) {
      counter.add(chunk);
      return true;
    });
    if (!done) {
      if (done.error() == Errno::intr) return kInterrupted;
      complain(invocation, shown_name(name), done.error());
      status = kFailure;
    }
    const Counts counts = counter.finish();
    invocation.out.put(line_of(counts, columns, width, named ? name : std::string_view()));
    total += counts;
  }
  if (names.size() > 1) invocation.out.put(line_of(total, columns, width, "total"));
  return status;
}

}  // namespace swebash::engine::builtins
