// SPDX-License-Identifier: Apache-2.0
#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/builtin.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/system/line_reader.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {

namespace {

struct Request {
  std::string_view callback;
  i64 quantum = 5000;
  i64 most = 0;  // lines; 0: all
  i64 origin = 0;
  i64 skip = 0;
  i32 fd = 0;
  bool has_fd = false;  // -u
  char delimiter = '\n';
  bool strip = false;
  bool clear = true;
};

// Reads up to and with the delimiter; false at the end with nothing read, or when a signal ends the
// command, whose status `status` is then.
bool read_line(TextRunner& texts, LineReader& reader, char delimiter, std::string& line,
               ExitStatus& status) {
  line.clear();
  for (;;) {
    char c = 0;
    switch (reader.next(c)) {
      case LineReader::Got::byte: break;
      case LineReader::Got::interrupted:
        if (texts.heed_signals()) continue;
        status = texts.shell().last_status();
        return false;
      default: return !line.empty();
    }
    line.push_back(c);
    if (c == delimiter) return true;
  }
}

ExitStatus fill(Invocation& invocation, const Request& request, std::string_view name) {
  Shell& shell = invocation.shell;
  TextRunner& texts = invocation.executor.texts();
  Variables& variables = shell.variables();
  const auto report = [&](const VariableError& error) {
    shell.report(error);
    return kFailure;
  };
  Variable* variable = variables.find(name);
  if (variable == nullptr) {
    const auto target = variables.resolve(name);
    if (!target) return report(target.error());
    if (target->has_subscript) {
      const std::string shown =
          std::string(target->name) + "[" + std::string(target->subscript) + "]";
      invocation.error("`" + shown + "'", "not a valid identifier");
      return kFailure;
    }
    const auto made = variables.declare(target->name, Placement::global);
    if (!made) return report(made.error());
    variable = *made;
    if (variable->has(kNameref)) {
      shell.report_message("warning: " + std::string(name) + ": removing nameref attribute");
      variables.drop_reference(*variable);
    }
  }
  if (variable->has(kAssociative)) {
    invocation.error(name, "not an indexed array");
    return kFailure;
  }
  if (request.clear || !variable->has(kIndexed)) {
    // With an origin the elements stay; a scalar is the first of them.
    std::optional<std::string> scalar;
    if (!request.clear && variable->text() != nullptr) scalar = *variable->text();
    if (const auto cleared = variables.clear_array(*variable); !cleared) {
      return report(cleared.error());
    }
    if (scalar) {
      if (const auto kept = variables.assign_element(*variable, 0, *scalar); !kept) {
        return report(kept.error());
      }
    }
  }
  LineReader reader(request.fd, request.most == 0 ? ReadAhead::keep : ReadAhead::give_back,
                    request.delimiter);
  std::string line;
  ExitStatus status = kSuccess;
  for (i64 i = 0; i < request.skip; ++i) {
    if (!read_line(texts, reader, request.delimiter, line, status)) return status;
  }
  for (i64 count = 1; request.most == 0 || count <= request.most; ++count) {
    if (!read_line(texts, reader, request.delimiter, line, status)) break;
    const i64 index = request.origin + count - 1;
    if ((request.strip || request.delimiter == '\0') && line.back() == request.delimiter) {
      line.pop_back();
    }
    // bash: a line ends where a NUL does.
    if (const usize nul = line.find('\0'); nul != std::string::npos) line.resize(nul);
    if (!request.callback.empty() && count % request.quantum == 0) {
      std::string command(request.callback);
      command.append(" ").append(std::to_string(index)).append(" ").append(quote_single(line));
      const Flow flow = texts.run_text(std::move(command), "eval", shell.line());
      if (flow != Flow::normal) {
        shell.flow().pass_on(flow);
        return kFailure;
      }
      // The callback may have unset the array.
      variable = variables.find(name);
      if (variable == nullptr || !variable->has(kIndexed)) return kFailure;
    }
    if (const auto done = variables.assign_element(*variable, index, line); !done) {
      return report(done.error());
    }
  }
  return status;
}

}  // namespace

ExitStatus mapfile(Invocation& invocation) {
  Request request;
  OptionParser options(invocation, "d:u:n:O:tC:c:s:");
  while (const char letter = options.next()) {
    const std::string_view argument = options.argument();
    i64 number = 0;
    const bool is_number = arith::plain_number(argument, number) && number >= 0;
    const auto invalid = [&](std::string_view what) {
      invocation.error(argument, what);
      return kFailure;
    };
    switch (letter) {
      case 'd': request.delimiter = argument.empty() ? '\0' : argument[0]; break;
      case 't': request.strip = true; break;
      case 'C': request.callback = argument; break;
      case 'u':
        if (!is_number || number > 0x7fffffff) {
          return invalid("invalid file descriptor specification");
        }
        request.fd = static_cast<i32>(number);
        request.has_fd = true;
        break;
      case 'n':
        if (!is_number) return invalid("invalid line count");
        request.most = number;
        break;
      case 's':
        if (!is_number) return invalid("invalid line count");
        request.skip = number;
        break;
      case 'O':
        if (!is_number) return invalid("invalid array origin");
        request.origin = number;
        request.clear = false;
        break;
      case 'c':
        if (!is_number || number == 0) return invalid("invalid callback quantum");
        request.quantum = number;
        break;
      default: return kUsage;
    }
  }
  abi::Stat stat;
  if (const SysResult<i64> open = from_answer(sys::fstat(request.fd, &stat));
      !open && request.has_fd) {
    invocation.error(std::to_string(request.fd) + ": invalid file descriptor",
                     errno_message(open.error()));
    return kFailure;
  }
  const std::span<const std::string> operands = options.operands();
  const std::string_view name = operands.empty() ? std::string_view("MAPFILE") : operands[0];
  if (!Variables::is_valid_name(name)) {
    if (name.empty()) {
      invocation.error("empty array variable name");
    } else {
      invocation.error("`" + std::string(name) + "'", "not a valid identifier");
    }
    return kFailure;
  }
  return fill(invocation, request, name);
}

}  // namespace swebash::engine::builtins
