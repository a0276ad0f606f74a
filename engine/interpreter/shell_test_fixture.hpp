// SPDX-License-Identifier: Apache-2.0
//
// ShellTest: a shell in this process, over the native syscalls, in a directory of its own.
//
// Its descriptors are the test's, its clones are forks. For unit tests only.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "engine/interpreter/exec.hpp"
#include "engine/interpreter/shell.hpp"

namespace swebash::engine {

class ShellTest : public ::testing::Test {
 protected:
  ShellTest() {
    const std::string_view environment[] = {"PATH=/usr/bin:/bin", "FROM=outside"};
    shell_.start(environment, {}, "test");
    directory_ = ::testing::TempDir() + "shell_test." + std::to_string(shell_.shell_pid());
    run("command -p mkdir -p " + directory_ + "; cd " + directory_);
  }
  ~ShellTest() override { run("trap - 0; set +euxn; cd /; command -p rm -rf " + directory_); }

  // Runs `text` as eval does; $? after it.
  ExitStatus run(std::string_view text) {
    flow_ = texts_.run_text(std::string(text));
    return shell_.last_status();
  }
  // What `text` writes, in this shell, without the newlines at the end.
  std::string output(std::string_view text) { return written(text, ">"); }
  std::string messages(std::string_view text) { return written(text, "2>"); }
  // What the file holds, likewise.
  std::string file(std::string_view name) {
    const std::string given = value("x");
    run("x=$(< " + std::string(name) + ")");
    std::string text = value("x");
    static_cast<void>(shell_.variables().assign("x", given));
    return text;
  }
  std::string value(std::string_view name) {
    const std::string* text = shell_.variables().get(name);
    return text == nullptr ? std::string() : *text;
  }

  Shell shell_;
  Executor executor_{shell_};
  TextRunner& texts_ = executor_.texts();
  Flow flow_ = Flow::normal;  // how run() ended
  std::string directory_;

 private:
  std::string written(std::string_view text, std::string_view redirection) {
    run("{ " + std::string(text) + "\n} " + std::string(redirection) + " written.txt");
    const ExitStatus status = shell_.last_status();
    std::string all = file("written.txt");
    shell_.set_status(status);
    return all;
  }
};

}  // namespace swebash::engine
