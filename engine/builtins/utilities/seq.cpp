// SPDX-License-Identifier: Apache-2.0
//
// seq and sleep, which take decimal numbers.
#include <algorithm>

#include "engine/builtins/utilities/utility.hpp"

namespace swebash::engine::builtins {

namespace {

// Digits with at most one dot, and how many stand behind it; false for other numbers.
struct Decimal {
  i64 value = 0;  // times 10 to the power of `places`
  usize places = 0;
  usize width = 0;  // characters before the dot
};

bool parse_decimal(std::string_view text, Decimal& out) noexcept {
  const bool negative = text.starts_with('-');
  const std::string_view whole = text;
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 15) return false;
  bool dot = false;
  usize count = 0;
  for (const char c : text) {
    if (c == '.' && !dot) {
      dot = true;
    } else if (c >= '0' && c <= '9') {
      out.value = out.value * 10 + (c - '0');
      if (dot) ++out.places;
      ++count;
    } else {
      return false;
    }
  }
  if (negative) out.value = -out.value;
  out.width = std::min(whole.find('.'), whole.size());
  return count > 0;
}

std::string decimal_text(i64 value, usize places, usize width) {
  const bool negative = value < 0;
  std::string digits = std::to_string(negative ? -value : value);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, ".");
  const usize taken = digits.size() + (negative ? 1 : 0);
  if (width > taken) digits.insert(0, width - taken, '0');
  return negative ? "-" + digits : digits;
}

}  // namespace

ExitStatus sleep(Invocation& invocation) {
  const UtilityOptions options(invocation, "");
  if (options.run_native() || options.operands().empty()) return kRunNative;
  i64 total = 0;
  for (std::string_view operand : options.operands()) {
    i64 unit = 1'000'000'000;
    const usize which =
        operand.empty() ? std::string_view::npos : std::string_view("smhd").find(operand.back());
    if (which != std::string_view::npos) {
      operand.remove_suffix(1);
      for (usize i = 0; i < which; ++i) unit *= i < 2 ? 60 : 24;
    }
    Decimal number;
    if (!parse_decimal(operand, number) || number.value < 0) return kRunNative;
    i64 scale = 1;
    for (usize i = 0; i < number.places; ++i) scale *= 10;
    const double nanoseconds =
        static_cast<double>(number.value) / static_cast<double>(scale) * static_cast<double>(unit);
    if (nanoseconds > 4e18 - static_cast<double>(total)) return kRunNative;
    total += static_cast<i64>(nanoseconds);
  }
  invocation.out.flush();
  return pause(invocation, total) ? kSuccess : kInterrupted;
}

ExitStatus seq(Invocation& invocation) {
  std::vector<std::string_view> operands;
  std::string_view separator = "\n";
  bool equal_width = false;
  // A negative number is no option, so GNU's permutation does not serve.
  const std::span<const std::string> arguments = invocation.arguments;
  for (usize i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (operands.empty() && argument == "-w") {
      equal_width = true;
    } else if (operands.empty() && argument.starts_with("-s")) {
      if (argument.size() > 2) {
        separator = argument.substr(2);
      } else if (i + 1 < arguments.size()) {
        separator = arguments[++i];
      } else {
        return kRunNative;
      }
    } else {
      operands.push_back(argument);
    }
  }
  if (operands.empty() || operands.size() > 3) return kRunNative;
  Decimal numbers[3] = {};
  usize places = 0;
  for (usize i = 0; i < operands.size(); ++i) {
    if (!parse_decimal(operands[i], numbers[i])) return kRunNative;
    // The last number's places do not show.
    if (i + 1 < operands.size()) places = std::max(places, numbers[i].places);
  }
  usize scale = 0;
  for (usize i = 0; i < operands.size(); ++i) scale = std::max(scale, numbers[i].places);
  if (scale != places || scale > 9) return kRunNative;
  for (Decimal& number : numbers) {
    for (; number.places < places; ++number.places) {
      if (number.value > (i64{1} << 58) / 10 || number.value < -(i64{1} << 58) / 10) {
        return kRunNative;
      }
      number.value *= 10;
    }
  }
  i64 unit = 1;
  for (usize i = 0; i < places; ++i) unit *= 10;
  const Decimal& last = numbers[operands.size() - 1];
  const i64 first = operands.size() > 1 ? numbers[0].value : unit;
  const i64 step = operands.size() > 2 ? numbers[1].value : unit;
  if (step == 0) return kRunNative;
  usize width = 0;
  if (equal_width) {
    const usize fraction = places > 0 ? places + 1 : 0;
    width =
        std::max(decimal_text(first, places, 0).size(), decimal_text(last.value, places, 0).size());
    const usize given = operands.size() > 1 ? std::max(numbers[0].width, last.width) : last.width;
    width = std::max(width, given + fraction);
  }
  Output& out = invocation.out;
  bool any = false;
  for (i64 value = first; step > 0 ? value <= last.value : value >= last.value; value += step) {
    if (any) out.put(separator);
    any = true;
    if (places == 0 && width == 0) {
      out.put_number(value);
    } else {
      out.put(decimal_text(value, places, width));
    }
    if (out.error()) break;
  }
  if (any) out.put('\n');
  return kSuccess;
}

}  // namespace swebash::engine::builtins
