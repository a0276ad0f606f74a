/* SPDX-License-Identifier: Apache-2.0
 *
 * reach WHAT [ARGUMENT...]: one try, by a native program, to get at something outside a
 * confinement. Prints REACHED when it did. Built by attempts.py. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char** words;

static int reached(int yes) {
  if (yes) puts("REACHED");
  return !yes;
}
static pid_t victim(void) { return (pid_t)atoi(words[0]); }
static long address(void) { return strtol(words[1], NULL, 16); }

static int unix_connect(int abstract) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  size_t n = strlen(words[0]);
  memcpy(to.sun_path + abstract, words[0], n);
  return reached(
      s >= 0 &&
      connect(s, (void*)&to, (socklen_t)(sizeof(sa_family_t) + abstract + n + !abstract)) == 0);
}
static int inet(int type, int protocol) {
  struct sockaddr_in to = {.sin_family = AF_INET};
  int s = socket(AF_INET, type, protocol);
  to.sin_port = htons((uint16_t)atoi(words[0]));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (s < 0 || connect(s, (void*)&to, sizeof to) != 0) return 1;
  return reached(send(s, "x", 1, 0) == 1);
}
static int path_socket(void) { return unix_connect(0); }
static int abstract_socket(void) { return unix_connect(1); }
static int tcp(void) { return inet(SOCK_STREAM, 0); }
static int udp(void) { return inet(SOCK_DGRAM, 0); }
static int bind_tcp(void) {
  struct sockaddr_in at = {.sin_family = AF_INET};
  int s = socket(AF_INET, SOCK_STREAM, 0);
  return reached(s >= 0 && bind(s, (void*)&at, sizeof at) == 0);
}
static int family(int domain, int type, int protocol) {
  return reached(socket(domain, type, protocol) >= 0);
}
static int raw(void) { return family(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static int netlink(void) { return family(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); }
static int packet(void) { return family(AF_PACKET, SOCK_RAW, 0); }
static int vsock(void) { return family(40, SOCK_STREAM, 0); }
static int alg(void) { return family(38, SOCK_SEQPACKET, 0); }

static int attach(void) { return reached(ptrace(PTRACE_SEIZE, victim(), 0, 0) == 0); }
static int vm(long call) {
  char text[8] = {0};
  struct iovec own = {text, 8}, other = {(void*)address(), 8};
  return reached(syscall(call, victim(), &own, 1UL, &other, 1UL, 0UL) == 8);
}
static int vm_read(void) { return vm(SYS_process_vm_readv); }
static int vm_write(void) { return vm(SYS_process_vm_writev); }
static int memory(void) {
  char path[64], text[8];
  snprintf(path, sizeof path, "/proc/%d/mem", victim());
  int fd = open(path, O_RDONLY);
  return reached(fd >= 0 && pread(fd, text, 8, address()) == 8);
}
static int own_init_memory(void) {
  int fd = open("/proc/1/mem", O_RDWR);
  return reached(fd >= 0);
}
static int signal_by_pidfd(void) {
  int fd = (int)syscall(434, victim(), 0);
  return reached(fd >= 0 && syscall(424, fd, SIGTERM, 0, 0) == 0);
}
static int signal_plain(void) { return reached(kill(victim(), SIGTERM) == 0); }
static int signal_by_owner(void) { /* SIGIO to whom F_SETOWN names */
  int p[2];
  if (pipe(p) != 0) return 1;
  fcntl(p[0], F_SETSIG, SIGTERM);
  if (fcntl(p[0], F_SETOWN, victim()) != 0) return 1;
  fcntl(p[0], F_SETFL, O_ASYNC | O_NONBLOCK);
  if (write(p[1], "x", 1) != 1) return 1;
  usleep(200000);
  return 0;
}
static int take_descriptor(void) {
  int fd = (int)syscall(434, victim(), 0);
  return reached(fd >= 0 && syscall(438, fd, 1, 0) >= 0);
}
static int limit(void) {
  uint64_t both[2] = {1, 1};
  return reached(syscall(SYS_prlimit64, victim(), 7 /* NOFILE */, both, 0) == 0);
}
static int namespace_of(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/ns/%s", victim(), words[1]);
  int fd = open(path, O_RDONLY);
  return reached(fd >= 0 && setns(fd, 0) == 0);
}
static int unshares(void) { return reached(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0); }
static int clones(void) {
  long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  return reached(pid > 0);
}
static int clones3(void) {
  uint64_t args[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
  long pid = syscall(435, args, sizeof args);
  if (pid == 0) _exit(0);
  return reached(pid > 0);
}
static int mounts(void) { return reached(mount("none", words[0], "tmpfs", 0, 0) == 0); }
static int mounts_new(void) { return reached(syscall(430, "tmpfs", 0) >= 0); }
static int clone_tree(void) { return reached(syscall(428, AT_FDCWD, "/", 1 /* clone */) >= 0); }
static int chroots(void) {
  return reached(mkdir("r", 0700) == 0 && chroot("r") == 0 && chdir("../../../../../..") == 0 &&
                 chroot(".") == 0);
}
static int node(void) { return reached(mknod("node", S_IFBLK | 0600, makedev(254, 0)) == 0); }
static int by_handle(void) {
  struct {
    struct file_handle head;
    char rest[128];
  } handle = {.head.handle_bytes = 128};
  int id;
  if (name_to_handle_at(AT_FDCWD, words[0], &handle.head, &id, 0) != 0) return 1;
  int at = open(words[0], O_RDONLY);
  return reached(open_by_handle_at(at, &handle.head, O_RDONLY) >= 0);
}
static int rings(void) {
  char parameters[120] = {0};
  return reached(syscall(425, 4, parameters) >= 0);
}
static int faults(void) { return reached(syscall(SYS_userfaultfd, 1) >= 0); }
static int programs(void) { /* BPF_MAP_CREATE, array of one */
  uint32_t attr[32] = {2, 4, 4, 1};
  return reached(syscall(SYS_bpf, 0, attr, sizeof attr) >= 0);
}
static int counters(void) {
  uint64_t attr[16] = {1 | (uint64_t)112 << 32, 0};
  return reached(syscall(SYS_perf_event_open, attr, 0, -1, -1, 0) >= 0 || errno != EPERM);
}
static int key(void) { return reached(syscall(SYS_add_key, "user", "reach", "x", 1, -2) >= 0); }
static int clocks(void) { /* refused before the value is looked at, or not */
  struct timeval never = {-1, -1};
  return reached(syscall(SYS_settimeofday, &never, 0) != 0 && errno == EINVAL);
}
static int modules(void) {
  return reached(syscall(SYS_finit_module, -1, "", 0) < 0 && errno == EBADF);
}
static int shared_memory(void) { return reached(shmat(atoi(words[0]), 0, 0) != (void*)-1); }
static int terminal_input(void) {
  int fd = open("/dev/tty", O_RDWR);
  return reached(fd >= 0 && ioctl(fd, TIOCSTI, "\n") == 0);
}
static int terminal_high(void) { /* the kernel looks at 32 bits; so must a filter */
  int fd = open("/dev/tty", O_RDWR);
  return reached(fd >= 0 && syscall(SYS_ioctl, fd, TIOCSTI | 1UL << 32, "\n") == 0);
}
static int memory_program(void) {
  int from = open("/bin/echo", O_RDONLY), to = (int)syscall(SYS_memfd_create, "p", 0);
  char text[65536];
  ssize_t n;
  while ((n = read(from, text, sizeof text)) > 0) {
    if (write(to, text, (size_t)n) != n) return 1;
  }
  char *argv[] = {"echo", "REACHED", 0}, *envp[] = {0};
  return fexecve(to, argv, envp);
}
static int who(void) { return reached(geteuid() == 0); }
static int i386(void) {
#if defined(__x86_64__)
  /* getpid by the numbers of another architecture, which a filter may take for something else */
  long pid = 20;
  __asm__ volatile("int $0x80" : "+a"(pid) : : "memory", "r8", "r9", "r10", "r11");
  return reached(pid == getpid());
#else
  return reached(1);
#endif
}
static int swap(void) { /* a link that changes between a look and a use */
  int tries = 100000;
  pid_t other = fork();
  if (other == 0) {
    for (;;) {
      symlink("own", "swapping");
      rename("swapping", "link");
      symlink(words[0], "swapping");
      rename("swapping", "link");
    }
  }
  int yes = 0;
  for (int i = 0; i < tries && !yes; i++) {
    int fd = open("link", O_RDONLY);
    char text[7];
    yes = fd >= 0 && read(fd, text, 7) == 7 && memcmp(text, "ESCAPED", 7) == 0;
    if (fd >= 0) close(fd);
  }
  kill(other, SIGKILL);
  waitpid(other, 0, 0);
  return reached(yes);
}

int main(int argc, char** argv) {
  static const struct {
    const char* name;
    int (*call)(void);
  } all[] = {{"abstract-socket", abstract_socket},
             {"alg", alg},
             {"attach", attach},
             {"bind-tcp", bind_tcp},
             {"by-handle", by_handle},
             {"chroot", chroots},
             {"clock", clocks},
             {"clone", clones},
             {"clone3", clones3},
             {"counter", counters},
             {"fault", faults},
             {"i386", i386},
             {"init-memory", own_init_memory},
             {"key", key},
             {"limit", limit},
             {"memory", memory},
             {"memory-program", memory_program},
             {"module", modules},
             {"mount", mounts},
             {"mount-new", mounts_new},
             {"namespace", namespace_of},
             {"netlink", netlink},
             {"node", node},
             {"open-tree", clone_tree},
             {"packet", packet},
             {"path-socket", path_socket},
             {"program", programs},
             {"raw", raw},
             {"ring", rings},
             {"shared-memory", shared_memory},
             {"signal", signal_plain},
             {"signal-owner", signal_by_owner},
             {"signal-pidfd", signal_by_pidfd},
             {"swap", swap},
             {"take-descriptor", take_descriptor},
             {"tcp", tcp},
             {"terminal", terminal_input},
             {"terminal-high", terminal_high},
             {"udp", udp},
             {"unshare", unshares},
             {"vm-read", vm_read},
             {"vm-write", vm_write},
             {"vsock", vsock},
             {"who", who}};
  words = argv + 2;
  for (size_t i = 0; argc > 1 && i < sizeof all / sizeof *all; i++) {
    if (strcmp(all[i].name, argv[1]) == 0) return all[i].call();
  }
  fprintf(stderr, "reach: no such thing\n");
  return 2;
}
