// SPDX-License-Identifier: Apache-2.0
// swebash-tests: runs product tests (tests/README.md) on a shell, many at once.

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/runner/case_file.hpp"
#include "tests/runner/resident.hpp"
#include "tests/runner/run_case.hpp"

namespace swebash::tests {
namespace {

// What ctest takes for "left out".
constexpr int kSkipped = 77;
// The version whose answers the cases hold.
constexpr std::string_view kOracleVersion = "5.2.";

constexpr char kUsage[] =
    "usage: swebash-tests --shell FILE [OPTION...] FILE|DIRECTORY...\n"
    "  --oracle       the shell is bash 5.2, which the cases are written for: leave out those "
    "that\n"
    "                 say `not on bash'; another version is asked nothing (status 77)\n"
    "  --filter TEXT  only cases whose `file: title' contains TEXT\n"
    "  --jobs N       this many at once (default: the number of processors)\n"
    "  --every N      only one case in N\n"
    "  --cache DIR    use this cache (default: one of this run's own)\n"
    "  --patience N   give each case N times its time, for a shell that starts slowly\n"
    "  --resident     a server of the shell's (`swebash serve') for all cases, a session for each; "
    "what\n"
    "                 needs programs of the host is left out, and counted\n"
    "  --explained FILE  what may differ so: lines `file: title | why'\n"
    "  --rebase       write what the shell gave into the files as what is expected\n"
    "  --list         name the cases, run none\n"
    "  --times FILE   write each case's seconds to FILE, as JSON\n";

struct Options {
  std::string shell;
  std::string filter;
  std::string times;
  std::string cache;
  unsigned every = 1;
  unsigned patience = 1;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  bool oracle = false;
  bool resident = false;
  std::string explained;
  bool rebase = false;
  bool list = false;
  std::vector<std::string> paths;
};

[[noreturn]] void usage_error(const std::string& message) {
  std::fprintf(stderr, "swebash-tests: %s\n%s", message.c_str(), kUsage);
  std::exit(2);
}

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const auto value = [&]() -> std::string {
      if (++i == argc) {
        usage_error(std::string(argument) + " needs a value");
      }
      return argv[i];
    };
    const auto count = [&] {
      const std::string text = value();
      unsigned number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return std::max(1U, number);
    };
    if (argument == "--shell") {
      std::error_code ignored;
      // Not resolved: a shell started through a link goes by the link's name.
      options.shell = std::filesystem::absolute(value(), ignored).string();
    } else if (argument == "--filter") {
      options.filter = value();
    } else if (argument == "--times") {
      options.times = value();
    } else if (argument == "--cache") {
      options.cache = value();
    } else if (argument == "--every") {
      options.every = count();
    } else if (argument == "--patience") {
      options.patience = count();
    } else if (argument == "--jobs") {
      options.jobs = count();
    } else if (argument == "--oracle") {
      options.oracle = true;
    } else if (argument == "--resident") {
      options.resident = true;
    } else if (argument == "--explained") {
      options.explained = value();
    } else if (argument == "--rebase") {
      options.rebase = true;
    } else if (argument == "--list") {
      options.list = true;
    } else if (argument == "--help") {
      std::fputs(kUsage, stdout);
      std::exit(0);
    } else if (argument.starts_with("-")) {
      usage_error("no such option: " + std::string(argument));
    } else {
      options.paths.emplace_back(argument);
    }
  }
  if (options.paths.empty() || (options.shell.empty() && !options.list)) {
    usage_error("what is to be run?");
  }
  return options;
}

std::string read_whole(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The files of cases under `paths`, in order of their names.
std::vector<CaseFile> load(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      names.push_back(path);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path, error)) {
      if (entry.path().string().ends_with(".test.sh")) {
        names.push_back(entry.path().string());
      }
    }
  }
  std::sort(names.begin(), names.end());
  std::vector<CaseFile> files;
  for (const std::string& name : names) {
    if (::access(name.c_str(), R_OK) != 0) {
      usage_error(name + ": " + std::strerror(errno));
    }
    files.push_back(parse_cases(name, read_whole(name)));
  }
  return files;
}

/// Why the subject is not the bash that the cases are written for; empty where it is.
std::string why_no_oracle(const Subject& subject) {
  const Case question{
      .title = "version", .arguments = {"-c", "echo \"${BASH_VERSION-}\""}, .environment = {}};
  const Outcome outcome = run_case(subject, question, 0);
  if (!outcome.error.empty()) {
    return outcome.error;
  }
  if (outcome.standard_output.starts_with(kOracleVersion)) {
    return {};
  }
  std::string version = outcome.standard_output.substr(0, outcome.standard_output.find('\n'));
  version = version.empty() ? "not bash" : "bash " + version;
  return subject.shell + " is " + version + ", and the cases hold the answers of bash " +
         std::string(kOracleVersion.substr(0, kOracleVersion.size() - 1));
}

