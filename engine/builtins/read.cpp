// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/builtin.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/system/line_reader.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine::builtins {

namespace {

constexpr ExitStatus kTimedOut = 128 + 14;
constexpr u32 kEcho = 010;
constexpr u32 kCanonical = 02;

struct Request {
  std::string_view array;
  std::string_view prompt;
  char delimiter = '\n';
  i32 fd = 0;
  bool has_fd = false;   // -u
  i64 characters = -1;   // -n or -N
  bool exactly = false;  // -N
  bool raw = false;
  bool silent = false;
  bool has_array = false;
  std::optional<i64> timeout;  // nanoseconds
};

// Seconds with a fraction, as nanoseconds; none if it is no such number.
std::optional<i64> seconds(std::string_view text) {
  i64 whole = 0;
  i64 nanoseconds = 0;
  const usize dot = std::min(text.find('.'), text.size());
  if (dot > 9 || text.empty() || text == ".") return std::nullopt;
  for (const char c : text.substr(0, dot)) {
    if (c < '0' || c > '9') return std::nullopt;
    whole = whole * 10 + (c - '0');
  }
  i64 unit = 100'000'000;
  for (const char c : text.substr(std::min(dot + 1, text.size()))) {
    if (c < '0' || c > '9') return std::nullopt;
    nanoseconds += unit * (c - '0');
    unit /= 10;
  }
  return whole * 1'000'000'000 + nanoseconds;
}

// A line, and which of its bytes a backslash took the meaning from.
struct Line {
  std::string text;
  std::string escaped;  // as long as text, '\1' where escaped; empty when nothing is

  void put(char c, bool is_escaped) {
    if (is_escaped && escaped.empty()) escaped.assign(text.size(), '\0');
    text.push_back(c);
    if (is_escaped || !escaped.empty()) escaped.push_back(is_escaped ? '\1' : '\0');
  }
};

// Cuts a line at the characters of IFS.
class Splitter {
 public:
  Splitter(const Line& line, const std::string* ifs)
      : line_(line),
        ifs_(ifs != nullptr ? std::string_view(*ifs) : std::string_view(" \t\n")),
        end_(line.text.size()) {
    for (usize i = 0; i < ifs_.size(); i += utf8::decode(ifs_, i).length) {
      begins_separator_[static_cast<unsigned char>(ifs_[i])] = true;
    }
    while (at_ < end_ && is_blank(at_)) ++at_;
  }

  [[nodiscard]] bool at_end() const noexcept { return at_ >= end_; }

  std::string_view field() {
    const usize start = at_;
    usize separator = 0;
    while (at_ < end_ && (separator = separator_length(at_)) == 0) ++at_;
    const std::string_view found = std::string_view(line_.text).substr(start, at_ - start);
    const bool hard = at_ < end_ && !is_blank(at_);
    at_ += separator;
    while (at_ < end_ && is_blank(at_)) ++at_;
    // Blanks around one other separator belong to it.
    if (!hard && at_ < end_ && at_ > start + found.size()) {
      // bash: but not to one of several bytes.
      if (separator_length(at_) == 1) {
        ++at_;
        while (at_ < end_ && is_blank(at_)) ++at_;
      }
    }
    return found;
  }

  // What is left for the last name: one field without its separator, or all but trailing blanks.
  std::string_view rest() {
    const usize start = at_;
    const std::string_view only = field();
    if (at_end()) return only;
    usize end = end_;
    // bash: of several fields blanks go from the end even where a backslash stood before them.
    while (end > start && is_blank_separator(end - 1)) --end;
    return std::string_view(line_.text).substr(start, end - start);
  }

 private:
  // How many bytes separate at `at`; 0: none.
  [[nodiscard]] usize separator_length(usize at) const noexcept {
    const char c = line_.text[at];
    if (!begins_separator_[static_cast<unsigned char>(c)]) return 0;
    if (!line_.escaped.empty() && line_.escaped[at] != '\0') return 0;
    if (static_cast<unsigned char>(c) < 0x80) return 1;
    const usize length = utf8::decode(line_.text, at).length;
    const std::string_view character = std::string_view(line_.text).substr(at, length);
    return ifs_.find(character) != std::string_view::npos ? length : 0;
  }
  [[nodiscard]] bool is_blank_separator(usize at) const noexcept {
    const char c = line_.text[at];
    return (c == ' ' || c == '\t' || c == '\n') && begins_separator_[static_cast<unsigned char>(c)];
  }
  [[nodiscard]] bool is_blank(usize at) const noexcept {
    return is_blank_separator(at) && (line_.escaped.empty() || line_.escaped[at] == '\0');
  }

