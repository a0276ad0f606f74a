// SPDX-License-Identifier: Apache-2.0
//
// Task's calls on open descriptors.
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <vector>

#include "kernel/audit/account.hpp"
#include "kernel/confine/confinement.hpp"
#include "kernel/confine/session_start.hpp"
#include "kernel/fs/host_files.hpp"
#include "kernel/kernel.hpp"
#include "kernel/task/growing_pipe.hpp"
#include "kernel/task/task.hpp"
#include "kernel/time.hpp"

namespace swebash::kernel {

namespace {

constexpr usize kCopyChunk = 64 << 10;
constexpr usize kHostCopyChunk = usize{64} << 20;

bool is_nonblocking(const Description& description) noexcept {
  const int fd = description.host_fd();
  if (fd < 0) return false;
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_NONBLOCK) != 0;
}

// Errors of the copying syscalls that mean "not for these files".
bool is_unfit(int error) noexcept {
  return error == EINVAL || error == EXDEV || error == ENOSYS || error == EOPNOTSUPP ||
         error == EBADF || error == EISDIR || error == EPERM || error == ETXTBSY;
}

}  // namespace

SysResult<void> Task::close(i32 fd) {
  SWEBASH_TRY(fds_.remove(fd));
  return {};
}

SysResult<usize> Task::read(i32 fd, std::span<char> buffer) {
  return read_from(*SWEBASH_TRY(description(fd)), buffer);
}

SysResult<usize> Task::read_until(i32 fd, std::span<char> buffer, char delimiter) {
  Description& from = *SWEBASH_TRY(description(fd));
  const SysResult<usize> count = from.read_until(buffer, delimiter);
  if (count.has_value() || (count.error() != Errno::again && count.error() != Errno::notsup)) {
    return count;
  }
  // One byte is never too much: that is waited for, as for any.
  const SysResult<usize> first = read_from(from, buffer.first(std::min<usize>(buffer.size(), 1)));
  // A shell takes what is typed, or pasted, at one go; other tasks must have the terminal for each.
  if (!first.has_value() || *first == 0 || !is_main() || !from.is_terminal()) return first;
  usize taken = 1;
  while (buffer[taken - 1] != delimiter && taken < buffer.size()) {
    pollfd entry = {from.host_fd(), POLLIN, 0};
    if (::poll(&entry, 1, 0) != 1) break;
    if (::read(from.host_fd(), &buffer[taken], 1) != 1) break;
    ++taken;
  }
  return taken;
}

SysResult<usize> Task::write(i32 fd, std::span<const char> data) {
  return write_to(*SWEBASH_TRY(description(fd)), data, Interrupt::by_signal);
}

SysResult<usize> Task::read_from(Description& from, std::span<char> buffer) {
  if (kernel_.has_groups_.load(std::memory_order_relaxed) && from.is_terminal()) {
    return read_terminal(from, buffer);
  }
  const bool plainly = from.growing_pipe() == nullptr && may_block_plainly();
  while (true) {
    const Wakeup::Ticket ticket = wakeup_.prepare();
    const SysResult<usize> count =
        from.read(buffer, plainly || !from.can_wait() ? Wait::yes : Wait::no);
    if (count.has_value()) return count;
    if (count.error() != Errno::intr) {
      if (count.error() != Errno::again || plainly || is_nonblocking(from)) return count;
    }
    SWEBASH_TRY(check_interrupt());
    if (count.error() == Errno::again) SWEBASH_TRY(wait_ready(ticket, from, POLLIN));
  }
}

SysResult<usize> Task::write_to(Description& to, std::span<const char> data, Interrupt interrupt) {
  const bool plainly = may_block_plainly();
  if (!limits_.empty() && !data.empty()) {
    data = data.first(SWEBASH_TRY(writable(to, data.size())));
  }
  while (true) {
    const Wakeup::Ticket ticket = wakeup_.prepare();
    const usize claimed = kernel_.claim_writing(data.size());
    if (claimed == 0 && !data.empty()) return std::unexpected(Errno::intr);
    const SysResult<usize> count =
        to.write(data.first(claimed), plainly || !to.can_wait() ? Wait::yes : Wait::no);
    kernel_.give_back_writing(claimed - count.value_or(0));
    if (count.has_value()) return count;
    if (count.error() == Errno::pipe) broken_pipe();
    if (count.error() != Errno::intr) {
      if (count.error() != Errno::again || plainly || is_nonblocking(to)) return count;
    }
    const SysResult<void> go_on = check_interrupt();
    if (!go_on.has_value() && (interrupt == Interrupt::by_signal || doomed())) {
      return std::unexpected(go_on.error());
    }
    if (count.error() == Errno::again) SWEBASH_TRY(wait_ready(ticket, to, POLLOUT));
  }
}

