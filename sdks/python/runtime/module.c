/* The module `_isospin`: what the package `isospin` calls. */
#include "isospin.h"

PyObject *registered_handler;
PyObject *registered_error;

/* register(handler, error): the callable for requests, and the class of transfer errors */
static FUNCTION(module_register) {
    if (!arguments_are(count, 2))
        return NULL;
    Py_IncRef(arguments[0]);
    Py_IncRef(arguments[1]);
    registered_handler = arguments[0];
    registered_error = arguments[1];
    return none();
}

static PyMethodDef methods[] = {
    {"register", module_register, METH_FASTCALL, NULL},
    {"close", module_close, METH_FASTCALL, NULL},
    {"poll", module_poll, METH_FASTCALL, NULL},
    {"timer", module_timer, METH_FASTCALL, NULL},
    {"log", module_log, METH_FASTCALL, NULL},
    {"environment", module_environment, METH_FASTCALL, NULL},
    {"request_fields", module_request_fields, METH_FASTCALL, NULL},
    {"request_body", module_request_body, METH_FASTCALL, NULL},
    {"response_body", module_response_body, METH_FASTCALL, NULL},
    {"read", module_read, METH_FASTCALL, NULL},
    {"finish", module_finish, METH_FASTCALL, NULL},
    {"trailers", module_trailers, METH_FASTCALL, NULL},
    {"respond", module_respond, METH_FASTCALL, NULL},
    {"write", module_write, METH_FASTCALL, NULL},
    {"flush", module_flush, METH_FASTCALL, NULL},
    {"end", module_end, METH_FASTCALL, NULL},
    {"send", module_send, METH_FASTCALL, NULL},
    {"response", module_response, METH_FASTCALL, NULL},
    {"pbkdf2", module_pbkdf2, METH_FASTCALL, NULL},
    {"scrypt", module_scrypt, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {
    .reference_count = IMMORTAL,
    .name = "_isospin",
    .size = -1,
    .methods = methods,
};

PyObject *PyInit__isospin(void) {
    return PyModule_Create2(&definition, PYTHON_ABI_VERSION);
}