  const Line& line_;
  std::string_view ifs_;
  usize at_ = 0;
  usize end_;
  bool begins_separator_[256] = {};
};

// Takes the echo, or the wait for a whole line, from a terminal as long as it lives.
class TerminalMode {
 public:
  TerminalMode(i32 fd, bool silent, bool characters) : fd_(fd) {
    if (!(silent || characters) || sys::is_terminal(fd) != 1) return;
    if (sys::terminal_get(fd, &saved_) < 0) return;
    abi::Terminal wanted = saved_;
    if (silent) wanted.local_flags &= ~kEcho;
    if (characters) wanted.local_flags &= ~kCanonical;
    changed_ = sys::terminal_set(fd, 1, &wanted) >= 0;
  }
  ~TerminalMode() {
    if (changed_) static_cast<void>(sys::terminal_set(fd_, 1, &saved_));
  }
  TerminalMode(const TerminalMode&) = delete;
  TerminalMode& operator=(const TerminalMode&) = delete;

 private:
  i32 fd_;
  bool changed_ = false;
  abi::Terminal saved_{};
};

class Read {
 public:
  Read(Invocation& invocation, const Request& request, std::span<const std::string> names)
      : invocation_(invocation), shell_(invocation.shell), request_(request), names_(names) {}

  ExitStatus run() {
    if (request_.has_fd && !shell_.input_ahead().holds(request_.fd)) {
      abi::Stat stat;
      if (const SysResult<i64> open = from_answer(sys::fstat(request_.fd, &stat)); !open) {
        invocation_.error(std::to_string(request_.fd) + ": invalid file descriptor",
                          errno_message(open.error()));
        return kFailure;
      }
    }
    if (request_.timeout == 0) {
      abi::PollEntry entry{request_.fd, abi::kPollIn, 0};
      return sys::poll(&entry, 1, 0) > 0 && (entry.revents & abi::kPollInvalid) == 0 ? kSuccess
                                                                                     : kFailure;
    }
    // bash: what is only asked whether there is input gets no names, nor looks at them.
    if (!names_.empty() && !check(names_[0])) return kFailure;
    if (request_.has_array && !Variables::is_valid_name(request_.array)) {
      invocation_.error("`" + std::string(request_.array) + "'", "not a valid identifier");
      return kFailure;
    }
    if (!request_.prompt.empty() && sys::is_terminal(request_.fd) == 1) {
      Shell::write_error(request_.prompt);
    }
    ExitStatus status = request_.characters == 0 ? kSuccess : read_line();
    if (stopped_) return status;
    return assign() ? status : kFailure;
  }

 private:
  bool check(std::string_view name) {
    if (Variables::is_valid_name(name) || shell_.expander().operand_reference(name)) return true;
    invocation_.error("`" + std::string(name) + "'", "not a valid identifier");
    return false;
  }

  ExitStatus read_line() {
    const TerminalMode mode(request_.fd, request_.silent, request_.characters > 0);
    if (shell_.jobs().count() != 0) shell_.descriptors().uncover();
    LineReader reader(request_.fd, shell_.input_ahead(), request_.delimiter);
    if (request_.timeout) {
      // bash: a timeout does not hold for a regular file, which never waits; nor does it here.
      reader.set_deadline(sys::clock(abi::kMonotonic) + *request_.timeout);
    }
    const bool bytes = shell_.options().byte_characters;
    i64 characters = 0;
    usize character_start = 0;
    for (;;) {
      if (request_.characters < 0 && line_.escaped.empty()) take_plain(reader);
      if (request_.characters > 0) reader.set_wanted(request_.characters - characters);
      char c = 0;
      switch (reader.next(c)) {
        case LineReader::Got::byte: break;
        case LineReader::Got::end: return kFailure;
        case LineReader::Got::timeout: return kTimedOut;
        case LineReader::Got::interrupted:
          if (!run_traps()) return stopped_status_;
          continue;
        case LineReader::Got::error:
          invocation_.error("read error: " + std::to_string(request_.fd),
                            errno_message(reader.error()));
          return kFailure;
      }
      bool escaped = false;
      if (c == '\\' && !request_.raw) {
        LineReader::Got got;
        while ((got = reader.next(c)) == LineReader::Got::interrupted) {
          if (!run_traps()) return stopped_status_;
        }
        if (got != LineReader::Got::byte)
          return got == LineReader::Got::timeout ? kTimedOut : kFailure;
        if (c == '\n') continue;
        escaped = true;
      }
      if (!escaped && c == request_.delimiter && !request_.exactly) return kSuccess;
      if (c == '\0') continue;  // bash drops it
      line_.put(c, escaped);
      if (request_.characters < 0) continue;
      // A character is complete when what has come of it decodes, or cannot any more.
      const std::string_view text = line_.text;
      if (!bytes && static_cast<unsigned char>(c) >= 0x80) {
        const utf8::Character character = utf8::decode(text, character_start);
        const bool invalid = character.code >= utf8::kInvalid;
        const auto lead = static_cast<unsigned char>(text[character_start]);
        const usize wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
        if (invalid && text.size() - character_start < wanted) continue;
      }
      character_start = text.size();
      if (++characters >= request_.characters) return kSuccess;
    }
  }

