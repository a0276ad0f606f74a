// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/redir.hpp"
#include "engine/interpreter/account.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "abi/guest.hpp"
#include "engine/interpreter/text_runner.hpp"

namespace swebash::engine {
namespace {

i32 default_fd(RedirectOperator op) {
  switch (op) {
    case RedirectOperator::input:
    case RedirectOperator::read_write:
    case RedirectOperator::duplicate_input:
    case RedirectOperator::here_document:
    case RedirectOperator::here_string: return 0;
    default: return 1;
  }
}

std::optional<i32> to_fd(std::string_view text) {
  i32 number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || number < 0) {
    return std::nullopt;
  }
  return number;
}

// /dev/fd/N, /dev/stdin and friends stand for the shell's own descriptors; /dev/tcp and /dev/udp
// for connections.
std::optional<i64> open_special(Descriptors& fds, std::string_view path) {
  if (!path.starts_with("/dev/")) return std::nullopt;
  const std::string_view rest = path.substr(5);
  if (rest == "stdin") return fds.dup(0, 0, 0);
  if (rest == "stdout") return fds.dup(1, 0, 0);
  if (rest == "stderr") return fds.dup(2, 0, 0);
  if (rest.starts_with("fd/")) {
    const auto fd = to_fd(rest.substr(3));
    if (!fd) return std::nullopt;
    const i64 copy = fds.dup(*fd, 0, 0);
    return copy == -static_cast<i64>(Errno::badf) ? -static_cast<i64>(Errno::noent) : copy;
  }
  if (rest.starts_with("tcp/") || rest.starts_with("udp/")) {
    const std::string_view where = rest.substr(4);
    const usize slash = where.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const std::string_view host = where.substr(0, slash), port = where.substr(slash + 1);
    return sys::connect(host.data(), static_cast<u32>(host.size()), port.data(),
                        static_cast<u32>(port.size()), rest[0] == 'u' ? 1 : 0);
  }
  return std::nullopt;
}

}  // namespace

i32 open_text(std::string_view text) {
  i32 fds[2];
  if (sys::pipe(fds, abi::kCloexec | abi::kGrowing) < 0) return -1;
  while (!text.empty()) {
    const i64 count = sys::write(fds[1], text.data(), static_cast<u32>(text.size()));
    if (count == -static_cast<i64>(Errno::intr)) continue;
    if (count < 0) {
      sys::close(fds[0]);
      fds[0] = -1;
      break;
    }
    text.remove_prefix(static_cast<usize>(count));
  }
  sys::close(fds[1]);
  return fds[0];
}

RedirectScope::RedirectScope(TextRunner& texts) noexcept
    : texts_(texts),
      shell_(texts.shell()),
      fds_(texts.shell().descriptors()),
      first_(fds_.put_aside().size()) {}

Expanded<void> RedirectScope::fail(std::string_view operand, std::string_view message) {
  std::string text(operand);
  text += ": ";
  text += message;
  shell_.report(text);
  return std::unexpected(ExpansionError{kFailure, FailureReach::command});
}

// bash: the trap of a signal that comes while a fifo waits for its other end runs, and the wait
// goes on.
Expanded<i64> RedirectScope::open_path(std::string_view path, u32 flags) {
  if (has_account()) tell_secrets(shell_.variables());
  for (;;) {
    const i64 opened =
        sys::open(abi::kCwd, path.data(), static_cast<u32>(path.size()), flags, 0666);
    if (opened != -static_cast<i64>(Errno::intr)) return opened;
    shell_.traps().collect();
    const Flow flow = texts_.run_pending_traps();
    if (flow == Flow::exit) texts_.leave(shell_.last_status());
    if (flow == Flow::discard) {
      return std::unexpected(ExpansionError{shell_.last_status(), FailureReach::top_level});
    }
  }
}

bool RedirectScope::is_saved(i32 fd) const noexcept {
  return std::ranges::any_of(std::span(fds_.put_aside()).subspan(first_),
                             [fd](const PutAside& aside) { return aside.fd == fd; });
}

SysResult<void> RedirectScope::save(i32 fd) {
  const bool freed = fds_.make_way(fd);
  if (is_saved(fd)) return {};
  const i64 flags = freed ? -static_cast<i64>(Errno::badf) : sys::fd_flags(fd);
  if (flags < 0) {
    fds_.put_aside().push_back({fd, -1, false});
    return {};
  }
  i64 copy = fds_.dup(fd, kFirstPrivateFd, abi::kCloexec);
  // bash: where a limit leaves none so high, any other will do.
  if (copy < 0) copy = fds_.dup(fd, 0, abi::kCloexec);
  if (copy < 0 && for_exec_) return {};
  if (copy < 0) return std::unexpected(static_cast<Errno>(-copy));
  fds_.put_aside().push_back({fd, static_cast<i32>(copy), (flags & abi::kCloexec) != 0});
  return {};
}

