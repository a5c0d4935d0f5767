#include "words.h"

/* Notes what must follow a first byte; false if none may be first. */
static bool begin(struct utf8 *state, unsigned char byte) {
  state->low = 0x80;
  state->high = 0xbf;
  if (byte < 0x80) {
    state->missing = 0;
  } else if (byte >= 0xc2 && byte <= 0xdf) {
    state->missing = 1;
  } else if (byte >= 0xe0 && byte <= 0xef) {
    state->missing = 2;
    state->low = byte == 0xe0 ? 0xa0 : 0x80;  /* not what two bytes can say */
    state->high = byte == 0xed ? 0x9f : 0xbf; /* no surrogates */
  } else if (byte >= 0xf0 && byte <= 0xf4) {
    state->missing = 3;
    state->low = byte == 0xf0 ? 0x90 : 0x80;  /* not what three bytes can say */
    state->high = byte == 0xf4 ? 0x8f : 0xbf; /* nothing above U+10FFFF */
  } else {
    return false;
  }
  return true;
}

bool utf8_add(struct utf8 *state, const unsigned char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (state->missing == 0) {
      if (!begin(state, bytes[i])) {
        return false;
      }
    } else if (bytes[i] < state->low || bytes[i] > state->high) {
      return false;
    } else {
      state->missing--;
      state->low = 0x80;
      state->high = 0xbf;
    }
  }
  return true;
}
