// SPDX-License-Identifier: Apache-2.0
//
// history and fc: the commands that were typed.
#include <algorithm>

#include "engine/builtins/declarations.hpp"
#include "engine/interpreter/exec.hpp"
#include "engine/system/files.hpp"
#include "engine/system/time_format.hpp"

namespace swebash::engine::builtins {
namespace {

using Entries = History::Entries;

std::string file_operand(Shell& shell, std::span<const std::string> operands) {
  return operands.empty() ? shell.recorder().file() : operands[0];
}

// A position in the list: a number of an entry, or one from the end; empty when there is none.
std::optional<usize> position(const History& history, std::string_view text) {
  const auto number = parse_integer(text);
  if (!number) return std::nullopt;
  const i64 size = static_cast<i64>(history.entries().size());
  const i64 index = *number < 0 ? size + *number : *number - history.first_number();
  if (index < 0 || index >= size) return std::nullopt;
  return static_cast<usize>(index);
}

ExitStatus delete_entries(Invocation& invocation, const std::string& offset) {
  History& history = invocation.shell.recorder().history();
  const auto fail = [&](std::string_view what) {
    invocation.error(what, "history position out of range");
    return kFailure;
  };
  const usize dash = offset.find('-', 1);
  if (dash == std::string::npos) {
    const auto index = position(history, offset);
    if (!index) return fail(offset);
    history.remove(*index);
    return kSuccess;
  }
  const std::string from = offset.substr(0, dash), to = offset.substr(dash + 1);
  if (!parse_integer(from) || !parse_integer(to)) return fail(offset);
  const auto first = position(history, from), last = position(history, to);
  if (!first) return fail(from);
  if (!last || *last < *first) return fail(to);
  for (usize i = *last + 1; i-- > *first;) history.remove(i);
  return kSuccess;
}

ExitStatus list_entries(Invocation& invocation, std::span<const std::string> operands) {
  Shell& shell = invocation.shell;
  const History& history = shell.recorder().history();
  const Entries& entries = history.entries();
  usize first = 0;
  if (!operands.empty()) {
    const auto count = parse_integer(operands[0]);
    if (!count) {
      invocation.error(operands[0], "numeric argument required");
      return kFailure;
    }
    if (operands.size() > 1) {
      invocation.error("too many arguments");
      shell.flow().ask_discard();
      return kFailure;
    }
    const u64 wanted = static_cast<u64>(*count < 0 ? -*count : *count);
    if (wanted < entries.size()) first = entries.size() - static_cast<usize>(wanted);
  }
  const std::string* format = shell.variables().get("HISTTIMEFORMAT");
  const std::string* zone = shell.variables().get("TZ");
  for (usize i = first; i < entries.size(); ++i) {
    std::string text = std::to_string(history.first_number() + static_cast<i64>(i));
    if (text.size() < 5) text.insert(0, 5 - text.size(), ' ');
    text += "  ";
    if (format != nullptr && !format->empty()) {
      if (entries[i].time == 0) {
        text += "??";
      } else {
        const auto time = local_time(entries[i].time, zone == nullptr ? std::string_view() : *zone);
        append_time(text, *format, time, entries[i].time);
      }
    }
    put_line(invocation.out, text + entries[i].text);
  }
  return kSuccess;
}

ExitStatus use_file(Invocation& invocation, char action, std::span<const std::string> operands) {
  HistoryRecorder& recorder = invocation.shell.recorder();
  History& history = recorder.history();
  const std::string path = file_operand(invocation.shell, operands);
  if (invocation.shell.restricted() && !operands.empty() && path.find('/') != std::string::npos) {
    invocation.error(path, "restricted");
    return kFailure;
  }
  // Without a file there is nothing to read.
  if (path.empty()) return action == 'n' || action == 'r' ? kFailure : kSuccess;
  bool done = false;
  switch (action) {
    case 'w': done = history.write_file(path, recorder.times()); break;
    case 'a': done = history.append_file(path, recorder.times()); break;
    case 'r': done = history.read_file(path, History::ReadFrom::start); break;
    default: done = history.read_file(path, History::ReadFrom::unread);
  }
  if (done) return kSuccess;
  const u32 mode = action == 'w' || action == 'a' ? abi::kAccessWrite : abi::kAccessRead;
  std::string_view why = "No such file or directory";
  if (files::is_directory(path)) {
    why = "Is a directory";
  } else if (files::access(path, 0) && !files::access(path, mode)) {
    why = "Permission denied";
  }
  // bash: only a file that should be made, to append to, is told of.
  if (action == 'a' && !files::access(path, 0)) {
    invocation.error(path + ": cannot create", why);
  }
  return kFailure;
}

// -p: shows what history expansion makes of the operands.
ExitStatus show_expanded(Invocation& invocation, std::span<const std::string> operands) {
  HistoryRecorder& recorder = invocation.shell.recorder();
  recorder.forget_command();
  ExitStatus status = kSuccess;
  for (const std::string& word : operands) {
    std::string text;
    switch (
        recorder.expander().expand(word, recorder.history(), recorder.expansion_options(), text)) {
      case HistoryExpander::Outcome::failed:
        invocation.error(word, "history expansion failed");
        status = kFailure;
        break;
      case HistoryExpander::Outcome::unchanged: put_line(invocation.out, word); break;
      default: put_line(invocation.out, text);
    }
  }
  return status;
}

std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) {
    if (&word != words.data()) text += ' ';
    text += word;
  }
  return text;
}

