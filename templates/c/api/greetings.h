/* What is greeted, and how often. */
#ifndef GREETINGS_H
#define GREETINGS_H

/* What a client asks for, as {"name": "Ada", "times": 2}. */
struct wish {
  const char *name;
  int times;
};

/* Why a wish cannot be fulfilled; the status is 0 if it can. */
struct refusal {
  int status;
  const char *message;
};

/* Reads a wish from JSON. `name` is room for the name, as large as the text. */
struct refusal wish_read(struct wish *wish, char *name, const char *text);

#endif
