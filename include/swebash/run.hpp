// SPDX-License-Identifier: Apache-2.0
//
// Run: a script that Session::start() has set going on a thread of the runtime's.
//
//   auto run = session.start("make all", {.timeout = std::chrono::seconds(60)}).value();
//   while (!run.done()) {
//     run.wait_output(std::chrono::milliseconds(100));
//     show(run.take_output());
//   }
//   RunResult result = run.wait();
//
// Thread-safe, but for destruction and assignment. It keeps its session alive; the session is busy
// until it has ended. One that is destroyed before that is interrupted, and not waited for; its
// callbacks are not called any more.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "swebash/error.hpp"
#include "swebash/run_result.hpp"

namespace swebash {

class Run {
 public:
  class Implementation;

  // An empty one, to be assigned to; it has no other use.
  Run() noexcept;
  explicit Run(std::shared_ptr<Implementation> implementation) noexcept;
  Run(Run&& other) noexcept;
  Run& operator=(Run&& other) noexcept;
  ~Run();

  // Whether it has ended: wait() answers at once.
  [[nodiscard]] bool done() const;
  // Waits for its end. With a timeout, and once it was interrupted or killed, it answers two
  // seconds later at the latest, whatever runs: a command of the embedding program that does not
  // come back cannot be ended, but then the session has. Called again, it answers the same.
  [[nodiscard]] RunResult wait();
  // The same, for at most so long; nothing where it goes on.
  [[nodiscard]] std::optional<RunResult> wait_for(std::chrono::nanoseconds time);

  // What came on standard output, or standard error, since it was asked last; what is not taken is
  // in the result. Of more than RunOptions::output_limit at once the middle is missing, as there.
  // Nothing where output goes to a callback or a descriptor.
  [[nodiscard]] std::string take_output();
  [[nodiscard]] std::string take_errors();
  // Waits until there is standard output to take, or the run has ended, for at most so long.
  void wait_output(std::chrono::nanoseconds time);

  // Sends a signal to all that runs, as a terminal does. A shell that has no trap for it, nor
  // ignores it, abandons the run, whose status is then 128 and the signal's number.
  // Errors: bad_argument for a signal that ends nothing, as SIGSTOP, or for a number that is none.
  Expected<void> signal(int number);
  // Has it abandoned, as Session::interrupt().
  void interrupt();
  // Ends it, and the session with it, at the next step of whatever runs.
  void kill();

 private:
  void leave();

  std::shared_ptr<Implementation> implementation_;
};

}  // namespace swebash