// fc's view of the list: without the fc command that runs.
struct Known {
  const History& history;
  usize count;

  explicit Known(HistoryRecorder& recorder)
      : history(recorder.history()),
        count(history.entries().size() - (recorder.kept() && !history.entries().empty() ? 1 : 0)) {}

  // The index of the entry that fc's operand names: a number, a number back, or how it begins.
  // bash: in a list, what comes after them all begins at the first and ends at the last.
  enum class End : u8 { first, last };
  [[nodiscard]] std::optional<usize> find(std::string_view text, bool listing,
                                          End end = End::last) const {
    if (count == 0) return std::nullopt;
    if (const auto number = parse_integer(text)) {
      const i64 size = static_cast<i64>(count);
      i64 index = *number - history.first_number();
      if (*number < 0) {
        index = size + *number;
      } else if (*number == 0) {
        // bash: 0 is the command that runs when listing, the one before it when editing.
        index = listing ? size : size - 1;
      }
      if (listing && *number > 0 && index >= size) return end == End::first ? 0 : count - 1;
      const i64 last = static_cast<i64>(history.entries().size()) - 1;
      return static_cast<usize>(
          std::clamp<i64>(index, 0, listing ? std::max(last, size - 1) : size - 1));
    }
    for (usize i = count; i-- > 0;) {
      if (history.entries()[i].text.starts_with(text)) return i;
    }
    return std::nullopt;
  }
};

// Runs `text` as if it had been typed.
ExitStatus run_again(Invocation& invocation, const std::string& text) {
  Shell& shell = invocation.shell;
  Shell::write_error(text + "\n");
  shell.recorder().forget_command();
  shell.recorder().add(text);
  const Flow flow = invocation.executor.texts().run_text(text);
  shell.flow().pass_on(flow);
  return shell.last_status();
}

ExitStatus repeat(Invocation& invocation, std::span<const std::string> operands) {
  std::vector<std::pair<std::string, std::string>> changes;
  while (!operands.empty() && operands[0].find('=') != std::string::npos) {
    const usize equals = operands[0].find('=');
    changes.emplace_back(operands[0].substr(0, equals), operands[0].substr(equals + 1));
    operands = operands.subspan(1);
  }
  const Known known(invocation.shell.recorder());
  const auto index = known.find(operands.empty() ? "-1" : operands[0], false);
  if (!index) {
    invocation.error("no command found");
    return kFailure;
  }
  std::string text = known.history.entries()[*index].text;
  for (const auto& [from, to] : changes) {
    for (usize at = 0; !from.empty() && (at = text.find(from, at)) != std::string::npos;
         at += to.size()) {
      text.replace(at, from.size(), to);
    }
  }
  return run_again(invocation, text);
}