struct Job {
  const CaseFile* file;
  const Case* one;
  Outcome outcome;
  std::string report;    ///< Empty: passed.
  std::string left_out;  ///< Why it could not be run, where it was not.

  [[nodiscard]] std::string name() const {
    return std::filesystem::path(file->path).filename().string() + ": " + one->title;
  }
};

std::string judge(const Case& one, const Outcome& outcome, unsigned patience) {
  if (!outcome.error.empty()) {
    return "    " + outcome.error + "\n";
  }
  std::string report;
  if (outcome.timed_out) {
    report += "    still running after " +
              std::to_string(static_cast<unsigned>(one.timeout_seconds) * patience) + " s\n";
  }
  if (const auto diff = difference(one.standard_output, outcome.standard_output); !diff.empty()) {
    report += "  standard output:\n" + diff;
  }
  if (const auto diff = difference(one.standard_error, outcome.standard_error); !diff.empty()) {
    report += "  standard error:\n" + diff;
  }
  if (outcome.status != one.status && !outcome.timed_out) {
    report += "  status: expected " + std::to_string(one.status) + ", got " +
              std::to_string(outcome.status) + "\n";
  }
  return report;
}

/// Why cases may differ, by their names.
std::map<std::string, std::string> read_explained(const std::string& path) {
  std::map<std::string, std::string> found;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    const size_t bar = line.rfind(" | ");
    if (!line.starts_with('#') && bar != std::string::npos) {
      found.emplace(line.substr(0, bar), line.substr(bar + 3));
    }
  }
  return found;
}

void run_all(std::vector<Job>& jobs, const Subject& subject, const Resident* resident,
             const std::map<std::string, std::string>& explained, unsigned threads) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < jobs.size(); i = next++) {
      Job& job = jobs[i];
      const auto number = static_cast<unsigned>(i);
      job.outcome = resident == nullptr ? run_case(subject, *job.one, number)
                                        : resident->run(*job.one, number, subject.patience);
      job.report = judge(*job.one, job.outcome, subject.patience);
      if (resident == nullptr || job.report.empty()) {
        continue;
      }
      const auto known = explained.find(job.name());
      job.left_out = known != explained.end() ? known->second : resident->why_not(*job.one);
      if (!job.left_out.empty()) {
        job.report.clear();
      }
    }
  };
  std::vector<std::thread> pool;
  for (unsigned i = 1; i < std::min<size_t>(threads, jobs.size()); ++i) {
    pool.emplace_back(work);
  }
  work();
  for (std::thread& thread : pool) {
    thread.join();
  }
}

/// Rewrites the files of failed cases with what was got. A case that was not run keeps its text.
bool rebase(const std::vector<CaseFile>& files, const std::vector<Job>& jobs) {
  bool all_written = true;
  for (const CaseFile& file : files) {
    std::string text;
    bool changed = false;
    for (const std::string& line : file.preamble) {
      text += line + "\n";
    }
    const std::vector<std::string> original = [&] {
      std::vector<std::string> lines;
      std::ifstream stream(file.path);
      for (std::string line; std::getline(stream, line);) {
        lines.push_back(std::move(line));
      }
      return lines;
    }();
    for (size_t i = 0; i < file.cases.size(); ++i) {
      const Case& one = file.cases[i];
      const auto job =
          std::find_if(jobs.begin(), jobs.end(), [&](const Job& each) { return each.one == &one; });
      if (job == jobs.end() || job->report.empty() || job->outcome.timed_out ||
          !job->outcome.error.empty()) {
        const size_t end = i + 1 < file.cases.size()
                               ? static_cast<size_t>(file.cases[i + 1].line) - 1
                               : original.size();
        for (size_t line = static_cast<size_t>(one.line) - 1; line < end; ++line) {
          text += original[line] + "\n";
        }
        continue;
      }
      changed = true;
      for (const std::string& line : one.source) {
        text += line + "\n";
      }
      text += expectation_text(job->outcome.standard_output, job->outcome.standard_error,
                               job->outcome.status);
      if (i + 1 < file.cases.size()) {
        text += "\n";
      }
    }
    if (changed) {
      std::ofstream stream(file.path, std::ios::binary | std::ios::trunc);
      stream << text;
      all_written = all_written && stream.good();
      std::printf("rewritten: %s\n", file.path.c_str());
    }
  }
  return all_written;
}

