/* The log, and the variables of the environment. */
#include "isospin.h"

/* log(bytes) */
FUNCTION(module_log) {
    char *text;
    Py_ssize_t size;
    if (!arguments_are(count, 1) || PyBytes_AsStringAndSize(arguments[0], &text, &size))
        return NULL;
    runtime_write(text, (size_t)size);
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
