/*
 * A server that costs as little as possible, so that what is measured against it is the client: one thread, epoll, one
 * fixed answer for each empty line that ends a head. Listens on a free port of 127.0.0.1, which it prints. Ends with its
 * parent.
 *
 *     cc -O2 -o null-server null-server.c && ./null-server
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_FILES 4096
#define MOST_PIPELINED 64

static const char answer[] =
    "HTTP/1.1 200 OK\r\nServer: null\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nhello, world\n";

static char answers[(sizeof answer - 1) * MOST_PIPELINED];
/* How much of the end of a head each connection has seen. */
static unsigned char seen[MOST_FILES];

static int count_heads(int fd, const char *bytes, ssize_t length) {
  static const char end[] = "\r\n\r\n";
  int heads = 0;
  unsigned char at = seen[fd];
  for (ssize_t i = 0; i < length; i++) {
    at = bytes[i] == end[at] ? at + 1 : bytes[i] == '\r';
    if (at == 4) {
      heads++;
      at = 0;
    }
  }
  seen[fd] = at;
  return heads;
}

static void serve(int fd) {
  char bytes[65536];
  ssize_t length = read(fd, bytes, sizeof bytes);
  if (length < 0 && errno == EAGAIN) return;
  if (length <= 0) {
    close(fd);
    return;
  }
  for (int heads = count_heads(fd, bytes, length); heads > 0; heads -= MOST_PIPELINED) {
    size_t size = (sizeof answer - 1) * (heads < MOST_PIPELINED ? heads : MOST_PIPELINED);
    if (write(fd, answers, size) != (ssize_t)size) {
      close(fd);
      return;
    }
  }
}

static void take(int epoll, int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return;
  if (fd >= MOST_FILES) {
    close(fd);
    return;
  }
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  seen[fd] = 0;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static int listen_somewhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0) {
    perror("null-server");
    exit(1);
  }
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  for (int i = 0; i < MOST_PIPELINED; i++) memcpy(answers + i * (sizeof answer - 1), answer, sizeof answer - 1);
  int listener = listen_somewhere();
  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd == listener) take(epoll, listener);
      else serve(events[i].data.fd);
    }
  }
}
