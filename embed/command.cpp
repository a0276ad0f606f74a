// SPDX-License-Identifier: Apache-2.0
#include "embed/command.hpp"

#include <climits>
#include <exception>
#include <string>

#include "kernel/fs/fixed.hpp"
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

SysResult<abi::Stat> ResolvedCommands::stat() {
  abi::Stat about = {};
  about.inode = reinterpret_cast<u64>(this);
  about.links = 2;
  about.type = abi::kDirectoryType;
  about.mode = 0755;
  return about;
}

SysResult<kernel::vfs::NodeRef> ResolvedCommands::find(std::string_view name) {
  {
    const MutexLock lock(mutex_);
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
  }
  CommandFunction function;
  try {
    function = resolver_(name);
  } catch (...) {
    // As one that does not know it.
    return std::unexpected(Errno::noent);
  }
  if (!function) return std::unexpected(Errno::noent);
  auto file = kernel::fs::command_file(std::make_shared<FunctionCommand>(std::move(function)));
  const MutexLock lock(mutex_);
  return known_.emplace(std::string(name), std::move(file)).first->second;
}

SysResult<std::vector<kernel::vfs::Item>> ResolvedCommands::list() {
  std::vector<kernel::vfs::Item> items;
  const MutexLock lock(mutex_);
  for (const auto& [name, file] : known_) {
    items.push_back({name, SWEBASH_TRY(file->stat()).inode, abi::kRegular});
  }
  return items;
}

void HookedCommands::set(std::shared_ptr<const CommandHook> hook) {
  const MutexLock lock(mutex_);
  hook_.swap(hook);
}

std::shared_ptr<const CommandHook> HookedCommands::hook() const {
  const MutexLock lock(mutex_);
  return hook_;
}

HookedCommands::Decision HookedCommands::before_command(
    kernel::Task& /*task*/, std::span<const std::string> words) noexcept {
  const std::shared_ptr<const CommandHook> hook = this->hook();
  if (hook == nullptr) return {};
  try {
    CommandDecision decision = (*hook)(words);
    switch (decision.verdict) {
      case CommandDecision::Verdict::allow: return {};
      case CommandDecision::Verdict::deny: break;
      case CommandDecision::Verdict::rewrite:
        return {Verdict::rewrite, std::move(decision.words), {}};
    }
    return {Verdict::deny, {}, std::move(decision.reason)};
  } catch (const std::exception& error) {
    return {Verdict::deny, {}, error.what()};
  } catch (...) {
    return {Verdict::deny, {}, "the hook threw something"};
  }
}

}  // namespace swebash::embed
