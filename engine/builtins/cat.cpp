// SPDX-License-Identifier: Apache-2.0
//
// cat, head, tail, wc and tee: utilities that pass bytes on.
#include <algorithm>
#include <cstring>

#include "engine/builtins/utility.hpp"
#include "engine/traps.hpp"
#include "engine/utf8.hpp"

namespace swebash::engine::builtins {

namespace {

constexpr usize kChunk = 65536;

// A file to read: operand "-" is standard input.
class Input {
 public:
  explicit Input(std::string_view name) {
    if (name == "-") {
      fd_ = 0;
      return;
    }
    SysResult<files::File> opened = files::open(name, abi::kRead);
    if (!opened) {
      error_ = opened.error();
      return;
    }
    file_ = std::move(*opened);
    fd_ = file_.fd();
  }
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
  [[nodiscard]] i32 fd() const noexcept { return fd_; }
  [[nodiscard]] Errno error() const noexcept { return error_; }

 private:
  files::File file_;
  i32 fd_ = -1;
  Errno error_ = Errno::noent;
};

// Calls use(bytes) with what can be read, until it answers false.
template <class Use>
SysResult<void> each_chunk(Invocation& invocation, i32 fd, Use&& use) {
  std::string buffer(kChunk, '\0');
  for (;;) {
    const SysResult<i64> got = from_answer(sys::read(fd, buffer.data(), kChunk));
    if (!got) {
      if (got.error() != Errno::intr) return std::unexpected(got.error());
      if (is_interrupted(invocation)) return std::unexpected(Errno::intr);
      continue;
    }
    if (*got == 0) return {};
    if (!use(std::string_view(buffer.data(), static_cast<usize>(*got)))) return {};
  }
}

// Writes bytes that cat -v shows as others.
void put_visible(Output& out, unsigned char c, bool visible, bool tabs) {
  if (c == '\t') {
    out.put(tabs ? std::string_view("^I") : std::string_view("\t"));
    return;
  }
  if (!visible || c == '\n') {
    out.put(static_cast<char>(c));
    return;
  }
  if (c >= 128) {
    out.put("M-");
    c = static_cast<unsigned char>(c - 128);
  }
  if (c < 32 || c == 127) {
    out.put('^');
    out.put(static_cast<char>(c ^ 64));
  } else {
    out.put(static_cast<char>(c));
  }
}

struct Decoration {
  bool number = false;
  bool number_filled = false;
  bool squeeze = false;
  bool ends = false;
  bool tabs = false;
  bool visible = false;
  // Goes on from file to file.
  i64 line = 0;
  bool at_start = true;
  int blank_lines = 0;
};

void decorate(Output& out, std::string_view bytes, Decoration& how) {
  for (const char c : bytes) {
    if (how.at_start) {
      how.blank_lines = c == '\n' ? how.blank_lines + 1 : 0;
      if (how.squeeze && how.blank_lines > 1) continue;
      if (how.number_filled ? c != '\n' : how.number) {
        const std::string digits = std::to_string(++how.line);
        out.put(std::string(digits.size() < 6 ? 6 - digits.size() : 0, ' ').append(digits));
        out.put('\t');
      }
    }
    how.at_start = c == '\n';
    if (c == '\n' && how.ends) out.put('$');
    put_visible(out, static_cast<unsigned char>(c), how.visible, how.tabs);
  }
}

void put_header(Output& out, std::string_view name, bool& first) {
  if (!first) out.put('\n');
  first = false;
  out.put("==> ");
  out.put(name == "-" ? std::string_view("standard input") : name);
  out.put(" <==\n");
}

}  // namespace

ExitStatus cat(Invocation& invocation) {
  const UtilityOptions options(invocation, "nbsAeEtTvu",
                               {{"number", 'n'},
                                {"number-nonblank", 'b'},
                                {"squeeze-blank", 's'},
                                {"show-all", 'A'},
                                {"show-ends", 'E'},
                                {"show-tabs", 'T'},
                                {"show-nonprinting", 'v'}});
  if (options.run_native()) return kRunNative;
  Decoration how;
  const bool all = options.has('A');
  how.number_filled = options.has('b');
  how.number = options.has('n');
  how.squeeze = options.has('s');
  how.ends = all || options.has('e') || options.has('E');
  how.tabs = all || options.has('t') || options.has('T');
  how.visible = all || options.has('e') || options.has('t') || options.has('v');
  const bool plain =
      !(how.number_filled || how.number || how.squeeze || how.ends || how.tabs || how.visible);
  std::vector<std::string_view> names = options.operands();
  if (names.empty()) names.push_back("-");
  ExitStatus status = kSuccess;
  Output& out = invocation.out;
  abi::Stat target{};
  const bool to_file = sys::fstat(out.fd(), &target) >= 0 && target.type == abi::kRegular;
  for (const std::string_view name : names) {
    const Input input(name);
    if (!input.is_open()) {
      complain(invocation, shown_name(name), input.error());
      status = kFailure;
      continue;
    }
    abi::Stat source{};
    if (sys::fstat(input.fd(), &source) >= 0) {
      if (source.type == abi::kDirectoryType) {
        complain(invocation, shown_name(name), Errno::isdir);
        status = kFailure;
        continue;
      }
      if (to_file && source.device == target.device && source.inode == target.inode &&
          source.size > 0) {
        complain(invocation, shown_name(name) + ": input file is output file");
        status = kFailure;
        continue;
      }
    }
    SysResult<void> done;
    if (plain) {
      if (!out.flush()) return kFailure;
      for (;;) {
        const SysResult<i64> went = from_answer(sys::copy(input.fd(), out.fd(), i64{1} << 30));
        if (went && *went == 0) break;
        if (went) continue;
        if (went.error() == Errno::intr && !is_interrupted(invocation)) continue;
        done = std::unexpected(went.error());
        break;
      }
    } else {
      done = each_chunk(invocation, input.fd(), [&](std::string_view bytes) {
        decorate(out, bytes, how);
        return !out.error();
      });
    }
    if (!done) {
      if (done.error() == Errno::intr) return kInterrupted;
      // The reader has left: the end of the program that this stands for.
      if (done.error() == Errno::pipe) return 128 + signal_number::kPipe;
      complain(invocation,
               done.error() == Errno::nospc ? std::string_view("write error")
                                            : std::string_view(shown_name(name)),
               done.error());
      status = kFailure;
    }
  }
  return status;
}

ExitStatus head(Invocation& invocation) {
  // The old form -N.
  std::vector<std::string> arguments(invocation.arguments.begin(), invocation.arguments.end());
  if (!arguments.empty() && arguments[0].size() > 1 && arguments[0][0] == '-' &&
      arguments[0].find_first_not_of("0123456789", 1) == std::string::npos) {
    arguments[0].insert(1, "n");
  }
  const Invocation given{invocation.shell, invocation.name, arguments, invocation.out};
  const UtilityOptions options(
      given, "n:c:qvz",
      {{"lines", 'n'}, {"bytes", 'c'}, {"quiet", 'q'}, {"silent", 'q'}, {"verbose", 'v'}});
  if (options.run_native() || options.has('z')) return kRunNative;
  const char unit = options.last_of("nc");
  i64 count = 10;
  if (unit != 0 && !parse_count(options.value(unit), count)) return kRunNative;  // -n -N too
  std::vector<std::string> names(options.operands().begin(), options.operands().end());
  if (names.empty()) names.emplace_back("-");
  const char heading = options.last_of("qv");
  const bool headers = heading == 'v' || (heading == 0 && names.size() > 1);
  Output& out = invocation.out;
  ExitStatus status = kSuccess;
  bool first = true;
  for (const std::string& name : names) {
    const Input input(name);
    if (!input.is_open()) {
      complain(invocation, "cannot open " + quoted_name(name) + " for reading", input.error());
      status = kFailure;
      continue;
    }
    if (headers) put_header(out, name, first);
    i64 left = count;
    i64 unread = 0;
    const auto done =
        left == 0
            ? SysResult<void>()
            : each_chunk(invocation, input.fd(), [&](std::string_view bytes) {
                usize end = 0;
                if (unit == 'c') {
                  end = static_cast<usize>(std::min<i64>(left, static_cast<i64>(bytes.size())));
                  left -= static_cast<i64>(end);
                } else {
                  while (left > 0 && end < bytes.size()) {
                    const usize newline = bytes.find('\n', end);
                    if (newline == std::string_view::npos) {
                      end = bytes.size();
                    } else {
                      end = newline + 1;
                      --left;
                    }
                  }
                }
                out.put(bytes.substr(0, end));
                unread = static_cast<i64>(bytes.size() - end);
                return left > 0 && !out.error();
              });
    // GNU: what was read too far is given back to whoever reads the file next.
    if (unread > 0) static_cast<void>(sys::seek(input.fd(), -unread, abi::kSeekCurrent));
    if (!done) {
      if (done.error() == Errno::intr) return kInterrupted;
      complain(invocation, "error reading " + quoted_name(name), done.error());
      status = kFailure;
    }
  }
  return status;
}

ExitStatus tail(Invocation& invocation) {
  std::vector<std::string> arguments(invocation.arguments.begin(), invocation.arguments.end());
  if (!arguments.empty() && arguments[0].size() > 1 &&
      (arguments[0][0] == '-' || arguments[0][0] == '+') &&
      arguments[0].find_first_not_of("0123456789", 1) == std::string::npos) {
    arguments[0].insert(0, "-n");
  }
  const Invocation given{invocation.shell, invocation.name, arguments, invocation.out};
  const UtilityOptions options(
      given, "n:c:qv",
      {{"lines", 'n'}, {"bytes", 'c'}, {"quiet", 'q'}, {"silent", 'q'}, {"verbose", 'v'}});
  if (options.run_native()) return kRunNative;
  const char unit = options.last_of("nc");
  std::string_view number = unit != 0 ? options.value(unit) : std::string_view("10");
  const bool from_start = number.starts_with('+');
  if (from_start || number.starts_with('-')) number.remove_prefix(1);
  i64 count = 0;
  if (!parse_count(number, count)) return kRunNative;
  std::vector<std::string> names(options.operands().begin(), options.operands().end());
  if (names.empty()) names.emplace_back("-");
  const char heading = options.last_of("qv");
  const bool headers = heading == 'v' || (heading == 0 && names.size() > 1);
  Output& out = invocation.out;
  ExitStatus status = kSuccess;
  bool first = true;
  for (const std::string& name : names) {
    const Input input(name);
    if (!input.is_open()) {
      complain(invocation, "cannot open " + quoted_name(name) + " for reading", input.error());
      status = kFailure;
      continue;
    }
    if (headers) put_header(out, name, first);
    SysResult<void> done;
    if (from_start) {
      i64 skip = std::max<i64>(count - 1, 0);
      done = each_chunk(invocation, input.fd(), [&](std::string_view bytes) {
        usize start = 0;
        if (unit == 'c') {
          start = static_cast<usize>(std::min<i64>(skip, static_cast<i64>(bytes.size())));
          skip -= static_cast<i64>(start);
        } else {
          while (skip > 0 && start < bytes.size()) {
            const usize newline = bytes.find('\n', start);
            if (newline == std::string_view::npos) {
              start = bytes.size();
            } else {
              start = newline + 1;
              --skip;
            }
          }
        }
        out.put(bytes.substr(start));
        return !out.error();
      });
    } else {
      // The end is kept: what is certainly before it is dropped from time to time.
      std::string kept;
      const auto start_of_end = [&]() -> usize {
        const auto wanted = static_cast<usize>(count);
        if (unit == 'c') return kept.size() > wanted ? kept.size() - wanted : 0;
        if (wanted == 0) return kept.size();
        usize at = kept.size();
        if (at > 0 && kept[at - 1] == '\n') --at;
        for (usize lines = 0; at > 0; --at) {
          if (kept[at - 1] == '\n' && ++lines == wanted) return at;
        }
        return 0;
      };
      usize next_trim = usize{1} << 20;
      done = each_chunk(invocation, input.fd(), [&](std::string_view bytes) {
        kept.append(bytes);
        if (kept.size() >= next_trim) {
          kept.erase(0, start_of_end());
          next_trim = kept.size() * 2 + (usize{1} << 20);
        }
        return true;
      });
      out.put(std::string_view(kept).substr(start_of_end()));
    }
    if (!done) {
      if (done.error() == Errno::intr) return kInterrupted;
      complain(invocation, "error reading " + quoted_name(name), done.error());
      status = kFailure;
    }
  }
  return status;
}

ExitStatus wc(Invocation& invocation) {
  const UtilityOptions options(
      invocation, "clmwL",
      {{"bytes", 'c'}, {"lines", 'l'}, {"chars", 'm'}, {"words", 'w'}, {"max-line-length", 'L'}});
  if (options.run_native() || options.has('L')) return kRunNative;
  struct Counts {
    i64 lines = 0, words = 0, characters = 0, bytes = 0;
  };
  const bool all = !(options.has('c') || options.has('l') || options.has('m') || options.has('w'));
  const bool lines = all || options.has('l');
  const bool words = all || options.has('w');
  const bool characters = options.has('m');
  const bool bytes = all || options.has('c');
  const int columns = lines + words + characters + bytes;
  std::vector<std::string_view> names = options.operands();
  const bool named = !names.empty();
  if (!named) names.push_back("-");
  // GNU: as wide as the sizes of all regular files together; 7 where one has no size to ask for.
  usize width = 1;
  if (!(names.size() == 1 && columns == 1)) {
    u64 total = 0;
    usize least = 1;
    for (const std::string_view name : names) {
      abi::Stat stat{};
      const bool found = name == "-" ? sys::fstat(0, &stat) >= 0 : [&] {
        const auto answer = files::stat(name);
        if (answer) stat = *answer;
        return answer.has_value();
      }();
      if (!found) continue;
      if (stat.type == abi::kRegular) {
        total += stat.size;
      } else {
        least = 7;
      }
    }
    width = std::max(least, std::to_string(total).size());
  }
  Output& out = invocation.out;
  const auto show = [&](const Counts& counts, std::string_view name) {
    bool first = true;
    const auto put = [&](bool wanted, i64 value) {
      if (!wanted) return;
      const std::string digits = std::to_string(value);
      if (!first) out.put(' ');
      first = false;
      out.put(std::string(width > digits.size() ? width - digits.size() : 0, ' ').append(digits));
    };
    put(lines, counts.lines);
    put(words, counts.words);
    put(characters, counts.characters);
    put(bytes, counts.bytes);
    if (!name.empty()) {
      out.put(' ');
      out.put(name);
    }
    out.put('\n');
  };
  Counts total;
  ExitStatus status = kSuccess;
  for (const std::string_view name : names) {
    const Input input(name);
    if (!input.is_open()) {
      complain(invocation, shown_name(name), input.error());
      status = kFailure;
      continue;
    }
    Counts counts;
    bool in_word = false;
    std::string carried;  // the beginning of a character that the next chunk ends
    const auto count_text = [&](std::string_view text, bool final_part) -> usize {
      usize at = 0;
      while (at < text.size()) {
        const utf8::Character character = utf8::decode(text, at);
        const bool whole = character.code < utf8::kInvalid;
        if (!whole && !final_part && text.size() - at < 4) break;
        if (whole) ++counts.characters;
        if (utf8::is(utf8::Class::space, character.code)) {
          in_word = false;
        } else if (whole && !in_word && utf8::is(utf8::Class::print, character.code)) {
          in_word = true;
          ++counts.words;
        }
        at += character.length;
      }
      return at;
    };
    const auto done = each_chunk(invocation, input.fd(), [&](std::string_view chunk) {
      counts.bytes += static_cast<i64>(chunk.size());
      for (usize at = chunk.find('\n'); at != std::string_view::npos;
           at = chunk.find('\n', at + 1)) {
        ++counts.lines;
      }
      if (words || characters) {
        if (carried.empty()) {
          carried = chunk.substr(count_text(chunk, false));
        } else {
          carried.append(chunk);
          carried.erase(0, count_text(carried, false));
        }
      }
      return true;
    });
    count_text(carried, true);
    if (!done) {
      if (done.error() == Errno::intr) return kInterrupted;
      complain(invocation, shown_name(name), done.error());
      status = kFailure;
    }
    show(counts, named ? name : std::string_view());
    total.lines += counts.lines;
    total.words += counts.words;
    total.characters += counts.characters;
    total.bytes += counts.bytes;
  }
  if (names.size() > 1) show(total, "total");
  return status;
}

ExitStatus tee(Invocation& invocation) {
  const UtilityOptions options(invocation, "ai", {{"append", 'a'}, {"ignore-interrupts", 'i'}});
  if (options.run_native() || options.has('i')) return kRunNative;
  ExitStatus status = kSuccess;
  std::vector<std::pair<std::string_view, files::File>> targets;
  for (const std::string_view name : options.operands()) {
    SysResult<files::File> opened = files::open(
        name, abi::kWrite | abi::kCreate | (options.has('a') ? abi::kAppend : abi::kTruncate));
    if (opened) {
      targets.emplace_back(name, std::move(*opened));
    } else {
      complain(invocation, shown_name(name), opened.error());
      status = kFailure;
    }
  }
  const auto done = each_chunk(invocation, 0, [&](std::string_view bytes) {
    invocation.out.put(bytes);
    invocation.out.flush();
    for (auto& [name, file] : targets) {
      if (file.fd() < 0) continue;
      if (const auto wrote = files::write_all(file.fd(), bytes); !wrote) {
        complain(invocation, shown_name(name), wrote.error());
        file.reset();
        status = kFailure;
      }
    }
    return true;
  });
  if (!done && done.error() == Errno::intr) return kInterrupted;
  return status;
}

}  // namespace swebash::engine::builtins