  // Takes what is there up to the first byte that means something.
  void take_plain(LineReader& reader) {
    const std::string_view ready = reader.buffered();
    usize count = 0;
    for (; count < ready.size(); ++count) {
      const char c = ready[count];
      if (c == request_.delimiter || c == '\0' || (c == '\\' && !request_.raw)) break;
    }
    line_.text.append(ready.substr(0, count));
    reader.skip(count);
  }

  // Runs the traps of the signals that broke a wait; false when one of them ends the command.
  bool run_traps() {
    shell_.traps().collect();
    const Flow flow = invocation_.executor.texts().run_pending_traps();
    if (flow == Flow::normal) return true;
    shell_.flow().pass_on(flow);
    stopped_ = true;
    // `exit N` in a trap says how all ends.
    if (flow == Flow::exit) stopped_status_ = shell_.last_status();
    return false;
  }

  bool set(std::string_view name, std::string_view value) {
    if (!Variables::is_valid_name(name)) {
      if (!check(name)) return false;
      return shell_.expander().assign_reference(name, value).has_value();
    }
    const VariableResult<void> done = shell_.variables().assign(name, value);
    if (!done) shell_.report(done.error());
    return done.has_value();
  }

  // bash: what -N reads is not split.
  static inline const std::string kNoSeparators;

  bool assign() {
    const std::string* ifs = shell_.expander().ifs();
    if (request_.has_array) return assign_array(request_.exactly ? &kNoSeparators : ifs);
    if (names_.empty()) return set("REPLY", line_.text);
    if (request_.exactly) {
      if (!set(names_[0], line_.text)) return false;
      for (const std::string& name : names_.subspan(1)) {
        if (!set(name, "")) return false;
      }
      return true;
    }
    Splitter splitter(line_, ifs);
    for (usize i = 0; i + 1 < names_.size(); ++i) {
      if (!set(names_[i], splitter.at_end() ? std::string_view() : splitter.field())) return false;
    }
    return set(names_.back(), splitter.at_end() ? std::string_view() : splitter.rest());
  }

  bool assign_array(const std::string* ifs) {
    Variables& variables = shell_.variables();
    const VariableResult<Variables::Target> target = variables.resolve(request_.array);
    const auto report = [&](const VariableError& error) {
      shell_.report(error);
      return false;
    };
    Variable* variable =
        target ? variables.find(target->name) : variables.reach_behind(request_.array);
    if (!target) {
      report(target.error());
      if (variable == nullptr) return false;
    }
    if (variable == nullptr) {
      const auto made = variables.declare(target->name, Placement::global);
      if (!made) return report(made.error());
      variable = *made;
    }
    if (variable->has(kAssociative)) {
      invocation_.error(request_.array, "cannot convert associative to indexed array");
      return false;
    }
    if (const auto cleared = variables.clear_array(*variable); !cleared) {
      return report(cleared.error());
    }
    Splitter splitter(line_, ifs);
    for (i64 index = 0; !splitter.at_end(); ++index) {
      const auto done = variables.assign_element(*variable, index, splitter.field());
      if (!done) return report(done.error());
    }
    return true;
  }

  Invocation& invocation_;
  Shell& shell_;
  const Request& request_;
  std::span<const std::string> names_;
  Line line_;
  bool stopped_ = false;
  ExitStatus stopped_status_ = 128 + signal_number::kInterrupt;
};

}  // namespace

ExitStatus read(Invocation& invocation) {
  Request request;
  OptionParser options(invocation, "ersa:d:i:n:p:t:u:N:");
  i64 number = 0;
  while (const char letter = options.next()) {
    const std::string_view argument = options.argument();
    switch (letter) {
      case 'e':
      case 'i': break;  // line editing is the terminal's own
      case 'r': request.raw = true; break;
      case 's': request.silent = true; break;
      case 'a':
        request.array = argument;
        request.has_array = true;
        break;
      case 'd': request.delimiter = argument.empty() ? '\0' : argument[0]; break;
      case 'p': request.prompt = argument; break;
      case 't':
        request.timeout = seconds(argument);
        if (!request.timeout) {
          invocation.error(argument, "invalid timeout specification");
          return kFailure;
        }
        break;
      case 'u':
        if (!arith::plain_number(argument, number) || number < 0 || number > 0x7fffffff) {
          invocation.error(argument, "invalid file descriptor specification");
          return kFailure;
        }
        request.fd = static_cast<i32>(number);
        request.has_fd = true;
        break;
      case 'n':
      case 'N':
        if (!arith::plain_number(argument, number) || number < 0) {
          invocation.error(argument, "invalid number");
          return kFailure;
        }
        request.characters = number;
        request.exactly = letter == 'N';
        break;
      default: return kUsage;
    }
  }
  return Read(invocation, request, options.operands()).run();
}

}  // namespace swebash::engine::builtins
