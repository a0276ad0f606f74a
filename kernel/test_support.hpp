// SPDX-License-Identifier: Apache-2.0
//
// What the kernel's unit tests share: a kernel to test, bodies made of lambdas, programs to start.
// For tests only; single-threaded unless a body says otherwise.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/kernel.hpp"

namespace swebash::kernel {

template <class F>
class LambdaBody final : public TaskBody {
 public:
  explicit LambdaBody(F function) : function_(std::move(function)) {}
  ExitState run(Task& task) noexcept override { return function_(task); }

 private:
  F function_;
};

class KernelTest : public testing::Test {
 protected:
  KernelTest() : KernelTest(Limits{}) {}
  explicit KernelTest(const Limits& limits) : KernelTest(options_with(limits)) {}
  explicit KernelTest(StartOptions options, HostOptions host = {})
      : host_({usize{1} << 20, host.kept_threads, host.create_thread}),
        kernel_(Kernel::create(host_, std::move(options))) {}

  static StartOptions options_with(const Limits& limits) {
    StartOptions options;
    options.limits = limits;
    return options;
  }

  Task& main() { return kernel_->main_task(); }

  template <class F>
  i32 run_inline(F function, Task* parent = nullptr) {
    const TaskRef task =
        kernel_->create_task(parent != nullptr ? *parent : main(), CloneRequest{}).value();
    LambdaBody body(std::move(function));
    kernel_->run_inline(task, body);
    return task->pid();
  }

  template <class F>
  i32 run_pooled(F function, CloneRequest request = {}) {
    TaskRef task = kernel_->create_task(main(), request).value();
    const i32 pid = task->pid();
    EXPECT_TRUE(
        kernel_->run_pooled(std::move(task), std::make_unique<LambdaBody<F>>(std::move(function))));
    return pid;
  }

  abi::WaitResult wait_for(i32 pid) {
    abi::WaitResult result = {};
    EXPECT_EQ(main().wait(pid, 0, result), pid);
    return result;
  }

  Host host_;
  std::unique_ptr<Kernel> kernel_;
};

// A program with its strings.
class ScriptProgram {
 public:
  explicit ScriptProgram(std::string_view script) {
    for (const std::string_view word : {std::string_view("sh"), std::string_view("-c"), script}) {
      arguments_.append(word).push_back('\0');
    }
    environment_ = std::string("PATH=/usr/bin:/bin") + '\0';
  }

  [[nodiscard]] Program program() const {
    Program program;
    program.path = "/bin/sh";
    program.arguments = arguments_;
    program.argument_count = 3;
    program.environment = environment_;
    program.environment_count = 1;
    return program;
  }

 private:
  std::string arguments_;
  std::string environment_;
};

inline SysResult<usize> write_text(Task& task, i32 fd, std::string_view text) {
  return task.write(fd, std::span(text.data(), text.size()));
}

// All that `fd` has until its end, or the error that came.
inline SysResult<std::string> read_all(Task& task, i32 fd) {
  std::string text;
  char buffer[1000];
  while (true) {
    const SysResult<usize> count = task.read(fd, buffer);
    if (!count.has_value()) return std::unexpected(count.error());
    if (*count == 0) return text;
    text.append(buffer, *count);
  }
}

}  // namespace swebash::kernel
