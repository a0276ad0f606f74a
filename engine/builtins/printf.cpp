// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "abi/guest.hpp"
#include "engine/builtins/escapes.hpp"
#include "engine/interpreter/builtin.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/system/output.hpp"
#include "engine/system/time_format.hpp"
#include "engine/text/quote.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine::builtins {

namespace {

// A width or a precision beyond this is refused: it would be allocated.
constexpr i64 kMaxWidth = i64{1} << 29;

struct Spec {
  std::string flags;
  i64 width = 0;
  i64 precision = -1;
  bool left = false;
};

class Formatter {
 public:
  Formatter(Invocation& invocation, std::span<const std::string> arguments, std::string& out)
      : invocation_(invocation), arguments_(arguments), out_(out) {}

  ExitStatus run(std::string_view format) {
    do {
      const usize before = next_;
      if (!pass(format)) break;
      if (next_ == before) break;  // the format takes no arguments
    } while (next_ < arguments_.size());
    return status_;
  }

 private:
  // bash: an escape without its digits is a warning and stands for itself.
  void tell_missing() {
    for (const std::string_view what : missing_) {
      invocation_.error("missing " + std::string(what));
    }
    missing_.clear();
  }

  // Goes through the format once; false when output has ended.
  bool pass(std::string_view format) {
    for (usize at = 0; at < format.size();) {
      const char c = format[at];
      if (c == '\\') {
        append_escape(format, at, EscapeStyle::format, out_, &missing_);
        tell_missing();
      } else if (c != '%') {
        usize end = at;
        while (end < format.size() && format[end] != '\\' && format[end] != '%') ++end;
        out_.append(format.substr(at, end - at));
        at = end;
      } else if (at + 1 < format.size() && format[at + 1] == '%') {
        out_.push_back('%');
        at += 2;
      } else if (!conversion(format, at)) {
        return false;
      }
    }
    return true;
  }

  bool conversion(std::string_view format, usize& at) {
    const usize start = at++;
    Spec spec;
    while (at < format.size() && std::string_view("-+ #0'").contains(format[at])) {
      if (format[at] == '-') spec.left = true;
      if (format[at] != '\'') spec.flags.push_back(format[at]);
      ++at;
    }
    if (!size(format, at, spec.width)) return false;
    if (spec.width < 0) {
      spec.left = true;
      spec.flags.push_back('-');
      spec.width = -spec.width;
    }
    if (at < format.size() && format[at] == '.') {
      ++at;
      spec.precision = 0;
      if (!size(format, at, spec.precision)) return false;
    }
    if (spec.width > kMaxWidth || spec.precision > kMaxWidth) {
      return stop(std::string(format.substr(start, at - start)) +
                  ": Numerical result out of range");
    }
    if (at < format.size() && format[at] == '(') return time(format, at, spec);
    while (at < format.size() && std::string_view("hlLjtz").contains(format[at])) ++at;
    if (at >= format.size()) {
      return stop("`" + std::string(format.substr(start)) + "': missing format character");
    }
    const char letter = format[at++];
    switch (letter) {
      case 's': pad(argument(), spec); return true;
      case 'b': {
        std::string decoded;
        const bool goes_on = append_decoded(argument(), EscapeStyle::text, decoded, &missing_);
        tell_missing();
        pad(decoded, spec);
        return goes_on;
      }
      case 'q': pad(quote_backslash(argument()), spec); return true;
      case 'Q': {
        std::string_view text = argument();
        if (spec.precision >= 0) text = text.substr(0, static_cast<usize>(spec.precision));
        spec.precision = -1;
        pad(quote_backslash(text), spec);
        return true;
      }
      case 'c': {
        const std::string_view text = argument();
        // bash: an argument that is empty or missing is a NUL.
        spec.precision = -1;
        pad(text.empty() ? std::string_view("\0", 1) : text.substr(0, 1), spec);
        return true;
      }
      case 'd':
      case 'i': integer(spec, 'd', integer_argument(false)); return true;
      case 'o':
      case 'u':
      case 'x':
      case 'X': integer(spec, letter, integer_argument(true)); return true;
      case 'a':
      case 'A':
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': real(spec, letter, real_argument()); return true;
      case 'n': return count();
      default: return stop("`" + std::string(1, letter) + "': invalid format character");
    }
  }

  bool stop(const std::string& message) {
    invocation_.error(message);
    status_ = kFailure;
    return false;
  }

