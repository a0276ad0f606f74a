// SPDX-License-Identifier: Apache-2.0
#include "kernel/host_signals.hpp"

#include "kernel/task.hpp"

namespace swebash::kernel {

std::atomic<Task*> HostSignals::innermost = nullptr;
std::atomic<SignalSet> HostSignals::caught = 0;
std::atomic<SignalSet> HostSignals::sent = 0;
std::atomic<SignalSet> HostSignals::typed = 0;
std::atomic<bool> HostSignals::group_news = false;
std::atomic<bool> HostSignals::child_news = false;
std::atomic<bool> HostSignals::watching_groups = false;

void HostSignals::handle(int signal, siginfo_t* info, void*) noexcept {
  const SignalSet bit = signal_bit(signal);
  if ((caught.load() & bit) != 0) {
    if (signal == SIGCHLD && info->si_code > 0) {
      child_news.store(true);
    } else {
      // A terminal's signal is for its whole foreground group, and ours is one process of it.
      (info->si_code == SI_KERNEL ? typed : sent).fetch_or(bit);
    }
  }
  const bool news = signal == SIGCHLD && watching_groups.load();
  if (news) group_news.store(true);
  for (Task* task = innermost.load(); task != nullptr; task = task->outer_) {
    if (news || (caught.load() & bit) != 0) task->set_word();
    task->wakeup_.notify();
  }
}

void HostSignals::install(i32 signal, int flags) noexcept {
  struct sigaction action = {};
  action.sa_sigaction = &HostSignals::handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | flags;
  sigfillset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

void HostSignals::catch_signal(i32 signal) noexcept {
  caught.fetch_or(signal_bit(signal));
  install(signal, 0);
}

void HostSignals::ignore_signal(i32 signal) noexcept {
  struct sigaction action = {};
  action.sa_handler = SIG_IGN;
  ::sigaction(signal, &action, nullptr);
  caught.fetch_and(~signal_bit(signal));
}

void HostSignals::default_signal(i32 signal) noexcept {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  ::sigaction(signal, &action, nullptr);
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

bool HostSignals::is_ignored(i32 signal) noexcept {
  struct sigaction action;
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace swebash::kernel
