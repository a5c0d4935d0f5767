/* What we use of CPython's C interface: functions and layouts of the stable ABI
   alone (PEP 384), so that no header of CPython's is needed. */
#ifndef ISOSPIN_PYTHON_H
#define ISOSPIN_PYTHON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct _object PyObject;
typedef intptr_t Py_ssize_t;

/* Reference counts. */
void Py_IncRef(PyObject *object);
void Py_DecRef(PyObject *object);

/* -1 with an exception if the object has no hash. */
Py_ssize_t PyObject_Hash(PyObject *object);

/* Constants that every interpreter has; the numbers are of `Py_GetConstant`. */
enum { CONSTANT_NONE = 0, CONSTANT_FALSE = 1, CONSTANT_TRUE = 2 };
PyObject *Py_GetConstant(unsigned int constant);
PyObject *Py_GetConstantBorrowed(unsigned int constant);
PyObject *PyBool_FromLong(long value);

/* Numbers. */
PyObject *PyLong_FromLong(long value);
PyObject *PyLong_FromSsize_t(Py_ssize_t value);
long PyLong_AsLong(PyObject *number);
unsigned long long PyLong_AsUnsignedLongLong(PyObject *number);
Py_ssize_t PyLong_AsSsize_t(PyObject *number);

/* Text and bytes. */
PyObject *PyUnicode_FromString(const char *text);
PyObject *PyUnicode_FromStringAndSize(const char *text, Py_ssize_t size);
PyObject *PyUnicode_DecodeUTF8(const char *text, Py_ssize_t size, const char *errors);
const char *PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *size);
PyObject *PyBytes_FromStringAndSize(const char *bytes, Py_ssize_t size);
int PyBytes_AsStringAndSize(PyObject *object, char **bytes, Py_ssize_t *size);

/* Collections. */
PyObject *PyList_New(Py_ssize_t size);
Py_ssize_t PyList_Size(PyObject *list);
PyObject *PyList_GetItem(PyObject *list, Py_ssize_t index);
int PyList_SetItem(PyObject *list, Py_ssize_t index, PyObject *item);
int PyList_Append(PyObject *list, PyObject *item);
PyObject *PyTuple_New(Py_ssize_t size);
int PyTuple_SetItem(PyObject *tuple, Py_ssize_t index, PyObject *item);
Py_ssize_t PyTuple_Size(PyObject *tuple);
PyObject *PyTuple_GetItem(PyObject *tuple, Py_ssize_t index);
PyObject *PyDict_GetItemString(PyObject *dictionary, const char *key);

/* Calls. */
PyObject *PyObject_CallFunctionObjArgs(PyObject *callable, ...);

/* Errors. */
PyObject *PyEval_GetBuiltins(void);
PyObject *PyErr_Occurred(void);
PyObject *PyErr_NoMemory(void);
void PyErr_Clear(void);
void PyErr_Print(void);
void PyErr_SetString(PyObject *type, const char *message);
void PyErr_SetObject(PyObject *type, PyObject *value);
PyObject *PyErr_Format(PyObject *type, const char *format, ...);

/* Capsules: C pointers as objects. */
typedef void (*PyCapsule_Destructor)(PyObject *capsule);
PyObject *PyCapsule_New(void *pointer, const char *name, PyCapsule_Destructor destructor);
void *PyCapsule_GetPointer(PyObject *capsule, const char *name);

/* Modules. */
typedef PyObject *(*PyCFunctionFast)(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
enum { METH_FASTCALL = 0x0080 };
typedef struct {
    const char *ml_name;
    PyCFunctionFast ml_meth; /* all of ours are METH_FASTCALL */
    int ml_flags;
    const char *ml_doc;
} PyMethodDef;

typedef struct {
    Py_ssize_t reference_count;
    void *type;
    PyObject *(*initialise)(void);
    Py_ssize_t index;
    PyObject *copy;
    const char *name;
    const char *documentation;
    Py_ssize_t size;
    PyMethodDef *methods;
    void *slots, *traverse, *clear, *free;
} PyModuleDef;
/* What static objects start with in a 32-bit build: a count that never reaches zero. */
enum { IMMORTAL = 5 << 28 };
/* The version of the stable ABI that modules say they were compiled for. */
enum { PYTHON_ABI_VERSION = 3 };
PyObject *PyModule_Create2(PyModuleDef *definition, int abi_version);

/* Memory. Domains are numbered as in `PyMemAllocatorDomain`. */
typedef struct {
    void *ctx;
    void *(*malloc)(void *context, size_t size);
    void *(*calloc)(void *context, size_t count, size_t size);
    void *(*realloc)(void *context, void *memory, size_t size);
    void (*free)(void *context, void *memory);
} PyMemAllocatorEx;
enum { DOMAIN_RAW, DOMAIN_MEMORY, DOMAIN_OBJECTS };
void PyMem_GetAllocator(int domain, PyMemAllocatorEx *allocator);
void PyMem_SetAllocator(int domain, PyMemAllocatorEx *allocator);
Py_ssize_t PyGC_Collect(void);

/* Start-up (PEP 741). */
typedef struct PyInitConfig PyInitConfig;
PyInitConfig *PyInitConfig_Create(void);
void PyInitConfig_Free(PyInitConfig *config);
int PyInitConfig_GetError(PyInitConfig *config, const char **message);
int PyInitConfig_SetInt(PyInitConfig *config, const char *name, int64_t value);
int PyInitConfig_SetStrList(PyInitConfig *config, const char *name, size_t length, char *const *items);
int Py_InitializeFromInitConfig(PyInitConfig *config);
int PyImport_AppendInittab(const char *name, PyObject *(*initialise)(void));
PyObject *PyImport_ImportModule(const char *name);
PyObject *PyErr_GetRaisedException(void);
int PyErr_GivenExceptionMatches(PyObject *exception, PyObject *kind);
PyObject *PyObject_GetAttrString(PyObject *object, const char *name);
PyObject *PyObject_CallMethod(PyObject *object, const char *method, const char *format, ...);

#endif
