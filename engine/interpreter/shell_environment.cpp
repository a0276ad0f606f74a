// SPDX-License-Identifier: Apache-2.0
//
// What the shell takes from its environment at the start: variables, functions, and entries that
// are neither, which its programs get.
#include "engine/interpreter/shell.hpp"
#include "engine/syntax/parser.hpp"

namespace swebash::engine {

void Shell::import_environment(std::span<const std::string_view> environment,
                               FunctionImport functions) {
  for (const std::string_view entry : environment) {
    const usize equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = entry.substr(0, equals), value = entry.substr(equals + 1);
    if (functions != FunctionImport::none && name.starts_with("BASH_FUNC_") &&
        name.ends_with("%%") && name.size() >= 12 && value.starts_with("() {")) {
      import_function(name.substr(10, name.size() - 12), value, functions);
      continue;
    }
    if (!Variables::is_valid_name(name)) {
      environment_.keep_foreign(entry);
      continue;
    }
    if (name == "IFS") continue;
    if (name == "_") {
      last_argument_ = value;
      continue;
    }
    if (name == "SHELLOPTS" || name == "BASHOPTS") {
      for (usize at = 0; at < value.size();) {
        usize end = value.find(':', at);
        if (end == std::string_view::npos) end = value.size();
        const std::string_view option = value.substr(at, end - at);
        if (const auto set = Options::find_set(option); set && name == "SHELLOPTS") {
          turn(*set, Switch::on);
        } else if (const auto shell = Options::find_shell(option); shell && name == "BASHOPTS") {
          turn(*shell, Switch::on);
        }
        at = end + 1;
      }
      continue;
    }
    static_cast<void>(variables_.assign(name, value));
    if (Variable* variable = variables_.find_unresolved(name)) {
      static_cast<void>(variables_.set_attributes(*variable, kExported, 0));
    }
  }
}

namespace {

// The one command that `unit` is, when it is the definition of a function named `name`.
const FunctionCommand* only_definition(const Unit& unit, std::string_view name) {
  if (unit.list == nullptr || unit.list->items.size() != 1) return nullptr;
  const AndOr& item = *unit.list->items[0];
  if (item.background || item.pipelines.size() != 1) return nullptr;
  const Pipeline& pipeline = *item.pipelines[0];
  if (pipeline.negated || pipeline.timed || pipeline.commands.size() != 1) return nullptr;
  const Command& command = *pipeline.commands[0];
  if (command.kind != CommandKind::function_definition) return nullptr;
  const auto& definition = static_cast<const FunctionCommand&>(command);
  return definition.name == name ? &definition : nullptr;
}

}  // namespace

// Text of the environment becomes a function only where its first command defines that function
// and does nothing else; what stands on later lines is not read. Nothing of it runs.
void Shell::import_function(std::string_view name, std::string_view text, FunctionImport import) {
  // bash: a name with a slash would stand for a file; posix mode has names of variables only.
  const bool nameable = name.find('/') == std::string_view::npos &&
                        (import != FunctionImport::valid_names || Variables::is_valid_name(name));
  if (nameable) {
    const std::string definition = std::string(name) + " " + std::string(text);
    TextSource source(definition);
    // bash counts the lines from 0 here.
    Parser parser(source, *this, 0);
    auto unit = parser.next();
    if (!unit) {
      SyntaxError error = std::move(unit.error());
      error.line = 0;
      report_syntax(error, script_name_ + ": " + std::string(name));
    } else if (*unit && (*unit)->list != nullptr) {
      if (const FunctionCommand* command = only_definition(**unit, name)) {
        UnitPtr outer = swap_unit(*unit);
        static_cast<void>(evaluator_->define(*command));
        unit_ = std::move(outer);
      } else {
        report("warning: " + std::string(name) + ": ignoring function definition attempt");
      }
    }
  }
  if (const FunctionPtr* function = functions_.find(name)) {
    (*function)->exported = true;
    environment_.functions_changed();
    return;
  }
  environment_.keep_foreign("BASH_FUNC_" + std::string(name) + "%%=" + std::string(text));
  report("error importing function definition for `" + std::string(name) + "'");
}

}  // namespace swebash::engine
