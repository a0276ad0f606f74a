// SPDX-License-Identifier: Apache-2.0
//
// Trees as S-expressions, and a host for parsers, for the parser's tests only. Header-only; no part
// of the engine.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/syntax/ast.hpp"
#include "engine/syntax/parser.hpp"

namespace swebash::engine::testing {

struct TestHost : ParserHost {
  std::map<std::string, std::string, std::less<>> aliases;
  std::vector<std::string> warnings;
  bool extended = false;
  bool posix_mode = false;

  std::optional<std::string_view> find_alias(std::string_view name) override {
    const auto alias = aliases.find(name);
    if (alias == aliases.end()) return std::nullopt;
    return std::string_view(alias->second);
  }
  bool extglob() override { return extended; }
  bool posix() override { return posix_mode; }
  void warn(u32 line, std::string_view message) override {
    warnings.push_back("line " + std::to_string(line) + ": " + std::string(message));
  }
};

class TreeText {
 public:
  static std::string of(const List* list) {
    TreeText text;
    text.list(list);
    return std::move(text.out_);
  }
  static std::string of(const Word* word) {
    TreeText text;
    text.word(word);
    return std::move(text.out_);
  }

 private:
  void put(std::string_view text) { out_.append(text); }

  void quoted(std::string_view text) {
    for (const char c : text) {
      if (c == '\n') {
        put("\\n");
      } else if (c == '\t') {
        put("\\t");
      } else if (static_cast<unsigned char>(c) < 32) {
        put("\\" + std::to_string(static_cast<int>(c)));
      } else {
        out_.push_back(c);
      }
    }
  }

  void parts(std::span<const Part> items) {
    bool first = true;
    for (const Part& item : items) {
      if (!std::exchange(first, false)) put(" ");
      part(item);
    }
  }

  void part(const Part& part) {
    switch (part.kind) {
      case PartKind::literal:
        put(part.quoted ? "'" : "");
        quoted(part.text);
        put(part.quoted ? "'" : "");
        break;
      case PartKind::double_quoted:
        put("\"");
        parts(part.parts);
        put("\"");
        break;
      case PartKind::parameter: parameter(*part.parameter, part.quoted); break;
      case PartKind::command_substitution:
        put(part.quoted ? "\"$(" : "$(");
        list(part.list);
        put(")");
        break;
      case PartKind::arithmetic:
        put("((");
        parts(part.parts);
        put("))");
        break;
      case PartKind::process_substitution:
        put(part.output ? ">(" : "<(");
        list(part.list);
        put(")");
        break;
      case PartKind::tilde:
        put("~<");
        put(part.text);
        put(">");
        break;
      case PartKind::brace_list: {
        put("{");
        bool first = true;
        for (const Word* item : part.words) {
          if (!std::exchange(first, false)) put(" , ");
          word(item);
        }
        put("}");
        break;
      }
      case PartKind::brace_range:
        put("{" + std::to_string(part.range->first) + ".." + std::to_string(part.range->last) +
            " step " + std::to_string(part.range->step) + " width " +
            std::to_string(part.range->width) + (part.range->letters ? " letters}" : "}"));
        break;
    }
  }

  void parameter(const Parameter& parameter, bool is_quoted) {
    put(is_quoted ? "\"${" : "${");
    if (parameter.bad) put("BAD");
    if (parameter.length) put("#");
    if (parameter.indirect) put("!");
    if (parameter.keys) put("keys ");
    if (parameter.prefix_names) put("prefix ");
    put(parameter.name);
    if (parameter.subscript != nullptr) {
      put("[");
      word(parameter.subscript);
      put("]");
    }
    static constexpr std::string_view kNames[] = {"",   "-",  "=",  "?",  "+",  "#",     "##",
                                                  "%",  "%%", "/",  "//", "/#", "/%",    "^",
                                                  "^^", ",",  ",,", "~",  "~~", "slice", "@"};
    if (parameter.op != ParameterOperator::none) {
      put(parameter.colon ? " :" : " ");
      put(kNames[static_cast<usize>(parameter.op)]);
    }
    if (parameter.transform != 0) out_.push_back(parameter.transform);
    if (parameter.word != nullptr) {
      put(" ");
      word(parameter.word);
    }
    if (parameter.replacement != nullptr) {
      put(" / ");
      word(parameter.replacement);
    }
    put("}");
  }

  void word(const Word* item) {
    if (item == nullptr) {
      put("null");
      return;
    }
    if (item->parts.size() == 1 && item->parts[0].kind == PartKind::literal &&
        !item->parts[0].quoted) {
      quoted(item->parts[0].text);
      return;
    }
    put("<");
    parts(item->parts);
    put(">");
    if (item->assignment != nullptr) {
      put("=");
      assignment(*item->assignment);
    }
  }

  void assignment(const Assignment& item) {
    put("(");
    put(item.name);
    if (item.subscript != nullptr) {
      put("[");
      word(item.subscript);
      put("]");
    }
    put(item.append ? " += " : " = ");
    if (item.is_array) {
      put("(");
      for (const ArrayElement& element : item.elements) {
        if (&element != item.elements.data()) put(" ");
        if (element.subscript != nullptr) {
          put("[");
          word(element.subscript);
          put(element.append ? "]+=" : "]=");
        }
        word(element.value);
      }
      put(")");
    } else {
      word(item.value);
    }
    put(")");
  }

