// SPDX-License-Identifier: Apache-2.0
//
// swebash-sessions: measures sessions in one process, and writes the figures as JSON.
//
//   swebash-sessions [--quick] [SCRIPT...]    each SCRIPT a file that is run in a fresh session
//   swebash-sessions --first ROUNDS           `echo hi`, fresh sessions: to its output, to the end
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "swebash/swebash.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using swebash::Runtime;
using swebash::Session;

double microseconds(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double median(std::vector<double>& samples) {
  std::ranges::sort(samples);
  return samples[samples.size() / 2];
}

// Pages that sessions share count once.
long resident_kb() {
  std::ifstream file("/proc/self/smaps_rollup");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Pss:")) return std::atol(line.c_str() + 4);
  }
  return 0;
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "swebash-sessions: %s\n", what);
  std::exit(1);
}

Session open(Runtime& runtime) {
  auto session = runtime.open();
  if (!session) fail(session.error().message.c_str());
  return std::move(*session);
}

void expect(Session& session, std::string_view script, std::string_view output) {
  if (session.run(script).output != output) fail("a script gave another output");
}

void fresh(Runtime& runtime) {
  Session session = open(runtime);
  expect(session, "echo hello", "hello\n");
}

// Calls `function` as often as `count`; the median and the shortest of its times.
template <class F>
void measure(const char* name, int count, F function) {
  for (int i = 0; i < count / 10 + 1; ++i) function();
  std::vector<double> samples;
  for (int i = 0; i < count; ++i) {
    const auto start = Clock::now();
    function();
    samples.push_back(microseconds(Clock::now() - start));
  }
  const double middle = median(samples);
  std::printf("  \"%s\": {\"median_us\": %.2f, \"min_us\": %.2f},\n", name, middle, samples[0]);
}

// What a session with a megabyte of state costs to copy: half of it in its variables, half in
// files.
void copies(Runtime& runtime, int rounds) {
  Session session = open(runtime);
  const std::string half(512 << 10, 'x');
  if (!session.set_variable("state", half) || !session.write_file("file", half)) fail("no state");
  measure("fork_1mb", rounds, [&] {
    if (!session.fork()) fail("no fork");
  });
  Session full = open(runtime);
  (void)full.run("printf -v x '%1000s'; for ((i = 0; i < 1000; i++)); do a[i]=$x; done");
  std::printf("  \"fork_of_variables\": {\"bytes\": %lu},\n",
              static_cast<unsigned long>(full.snapshot().value().shell_bytes()));
  measure("fork_1mb_in_variables", rounds, [&] {
    if (!full.fork()) fail("no fork");
  });
  measure("snapshot_1mb", rounds, [&] {
    if (!session.snapshot()) fail("no snapshot");
  });
  const swebash::Snapshot before = session.snapshot().value();
  measure("restore_1mb", rounds, [&] {
    if (!session.restore(before)) fail("not restored");
  });
  // A new file each time: a file system may write to the disk before one is replaced.
  const std::string base = "/tmp/swebash-sessions." + std::to_string(::getpid()) + ".";
  int files = 0;
  measure("file_and_back_1mb", rounds / 10, [&] {
    const std::string path = base + std::to_string(files++);
    if (!session.snapshot()->save(path)) fail("not saved");
    auto loaded = runtime.load_snapshot(path);
    if (!loaded || !runtime.open(*loaded)) fail("not loaded");
  });
  for (int i = 0; i < files; ++i) std::remove((base + std::to_string(i)).c_str());
}

// Fresh sessions a second on `threads` threads, over about half a second; and what each took of a
// processor, which tells what they cost each other where there are not as many processors free.
struct Rate {
  double per_second;
  double cpu_us;
  long waits;  // for each other: how often a thread gave its processor up
};
Rate rate(Runtime& runtime, unsigned threads) {
  const auto used = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage;
  };
  const rusage before = used();
  std::vector<std::thread> all;
  std::vector<long> counts(threads);
  const auto start = Clock::now();
  const auto end = start + std::chrono::milliseconds(500);
  for (unsigned i = 0; i < threads; ++i) {
    all.emplace_back([&, i] {
      while (Clock::now() < end) {
        fresh(runtime);
        ++counts[i];
      }
    });
  }
  for (std::thread& thread : all) thread.join();
  long count = 0;
  for (const long one : counts) count += one;
  const rusage after = used();
  const auto microseconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  const double cpu = microseconds_of(after.ru_utime) - microseconds_of(before.ru_utime) +
                     microseconds_of(after.ru_stime) - microseconds_of(before.ru_stime);
  return {static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - start).count(),
          cpu / static_cast<double>(count), after.ru_nvcsw - before.ru_nvcsw};
}

