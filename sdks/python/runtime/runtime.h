/* What surrounds the interpreter: start-up at build time, and the functions of
   the C library that would need a system. */
#ifndef ISOSPIN_RUNTIME_H
#define ISOSPIN_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Everything else is hidden. What has this takes the place of the function of the
   same name in the C library and in CPython, for their own calls too. */
#define REPLACES __attribute__((visibility("default")))

/* start.c: true until the snapshot is taken; the host may not be called then. */
extern bool runtime_starting;

/* output.c: writes to the log; at build time, to the builder's messages. */
void runtime_write(const char *text, size_t size);

/* memory.c: the interpreter's memory, before it starts and before the snapshot; and
   zeroing what is not in use any more. */
void memory_begin(void);
void memory_seal(void);
void memory_scrub(void *memory, size_t size);
void memory_scrub_stack(void);

/* hash.c: gives the instance a hash seed of its own, once. */
void hash_renew(void);
/* After start-up: null, or why instances cannot have seeds of their own. */
const char *hash_failure(void);

/* sha256.c */
enum { SHA256_SIZE = 32 };
void sha256(const uint8_t *bytes, size_t size, uint8_t digest[SHA256_SIZE]);

/* files.c: a tree of files that can only be read. */
struct file {
    const char *path; /* absolute, not terminated */
    uint32_t path_size;
    uint32_t size;
    const uint8_t *bytes;
};
/* Adds the files of `pack`, which stays where it is. */
bool files_mount(const uint8_t *pack, size_t size);
void files_unmount(const uint8_t *pack);
/* The longest path of a file, with its zero. */
enum { LONGEST_PATH = 1024 };
/* Writes `path` as absolute and without `.`, `..` and `//`; false with errno set. */
bool files_resolve(int folder, const char *path, char *resolved);
/* The first entry below the folder at or after `*cursor`: its name, and whether it is a folder. */
bool files_next(const char *folder, size_t *cursor, char *name, bool *is_folder);
bool files_is_folder(const char *path);
/* The folder that a descriptor stands for, or null. */
const char *files_folder_of(int descriptor);

#endif
