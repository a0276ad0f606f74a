// SPDX-License-Identifier: Apache-2.0
#include "swebash/run.hpp"

#include <csignal>
#include <utility>

#include "embed/run_implementation.hpp"
#include "kernel/signals/signals.hpp"

namespace swebash {

namespace {

// How long a run may take to end that has to: what Session::Implementation gives the engine, and as
// long again for what it cannot end.
constexpr std::chrono::seconds kPatience{2};

constexpr int kSignaled = 128;  // and the signal's number

}  // namespace

class Run::Implementation::Job final : public kernel::ThreadPool::Job {
 public:
  explicit Job(std::shared_ptr<Implementation> run) noexcept : run_(std::move(run)) {}
  void run() noexcept override {
    Session::Implementation& of = *run_->session;
    RunResult result = of.run_held(run_->script_, run_->options_);
    of.give_back();
    run_->finish(std::move(result));
    delete this;
  }

 private:
  std::shared_ptr<Implementation> run_;
};

Run::Implementation::Implementation(std::shared_ptr<Session::Implementation> of,
                                    std::string_view text, const RunOptions& with)
    : session(std::move(of)), script_(text), input_(with.input), options_(with) {
  options_.input = input_;
  if (options_.timeout.count() > 0) answer_by_ = Clock::now() + options_.timeout + kPatience;
}

Expected<std::shared_ptr<Run::Implementation>> Run::Implementation::start(
    std::shared_ptr<Session::Implementation> session, std::string_view script,
    const RunOptions& options) {
  kernel::ThreadPool& pool = session->runtime->host.pool();
  auto made = std::make_shared<Implementation>(std::move(session), script, options);
  auto job = std::make_unique<Job>(made);
  if (auto begun = made->session->begin_run(made->options_); !begun.has_value()) {
    return std::unexpected(std::move(begun.error()));
  }
  if (!pool.run(job.get()).has_value()) {
    made->session->cancel_run();
    return std::unexpected(Error{ErrorKind::no_memory, "there is no thread for another run"});
  }
  (void)job.release();
  return made;
}

void Run::Implementation::finish(RunResult result) {
  const std::lock_guard lock(mutex_);
  if (!result_.has_value()) result_ = std::move(result);
  ended_.notify_all();
}

bool Run::Implementation::done() {
  const std::lock_guard lock(mutex_);
  return result_.has_value();
}

std::optional<RunResult> Run::Implementation::wait_until(Clock::time_point time) {
  std::unique_lock lock(mutex_);
  while (!result_.has_value()) {
    const Clock::time_point now = Clock::now();
    if (answer_by_.has_value() && now >= *answer_by_) {
      result_ = session->give_up(options_.timeout);
      ended_.notify_all();
      break;
    }
    if (now >= time) return std::nullopt;
    const Clock::time_point until = answer_by_.has_value() ? std::min(time, *answer_by_) : time;
    // Not all libraries can wait until the end of time.
    ended_.wait_until(lock, std::min(until, now + std::chrono::hours(1)));
  }
  return result_;
}

void Run::Implementation::hurry() {
  const std::lock_guard lock(mutex_);
  const Clock::time_point by = Clock::now() + kPatience;
  if (!answer_by_.has_value() || by < *answer_by_) answer_by_ = by;
  ended_.notify_all();
}

Run::Run() noexcept = default;
Run::Run(std::shared_ptr<Implementation> implementation) noexcept
    : implementation_(std::move(implementation)) {}
Run::Run(Run&& other) noexcept = default;
Run& Run::operator=(Run&& other) noexcept {
  if (implementation_ != nullptr && implementation_ != other.implementation_) leave();
  implementation_ = std::move(other.implementation_);
  return *this;
}
Run::~Run() {
  if (implementation_ != nullptr) leave();
}

void Run::leave() {
  if (done()) return;
  interrupt();
  implementation_->session->drop_callbacks();
}

bool Run::done() const { return implementation_->done(); }

RunResult Run::wait() {
  return *implementation_->wait_until(Implementation::Clock::time_point::max());
}

std::optional<RunResult> Run::wait_for(std::chrono::nanoseconds time) {
  return implementation_->wait_until(Implementation::Clock::now() + time);
}

std::string Run::take_output() { return implementation_->session->take_output(); }
std::string Run::take_errors() { return implementation_->session->take_errors(); }

void Run::wait_output(std::chrono::nanoseconds time) {
  if (!done()) implementation_->session->wait_output(Implementation::Clock::now() + time);
}

Expected<void> Run::signal(int number) {
  constexpr int kLast = 64;
  const bool known = number > 0 && number <= kLast;
  if (!known || kernel::default_action(number) == kernel::DefaultAction::stop) {
    return std::unexpected(
        Error{ErrorKind::bad_argument, std::to_string(number) + ": no signal that can be sent"});
  }
  if (number == SIGKILL) {
    kill();
  } else if (!done() && implementation_->session->signal(number)) {
    implementation_->hurry();
  }
  return {};
}

void Run::interrupt() {
  if (done()) return;
  implementation_->session->interrupt(kSignaled + SIGINT);
  implementation_->hurry();
}

void Run::kill() {
  if (done()) return;
  implementation_->session->kill();
  implementation_->hurry();
}

}  // namespace swebash