  void list(const List* items) {
    if (items == nullptr) {
      put("null");
      return;
    }
    for (const AndOr* item : items->items) {
      if (item != items->items.front()) put(" ; ");
      and_or(*item);
      if (item->background) put(" &");
    }
  }

  void and_or(const AndOr& item) {
    for (usize i = 0; i < item.pipelines.size(); ++i) {
      if (i > 0) put(item.connectors[i - 1] == Connector::and_if ? " && " : " || ");
      pipeline(*item.pipelines[i]);
    }
  }

  void pipeline(const Pipeline& item) {
    if (item.negated) put("! ");
    if (item.timed) put(item.time_posix ? "time -p " : "time ");
    for (usize i = 0; i < item.commands.size(); ++i) {
      if (i > 0) put(!item.pipe_stderr.empty() && item.pipe_stderr[i - 1] ? " |& " : " | ");
      command(*item.commands[i]);
    }
  }

  void redirect(const Redirect& item) {
    static constexpr std::string_view kNames[] = {"<",  ">",  ">>",  ">|", "<>", "<&",
                                                  ">&", "&>", "&>>", "<<", "<<<"};
    put(" ");
    if (item.fd >= 0) put(std::to_string(item.fd));
    if (!item.variable.empty()) put("{" + std::string(item.variable) + "}");
    put(kNames[static_cast<usize>(item.op)]);
    if (item.strip_tabs) put("-");
    put(" ");
    word(item.target);
  }

  void condition(const Condition& item) {
    switch (item.kind) {
      case ConditionKind::unary:
        put("(" + std::string(item.op) + " ");
        word(item.left);
        put(")");
        break;
      case ConditionKind::binary:
        put("(" + std::string(item.op) + " ");
        word(item.left);
        put(" ");
        word(item.right);
        put(")");
        break;
      case ConditionKind::word: word(item.left); break;
      case ConditionKind::negation:
        put("(! ");
        condition(*item.first);
        put(")");
        break;
      default:
        put(item.kind == ConditionKind::conjunction ? "(&& " : "(|| ");
        condition(*item.first);
        put(" ");
        condition(*item.second);
        put(")");
        break;
    }
  }

  void words(std::span<Word* const> items) {
    for (const Word* item : items) {
      put(" ");
      word(item);
    }
  }

  void command(const Command& item) {
    put("(");
    switch (item.kind) {
      case CommandKind::simple: {
        const auto& simple = static_cast<const SimpleCommand&>(item);
        put("cmd");
        for (const Assignment* one : simple.assignments) {
          put(" ");
          assignment(*one);
        }
        words(simple.words);
        break;
      }
      case CommandKind::group:
        put("group ");
        list(static_cast<const GroupCommand&>(item).body);
        break;
      case CommandKind::subshell:
        put("subshell ");
        list(static_cast<const SubshellCommand&>(item).body);
        break;
      case CommandKind::if_clause: {
        const auto& clause = static_cast<const IfCommand&>(item);
        put("if");
        for (const IfClause& one : clause.clauses) {
          put(" [");
          list(one.condition);
          put("] then [");
          list(one.body);
          put("]");
        }
        if (clause.otherwise != nullptr) {
          put(" else [");
          list(clause.otherwise);
          put("]");
        }
        break;
      }
      case CommandKind::while_loop: {
        const auto& loop = static_cast<const WhileCommand&>(item);
        put(loop.until ? "until [" : "while [");
        list(loop.condition);
        put("] do [");
        list(loop.body);
        put("]");
        break;
      }
      case CommandKind::for_loop:
      case CommandKind::select_loop: {
        const auto& loop = static_cast<const ForCommand&>(item);
        put(item.kind == CommandKind::for_loop ? "for " : "select ");
        put(loop.variable);
        if (loop.has_words) put(" in");
        words(loop.words);
        put(" [");
        list(loop.body);
        put("]");
        break;
      }
      case CommandKind::arith_for: {
        const auto& loop = static_cast<const ArithForCommand&>(item);
        put("for ");
        word(loop.initial);
        put(" ");
        word(loop.condition);
        put(" ");
        word(loop.step);
        put(" [");
        list(loop.body);
        put("]");
        break;
      }
      case CommandKind::case_clause: {
        const auto& cases = static_cast<const CaseCommand&>(item);
        put("case ");
        word(cases.subject);
        for (const CaseItem& one : cases.items) {
          put(" [");
          words(one.patterns);
          put(" ) ");
          list(one.body);
          put(one.end == CaseEnd::stop           ? " ;;]"
              : one.end == CaseEnd::fall_through ? " ;&]"
                                                 : " ;;&]");
        }
        break;
      }
      case CommandKind::function_definition: {
        const auto& function = static_cast<const FunctionCommand&>(item);
        put("function ");
        put(function.name);
        put(" ");
        command(*function.body);
        break;
      }
      case CommandKind::arith:
        put("arith ");
        word(static_cast<const ArithCommand&>(item).expression);
        break;
      case CommandKind::conditional:
        put("cond ");
        condition(*static_cast<const ConditionalCommand&>(item).condition);
        break;
      case CommandKind::coproc: {
        const auto& coproc = static_cast<const CoprocCommand&>(item);
        put("coproc ");
        put(coproc.name);
        put(" ");
        command(*coproc.body);
        break;
      }
    }
    for (const Redirect& one : item.redirects) redirect(one);
    put(")");
  }

  std::string out_;
};

}  // namespace swebash::engine::testing