ExitStatus edit(Invocation& invocation, const std::string& text, std::string editor) {
  Shell& shell = invocation.shell;
  const std::string* directory = shell.variables().get("TMPDIR");
  const std::string path = (directory == nullptr || directory->empty() ? "/tmp" : *directory) +
                           "/swebash-fc." + std::to_string(shell.task_pid());
  {
    auto file = files::open(path, abi::kWrite | abi::kCreate | abi::kExclusive, 0600);
    if (!file || !files::write_all(file->fd(), text)) {
      invocation.error(path, "cannot open temp file");
      return kFailure;
    }
  }
  if (editor.empty()) editor = "${FCEDIT:-${EDITOR:-vi}}";
  shell.recorder().forget_command();
  Flow flow = invocation.executor.texts().run_text(editor + " " + path);
  ExitStatus status = shell.last_status();
  const std::string edited = files::read_text(path);
  static_cast<void>(files::unlink(path));
  if (flow == Flow::normal && status == kSuccess) {
    Shell::write_error(edited);
    std::string_view entry = edited;
    while (entry.ends_with('\n')) entry.remove_suffix(1);
    if (!entry.empty()) shell.recorder().add(std::string(entry));
    flow = invocation.executor.texts().run_text(edited);
    status = shell.last_status();
  }
  shell.flow().pass_on(flow);
  return status;
}

}  // namespace

ExitStatus history(Invocation& invocation) {
  HistoryRecorder& recorder = invocation.shell.recorder();
  bool clear = false;
  char action = 0;
  std::string offset;
  OptionParser options(invocation, "acd:nprsw");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'c': clear = true; break;
      case 'd': offset = options.argument(); [[fallthrough]];
      case 'p':
      case 's': action = letter; break;
      default:
        if (action != 0 && action != letter &&
            std::string_view("anrw").find(action) != std::string_view::npos) {
          invocation.error("cannot use more than one of -anrw");
          return kFailure;
        }
        action = letter;
    }
  }
  const auto operands = options.operands();
  if (clear) recorder.history().clear();
  switch (action) {
    case 0: return clear ? kSuccess : list_entries(invocation, operands);
    case 'd': return delete_entries(invocation, offset);
    case 'p': return show_expanded(invocation, operands);
    case 's':
      if (operands.empty()) return kSuccess;
      recorder.forget_command();
      recorder.add(joined(operands));
      return kSuccess;
    default: return use_file(invocation, action, operands);
  }
}

ExitStatus fc(Invocation& invocation) {
  Shell& shell = invocation.shell;
  HistoryRecorder& recorder = shell.recorder();
  bool list = false, no_numbers = false, reverse = false, again = false;
  std::string editor;
  // A number back looks like an option and is an operand.
  const auto numeric = std::ranges::find_if(invocation.arguments, [](const std::string& word) {
    return word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
  });
  const usize cut = static_cast<usize>(numeric - invocation.arguments.begin());
  Invocation head = invocation;
  head.arguments = invocation.arguments.subspan(0, cut);
  OptionParser options(head, "e:lnrs");
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
  const auto operands = invocation.arguments.subspan(cut - options.operands().size());
  if (again || editor == "-") return repeat(invocation, operands);

  const Known known(recorder);
  if (known.count == 0) return kSuccess;
  const auto first =
      known.find(operands.empty() ? (list ? "-16" : "-1") : std::string_view(operands[0]), list,
                 Known::End::first);
  const auto last = operands.size() > 1 ? known.find(operands[1], list)
                    : list              ? std::optional<usize>(known.count - 1)
                                        : first;
  if (!first || !last) {
    // Numbers are always found.
    invocation.error("no command found");
    return kFailure;
  }
  usize low = std::min(*first, *last), high = std::max(*first, *last);
  if (*first > *last) reverse = !reverse;
  const auto at = [&](usize i) { return reverse ? high - i : low + i; };
  if (list) {
    for (usize i = 0; i <= high - low; ++i) {
      std::string text;
      if (!no_numbers) {
        text = std::to_string(known.history.first_number() + static_cast<i64>(at(i)));
      }
      put_line(invocation.out, text + "\t " + known.history.entries()[at(i)].text);
    }
    return kSuccess;
  }
  std::string text;
  for (usize i = 0; i <= high - low; ++i) text += known.history.entries()[at(i)].text + "\n";
  return edit(invocation, text, editor);
}

}  // namespace swebash::engine::builtins
