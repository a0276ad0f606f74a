// SPDX-License-Identifier: Apache-2.0
#include "overlay/program/commands.hpp"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <vector>

#include "overlay/apply.hpp"
#include "overlay/diff.hpp"
#include "overlay/text.hpp"

namespace swebash::overlay::program {
namespace {

constexpr int kConflicts = 1, kUsage = 2;

void complain(const std::string& sentence) {
  const std::string line = "swebash overlay: " + harmless(sentence) + "\n";
  [[maybe_unused]] const auto written = ::write(2, line.data(), line.size());
}

Printer printer(const Wanted& wanted) {
  const bool terminal = ::isatty(1) == 1;
  const char* none = std::getenv("NO_COLOR");
  const bool colour = wanted.colour_always ||
                      (terminal && !wanted.colour_never && (none == nullptr || *none == '\0'));
  return Printer(1, colour ? Colour::yes : Colour::no, terminal);
}

std::string name_of(const Folder& folder) {
  for (const Listed& one : list_folders()) {
    if (one.folder.path == folder.path) return one.name;
  }
  return folder.path;
}

struct Chosen {
  std::string name;
  Folder folder;
  std::vector<std::string> paths;  // below the workspace
};

// A path of the user's: below the workspace, or from where he is in it.
std::string path_within(const std::string& workspace, std::string path) {
  if (!path.starts_with('/')) {
    char here[PATH_MAX];
    const bool within = ::getcwd(here, sizeof(here)) != nullptr &&
                        (std::string(here) + "/").starts_with(workspace + "/");
    path = (within ? std::string(here) : workspace) + "/" + path;
  }
  std::vector<std::string> words;
  for (usize at = 0; at < path.size();) {
    const usize end = std::min(path.find('/', at), path.size());
    const std::string word = path.substr(at, end - at);
    at = end + 1;
    if (word == ".." && !words.empty()) words.pop_back();
    if (!word.empty() && word != "." && word != "..") words.push_back(word);
  }
  path.clear();
  for (const std::string& word : words) path.append("/").append(word);
  if (path == workspace) return ".";
  return path.starts_with(workspace + "/") ? path.substr(workspace.size() + 1) : std::string();
}

// The overlay that the first operand names; where it names none, the only one there is, or the only
// one of the workspace that the user stands in.
Result<Chosen, std::string> choose(std::span<char* const> operands) {
  std::vector<Listed> all = list_folders();
  Chosen chosen;
  const std::string first = operands.empty() ? "" : operands.front();
  const auto named = std::ranges::find(all, first, &Listed::name);
  if (named != all.end()) {
    chosen.name = first;
    chosen.folder = std::move(named->folder);
  } else if (first.find('/') != std::string::npos &&
             ::access((first + "/about").c_str(), F_OK) == 0) {
    all.clear();  // which lets go the lock that is wanted here
    chosen.name = first;
    chosen.folder = SWEBASH_TRY(open_folder(first));
  } else {
    char here[PATH_MAX];
    const std::string place = ::getcwd(here, sizeof(here)) != nullptr ? here : "/";
    std::vector<Listed*> fitting;
    for (Listed& one : all) {
      if ((place + "/").starts_with(one.folder.about.workspace + "/")) fitting.push_back(&one);
    }
    if (fitting.empty()) {
      for (Listed& one : all) fitting.push_back(&one);
    }
    if (fitting.size() != 1) {
      std::string message = fitting.empty() ? "there is no overlay" : "which one?";
      for (const Listed* one : fitting) message.append(" ").append(one->name);
      if (!first.empty()) message = first + ": no such overlay; " + message;
      return std::unexpected(message);
    }
    chosen.name = fitting.front()->name;
    chosen.folder = std::move(fitting.front()->folder);
    if (!first.empty() && first != "--") {
      return std::unexpected(first + ": no such overlay (a path comes after the name: " +
                             chosen.name + " " + first + ")");
    }
  }
  if (!operands.empty()) {
    for (const char* path : operands.subspan(1)) {
      std::string within = path_within(chosen.folder.about.workspace, path);
      if (within.empty()) {
        return std::unexpected(std::string(path) + ": is not in " + chosen.folder.about.workspace);
      }
      chosen.paths.push_back(std::move(within));
    }
  }
  return chosen;
}

bool is_shown(const Change& change) noexcept {
  return change.kind != Kind::same && !is_folder_time(change);
}

std::vector<Change> shown(const Layers& layers, const std::vector<std::string>& paths) {
  std::vector<Change> changes = find_changes(layers);
  std::erase_if(changes,
                [&](const Change& one) { return !is_shown(one) || !is_wanted(one.path, paths); });
  return changes;
}

const char* letter(Kind kind) noexcept {
  switch (kind) {
    case Kind::added: return "A";
    case Kind::removed: return "D";
    case Kind::modified: return "M";
    case Kind::replaced: return "T";
    case Kind::attributes: return "m";
    case Kind::same: return " ";
    case Kind::refused: return "!";
  }
  return "?";
}

void print_list(Printer& out, const std::vector<Change>& changes) {
  constexpr int kRed = 31;
  for (const Change& one : changes) {
    const bool folder = S_ISDIR((one.kind == Kind::removed ? one.below : one.above).st_mode);
    std::string line = letter(one.kind);
    line.append(" ").append(quoted(one.path)).append(folder ? "/" : "");
    if (!one.why.empty()) line.append(": ").append(one.why);
    out.heading(line, one.why.empty() ? 0 : kRed);
  }
}

std::string count_text(const std::vector<Change>& changes) {
  usize added = 0, removed = 0, changed = 0;
  for (const Change& one : changes) {
    added += one.kind == Kind::added;
    removed += one.kind == Kind::removed;
    changed += one.kind != Kind::added && one.kind != Kind::removed;
  }
  return std::to_string(added) + " added, " + std::to_string(changed) + " changed, " +
         std::to_string(removed) + " removed";
}

void complain_of(const std::vector<Change>& changes) {
  for (const Change& one : changes) complain(quoted(one.path) + ": " + one.why);
}

int show_list(const Wanted& wanted) {
  Printer out = printer(wanted);
  for (const Listed& one : list_folders()) {
    char began[40];
    struct tm parts{};
    ::localtime_r(&one.folder.about.began.tv_sec, &parts);
    ::strftime(began, sizeof(began), "%Y-%m-%d %H:%M", &parts);
    std::string state = "in use";
    if (one.folder.locked) {
      const auto layers = open_layers(one.folder);
      state = layers.has_value() ? count_text(shown(*layers, {})) : harmless(layers.error());
    }
    out.heading(quoted(one.name) + "  " + began + "  " + quoted(one.folder.about.workspace) + "  " +
                state);
  }
  out.flush();
  return 0;
}

template <class F>
int with_layers(const Wanted& wanted, F&& call) {
  auto chosen = choose(wanted.operands);
  if (!chosen.has_value()) {
    complain(chosen.error());
    return kUsage;
  }
  const auto layers = open_layers(chosen->folder);
  if (!layers.has_value()) {
    complain(layers.error());
    return kConflicts;
  }
  return call(*chosen, *layers);
}

int show_status(const Wanted& wanted) {
  return with_layers(wanted, [&](const Chosen& chosen, const Layers& layers) {
    Printer out = printer(wanted);
    out.heading(quoted(chosen.name) + ": of " + quoted(chosen.folder.about.workspace) +
                (chosen.folder.locked ? "" : ", in use"));
    print_list(out, shown(layers, chosen.paths));
    out.flush();
    return 0;
  });
}

void print_diffs(Printer& out, const Layers& layers, const std::vector<std::string>& paths) {
  for (const Change& one : shown(layers, paths)) {
    print_diff(out, layers, one);
    if (out.closed()) break;
  }
  out.flush();
}

int show_diff(const Wanted& wanted) {
  return with_layers(wanted, [&](const Chosen& chosen, const Layers& layers) {
    Printer out = printer(wanted);
    print_diffs(out, layers, chosen.paths);
    return 0;
  });
}

int apply_chosen(const Chosen& chosen, const Layers& layers) {
  const Outcome outcome = apply(chosen.folder, layers, chosen.paths);
  if (!outcome.conflicts.empty()) {
    complain_of(outcome.conflicts);
    complain("nothing was applied (paths after the name apply the others)");
    return kConflicts;
  }
  complain_of(outcome.failed);
  complain(std::to_string(outcome.applied) + " applied" +
           (outcome.done ? "" : ", the rest is kept in " + chosen.name));
  return outcome.failed.empty() ? 0 : kConflicts;
}

int apply_all(const Wanted& wanted) {
  return with_layers(wanted, [](const Chosen& chosen, const Layers& layers) {
    if (chosen.folder.locked) return apply_chosen(chosen, layers);
    complain(chosen.name + ": a session is using it");
    return kConflicts;
  });
}

int discard(const Wanted& wanted) {
  const auto chosen = choose(wanted.operands);
  if (!chosen.has_value()) {
    complain(chosen.error());
    return kUsage;
  }
  if (!chosen->paths.empty()) {
    complain("an overlay is discarded as a whole");
    return kUsage;
  }
  if (!chosen->folder.locked) {
    complain(chosen->name + ": a session is using it");
    return kConflicts;
  }
  remove_folder(chosen->folder);
  return 0;
}

int open_shell(const Wanted& wanted) {
  std::vector<std::string> words;
  {
    const auto chosen =
        choose(wanted.operands.subspan(0, std::min<usize>(wanted.operands.size(), 1)));
    if (!chosen.has_value()) {
      complain(chosen.error());
      return kUsage;
    }
    words = {wanted.shell, "--workspace", chosen->folder.about.workspace,
             "--overlay=" + chosen->folder.path};
    if (::chdir(chosen->folder.about.workspace.c_str()) != 0) {
      complain(chosen->folder.about.workspace + ": " + std::strerror(errno));
      return kConflicts;
    }
  }
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  for (usize i = 1; i < wanted.operands.size(); ++i) argv.push_back(wanted.operands[i]);
  argv.push_back(nullptr);
  ::execv(wanted.shell.c_str(), argv.data());
  complain(wanted.shell + ": " + std::strerror(errno));
  return kUsage;
}

// The folder whose lock is held through the descriptor that was inherited.
Result<Folder, std::string> inherited(const Wanted& wanted) {
  if (wanted.operands.size() != 2) return std::unexpected("this is for the shell to call");
  const int fd = std::atoi(wanted.operands[1]);
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  return adopt_folder(wanted.operands[0], OwnedFd(fd));
}

// Whether this program is in the terminal's foreground. A shell that had job control and is gone
// has left the terminal to a group that is gone, too.
bool has_terminal(int terminal) {
  const pid_t owner = ::tcgetpgrp(terminal);
  if (owner == ::getpgrp()) return true;
  if (owner > 0 && (::kill(-owner, 0) == 0 || errno != ESRCH)) return false;
  const auto before = ::signal(SIGTTOU, SIG_IGN);
  const bool taken = ::tcsetpgrp(terminal, ::getpgrp()) == 0;
  ::signal(SIGTTOU, before);
  return taken;
}

// One letter; what is no answer is none.
char ask(const std::string& question) {
  const OwnedFd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  if (!terminal || !has_terminal(terminal.get())) return 'k';
  // What was typed before is no answer to this.
  ::tcflush(terminal.get(), TCIFLUSH);
  if (::write(terminal.get(), question.data(), question.size()) < 0) return 'k';
  char line[256];
  const ssize_t size = ::read(terminal.get(), line, sizeof(line));
  return size == 2 && line[1] == '\n' ? line[0] : 'k';
}

// A session with an overlay is over.
int end_session(const Wanted& wanted) {
  auto folder = inherited(wanted);
  if (!folder.has_value()) {
    complain(folder.error());
    return kUsage;
  }
  const auto layers = open_layers(*folder);
  if (!layers.has_value()) {
    complain(folder->path + ": " + layers.error());
    return kConflicts;
  }
  const std::vector<Change> changes = shown(*layers, {});
  if (changes.empty()) {
    remove_folder(*folder);
    return 0;
  }
  Chosen chosen = {name_of(*folder), std::move(*folder), {}};
  complain(quoted(chosen.name) + ": " + count_text(changes) +
           " (swebash overlay status, diff, apply, discard)");
  const bool asked = ::isatty(0) == 1 && ::isatty(2) == 1;
  while (asked) {
    switch (ask("[l]ist, [d]iff, [a]pply, discard [x], or keep it [k]? ")) {
      case 'l': {
        Printer out = printer(wanted);
        print_list(out, changes);
        out.flush();
        break;
      }
      case 'd': {
        Printer out = printer(wanted);
        print_diffs(out, *layers, {});
        break;
      }
      case 'a': return apply_chosen(chosen, *layers);
      case 'x': remove_folder(chosen.folder); return 0;
      default: return 0;
    }
  }
  return 0;
}

int end_dry_run(const Wanted& wanted) {
  auto folder = inherited(wanted);
  if (!folder.has_value()) {
    complain(folder.error());
    return kUsage;
  }
  if (const auto layers = open_layers(*folder); layers.has_value()) {
    Printer out = printer(wanted);
    print_diffs(out, *layers, {});
  } else {
    complain(layers.error());
  }
  remove_folder(*folder);
  return 0;
}

}  // namespace

int run_command(const std::string& name, const Wanted& wanted) {
  static const std::map<std::string, int (*)(const Wanted&)> commands = {
      {"list", show_list},  {"status", show_status},     {"diff", show_diff},
      {"apply", apply_all}, {"discard", discard},        {"shell", open_shell},
      {"end", end_session}, {"end-dry-run", end_dry_run}};
  const auto found = commands.find(name);
  if (found != commands.end()) return found->second(wanted);
  complain(name + ": no such command (list, status, diff, apply, discard or shell)");
  return kUsage;
}

}  // namespace swebash::overlay::program