  // Digits, or `*` for an argument.
  bool size(std::string_view format, usize& at, i64& value) {
    if (at < format.size() && format[at] == '*') {
      ++at;
      value = integer_argument(false);
      return true;
    }
    for (; at < format.size() && format[at] >= '0' && format[at] <= '9'; ++at) {
      if (value <= kMaxWidth) value = value * 10 + (format[at] - '0');
    }
    return true;
  }

  [[nodiscard]] bool has_argument() const noexcept { return next_ < arguments_.size(); }

  std::string_view argument() {
    return has_argument() ? std::string_view(arguments_[next_++]) : std::string_view();
  }

  void complain(std::string_view text, std::string_view what) {
    invocation_.error(text, what);
    status_ = kFailure;
  }

  // A number as C writes it, or 'c for the code of a character.
  i64 integer_argument(bool is_unsigned) {
    const bool missing = !has_argument();
    const std::string_view text = argument();
    if (missing || text.empty()) return 0;
    if (text[0] == '\'' || text[0] == '"') return character_code(text.substr(1));
    usize at = text.find_first_not_of(" \t\n\v\f\r");
    if (at == std::string_view::npos) at = text.size();
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (negative || text[at] == '+')) ++at;
    const std::string_view digits = text.substr(at);
    u64 base = 10;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
      base = 16;
      at += 2;
    } else if (digits.size() > 1 && digits[0] == '0') {
      base = 8;
    }
    const usize first = at;
    u64 value = 0;
    bool too_big = false;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      u64 digit = base;
      if (c >= '0' && c <= '9') digit = static_cast<u64>(c - '0');
      if (c >= 'a' && c <= 'f') digit = static_cast<u64>(c - 'a') + 10;
      if (c >= 'A' && c <= 'F') digit = static_cast<u64>(c - 'A') + 10;
      if (digit >= base) break;
      too_big = too_big || value > (std::numeric_limits<u64>::max() - digit) / base;
      value = value * base + digit;
    }
    if (at < text.size() || at == first) {
      complain_of_number(text);
    }
    constexpr u64 kMost = std::numeric_limits<i64>::max();
    if (!is_unsigned && value > kMost + (negative ? 1 : 0)) too_big = true;
    if (too_big) {
      invocation_.error("warning: " + std::string(text), "Numerical result out of range");
      if (is_unsigned) return -1;
      return negative ? std::numeric_limits<i64>::min() : std::numeric_limits<i64>::max();
    }
    return static_cast<i64>(negative ? 0 - value : value);
  }

  // bash: what the text begins with says what it was to be.
  void complain_of_number(std::string_view text) {
    const char second = text.size() > 1 && text[0] == '0' ? text[1] : '\0';
    complain(text, second == 'x'                    ? "invalid hex number"
                   : second >= '0' && second <= '9' ? "invalid octal number"
                                                    : "invalid number");
  }

  i64 character_code(std::string_view text) const {
    if (text.empty()) return 0;
    const utf8::Character character = utf8::decode(text, 0);
    if (character.code >= utf8::kInvalid || invocation_.shell.options().byte_characters) {
      return static_cast<unsigned char>(text[0]);
    }
    return character.code;
  }

  double real_argument() {
    if (!has_argument()) return 0;
    const std::string text(argument());
    if (text.empty()) return 0;
    if (text[0] == '\'' || text[0] == '"') {
      return static_cast<double>(character_code(std::string_view(text).substr(1)));
    }
    char* end = nullptr;
    errno = 0;
    const double value = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || *end != '\0') {
      complain_of_number(text);
    } else if (errno == ERANGE) {
      invocation_.error("warning: " + text, "Numerical result out of range");
    }
    return value;
  }

  void pad(std::string_view text, const Spec& spec) {
    if (spec.precision >= 0) text = text.substr(0, static_cast<usize>(spec.precision));
    const auto width = static_cast<usize>(spec.width);
    const usize blanks = width > text.size() ? width - text.size() : 0;
    if (!spec.left) out_.append(blanks, ' ');
    out_.append(text);
    if (spec.left) out_.append(blanks, ' ');
  }

  template <class T>
  void print(const Spec& spec, const char* conversion, T value) {
    std::string format = "%" + spec.flags + "*.*" + conversion;
    const usize most = static_cast<usize>(spec.width + std::max<i64>(spec.precision, 0)) + 400;
    const usize size = out_.size();
    out_.resize(size + most);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const int length =
        std::snprintf(out_.data() + size, most, format.c_str(), static_cast<int>(spec.width),
                      static_cast<int>(spec.precision), value);
#pragma GCC diagnostic pop
    out_.resize(size + static_cast<usize>(length));
  }

  void integer(const Spec& spec, char letter, i64 value) {
    if (letter == 'd' && spec.flags.empty() && spec.width == 0 && spec.precision < 0) {
      out_.append(std::to_string(value));
      return;
    }
    const char conversion[] = {'l', 'l', letter, '\0'};
    print(spec, conversion, static_cast<long long>(value));
  }

  void real(const Spec& spec, char letter, double value) {
    const char conversion[] = {letter, '\0'};
    print(spec, conversion, value);
  }

  bool time(std::string_view format, usize& at, Spec& spec) {
    int depth = 0;
    usize close = at;
    for (; close < format.size(); ++close) {
      if (format[close] == '(') ++depth;
      if (format[close] == ')' && --depth == 0) break;
    }
    if (close + 1 >= format.size() || format[close + 1] != 'T') {
      invocation_.error("warning: `" +
                        std::string(format.substr(close, std::min<usize>(2, format.size() - close))
                                        .substr(close < format.size() ? 1 : 0)) +
                        "': invalid time format specification");
      out_.append(format.substr(at - 1, 1));
      return true;
    }
    std::string_view layout = format.substr(at + 1, close - at - 1);
    at = close + 2;
    if (layout.empty()) layout = "%X";
    const bool missing = !has_argument();
    i64 seconds = missing ? -1 : integer_argument(false);
    if (seconds == -1 || seconds == -2) {
      const bool start = seconds == -2;
      seconds = sys::clock(abi::kRealtime) / 1'000'000'000;
      if (start) {
        const std::string* age = invocation_.shell.variables().get("SECONDS");
        if (age != nullptr) seconds -= std::strtoll(age->c_str(), nullptr, 10);
      }
    }
    // bash: a TZ that is not exported is none.
    const Variable* zone = invocation_.shell.variables().find_unresolved("TZ");
    const bool has_zone = zone != nullptr && zone->has(kExported) && zone->text() != nullptr;
    const abi::LocalTime when =
        local_time(seconds, has_zone ? std::string_view(*zone->text()) : std::string_view());
    std::string text;
    append_time(text, layout, when, seconds);
    pad(text, spec);
    return true;
  }

  bool count() {
    if (!has_argument()) return true;
    const std::string name(argument());
    if (name.empty()) return true;
    if (!Variables::is_valid_name(name)) {
      invocation_.error("`" + name + "'", "not a valid identifier");
      status_ = kFailure;
      return false;
    }
    if (const auto done = invocation_.shell.variables().assign(name, std::to_string(out_.size()));
        !done) {
      invocation_.shell.report(done.error());
      status_ = kFailure;
    }
    return true;
  }

  Invocation& invocation_;
  std::span<const std::string> arguments_;
  std::string& out_;
  std::vector<std::string_view> missing_;
  usize next_ = 0;
  ExitStatus status_ = kSuccess;
};

}  // namespace

ExitStatus printf(Invocation& invocation) {
  OptionParser options(invocation, "v:");
  std::string_view variable;
  bool assigns = false;
  while (const char letter = options.next()) {
    if (letter != 'v') return kUsage;
    variable = options.argument();
    assigns = true;
    if (!invocation.shell.expander().operand_reference(variable)) {
      invocation.error("`" + std::string(variable) + "'", "not a valid identifier");
      return kUsage;
    }
  }
  const std::span<const std::string> operands = options.operands();
  if (operands.empty()) return invocation.usage();
  std::string text;
  ExitStatus status = Formatter(invocation, operands.subspan(1), text).run(operands[0]);
  if (!assigns) {
    invocation.out.put(text);
    return status;
  }
  // A variable holds no NUL: it ends the text, as in bash.
  text.resize(std::min(text.find('\0'), text.size()));
  if (Variables::is_valid_name(variable)) {
    if (const auto done = invocation.shell.variables().assign(variable, text); !done) {
      invocation.shell.report(done.error());
      return kFailure;
    }
    return status;
  }
  if (!invocation.shell.expander().assign_reference(variable, text)) return kFailure;
  return status;
}

}  // namespace swebash::engine::builtins
