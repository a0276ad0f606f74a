// SPDX-License-Identifier: Apache-2.0
#include "embed/command.hpp"

#include <climits>
#include <exception>
#include <string>

#include "kernel/task/task.hpp"

namespace swebash::embed {

namespace {

class Call final : public CommandCall {
 public:
  Call(kernel::Task& task, const kernel::vfs::CommandLine& line) noexcept
      : task_(task), line_(line) {}

  std::span<const std::string> arguments() const override { return line_.arguments; }
  std::span<const std::string> environment() const override { return line_.environment; }
  std::string directory() const override {
    std::string text(PATH_MAX, '\0');
    text.resize(task_.working_directory(text).value_or(0));
    return text;
  }
  Expected<std::size_t> read(std::span<char> buffer) override {
    while (true) {
      const SysResult<usize> count = task_.read(0, buffer);
      if (count.has_value()) return *count;
      if (count.error() != Errno::intr || task_.doomed())
        return std::unexpected(fault(count.error()));
    }
  }
  Expected<std::string> read_all() override {
    std::string text;
    char buffer[16 << 10];
    while (true) {
      const Expected<std::size_t> count = read(buffer);
      if (!count.has_value()) return std::unexpected(count.error());
      if (*count == 0) return text;
      text.append(buffer, *count);
    }
  }
  Expected<void> write(std::string_view text) override { return write_to(1, text); }
  Expected<void> write_error(std::string_view text) override { return write_to(2, text); }

 private:
  Expected<void> write_to(i32 fd, std::string_view text) {
    while (!text.empty()) {
      const SysResult<usize> count = task_.write(fd, std::span(text.data(), text.size()));
      if (count.has_value()) {
        text.remove_prefix(*count);
      } else if (count.error() != Errno::intr || task_.doomed()) {
        return std::unexpected(fault(count.error()));
      }
    }
    return {};
  }
  Error fault(Errno error) const {
    if (task_.doomed()) return {ErrorKind::ended, "the command is to end"};
    return {ErrorKind::refused, std::string(errno_message(error))};
  }

  kernel::Task& task_;
  const kernel::vfs::CommandLine& line_;
};

}  // namespace

kernel::ExitState FunctionCommand::run(kernel::Task& task,
                                       const kernel::vfs::CommandLine& line) noexcept {
  Call call(task, line);
  std::string complaint;
  try {
    return kernel::ExitState::exited(function_(call) & 0xFF);
  } catch (const std::exception& error) {
    complaint = error.what();
  } catch (...) {
    complaint = "it threw something";
  }
  const std::string name = line.arguments.empty() ? line.path : line.arguments[0];
  (void)call.write_error(name + ": " + complaint + "\n").has_value();
  return kernel::ExitState::exited(1);
}

}  // namespace swebash::embed
