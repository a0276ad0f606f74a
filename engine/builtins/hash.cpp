// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/builtins/declarations.hpp"
#include "engine/system/files.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine::builtins {

namespace {

std::string quote_word(std::string_view text) {
  return has_shell_meta(text) ? quote_single_plain(text) : std::string(text);
}

}  // namespace

ExitStatus hash(Invocation& invocation) {
  bool list = false, forget_all = false, forget = false, show = false;
  std::string path;
  OptionParser options(invocation, "dlrtp:");
  while (const char letter = options.next()) {
    switch (letter) {
      case '?': return kUsage;
      case 'd': forget = true; break;
      case 'l': list = true; break;
      case 'r': forget_all = true; break;
      case 't': show = true; break;
      default: path = options.argument();
    }
  }
  Shell& shell = invocation.shell;
  if (!shell.on(SetOption::hashall)) {
    invocation.error("hashing disabled");
    return kFailure;
  }
  if (shell.restricted() && path.find('/') != std::string::npos) {
    invocation.error(path, "restricted");
    return kFailure;
  }
  auto& known = shell.programs().remembered();
  const auto operands = options.operands();
  if (forget_all) known.clear();
  if (operands.empty()) {
    if (forget || show) {
      invocation.error(forget ? "-d" : "-t", "option requires an argument");
      return kFailure;
    }
    if (forget_all) return kSuccess;
    if (list) invocation.out.set_failure(Output::Failure::unnoticed);
    if (known.empty()) {
      if (!shell.posix()) put_line(invocation.out, "hash: hash table empty");
      return kSuccess;
    }
    std::vector<std::string_view> names;
    for (const auto& entry : known) names.push_back(entry.first);
    std::ranges::sort(names, [](std::string_view left, std::string_view right) {
      return hashes_before(left, right, kRememberedBuckets);
    });
    if (!list) put_line(invocation.out, "hits\tcommand");
    for (const std::string_view name : names) {
      const RememberedPath& entry = known.find(name)->second;
      if (list) {
        put_line(invocation.out,
                 "builtin hash -p " + quote_word(entry.path) + " " + quote_word(name));
        continue;
      }
      std::string hits = std::to_string(entry.hits);
      if (hits.size() < 4) hits.insert(0, 4 - hits.size(), ' ');
      put_line(invocation.out, hits + "\t" + entry.path);
    }
    return kSuccess;
  }
  ExitStatus status = kSuccess;
  for (const std::string& name : operands) {
    if (!path.empty()) {
      if (shell.restricted() && shell.programs().find_afresh(path).empty()) {
        invocation.error(path, "not found");
        status = kFailure;
        continue;
      }
      if (files::is_directory(path)) {
        invocation.error(path, errno_message(Errno::isdir));
        status = kFailure;
        continue;
      }
      known.insert_or_assign(name, RememberedPath{path, 0});
      continue;
    }
    if (show || forget) {
      const auto found = known.find(name);
      if (found == known.end()) {
        invocation.error(name, "not found");
        status = kFailure;
      } else if (forget) {
        known.erase(found);
      } else {
        if (list) {
          put_line(invocation.out, "builtin hash -p " + found->second.path + " " + name);
          continue;
        }
        if (operands.size() > 1) invocation.out.put(name + "\t");
        put_line(invocation.out, found->second.path);
      }
      continue;
    }
    if (name.find('/') != std::string::npos || shell.functions().find(name) != nullptr) continue;
    if (const Builtin* row = find_builtin(name);
        row != nullptr && row->kind != BuiltinKind::utility) {
      continue;
    }
    known.erase(name);
    // bash: what cannot be executed is not remembered.
    if (shell.programs().find(name).empty() || shell.programs().find_all(name).empty()) {
      known.erase(name);
      invocation.error(name, "not found");
      status = kFailure;
    } else if (const auto found = known.find(name); found != known.end()) {
      found->second.hits = 0;
    }
  }
  return status;
}

}  // namespace swebash::engine::builtins