SysResult<void> RedirectScope::move(i32 from, i32 to) {
  const auto done = [](i64 answer) {
    return answer >= 0 ? SysResult<void>() : std::unexpected(static_cast<Errno>(-answer));
  };
  if (from == to) {
    // What was just opened got the number that was free: putting back means closing.
    if (!is_saved(to)) fds_.put_aside().push_back({to, -1, false});
    return done(fds_.dup2(from, to, 0));
  }
  SysResult<void> moved = save(to);
  if (moved) moved = done(fds_.dup2(from, to, 0));
  fds_.close(from);
  return moved;
}

void RedirectScope::keep() {
  std::vector<PutAside>& aside = fds_.put_aside();
  for (usize i = first_; i < aside.size(); ++i) {
    if (aside[i].copy >= 0) fds_.close(aside[i].copy);
  }
  aside.resize(first_);
}

void RedirectScope::put_back() {
  std::vector<PutAside>& aside = fds_.put_aside();
  while (aside.size() > first_) {
    const PutAside last = aside.back();
    aside.pop_back();
    if (last.copy < 0) {
      fds_.close(last.fd);
    } else {
      fds_.dup2(last.copy, last.fd, last.keep_closed_on_exec ? u32{abi::kCloexec} : 0u);
      fds_.close(last.copy);
    }
  }
}

Expanded<void> RedirectScope::apply(std::span<const Redirect> redirects) {
  for (const Redirect& redirect : redirects) {
    if (auto done = apply_one(redirect); !done) return done;
  }
  return {};
}

// Puts the open descriptor `source` where `redirect` wants it; `source` is closed.
SysResult<void> RedirectScope::place(i32 source, const Redirect& redirect, i32 fd) {
  if (redirect.variable.empty()) return move(source, fd);
  // bash: {name}> takes the lowest free descriptor from 10 up, and it stays open.
  const i64 high = fds_.dup(source, kFirstPrivateFd, 0);
  fds_.close(source);
  if (high < 0) return std::unexpected(no_number(static_cast<Errno>(-high)));
  if (shell_.on(ShellOption::varredir_close)) {
    fds_.put_aside().push_back({static_cast<i32>(high), -1, false});
  }
  if (!shell_.expander().assign_reference(redirect.variable, std::to_string(high))) {
    fds_.close(static_cast<i32>(high));
    return std::unexpected(Errno::badf);
  }
  return {};
}

// bash: that {name}> got no number is said of no line, and then of the operand.
Errno RedirectScope::no_number(Errno why) {
  shell_.report_at(0, "redirection error: cannot duplicate fd: " + std::string(errno_message(why)));
  return why;
}

Expanded<void> RedirectScope::not_placed(const Redirect& redirect, i32 fd, std::string_view target,
                                         Errno error) {
  if (redirect.variable.empty()) return fail(std::to_string(fd), errno_message(error));
  if (error == Errno::badf) return fail(redirect.variable, "cannot assign fd to variable");
  return fail(target, errno_message(error));
}

Expanded<void> RedirectScope::apply_one(const Redirect& redirect) {
  const RedirectOperator op = redirect.op;
  const i32 fd = redirect.fd >= 0 ? redirect.fd : default_fd(op);
  if (op == RedirectOperator::here_document || op == RedirectOperator::here_string) {
    return place_text(redirect, fd);
  }
  // POSIX XCU 2.7: only an interactive shell expands a pattern here.
  const bool literal = shell_.posix() && !shell_.interactive() && !shell_.on(SetOption::noglob);
  if (literal) shell_.turn(SetOption::noglob, Switch::on);
  auto target = shell_.expander().redirect_target(*redirect.target);
  if (literal) shell_.turn(SetOption::noglob, Switch::off);
  if (!target) return std::unexpected(target.error());
  if (op != RedirectOperator::duplicate_input && op != RedirectOperator::duplicate_output) {
    return place_file(redirect, op, fd, *target);
  }
  if (*target == "-") return close_one(redirect, fd);
  // bash: the - that moves a descriptor is written, not expanded.
  const bool moves = target->size() > 1 && redirect.target->source.ends_with('-');
  const std::string_view word =
      std::string_view(*target).substr(0, target->size() - (moves ? 1 : 0));
  if (const auto source = to_fd(word)) {
    return duplicate(redirect, fd, *source, word, moves ? Duplicate::moves : Duplicate::copies);
  }
  if (op == RedirectOperator::duplicate_output && redirect.fd < 0 && redirect.variable.empty()) {
    return place_file(redirect, RedirectOperator::both, fd, *target);  // >&word
  }
  return fail(*target, "ambiguous redirect");
}

Expanded<void> RedirectScope::place_text(const Redirect& redirect, i32 fd) {
  const bool document = redirect.op == RedirectOperator::here_document;
  auto text = document ? shell_.expander().here_document(*redirect.target)
                       : shell_.expander().string(*redirect.target);
  if (!text) return std::unexpected(text.error());
  if (!document) *text += '\n';
  const i32 source = open_text(*text);
  if (source < 0 || !place(source, redirect, fd)) {
    return fail("here-document", "cannot make a pipe");
  }
  return {};
}

