// SPDX-License-Identifier: Apache-2.0
//
// history and fc: the commands that were typed.
#include <algorithm>

#include "engine/builtins/declarations.hpp"
#include "engine/exec.hpp"
#include "engine/files.hpp"

namespace swebash::engine::builtins {
namespace {

std::string history_file(Shell& shell, std::span<const std::string> operands) {
  if (!operands.empty()) return operands[0];
  const std::string* name = shell.variables().get("HISTFILE");
  return name == nullptr ? std::string() : *name;
}

std::string joined(const std::vector<HistoryEntry>& history, usize first) {
  std::string text;
  for (usize i = first; i < history.size(); ++i) text += history[i].text + "\n";
  return text;
}

bool write_file(const std::string& path, const std::string& text, u32 flags) {
  auto file = files::open(path, abi::kWrite | abi::kCreate | flags, 0600);
  return file && files::write_all(file->fd(), text).has_value();
}

// The index of the entry that fc's operand names: a number, a number back, or how it begins.
std::optional<usize> entry_index(const std::vector<HistoryEntry>& history, const std::string& text) {
  if (history.empty()) return std::nullopt;
  if (const auto number = parse_integer(text)) {
    const i64 size = static_cast<i64>(history.size());
    const i64 index = *number > 0 ? *number - 1 : size + *number - (*number == 0 ? 1 : 0);
    return static_cast<usize>(std::clamp<i64>(index, 0, size - 1));
  }
  for (usize i = history.size(); i-- > 0;) {
    if (history[i].text.starts_with(text)) return i;
  }
  return std::nullopt;
}

void list_entry(Output& out, usize number, std::string_view text, bool with_number) {
  if (with_number) {
    out.put_number(static_cast<i64>(number));
  }
  out.put("\t ");
  put_line(out, text);
}

}  // namespace

ExitStatus history(Invocation& invocation) {
  Shell& shell = invocation.shell;
  auto& entries = shell.history();
  char action = 0;
  std::string offset;
  OptionParser options(invocation, "acd:nprsw");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    if (letter == 'd') offset = options.argument();
    action = letter;
  }
  const auto operands = options.operands();
  switch (action) {
    case 'c':
      entries.clear();
      return kSuccess;
    case 'd': {
      const auto number = parse_integer(offset);
      const i64 size = static_cast<i64>(entries.size());
      const i64 index = !number ? -1 : *number < 0 ? size + *number : *number - 1;
      if (index < 0 || index >= size) {
        invocation.error(offset, "history position out of range");
        return kFailure;
      }
      entries.erase(entries.begin() + index);
      return kSuccess;
    }
    case 's': {
      std::string text;
      for (const std::string& word : operands) {
        if (!text.empty()) text += ' ';
        text += word;
      }
      if (!entries.empty() && shell.interactive()) entries.pop_back();
      entries.push_back({text, 0});
      return kSuccess;
    }
    case 'p':
      for (const std::string& word : operands) put_line(invocation.out, word);
      return kSuccess;
    case 'w':
    case 'a': {
      const std::string path = history_file(shell, operands);
      if (!write_file(path, joined(entries, 0),
                      action == 'w' ? u32{abi::kTruncate} : u32{abi::kAppend})) {
        invocation.error(path, "cannot create");
        return kFailure;
      }
      return kSuccess;
    }
    case 'r':
    case 'n': {
      const std::string path = history_file(shell, operands);
      if (!files::access(path, abi::kAccessRead)) {
        invocation.error(path, "No such file or directory");
        return kFailure;
      }
      const std::string text = files::read_text(path);
      for (usize at = 0; at < text.size();) {
        usize end = text.find('\n', at);
        if (end == std::string::npos) end = text.size();
        entries.push_back({text.substr(at, end - at), 0});
        at = end + 1;
      }
      return kSuccess;
    }
    default:
      break;
  }
  usize first = 0;
  if (!operands.empty()) {
    const auto count = parse_integer(operands[0]);
    if (!count || *count < 0) {
      invocation.error(operands[0], "numeric argument required");
      return kFailure;
    }
    if (static_cast<usize>(*count) < entries.size()) {
      first = entries.size() - static_cast<usize>(*count);
    }
  }
  for (usize i = first; i < entries.size(); ++i) {
    std::string number = std::to_string(i + 1);
    if (number.size() < 5) number.insert(0, 5 - number.size(), ' ');
    put_line(invocation.out, number + "  " + entries[i].text);
  }
  return kSuccess;
}

