/*
 * Answers every HTTP request at once, and stops as a whole for <stall ms> in every <period ms>, for the first time
 * <first ms> after its first connection. Prints its port, and behind each stop when it really began and ended; behind the
 * first one also when its first requests came. All in nanoseconds of CLOCK_MONOTONIC, which is the clock of Node as well.
 * Ends with its parent.
 *
 *     stalling-server <first ms> <stall ms> <period ms>      a stall of 0 ms never stops
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char answer[] = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

static long long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static double now_ms(void) { return now_ns() / 1e6; }

/* When the first requests came, until they are told. */
#define FIRST 300
static long long came[FIRST];
static int known = 0, told = 0;

static void tell(long long begin, long long end) {
  printf("stop %lld %lld\n", begin, end);
  if (!told) {
    for (int i = 0; i < known; i++) printf("request %lld\n", came[i]);
  }
  told = 1;
  fflush(stdout);
}

static int listen_anywhere(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, 4096)) exit(1);
  getsockname(fd, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

/* Requests without a body: each ends with an empty line. */
static void serve(int fd) {
  char buffer[65536];
  ssize_t got = read(fd, buffer, sizeof buffer - 1);
  if (got <= 0) {
    close(fd);
    return;
  }
  buffer[got] = 0;
  for (char *at = buffer; (at = strstr(at, "\r\n\r\n")); at += 4) {
    if (known < FIRST && !told) came[known++] = now_ns();
    if (write(fd, answer, sizeof answer - 1) < 0) break;
  }
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  double first = atof(argv[1]), stall = atof(argv[2]), period = atof(argv[3]), next = -1;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  int listener = listen_anywhere(), poller = epoll_create1(0), one = 1;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int wait = next < 0 || stall <= 0 ? -1 : (int)(next - now_ms()) + 1;
    int count = epoll_wait(poller, events, 256, wait < 0 && next >= 0 && stall > 0 ? 0 : wait);
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd != listener) {
        serve(events[i].data.fd);
        continue;
      }
      int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
      if (fd < 0) continue;
      if (next < 0) next = now_ms() + first;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      event = (struct epoll_event){.events = EPOLLIN, .data.fd = fd};
      epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    }
    double late = now_ms() - next;
    if (next >= 0 && stall > 0 && late >= 0) {
      long long begin = now_ns();
      usleep((useconds_t)((stall - late) * 1e3));
      tell(begin, now_ns());
      next += period;
    }
  }
}
