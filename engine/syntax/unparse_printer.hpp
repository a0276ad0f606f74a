// SPDX-License-Identifier: Apache-2.0
//
// Printer: the state of one walk over a tree for unparse.hpp. Private to the unparser's sources;
// not thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/syntax/ast.hpp"

namespace swebash::engine {

class Printer {
 public:
  void function(std::string_view name, const Command& body);
  void command(const Command& command);
  void list(const List& list);
  void and_or(const AndOr& item);
  void stages(const Pipeline& pipeline);  // without "!" and "time"
  void word(const Word* word);
  // Prints what stands in $( ): a newline between two commands stays one.
  void substitution(const List& list);
  [[nodiscard]] std::string take() { return std::move(out_); }
  // Prints the bodies of here-documents whose operators have been printed; before them,
  // `separator`.
  void here_bodies(std::string_view separator);

 private:
  static constexpr usize kIndent = 4;

  void put(std::string_view text) { out_.append(text); }
  void indent();
  void newline(std::string_view text);
  void semicolon();
  void nested(const List* list);
  void pipeline(const Pipeline& pipeline);
  void simple(const SimpleCommand& command);
  void assignment(const Assignment& assignment);
  void written(std::string_view text);
  void substitutions(std::span<const Part> parts, std::string_view source, const char*& done);
  void group(const GroupCommand& command);
  void if_clauses(const IfCommand& command, usize first);
  void loop(const ForCommand& command);
  void arith_for(const ArithForCommand& command);
  void case_clause(const CaseCommand& command);
  void definition(std::string_view head, const Command& body);
  void condition(const Condition& condition);
  void condition_side(ConditionKind join, const Condition& side);
  void redirects(const Command& command);
  void redirect(const Redirect& redirect);
  void descriptor(const Redirect& redirect, i32 usual);

  std::string out_;
  usize indentation_ = 0;
  usize inside_function_ = 0;
  usize skip_indent_ = 0;
  bool was_here_document_ = false;
  bool keeps_newlines_ = false;
  std::vector<const Redirect*> here_documents_;
};

}  // namespace swebash::engine
