// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/line_completer.hpp"

#include <algorithm>

#include "engine/editing/generate.hpp"

namespace swebash::engine {
namespace {

// As bash calls them, to their functions.
constexpr std::string_view kEmptyLine = "_EmptycmD_", kFirstWord = "_InitialWorD_";
// How often a function may ask to be looked up again.
constexpr u32 kMostRetries = 32;
// The reserved words after which a command begins.
constexpr std::string_view kLeaders[] = {"!",    "do",   "elif",  "else", "if",
                                         "then", "time", "until", "while"};

bool has_option(u32 options, std::string_view name) {
  return (options & completion_option(name)) != 0;
}

}  // namespace

bool LineCompleter::by_specification() {
  CompletionSpecs& specs = shell_.completions();
  const bool any = shell_.on(ShellOption::progcomp) && !specs.table().empty();
  const bool first_word = specs.find(kFirstWordCompletion) != nullptr;
  if (text_.starts_with('`') && word_.quote != '\'' &&
      (position_ != Position::argument || in_backquotes(line_, word_.end + 1))) {
    return false;
  }
  if (position_ != Position::argument && !text_.empty() && !first_word) return false;
  CommandAt command = find_command_at(line_, point_, word_.begin, word_.end);
  pass_over_reserved(command);
  const std::string_view name = view(command.name_begin, command.name_end);
  std::optional<u32> found = find_for(command, name, any);
  if (!found && any && first_word && position_ == Position::command) {
    found = programmable(kFirstWordCompletion, kFirstWord, command);
  }
  if (!found) return false;
  if (has_option(*found, "filenames")) are_files_ = true;
  no_space_ = has_option(*found, "nospace");
  no_quote_ = has_option(*found, "noquote");
  no_sort_ = has_option(*found, "nosort");
  if (!found_.empty()) return true;
  if (has_option(*found, "bashdefault")) {
    by_bash_default();
    if (!found_.empty()) return true;
  }
  if (has_option(*found, "default")) add_files();
  return true;
}

void LineCompleter::pass_over_reserved(CommandAt& command) {
  CompletionSpecs& specs = shell_.completions();
  for (;;) {
    const std::string_view name = view(command.name_begin, command.name_end);
    if (std::ranges::find(kLeaders, name) == std::end(kLeaders) ||
        command.name_end >= word_.begin || specs.find(name) != nullptr ||
        specs.find(kDefaultCompletion) != nullptr) {
      return;
    }
    command.begin = command.name_end;
    while (command.begin < line_.size() && is_blank(line_[command.begin])) ++command.begin;
    command.name_begin = command.begin;
    command.name_end = find_delimiter(line_, command.begin, "()<>;&| \t\n");
    if (command.begin >= word_.begin) position_ = Position::command;
  }
}

std::optional<u32> LineCompleter::find_for(const CommandAt& command, std::string_view name,
                                           bool any) {
  const usize s = command.name_begin, e = command.end, e1 = command.name_end;
  const usize start = word_.begin, end = word_.end;
  const bool first_word = shell_.completions().find(kFirstWordCompletion) != nullptr;
  const auto set_command = [&](bool is) {
    position_ = is ? Position::command : Position::argument;
  };
  if (start == 0 && end == 0 && e != 0 && text_.empty()) return std::nullopt;
  if (start == end && start == s && e != 0 && e1 > end) return std::nullopt;
  if (e == 0 && e == s && text_.empty() && any) {
    return programmable(kEmptyLineCompletion, kEmptyLine, command);
  }
  if (start == end && text_.empty() && s > start && is_blank(at(start))) return std::nullopt;
  if (e > s && !command.after_assignment && e1 == end && e >= line_.size() &&
      !is_blank(at(e - 1))) {
    set_command(s == start && name == text_);
    return std::nullopt;
  }
  if (e > s && !command.after_assignment && any) {
    std::optional<u32> found = programmable(name, name, command);
    set_command(s == start && (first_word || name == text_));
    if (first_word && position_ == Position::command) found.reset();
    return found;
  }
  if (s >= e && name.empty() && text_.empty() && start > 0 && !command.after_assignment &&
      is_in(at(start - 1), kCommandSeparators)) {
    set_command(true);
  } else if (s >= e && text_.empty() && start > 0) {
    if (command.after_assignment) set_command(true);
  } else if (s == start && e == end && name == text_ && start > 0) {
    set_command(true);
  }
  return std::nullopt;
}

std::optional<u32> LineCompleter::programmable(std::string_view key, std::string_view name,
                                               const CommandAt& command) {
  std::string line(view(command.begin, command.end));
  usize point = point_ > command.begin ? point_ - command.begin : 0;
  std::string looked_up(key);
  const CompletionSpec* last = nullptr;
  for (u32 tries = 0; tries < kMostRetries; ++tries) {
    bool again = false;
    std::optional<u32> found = ask(looked_up, name, line, point, last, again);
    const usize slash = looked_up.rfind('/');
    if (!found && !again && slash != std::string::npos && slash + 1 < looked_up.size()) {
      found = ask(looked_up.substr(slash + 1), name, line, point, last, again);
    }
    if (!found && !again) {
      found = ask(kDefaultCompletion, name, line, point, last, again);
    }
    if (again) continue;
    if (found) return found;
    if (!shell_.on(ShellOption::progcomp_alias) || !put_alias(looked_up, line, point)) {
      return std::nullopt;
    }
    alias_name_ = looked_up;
    name = alias_name_;
  }
  return std::nullopt;
}

bool LineCompleter::put_alias(std::string& name, std::string& line, usize& point) {
  const auto alias = shell_.aliases().find(name);
  if (alias == shell_.aliases().end() || alias->second.empty()) return false;
  const std::string& text = alias->second;
  if (point >= name.size()) {
    point = point - name.size() + text.size();
  } else {
    point = text.size();
  }
  line.replace(0, name.size(), text);
  name = text.substr(0, find_delimiter(text, 0, "()<>;&| \t\n"));
  return !name.empty();
}

std::optional<u32> LineCompleter::ask(std::string_view key, std::string_view name,
                                      const std::string& line, usize point,
                                      const CompletionSpec*& last, bool& again) {
  CompletionSpec* const spec = shell_.completions().find(key);
  // bash: one that asks again must have put another in its place.
  if (spec == nullptr || spec == last) return std::nullopt;
  last = spec;
  const CompletionSpec kept = *spec;  // its function may take it away
  u32 options = kept.options;
  CompletionSituation situation{.line = line,
                                .point = std::min(point, line.size()),
                                .type = type_,
                                .key = key_,
                                .words = split_command(line, point, breaks_),
                                .quote = word_.quote};
  auto& words = situation.words;
  if (name.empty() && !words.words.empty() && !words.words[0].empty()) {
    words.words.insert(words.words.begin(), std::string());
    ++words.current;
  }
  const ExitStatus status = shell_.last_status();
  const std::vector<ExitStatus> statuses = shell_.pipe_status();
  GeneratedWords generated =
      completion_words(executor_, kept, name, std::string(text_), situation, options);
  // What goes wrong in a completion, or is given up, ends no more than that.
  static_cast<void>(shell_.flow().take());
  shell_.set_status(status);
  shell_.set_pipe_status(statuses);
  again = generated.again;
  if (again) {
    // The same place may hold another one now.
    const CompletionSpec* const now = shell_.completions().find(key);
    if (now != nullptr && !same(*now, kept)) last = nullptr;
    return std::nullopt;
  }
  found_ = std::move(generated.words);
  are_files_ = generated.are_files;
  marks_links_ = generated.marks_links;
  return options;
}

bool LineCompleter::same(const CompletionSpec& left, const CompletionSpec& right) {
  return left.function == right.function && left.command == right.command &&
         left.words == right.words && left.actions == right.actions && left.glob == right.glob &&
         left.options == right.options;
}

}  // namespace swebash::engine
