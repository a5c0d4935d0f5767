/* Listing the folders of the tree of files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime.h"

struct _DIR {
    int descriptor;
    size_t cursor;
    struct dirent *entry;
};

REPLACES DIR *fdopendir(int descriptor) {
    if (!files_folder_of(descriptor)) {
        errno = ENOTDIR;
        return NULL;
    }
    DIR *folder = calloc(1, sizeof *folder);
    struct dirent *entry = calloc(1, sizeof *entry + LONGEST_PATH);
    if (!folder || !entry) {
        free(folder);
        free(entry);
        errno = ENOMEM;
        return NULL;
    }
    *folder = (DIR){descriptor, 0, entry};
    return folder;
}

REPLACES DIR *opendir(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY);
    return descriptor < 0 ? NULL : fdopendir(descriptor);
}

REPLACES struct dirent *readdir(DIR *folder) {
    bool is_folder;
    const char *path = files_folder_of(folder->descriptor);
    if (!path || !files_next(path, &folder->cursor, folder->entry->d_name, &is_folder))
        return NULL;
    folder->entry->d_ino = 1;
    folder->entry->d_type = (unsigned char)__wasilibc_iftodt(is_folder ? S_IFDIR : S_IFREG);
    return folder->entry;
}

REPLACES void rewinddir(DIR *folder) { folder->cursor = 0; }

REPLACES int closedir(DIR *folder) {
    int result = close(folder->descriptor);
    free(folder->entry);
    free(folder);
    return result;
}
