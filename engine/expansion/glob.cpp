// SPDX-License-Identifier: Apache-2.0
#include "engine/expansion/glob.hpp"

#include <algorithm>
#include <optional>

#include "engine/system/files.hpp"
#include "engine/text/pattern.hpp"

namespace swebash::engine {

namespace {

// Directories below each other that `**` follows: deeper ones are left out, as the walk recurses.
constexpr int kMaxDepth = 512;

class TaskDirectories final : public Directories {
 public:
  void list(const std::string& path, const files::NameFilter& filter,
            std::vector<Entry>& out) override {
    std::vector<files::Entry> entries;
    if (!files::list(path, entries, &filter)) return;
    out.reserve(out.size() + entries.size());
    for (files::Entry& entry : entries) {
      abi::FileType type = entry.type;
      if (type == abi::kUnknown) {
        const auto found = files::stat(path + entry.name, files::Follow::no);
        if (found) type = static_cast<abi::FileType>(found->type);
      }
      const Kind kind = type == abi::kDirectoryType ? Kind::directory
                        : type == abi::kSymlink     ? Kind::link
                                                    : Kind::other;
      out.push_back({std::move(entry.name), kind});
    }
  }
  bool exists(const std::string& path) override {
    return files::stat(path, files::Follow::no).has_value();
  }
  bool is_directory(const std::string& path) override { return files::is_directory(path); }
};

// A piece of the pattern between slashes, and the slashes after it.
struct Component {
  std::string_view text;
  std::string_view slashes;
  std::optional<Pattern> pattern;  // none: `text` names one file
  bool star_star = false;
};

// The end of the component that begins at `at`: a slash inside an extglob's parentheses ends none.
usize component_end(std::string_view text, usize at, bool extglob) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      if (at + 1 < text.size() && text[at + 1] != '/') ++at;
    } else if (c == '(' && extglob && at > 0 &&
               (depth > 0 || std::string_view("?*+@!").contains(text[at - 1]))) {
      ++depth;
    } else if (c == ')' && depth > 0) {
      --depth;
    } else if (c == '/' && depth == 0) {
      return at;
    }
  }
  return at;
}

class Globber {
 public:
  Globber(std::string_view pattern, const GlobOptions& options, Directories& directories,
          std::vector<std::string>& out)
      : options_(options), directories_(directories), out_(out) {
    usize at = std::min(pattern.find_first_not_of('/'), pattern.size());
    root_ = pattern.substr(0, at);
    while (at < pattern.size()) {
      Component& component = components_.emplace_back();
      const usize end = component_end(pattern, at, options.extglob);
      component.text = pattern.substr(at, end - at);
      at = std::min(pattern.find_first_not_of('/', end), pattern.size());
      component.slashes = pattern.substr(end, at - end);
      if (is_glob(component.text, options.extglob)) {
        component.star_star = options.globstar && component.text == "**";
        component.pattern.emplace(component.text, PatternOptions{.extglob = options.extglob,
                                                                 .ignore_case = options.nocaseglob,
                                                                 .bytes = options.bytes});
      }
    }
  }

  void run() { expand(0, root_, false); }

 private:
  using Entries = std::vector<Directories::Entry>;

  // The names that a pattern matches; without one, all but hidden ones.
  class Names final : public files::NameFilter {
   public:
    Names(const Pattern* pattern, const GlobOptions& options) noexcept
        : pattern_(pattern),
          dotglob_(options.dotglob),
          names_dot_(pattern != nullptr && pattern->names_leading_dot()) {}
    [[nodiscard]] bool admits(std::string_view name) const override {
      if (!name.starts_with('.')) return pattern_ == nullptr || pattern_->matches(name);
      if (dotglob_) return pattern_ == nullptr || pattern_->matches(name);
      return names_dot_ && pattern_->matches_hidden(name);
    }
    // Whether the pattern names the directory itself, or the one above: `name` is "." or "..".
    [[nodiscard]] bool names(std::string_view name) const {
      return names_dot_ && pattern_->matches_hidden(name);
    }

   private:
    const Pattern* pattern_;
    bool dotglob_;
    bool names_dot_;
  };

  // Matches component `index` and the rest in directory `prefix` (which ends in a slash, or is "").
  // `found` says that the directory itself came from a pattern.
  void expand(usize index, const std::string& prefix, bool found) {
    if (index == components_.size()) return;
    const Component& component = components_[index];
    const bool last = index + 1 == components_.size();
    if (!component.pattern) {
      std::string path = prefix + unquote_pattern(component.text);
      if (!last) {
        path.append(component.slashes);
        expand(index + 1, path, found);
      } else if (component.slashes.empty() ? directories_.exists(path)
                                           : directories_.is_directory(path)) {
        out_.push_back(path.append(component.slashes));
      }
      return;
    }
    if (component.star_star) {
      star_star(index, prefix, found);
      return;
    }
    const Names names(&*component.pattern, options_);
    Entries entries;
    directories_.list(prefix, names, entries);
    if (!options_.globskipdots && component.pattern->names_leading_dot()) {
      for (const char* dots : {".", ".."}) {
        if (names.names(dots)) entries.push_back({dots, Directories::Kind::directory});
      }
    }
    if (prefix.empty() && component.slashes.empty()) {
      for (Directories::Entry& entry : entries) out_.push_back(std::move(entry.name));
      return;
    }
    for (const Directories::Entry& entry : entries) {
      std::string path = prefix + entry.name;
      if (component.slashes.empty()) {
        out_.push_back(std::move(path));
        continue;
      }
      if (!may_be_directory(entry, path)) continue;
      path.append(component.slashes);
      if (last) {
        out_.push_back(std::move(path));
      } else {
        expand(index + 1, path, true);
      }
    }
  }

