// SPDX-License-Identifier: Apache-2.0
//
// Shell as the host of parser and expander.
#include <algorithm>

#include "abi/guest.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/system/files.hpp"
#include "engine/system/users.hpp"

namespace swebash::engine {

std::string Shell::option_letters() {
  std::string letters = options_.letters(restricted_);
  if (interactive_)
    letters.insert(std::min<usize>(letters.find_first_of("kmnptuvxBCEHPT"), letters.size()), "i");
  if (reading_ != 0) letters += reading_;
  return letters;
}

Expanded<std::string> Shell::run_command_substitution(const Part& part) {
  return evaluator_->substitute_command(part);
}

Expanded<std::string> Shell::start_process_substitution(const Part& part) {
  return evaluator_->substitute_process(part);
}

bool Shell::has_aliases() { return !aliases_.empty() && on(ShellOption::expand_aliases); }

std::optional<std::string_view> Shell::find_alias(std::string_view name) {
  if (!has_aliases()) return std::nullopt;
  const auto found = aliases_.find(name);
  if (found == aliases_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Shell::home_of(std::string_view user) {
  return AccountFile(AccountFile::kUsers).home_of(user);
}

ExpansionHost::PromptFacts Shell::prompt_facts() {
  PromptFacts facts;
  facts.jobs = jobs_.count();
  facts.terminal = "tty";
  if (sys::is_terminal(0) == 1) {
    if (auto link = files::readlink("/proc/self/fd/0")) {
      facts.terminal = std::string(files::base_name(*link));
    }
  }
  // What runs has its number already, unless it was not kept.
  facts.history_number =
      static_cast<usize>(recorder_.history().next_number()) - (recorder_.kept() ? 1 : 0);
  facts.command_number = command_number_;
  abi::TaskInfo info{};
  sys::task_info(&info);
  facts.user =
      AccountFile(AccountFile::kUsers).name_of(info.effective_uid).value_or("I have no name!");
  facts.superuser = info.effective_uid == 0;
  char name[256];
  const i64 length = sys::host_text(abi::kHostName, name, sizeof name);
  if (length > 0 && length <= static_cast<i64>(sizeof name)) {
    facts.host.assign(name, static_cast<usize>(length));
  }
  facts.shell_name = std::string(files::base_name(script_name_));
  return facts;
}

}  // namespace swebash::engine
