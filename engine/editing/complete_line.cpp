// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/complete_line.hpp"

#include <algorithm>

#include "engine/editing/completion_quoting.hpp"
#include "engine/editing/line_completer.hpp"
#include "engine/editing/line_words.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine {

bool in_backquotes(std::string_view line, usize size) {
  bool open = false;
  for (usize i = 0; i < size && i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '`') {
      open = !open;
    }
  }
  return open;
}

LineCompleter::LineCompleter(Executor& executor, std::string_view line, usize point, i32 type,
                             i32 key)
    : executor_(executor), shell_(executor.shell()), line_(line), type_(type), key_(key) {
  const std::string* breaks = shell_.variables().get("COMP_WORDBREAKS");
  if (breaks != nullptr) breaks_ = *breaks;
  point_ = std::min(point, line.size());
  word_ = find_completed_word(line_, point_, breaks_);
  text_ = line_.substr(word_.begin, word_.end - word_.begin);
}

LineCompletion LineCompleter::run() {
  find_position();
  if (!refused_ && !by_specification()) by_default();
  if (refused_) found_.clear();
  return finish();
}

bool LineCompleter::no_separator(usize index) const {
  const char before = index > 0 ? line_[index - 1] : '\0';
  const char c = line_[index];
  return (c == '&' && (before == '<' || before == '>')) || (c == '|' && before == '>') ||
         (c == '{' && before == '$') || is_quoted_at(line_, index);
}

void LineCompleter::find_position() {
  usize before = word_.begin;
  const auto skip_blanks = [&] {
    while (before > 0 && is_blank(line_[before - 1])) --before;
  };
  skip_blanks();
  if (before > 0 && (line_[before - 1] == '"' || line_[before - 1] == '\'')) {
    --before;
    skip_blanks();
  }
  if (before == 0) {
    position_ = Position::command;
  } else if (is_in(line_[before - 1], kCommandSeparators)) {
    const usize index = before - 1;
    position_ = no_separator(index) ? Position::not_command : Position::command;
    if (position_ == Position::command && is_stray_parenthesis(index)) refused_ = true;
    if (line_[index] == '`' && !text_.starts_with('`') && !in_backquotes(line_, word_.end)) {
      position_ = Position::not_command;
    }
  }
}

bool LineCompleter::is_stray_parenthesis(usize index) const {
  if (line_[index] != '(' || index == 0 || is_in(line_[index - 1], "$<>")) return false;
  usize before = index - 1;
  while (before > 0 && is_blank(line_[before])) --before;
  return before > 0 && !is_in(line_[before], kCommandSeparators);
}

LineCompletion LineCompleter::finish() {
  if (!no_sort_) std::ranges::sort(found_);
  found_.erase(std::ranges::unique(found_).begin(), found_.end());
  if (are_files_) leave_out_ignored();
  LineCompletion completion{.begin = word_.begin, .end = word_.end};
  completion.are_files = are_files_;
  completion.marks_links = marks_links_;
  completion.no_space = no_space_ || (is_pattern_list());
  completion.quote = word_.quote;
  if (word_.quote != 0) completion.begin = word_.begin - 1;
  const NameQuoting how{.breaks = breaks_,
                        .quote = word_.quote,
                        .history = shell_.on(SetOption::histexpand),
                        .variables = expands_};
  const bool quotes = are_files_ && !no_quote_;
  const auto written = [&](std::string_view name, NameEnd end) {
    if (quotes) return quote_completed(name, how, end);
    return word_.quote == 0 ? std::string(name) : word_.quote + std::string(name);
  };
  for (const std::string& name : found_) {
    CompletionCandidate& candidate = completion.candidates.emplace_back();
    candidate.word = name;
    candidate.inserted = written(name, NameEnd::closed);
    const auto described =
        std::ranges::find(descriptions_, name, [](const auto& row) { return row.first; });
    if (described != descriptions_.end()) candidate.description = described->second;
  }
  if (found_.size() == 1) {
    completion.common = completion.candidates[0].inserted;
  } else if (!found_.empty()) {
    completion.common = written(common_beginning(), NameEnd::open);
  }
  completion.written_directory = written_directory_;
  completion.directory = directory_;
  if (is_variable_ && found_.size() == 1) {
    const std::string path = expanded(found_[0]);
    if (path != found_[0] && files::is_directory(path)) completion.ending = '/';
  }
  // Each of them is a home directory.
  if (are_users_) completion.ending = '/';
  // bash: where a directory of this name is at hand, it may be meant.
  if (are_commands_ && found_.size() == 1 && files::is_directory(found_[0])) {
    completion.no_space = true;
    completion.are_files = false;
  }
  if (are_commands_) completion.are_files = false;
  return completion;
}

bool LineCompleter::is_pattern_list() const {
  return found_.size() > 1 && type_ == completion_type::kIfAmbiguous && is_in('*', text_);
}

std::string LineCompleter::common_beginning() const {
  std::string_view common = found_[0];
  for (const std::string& name : found_) {
    const auto [left, right] = std::ranges::mismatch(common, name);
    common = common.substr(0, static_cast<usize>(left - common.begin()));
  }
  // No half of a character.
  while (!common.empty() && common.size() < found_[0].size() &&
         (static_cast<u8>(found_[0][common.size()]) & 0xC0) == 0x80) {
    common.remove_suffix(1);
  }
  if (common.empty() && !text_.empty()) return std::string(text_);
  return std::string(common);
}

LineCompletion complete_line(Executor& executor, std::string_view line, usize point, i32 type,
                             i32 key) {
  // Of several lines the one with the cursor.
  point = std::min(point, line.size());
  const usize before = point == 0 ? std::string_view::npos : line.rfind('\n', point - 1);
  const usize begin = before == std::string_view::npos ? 0 : before + 1;
  const usize end = std::min(line.find('\n', point), line.size());
  LineCompletion completion =
      LineCompleter(executor, line.substr(begin, end - begin), point - begin, type, key).run();
  completion.begin += begin;
  completion.end += begin;
  return completion;
}

std::string completion_ending(const LineCompletion& completion,
                              const CompletionCandidate& candidate, std::string_view line) {
  const char next = completion.end < line.size() ? line[completion.end] : '\0';
  if (completion.are_files) {
    const std::string& word = candidate.word;
    const bool elsewhere = word.starts_with(completion.written_directory);
    const std::string path =
        elsewhere ? completion.directory + word.substr(completion.written_directory.size()) : word;
    if (files::is_directory(path)) {
      const auto stat = files::stat(path, files::Follow::no);
      // readline: a link is left as it is.
      const bool link = stat && stat->type == abi::kSymlink && !completion.marks_links;
      return next == '/' || path.ends_with('/') || link ? "" : "/";
    }
  }
  if (next != '\0') return {};
  std::string ending;
  if (completion.quote != 0 && !candidate.inserted.empty() &&
      (candidate.inserted.size() < 2 || candidate.inserted.back() != completion.quote) &&
      candidate.inserted.front() == completion.quote) {
    ending.push_back(completion.quote);
  }
  if (!completion.no_space) ending.push_back(completion.ending);
  return ending;
}

}  // namespace swebash::engine
