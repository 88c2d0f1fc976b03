// Lets no thread of libmicrohttpd sleep on requests that it has been told of.
//
// The library (0.9.75) asks for at most 128 events. When it gets exactly so many it asks for the
// rest before it handles them, and waits for as long as it would have waited for the first: when
// 128 clients of one thread speak at once and no other does, nobody is answered. This function
// comes in front of the C library's own of the same name and gives one event fewer than was asked
// for; what is left comes with the next call.

#define _GNU_SOURCE
#include <stddef.h>
#include <sys/epoll.h>

__attribute__((used, visibility("default")))
int epoll_wait(int set, struct epoll_event *events, int most, int timeout) {
    return epoll_pwait(set, events, most > 1 ? most - 1 : most, timeout, NULL);
}
