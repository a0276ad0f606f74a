// SPDX-License-Identifier: Apache-2.0
#include "shell/policy_file/policy_reader.hpp"

#include <algorithm>
#include <optional>
#include <span>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace swebash::shell {
namespace {

enum class Many : u8 { no, yes };

struct Key {
  std::string_view name;
  std::string_view value;  // as in settings.def
  Many many;
};

constexpr std::string_view name_of_flag(std::string_view flag) { return flag.substr(2); }

constexpr Key kSettings[] = {
#define SWEBASH_SETTING(name, flag, value, environment, help) {name_of_flag(flag), value, Many::no},
#define SWEBASH_SETTING_LIST(name, flag, value, environment, help) \
  {name_of_flag(flag), value, Many::yes},
#include "shell/settings.def"
#undef SWEBASH_SETTING
#undef SWEBASH_SETTING_LIST
};

// What is about the program or one start of it, and not about what is allowed.
constexpr std::string_view kNotInFiles[] = {"dry-run", "engine",  "engine-tier",
                                            "policy",  "timings", "timings-file"};
constexpr std::string_view kPaths[] = {"allow-read", "allow-write", "audit",
                                       "deny",       "overlay",     "workspace"};
constexpr std::string_view kOfCommands[] = {"action", "match"};
constexpr std::string_view kOfGit[] = {"action", "protected"};
constexpr std::string_view kActions[] = {"allow", "ask", "deny"};

u32 line_of(const toml::node& node) noexcept { return node.source().begin.line; }

bool is_any(std::string_view text, std::span<const std::string_view> of) noexcept {
  return std::ranges::find(of, text) != of.end();
}

usize distance(std::string_view a, std::string_view b) {
  std::vector<usize> row(b.size() + 1);
  for (usize i = 0; i < row.size(); ++i) row[i] = i;
  for (usize i = 1; i <= a.size(); ++i) {
    usize diagonal = row[0];
    row[0] = i;
    for (usize j = 1; j <= b.size(); ++j) {
      const usize changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

class Reader {
 public:
  Reader(const std::string& folder, const std::string& home) : folder_(folder), home_(home) {}

  Result<void, PolicyError> read(const toml::table& table) {
    for (auto&& [name, node] : table) {
      if (name.str() == "command") {
        SWEBASH_TRY(read_commands(node));
      } else if (name.str() == "git") {
        SWEBASH_TRY(read_git(node));
      } else {
        SWEBASH_TRY(read_setting(name, node));
      }
    }
    return check_whole();
  }

  std::vector<PolicyEntry> take() { return std::move(entries_); }

 private:
  using Step = Result<void, PolicyError>;

  static std::unexpected<PolicyError> wrong(u32 line, std::string reason) {
    return std::unexpected(PolicyError{line, std::move(reason)});
  }

  static std::unexpected<PolicyError> unknown(const toml::key& name,
                                              const std::vector<std::string_view>& known,
                                              std::string_view where) {
    const std::string text(name.str());
    std::string reason = text + ": no such key" + std::string(where);
    if (text == "protected") {
      reason += " (it belongs below [git])";
    } else {
      const auto nearest = std::ranges::min_element(
          known, {}, [&](std::string_view one) { return distance(text, one); });
      reason += distance(text, *nearest) <= 3
                    ? " (" + std::string(*nearest) + " is one)"
                    : std::string(" (swebash --help lists the flags, which are the keys)");
    }
    return wrong(name.source().begin.line, std::move(reason));
  }

  void add(u32 line, std::string_view key, std::string value) {
    entries_.push_back({line, std::string(key), std::move(value)});
  }

  [[nodiscard]] std::string absolute(std::string_view path) const {
    if (path == "~" || path.starts_with("~/")) return home_ + std::string(path.substr(1));
    if (path.empty() || path.front() == '/') return std::string(path);
    return folder_ + "/" + std::string(path);
  }

  Step add_text(std::string_view key, const toml::node& node, std::string_view choices) {
    const u32 line = line_of(node);
    const std::string text = **node.as_string();
    if (text.find('\0') != std::string::npos)
      return wrong(line, std::string(key) + ": a zero byte");
    const bool is_path = is_any(key, kPaths) && !(key == "audit" && text.starts_with("fd:"));
    if (is_path && text.empty()) {
      return wrong(line,
                   std::string(key) + ": no path is named (" + std::string(key) + " = \"PATH\")");
    }
    if (choices.find('|') != std::string_view::npos && choices.find('[') != 0 &&
        choices.find(':') == std::string_view::npos) {
      bool found = false;
      for (std::string_view rest = choices; !rest.empty();) {
        const usize end = std::min(rest.find('|'), rest.size());
        found |= rest.substr(0, end) == text;
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      if (!found) {
        return wrong(line, std::string(key) + ": " + in_quotes(text) + " is none of its values (" +
                               std::string(choices) + ")");
      }
    }
    add(line, key, is_path ? absolute(text) : text);
    return {};
  }

  Step read_setting(const toml::key& name, const toml::node& node) {
    const std::string_view text = name.str();
    const Key* key = nullptr;
    std::vector<std::string_view> known = {"command", "git"};
    for (const Key& one : kSettings) {
      if (is_any(one.name, kNotInFiles)) continue;
      known.push_back(one.name);
      if (one.name == text) key = &one;
    }
    if (key == nullptr) return unknown(name, known, "");
    const bool is_switch = key->value.empty();
    const bool may_be_switch = is_switch || key->value.front() == '[';
    const u32 line = line_of(node);
    if (node.is_boolean() && may_be_switch) {
      add(line, key->name, **node.as_boolean() ? "1" : "0");
      return {};
    }
    if (is_switch) return wrong(line, key_type(*key, "true or false", "true"));
    if (node.is_array() && key->many == Many::yes) {
      for (auto&& one : *node.as_array()) {
        if (!one.is_string())
          return wrong(line_of(one), key_type(*key, "a list of texts", "[\"TEXT\"]"));
        SWEBASH_TRY(add_text(key->name, one, {}));
      }
      return {};
    }
    if (node.is_integer() && key->many == Many::no && !may_be_switch &&
        !is_any(key->name, kPaths)) {
      add(line, key->name, std::to_string(**node.as_integer()));
      return {};
    }
    if (node.is_string()) return add_text(key->name, node, key->value);
    return wrong(line, key->many == Many::yes
                           ? key_type(*key, "a text or a list of them", "[\"TEXT\"]")
                           : key_type(*key, "a text", "\"TEXT\""));
  }

  static std::string key_type(const Key& key, std::string_view type, std::string_view example) {
    return std::string(key.name) + ": its value is " + std::string(type) + " (" +
           std::string(key.name) + " = " + std::string(example) + ")";
  }

  // The text of `node`, a key of a table of rules.
  static Result<std::string, PolicyError> text_of(const toml::key& name, const toml::node& node) {
    if (node.is_string() && !(**node.as_string()).empty()) return std::string(**node.as_string());
    return wrong(line_of(node), std::string(name.str()) + ": its value is a text (" +
                                    std::string(name.str()) + " = \"TEXT\")");
  }

  static Result<std::string, PolicyError> action_of(const toml::key& name, const toml::node& node) {
    std::string action = SWEBASH_TRY(text_of(name, node));
    if (!is_any(action, kActions)) {
      return wrong(line_of(node), "action: " + in_quotes(action) + " is none (deny, ask or allow)");
    }
    return action;
  }

  Step read_commands(const toml::node& node) {
    if (!node.is_array_of_tables()) {
      return wrong(line_of(node), "command: rules are tables ([[command]], then match and action)");
    }
    for (auto&& one : *node.as_array()) {
      const toml::table& table = *one.as_table();
      std::string match, action;
      u32 line = line_of(table);
      for (auto&& [name, value] : table) {
        if (name.str() == "match") {
          match = SWEBASH_TRY(text_of(name, value));
          line = line_of(value);
        } else if (name.str() == "action") {
          action = SWEBASH_TRY(action_of(name, value));
        } else {
          return unknown(name, {std::begin(kOfCommands), std::end(kOfCommands)}, " of [[command]]");
        }
      }
      if (match.empty() || action.empty()) {
        return wrong(line, std::string("[[command]] without ") +
                               (match.empty() ? "match" : "action") +
                               " (match = \"git push --force*\", action = \"deny\")");
      }
      for (const PolicyEntry& before : entries_) {
        if (!before.key.starts_with("command.") || before.value != match) continue;
        if (before.key.substr(8) == action) continue;
        return contradiction(line, "action = " + in_quotes(action) + " for " + in_quotes(match),
                             before.line, "keep one of them");
      }
      add(line, "command." + action, std::move(match));
    }
    return {};
  }

  Step read_git(const toml::node& node) {
    if (!node.is_table()) {
      return wrong(line_of(node), "git: rules are a table ([git], then protected = [\"main\"])");
    }
    bool has_branches = false;
    for (auto&& [name, value] : *node.as_table()) {
      if (name.str() == "action") {
        add(line_of(value), "git.action", SWEBASH_TRY(action_of(name, value)));
      } else if (name.str() == "protected") {
        if (!value.is_array()) {
          return wrong(line_of(value), "protected: its value is a list (protected = [\"main\"])");
        }
        for (auto&& branch : *value.as_array()) {
          has_branches = true;
          add(line_of(branch), "git.protected", SWEBASH_TRY(text_of(name, branch)));
        }
      } else {
        return unknown(name, {std::begin(kOfGit), std::end(kOfGit)}, " of [git]");
      }
    }
    if (!has_branches) {
      return wrong(line_of(node), "[git] without branches (protected = [\"main\", \"release/*\"])");
    }
    return {};
  }

  static std::unexpected<PolicyError> contradiction(u32 line, const std::string& what, u32 other,
                                                    std::string_view hint) {
    return wrong(
        line, what + " contradicts line " + std::to_string(other) + " (" + std::string(hint) + ")");
  }

  [[nodiscard]] const PolicyEntry* find(std::string_view key) const {
    const auto found = std::ranges::find(entries_, key, &PolicyEntry::key);
    return found == entries_.end() ? nullptr : &*found;
  }

  // What each part allows by itself, and not together with another.
  [[nodiscard]] Step check_whole() const {
    const PolicyEntry* native = find("no-native");
    const PolicyEntry* programs = find("allow-run");
    if (native != nullptr && programs != nullptr && native->value == "1") {
      return contradiction(std::max(native->line, programs->line),
                           "no-native = true with allow-run",
                           std::min(native->line, programs->line), "keep one of them");
    }
    const PolicyEntry* isolation = find("isolation");
    const bool alone = isolation != nullptr && isolation->value == "landlock";
    for (const PolicyEntry& one : entries_) {
      const bool hosts = one.key == "allow-net" && one.value != "1" && one.value != "0";
      if (alone && (one.key == "deny" || hosts)) {
        return contradiction(std::max(isolation->line, one.line),
                             "isolation = \"landlock\" with " + one.key,
                             std::min(isolation->line, one.line),
                             "Landlock alone cannot do that: isolation = \"namespace\"");
      }
      if (one.key != "deny") continue;
      for (const PolicyEntry& other : entries_) {
        const bool allows = other.key == "workspace" || other.key.starts_with("allow-");
        if (!allows || other.value != one.value) continue;
        return contradiction(std::max(one.line, other.line),
                             other.key + " and deny of " + one.value,
                             std::min(one.line, other.line), "deny what lies in it, or drop one");
      }
    }
    return {};
  }

  const std::string& folder_;
  const std::string& home_;
  std::vector<PolicyEntry> entries_;
};

}  // namespace

Result<std::vector<PolicyEntry>, PolicyError> read_policy(std::string_view text,
                                                          const std::string& folder,
                                                          const std::string& home) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    return std::unexpected(
        PolicyError{parsed.error().source().begin.line,
                    std::string(parsed.error().description()) +
                        " (TOML: key = \"text\", key = true, key = [\"text\", \"text\"])"});
  }
  Reader reader(folder, home);
  SWEBASH_TRY(reader.read(parsed.table()));
  return reader.take();
}

}  // namespace swebash::shell
