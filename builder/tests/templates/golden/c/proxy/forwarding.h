/* What of a request is passed on, and where to. */
#ifndef FORWARDING_H
#define FORWARDING_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a header belongs to one connection alone. The name is in lower case. */
bool is_of_connection(const char *name);

/* How much of an address stands before the path. */
size_t server_size(const char *upstream);

#endif
