// SPDX-License-Identifier: Apache-2.0
//
// MiniShell: just enough of a shell around an Expander to run the snippets of its tests. Tests
// only.
//
// It knows simple commands one after the other, `case`, here-documents for `cat`, and the commands
// `n` (how many arguments, each in brackets), `echo`, `set`, `unset`, `declare`, `shopt`, `p`
// (declare -p) and `:`. Output and complaints go to one string.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/expansion/expand.hpp"

namespace swebash::engine {

class MiniShell final : public ExpansionHost, public ParserHost {
 public:
  MiniShell() : expander_(*this) {
    VariableHooks hooks;
    hooks.context = this;
    hooks.changed = [](void* self, std::string_view, const Variable* variable) {
      static_cast<MiniShell*>(self)->expander_.set_ifs(variable == nullptr ? nullptr
                                                                           : variable->text());
    };
    variables_.set_hooks("IFS", hooks);
    variables_.set_warning(
        [](void* self, std::string_view message) {
          static_cast<MiniShell*>(self)->report(message);
        },
        this);
    (void)variables_.assign("IFS", " \t\n");
    (void)variables_.assign("HOME", "/root");
    (void)variables_.assign("PWD", "/");
  }

  // Runs `script` and answers what it wrote; a failed expansion ends it with a line "st=STATUS".
  std::string run(std::string_view script) {
    const auto unit = parse_text(script, *this);
    if (!unit) {
      report(unit.error().message);
      return std::exchange(output_, {});
    }
    if (*unit && (*unit)->list != nullptr) {
      const auto done = list(*(*unit)->list);
      if (!done) output_ += "st=" + std::to_string(done.error().status) + "\n";
    }
    return std::exchange(output_, {});
  }

  Expander& expander() { return expander_; }

  // --- ExpansionHost ---
  Variables& variables() override { return variables_; }
  const ExpansionOptions& options() override { return options_; }
  ParserHost& parser_host() override { return *this; }
  std::span<const std::string> positional() override { return positional_; }
  std::string_view script_name() override { return "bash"; }
  ExitStatus last_status() override { return 0; }
  i32 shell_pid() override { return 4711; }
  std::optional<i32> last_background_pid() override { return std::nullopt; }
  std::string option_letters() override { return "hBc"; }
  Expanded<std::string> run_command_substitution(const Part& part) override {
    std::string before = std::exchange(output_, {});
    if (part.list != nullptr) (void)list(*part.list);
    std::string captured = std::exchange(output_, std::move(before));
    return captured;
  }
  Expanded<std::string> start_process_substitution(const Part&) override {
    return std::string("/dev/fd/63");
  }
  using ExpansionHost::report;
  void report(std::string_view message, Complaint) override {
    output_ += "bash: line 1: ";
    output_ += message;
    output_ += '\n';
  }
  std::optional<std::string> home_of(std::string_view user) override {
    if (user == "root") return "/root";
    return std::nullopt;
  }
  std::optional<std::string> directory_stack_entry(usize index, bool) override {
    if (index == 0) return "/";
    return std::nullopt;
  }
  PromptFacts prompt_facts() override {
    PromptFacts facts;
    facts.user = "root";
    facts.host = "host.example";
    facts.shell_name = "bash";
    facts.superuser = true;
    return facts;
  }

  // --- ParserHost ---
  std::optional<std::string_view> find_alias(std::string_view) override { return std::nullopt; }
  bool extglob() override { return options_.extglob; }
  bool posix() override { return false; }
  void warn(u32, std::string_view) override {}

 private:
  Expanded<void> list(const List& items) {
    for (const AndOr* item : items.items) {
      for (const Pipeline* pipeline : item->pipelines) {
        for (const Command* command : pipeline->commands) SWEBASH_TRY(run_command(*command));
      }
    }
    return {};
  }

  Expanded<void> run_command(const Command& command) {
    if (command.kind == CommandKind::case_clause) {
      const auto& clause = static_cast<const CaseCommand&>(command);
      const std::string subject = SWEBASH_TRY(expander_.string(*clause.subject));
      for (const CaseItem& item : clause.items) {
        for (const Word* pattern : item.patterns) {
          if (!SWEBASH_TRY(expander_.matches(subject, *pattern))) continue;
          return item.body == nullptr ? Expanded<void>() : list(*item.body);
        }
      }
      return {};
    }
    // Other commands are the evaluator's; here they do nothing.
    if (command.kind != CommandKind::simple) return {};
    const auto& simple = static_cast<const SimpleCommand&>(command);
    if (simple.words.empty()) {
      for (const Assignment* assignment : simple.assignments) {
        SWEBASH_TRY(expander_.assign(*assignment));
      }
      return {};
    }
    std::vector<std::string> words;
    std::vector<const Assignment*> declared;
    for (Word* word : simple.words) {
      if (word->assignment != nullptr) {
        declared.push_back(word->assignment);
      } else {
        SWEBASH_TRY(expander_.fields(*word, words));
      }
    }
    return builtin(simple, words, declared);
  }

