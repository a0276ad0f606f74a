// SPDX-License-Identifier: Apache-2.0
#include "overlay/diff.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "base/folder.hpp"

namespace swebash::overlay {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
constexpr off_t kMostText = off_t{16} << 20;
constexpr usize kLooked = 8000;  // as git
// Not by PATH: a folder of the workspace may be in it, with a diff that a script has put there.
constexpr const char* kPrograms[] = {"/usr/bin/diff", "/bin/diff", "/usr/local/bin/diff",
                                     "/run/current-system/sw/bin/diff"};
constexpr int kBold = 1, kRed = 31, kGreen = 32, kCyan = 36;

std::string folder_of(const std::string& path) {
  const usize slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool is_text(int fd) {
  struct stat about{};
  if (::fstat(fd, &about) != 0 || about.st_size > kMostText) return false;
  char bytes[kLooked];
  const ssize_t size = ::pread(fd, bytes, sizeof(bytes), 0);
  return size >= 0 && std::find(bytes, bytes + size, '\0') == bytes + size;
}

std::string mode_text(const struct stat& about) {
  char text[16];
  std::snprintf(text, sizeof(text), "%06o", about.st_mode & ~06000U);
  return text;
}

std::string time_text(const timespec& time) {
  struct tm parts{};
  char text[40];
  if (::localtime_r(&time.tv_sec, &parts) == nullptr) return "?";
  const usize size = ::strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
  std::snprintf(text + size, sizeof(text) - size, ".%09ld", time.tv_nsec);
  return text;
}

// One side of a diff.
struct Side {
  std::string label;
  OwnedFd fd;  // of a regular file
  std::string link;
  const struct stat* about = nullptr;  // null: there is nothing
};

// The lines of diff(1) for two open files.
void print_lines(Printer& out, const Side& before, const Side& after) {
  const OwnedFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  const int sides[2] = {before.fd ? before.fd.get() : nothing.get(),
                        after.fd ? after.fd.get() : nothing.get()};
  const std::string labels[2] = {"--label=" + before.label, "--label=" + after.label};
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    // Above what they are put on.
    const int copies[3] = {::fcntl(sides[0], F_DUPFD_CLOEXEC, 10),
                           ::fcntl(sides[1], F_DUPFD_CLOEXEC, 10),
                           ::fcntl(ends[1], F_DUPFD_CLOEXEC, 10)};
    ::dup2(copies[0], 3);
    ::dup2(copies[1], 4);
    ::dup2(copies[2], 1);
    char* const environment[] = {nullptr};
    for (const char* program : kPrograms) {
      ::execle(program, "diff", "-u", labels[0].c_str(), labels[1].c_str(), "/proc/self/fd/3",
               "/proc/self/fd/4", static_cast<char*>(nullptr), environment);
    }
    constexpr std::string_view kNone = "(there is no program diff to show it)\n";
    [[maybe_unused]] const auto told = ::write(1, kNone.data(), kNone.size());
    ::_exit(2);
  }
  ::close(ends[1]);
  const OwnedFd reader(ends[0]);
  std::string line;
  char piece[65536];
  while (child > 0) {
    const ssize_t size = ::read(reader.get(), piece, sizeof(piece));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    for (const char c : std::string_view(piece, static_cast<usize>(size))) {
      if (c == '\n') {
        out.body(line);
        line.clear();
      } else {
        line.push_back(c);
      }
    }
    if (out.closed()) break;
  }
  if (!line.empty()) out.body(line);
  while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::string size_of(const Side& side) {
  return side.about == nullptr ? "nothing" : size_text(static_cast<u64>(side.about->st_size));
}

void print_link(Printer& out, char sign, const Side& side) {
  if (!S_ISLNK(side.about->st_mode)) return;
  out.body(sign + quoted(side.link));
  out.body("\\ No newline at end of file");
}

void print_sides(Printer& out, const Side& before, const Side& after) {
  const auto lines = [](const Side& side) { return side.about == nullptr || side.fd; };
  if (lines(before) && lines(after)) {
    const bool text =
        (!before.fd || is_text(before.fd.get())) && (!after.fd || is_text(after.fd.get()));
    if (text) {
      print_lines(out, before, after);
    } else {
      out.heading("Binary files " + before.label + " and " + after.label + " differ (" +
                  size_of(before) + ", " + size_of(after) + ")");
    }
    return;
  }
  const auto is_closed = [](const Side& side) {
    return side.about != nullptr && S_ISREG(side.about->st_mode) && !side.fd;
  };
  if (is_closed(before) || is_closed(after)) {
    out.heading("Files " + before.label + " and " + after.label + " differ (" + size_of(before) +
                ", " + size_of(after) + "; one cannot be read)");
    return;
  }
  const auto is_link = [](const Side& side) {
    return side.about == nullptr || S_ISLNK(side.about->st_mode);
  };
  if (!is_link(before) || !is_link(after)) return;
  out.body("--- " + before.label);
  out.body("+++ " + after.label);
  out.body(before.about == nullptr  ? "@@ -0,0 +1 @@"
           : after.about == nullptr ? "@@ -1 +0,0 @@"
                                    : "@@ -1 +1 @@");
  if (before.about != nullptr) print_link(out, '-', before);
  if (after.about != nullptr) print_link(out, '+', after);
}

// The side of `path` in the open layer, if it is there.
void fill(Side& side, int layer, const std::string& path, const struct stat* about, Closed closed) {
  side.about = about;
  if (about == nullptr) return;
  const OwnedFd folder = open_beneath(layer, folder_of(path), kFolder);
  if (!folder) return;
  const std::string name = name_of(path);
  if (S_ISREG(about->st_mode)) {
    side.fd = open_file_at(folder.get(), name.c_str(), closed);
    // The program diff opens it again, by its mode.
    if (side.fd && (about->st_mode & S_IRUSR) == 0 && is_text(side.fd.get())) {
      OwnedFd copy(::memfd_create("swebash-overlay", MFD_CLOEXEC));
      if (copy && copy_content(side.fd.get(), copy.get()).has_value()) side.fd = std::move(copy);
    }
  }
  if (S_ISLNK(about->st_mode)) side.link = link_text(folder.get(), name.c_str());
}

void print_file(Printer& out, const Layers& layers, const std::string& path,
                const struct stat* below, const struct stat* above) {
  const std::string a = quoted("a/" + path), b = quoted("b/" + path);
  out.heading("diff --git " + a + " " + b, kBold);
  if (below == nullptr) {
    out.heading("new file mode " + mode_text(*above), kBold);
  } else if (above == nullptr) {
    out.heading("deleted file mode " + mode_text(*below), kBold);
  } else if (((above->st_mode ^ below->st_mode) & (S_IFMT | 01777)) != 0) {
    out.heading("old mode " + mode_text(*below), kBold);
    out.heading("new mode " + mode_text(*above), kBold);
  }
  Side before = {below == nullptr ? "/dev/null" : a, {}, {}};
  Side after = {above == nullptr ? "/dev/null" : b, {}, {}};
  fill(before, layers.lower.get(), path, below, Closed::stays);
  fill(after, layers.upper.get(), path, above, Closed::opened);
  if (after.fd) {
    const auto attributes = attributes_of(after.fd.get());
    if (!attributes.empty() && (!before.fd || attributes_of(before.fd.get()) != attributes)) {
      std::string line = "new attributes";
      for (const auto& [name, value] : attributes) line.append(" ").append(quoted(name));
      out.heading(line, kBold);
    }
  }
  print_sides(out, before, after);
}

// All of a tree that is removed.
void print_removed(Printer& out, const Layers& layers, const std::string& path,
                   const struct stat& about) {
  if (out.closed()) return;
  if (!S_ISDIR(about.st_mode)) {
    print_file(out, layers, path, &about, nullptr);
    return;
  }
  out.heading("removed directory " + quoted("a/" + path), kBold);
  const OwnedFd folder = open_beneath(layers.lower.get(), path, kFolder);
  std::vector<std::string> names;
  if (folder) each_name(folder.get(), [&names](const char* name) { names.emplace_back(name); });
  std::ranges::sort(names);
  for (const std::string& name : names) {
    struct stat inner{};
    if (::fstatat(folder.get(), name.c_str(), &inner, AT_SYMLINK_NOFOLLOW) == 0) {
      print_removed(out, layers, path + "/" + name, inner);
    }
  }
}

}  // namespace

void Printer::heading(const std::string& line, int style) {
  const bool styled = style != 0 && colour_ == Colour::yes;
  if (styled) text_.append("\033[").append(std::to_string(style)).append("m");
  text_ += line;
  if (styled) text_ += "\033[m";
  text_ += '\n';
  constexpr usize kFull = 65536;
  if (text_.size() > kFull) flush();
}

void Printer::body(std::string_view line) {
  const int style = line.starts_with("---") || line.starts_with("+++") ? kBold
                    : line.starts_with('-')                            ? kRed
                    : line.starts_with('+')                            ? kGreen
                    : line.starts_with("@@")                           ? kCyan
                                                                       : 0;
  heading(terminal_ ? harmless(line) : std::string(line), style);
}

void Printer::flush() {
  for (usize done = 0; done < text_.size() && !closed_;) {
    const ssize_t size = ::write(fd_, text_.data() + done, text_.size() - done);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) closed_ = true;
    if (size > 0) done += static_cast<usize>(size);
  }
  text_.clear();
}

