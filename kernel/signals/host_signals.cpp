// SPDX-License-Identifier: Apache-2.0
#include "kernel/signals/host_signals.hpp"

#include <unistd.h>

#include "kernel/signals/raw_signals.hpp"
#include "kernel/task/task.hpp"

namespace swebash::kernel {

std::atomic<Task*> HostSignals::innermost = nullptr;
std::atomic<SignalSet> HostSignals::caught = 0;
std::atomic<SignalSet> HostSignals::swallowed = 0;
std::atomic<SignalSet> HostSignals::sent = 0;
std::atomic<SignalSet> HostSignals::typed = 0;
std::atomic<bool> HostSignals::group_news = false;
std::atomic<bool> HostSignals::child_news = false;
std::atomic<bool> HostSignals::watching_groups = false;
std::atomic<bool> HostSignals::watching_interrupt = false;
std::atomic<i32> HostSignals::held = 0;
std::atomic<bool> HostSignals::hold_expected = false;
std::atomic<bool> HostSignals::interrupted = false;

void HostSignals::handle(int signal, siginfo_t* info, void*) noexcept {
  const SignalSet bit = signal_bit(signal);
  if ((caught.load() & bit) != 0) {
    if (signal == SIGINT && held.load() > 0) interrupted.store(true);
    if (signal == SIGCHLD && info->si_code > 0) {
      child_news.store(true);
    } else {
      // A terminal's signal is for its whole foreground group, and ours is one process of it.
      (info->si_code == SI_KERNEL ? typed : sent).fetch_or(bit);
    }
  }
  if (signal == SIGINT && (caught.load() & bit) == 0) {
    note_interrupt(info->si_code == SI_KERNEL);
    return;
  }
  const bool news = signal == SIGCHLD && watching_groups.load();
  if (news) group_news.store(true);
  for (Task* task = innermost.load(); task != nullptr; task = task->outer_) {
    if (news || (caught.load() & bit) != 0) task->set_word();
    task->wakeup_.notify();
  }
}

void HostSignals::note_interrupt(bool typed_there) noexcept {
  const SignalSet bit = signal_bit(SIGINT);
  Task* const top = innermost.load();
  const bool goes_on = top != nullptr && ((top->ignored_.load() | top->caught_.load()) & bit) != 0;
  if (held.load() == 0 && !hold_expected.load() && !goes_on) {
    // As if there had been no handler: it is blocked until this returns.
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    set_signal_action(SIGINT, action);
    ::kill(::getpid(), SIGINT);
    return;
  }
  interrupted.store(true);
  if (typed_there) typed.fetch_or(bit);
  for (Task* task = top; task != nullptr; task = task->outer_) {
    task->set_word();
    task->wakeup_.notify();
  }
}

// A write of this process's own is the writing task's business (Task::write).
void HostSignals::handle_pipe(int signal, siginfo_t* info, void*) noexcept {
  if (info->si_code > 0 || info->si_pid == ::getpid()) return;
  const SignalSet bit = signal_bit(signal);
  Task* main = innermost.load();
  while (main != nullptr && main->outer_ != nullptr) main = main->outer_;
  if (main != nullptr && (main->ignored_.load() & bit) != 0) return;
  if (main == nullptr || (main->caught_.load() & bit) == 0) {
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    set_signal_action(signal, action);
    ::kill(::getpid(), signal);
    return;
  }
  sent.fetch_or(bit);
  for (Task* task = innermost.load(); task != nullptr; task = task->outer_) {
    task->set_word();
    task->wakeup_.notify();
  }
}

void HostSignals::watch_interrupt() noexcept {
  if ((caught.load() & signal_bit(SIGINT)) != 0 || watching_interrupt.exchange(true)) return;
  install(SIGINT, 0);
}

void HostSignals::install(i32 signal, int flags) noexcept {
  struct sigaction action = {};
  action.sa_sigaction = &HostSignals::handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | flags;
  sigfillset(&action.sa_mask);
  set_signal_action(signal, action);
}

void HostSignals::catch_signal(i32 signal) noexcept {
  caught.fetch_or(signal_bit(signal));
  if (signal == SIGINT) watching_interrupt.store(false);
  install(signal, 0);
}

void HostSignals::ignore_signal(i32 signal) noexcept {
  struct sigaction action = {};
  action.sa_handler = SIG_IGN;
  if (signal == SIGINT) watching_interrupt.store(false);
  set_signal_action(signal, action);
  caught.fetch_and(~signal_bit(signal));
}

void (*HostSignals::swallow_signal(i32 signal) noexcept)(int) {
  struct sigaction action = {};
  struct sigaction old = {};
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  if (signal == SIGPIPE) {
    action.sa_sigaction = &HostSignals::handle_pipe;
    action.sa_flags |= SA_SIGINFO;
    sigfillset(&action.sa_mask);
  }
  ::sigaction(signal, &action, &old);
  caught.fetch_and(~signal_bit(signal));
  swallowed.fetch_or(signal_bit(signal));
  return old.sa_handler;
}

void HostSignals::default_signal(i32 signal) noexcept {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  if (signal == SIGINT) watching_interrupt.store(false);
  set_signal_action(signal, action);
  caught.fetch_and(~signal_bit(signal));
  if (signal == SIGCHLD && watching_groups.load()) watch_children();
}

void HostSignals::watch_groups() noexcept {
  if (watching_groups.exchange(true)) return;
  watch_children();
}

void HostSignals::watch_children() noexcept {
  if ((caught.load() & signal_bit(SIGCHLD)) == 0) install(SIGCHLD, SA_RESTART);
}

void HostSignals::restart(Task& task, SignalSet ignored, SignalSet ours) noexcept {
  innermost.store(&task);
  SignalSet handled = ours | caught.load() | swallowed.load();
  // Perhaps only watched.
  for (const i32 signal : {SIGINT, SIGCHLD}) {
    if (!is_ignored(signal)) handled |= signal_bit(signal);
  }
  for (std::atomic<SignalSet>* noted : {&sent, &typed}) noted->store(0);
  held.store(0);
  for (std::atomic<bool>* flag : {&hold_expected, &interrupted, &group_news, &child_news,
                                  &watching_groups, &watching_interrupt}) {
    flag->store(false);
  }
  handled &= ~kInside;
  swallowed.fetch_and(kInside);
  for (SignalSet set = handled & ~ignored; set != 0; set &= set - 1) {
    default_signal(lowest_signal(set));
  }
  for (SignalSet set = ignored & ~kInside; set != 0; set &= set - 1) {
    ignore_signal(lowest_signal(set));
  }
}

bool HostSignals::is_coming(i32 signal) noexcept {
  if ((sent.load() & signal_bit(signal)) != 0) return true;
  // sigpending(2) tells of what the calling thread blocks, as the pool's threads do.
  sigset_t pending;
  return ::sigpending(&pending) == 0 && sigismember(&pending, signal) == 1;
}

bool HostSignals::is_ignored(i32 signal) noexcept { return signal_handler(signal) == SIG_IGN; }

}  // namespace swebash::kernel
