/* Keys that are derived from passwords, which CPython has of OpenSSL elsewhere. What is
   given was checked by `_passwords.py`. */
#include <stdlib.h>

#include "isospin.h"

struct bytes { char *start; Py_ssize_t size; };

/* passwords.zig */
bool isospin_pbkdf2(size_t digest, const struct bytes *password, const struct bytes *salt, uint32_t rounds, char *out,
                    size_t size);
bool isospin_scrypt(const struct bytes *password, const struct bytes *salt, uint32_t cost, uint32_t r, uint32_t p,
                    void *memory, size_t memory_size, char *out, size_t size);

static bool bytes_of(PyObject *object, struct bytes *bytes) {
    return !PyBytes_AsStringAndSize(object, &bytes->start, &bytes->size);
}

/* A number that is not negative, or an exception. */
static bool number_of(PyObject *object, size_t *number) {
    Py_ssize_t value = PyLong_AsSsize_t(object);
    if (value < 0 && !PyErr_Occurred())
        raise_builtin("OverflowError", "the number is negative");
    *number = (size_t)value;
    return value >= 0;
}

/* Room for a key of so many bytes; null with an exception if there is none. */
static PyObject *room(size_t size, struct bytes *out) {
    PyObject *key = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (key && bytes_of(key, out))
        return key;
    Py_DecRef(key);
    return NULL;
}

static PyObject *made(PyObject *key, bool is_made) {
    if (is_made)
        return key;
    Py_DecRef(key);
    return raise_builtin("ValueError", "a parameter is too small or too large");
}

/* pbkdf2(digest, password, salt, rounds, size): the key */
FUNCTION(module_pbkdf2) {
    struct bytes password, salt, out;
    size_t digest, rounds, size;
    if (!arguments_are(count, 5) || !number_of(arguments[0], &digest) || !bytes_of(arguments[1], &password) ||
        !bytes_of(arguments[2], &salt) || !number_of(arguments[3], &rounds) || !number_of(arguments[4], &size))
        return NULL;
    PyObject *key = room(size, &out);
    return key ? made(key, isospin_pbkdf2(digest, &password, &salt, rounds, out.start, size)) : NULL;
}

/* scrypt(password, salt, cost, r, p, memory, size): the key; `cost` is log2(n), `memory`
   how many bytes are needed meanwhile */
FUNCTION(module_scrypt) {
    struct bytes password, salt, out;
    size_t cost, r, p, memory_size, size;
    if (!arguments_are(count, 7) || !bytes_of(arguments[0], &password) || !bytes_of(arguments[1], &salt) ||
        !number_of(arguments[2], &cost) || !number_of(arguments[3], &r) || !number_of(arguments[4], &p) ||
        !number_of(arguments[5], &memory_size) || !number_of(arguments[6], &size))
        return NULL;
    void *memory = malloc(memory_size);
    if (!memory)
        return PyErr_NoMemory();
    PyObject *key = room(size, &out);
    if (key)
        key = made(key, isospin_scrypt(&password, &salt, cost, r, p, memory, memory_size, out.start, size));
    free(memory);
    return key;
}
