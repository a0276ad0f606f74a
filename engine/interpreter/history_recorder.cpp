// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/history_recorder.hpp"

#include <algorithm>

#include "abi/guest.hpp"
#include "engine/arithmetic/arith.hpp"
#include "engine/system/files.hpp"
#include "engine/system/users.hpp"
#include "engine/text/pattern.hpp"

namespace swebash::engine {
namespace {

i64 now() { return sys::clock(abi::kRealtime) / 1'000'000'000; }

// Calls `part` for each part of a list separated by colons.
template <typename Function>
void for_each_part(std::string_view list, Function part) {
  while (!list.empty()) {
    const usize colon = std::min(list.find(':'), list.size());
    part(list.substr(0, colon));
    list.remove_prefix(std::min(colon + 1, list.size()));
  }
}

struct Control {
  bool spaces = false, repeated = false, erase = false;

  explicit Control(std::string_view text) {
    for_each_part(text, [this](std::string_view word) {
      if (word == "ignorespace" || word == "ignoreboth") spaces = true;
      if (word == "ignoredups" || word == "ignoreboth") repeated = true;
      if (word == "erasedups") erase = true;
    });
  }
};

// Makes the directories of `path` that are missing, for the user alone.
void make_directories(const std::string& path) {
  for (usize at = 1; (at = path.find('/', at)) != std::string::npos; ++at) {
    const std::string directory = path.substr(0, at);
    if (!files::is_directory(directory) && !files::mkdir(directory, 0700)) return;
  }
}

// The directory that the system has for the user.
std::string own_home() {
  abi::TaskInfo info{};
  sys::task_info(&info);
  const auto name = AccountFile(AccountFile::kUsers).name_of(info.effective_uid);
  return name ? AccountFile(AccountFile::kUsers).home_of(*name).value_or("") : std::string();
}

}  // namespace

std::string HistoryRecorder::value(std::string_view name) const {
  const std::string* text = host_.variables().get(name);
  return text == nullptr ? std::string() : *text;
}

std::string HistoryRecorder::file() const { return value("HISTFILE"); }

History::Times HistoryRecorder::times() const {
  // bash: a script has to set the variable itself.
  const bool wanted = times_wanted_ || in_session_;
  return wanted && host_.variables().get("HISTTIMEFORMAT") != nullptr ? History::Times::yes
                                                                      : History::Times::no;
}

HistoryExpander::Options HistoryRecorder::expansion_options() const {
  HistoryExpander::Options options;
  const std::string marks = value("histchars");
  if (!marks.empty()) options.mark = marks[0];
  if (marks.size() > 1) options.quick = marks[1];
  if (marks.size() > 2) options.comment = marks[2];
  options.extglob = on(ShellOption::extglob);
  options.posix = on(SetOption::posix);
  return options;
}

void HistoryRecorder::line_read(std::string& line, bool continues) {
  if (!continues) {
    lines_.clear();
    keeping_ = kept_ = false;
  }
  if (!on(SetOption::history)) return;
  std::string_view text = line;
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (on(SetOption::histexpand) && !text.empty()) {
    HistoryExpander::Options options = expansion_options();
    options.before = continues ? left_open(lines_) : OpenText::none;
    // bash: the lines of a command do not refer to itself.
    options.unfinished = continues && kept_ && on(ShellOption::cmdhist) ? 1 : 0;
    std::string expanded;
    const auto outcome = expander_.expand(text, history_, options, expanded);
    switch (outcome) {
      case HistoryExpander::Outcome::unchanged: break;
      case HistoryExpander::Outcome::failed:
        host_.report_message(expanded);
        line = "\n";
        return;
      case HistoryExpander::Outcome::print_only:
        static_cast<void>(files::write_all(2, expanded + "\n"));
        keep(expanded);
        line = "\n";
        return;
      case HistoryExpander::Outcome::changed:
        static_cast<void>(files::write_all(2, expanded + "\n"));
        line = expanded + "\n";
        text = std::string_view(line).substr(0, expanded.size());
        break;
    }
  }
  if (!continues) {
    keep(text);
  } else if (keeping_ && kept_) {
    if (on(ShellOption::cmdhist)) {
      if (!text.empty() || left_open(lines_) != OpenText::none) {
        const bool literally = on(ShellOption::lithist);
        if (left_open(lines_) == OpenText::continued) {
          // The backslash goes with the line break it took.
          std::string joined = history_.entries().back().text;
          joined.pop_back();
          history_.replace_last(joined + std::string(text));
        } else {
          history_.extend(literally ? "\n" : line_joint(lines_));
          history_.extend(text);
        }
      }
    } else {
      keep(text);
    }
  }
  lines_ += text;
  lines_ += '\n';
}

bool HistoryRecorder::ignored(std::string_view text) const {
  const Control control(value("HISTCONTROL"));
  if (control.spaces && (text[0] == ' ' || text[0] == '\t')) return true;
  const auto& entries = history_.entries();
  const bool repeats = !entries.empty() && entries.back().text == text;
  if (control.repeated && repeats) return true;
  bool matches = false;
  for_each_part(value("HISTIGNORE"), [&](std::string_view pattern) {
    if (matches || pattern.empty()) return;
    if (pattern == "&") {
      matches = repeats;
      return;
    }
    matches = Pattern(pattern, {.extglob = on(ShellOption::extglob)}).matches(text);
  });
  return matches;
}

void HistoryRecorder::keep(std::string_view text) {
  if (text.find_first_not_of(" \t") == std::string_view::npos || ignored(text)) return;
  add(std::string(text));
  keeping_ = kept_ = true;
}

void HistoryRecorder::command_read() {
  if (chosen_file_.empty() || !kept_ || !on(ShellOption::histappend)) return;
  const std::string path = file();
  if (path == chosen_file_) static_cast<void>(history_.append_file(path, times()));
}

void HistoryRecorder::forget_command() {
  if (!std::exchange(kept_, false) || history_.entries().empty()) return;
  history_.remove(history_.entries().size() - 1);
}

void HistoryRecorder::add(std::string text) {
  if (!text.empty() && ignored(text)) return;
  if (Control(value("HISTCONTROL")).erase) {
    for (usize i = history_.entries().size(); i-- > 0;) {
      if (history_.entries()[i].text == text) history_.remove(i);
    }
  }
  // bash: before a script has asked for times there are none.
  history_.add(std::move(text), times_wanted_ || in_session_ ? now() : 0);
}

void HistoryRecorder::load() {
  if (history_.added() != 0 || !history_.entries().empty()) return;
  const std::string path = file();
  if (!path.empty()) static_cast<void>(history_.read_file(path, History::ReadFrom::start));
}

void HistoryRecorder::choose_file(std::string_view name) {
  if (host_.variables().get("HISTFILE") != nullptr) return;
  // Called as bash, the shell behaves as that: without HOME it is the user's directory all the
  // same.
  if (name.substr(name.rfind('/') + 1) == "bash") {
    const std::string* variable = host_.variables().get("HOME");
    const std::string home = variable != nullptr ? *variable : own_home();
    chosen_file_ = home + "/.bash_history";
    static_cast<void>(host_.variables().assign("HISTFILE", chosen_file_));
    return;
  }
  std::string base = value("XDG_STATE_HOME");
  if (!base.starts_with('/')) {
    base = value("HOME");
    if (!base.starts_with('/')) return;
    base += "/.local/state";
  }
  chosen_file_ = base + "/swebash/history";
  make_directories(chosen_file_);
  static_cast<void>(host_.variables().assign("HISTFILE", chosen_file_));
}

void HistoryRecorder::start_session(std::string_view name) {
  const auto set_default = [&](std::string_view variable, std::string_view text) {
    if (host_.variables().get(variable) == nullptr) {
      static_cast<void>(host_.variables().assign(variable, text));
    }
  };
  in_session_ = true;
  choose_file(name);
  set_default("HISTSIZE", "500");
  set_default("HISTFILESIZE", value("HISTSIZE"));
}

void HistoryRecorder::save() {
  if (!on(SetOption::history)) return;
  const std::string path = file();
  if (path.empty() || history_.added() == 0) return;
  // bash: what was dropped from the list meanwhile is worth more than the file's old lines only
  // where the user wants no appending.
  const bool all_there = history_.added() <= history_.entries().size();
  if (on(ShellOption::histappend) || all_there) {
    static_cast<void>(history_.append_file(path, times()));
  } else {
    static_cast<void>(history_.write_file(path, times()));
  }
  trim_file();
}

void HistoryRecorder::trim_file() {
  const std::string path = file();
  i64 limit = 0;
  if (!path.empty() && arith::plain_number(value("HISTFILESIZE"), limit) && limit >= 0) {
    History::trim_file(path, static_cast<usize>(limit));
  }
}

void HistoryRecorder::set_size(const std::string* text) {
  i64 limit = 0;
  if (text == nullptr || text->empty() || !arith::plain_number(*text, limit) || limit < 0) {
    history_.set_limit(std::nullopt);
  } else {
    history_.set_limit(static_cast<usize>(limit));
  }
}

}  // namespace swebash::engine
