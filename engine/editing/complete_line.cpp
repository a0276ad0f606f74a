// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/complete_line.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/editing/builtin_options.hpp"
#include "engine/editing/completion_actions.hpp"
#include "engine/editing/completion_quoting.hpp"
#include "engine/editing/completion_words.hpp"
#include "engine/editing/generate.hpp"
#include "engine/editing/line_words.hpp"
#include "engine/expansion/glob.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine {
namespace {

using Names = std::vector<std::string>;

// As bash calls them, to their functions.
constexpr std::string_view kEmptyLine = "_EmptycmD_", kFirstWord = "_InitialWorD_";
// How often a function may ask to be looked up again.
constexpr u32 kMostRetries = 32;
// The reserved words after which a command begins.
constexpr std::string_view kLeaders[] = {"!",    "do",   "elif",  "else", "if",
                                         "then", "time", "until", "while"};

constexpr bool is_in(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool has_option(u32 options, std::string_view name) {
  return (options & completion_option(name)) != 0;
}

// Whether a backquote in the first `size` bytes is not closed there.
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

class LineCompleter {
 public:
  LineCompleter(Executor& executor, std::string_view line, usize point, i32 type, i32 key)
      : executor_(executor), shell_(executor.shell()), line_(line), type_(type), key_(key) {
    const std::string* breaks = shell_.variables().get("COMP_WORDBREAKS");
    if (breaks != nullptr) breaks_ = *breaks;
    point_ = std::min(point, line.size());
    word_ = find_completed_word(line_, point_, breaks_);
    text_ = line_.substr(word_.begin, word_.end - word_.begin);
  }

  LineCompletion run() {
    find_position();
    if (!refused_ && !by_specification()) by_default();
    if (refused_) found_.clear();
    return finish();
  }

 private:
  enum class Position : u8 { argument, command, not_command };

  [[nodiscard]] char at(usize i) const { return i < line_.size() ? line_[i] : '\0'; }
  [[nodiscard]] std::string_view view(usize begin, usize end) const {
    return line_.substr(std::min(begin, line_.size()),
                        end > begin ? end - std::min(begin, line_.size()) : 0);
  }

  // Whether the separator at `index` is a part of something that is none.
  [[nodiscard]] bool no_separator(usize index) const {
    const char before = index > 0 ? line_[index - 1] : '\0';
    const char c = line_[index];
    return (c == '&' && (before == '<' || before == '>')) || (c == '|' && before == '>') ||
           (c == '{' && before == '$') || is_quoted_at(line_, index);
  }

  // Whether the word stands where a command may; what could only be an error is refused.
  void find_position() {
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

  // bash: a parenthesis after a word is a syntax error.
  [[nodiscard]] bool is_stray_parenthesis(usize index) const {
    if (line_[index] != '(' || index == 0 || is_in(line_[index - 1], "$<>")) return false;
    usize before = index - 1;
    while (before > 0 && is_blank(line_[before])) --before;
    return before > 0 && !is_in(line_[before], kCommandSeparators);
  }

  // Whether a specification was found, and nothing else is to be tried.
  bool by_specification() {
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

  // Where `command` begins with a reserved word that nothing is said of, the command after it is
  // meant; bash completes files there.
  void pass_over_reserved(CommandAt& command) {
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

  // By what is said of the command: the options of its specification, if there is one.
  std::optional<u32> find_for(const CommandAt& command, std::string_view name, bool any) {
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

  // Asks the specification of `key`, whose function is called for `name`.
  std::optional<u32> programmable(std::string_view key, std::string_view name,
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

  // Puts the text of alias `name` where it stands in `line`; false where there is none.
  bool put_alias(std::string& name, std::string& line, usize& point) {
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

  std::optional<u32> ask(std::string_view key, std::string_view name, const std::string& line,
                         usize point, const CompletionSpec*& last, bool& again) {
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

  static bool same(const CompletionSpec& left, const CompletionSpec& right) {
    return left.function == right.function && left.command == right.command &&
           left.words == right.words && left.actions == right.actions && left.glob == right.glob &&
           left.options == right.options;
  }

  void by_default() {
    by_bash_default();
    if (found_.empty() && !refused_) {
      add_files();
      if (commands_only_) keep_directories();
    }
    if (position_ == Position::argument && word_.quote == 0) add_builtin_options();
  }

  // What bash completes by itself, files aside.
  void by_bash_default() {
    if (text_.starts_with('`') && word_.quote != '\'') {
      add_in_backquotes();
      return;
    }
    if (text_.starts_with('$') && !text_.starts_with("$(")) add_variables();
    if (found_.empty() && text_.starts_with('~') && !is_in('/', text_)) add_users();
    if (found_.empty() && text_.starts_with('@') && shell_.on(ShellOption::hostcomplete)) {
      add_hosts();
    }
    if (found_.empty() && position_ == Position::command) add_commands();
    if (found_.empty() && !text_.empty()) add_matches();
  }

  void add_action(std::string_view action, std::string_view beginning, std::string_view before = {},
                  std::string_view after = {}) {
    Names names;
    find_completion_action(action)->list(shell_, beginning, names);
    for (const std::string& name : names) {
      if (!name.starts_with(beginning)) continue;
      std::string word(before);
      found_.push_back(word.append(name).append(after));
    }
  }

  void add_variables() {
    const bool braced = text_.starts_with("${");
    add_action("variable", text_.substr(braced ? 2 : 1), braced ? "${" : "$", braced ? "}" : "");
    is_variable_ = !found_.empty();
  }

  void add_users() {
    add_action("user", text_.substr(1), "~");
    are_users_ = !found_.empty();
  }

  void add_hosts() { add_action("hostname", text_.substr(1), "@"); }

  void add_commands() {
    if (text_.empty() && shell_.on(ShellOption::no_empty_cmd_completion)) {
      refused_ = true;
      return;
    }
    // bash: nothing completes a word whose last byte quotes what is not there yet.
    const usize last = text_.find_last_not_of('\\');
    const usize backslashes = text_.size() - (last == std::string_view::npos ? 0 : last + 1);
    if (word_.quote == '\0' && backslashes % 2 == 1) {
      refused_ = true;
      return;
    }
    const std::string bare = without_quotes(text_, word_.quote);
    if (is_in('/', bare) || bare.starts_with('~')) {
      add_files();
      std::erase_if(found_, [&](const std::string& name) {
        const std::string path = real_path(name);
        return !files::is_directory(path) && !files::access(path, abi::kAccessExecute);
      });
      if (found_.empty()) commands_only_ = true;
      return;
    }
    add_action("command", bare);
    if (shell_.on(ShellOption::autocd)) add_action("directory", bare);
    if (found_.empty()) {
      commands_only_ = true;
    } else {
      are_files_ = are_commands_ = true;
    }
  }

  // The command, or the file, that ends what follows a backquote.
  void add_in_backquotes() {
    std::string_view rest = text_.substr(1);
    usize begin = rest.size();
    while (begin > 0 && !is_blank(rest[begin - 1]) && !is_in(rest[begin - 1], kCommandSeparators)) {
      --begin;
    }
    if (begin < rest.size() || begin == 0) {
      add_action("command", rest.substr(begin), text_.substr(0, 1 + begin));
      no_space_ = true;  // the quote that closes it may follow
    }
  }

  // The files that a pattern names.
  void add_matches() {
    const std::string pattern(text_);
    const bool extglob = shell_.on(ShellOption::extglob);
    if (word_.quote != 0 || !is_glob(pattern, extglob)) return;
    Names names;
    if (!glob(pattern, {.extglob = extglob}, names)) return;
    // bash: Tab cannot stand for several.
    if (names.size() > 1 && type_ == completion_type::kTab) return;
    found_ = std::move(names);
    are_files_ = true;
  }

  // The path that a candidate stands for: its directory may be written with a tilde or variables.
  [[nodiscard]] std::string real_path(const std::string& name) const {
    return name.starts_with(written_directory_)
               ? directory_ + name.substr(written_directory_.size())
               : name;
  }

  // `path` with its tilde and its variables replaced by what they stand for. Nothing else is: what
  // is completed runs nothing.
  [[nodiscard]] std::string expanded(std::string path) {
    if (path.starts_with('~')) {
      const usize slash = std::min(path.find('/'), path.size());
      std::optional<std::string> home;
      if (const std::string user = path.substr(1, slash - 1); !user.empty()) {
        home = shell_.home_of(user);
      } else if (const std::string* own = shell_.variables().get("HOME")) {
        home = *own;
      }
      if (home) path.replace(0, slash, *home);
    }
    for (usize at = path.find('$'); at != std::string::npos && word_.quote != '\'';
         at = path.find('$', at)) {
      const bool braced = at + 1 < path.size() && path[at + 1] == '{';
      const usize begin = at + (braced ? 2 : 1);
      usize end = begin;
      while (end < path.size() && is_name_byte(path[end])) ++end;
      const usize after = braced ? end + 1 : end;
      const std::string* value = shell_.variables().get(path.substr(begin, end - begin));
      if (value == nullptr || (braced && (end >= path.size() || path[end] != '}'))) {
        ++at;
        continue;
      }
      path.replace(at, after - at, *value);
      at += value->size();
      expands_ = true;
    }
    return path;
  }

  void add_files() {
    const std::string bare = without_quotes(text_, word_.quote);
    const usize slash = bare.rfind('/');
    if (slash != std::string::npos) {
      written_directory_ = bare.substr(0, slash + 1);
      directory_ = expanded(written_directory_);
    }
    const usize begin = slash == std::string::npos ? 0 : slash + 1;
    Names names;
    find_completion_action("file")->list(shell_, directory_ + bare.substr(begin), names);
    for (const std::string& name : names) {
      found_.push_back(written_directory_ + name.substr(directory_.size()));
    }
    are_files_ = true;
  }

  void keep_directories() {
    std::erase_if(found_,
                  [&](const std::string& name) { return !files::is_directory(real_path(name)); });
  }

  void add_builtin_options() {
    if (!text_.starts_with('-')) return;
    const CommandAt command = find_command_at(line_, point_, word_.begin, word_.end);
    const Builtin* const builtin = find_builtin(view(command.name_begin, command.name_end));
    if (builtin == nullptr || command.name_end >= word_.begin) return;
    for (const BuiltinOption& option : options_of(*builtin)) {
      if (!option.name.starts_with(text_)) continue;
      found_.push_back(option.name);
      descriptions_.emplace_back(option.name, option.description);
    }
  }

  // FIGNORE: endings of names that nobody wants to complete, unless there are no others.
  void leave_out_ignored() {
    const std::string* ignore = shell_.variables().get("FIGNORE");
    if (ignore == nullptr || ignore->empty() || are_commands_) return;
    const auto unwanted = [&](const std::string& name) {
      for (usize begin = 0; begin <= ignore->size();) {
        const usize end = std::min(ignore->find(':', begin), ignore->size());
        const auto ending = std::string_view(*ignore).substr(begin, end - begin);
        if (!ending.empty() && name.size() > ending.size() && name.ends_with(ending)) return true;
        begin = end + 1;
      }
      return false;
    };
    const bool force = shell_.on(ShellOption::force_fignore);
    if (!force && (found_.size() == 1 || std::ranges::all_of(found_, unwanted))) return;
    std::erase_if(found_, unwanted);
  }

  LineCompletion finish() {
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

  [[nodiscard]] bool is_pattern_list() const {
    return found_.size() > 1 && type_ == completion_type::kIfAmbiguous && is_in('*', text_);
  }

  [[nodiscard]] std::string common_beginning() const {
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

  Executor& executor_;
  Shell& shell_;
  std::string_view line_;
  usize point_ = 0;
  i32 type_, key_;
  std::string breaks_;
  CompletedWord word_;
  std::string_view text_;
  std::string alias_name_;

  Position position_ = Position::argument;
  bool refused_ = false;        // nothing is to be proposed
  bool commands_only_ = false;  // no file but a directory can begin a command
  bool are_files_ = false;
  bool are_commands_ = false;
  bool marks_links_ = false;
  bool is_variable_ = false;
  bool are_users_ = false;
  bool expands_ = false;  // the directory of the word has variables in it
  std::string written_directory_, directory_;
  bool no_space_ = false, no_quote_ = false, no_sort_ = false;
  Names found_;
  std::vector<std::pair<std::string, std::string>> descriptions_;
};

}  // namespace

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
