/* Names of hosts that are not ASCII: what url_parser.h asks of idna.c. */
#ifndef ISOSPIN_IDNA_H
#define ISOSPIN_IDNA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Maps and composes; the length of the result, which is from malloc, or -1 if a
   character is not allowed. */
int engine_idna_map(const uint32_t *name, size_t length, uint32_t **result);
/* Whether a label that is mapped is valid. */
bool engine_idna_is_valid(const uint32_t *label, size_t length);

#ifdef __cplusplus
}
#endif

#endif
