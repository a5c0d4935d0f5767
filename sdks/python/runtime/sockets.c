/* Sockets, which a component does not have. Clients that open one of their own are
   told so when they look up an address; the others when they make a socket. */
#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

#include "runtime.h"

/* As <netdb.h> has it, which the C library's headers leave out for such programs. */
enum { LOOKUP_FAILED = -4 };
struct sockaddr;
struct addrinfo;

static int refuse(int code) {
    errno = code;
    return -1;
}

REPLACES int getaddrinfo(const char *name, const char *service, const struct addrinfo *wanted,
                         struct addrinfo **found) {
    return LOOKUP_FAILED;
}
REPLACES int getnameinfo(const struct sockaddr *address, unsigned size, char *name, unsigned name_size, char *service,
                         unsigned service_size, int flags) {
    return LOOKUP_FAILED;
}
REPLACES const char *gai_strerror(int code) { return "a component has no sockets: use `isospin.fetch`"; }
REPLACES void *gethostbyname(const char *name) { return NULL; }
REPLACES void *gethostbyaddr(const void *address, unsigned size, int family) { return NULL; }

REPLACES int socket(int family, int kind, int protocol) { return refuse(EAFNOSUPPORT); }

#define NO_SOCKET(type, name, ...) REPLACES type name(__VA_ARGS__) { return refuse(ENOTSOCK); }
NO_SOCKET(int, accept, int socket, struct sockaddr *address, unsigned *size)
NO_SOCKET(int, accept4, int socket, struct sockaddr *address, unsigned *size, int flags)
NO_SOCKET(int, bind, int socket, const struct sockaddr *address, unsigned size)
NO_SOCKET(int, connect, int socket, const struct sockaddr *address, unsigned size)
NO_SOCKET(int, getpeername, int socket, struct sockaddr *address, unsigned *size)
NO_SOCKET(int, getsockname, int socket, struct sockaddr *address, unsigned *size)
NO_SOCKET(int, getsockopt, int socket, int level, int name, void *value, unsigned *size)
NO_SOCKET(int, listen, int socket, int backlog)
NO_SOCKET(int, setsockopt, int socket, int level, int name, const void *value, unsigned size)
NO_SOCKET(int, shutdown, int socket, int how)
NO_SOCKET(ssize_t, recv, int socket, void *target, size_t size, int flags)
NO_SOCKET(ssize_t, recvfrom, int socket, void *target, size_t size, int flags, struct sockaddr *address,
          unsigned *address_size)
NO_SOCKET(ssize_t, send, int socket, const void *bytes, size_t size, int flags)
NO_SOCKET(ssize_t, sendto, int socket, const void *bytes, size_t size, int flags, const struct sockaddr *address,
          unsigned address_size)
