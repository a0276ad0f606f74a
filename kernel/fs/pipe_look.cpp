// SPDX-License-Identifier: Apache-2.0
#include "kernel/fs/pipe_look.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/owned_fd.hpp"
#include "base/thread_annotations.hpp"

namespace swebash::kernel {

namespace {

// Most lines are shorter, and what is not used is looked at again.
constexpr usize kMost = 1024;

// Empty between two looks.
struct Mirror {
  Mutex mutex;
  OwnedFd reader SWEBASH_GUARDED_BY(mutex);
  OwnedFd writer SWEBASH_GUARDED_BY(mutex);
};

Mirror& mirror() {
  static Mirror one;
  return one;
}

}  // namespace

SysResult<usize> look_into_pipe(int fd, std::span<char> buffer) {
  Mirror& into = mirror();
  const MutexLock lock(into.mutex);
  if (!into.reader) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return std::unexpected(Errno::notsup);
    into.reader.reset(ends[0]);
    into.writer.reset(ends[1]);
  }
  const ssize_t there =
      ::tee(fd, into.writer.get(), std::min(buffer.size(), kMost), SPLICE_F_NONBLOCK);
  if (there < 0) {
    return std::unexpected(errno == EINVAL ? Errno::notsup : errno_from_host(errno));
  }
  usize done = 0;
  while (done < static_cast<usize>(there)) {
    const ssize_t count =
        ::read(into.reader.get(), buffer.data() + done, static_cast<usize>(there) - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      // Unknown contents must not meet the next look.
      into.reader.reset();
      into.writer.reset();
      return std::unexpected(Errno::notsup);
    }
    done += static_cast<usize>(count);
  }
  return done;
}

}  // namespace swebash::kernel
