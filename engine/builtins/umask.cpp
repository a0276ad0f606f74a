// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

std::string octal(i32 mask) {
  std::string digits = "0000";
  for (usize i = 4; i-- > 0; mask /= 8) digits[i] = static_cast<char>('0' + mask % 8);
  return digits;
}

std::string symbolic(i32 mask) {
  std::string text;
  for (const int shift : {6, 3, 0}) {
    if (!text.empty()) text += ',';
    text += shift == 6 ? "u=" : shift == 3 ? "g=" : "o=";
    const i32 bits = ~mask >> shift & 7;
    if (bits & 4) text += 'r';
    if (bits & 2) text += 'w';
    if (bits & 1) text += 'x';
  }
  return text;
}

// The mask that symbolic `text` makes of `mask`; empty with the offending character in `bad`.
std::optional<i32> parse_symbolic(std::string_view text, i32 mask, char& bad, bool& is_operator) {
  i32 allowed = ~mask & 0777;
  usize at = 0;
  for (;;) {
    i32 who = 0;
    for (; at < text.size(); ++at) {
      if (text[at] == 'u')
        who |= 0700;
      else if (text[at] == 'g')
        who |= 0070;
      else if (text[at] == 'o')
        who |= 0007;
      else if (text[at] == 'a')
        who |= 0777;
      else
        break;
    }
    if (who == 0) who = 0777;
    const char op = at < text.size() ? text[at] : '\0';
    if (op != '+' && op != '-' && op != '=') {
      bad = op;
      is_operator = true;
      return std::nullopt;
    }
    ++at;
    // bash: only these three, neither X nor a copy of another class.
    i32 bits = 0;
    for (; at < text.size() && text[at] != ','; ++at) {
      switch (text[at]) {
        case 'r': bits |= 0444; break;
        case 'w': bits |= 0222; break;
        case 'x': bits |= 0111; break;
        default:
          bad = text[at];
          is_operator = false;
          return std::nullopt;
      }
    }
    if (op == '+') allowed |= bits & who;
    if (op == '-') allowed &= ~(bits & who);
    if (op == '=') allowed = (allowed & ~who) | (bits & who);
    if (at >= text.size()) return ~allowed & 0777;
    ++at;
  }
}

}  // namespace

ExitStatus umask(Invocation& invocation) {
  bool reusable = false, in_letters = false;
  OptionParser options(invocation, "pS");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    (letter == 'p' ? reusable : in_letters) = true;
  }
  const i32 now = static_cast<i32>(sys::umask(-1));
  if (options.operands().empty()) {
    if (reusable) invocation.out.put(in_letters ? "umask -S " : "umask ");
    put_line(invocation.out, in_letters ? symbolic(now) : octal(now));
    return kSuccess;
  }
  const std::string& text = options.operands()[0];
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    i32 mask = 0;
    for (const char c : text) {
      if (c < '0' || c > '7' || mask > 01777) {
        invocation.error(text, "octal number out of range");
        return kFailure;
      }
      mask = mask * 8 + (c - '0');
    }
    // bash: what chmod calls the sticky bit is read, and left.
    if (mask > 01777) {
      invocation.error(text, "octal number out of range");
      return kFailure;
    }
    sys::umask(mask & 0777);
    return kSuccess;
  }
  char bad = 0;
  bool is_operator = false;
  const auto mask = parse_symbolic(text, now, bad, is_operator);
  if (!mask) {
    invocation.error(std::string("`") + bad + "'", is_operator ? "invalid symbolic mode operator"
                                                               : "invalid symbolic mode character");
    return kFailure;
  }
  sys::umask(*mask);
  if (in_letters) put_line(invocation.out, symbolic(*mask));
  return kSuccess;
}

}  // namespace swebash::engine::builtins