SysResult<i64> Task::seek(i32 fd, i64 offset, u32 whence) {
  Description& file = *SWEBASH_TRY(description(fd));
  if (whence > abi::kSeekEnd) return std::unexpected(Errno::inval);
  return file.seek(offset, whence);
}

// Tries the host's ways to copy without our seeing the bytes. Errno::notsup when there is none for
// these two, Errno::again when one of them would have to be waited for.
SysResult<i64> Task::copy_on_host(Description& from, Description& to, usize length) {
  const int source = from.host_fd();
  const int target = to.host_fd();
  // A terminal is waited for by whoever has it, and splice would wait without end.
  if (source < 0 || target < 0 || from.is_terminal()) return std::unexpected(Errno::notsup);
  const usize chunk = std::min(length, kHostCopyChunk);
  const bool plainly = may_block_plainly();
  if (!from.can_wait() && !to.can_wait()) {
    const ssize_t count = ::copy_file_range(source, nullptr, target, nullptr, chunk, 0);
    // Files of /proc answer 0 although there is something to read.
    if (count > 0) return count;
    if (count < 0 && !is_unfit(errno)) return std::unexpected(errno_from_host(errno));
    return std::unexpected(Errno::notsup);
  }
  // The pages of a file that are spliced into a pipe stay the file's: whoever reads them later
  // would see what was written to the file meanwhile.
  if (!from.can_wait()) return std::unexpected(Errno::notsup);
  const ssize_t count = ::splice(source, nullptr, target, nullptr, chunk,
                                 SPLICE_F_MOVE | (plainly ? 0u : unsigned{SPLICE_F_NONBLOCK}));
  if (count >= 0) {
    to.has_taken(static_cast<usize>(count));
    return count;
  }
  if (is_unfit(errno)) return std::unexpected(Errno::notsup);
  return std::unexpected(errno_from_host(errno));
}

SysResult<i64> Task::copy(i32 from, i32 to, i64 length) {
  Description& source = *SWEBASH_TRY(description(from));
  Description& target = *SWEBASH_TRY(description(to));
  if (length < 0) return std::unexpected(Errno::inval);
  if (length == 0) return 0;
  const usize wanted = static_cast<usize>(length);
  while (true) {
    const Wakeup::Ticket ticket = wakeup_.prepare();
    const bool limited = own_limit(RLIMIT_FSIZE) != nullptr && !target.can_wait();
    const usize claimed = limited ? wanted : kernel_.claim_writing(wanted);
    if (claimed == 0) return std::unexpected(Errno::intr);
    const SysResult<i64> count =
        limited ? std::unexpected(Errno::notsup) : copy_on_host(source, target, claimed);
    if (!limited) kernel_.give_back_writing(claimed - static_cast<usize>(count.value_or(0)));
    if (count.has_value()) return count;
    if (count.error() == Errno::notsup) break;
    if (count.error() == Errno::pipe) broken_pipe();
    if (count.error() == Errno::again) {
      if (is_nonblocking(source) || is_nonblocking(target)) return count;
      SWEBASH_TRY(check_interrupt());
      SWEBASH_TRY(wait_ready(ticket, source, POLLIN));
      const Wakeup::Ticket second = wakeup_.prepare();
      SWEBASH_TRY(check_interrupt());
      SWEBASH_TRY(wait_ready(second, target, POLLOUT));
    } else if (count.error() == Errno::intr) {
      SWEBASH_TRY(check_interrupt());
    } else {
      return count;
    }
  }
  char buffer[kCopyChunk];
  const usize count =
      SWEBASH_TRY(read_from(source, std::span(buffer, std::min(wanted, sizeof(buffer)))));
  // What was read must go out: a signal that is caught waits until it has.
  for (usize done = 0; done < count;) {
    done += SWEBASH_TRY(
        write_to(target, std::span<const char>(buffer + done, count - done), Interrupt::by_doom));
  }
  return static_cast<i64>(count);
}

SysResult<void> Task::truncate(i32 fd, i64 size) {
  return SWEBASH_TRY(description(fd))->truncate(size);
}

SysResult<i32> Task::dup(i32 fd, i32 lowest, u32 flags) {
  DescriptionRef copy = SWEBASH_TRY(fds_.find(fd))->description;
  const Inherit inherit = (flags & abi::kCloexec) != 0 ? Inherit::no : Inherit::yes;
  return fds_.add(std::move(copy), inherit, lowest, open_limit());
}

