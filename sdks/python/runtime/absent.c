/* What a component does not have: other programs, terminals, and files
   that can be written. Each call is answered with the error that a system gives
   which cannot do it. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime.h"

static int refuse(int code) {
    errno = code;
    return -1;
}

#define READ_ONLY(name, ...) REPLACES int name(__VA_ARGS__) { return refuse(EROFS); }
READ_ONLY(mkdir, const char *path, mode_t mode)
READ_ONLY(mkdirat, int folder, const char *path, mode_t mode)
READ_ONLY(rmdir, const char *path)
READ_ONLY(unlink, const char *path)
READ_ONLY(unlinkat, int folder, const char *path, int flags)
READ_ONLY(link, const char *from, const char *to)
READ_ONLY(linkat, int from_folder, const char *from, int to_folder, const char *to, int flags)
READ_ONLY(symlink, const char *from, const char *to)
READ_ONLY(symlinkat, const char *from, int folder, const char *to)
READ_ONLY(rename, const char *from, const char *to)
READ_ONLY(renameat, int from_folder, const char *from, int to_folder, const char *to)
READ_ONLY(truncate, const char *path, off_t size)
READ_ONLY(ftruncate, int descriptor, off_t size)
READ_ONLY(utimensat, int folder, const char *path, const struct timespec times[2], int flags)
READ_ONLY(futimens, int descriptor, const struct timespec times[2])
READ_ONLY(utimes, const char *path, const struct timeval times[2])
READ_ONLY(fsync, int descriptor)
READ_ONLY(fdatasync, int descriptor)

REPLACES ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset) { return refuse(EROFS); }
REPLACES int posix_fadvise(int descriptor, off_t offset, off_t size, int advice) { return 0; }
REPLACES int fcntl(int descriptor, int command, ...) { return 0; }
REPLACES int ioctl(int descriptor, int command, ...) { return refuse(ENOTTY); }

/* Nothing is a link. */
REPLACES ssize_t readlink(const char *restrict path, char *restrict target, size_t size) {
    return access(path, F_OK) ? -1 : refuse(EINVAL);
}
REPLACES ssize_t readlinkat(int folder, const char *restrict path, char *restrict target, size_t size) {
    return faccessat(folder, path, F_OK, 0) ? -1 : refuse(EINVAL);
}

REPLACES int poll(struct pollfd *files, nfds_t count, int timeout) { return refuse(ENOSYS); }
REPLACES int select(int count, fd_set *restrict readable, fd_set *restrict writable, fd_set *restrict failed,
                    struct timeval *restrict timeout) {
    return refuse(ENOSYS);
}

/* Code in other languages than Python is linked, not loaded. */
REPLACES void *dlopen(const char *path, int flags) { return NULL; }
REPLACES void *dlsym(void *library, const char *name) { return NULL; }
REPLACES char *dlerror(void) { return "a component cannot load native code"; }

/* The program cannot end while a request is served: the log says it, and the host sees a trap. */
static _Noreturn void end(void) {
    static const char told[] = "the program ended itself (`os._exit`, `os.abort`)\n";
    runtime_write(told, sizeof told - 1);
    __builtin_trap();
}
REPLACES _Noreturn void _Exit(int status) { end(); }
REPLACES _Noreturn void _exit(int status) { end(); }
REPLACES _Noreturn void exit(int status) { end(); }
REPLACES _Noreturn void abort(void) { end(); }
