/* A tree of files in memory, in place of a file system. The builder hands packs
   of files over; they can be read by path and never changed.

   A pack is: the number of files; for each, in the order of paths, the sizes of
   path and content, the path, the content. Numbers have four bytes. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime.h"

enum { PACKS = 4, DESCRIPTORS = 64, FIRST_DESCRIPTOR = 3 };

static struct pack {
    const uint8_t *bytes;
    struct file *files;
    size_t count;
} packs[PACKS];

/* What is open; a folder has a path and no file. */
static struct open {
    const struct file *file;
    char *folder;
    uint64_t offset;
} table[DESCRIPTORS];

static char current_folder[LONGEST_PATH] = "/app";

static uint32_t number(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

bool files_mount(const uint8_t *bytes, size_t size) {
    struct pack *pack = packs;
    while (pack < packs + PACKS && pack->bytes)
        pack++;
    if (pack == packs + PACKS || size < 4)
        return false;
    pack->count = number(bytes);
    pack->files = calloc(pack->count ? pack->count : 1, sizeof *pack->files);
    if (!pack->files)
        return false;
    const uint8_t *at = bytes + 4;
    for (size_t i = 0; i < pack->count; i++) {
        struct file *file = &pack->files[i];
        file->path_size = number(at);
        file->size = number(at + 4);
        file->path = (const char *)at + 8;
        file->bytes = at + 8 + file->path_size;
        at = file->bytes + file->size;
    }
    pack->bytes = bytes;
    return true;
}

void files_unmount(const uint8_t *bytes) {
    for (struct pack *pack = packs; pack < packs + PACKS; pack++) {
        if (pack->bytes == bytes) {
            memory_scrub(pack->files, pack->count * sizeof *pack->files);
            free(pack->files);
            *pack = (struct pack){0};
        }
    }
}

static int compare(const struct file *file, const char *path, size_t size) {
    int order = memcmp(file->path, path, file->path_size < size ? file->path_size : size);
    return order ? order : (file->path_size > size) - (file->path_size < size);
}

/* The number of the first file whose path is not before `path`. */
static size_t lower_bound(const struct pack *pack, const char *path, size_t size) {
    size_t low = 0, high = pack->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare(&pack->files[middle], path, size) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct file *find(const char *path) {
    size_t size = strlen(path);
    for (struct pack *pack = packs; pack < packs + PACKS; pack++) {
        size_t at = lower_bound(pack, path, size);
        if (at < pack->count && compare(&pack->files[at], path, size) == 0)
            return &pack->files[at];
    }
    return NULL;
}

/* `path` with a slash behind it; its size. */
static size_t with_slash(const char *path, char *out) {
    size_t size = strlen(path);
    memcpy(out, path, size);
    if (size == 0 || out[size - 1] != '/')
        out[size++] = '/';
    return size;
}

bool files_is_folder(const char *path) {
    char prefix[LONGEST_PATH + 1];
    size_t size = with_slash(path, prefix);
    for (struct pack *pack = packs; pack < packs + PACKS; pack++) {
        size_t at = lower_bound(pack, prefix, size);
        if (at < pack->count && pack->files[at].path_size >= size && !memcmp(pack->files[at].path, prefix, size))
            return true;
    }
    return size == 1;
}

/* The cursor counts through all files of all packs. */
bool files_next(const char *folder, size_t *cursor, char *name, bool *is_folder) {
    char prefix[LONGEST_PATH + 1];
    size_t size = with_slash(folder, prefix), before = 0;
    for (struct pack *pack = packs; pack < packs + PACKS; before += pack->count, pack++) {
        if (*cursor >= before + pack->count)
            continue;
        size_t at = lower_bound(pack, prefix, size);
        if (*cursor > before + at)
            at = *cursor - before;
        const struct file *file = &pack->files[at];
        if (at == pack->count || file->path_size <= size || memcmp(file->path, prefix, size)) {
            *cursor = before + pack->count;
            continue;
        }
        const char *rest = file->path + size;
        size_t rest_size = file->path_size - size;
        const char *slash = memchr(rest, '/', rest_size);
        size_t length = slash ? (size_t)(slash - rest) : rest_size;
        memcpy(name, rest, length);
        name[length] = 0;
        *is_folder = slash != NULL;
        /* Past everything that is below this entry. */
        do
            at++;
        while (at < pack->count && slash && pack->files[at].path_size > size + length &&
               !memcmp(pack->files[at].path, file->path, size + length + 1));
        *cursor = before + at;
        return true;
    }
    return false;
}

static int fail(int code) {
    errno = code;
    return -1;
}

static struct open *opened(int descriptor) {
    int at = descriptor - FIRST_DESCRIPTOR;
    return at >= 0 && at < DESCRIPTORS && (table[at].file || table[at].folder) ? &table[at] : NULL;
}

const char *files_folder_of(int descriptor) {
    struct open *open = opened(descriptor);
    return open ? open->folder : NULL;
}

bool files_resolve(int folder, const char *path, char *resolved) {
    const char *from = folder == AT_FDCWD ? current_folder : files_folder_of(folder);
    size_t size = 0;
    if (path[0] != '/') {
        if (!from)
            return fail(EBADF), false;
        size = strlen(from);
        memcpy(resolved, from, size);
    }
    while (*path) {
        size_t length = strcspn(path, "/");
        if (length == 2 && path[0] == '.' && path[1] == '.') {
            while (size > 0 && resolved[--size] != '/')
                ;
        } else if (length > 0 && !(length == 1 && path[0] == '.')) {
            if (size + length + 2 > LONGEST_PATH)
                return fail(ENAMETOOLONG), false;
            if (size == 0 || resolved[size - 1] != '/')
                resolved[size++] = '/';
            memcpy(resolved + size, path, length);
            size += length;
        }
        path += length + (path[length] == '/');
    }
    if (size == 0)
        resolved[size++] = '/';
    resolved[size] = 0;
    return true;
}

REPLACES int openat(int folder, const char *path, int flags, ...) {
    char resolved[LONGEST_PATH];
    if (!files_resolve(folder, path, resolved))
        return -1;
    const struct file *file = find(resolved);
    if (!file && !files_is_folder(resolved))
        return fail(flags & O_CREAT ? EROFS : ENOENT);
    if (file && (flags & O_DIRECTORY))
        return fail(ENOTDIR);
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        return fail(EEXIST);
    if ((flags & O_WRONLY) || (flags & O_TRUNC))
        return fail(EROFS);
    for (int at = 0; at < DESCRIPTORS; at++) {
        if (table[at].file || table[at].folder)
            continue;
        table[at] = (struct open){file, file ? NULL : strdup(resolved), 0};
        return at + FIRST_DESCRIPTOR;
    }
    return fail(EMFILE);
}

REPLACES int open(const char *path, int flags, ...) { return openat(AT_FDCWD, path, flags); }
/* What the C library itself calls. */
REPLACES int __wasilibc_open_nomode(const char *path, int flags) { return openat(AT_FDCWD, path, flags); }

REPLACES int close(int descriptor) {
    struct open *open = opened(descriptor);
    if (!open)
        return descriptor >= 0 && descriptor < FIRST_DESCRIPTOR ? 0 : fail(EBADF);
    free(open->folder);
    *open = (struct open){0};
    return 0;
}

static ssize_t read_at(const struct open *open, void *target, size_t size, uint64_t offset) {
    if (!open->file)
        return fail(EISDIR);
    size_t left = offset < open->file->size ? open->file->size - (size_t)offset : 0;
    if (size > left)
        size = left;
    memcpy(target, open->file->bytes + offset, size);
    return (ssize_t)size;
}

REPLACES ssize_t read(int descriptor, void *target, size_t size) {
    struct open *open = opened(descriptor);
    if (!open)
        return descriptor == 0 ? 0 : fail(EBADF);
    ssize_t count = read_at(open, target, size, open->offset);
    if (count > 0)
        open->offset += (uint64_t)count;
    return count;
}

REPLACES ssize_t readv(int descriptor, const struct iovec *parts, int count) {
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t got = read(descriptor, parts[i].iov_base, parts[i].iov_len);
        if (got < 0)
            return total ? total : got;
        total += got;
        if ((size_t)got < parts[i].iov_len)
            break;
    }
    return total;
}

REPLACES ssize_t pread(int descriptor, void *target, size_t size, off_t offset) {
    struct open *open = opened(descriptor);
    if (!open || offset < 0)
        return fail(open ? EINVAL : EBADF);
    return read_at(open, target, size, (uint64_t)offset);
}

#undef lseek /* a macro that asks for the offset where `by` is zero */
REPLACES off_t lseek(int descriptor, off_t by, int from) {
    struct open *open = opened(descriptor);
    if (!open)
        return fail(descriptor >= 0 && descriptor < FIRST_DESCRIPTOR ? ESPIPE : EBADF);
    off_t start = from == SEEK_SET ? 0 : from == SEEK_CUR ? (off_t)open->offset : open->file ? open->file->size : 0;
    if (start + by < 0)
        return fail(EINVAL);
    open->offset = (uint64_t)(start + by);
    return start + by;
}

REPLACES off_t __wasilibc_tell(int descriptor) { return lseek(descriptor, 0, SEEK_CUR); }

/* Web frameworks make tags for caches of time and size. There is no time that would be the
   same in every build, so that its fractions of a second tell contents apart. */
static struct timespec time_of(const struct file *file) {
    uint32_t hash = 2166136261;
    for (size_t i = 0; i < file->size && !runtime_starting; i++)
        hash = (hash ^ file->bytes[i]) * 16777619;
    return (struct timespec){.tv_nsec = hash % 1000000000};
}

static int describe(const struct file *file, bool exists, struct stat *status) {
    if (!file && !exists)
        return fail(ENOENT);
    *status = (struct stat){0};
    status->st_mode = file ? S_IFREG | 0444 : S_IFDIR | 0555;
    status->st_nlink = 1;
    status->st_size = file ? file->size : 0;
    if (file)
        status->st_mtim = time_of(file);
    /* Files are told apart by their place in memory. */
    status->st_ino = file ? (ino_t)(uintptr_t)file : 1;
    status->st_dev = 1;
    return 0;
}

REPLACES int fstatat(int folder, const char *path, struct stat *status, int flags) {
    char resolved[LONGEST_PATH];
    if (!files_resolve(folder, path, resolved))
        return -1;
    const struct file *file = find(resolved);
    size_t size = strlen(path);
    if (file && size > 0 && path[size - 1] == '/')
        return fail(ENOTDIR);
    return describe(file, files_is_folder(resolved), status);
}

REPLACES int stat(const char *path, struct stat *status) { return fstatat(AT_FDCWD, path, status, 0); }
REPLACES int lstat(const char *path, struct stat *status) { return fstatat(AT_FDCWD, path, status, 0); }

REPLACES int fstat(int descriptor, struct stat *status) {
    struct open *open = opened(descriptor);
    if (open)
        return describe(open->file, true, status);
    if (descriptor < 0 || descriptor >= FIRST_DESCRIPTOR)
        return fail(EBADF);
    *status = (struct stat){0};
    status->st_mode = S_IFCHR | 0666;
    return 0;
}

REPLACES int faccessat(int folder, const char *path, int wanted, int flags) {
    struct stat status;
    if (fstatat(folder, path, &status, 0))
        return -1;
    return wanted & W_OK ? fail(EROFS) : 0;
}

REPLACES int access(const char *path, int wanted) { return faccessat(AT_FDCWD, path, wanted, 0); }

REPLACES char *getcwd(char *target, size_t size) {
    size_t wanted = strlen(current_folder) + 1;
    if (!target)
        return strdup(current_folder);
    if (size < wanted)
        return fail(ERANGE), NULL;
    return memcpy(target, current_folder, wanted);
}

REPLACES int chdir(const char *path) {
    char resolved[LONGEST_PATH];
    if (!files_resolve(AT_FDCWD, path, resolved))
        return -1;
    if (!files_is_folder(resolved))
        return fail(find(resolved) ? ENOTDIR : ENOENT);
    strcpy(current_folder, resolved);
    return 0;
}

REPLACES char *realpath(const char *path, char *target) {
    char resolved[LONGEST_PATH];
    if (!files_resolve(AT_FDCWD, path, resolved))
        return NULL;
    if (!find(resolved) && !files_is_folder(resolved))
        return fail(ENOENT), NULL;
    return target ? strcpy(target, resolved) : strdup(resolved);
}