SysResult<i32> Task::dup2(i32 from, i32 to, u32 flags) {
  FdTable::Entry* entry = SWEBASH_TRY(fds_.find(from));
  const Inherit inherit = (flags & abi::kCloexec) != 0 ? Inherit::no : Inherit::yes;
  if (from == to) {
    entry->inherit = inherit;
    return to;
  }
  DescriptionRef copy = entry->description;
  SWEBASH_TRY(fds_.put(to, std::move(copy), inherit, open_limit()));
  return to;
}

SysResult<u32> Task::fd_flags(i32 fd) {
  const FdTable::Entry& entry = *SWEBASH_TRY(fds_.find(fd));
  const u32 own = entry.inherit == Inherit::no ? u32{abi::kCloexec} : 0;
  return own | SWEBASH_TRY(entry.description->open_flags());
}

SysResult<void> Task::pipe(i32 (&fds)[2], u32 flags) {
  DescriptionRef reader;
  DescriptionRef writer;
  if ((flags & abi::kGrowing) != 0) {
    std::tie(reader, writer) = GrowingPipe::create(kernel_.options().limits.captured_bytes);
  } else {
    int ends[2];
    const int nonblock = (flags & abi::kNonblock) != 0 ? O_NONBLOCK : 0;
    SWEBASH_TRY(host_result(::pipe2(ends, O_CLOEXEC | nonblock)));
    reader = std::make_shared<HostFile>(OwnedFd(ends[0]), FdOrigin::opened, HostFileKind::stream);
    writer = std::make_shared<HostFile>(OwnedFd(ends[1]), FdOrigin::opened, HostFileKind::stream);
  }
  fds[0] = SWEBASH_TRY(add_descriptor(reader, flags));
  const SysResult<i32> second = add_descriptor(std::move(writer), flags);
  if (!second.has_value()) {
    SWEBASH_TRY(fds_.remove(fds[0]));
    return std::unexpected(second.error());
  }
  fds[1] = *second;
  if (reader->growing_pipe() != nullptr) {
    std::erase_if(captures_, [](const auto& weak) { return weak.expired(); });
    captures_.push_back(reader);
  }
  return {};
}

SysResult<abi::Stat> Task::fstat(i32 fd) { return SWEBASH_TRY(description(fd))->stat(); }

SysResult<usize> Task::read_directory(i32 fd, std::span<char> buffer) {
  return SWEBASH_TRY(description(fd))->read_directory(buffer);
}

SysResult<i32> Task::poll(std::span<abi::PollEntry> entries, i64 timeout) {
  const i64 start = monotonic_now();
  const i64 asked = timeout;
  while (true) {
    const Wakeup::Ticket ticket = wakeup_.prepare();
    std::vector<pollfd> fds;
    std::vector<usize> origin;  // which of `entries` each of the first of `fds` is
    i32 ready = 0;
    for (usize i = 0; i < entries.size(); ++i) {
      abi::PollEntry& entry = entries[i];
      entry.revents = 0;
      if (entry.fd < 0) continue;
      const SysResult<Description*> found = description(entry.fd);
      if (!found.has_value()) {
        entry.revents = abi::kPollInvalid;
        ++ready;
        continue;
      }
      const SysResult<int> fd = (*found)->poll_fd();
      if (!fd.has_value()) {
        // What is in memory, or the write end of a growing pipe, never waits.
        if (fd.error() != Errno::notsup) return std::unexpected(fd.error());
        const u32 ways = SWEBASH_TRY((*found)->open_flags());
        const u32 ready_for = ((ways & abi::kRead) != 0 ? u32{abi::kPollIn} : 0) |
                              ((ways & abi::kWrite) != 0 ? u32{abi::kPollOut} : 0);
        entry.revents = static_cast<u16>(entry.events & ready_for);
        if (entry.revents != 0) ++ready;
        continue;
      }
      fds.push_back({*fd, static_cast<short>(entry.events), 0});
      origin.push_back(i);
    }
    const usize polled = fds.size();
    for (const usize i : origin) {
      GrowingPipe* pipe = (*description(entries[i].fd))->growing_pipe();
      const int intake = pipe != nullptr ? pipe->intake_reader() : -1;
      if (intake >= 0) fds.push_back({intake, POLLIN, 0});
    }
    const SysResult<void> interrupt = check_interrupt();
    i64 left = timeout;
    if (timeout > 0) {
      left = std::max<i64>(0, timeout - (monotonic_now() - start));
    }
    if (ready > 0 || !interrupt.has_value()) left = 0;
    if (!fds.empty() || left != 0) (void)SWEBASH_TRY(wait_round(ticket, fds, left));
    for (usize i = 0; i < polled; ++i) {
      entries[origin[i]].revents = static_cast<u16>(fds[i].revents);
      if (fds[i].revents != 0) ++ready;
    }
    if (ready > 0) return ready;
    if (!interrupt.has_value()) return std::unexpected(interrupt.error());
    if (left == 0) {
      // A growing pipe's intake may have brought something in the last round.
      if (fds.size() == polled || timeout == 0) {
        SessionClock* const clock = kernel_.options().clock.get();
        if (clock != nullptr && asked > 0) clock->pass(asked);
        return 0;
      }
      timeout = 0;
    }
  }
}

