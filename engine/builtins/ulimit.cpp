// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/declarations.hpp"

namespace swebash::engine::builtins {
namespace {

struct Resource {
  char letter;
  u32 number;  // RLIMIT_ on Linux; above 15: not a limit of the system
  u64 factor;  // bytes, or what the system counts in, to a unit of ours
  std::string_view name;
  std::string_view unit;
};

constexpr u32 kPipeSize = 100;

constexpr Resource kResources[] = {
    {'R', 15, 1, "real-time non-blocking time", "(microseconds, -R) "},
    {'c', 4, 512, "core file size", "(blocks, -c) "},
    {'d', 2, 1024, "data seg size", "(kbytes, -d) "},
    {'e', 13, 1, "scheduling priority", "(-e) "},
    {'f', 1, 1024, "file size", "(blocks, -f) "},
    {'i', 11, 1, "pending signals", "(-i) "},
    {'l', 8, 1024, "max locked memory", "(kbytes, -l) "},
    {'m', 5, 1024, "max memory size", "(kbytes, -m) "},
    {'n', 7, 1, "open files", "(-n) "},
    {'p', kPipeSize, 1, "pipe size", "(512 bytes, -p) "},
    {'q', 12, 1, "POSIX message queues", "(bytes, -q) "},
    {'r', 14, 1, "real-time priority", "(-r) "},
    {'s', 3, 1024, "stack size", "(kbytes, -s) "},
    {'t', 0, 1, "cpu time", "(seconds, -t) "},
    {'u', 6, 1, "max user processes", "(-u) "},
    {'v', 9, 1024, "virtual memory", "(kbytes, -v) "},
    {'x', 10, 1, "file locks", "(-x) "},
};

const Resource* find_resource(char letter) {
  for (const Resource& resource : kResources) {
    if (resource.letter == letter) return &resource;
  }
  return nullptr;
}

std::string shown(const Resource& resource, bool hard) {
  if (resource.number == kPipeSize) return "8";
  abi::Limit limit{};
  if (sys::limit_get(resource.number, &limit) < 0) return "unlimited";
  const u64 value = hard ? limit.hard : limit.soft;
  return value == abi::kUnlimited ? "unlimited" : std::to_string(value / resource.factor);
}

bool set(Invocation& invocation, const Resource& resource, const std::string& text, bool soft,
         bool hard) {
  abi::Limit limit{};
  if (resource.number == kPipeSize || sys::limit_get(resource.number, &limit) < 0) {
    invocation.error(std::string(resource.name), "cannot modify limit: Invalid argument");
    return false;
  }
  u64 value;
  if (text == "unlimited") {
    value = abi::kUnlimited;
  } else if (text == "hard") {
    value = limit.hard;
  } else if (text == "soft") {
    value = limit.soft;
  } else {
    const auto number = parse_integer(text);
    if (!number || *number < 0) {
      invocation.error(text, "invalid number");
      return false;
    }
    if (static_cast<u64>(*number) > abi::kUnlimited / resource.factor) {
      invocation.error(text, "limit out of range");
      return false;
    }
    value = static_cast<u64>(*number) * resource.factor;
  }
  if (soft) limit.soft = value;
  if (hard) limit.hard = value;
  const i64 answer = sys::limit_set(resource.number, &limit);
  if (answer >= 0) return true;
  invocation.error(std::string(resource.name.substr(0, resource.name.find_last_not_of(' ') + 1)),
                   "cannot modify limit: " + system_message(answer));
  return false;
}

// bash: a name takes 20 columns or what it needs, a unit 20 to its right.
usize label_width(std::string_view name, std::string_view unit) {
  return std::max<usize>(name.size(), 20) + 1 + 20 - std::min<usize>(20, unit.size());
}

}  // namespace

ExitStatus ulimit(Invocation& invocation) {
  bool hard = false, soft = false, all = false;
  struct Wanted {
    const Resource* resource;
    std::string_view value;  // empty: to be shown
  };
  std::vector<Wanted> wanted;
  OptionParser options(invocation, "SHaR;c;d;e;f;i;l;m;n;p;q;r;s;t;u;v;x;");
  while (const char letter = options.next()) {
    if (letter == '?') return kUsage;
    if (letter == 'S') {
      soft = true;
    } else if (letter == 'H') {
      hard = true;
    } else if (letter == 'a') {
      all = true;
    } else {
      wanted.push_back({find_resource(letter), options.argument()});
    }
  }
  const auto operands = options.operands();
  if (all) {
    for (const Resource& resource : kResources) {
      std::string line(resource.name);
      line.resize(label_width(line, resource.unit), ' ');
      put_line(invocation.out, line + std::string(resource.unit) + shown(resource, hard && !soft));
    }
    return kSuccess;
  }
  if (wanted.empty() && operands.size() > 1) {
    invocation.error("too many arguments");
    return kFailure;
  }
  if (wanted.empty()) {
    wanted.push_back({find_resource('f'), operands.empty() ? std::string_view() : operands[0]});
  }
  invocation.out.set_failure(Output::Failure::unnoticed);
  for (const auto& [resource, value] : wanted) {
    if (value.empty()) {
      if (wanted.size() > 1) {
        std::string line(resource->name);
        line.resize(label_width(line, resource->unit), ' ');
        invocation.out.put(line + std::string(resource->unit));
      }
      put_line(invocation.out, shown(*resource, hard && !soft));
    } else if (!set(invocation, *resource, std::string(value), soft || !hard, hard || !soft)) {
      return kFailure;
    }
  }
  return kSuccess;
}

}  // namespace swebash::engine::builtins
