// SPDX-License-Identifier: Apache-2.0
//
// bind: the key bindings of a line editor that scripts do not have. They are kept and listed.
#include <algorithm>
#include <iterator>
#include <vector>

#include "engine/builtins/declarations.hpp"
#include "engine/interpreter/key_bindings.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine::builtins {
namespace {

struct LineFunction {
  std::string_view name;
  std::string_view keys;
};
struct LineVariable {
  std::string_view name;
  std::string_view value;
};

constexpr LineFunction kFunctions[] = {
#define SWEBASH_LINE_FUNCTION(name, keys) {name, keys},
#include "engine/editing/line_functions.def"
#undef SWEBASH_LINE_FUNCTION
};
static_assert(std::ranges::is_sorted(kFunctions, {}, &LineFunction::name));

constexpr LineVariable kVariables[] = {
#define SWEBASH_LINE_VARIABLE(name, value) {name, value},
#include "engine/editing/line_variables.def"
#undef SWEBASH_LINE_VARIABLE
};

constexpr std::string_view kKeymaps[] = {"emacs", "emacs-ctlx", "emacs-meta", "emacs-standard",
                                         "vi",    "vi-command", "vi-insert",  "vi-move"};

std::string_view trimmed(std::string_view text) {
  const usize first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

// Where the quote that opens `text` is closed; npos when it is not.
usize closing_quote(std::string_view text) {
  for (usize i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[0]) {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

class Binder {
 public:
  explicit Binder(Invocation& invocation)
      : invocation_(invocation), bindings_(invocation.shell.key_bindings()) {}

  void list_names() {
    for (const LineFunction& function : kFunctions) put_line(invocation_.out, function.name);
  }

  // -p, and -P with `readable`.
  void list_functions(bool readable) {
    put_line(invocation_.out, "");
    for (const LineFunction& function : kFunctions) {
      const std::string name(function.name);
      const auto keys = keys_of(function);
      if (readable) {
        put_line(invocation_.out, keys.empty() ? name + " is not bound to any keys"
                                               : name + " can be found on " + joined(keys));
      } else if (keys.empty()) {
        put_line(invocation_.out, "# " + name + " (not bound)");
      } else {
        for (const std::string& key : keys) put_line(invocation_.out, "\"" + key + "\": " + name);
      }
    }
  }

  void list_variables(bool readable) {
    for (const LineVariable& variable : kVariables) {
      const auto changed = bindings_.variables.find(variable.name);
      const std::string value(changed == bindings_.variables.end()
                                  ? variable.value
                                  : std::string_view(changed->second));
      const std::string name(variable.name);
      put_line(invocation_.out,
               readable ? name + " is set to `" + value + "'" : "set " + name + " " + value);
    }
  }

  void list_macros(bool readable) {
    for (const auto& [key, text] : bindings_.macros) {
      put_line(invocation_.out,
               readable ? key + " outputs " + text : "\"" + key + "\": \"" + text + "\"");
    }
  }

  void list_commands() {
    for (const auto& [key, command] : bindings_.commands) {
      put_line(invocation_.out, "\"" + key + "\": \"" + escaped(command) + "\"");
    }
  }

  ExitStatus query(std::string_view name) {
    const LineFunction* function = known(name);
    if (function == nullptr) return kFailure;
    const auto keys = keys_of(*function);
    const std::string text(name);
    put_line(invocation_.out, keys.empty() ? text + " is not bound to any keys."
                                           : text + " can be invoked via " + joined(keys));
    return keys.empty() ? kFailure : kSuccess;
  }

  ExitStatus forget_function(std::string_view name) {
    const LineFunction* function = known(name);
    if (function == nullptr) return kFailure;
    for (const std::string& key : keys_of(*function)) bindings_.functions[key].clear();
    return kSuccess;
  }

  void forget_key(std::string_view key) {
    if (const auto at = bindings_.macros.find(key); at != bindings_.macros.end()) {
      bindings_.macros.erase(at);
    }
    if (const auto at = bindings_.commands.find(key); at != bindings_.commands.end()) {
      bindings_.commands.erase(at);
    }
    bindings_.functions[std::string(key)].clear();
  }

  // A line of the editor's start-up file.
  void read_line(std::string_view line, bool is_command) {
    line = trimmed(line);
    if (line.empty() || line[0] == '#' || line[0] == '$') return;
    if (!is_command && (line.starts_with("set ") || line.starts_with("set\t"))) {
      set_variable(trimmed(line.substr(4)));
      return;
    }
    const bool quoted = line[0] == '"' || line[0] == '\'';
    const usize end = quoted ? closing_quote(line) : line.find(':');
    const usize colon = end == std::string_view::npos ? end : line.find(':', end);
    if (colon == std::string_view::npos) {
      Shell::write_error("readline: " + std::string(line) + ": no key sequence terminator\n");
      return;
    }
    const std::string key(quoted ? line.substr(1, end - 1) : trimmed(line.substr(0, end)));
    bind_key(key, trimmed(line.substr(colon + 1)), is_command);
  }

 private:
  void bind_key(const std::string& key, std::string_view target, bool is_command) {
    const bool quoted = !target.empty() && (target[0] == '"' || target[0] == '\'');
    std::string_view text = target;
    if (quoted) text = target.substr(1, std::min(closing_quote(target), target.size()) - 1);
    if (!is_command && !quoted && find(target) == nullptr) return;
    forget_key(key);
    if (is_command) {
      bindings_.commands[key] = text;
    } else if (quoted) {
      bindings_.macros[key] = text;
    } else {
      bindings_.functions[key] = target;
    }
  }

  void set_variable(std::string_view text) {
    const usize blank = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view name = text.substr(0, blank);
    if (std::ranges::find(kVariables, name, &LineVariable::name) == std::end(kVariables)) {
      Shell::write_error("readline: " + std::string(name) + ": unknown variable name\n");
      return;
    }
    bindings_.variables[std::string(name)] = trimmed(text.substr(blank));
  }

  static const LineFunction* find(std::string_view name) {
    const auto found = std::ranges::lower_bound(kFunctions, name, {}, &LineFunction::name);
    return found != std::end(kFunctions) && found->name == name ? found : nullptr;
  }

  const LineFunction* known(std::string_view name) {
    const LineFunction* function = find(name);
    if (function == nullptr) {
      invocation_.error("`" + std::string(name) + "'", "unknown function name");
    }
    return function;
  }

  // The editor's own that were not bound anew, and what bind added.
  std::vector<std::string> keys_of(const LineFunction& function) const {
    std::vector<std::string> keys;
    for (usize at = 0; at < function.keys.size();) {
      const usize end = std::min(function.keys.find('\t', at), function.keys.size());
      std::string key(function.keys.substr(at, end - at));
      if (!bindings_.functions.contains(key)) keys.push_back(std::move(key));
      at = end + 1;
    }
    for (const auto& [key, name] : bindings_.functions) {
      if (name == function.name) keys.push_back(key);
    }
    std::ranges::sort(keys);
    return keys;
  }

  static std::string joined(const std::vector<std::string>& keys) {
    constexpr usize kShown = 5;
    std::string text;
    for (usize i = 0; i < std::min(keys.size(), kShown); ++i) {
      text += (i == 0 ? "\"" : ", \"") + keys[i] + "\"";
    }
    return text + (keys.size() > kShown ? ", ..." : ".");
  }

  Invocation& invocation_;
  KeyBindings& bindings_;
};

ExitStatus read_file(Invocation& invocation, Binder& binder, std::string_view name) {
  std::string text;
  const auto file = files::open(name, abi::kRead);
  const auto read =
      file ? files::read_all(file->fd(), text) : SysResult<void>(std::unexpected(file.error()));
  if (!read) {
    invocation.error(name, "cannot read: " + std::string(errno_message(read.error())));
    return kFailure;
  }
  for (usize at = 0; at < text.size();) {
    const usize end = std::min(text.find('\n', at), text.size());
    binder.read_line(std::string_view(text).substr(at, end - at), false);
    at = end + 1;
  }
  return kSuccess;
}

}  // namespace

ExitStatus bind(Invocation& invocation) {
  // bash: without line editing it says so, and does what it is asked.
  if (!invocation.shell.interactive()) invocation.error("warning: line editing not enabled");
  Binder binder(invocation);
  OptionParser options(invocation, "lvpsPVSXf:q:u:m:r:x:");
  ExitStatus status = kSuccess;
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'l': binder.list_names(); break;
      case 'p':
      case 'P': binder.list_functions(letter == 'P'); break;
      case 'v':
      case 'V': binder.list_variables(letter == 'V'); break;
      case 's':
      case 'S': binder.list_macros(letter == 'S'); break;
      case 'X': binder.list_commands(); break;
      case 'q': status = binder.query(options.argument()); break;
      case 'u': status = binder.forget_function(options.argument()); break;
      case 'r': binder.forget_key(options.argument()); break;
      case 'x': binder.read_line(options.argument(), true); break;
      case 'f': status = read_file(invocation, binder, options.argument()); break;
      default:
        if (std::ranges::find(kKeymaps, options.argument()) == std::end(kKeymaps)) {
          invocation.error("`" + std::string(options.argument()) + "'", "invalid keymap name");
          return kFailure;
        }
    }
  }
  for (const std::string& operand : options.operands()) binder.read_line(operand, false);
  return status;
}

}  // namespace swebash::engine::builtins