  Expanded<void> builtin(const SimpleCommand& command, const std::vector<std::string>& words,
                         const std::vector<const Assignment*>& declared) {
    if (words.empty()) return {};
    const std::string& name = words[0];
    if (name == "n") {
      output_ += std::to_string(words.size() - 1) + ":";
      for (usize i = 1; i < words.size(); ++i) output_ += "[" + words[i] + "]";
      output_ += '\n';
    } else if (name == "echo") {
      for (usize i = 1; i < words.size(); ++i) output_ += (i > 1 ? " " : "") + words[i];
      output_ += '\n';
    } else if (name == "cat") {
      for (const Redirect& redirect : command.redirects) {
        if (redirect.target == nullptr) continue;
        const bool text = redirect.op == RedirectOperator::here_string;
        output_ += SWEBASH_TRY(text ? expander_.string(*redirect.target)
                                    : expander_.here_document(*redirect.target));
        if (text) output_ += '\n';
      }
    } else if (name == "set") {
      set(words);
    } else if (name == "unset") {
      for (usize i = 1; i < words.size(); ++i) {
        const auto reference = Expander::parse_reference(words[i]);
        if (reference) SWEBASH_TRY(expander_.unset_reference(*reference));
      }
    } else if (name == "p") {
      for (usize i = 1; i < words.size(); ++i) {
        const Variable* variable = variables_.find_unresolved(words[i]);
        if (variable != nullptr) output_ += Variables::declaration(*variable) + '\n';
      }
    } else if (name == "shopt") {
      shopt(words);
    } else if (name == "declare") {
      return declare(words, declared);
    }
    return {};
  }

  void set(const std::vector<std::string>& words) {
    for (usize i = 1; i < words.size(); ++i) {
      if (words[i] == "--") {
        positional_.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
        return;
      }
      if (words[i].size() < 2) continue;
      const bool on = words[i][0] == '-';
      if (words[i][1] == 'u') options_.nounset = on;
      if (words[i][1] == 'f') options_.noglob = on;
      if (words[i][1] == 'B') options_.braceexpand = on;
    }
  }

  void shopt(const std::vector<std::string>& words) {
    const bool on = words.size() > 1 && words[1] == "-s";
    for (usize i = 2; i < words.size(); ++i) {
      if (words[i] == "nullglob") options_.nullglob = on;
      if (words[i] == "failglob") options_.failglob = on;
      if (words[i] == "extglob") options_.extglob = on;
      if (words[i] == "nocasematch") options_.nocasematch = on;
      if (words[i] == "patsub_replacement") options_.patsub_replacement = on;
    }
  }

  Expanded<void> declare(const std::vector<std::string>& words,
                         const std::vector<const Assignment*>& declared) {
    Attributes on = 0;
    std::vector<std::string> names;
    for (usize i = 1; i < words.size(); ++i) {
      if (words[i][0] != '-') {
        names.push_back(words[i]);
        continue;
      }
      for (const char letter : words[i]) {
        switch (letter) {
          case 'a': on |= kIndexed; break;
          case 'A': on |= kAssociative; break;
          case 'i': on |= kInteger; break;
          case 'l': on |= kLower; break;
          case 'u': on |= kUpper; break;
          case 'c': on |= kCapital; break;
          case 'r': on |= kReadonly; break;
          case 'x': on |= kExported; break;
          case 'n': on |= kNameref; break;
          default: break;
        }
      }
    }
    for (const std::string& name : names) SWEBASH_TRY(declare_one(name, nullptr, on));
    for (const Assignment* assignment : declared) {
      SWEBASH_TRY(declare_one(assignment->name, assignment, on));
    }
    return {};
  }

  Expanded<void> declare_one(std::string_view name, const Assignment* assignment, Attributes on) {
    AssignmentValue value;
    if (assignment != nullptr) {
      const Variable* known = variables_.find_unresolved(name);
      const bool associative =
          (on & kAssociative) != 0 || (known != nullptr && known->has(kAssociative));
      value = SWEBASH_TRY(expander_.evaluate(*assignment, associative));
    }
    Variable* const variable = *variables_.declare(name, Placement::visible);
    (void)variables_.set_attributes(*variable, on & ~(kReadonly | kNameref), 0);
    if (assignment != nullptr) {
      SWEBASH_TRY(expander_.store(*assignment, std::move(value), *variable));
    }
    (void)variables_.set_attributes(*variable, on & (kReadonly | kNameref), 0);
    return {};
  }

  Variables variables_;
  ExpansionOptions options_;
  std::vector<std::string> positional_;
  std::string output_;
  Expander expander_;
};

}  // namespace swebash::engine
