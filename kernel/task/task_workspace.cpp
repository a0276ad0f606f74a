// SPDX-License-Identifier: Apache-2.0
//
// Task's calls about the confinement: rules for commands, and what of the workspace may be written.
#include <fcntl.h>
#include <limits.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "kernel/audit/account.hpp"
#include "kernel/confine/confinement.hpp"
#include "kernel/confine/narrowing.hpp"
#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/policy/command_rules.hpp"
#include "kernel/task/description.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {
namespace {

using confine::Narrowing;

// Of a question more is not read.
constexpr usize kLongestShown = 400;

// What a terminal shows as it is: a command could hide itself behind what moves the cursor.
std::string shown(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ' ';
    for (const char c : word) {
      const auto byte = static_cast<unsigned char>(c);
      text += byte < 0x20 || byte >= 0x7f ? '?' : c;
    }
    if (text.size() > kLongestShown) return text.substr(0, kLongestShown) + " ...";
  }
  return text;
}

}  // namespace

SysResult<void> Task::command_check(std::span<const char> words, u32 count,
                                    std::string_view program) {
  const confine::Confinement* confinement = kernel_.options().confinement;
  if (confinement == nullptr || !has_rules(confinement->policy())) return {};
  std::vector<std::string_view> views;
  const char* at = words.data();
  const char* const end = at + words.size();
  for (u32 i = 0; i < count; ++i) {
    const void* nul = at == end ? nullptr : std::memchr(at, 0, static_cast<usize>(end - at));
    if (nul == nullptr) return std::unexpected(Errno::inval);
    views.emplace_back(at);
    at += views.back().size() + 1;
  }
  return views.empty() ? SysResult<void>{} : check_words(views, program);
}

SysResult<void> Task::check_words(std::span<const std::string_view> words,
                                  std::string_view program) {
  // It holds for the next command alone, whatever that is.
  const std::string agreed = std::exchange(agreed_, {});
  char text[PATH_MAX];
  const SysResult<usize> length = working_directory(text);
  const std::string directory = length.has_value() ? std::string(text, *length) : "/";
  const Verdict verdict =
      judge_command(kernel_.options().confinement->policy(), words, directory, program);
  if (verdict.action == RuleAction::allow) return {};
  std::string whole;
  for (const std::string_view word : words) whole.append(word).push_back('\0');
  // The engine's own version of a program has left the work to that.
  if (!program.empty() && agreed == whole) return {};
  std::string what = shown(words);
  // The words may give the program another name.
  const auto last = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
  if (!program.empty() && last(program) != last(words[0])) {
    what.append(" (").append(shown({&program, 1})).append(")");
  }
  const std::string on = verdict.branch.empty() ? "" : " on branch " + verdict.branch;
  std::string why = verdict.rule->where;
  if (verdict.action == RuleAction::ask) {
    if (ask_at_terminal("swebash: " + what + on + ": run it? (" + why + ") [y/N] ")) {
      if (program.empty()) agreed_ = std::move(whole);
      return {};
    }
    why += ": not agreed to at a terminal";
  }
  if (kernel_.options().account != nullptr) {
    kernel_.options().account->refused(pid_, "command", what, verdict.rule->where);
    check_account();
  }
  const std::string sentence =
      "swebash: " + what + on + ": not allowed by a rule of the policy (" + why + ")\n";
  [[maybe_unused]] const auto written = write(2, sentence);
  return std::unexpected(Errno::perm);
}

// Only who has the terminal is asked there; nobody else could see or answer.
bool Task::ask_at_terminal(const std::string& question) {
  OwnedFd fd(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!fd) return false;
  const SysResult<i32> owner = kernel_.terminal_group(fd.get());
  if (!owner.has_value() || *owner != kernel_.group_of(*this)) return false;
  // What was typed before is no answer to this.
  ::tcflush(fd.get(), TCIFLUSH);
  if (::write(fd.get(), question.data(), question.size()) < 0) return false;
  HostFile terminal(std::move(fd));
  char answer[256];
  const SysResult<usize> count = read_terminal(terminal, answer);
  if (!count.has_value()) return false;
  const std::string_view line(answer, *count);
  return line == "y\n" || line == "Y\n" || line == "yes\n";
}

SysResult<usize> Task::workspace_text(u32 what, std::span<char> buffer) {
  const confine::Confinement* confinement = kernel_.options().confinement;
  if (confinement == nullptr) return std::unexpected(Errno::notsup);
  const std::string text = what == abi::kWorkspacePath ? confinement->places().workspace
                                                       : confinement->status(narrowing_.get());
  std::memcpy(buffer.data(), text.data(), std::min(buffer.size(), text.size()));
  return text.size();
}

SysResult<void> Task::workspace_set(u32 access, std::string_view path) {
  using confine::is_within;
  using confine::is_within_any;
  const confine::Confinement* confinement = kernel_.options().confinement;
  if (confinement == nullptr) return std::unexpected(Errno::notsup);
  const confine::Places& places = confinement->places();
  const bool writes = access == abi::kWorkspaceReadWrite;
  std::vector<std::string> writable =
      narrowing_ != nullptr ? narrowing_->writable() : places.writable;
  if (path.empty()) {
    writable.clear();
    if (writes) writable = places.writable;
  } else {
    const int start = SWEBASH_TRY(directory(abi::kCwd));
    HostPath buffer, link;
    const OwnedFd fd(::openat(start, SWEBASH_TRY(buffer.set(path)), O_PATH | O_CLOEXEC));
    char text[PATH_MAX];
    const ssize_t length = fd ? ::readlink(link.set_descriptor(fd.get()), text, sizeof(text)) : -1;
    if (length <= 0) return std::unexpected(errno_from_host(errno));
    const std::string real(text, static_cast<usize>(length));
    const bool may_write = is_within_any(real, places.writable) &&
                           !is_within_any(real, places.kept) && !is_within_any(real, places.denied);
    if (writes && !may_write) return std::unexpected(Errno::perm);
    if (!writes && !may_write && !is_within_any(real, places.readable)) {
      return std::unexpected(Errno::perm);
    }
    std::erase_if(writable, [&](const std::string& one) { return is_within(one, real); });
    const bool within = is_within_any(real, writable);
    if (within && !writes) return std::unexpected(Errno::busy);
    if (!within && writes) writable.push_back(real);
  }
  const bool all = std::ranges::all_of(
      places.writable, [&](const std::string& one) { return is_within_any(one, writable); });
  if (all) {
    narrowing_.reset();
    return {};
  }
  auto made = Narrowing::create(*confinement, std::move(writable));
  if (!made.has_value()) return std::unexpected(errno_from_host(made.error()));
  narrowing_ = std::move(*made);
  return {};
}

}  // namespace swebash::kernel
