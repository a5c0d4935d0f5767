#ifndef GREETING_H
#define GREETING_H

#include <stddef.h>

/* Writes the greeting for a path to `text`; what does not fit is cut off. */
void greeting(char *text, size_t size, const char *path);

#endif
