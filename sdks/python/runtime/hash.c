/* The hash of strings, bytes and all else that CPython hashes by its bytes.

   The dictionaries of the snapshot are arranged by the hashes of their keys, so what was
   hashed before the snapshot keeps its hash for ever. Everything else is hashed with a key
   of the instance's own. Which of the two it is depends on the bytes alone: equal strings
   have equal hashes, however they were made, and nobody can choose strings that collide,
   for the only ones whose hashes are known are those of start-up.

   CPython's own function for this platform, FNV, is not used: whatever its key, there are
   strings that collide under it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "python.h"
#include "runtime.h"

struct key { uint64_t low, high; };
static const struct key start_key;
static struct key instance_key;

static inline uint64_t rotate(uint64_t word, int bits) { return word << bits | word >> (64 - bits); }

static inline __attribute__((always_inline)) void mix(uint64_t v[4]) {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein), which CPython uses elsewhere. */
static uint64_t siphash(const struct key *key, const uint8_t *bytes, size_t size) {
    uint64_t v[4] = {key->low ^ 0x736f6d6570736575, key->high ^ 0x646f72616e646f6d, key->low ^ 0x6c7967656e657261,
                     key->high ^ 0x7465646279746573};
    uint64_t last = (uint64_t)size << 56, word;
    for (; size >= sizeof word; bytes += sizeof word, size -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        v[3] ^= word;
        mix(v);
        v[0] ^= word;
    }
    for (size_t i = 0; i < size; i++)
        last |= (uint64_t)bytes[i] << (8 * i);
    v[3] ^= last;
    mix(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        mix(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* -1 is an error to CPython. */
static Py_ssize_t hash_with(const struct key *key, const void *bytes, size_t size) {
    Py_ssize_t hash = (Py_ssize_t)siphash(key, bytes, size);
    return hash == -1 ? -2 : hash;
}

/* What was hashed before the snapshot: a table by hash, where a full place sends to the next.
   That a hash is among the known ones says nothing, so contents are kept too: as they are, or
   as their digest, which is shorter for documentation and the like. */
struct content { uint8_t size; uint8_t kept[]; };
enum { DIGEST = SHA256_SIZE + 1 }; /* the `size` of what is kept as digest */
struct place { Py_ssize_t hash; const struct content *content; };
static struct place *places;
static size_t place_count, known, longest;
static bool incomplete;
static char *room, *room_end;
enum { FIRST_PLACES = 1 << 10, ROOM = 1 << 16 };

static bool is_content(const struct content *content, const void *bytes, size_t size) {
    if (size <= SHA256_SIZE)
        return content->size == size && !memcmp(content->kept, bytes, size);
    uint8_t digest[SHA256_SIZE];
    if (content->size != DIGEST)
        return false;
    sha256(bytes, size, digest);
    return !memcmp(content->kept, digest, sizeof digest);
}

static struct place *first_place(Py_ssize_t hash) { return &places[(size_t)hash & (place_count - 1)]; }
static struct place *next_place(struct place *place) {
    return place + 1 < places + place_count ? place + 1 : places;
}

/* Where the content is, or the empty place where it would be. */
static struct place *place_of(Py_ssize_t hash, const void *bytes, size_t size) {
    struct place *place = first_place(hash);
    while (place->content && !(place->hash == hash && is_content(place->content, bytes, size)))
        place = next_place(place);
    return place;
}

/* Makes the table large enough for one more. */
static bool widen(void) {
    if (known < place_count / 4 * 3)
        return true;
    struct place *old = places;
    size_t old_count = place_count;
    struct place *wider = calloc(old_count ? old_count * 2 : FIRST_PLACES, sizeof *wider);
    if (!wider)
        return false;
    places = wider;
    place_count = old_count ? old_count * 2 : FIRST_PLACES;
    for (size_t i = 0; i < old_count; i++) {
        if (!old[i].content)
            continue;
        struct place *place = first_place(old[i].hash);
        while (place->content)
            place = next_place(place);
        *place = old[i];
    }
    memory_scrub(old, old_count * sizeof *old);
    free(old);
    return true;
}

static struct content *keep(const void *bytes, size_t size) {
    bool is_short = size <= SHA256_SIZE;
    size_t needed = sizeof(struct content) + (is_short ? size : SHA256_SIZE);
    if (needed > (size_t)(room_end - room)) {
        room = malloc(ROOM);
        room_end = room ? room + ROOM : NULL;
        if (!room)
            return NULL;
    }
    struct content *content = (struct content *)room;
    room += needed;
    content->size = is_short ? (uint8_t)size : DIGEST;
    if (is_short)
        memcpy(content->kept, bytes, size);
    else
        sha256(bytes, size, content->kept);
    return content;
}

static void remember(Py_ssize_t hash, const void *bytes, size_t size) {
    if (!widen()) {
        incomplete = true;
        return;
    }
    struct place *place = place_of(hash, bytes, size);
    if (place->content)
        return;
    struct content *content = keep(bytes, size);
    if (!content) {
        incomplete = true;
        return;
    }
    *place = (struct place){hash, content};
    known++;
    longest = size > longest ? size : longest;
}

REPLACES Py_ssize_t Py_HashBuffer(const void *bytes, Py_ssize_t length) {
    size_t size = (size_t)length;
    if (size == 0)
        return 0;
    if (runtime_starting) {
        Py_ssize_t hash = hash_with(&start_key, bytes, size);
        remember(hash, bytes, size);
        return hash;
    }
    if (size <= longest) {
        Py_ssize_t hash = hash_with(&start_key, bytes, size);
        if (place_of(hash, bytes, size)->content)
            return hash;
    }
    return hash_with(&instance_key, bytes, size);
}

/* `sys.hash_info` tells what is used. */
struct algorithm {
    Py_ssize_t (*hash)(const void *bytes, Py_ssize_t length);
    const char *name;
    int hash_bits, seed_bits;
};
REPLACES struct algorithm *PyHash_GetFuncDef(void) {
    static struct algorithm algorithm = {Py_HashBuffer, "siphash13", 64, 128};
    return &algorithm;
}

static bool is_hashed_here(PyObject *object, const char *content) {
    bool is_here = object && PyObject_Hash(object) == hash_with(&start_key, content, strlen(content));
    Py_DecRef(object);
    return is_here;
}

const char *hash_failure(void) {
    static const char content[] = "a text and bytes that say the same";
    if (incomplete)
        return "there is no memory";
    if (!is_hashed_here(PyUnicode_FromString(content), content) ||
        !is_hashed_here(PyBytes_FromStringAndSize(content, sizeof content - 1), content))
        return "this CPython hashes strings in a way that cannot be replaced, so that each instance would have the "
               "same hashes: use the version that `isospin setup python` installs";
    return NULL;
}

void hash_renew(void) {
    static bool renewed;
    /* What of CPython has randomness of its own reads it there (the parser of XML). */
    extern uint8_t _Py_HashSecret[24];
    struct { struct key key; uint8_t secret[24]; } fresh;
    if (renewed || getentropy(&fresh, sizeof fresh))
        return;
    instance_key = fresh.key;
    memcpy(_Py_HashSecret, fresh.secret, sizeof fresh.secret);
    renewed = true;
}
