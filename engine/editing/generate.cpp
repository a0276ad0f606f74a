// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/generate.hpp"

#include <algorithm>

#include "engine/editing/completion_actions.hpp"
#include "engine/editing/completion_words.hpp"
#include "engine/expansion/glob.hpp"
#include "engine/syntax/parser.hpp"
#include "engine/text/pattern.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {
namespace {

using Names = std::vector<std::string>;

// The status of a function that has changed the specification: it is looked up again.
constexpr ExitStatus kAgain = 124;

// The variables that a completion sets; compgen, which completes no line, all but the first.
constexpr std::string_view kVariables[] = {"COMP_WORDS", "COMP_CWORD", "COMP_POINT",
                                           "COMP_LINE",  "COMP_KEY",   "COMP_TYPE"};

usize characters_in(std::string_view text) {
  return static_cast<usize>(
      std::ranges::count_if(text, [](char c) { return (static_cast<u8>(c) & 0xC0) != 0x80; }));
}

bool names_files(std::string_view action) { return action == "file" || action == "directory"; }

class Generator {
 public:
  // `situation` is null for compgen.
  Generator(Executor& executor, const CompletionSpec& spec, std::string_view command,
            const std::string& word, const CompletionSituation* situation)
      : executor_(executor),
        shell_(executor.shell()),
        spec_(spec),
        command_(command),
        word_(word),
        situation_(situation) {}

  GeneratedWords run() {
    for (const std::string& action : spec_.actions) add_action(action);
    if (!spec_.glob.empty() && glob(spec_.glob, {}, found())) out_.are_files = true;
    if (situation_ == nullptr) keep_beginning(0, word_);
    if (spec_.has_words) add_list();
    if (!spec_.function.empty()) call_function();
    if (!spec_.command.empty()) run_command();
    if (!spec_.filter.empty()) filter();
    for (std::string& text : found()) {
      if (!spec_.prefix.empty()) text.insert(0, spec_.prefix);
      text += spec_.suffix;
    }
    return std::move(out_);
  }

  // Adds the words of an action that begin with the word.
  void add_action(std::string_view action) {
    const bool files = names_files(action);
    // What is looked for on the disk has no quotes.
    const std::string bare = situation_ != nullptr && (files || action == "command")
                                 ? without_quotes(word_, situation_->quote)
                                 : word_;
    const usize before = found().size();
    find_completion_action(action)->list(shell_, bare, found());
    if (situation_ != nullptr) keep_beginning(before, bare);
    if (files && found().size() > before) out_.are_files = true;
    if (action == "directory") out_.marks_links = true;
  }

  [[nodiscard]] Names& found() noexcept { return out_.words; }
  [[nodiscard]] GeneratedWords take() { return std::move(out_); }

 private:
  void keep_beginning(usize from, std::string_view beginning) {
    found().erase(
        std::remove_if(found().begin() + static_cast<std::ptrdiff_t>(from), found().end(),
                       [&](const std::string& text) { return !text.starts_with(beginning); }),
        found().end());
  }

  // -W
  void add_list() {
    auto unit = parse_text("compgen " + shell_words(spec_.words, shell_.expander().ifs()), shell_);
    if (!unit || !*unit || (*unit)->list == nullptr || (*unit)->list->items.size() != 1) return;
    const Command& command = *(*unit)->list->items[0]->pipelines[0]->commands[0];
    if (command.kind != CommandKind::simple) return;
    const auto words = static_cast<const SimpleCommand&>(command).words;
    Names list;
    static_cast<void>(shell_.expander().fields_without_files(words.subspan(1), list));
    const std::string beginning = without_quotes(word_);
    for (std::string& text : list) {
      if (text.starts_with(beginning)) found().push_back(std::move(text));
    }
  }

  // The word before the one that is completed.
  [[nodiscard]] std::string previous_word() const {
    if (situation_ == nullptr || situation_->words.words.empty()) return {};
    // bash: before the first there is itself.
    const i64 at = std::max<i64>(situation_->words.current - 1, 0);
    return situation_->words.words[static_cast<usize>(at)];
  }

  void set_variables() {
    Variables& variables = shell_.variables();
    const bool line = situation_ != nullptr;
    const auto set = [&](std::string_view name, const std::string& value) {
      static_cast<void>(variables.assign(name, value));
    };
    const auto count = [&](i64 number) { return std::to_string(line ? number : 0); };
    set("COMP_LINE", line ? situation_->line : std::string());
    set("COMP_POINT", line ? std::to_string(characters_in(
                                 std::string_view(situation_->line).substr(0, situation_->point)))
                           : "0");
    set("COMP_TYPE", count(line ? situation_->type : 0));
    set("COMP_KEY", count(line ? situation_->key : 0));
    set("COMP_CWORD", std::to_string(line ? situation_->words.current : -1));
    if (!line) return;
    const auto declared = variables.declare("COMP_WORDS", Placement::global);
    if (!declared || !variables.clear_array(**declared)) return;
    i64 index = 0;
    for (const std::string& word : situation_->words.words) {
      static_cast<void>(variables.assign_element(**declared, index++, word));
    }
  }