  bool may_be_directory(const Directories::Entry& entry, const std::string& path) {
    if (entry.kind == Directories::Kind::directory) return true;
    return entry.kind != Directories::Kind::other && directories_.is_directory(path);
  }

  void star_star(usize index, const std::string& prefix, bool found) {
    while (index + 1 < components_.size() && components_[index + 1].star_star) {
      ++index;
      found = true;
    }
    const bool last = index + 1 == components_.size();
    const std::string_view slashes = components_[index].slashes;
    if (!last) {
      expand(index + 1, prefix, true);
    } else if (!prefix.empty()) {
      // bash: the directory itself, which shows its slash unless a pattern found it.
      std::string itself = prefix;
      if (found && slashes.empty()) itself.pop_back();
      if (directories_.is_directory(itself)) out_.push_back(std::move(itself));
    }
    walk(index, prefix, last, slashes, 0);
  }

  void walk(usize index, const std::string& prefix, bool last, std::string_view slashes,
            int depth) {
    if (depth > kMaxDepth) return;
    Entries entries;
    directories_.list(prefix, Names(nullptr, options_), entries);
    for (const Directories::Entry& entry : entries) {
      std::string path = prefix + entry.name;
      const bool inside = entry.kind == Directories::Kind::directory;
      if (last && slashes.empty()) {
        out_.push_back(path);
      } else if (last && may_be_directory(entry, path)) {
        out_.push_back(path + std::string(slashes));
      }
      if (!inside) continue;  // links are shown, never followed
      path.append(slashes.empty() ? std::string_view("/") : slashes);
      if (!last) expand(index + 1, path, true);
      walk(index, path, last, slashes, depth + 1);
    }
  }

  GlobOptions options_;
  Directories& directories_;
  std::vector<std::string>& out_;
  std::string root_;
  std::vector<Component> components_;
};

// One pattern of GLOBIGNORE, of which `*` and `?` match no slash.
class PathPattern {
 public:
  PathPattern(std::string_view text, const GlobOptions& options) {
    for (usize at = 0;;) {
      const usize end = component_end(text, at, options.extglob);
      parts_.emplace_back(text.substr(at, end - at),
                          PatternOptions{.extglob = options.extglob,
                                         .ignore_case = options.nocaseglob,
                                         .bytes = options.bytes});
      if (end >= text.size()) break;
      at = end + 1;
    }
  }

  [[nodiscard]] bool matches(std::string_view path) const {
    for (usize i = 0; i < parts_.size(); ++i) {
      const usize slash = path.find('/');
      const bool final_part = i + 1 == parts_.size();
      if (final_part != (slash == std::string_view::npos)) return false;
      if (!parts_[i].matches(path.substr(0, slash))) return false;
      if (!final_part) path.remove_prefix(slash + 1);
    }
    return true;
  }

 private:
  std::vector<Pattern> parts_;
};

std::vector<PathPattern> ignored_patterns(const GlobOptions& options) {
  std::vector<PathPattern> patterns;
  std::string_view rest = options.ignore;
  usize start = 0;
  for (usize i = 0; i <= rest.size(); ++i) {
    if (i < rest.size() && rest[i] == '\\') {
      ++i;
    } else if (i >= rest.size() || (rest[i] == ':' && (i == 0 || rest[i - 1] != '[') &&
                                    !rest.substr(i).starts_with(":]"))) {
      if (i > start) patterns.emplace_back(rest.substr(start, i - start), options);
      start = i + 1;
    }
  }
  return patterns;
}

}  // namespace

Directories& task_directories() noexcept {
  static constinit TaskDirectories directories;
  return directories;
}

bool is_glob(std::string_view pattern, bool extglob) noexcept {
  return has_pattern(pattern, extglob, PatternUse::paths);
}

bool glob(std::string_view pattern, const GlobOptions& options, std::vector<std::string>& out,
          Directories& directories) {
  const usize before = out.size();
  GlobOptions effective = options;
  // bash: a GLOBIGNORE that is set turns dotglob on.
  if (!options.ignore.empty()) effective.dotglob = true;
  Globber(pattern, effective, directories, out).run();
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(before);
  if (!options.ignore.empty()) {
    const std::vector<PathPattern> ignored = ignored_patterns(options);
    const auto is_ignored = [&](const std::string& path) {
      const std::string_view name = files::base_name(path);
      if (name == "." || name == "..") return true;
      return std::any_of(ignored.begin(), ignored.end(),
                         [&](const PathPattern& one) { return one.matches(path); });
    };
    out.erase(std::remove_if(begin, out.end(), is_ignored), out.end());
  }
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
  return out.size() > before;
}

}  // namespace swebash::engine
