// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/completion_quoting.hpp"

namespace swebash::engine {
namespace {

// bash: a name without one of these stays as it is.
constexpr std::string_view kAskForQuotes = " \t\n\\\"'@<>=;|&()#$`?*[!:{~";
constexpr std::string_view kBackslashed = " \t\n'\"\\|&;()<>!{}*[]?^$`,";

std::string with_backslashes(std::string_view name, const NameQuoting& how) {
  std::string out;
  for (usize i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool kept = how.variables && (c == '$' || c == '{' || c == '}');
    if (!kept && (kBackslashed.find(c) != std::string_view::npos || (c == '#' && i == 0) ||
                  how.breaks.find(c) != std::string_view::npos)) {
      out.push_back('\\');
    }
    out.push_back(c);
  }
  return out;
}

std::string in_double_quotes(std::string_view name, const NameQuoting& how) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\' || c == '`' || (c == '$' && !how.variables)) out.push_back('\\');
    out.push_back(c);
  }
  return out + '"';
}

std::string in_single_quotes(std::string_view name) {
  std::string out = "'";
  for (const char c : name) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out.push_back(c);
    }
  }
  return out + '\'';
}

}  // namespace

std::string quote_completed(std::string_view name, const NameQuoting& how, NameEnd end) {
  if (name.find_first_of(kAskForQuotes) == std::string_view::npos) {
    return how.quote == 0 ? std::string(name) : how.quote + std::string(name);
  }
  char quote = how.quote;
  if (quote == 0 && name.find('\n') != std::string_view::npos) quote = '\'';
  // Within double quotes nothing hides a ! from the history.
  if (quote == '"' && how.history && name.find('!') != std::string_view::npos) quote = 0;
  if (quote == 0) return with_backslashes(name, how);
  std::string text = quote == '"' ? in_double_quotes(name, how) : in_single_quotes(name);
  if (end == NameEnd::open) text.pop_back();
  return text;
}

}  // namespace swebash::engine
