// SPDX-License-Identifier: Apache-2.0
#include "engine/syntax/unparse.hpp"

#include <utility>

#include "engine/syntax/unparse_printer.hpp"

namespace swebash::engine {

std::string unparse_function(std::string_view name, const Command& body) {
  Printer printer;
  printer.function(name, body);
  return printer.take();
}

namespace {

// What `print` prints, and the bodies of its here-documents.
template <class Print>
std::string printed(Print print) {
  Printer printer;
  print(printer);
  printer.here_bodies("");
  return printer.take();
}

}  // namespace

std::string unparse(const Command& command) {
  return printed([&](Printer& printer) { printer.command(command); });
}

std::string unparse(const List& list) {
  return printed([&](Printer& printer) { printer.list(list); });
}

std::string unparse(const Word& word) {
  return printed([&](Printer& printer) { printer.word(&word); });
}

std::string unparse(const AndOr& item) {
  return printed([&](Printer& printer) { printer.and_or(item); });
}

std::string unparse(const Pipeline& pipeline) {
  return printed([&](Printer& printer) { printer.stages(pipeline); });
}

namespace {

// Whether two commands of a list were written on lines of their own, with no semicolon between.
bool newline_between(const AndOr& first, const AndOr& second) {
  const char* const end = first.source.data() + first.source.size();
  const char* const begin = second.source.data();
  if (end > begin || begin - end > 4096) return false;
  const std::string_view between(end, static_cast<usize>(begin - end));
  return between.find('\n') != std::string_view::npos &&
         between.substr(0, between.find('\n')).find(';') == std::string_view::npos;
}

}  // namespace

void Printer::indent() { out_.append(indentation_, ' '); }

void Printer::newline(std::string_view text) {
  put("\n");
  indent();
  put(text);
}

// bash: no semicolon after "&" or a newline.
void Printer::semicolon() {
  if (!out_.empty() && (out_.back() == '&' || out_.back() == '\n')) return;
  put(";");
}

void Printer::nested(const List* body) {
  indentation_ += kIndent;
  if (body != nullptr) list(*body);
  here_bodies("");
  indentation_ -= kIndent;
}

void Printer::list(const List& list) {
  for (usize i = 0; i < list.items.size(); ++i) {
    and_or(*list.items[i]);
    // bash: a list is a chain of pairs; bodies follow the second command of a pair at once.
    if (i > 0 && !list.items[i]->background) here_bodies("");
    const bool last = i + 1 == list.items.size();
    if (list.items[i]->background) {
      here_bodies(" &");
      if (!last) {
        put(" ");
        ++skip_indent_;
      }
      continue;
    }
    if (last) break;
    if (keeps_newlines_ && here_documents_.empty() &&
        newline_between(*list.items[i], *list.items[i + 1])) {
      put("\n");
      ++skip_indent_;
      continue;
    }
    if (!here_documents_.empty()) {
      here_bodies(inside_function_ != 0 ? "" : ";");
    } else if (!std::exchange(was_here_document_, false)) {
      put(";");
    }
    if (inside_function_ != 0) {
      put("\n");
    } else {
      put(" ");
      ++skip_indent_;
    }
  }
  here_bodies("");
}

void Printer::substitution(const List& body) {
  keeps_newlines_ = true;
  list(body);
}

void Printer::and_or(const AndOr& item) {
  for (usize i = 0; i < item.pipelines.size(); ++i) {
    if (i > 0) {
      here_bodies(item.connectors[i - 1] == Connector::and_if ? " && " : " || ");
      ++skip_indent_;
    }
    pipeline(*item.pipelines[i]);
  }
}

void Printer::pipeline(const Pipeline& pipeline) {
  if (skip_indent_ != 0) {
    --skip_indent_;
  } else {
    indent();
  }
  if (pipeline.timed) put(pipeline.time_posix ? "time -p " : "time ");
  if (pipeline.negated) put("! ");
  stages(pipeline);
}

void Printer::stages(const Pipeline& pipeline) {
  for (usize i = 0; i < pipeline.commands.size(); ++i) {
    if (i > 0) {
      // bash keeps |& as the redirection it stands for.
      const bool both = !pipeline.pipe_stderr.empty() && pipeline.pipe_stderr[i - 1];
      if (both) put(" 2>&1");
      here_bodies(" |");
      put(" ");
    }
    command(*pipeline.commands[i]);
  }
}

void Printer::command(const Command& command) {
  switch (command.kind) {
    case CommandKind::simple: simple(static_cast<const SimpleCommand&>(command)); return;
    case CommandKind::group: group(static_cast<const GroupCommand&>(command)); break;
    case CommandKind::subshell:
      put("( ");
      ++skip_indent_;
      list(*static_cast<const SubshellCommand&>(command).body);
      put(" )");
      break;
    case CommandKind::if_clause: if_clauses(static_cast<const IfCommand&>(command), 0); break;
    case CommandKind::while_loop: {
      const auto& loop = static_cast<const WhileCommand&>(command);
      put(loop.until ? "until " : "while ");
      ++skip_indent_;
      list(*loop.condition);
      semicolon();
      put(" do\n");
      nested(loop.body);
      semicolon();
      newline("done");
      break;
    }
    case CommandKind::for_loop:
    case CommandKind::select_loop: loop(static_cast<const ForCommand&>(command)); break;
    case CommandKind::arith_for: arith_for(static_cast<const ArithForCommand&>(command)); break;
    case CommandKind::case_clause: case_clause(static_cast<const CaseCommand&>(command)); break;
    case CommandKind::function_definition: {
      const auto& function = static_cast<const FunctionCommand&>(command);
      definition(std::string("function ").append(function.name), *function.body);
      break;
    }
    case CommandKind::arith:
      put("((");
      word(static_cast<const ArithCommand&>(command).expression);
      put("))");
      break;
    case CommandKind::conditional:
      put("[[ ");
      condition(*static_cast<const ConditionalCommand&>(command).condition);
      put(" ]]");
      break;
    case CommandKind::coproc: {
      const auto& coproc = static_cast<const CoprocCommand&>(command);
      put("coproc ");
      put(coproc.name);
      put(" ");
      this->command(*coproc.body);
      break;
    }
  }
  redirects(command);
}

void Printer::function(std::string_view name, const Command& body) { definition(name, body); }

void Printer::definition(std::string_view head, const Command& body) {
  put(head);
  put(" () \n");
  indent();
  put("{ \n");
  ++inside_function_;
  if (body.kind == CommandKind::group) {
    nested(static_cast<const GroupCommand&>(body).body);
  } else {
    indentation_ += kIndent;
    indent();
    command(body);
    here_bodies("");
    indentation_ -= kIndent;
  }
  --inside_function_;
  newline("}");
  if (body.kind == CommandKind::group) redirects(body);
  here_bodies("");
  was_here_document_ = false;
}

void Printer::group(const GroupCommand& command) {
  put("{ ");
  if (inside_function_ == 0) {
    ++skip_indent_;
    list(*command.body);
    semicolon();
    put(" ");
  } else {
    put("\n");
    nested(command.body);
    put("\n");
    indent();
  }
  put("}");
}

void Printer::if_clauses(const IfCommand& command, usize first) {
  put("if ");
  ++skip_indent_;
  list(*command.clauses[first].condition);
  semicolon();
  put(" then\n");
  nested(command.clauses[first].body);
  // bash: `elif` is an `if` within the `else`.
  const bool more = first + 1 < command.clauses.size();
  if (more || command.otherwise != nullptr) {
    semicolon();
    newline("else\n");
    if (more) {
      indentation_ += kIndent;
      indent();
      if_clauses(command, first + 1);
      indentation_ -= kIndent;
    } else {
      nested(command.otherwise);
    }
  }
  semicolon();
  newline("fi");
}

void Printer::loop(const ForCommand& command) {
  put(command.kind == CommandKind::select_loop ? "select " : "for ");
  put(command.variable);
  put(" in ");
  if (!command.has_words) put("\"$@\"");
  for (usize i = 0; i < command.words.size(); ++i) {
    if (i > 0) put(" ");
    word(command.words[i]);
  }
  put(";");
  newline("do\n");
  nested(command.body);
  semicolon();
  newline("done");
}

void Printer::arith_for(const ArithForCommand& command) {
  const auto section = [this](const Word* expression) {
    if (expression == nullptr) {
      put("1");
      return;
    }
    std::string_view text = expression->source;
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    put(text);
  };
  put("for ((");
  section(command.initial);
  put("; ");
  section(command.condition);
  put("; ");
  section(command.step);
  put("))");
  newline("do\n");
  nested(command.body);
  semicolon();
  newline("done");
}

void Printer::case_clause(const CaseCommand& command) {
  put("case ");
  word(command.subject);
  put(" in ");
  indentation_ += kIndent;
  for (const CaseItem& item : command.items) {
    newline("");
    for (usize i = 0; i < item.patterns.size(); ++i) {
      if (i > 0) put(" | ");
      word(item.patterns[i]);
    }
    put(")\n");
    nested(item.body);
    newline(item.end == CaseEnd::stop ? ";;" : item.end == CaseEnd::fall_through ? ";&" : ";;&");
  }
  indentation_ -= kIndent;
  newline("esac");
}

void Printer::condition(const Condition& condition) {
  switch (condition.kind) {
    case ConditionKind::word:
      put("-n ");
      word(condition.left);
      break;
    case ConditionKind::unary:
      put(condition.op);
      put(" ");
      word(condition.left);
      break;
    case ConditionKind::binary:
      word(condition.left);
      put(" ");
      put(condition.op);
      put(" ");
      word(condition.right);
      break;
    case ConditionKind::negation: {
      put("! ");
      const bool both = condition.first->kind == ConditionKind::conjunction ||
                        condition.first->kind == ConditionKind::disjunction;
      if (both) put("( ");
      this->condition(*condition.first);
      if (both) put(" )");
      break;
    }
    default: {
      // Chains of one operator may be of any length.
      std::vector<const Condition*> joins;
      const Condition* first = &condition;
      for (; first->kind == condition.kind; first = first->first) joins.push_back(first);
      condition_side(condition.kind, *first);
      for (; !joins.empty(); joins.pop_back()) {
        put(condition.kind == ConditionKind::conjunction ? " && " : " || ");
        condition_side(condition.kind, *joins.back()->second);
      }
      break;
    }
  }
}

void Printer::condition_side(ConditionKind join, const Condition& side) {
  const bool looser = join == ConditionKind::conjunction && side.kind == ConditionKind::disjunction;
  if (looser) put("( ");
  condition(side);
  if (looser) put(" )");
}

}  // namespace swebash::engine