// Each a fresh session: the time to the first byte of output, and to the session's end.
void measure_first(Runtime& runtime, int rounds) {
  std::string first = "[", whole = "[";
  for (int i = -rounds / 10 - 1; i < rounds; ++i) {
    const auto start = Clock::now();
    Clock::time_point came;
    {
      Session session = open(runtime);
      swebash::RunOptions options;
      options.on_output = [&](std::string_view) { came = Clock::now(); };
      if (!session.run("echo hi", options).ok()) fail("echo hi");
    }
    const auto end = Clock::now();
    if (i < 0) continue;
    const char* const comma = i == 0 ? "" : ", ";
    first += comma + std::to_string(microseconds(came - start));
    whole += comma + std::to_string(microseconds(end - start));
  }
  std::printf("{\"first\": %s], \"whole\": %s]}\n", first.c_str(), whole.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  const int rounds = quick ? 300 : 3000;
  auto made = Runtime::create();
  if (!made) fail(made.error().message.c_str());
  Runtime& runtime = *made;
  if (argc > 2 && std::strcmp(argv[1], "--first") == 0) {
    measure_first(runtime, std::atoi(argv[2]));
    return 0;
  }

  std::printf("{\n");
  measure("fresh_echo", rounds, [&] { fresh(runtime); });
  {
    Session live = open(runtime);
    measure("live_nothing", rounds, [&] { expect(live, ":", ""); });
    measure("live_echo", rounds, [&] { expect(live, "echo hi", "hi\n"); });
    // The same commands within one run: what is above that is the call's.
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "echo hi\n";
    std::vector<double> samples;
    for (int i = 0; i < rounds / 100 + 3; ++i) {
      const auto start = Clock::now();
      (void)live.run(many);
      samples.push_back(microseconds(Clock::now() - start) / 1000);
    }
    std::printf("  \"echo_within_a_run\": {\"median_us\": %.3f},\n", median(samples));
    measure("live_substitution", rounds, [&] { expect(live, "x=$(echo hi); echo $x", "hi\n"); });
    measure("live_pipe", rounds / 10, [&] { expect(live, "{ echo hi; } | cat", "hi\n"); });
  }
  measure("start_and_wait", rounds / 10, [&] {
    Session session = open(runtime);
    if (session.start("echo hi").value().wait().output != "hi\n") fail("start");
  });
  copies(runtime, rounds / 10);
  for (int i = quick ? 2 : 1; i < argc; ++i) {
    std::ifstream file(argv[i]);
    const std::string script(std::istreambuf_iterator<char>(file), {});
    const std::string name = std::string("script ") + (std::strrchr(argv[i], '/') + 1);
    measure(name.c_str(), rounds / 20, [&] {
      Session session = open(runtime);
      if (!session.run(script).ok()) fail(argv[i]);
    });
  }
  {
    const int count = quick ? 2000 : 100000;
    for (int i = 0; i < 500; ++i) fresh(runtime);
    const long before = resident_kb();
    for (int i = 0; i < count; ++i) fresh(runtime);
    std::printf("  \"growth\": {\"sessions\": %d, \"kb\": %ld},\n", count, resident_kb() - before);
  }
  {
    const int count = quick ? 1000 : 10000;
    std::vector<Session> live;
    live.reserve(static_cast<size_t>(count));
    const long before = resident_kb();
    for (int i = 0; i < count; ++i) {
      auto session = runtime.open();
      if (!session) {
        std::fprintf(stderr, "swebash-sessions: %d sessions: %s\n", i,
                     session.error().message.c_str());
        break;
      }
      live.push_back(std::move(*session));
      expect(live.back(), "x=1; echo hello", "hello\n");
    }
    const long after = resident_kb();
    std::printf("  \"live\": {\"sessions\": %zu, \"kb_each\": %.1f},\n", live.size(),
                static_cast<double>(after - before) / static_cast<double>(live.size()));
  }
  const Rate one = rate(runtime, 1);
  const Rate two = rate(runtime, 2);
  std::printf(
      "  \"threads\": {\"one_per_s\": %.0f, \"two_per_s\": %.0f, \"ratio\": %.2f, \"one_cpu_us\": "
      "%.2f, "
      "\"two_cpu_us\": %.2f, \"two_waits\": %ld}\n}\n",
      one.per_second, two.per_second, two.per_second / one.per_second, one.cpu_us, two.cpu_us,
      two.waits);
  return 0;
}
