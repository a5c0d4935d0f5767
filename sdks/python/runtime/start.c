/* Start-up at build time. */
#include <stdlib.h>
#include <string.h>

#include "python.h"
#include "runtime.h"

bool runtime_starting = true;

/* module.c */
PyObject *PyInit__isospin(void);

static struct failure { const char *text; size_t size; } failure;

static struct failure *fail(const char *text) {
    failure = (struct failure){text, strlen(text)};
    return &failure;
}

/* Whether the interpreter has started; else why not. */
static const char *start_interpreter(void) {
    static const char message[] = "the interpreter cannot be configured";
    static char *folders[] = {"/lib/python3.14", "/lib/isospin-sdk", "/lib/packages", "/app"};
    PyInitConfig *config = PyInitConfig_Create();
    if (!config)
        return message;
    bool set = !PyImport_AppendInittab("_isospin", PyInit__isospin) && !PyInitConfig_SetInt(config, "use_hash_seed", 1) && !PyInitConfig_SetInt(config, "hash_seed", 0) &&
               !PyInitConfig_SetInt(config, "site_import", 0) && !PyInitConfig_SetInt(config, "write_bytecode", 0) &&
               !PyInitConfig_SetInt(config, "install_signal_handlers", 0) &&
               !PyInitConfig_SetInt(config, "pathconfig_warnings", 0) &&
               !PyInitConfig_SetInt(config, "utf8_mode", 1) && !PyInitConfig_SetInt(config, "code_debug_ranges", 0) &&
               !PyInitConfig_SetInt(config, "use_frozen_modules", 0) &&
               !PyInitConfig_SetStrList(config, "module_search_paths", sizeof folders / sizeof *folders, folders) &&
               !Py_InitializeFromInitConfig(config);
    const char *told = NULL;
    if (!set && PyInitConfig_GetError(config, &told) != 1)
        told = message;
    if (set)
        PyInitConfig_Free(config);
    return set ? NULL : told;
}

/* What `isospin._build` says about the exception that is set; null where that fails too. */
static const char *describe(PyObject *build) {
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *told = exception ? PyObject_CallMethod(build, "failure", "(O)", exception) : NULL;
    const char *text = told ? PyUnicode_AsUTF8AndSize(told, NULL) : NULL;
    if (!text)
        PyErr_Print();
    return text ? text : "the failure cannot be told";
}

/* Imports the user's module; null, or why that failed. */
static const char *load(const char *module) {
    PyObject *build = PyImport_ImportModule("isospin._build");
    if (!build) {
        PyErr_Print();
        return "the package `isospin` cannot be imported";
    }
    PyObject *loaded = PyObject_CallMethod(build, "load", "(s)", module);
    const char *told = loaded ? NULL : describe(build);
    Py_DecRef(loaded);
    Py_DecRef(build);
    return told;
}

__attribute__((export_name("isospin_allocate"))) void *isospin_allocate(size_t size) { return malloc(size ? size : 1); }

/* Starts the interpreter and imports `module`; returns null, or why that failed. Called
   by the builder before the snapshot, which may give several packs of files before. */
__attribute__((export_name("isospin_start"))) struct failure *isospin_start(const char *module) {
    const char *told = start_interpreter();
    if (!told)
        told = load(module);
    return told ? fail(told) : NULL;
}
