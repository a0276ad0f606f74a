// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/type.hpp"

#include <algorithm>

#include "engine/builtins/declarations.hpp"
#include "engine/syntax/reserved_words.hpp"
#include "engine/system/files.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {
namespace {

// In which forms `type` answers.
struct TypeOptions {
  bool all = false;
  bool no_functions = false;
  bool word_only = false;   // -t
  bool path_only = false;   // -p
  bool force_path = false;  // -P
  bool standard = false;    // command -p
};

// Where `name` is remembered to be, which counts as a hit.
const std::string* remembered_path(Shell& shell, std::string_view name) {
  auto& known = shell.programs().remembered();
  const auto found = known.find(name);
  if (found == known.end()) return nullptr;
  ++found->second.hits;
  return &found->second.path;
}

bool describe_all(Invocation& invocation, const std::string& name, const TypeOptions& options) {
  Shell& shell = invocation.shell;
  Output& out = invocation.out;
  bool found = false;
  const auto say = [&](std::string_view word, const std::string& sentence) {
    found = true;
    if (options.word_only) {
      put_line(out, word);
    } else if (!options.path_only) {
      put_line(out, sentence);
    }
  };
  if (!options.force_path) {
    if (const auto alias = shell.aliases().find(name);
        alias != shell.aliases().end() && shell.on(ShellOption::expand_aliases)) {
      say("alias", name + " is aliased to `" + alias->second + "'");
      if (!options.all) return true;
    }
    if (is_reserved_word(name)) {
      say("keyword", name + " is a shell keyword");
      if (!options.all) return true;
    }
    const Builtin* builtin = find_builtin(name);
    const bool is_builtin = builtin != nullptr && builtin->kind != BuiltinKind::utility &&
                            !shell.builtins().is_disabled(name);
    const bool special = is_builtin && builtin->kind == BuiltinKind::special && shell.posix();
    const auto say_builtin = [&] {
      say("builtin", name + (special ? " is a special shell builtin" : " is a shell builtin"));
    };
    if (special) {
      say_builtin();
      if (!options.all) return true;
    }
    if (!options.no_functions) {
      if (const FunctionPtr* function = shell.functions().find(name)) {
        say("function", name + " is a function\n" + definition_text(**function));
        if (!options.all) return true;
      }
    }
    if (is_builtin && !special) {
      say_builtin();
      if (!options.all) return true;
    }
  }
  if (name.find('/') != std::string::npos) {
    if (!files::access(name, abi::kAccessExecute) || files::is_directory(name)) return found;
    found = true;
    put_line(out, options.word_only                         ? "file"
                  : options.path_only || options.force_path ? name
                                                            : name + " is " + name);
    return true;
  }
  const auto say_path = [&](const std::string& path, const std::string& sentence) {
    found = true;
    put_line(out, options.word_only                         ? "file"
                  : options.path_only || options.force_path ? path
                                                            : sentence);
  };
  if (!options.all && !options.standard) {
    if (const std::string* path = remembered_path(shell, name)) {
      say_path(*path, name + " is hashed (" + *path + ")");
      return true;
    }
  }
  if (options.standard) {
    if (const std::string path = shell.programs().find(name, ProgramPaths::From::standard);
        !path.empty()) {
      say_path(path, name + " is " + path);
    }
    return found;
  }
  for (const std::string& path : shell.programs().find_all(name)) {
    say_path(path, name + " is " + path);
    if (!options.all) return true;
  }
  if (!found && !options.all) {
    // A file that cannot be executed is what would be tried.
    if (const std::string path = shell.programs().find_afresh(name); !path.empty()) {
      say_path(path, name + " is " + path);
    }
  }
  return found;
}

}  // namespace

bool is_reserved_word(std::string_view word) noexcept { return engine::is_keyword(word); }

bool describe_command(Invocation& invocation, std::string_view name, TypeForm form,
                      bool standard_path) {
  Shell& shell = invocation.shell;
  const std::string text(name);
  if (form == TypeForm::sentence) {
    TypeOptions options;
    options.standard = standard_path;
    return describe_all(invocation, text, options);
  }
  Output& out = invocation.out;
  if (const auto alias = shell.aliases().find(name);
      alias != shell.aliases().end() && shell.on(ShellOption::expand_aliases)) {
    put_line(out, "alias " + text + "=" + quote_single_plain(alias->second));
    return true;
  }
  const Builtin* builtin = find_builtin(name);
  if (is_reserved_word(name) || shell.functions().find(name) != nullptr ||
      (builtin != nullptr && builtin->kind != BuiltinKind::utility &&
       !shell.builtins().is_disabled(name))) {
    put_line(out, name);
    return true;
  }
  if (name.find('/') != std::string_view::npos) {
    if (!files::access(name, abi::kAccessExecute) || files::is_directory(name)) return false;
    put_line(out, text);
    return true;
  }
  std::string path;
  if (standard_path) {
    path = shell.programs().find(name, ProgramPaths::From::standard);
  } else if (const std::string* known = remembered_path(shell, name)) {
    path = *known;
  } else {
    path = shell.programs().find_afresh(name);
  }
  if (path.empty()) return false;
  put_line(out, path.starts_with('/') ? path : files::join(shell.directory().path(), path));
  return true;
}

ExitStatus type(Invocation& invocation) {
  TypeOptions wanted;
  OptionParser options(invocation, "afptP");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'a': wanted.all = true; break;
      case 'f': wanted.no_functions = true; break;
      case 'p': wanted.path_only = true; break;
      case 't': wanted.word_only = true; break;
      default: wanted.force_path = true;
    }
  }
  ExitStatus status = kSuccess;
  for (const std::string& name : options.operands()) {
    if (describe_all(invocation, name, wanted)) continue;
    status = kFailure;
    if (!wanted.word_only && !wanted.path_only && !wanted.force_path) {
      invocation.error(name, "not found");
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
