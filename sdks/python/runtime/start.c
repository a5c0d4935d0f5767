/* Start-up at build time. */
#include <stdlib.h>
#include <string.h>

#include "python.h"
#include "runtime.h"

bool runtime_starting = true;

/* module.c */
PyObject *PyInit__isospin(void);

/* What the builder hands over, and what it is told (builder/src/component/startup.rs). */
struct given { uint8_t *bytes; size_t size; };
struct failure { uint32_t status; const char *text; size_t size; };
enum { FAILED = 1, NO_HANDLER = 64 };

static struct failure *fail(uint32_t status, const char *text) {
    static struct failure failure;
    failure = (struct failure){status, text, strlen(text)};
    return &failure;
}

/* An isolated interpreter that takes nothing from its surroundings. Positions within lines
   are left out: they would make the code larger, and lines are enough. The hash seed must
   not differ between builds; in an instance it is another (hash.c). */
static bool configure(PyInitConfig *config) {
    static char *folders[] = {"/lib/python3.14", "/lib/isospin-sdk", "/lib/packages", "/app"};
    const struct { const char *name; int64_t value; } options[] = {
        {"use_hash_seed", 1},       {"hash_seed", 1},           {"site_import", 0},
        {"write_bytecode", 0},      {"utf8_mode", 1},           {"install_signal_handlers", 0},
        {"pathconfig_warnings", 0}, {"use_frozen_modules", 0},  {"code_debug_ranges", 0},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (PyInitConfig_SetInt(config, options[i].name, options[i].value))
            return false;
    return !PyInitConfig_SetStrList(config, "module_search_paths", sizeof folders / sizeof *folders, folders);
}

/* Null, or why the interpreter did not start. */
static const char *start_interpreter(void) {
    PyInitConfig *config = PyInitConfig_Create();
    if (!config || PyImport_AppendInittab("_isospin", PyInit__isospin))
        return "there is no memory";
    if (configure(config) && !Py_InitializeFromInitConfig(config)) {
        PyInitConfig_Free(config);
        return NULL;
    }
    const char *told = NULL;
    return PyInitConfig_GetError(config, &told) == 1 ? told : "the interpreter cannot be configured";
}

/* Tells the exception that is set, in the words of `isospin._build`. */
static struct failure *describe(PyObject *build) {
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *missing = PyObject_GetAttrString(build, "HandlerError");
    PyObject *told = exception ? PyObject_CallMethod(build, "failure", "(O)", exception) : NULL;
    const char *text = told ? PyUnicode_AsUTF8AndSize(told, NULL) : NULL;
    if (!text) {
        PyErr_Clear();
        text = "the start-up code failed, and the failure cannot be told";
    }
    return fail(missing && PyErr_GivenExceptionMatches(exception, missing) ? NO_HANDLER : FAILED, text);
}

/* Imports the module of that name; null, or why that failed. */
static struct failure *load(const char *module) {
    PyObject *build = PyImport_ImportModule("isospin._build");
    if (!build) {
        PyErr_Print();
        return fail(FAILED, "the package `isospin` cannot be imported");
    }
    PyObject *loaded = PyObject_CallMethod(build, "load", "(s)", module);
    struct failure *failure = loaded ? NULL : describe(build);
    Py_DecRef(loaded);
    Py_DecRef(build);
    return failure;
}

/* The files are needed for a short time only, and lie above the heap. What stays is to be
   close together, because hosts map an image that is dense, and copy one that is not; below
   IMAGE, which counts the stack, they map any (builder/src/component/merge.rs), so that the
   heap has all of that. */
enum { IMAGE = (16 << 20) + (1 << 18), LARGE = 1 << 20, PAGE = 1 << 16 };

__attribute__((export_name("isospin-allocate"))) void *allocate(size_t size) {
    if (size < LARGE)
        return malloc(size ? size : 1);
    size_t end = __builtin_wasm_memory_size(0) * PAGE;
    void *heap = end + PAGE < IMAGE ? malloc(IMAGE - end - PAGE) : NULL;
    memory_scrub(heap, heap ? 1 : 0); /* else the compiler sees that nobody uses it */
    free(heap);
    size_t page = __builtin_wasm_memory_grow(0, (size + PAGE - 1) / PAGE);
    return page == SIZE_MAX ? NULL : (void *)(page * PAGE);
}

static void release(struct given *given) {
    memory_scrub(given->bytes, given->size);
    if (given->size < LARGE)
        free(given->bytes);
}

/* Collects what is garbage and keeps the collector away from all else: it would look at
   every object, and so touch every page of the snapshot, in the middle of a request. */
static void freeze(void) {
    PyGC_Collect();
    PyObject *collector = PyImport_ImportModule("gc");
    PyObject *frozen = collector ? PyObject_CallMethod(collector, "freeze", NULL) : NULL;
    if (!frozen)
        PyErr_Clear();
    Py_DecRef(frozen);
    Py_DecRef(collector);
}

/* Starts the interpreter and imports the handler's module. Given are the module's name, a
   pack of the files that requests may read too, and one of those that are needed for the
   start alone. Called once, before the snapshot. */
__attribute__((export_name("isospin-start"))) struct failure *start(struct given *list, size_t count) {
    if (count != 3 || !files_mount(list[1].bytes, list[1].size) || !files_mount(list[2].bytes, list[2].size))
        return fail(FAILED, "the files cannot be mounted");
    memory_begin();
    const char *told = start_interpreter();
    if (told)
        return fail(FAILED, told);
    char *module = strndup((char *)list[0].bytes, list[0].size);
    struct failure *failure = module ? load(module) : fail(FAILED, "there is no memory");
    if (failure)
        return failure;
    free(module);
    files_unmount(list[2].bytes);
    release(&list[0]);
    release(&list[2]);
    freeze();
    told = hash_failure();
    if (told)
        return fail(FAILED, told);
    memory_seal();
    runtime_starting = false;
    memory_scrub_stack();
    return NULL;
}
