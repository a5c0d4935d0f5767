/* What is printed: it goes to the log, at build time to the builder's messages. */
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

#include "application.h"
#include "runtime.h"

/* The most that the world takes in one call. */
enum { WRITE_LIMIT = 4096 };

void runtime_write(const char *text, size_t size) {
    wasi_cli_stderr_own_output_stream_t stream = wasi_cli_stderr_get_stderr();
    wasi_io_streams_borrow_output_stream_t output = {stream.__handle};
    while (size > 0) {
        application_list_u8_t part = {(uint8_t *)text, size < WRITE_LIMIT ? size : WRITE_LIMIT};
        wasi_io_streams_stream_error_t error;
        if (!wasi_io_streams_method_output_stream_blocking_write_and_flush(output, &part, &error)) {
            if (error.tag == WASI_IO_STREAMS_STREAM_ERROR_LAST_OPERATION_FAILED)
                wasi_io_error_error_drop_own(error.val.last_operation_failed);
            break;
        }
        text += part.len;
        size -= part.len;
    }
    wasi_io_streams_output_stream_drop_own(stream);
}

REPLACES ssize_t write(int descriptor, const void *text, size_t size) {
    if (descriptor != STDOUT_FILENO && descriptor != STDERR_FILENO) {
        errno = EBADF;
        return -1;
    }
    runtime_write(text, size);
    return (ssize_t)size;
}

REPLACES ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t written = write(descriptor, parts[i].iov_base, parts[i].iov_len);
        if (written < 0)
            return -1;
        total += written;
    }
    return total;
}

REPLACES int isatty(int descriptor) {
    errno = ENOTTY;
    return 0;
}
