/* The parts of a URL that a request needs. */
#ifndef ISOSPIN_URL_H
#define ISOSPIN_URL_H

#include <stdbool.h>
#include <stddef.h>

struct url_part {
  const char *data;
  size_t size;
};

struct url {
  struct url_part scheme;    /* "http" */
  struct url_part authority; /* "example.org:8080" */
  struct url_part target;    /* "/path?query", as it stands; may start with "?" or be empty */
};

/* Splits "scheme://authority/path?query#fragment"; the fragment is left out.
 * False if it is no such URL. The parts point into `text`. */
bool url_parse(const char *text, struct url *url);

#endif