Expanded<void> RedirectScope::close_one(const Redirect& redirect, i32 fd) {
  if (!redirect.variable.empty()) {
    // The variable may be an element: {COPROC[1]}>&-
    std::string reference = "${";
    reference.append(redirect.variable).append("-}");
    const auto value = shell_.expander().expand_text(reference);
    if (!value) return std::unexpected(value.error());
    if (value->empty()) return fail(redirect.variable, "ambiguous redirect");
    const auto number = to_fd(*value);
    if (!number) return {};
    fd = *number;
  } else if (const auto saved = save(fd); !saved) {
    return fail(std::to_string(fd), errno_message(saved.error()));
  }
  fds_.close(fd);
  return {};
}

Expanded<void> RedirectScope::duplicate(const Redirect& redirect, i32 fd, i32 source,
                                        std::string_view word, Duplicate how) {
  const bool moves = how == Duplicate::moves;
  if (sys::fd_flags(source) < 0) {
    std::string_view written = redirect.target->source;
    if (moves) written.remove_suffix(1);
    if (!redirect.variable.empty()) static_cast<void>(no_number(Errno::badf));
    return fail(written, errno_message(Errno::badf));
  }
  if (source == fd && redirect.variable.empty()) {
    // A descriptor onto itself: only open to programs from now on.
    if (const auto saved = save(fd); !saved) return fail(word, errno_message(saved.error()));
    fds_.dup2(fd, fd, 0);
    return {};
  }
  const bool was_open = !moves || sys::fd_flags(fd) >= 0;
  // The numbers from kFirstPrivateFd on are those that {name}> is given.
  const bool named = !redirect.variable.empty();
  i64 copy = fds_.dup(source, named ? 0 : kFirstPrivateFd, abi::kCloexec);
  if (copy < 0) copy = fds_.dup(source, 0, abi::kCloexec);
  if (copy < 0) return fail(word, errno_message(static_cast<Errno>(-copy)));
  if (const auto placed = place(static_cast<i32>(copy), redirect, fd); !placed) {
    return not_placed(redirect, fd, word, placed.error());
  }
  if (moves && source != fd) {
    // bash: what is moved to a descriptor that was closed does not come back.
    if (was_open || for_program_) {
      if (const auto saved = save(source); !saved) {
        return fail(word, errno_message(saved.error()));
      }
    }
    fds_.close(source);
  }
  return {};
}

// What the syscall that opens `path` answers.
Expanded<i64> RedirectScope::open_target(const std::string& path, RedirectOperator op) {
  u32 flags = 0;
  switch (op) {
    case RedirectOperator::input: flags = abi::kRead; break;
    case RedirectOperator::read_write: flags = abi::kRead | abi::kWrite | abi::kCreate; break;
    case RedirectOperator::append:
    case RedirectOperator::append_both: flags = abi::kWrite | abi::kCreate | abi::kAppend; break;
    default: flags = abi::kWrite | abi::kCreate | abi::kTruncate;
  }
  if (has_account()) tell_secrets(shell_.variables());
  if (const auto special = open_special(fds_, path)) return *special;
  const bool overwrites = op == RedirectOperator::output || op == RedirectOperator::both;
  if (!overwrites || !shell_.on(SetOption::noclobber)) return open_path(path, flags);
  abi::Stat stat;
  const i64 there = sys::stat(abi::kCwd, path.data(), static_cast<u32>(path.size()), 0, &stat);
  if (there < 0) return open_path(path, (flags | abi::kExclusive) & ~u32{abi::kTruncate});
  if (stat.type == abi::kRegular) return -static_cast<i64>(Errno::exist);
  return open_path(path, flags);
}

Expanded<void> RedirectScope::place_file(const Redirect& redirect, RedirectOperator op, i32 fd,
                                         const std::string& path) {
  if (shell_.restricted() && op != RedirectOperator::input) {
    return fail(path, "restricted: cannot redirect output");
  }
  const i64 opened = SWEBASH_TRY(open_target(path, op));
  if (opened == -static_cast<i64>(Errno::exist)) {
    return fail(path, "cannot overwrite existing file");
  }
  if (opened < 0) return fail(path, errno_message(static_cast<Errno>(-opened)));
  // bash: &> makes descriptor 1 first, then duplicates it to 2.
  if (const auto placed = place(static_cast<i32>(opened), redirect, fd); !placed) {
    return not_placed(redirect, fd, path, placed.error());
  }
  if (op == RedirectOperator::both || op == RedirectOperator::append_both) {
    if (!save(2) || fds_.dup2(1, 2, 0) < 0) return fail(path, errno_message(Errno::badf));
  }
  return {};
}

}  // namespace swebash::engine