void print_diff(Printer& out, const Layers& layers, const Change& change) {
  switch (change.kind) {
    case Kind::same: return;
    case Kind::removed: print_removed(out, layers, change.path, change.below); break;
    case Kind::refused:
      out.heading("left out: " + quoted(change.path) + ": " + change.why, kBold);
      break;
    case Kind::attributes: {
      const std::string a = quoted("a/" + change.path), b = quoted("b/" + change.path);
      out.heading("diff --git " + a + " " + b, kBold);
      if (((change.above.st_mode ^ change.below.st_mode) & 01777) != 0) {
        out.heading("old mode " + mode_text(change.below), kBold);
        out.heading("new mode " + mode_text(change.above), kBold);
      }
      if (!is_same_time(change.above.st_mtim, change.below.st_mtim)) {
        out.heading("old time " + time_text(change.below.st_mtim), kBold);
        out.heading("new time " + time_text(change.above.st_mtim), kBold);
      }
      break;
    }
    case Kind::replaced: print_removed(out, layers, change.path, change.below); [[fallthrough]];
    case Kind::added:
      if (S_ISDIR(change.above.st_mode)) {
        out.heading("new directory " + quoted("b/" + change.path), kBold);
      } else {
        print_file(out, layers, change.path, nullptr, &change.above);
      }
      break;
    case Kind::modified: print_file(out, layers, change.path, &change.below, &change.above); break;
  }
}

}  // namespace swebash::overlay