// By SOCKS5 (RFC 1928); what the proxy answers to the first part is known.
SysResult<void> Task::ask_proxy(HostFile& socket, std::string_view host, u32 port) {
  std::string request("\5\1\0\5\1\0\3", 7);
  request.push_back(static_cast<char>(host.size()));
  request.append(host);
  request.push_back(static_cast<char>(port >> 8));
  request.push_back(static_cast<char>(port));
  const int fd = socket.host_fd();
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return std::unexpected(Errno::io);
  }
  char answer[12];
  for (usize have = 0; have < sizeof(answer);) {
    const Wakeup::Ticket ticket = wakeup_.prepare();
    SWEBASH_TRY(check_interrupt());
    SWEBASH_TRY(wait_ready(ticket, socket, POLLIN));
    const ssize_t count = ::recv(fd, answer + have, sizeof(answer) - have, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) return std::unexpected(Errno::connrefused);
    have += static_cast<usize>(count);
  }
  switch (answer[3]) {
    case 0: return {};
    case 2: return std::unexpected(Errno::acces);
    case 5: return std::unexpected(Errno::connrefused);
    default: return std::unexpected(Errno::hostunreach);
  }
}

SysResult<i32> Task::connect(std::string_view host, std::string_view port, bool datagram) {
  if (!kernel_.is_program()) return std::unexpected(Errno::acces);
  const SysResult<i32> connected = connect_socket(host, port, datagram);
  if (kernel_.options().account != nullptr) {
    const bool refused = !connected.has_value() && connected.error() == Errno::acces;
    kernel_.options().account->network(pid_, host, port, !refused);
    check_account();
  }
  return connected;
}

SysResult<i32> Task::connect_socket(std::string_view host, std::string_view port, bool datagram) {
  if (kernel_.options().confinement != nullptr && tell_no_network(host, port)) {
    return std::unexpected(Errno::acces);
  }
  std::string host_text(host);
  std::string port_text(port);
  u32 proxied_port = 0;
  const confine::Confinement* confinement = kernel_.options().confinement;
  if (confinement != nullptr && !datagram && confinement->policy().network == Network::listed &&
      !confine::is_own_host(confinement->policy(), host)) {
    // Outside its own network a session has the proxy alone.
    const char* const end = port.data() + port.size();
    if (std::from_chars(port.data(), end, proxied_port).ptr != end || host.size() > 255) {
      return std::unexpected(Errno::inval);
    }
    host_text = "127.0.0.1";
    port_text = std::to_string(confine::kProxyPort);
  }
  addrinfo hints = {};
  hints.ai_socktype = datagram ? SOCK_DGRAM : SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = ::getaddrinfo(host_text.c_str(), port_text.c_str(), &hints, &found);
  if (status != 0) return std::unexpected(status == EAI_MEMORY ? Errno::nomem : Errno::inval);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  Errno last = Errno::inval;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    OwnedFd socket(
        ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol));
    if (!socket) {
      last = errno_from_host(errno);
      continue;
    }
    const int fd = socket.get();
    auto file =
        std::make_shared<HostFile>(std::move(socket), FdOrigin::opened, HostFileKind::stream);
    int error = ::connect(fd, at->ai_addr, at->ai_addrlen) == 0 ? 0 : errno;
    while (error == EINPROGRESS) {
      const Wakeup::Ticket ticket = wakeup_.prepare();
      SWEBASH_TRY(check_interrupt());
      SWEBASH_TRY(wait_ready(ticket, *file, POLLOUT));
      pollfd done = {fd, POLLOUT, 0};
      if (::poll(&done, 1, 0) <= 0) continue;
      socklen_t size = sizeof(error);
      if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    }
    if (error == 0) {
      if (proxied_port > 0) SWEBASH_TRY(ask_proxy(*file, host, proxied_port));
      const int flags = ::fcntl(fd, F_GETFL);
      ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
      return add_descriptor(std::move(file), 0);
    }
    last = errno_from_host(error);
  }
  return std::unexpected(last);
}

}  // namespace swebash::kernel
