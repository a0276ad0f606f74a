// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/utility_input.hpp"
#include "engine/jobs/traps.hpp"

namespace swebash::engine::builtins {

namespace {

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
  if (const auto known = from_answer(sys::fstat(out.fd(), &target)); !known) {
    complain(invocation, "standard output", known.error());
    return kFailure;
  }
  const bool to_file = target.type == abi::kRegular;
  for (const std::string_view name : names) {
    const UtilityInput input(name);
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

}  // namespace swebash::engine::builtins
