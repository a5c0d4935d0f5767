#include "url.h"

#include <string.h>

bool url_parse(const char *text, struct url *url) {
  const char *colon = strstr(text, "://");
  if (colon == NULL || colon == text) {
    return false;
  }
  url->scheme = (struct url_part){text, (size_t)(colon - text)};
  const char *authority = colon + 3;
  size_t length = strcspn(authority, "/?#");
  url->authority = (struct url_part){authority, length};
  const char *target = authority + length;
  url->target = (struct url_part){target, strcspn(target, "#")};
  return length > 0;
}
