/* The log, and the variables of the environment. */
#include "isospin.h"

/* The most that the world takes in one call. */
enum { WRITE_LIMIT = 4096 };

static void write_log(const char *text, size_t size) {
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

/* log(bytes) */
FUNCTION(module_log) {
    char *text;
    Py_ssize_t size;
    if (!arguments_are(count, 1) || PyBytes_AsStringAndSize(arguments[0], &text, &size))
        return NULL;
    if (runtime_starting)
        runtime_print(text, (size_t)size);
    else
        write_log(text, (size_t)size);
    return none();
}

/* environment() -> [name, value, ...], or None where the world has none */
FUNCTION(module_environment) {
#ifdef ISOSPIN_ENVIRONMENT
    application_list_tuple2_string_string_t variables;
    PyObject *list = PyList_New(0);
    if (!list || !host_is_there())
        return NULL;
    wasi_cli_environment_get_environment(&variables);
    for (size_t i = 0; i < variables.len * 2; i++) {
        PyObject *text = text_from(i % 2 ? &variables.ptr[i / 2].f1 : &variables.ptr[i / 2].f0);
        if (!text || PyList_Append(list, text)) {
            Py_DecRef(list);
            list = NULL;
        }
        Py_DecRef(text);
        if (!list)
            break;
    }
    application_list_tuple2_string_string_free(&variables);
    return list;
#else
    return none();
#endif
}