  void unset_variables() {
    for (const std::string_view name : kVariables) {
      static_cast<void>(shell_.variables().unset(name));
    }
  }

  // -F
  void call_function() {
    const FunctionPtr* function = shell_.functions().find(spec_.function);
    if (function == nullptr) {
      const std::string_view running = shell_.builtins().set_running({});
      shell_.report_message("completion: function `" + spec_.function + "' not found");
      shell_.builtins().set_running(running);
      return;
    }
    static_cast<void>(shell_.variables().unset("COMPREPLY"));
    set_variables();
    const std::string arguments[] = {std::string(command_), word_, previous_word()};
    const Flow flow = executor_.call(*function, arguments);
    unset_variables();
    out_.again = situation_ != nullptr && shell_.last_status() == kAgain;
    if (flow != Flow::normal) {
      shell_.flow().pass_on(flow);
      return;
    }
    const Variable* reply = shell_.variables().find("COMPREPLY");
    if (reply != nullptr && reply->has(kIndexed)) {
      reply->indexed().for_each([&](i64, const std::string& text) {
        found().push_back(text);
        return true;
      });
    } else if (reply != nullptr && reply->text() != nullptr) {
      found().push_back(*reply->text());
    }
    if (situation_ != nullptr) static_cast<void>(shell_.variables().unset("COMPREPLY"));
  }

  // -C
  void run_command() {
    const std::string text = "$(" + spec_.command + " " + quote_single_plain(command_) + " " +
                             quote_single_plain(word_) + " " + quote_single_plain(previous_word()) +
                             "\n)";
    if (situation_ != nullptr) {
      set_variables();
      for (const std::string_view name : kVariables) {
        Variable* const variable = shell_.variables().find(name);
        if (variable == nullptr || name == "COMP_WORDS" || name == "COMP_CWORD") continue;
        static_cast<void>(shell_.variables().set_attributes(*variable, kExported, 0));
      }
    }
    auto output = shell_.expander().expand_text(text);
    if (situation_ != nullptr) unset_variables();
    if (output) split_lines(*output, found());
  }

  // -X
  void filter() {
    std::string text = filter_pattern(spec_.filter, word_);
    const bool extglob = shell_.on(ShellOption::extglob);
    const bool keep = text.starts_with('!') && !(extglob && text.starts_with("!("));
    if (keep) text.erase(0, 1);
    const Pattern pattern(text, {.extglob = extglob});
    std::erase_if(found(), [&](const std::string& one) { return pattern.matches(one) != keep; });
  }

  Executor& executor_;
  Shell& shell_;
  const CompletionSpec& spec_;
  std::string_view command_;
  const std::string& word_;
  const CompletionSituation* situation_;
  GeneratedWords out_;
};

constexpr bool has_option(u32 options, std::string_view name) {
  return (options & completion_option(name)) != 0;
}

}  // namespace

std::vector<std::string> compgen_words(Executor& executor, const CompletionSpec& spec,
                                       const std::string& word) {
  Generator generator(executor, spec, "compgen", word, nullptr);
  GeneratedWords generated = generator.run();
  Generator more(executor, spec, "compgen", word, nullptr);
  const bool nothing = generated.words.empty();
  if (has_option(spec.options, "plusdirs") || (nothing && has_option(spec.options, "dirnames"))) {
    more.add_action("directory");
  }
  if (nothing && more.found().empty() && has_option(spec.options, "default")) {
    more.add_action("file");
  }
  std::vector<std::string> found = std::move(generated.words);
  for (std::string& text : more.found()) {
    found.push_back(spec.prefix + text + spec.suffix);
  }
  if (std::ranges::any_of(spec.actions, names_files)) std::ranges::sort(found);
  return found;
}

GeneratedWords completion_words(Executor& executor, const CompletionSpec& spec,
                                std::string_view command, const std::string& word,
                                const CompletionSituation& situation, u32& options) {
  CompletionSpecs& specs = executor.shell().completions();
  CompletionSpecs::Running running{.command = command, .options = options};
  CompletionSpecs::Running* const outer = specs.set_running(&running);
  GeneratedWords generated = Generator(executor, spec, command, word, &situation).run();
  specs.set_running(outer);
  options = running.options;
  const bool plus = has_option(options, "plusdirs");
  if (plus || (generated.words.empty() && has_option(options, "dirnames"))) {
    Generator directories(executor, spec, command, word, &situation);
    directories.add_action("directory");
    GeneratedWords more = directories.take();
    generated.are_files |= more.are_files;
    generated.marks_links = true;
    generated.words.insert(generated.words.end(), std::make_move_iterator(more.words.begin()),
                           std::make_move_iterator(more.words.end()));
  }
  return generated;
}

}  // namespace swebash::engine
