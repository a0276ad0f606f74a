// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/builtin.hpp"

#include "engine/interpreter/shell.hpp"
#include "engine/system/output.hpp"

namespace swebash::engine {

void Invocation::error(std::string_view message) {
  out.flush();
  std::string text(name);
  text += ": ";
  text += message;
  shell.report_message(text);
}

void Invocation::error(std::string_view operand, std::string_view message) {
  std::string text(operand);
  text += ": ";
  text += message;
  error(text);
}

ExitStatus Invocation::usage() {
  out.flush();
  shell.builtins().note_failure();
  const Builtin* row = find_builtin(name);
  std::string text(name);
  text += ": usage: ";
  if (row != nullptr) text += row->synopsis;
  text += '\n';
  Shell::write_error(text);
  return kUsage;
}

char OptionParser::next() {
  const auto arguments = invocation_.arguments;
  for (;;) {
    if (index_ >= arguments.size()) return 0;
    const std::string& word = arguments[index_];
    if (offset_ == 0) {
      if (word.size() < 2 || (word[0] != '-' && !(plus_allowed_ && word[0] == '+'))) return 0;
      if (word == "--") {
        ++index_;
        return 0;
      }
      plus_ = word[0] == '+';
      offset_ = 1;
    }
    if (offset_ >= word.size()) {
      ++index_;
      offset_ = 0;
      continue;
    }
    const char letter = word[offset_++];
    argument_ = {};
    const usize found =
        letter == ':' || letter == ';' ? std::string_view::npos : options_.find(letter);
    if (found == std::string_view::npos) {
      invocation_.error(std::string(1, word[0]) + letter, "invalid option");
      invocation_.usage();
      return '?';
    }
    const char kind = found + 1 < options_.size() ? options_[found + 1] : 0;
    if (kind == ':' || kind == ';') {
      if (offset_ < word.size()) {
        argument_ = std::string_view(word).substr(offset_);
      } else if (index_ + 1 < arguments.size() &&
                 (kind == ':' || !arguments[index_ + 1].starts_with('-'))) {
        argument_ = arguments[++index_];
      } else if (kind == ':') {
        invocation_.error(std::string("-") + letter, "option requires an argument");
        invocation_.usage();
        return '?';
      }
      ++index_;
      offset_ = 0;
    } else if (offset_ >= word.size()) {
      ++index_;
      offset_ = 0;
    }
    return letter;
  }
}

}  // namespace swebash::engine