ExitStatus fc(Invocation& invocation) {
  Shell& shell = invocation.shell;
  auto& entries = shell.history();
  bool list = false, no_numbers = false, reverse = false, again = false;
  std::string editor;
  OptionParser options(invocation, "e:lnrs");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'e': editor = options.argument(); break;
      case 'l': list = true; break;
      case 'n': no_numbers = true; break;
      case 'r': reverse = true; break;
      default: again = true;
    }
  }
  auto operands = options.operands();
  if (editor == "-") again = true;
  // The fc itself is the last entry of a session's history.
  std::vector<HistoryEntry> known = entries;
  if (shell.interactive() && !known.empty()) known.pop_back();
  if (again) {
    std::string from, to;
    if (!operands.empty() && operands[0].find('=') != std::string::npos) {
      const usize equals = operands[0].find('=');
      from = operands[0].substr(0, equals);
      to = operands[0].substr(equals + 1);
      operands = operands.subspan(1);
    }
    const auto index = entry_index(known, operands.empty() ? "-1" : operands[0]);
    if (!index) {
      invocation.error("no command found");
      return kFailure;
    }
    std::string text = known[*index].text;
    if (!from.empty()) {
      for (usize at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
      }
    }
    Shell::write_error(text + "\n");
    if (!entries.empty()) entries.back().text = text;
    const Flow flow = shell.run_text(text);
    shell.request(flow, shell.loop_levels());
    return shell.last_status();
  }
  if (known.empty()) return list ? kSuccess : kFailure;
  const std::string first_text = operands.empty() ? (list ? "-16" : "-1") : operands[0];
  const auto first = entry_index(known, first_text);
  const auto last = operands.size() > 1          ? entry_index(known, operands[1])
                    : list                        ? std::optional<usize>(known.size() - 1)
                                                  : first;
  if (!first || !last) {
    invocation.error("history specification out of range");
    return kFailure;
  }
  usize low = std::min(*first, *last), high = std::max(*first, *last);
  if (*first > *last) reverse = !reverse;
  if (list) {
    for (usize i = 0; i <= high - low; ++i) {
      const usize index = reverse ? high - i : low + i;
      list_entry(invocation.out, index + 1, known[index].text, !no_numbers);
    }
    return kSuccess;
  }
  std::string text;
  for (usize i = 0; i <= high - low; ++i) text += known[reverse ? high - i : low + i].text + "\n";
  const std::string path = "/tmp/swebash-fc." + std::to_string(shell.task_pid());
  if (!write_file(path, text, abi::kExclusive)) {
    invocation.error(path, "cannot create temporary file");
    return kFailure;
  }
  if (editor.empty()) {
    for (const std::string_view name : {"FCEDIT", "EDITOR"}) {
      if (const std::string* value = shell.variables().get(name); value && editor.empty()) {
        editor = *value;
      }
    }
    if (editor.empty()) editor = "vi";
  }
  Flow flow = shell.run_text(editor + " " + path);
  ExitStatus status = shell.last_status();
  if (flow == Flow::normal && status == kSuccess) {
    const std::string edited = files::read_text(path);
    static_cast<void>(files::unlink(path));
    Shell::write_error(edited);
    flow = shell.run_text(edited);
    status = shell.last_status();
  } else {
    static_cast<void>(files::unlink(path));
  }
  shell.request(flow, shell.loop_levels());
  return status;
}

}  // namespace swebash::engine::builtins