void write_times(const std::string& path, const std::vector<Job>& jobs) {
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (file == nullptr) {
    std::fprintf(stderr, "swebash-tests: %s: %s\n", path.c_str(), std::strerror(errno));
    return;
  }
  std::fputs("[\n", file);
  for (size_t i = 0; i < jobs.size(); ++i) {
    std::string name;
    for (const char c : jobs[i].name()) {
      if (c == '"' || c == '\\') {
        name += '\\';
      }
      name += c;
    }
    const bool passed = jobs[i].report.empty() && jobs[i].left_out.empty();
    std::fprintf(file, "  {\"case\": \"%s\", \"seconds\": %.6f, \"passed\": %s}%s\n", name.c_str(),
                 jobs[i].outcome.wall_seconds, passed ? "true" : "false",
                 i + 1 < jobs.size() ? "," : "");
  }
  std::fputs("]\n", file);
  std::fclose(file);
}

int run(const Options& options) {
  const std::vector<CaseFile> files = load(options.paths);
  std::vector<Job> jobs;
  unsigned failed = 0;
  for (const CaseFile& file : files) {
    if (!file.error.empty()) {
      std::printf("FAILED %s\n", file.error.c_str());
      ++failed;
    }
    for (const Case& one : file.cases) {
      Job job{&file, &one, {}, {}, {}};
      if ((options.oracle && one.runs == Runs::not_on_bash) ||
          job.name().find(options.filter) == std::string::npos) {
        continue;
      }
      jobs.push_back(std::move(job));
    }
  }
  if (options.every > 1) {
    std::vector<Job> chosen;
    for (size_t i = 0; i < jobs.size(); i += options.every) {
      chosen.push_back(std::move(jobs[i]));
    }
    jobs = std::move(chosen);
  }
  if (options.list) {
    for (const Job& job : jobs) {
      std::printf("%s:%d: %s\n", job.file->path.c_str(), job.one->line, job.one->title.c_str());
    }
    return failed == 0 ? 0 : 1;
  }

  const char* temporary = std::getenv("TMPDIR");
  std::string work_root =
      std::string(temporary != nullptr ? temporary : "/tmp") + "/swebash-tests.XXXXXX";
  if (::mkdtemp(work_root.data()) == nullptr) {
    std::fprintf(stderr, "swebash-tests: %s: %s\n", work_root.c_str(), std::strerror(errno));
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const std::string cache = options.cache.empty() ? work_root + "/cache" : options.cache;
  const Subject subject{options.shell, work_root, cache, options.patience};
  std::error_code ignored;
  if (const std::string why = options.oracle ? why_no_oracle(subject) : std::string();
      !why.empty()) {
    std::filesystem::remove_all(work_root, ignored);
    std::printf("SKIPPED: %s\n", why.c_str());
    return kSkipped;
  }
  std::optional<Resident> resident;
  if (options.resident) {
    resident.emplace(subject.shell, work_root);
    if (!resident->error().empty()) {
      std::fprintf(stderr, "swebash-tests: %s\n", resident->error().c_str());
      std::filesystem::remove_all(work_root, ignored);
      return 2;
    }
  }
  run_all(jobs, subject, resident.has_value() ? &*resident : nullptr,
          read_explained(options.explained), options.jobs);
  resident.reset();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::filesystem::remove_all(work_root, ignored);

  unsigned passed = 0;
  unsigned left_out = 0;
  for (const Job& job : jobs) {
    if (!job.left_out.empty()) {
      ++left_out;
      continue;
    }
    if (job.report.empty()) {
      ++passed;
      continue;
    }
    ++failed;
    std::printf("FAILED %s:%d: %s\n%s", job.file->path.c_str(), job.one->line,
                job.one->title.c_str(), job.report.c_str());
  }
  if (options.rebase && !rebase(files, jobs)) {
    return 2;
  }
  if (!options.times.empty()) {
    write_times(options.times, jobs);
  }
  std::printf("%u passed, %u failed\n", passed, failed);
  if (left_out > 0) {
    std::printf("%u left out, which need what a session has not\n", left_out);
  }
  std::fprintf(stderr, "%zu cases in %.2f s\n", jobs.size(), seconds);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace
}  // namespace swebash::tests

int main(int argc, char** argv) {
  // What this program was started with must not reach the cases.
  ::syscall(SYS_close_range, 3U, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */);
  return swebash::tests::run(swebash::tests::parse_options(argc, argv));
}
