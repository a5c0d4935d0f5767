/* Names of hosts that are not ASCII (UTS #46, as the URL standard asks for it),
   over the tables that QuickJS has for `normalize`, case and regular expressions.
   The URL parser's own tables for the same are 60 KB. */
#include <stdbool.h>
#include <stdlib.h>

/* The file with these tables is compiled here, to reach inside it. */
#include "libunicode.c"
#include "idna.h"

enum { CAPITAL_SHARP_S = 0x1e9e, SHARP_S = 0xdf, FINAL_SIGMA = 0x3c2, NON_JOINER = 0x200c, JOINER = 0x200d };
enum { IDEOGRAPHIC_STOP = 0x3002, FULL_WIDTH_STOP = 0xff0e, HALF_WIDTH_STOP = 0xff61 };
/* The longest mapping of one character is U+FDFA's, of 18; folding can triple its start. */
enum { LONGEST = 18 };

struct range {
    uint32_t first : 21, more : 8, kind : 3;
};

static int kind_in(const struct range *ranges, size_t count, uint32_t c) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c < ranges[middle].first)
            high = middle;
        else if (c > ranges[middle].first + ranges[middle].more)
            low = middle + 1;
        else
            return ranges[middle].kind;
    }
    return -1;
}
#define KIND(ranges, c) kind_in(ranges, countof(ranges), c)

static int general_category(uint32_t wanted) {
    const uint8_t *p = unicode_gc_table, *end = p + countof(unicode_gc_table);
    uint32_t first, next = 0;
    while (p < end) {
        uint32_t length = *p >> 5, category = *p & 31;
        p++;
        if (length == 7) {
            length = *p++;
            if (length < 128) {
                length += 7;
            } else if (length < 192) {
                length = ((length - 128) << 8) + *p++ + 7 + 128;
            } else {
                length = ((length - 192) << 16) + (p[0] << 8) + p[1] + 7 + 128 + (1 << 14);
                p += 2;
            }
        }
        first = next;
        next += length + 1;
        if (wanted < next) /* 31: capital and small letters by turns */
            return category < 31 ? category : (wanted - first) % 2 ? UNICODE_GC_Ll : UNICODE_GC_Lu;
    }
    return UNICODE_GC_Cn;
}

static void *resize(void *opaque, void *memory, size_t size) {
    if (size)
        return realloc(memory, size);
    free(memory);
    return NULL;
}

/* What mapping makes nothing of. */
enum { IGNORED };
static const struct range ignored[] = {
    {0xad, 0, IGNORED},    {0x34f, 0, IGNORED},   {0x115f, 1, IGNORED},  {0x17b4, 1, IGNORED},  {0x180b, 4, IGNORED},
    {0x200b, 0, IGNORED},  {0x2060, 4, IGNORED},  {0x206a, 5, IGNORED},  {0x3164, 0, IGNORED},  {0xfe00, 15, IGNORED},
    {0xfeff, 0, IGNORED},  {0xffa0, 0, IGNORED},  {0x1bca0, 3, IGNORED}, {0x1d173, 7, IGNORED}, {0xe0100, 239, IGNORED},
};

/* Whether a character that mapping leaves as it is may stand in a host. */
static bool is_allowed(uint32_t c) {
    switch (general_category(c)) {
    case UNICODE_GC_Cn: case UNICODE_GC_Co: case UNICODE_GC_Cs: case UNICODE_GC_Cc: case UNICODE_GC_Cf:
    case UNICODE_GC_Zs: case UNICODE_GC_Zl: case UNICODE_GC_Zp:
        return false;
    }
    /* Descriptions of ideographs, and what stands for a character that is not known. */
    return !((c >= 0x2ff0 && c <= 0x2fff) || c == 0x31ef || c == 0xfffc || c == 0xfffd);
}

/* The mapping of one character; its length, or -1 if it is not allowed. */
static int map_one(uint32_t c, uint32_t mapped[static LONGEST]) {
    mapped[0] = c;
    if (c < 128) {
        lre_case_conv(mapped, c, 2);
        return 1;
    }
    if (c == IDEOGRAPHIC_STOP) {
        mapped[0] = '.';
        return 1;
    }
    if (c == CAPITAL_SHARP_S)
        mapped[0] = c = SHARP_S;
    if (c == SHARP_S || c == FINAL_SIGMA || c == NON_JOINER || c == JOINER)
        return 1;
    if (KIND(ignored, c) == IGNORED)
        return 0;
    /* The standard's mapping is: folded, then composed, until nothing changes. */
    int length = 1;
    bool changes = true;
    while (changes) {
        uint32_t folded[3 * LONGEST], *normal;
        int count = 0;
        for (int i = 0; i < length; i++)
            count += lre_case_conv(folded + count, mapped[i], 2);
        count = unicode_normalize(&normal, folded, count, UNICODE_NFKC, NULL, resize);
        if (count < 0 || count > LONGEST) {
            free(normal);
            return -1;
        }
        changes = count != length || memcmp(normal, mapped, count * sizeof *normal) != 0;
        memcpy(mapped, normal, count * sizeof *normal);
        length = count;
        free(normal);
    }
    if (length == 1 && mapped[0] == c)
        return is_allowed(c) ? 1 : -1;
    for (int i = 0; i < length; i++) {
        if (mapped[i] == IDEOGRAPHIC_STOP)
            mapped[i] = '.';
        /* Labels end with a full stop, not with one that is a part of another character. */
        if (mapped[i] == '.' && c != FULL_WIDTH_STOP && c != HALF_WIDTH_STOP)
            return -1;
    }
    return length;
}

int engine_idna_map(const uint32_t *name, size_t length, uint32_t **result) {
    uint32_t *mapped = malloc((length * LONGEST + 1) * sizeof *mapped);
    int count = 0;
    *result = NULL;
    if (!mapped)
        return -1;
    for (size_t i = 0; i < length; i++) {
        int more = map_one(name[i], mapped + count);
        if (more < 0) {
            free(mapped);
            return -1;
        }
        count += more;
    }
    count = unicode_normalize(result, mapped, count, UNICODE_NFC, NULL, resize);
    free(mapped);
    return count;
}

enum direction { LEFT, RIGHT, ARABIC_NUMBER, NUMBER, NEUTRAL, MARK };
/* Where the category and the block do not tell the direction (DerivedBidiClass). */
static const struct range directions[] = {
    {0x30, 9, NUMBER}, {0x2b9, 1, NEUTRAL}, {0x2c6, 9, NEUTRAL}, {0x2ec, 0, NEUTRAL}, {0x482, 0, LEFT},
    {0x55a, 5, LEFT}, {0x589, 0, LEFT}, {0x606, 1, NEUTRAL}, {0x609, 1, NEUTRAL}, {0x60c, 0, NEUTRAL},
    {0x60e, 1, NEUTRAL}, {0x660, 9, ARABIC_NUMBER}, {0x66a, 0, NEUTRAL}, {0x66b, 1, ARABIC_NUMBER},
    {0x6de, 0, NEUTRAL}, {0x6e9, 0, NEUTRAL}, {0x6f0, 9, NUMBER}, {0x7f6, 3, NEUTRAL}, {0x964, 1, LEFT},
    {0x970, 0, LEFT}, {0x9fa, 0, LEFT}, {0x9fd, 0, LEFT}, {0xa76, 0, LEFT}, {0xaf0, 0, LEFT}, {0xb70, 0, LEFT},
    {0xc77, 0, LEFT}, {0xc78, 6, NEUTRAL}, {0xc7f, 0, LEFT}, {0xc84, 0, LEFT}, {0xcbf, 0, LEFT}, {0xcc6, 0, LEFT},
    {0xd4f, 0, LEFT}, {0xd79, 0, LEFT}, {0xdf4, 0, LEFT}, {0xe4f, 0, LEFT}, {0xe5a, 1, LEFT}, {0xf01, 22, LEFT},
    {0xf1a, 5, LEFT}, {0xf34, 0, LEFT}, {0xf36, 0, LEFT}, {0xf38, 0, LEFT}, {0xf85, 0, LEFT}, {0xfbe, 7, LEFT},
    {0xfc7, 19, LEFT}, {0x104a, 5, LEFT}, {0x109e, 1, LEFT}, {0x10fb, 0, LEFT}, {0x1360, 8, LEFT}, {0x166d, 1, LEFT},
    {0x16eb, 2, LEFT}, {0x1735, 1, LEFT}, {0x17d4, 2, LEFT}, {0x17d8, 2, LEFT}, {0x17f0, 9, NEUTRAL},
    {0x1a1e, 1, LEFT}, {0x1aa0, 6, LEFT}, {0x1aa8, 5, LEFT}, {0x1b3a, 0, LEFT}, {0x1b3c, 0, LEFT}, {0x1b42, 0, LEFT},
    {0x1b4e, 1, LEFT}, {0x1b5a, 16, LEFT}, {0x1b74, 11, LEFT}, {0x1bfc, 3, LEFT}, {0x1c3b, 4, LEFT},
    {0x1c7e, 1, LEFT}, {0x1cc0, 7, LEFT}, {0x1cd3, 0, LEFT}, {0x214f, 0, LEFT}, {0x2336, 68, LEFT}, {0x2395, 0, LEFT},
    {0x24cb, 26, LEFT}, {0x24eb, 20, NEUTRAL}, {0x26ac, 0, LEFT}, {0x2776, 29, NEUTRAL}, {0x2800, 255, LEFT},
    {0x2cfd, 0, NEUTRAL}, {0x2d70, 0, LEFT}, {0x2e2f, 0, NEUTRAL}, {0x3190, 1, LEFT}, {0x327f, 0, LEFT},
    {0xa4fe, 1, LEFT}, {0xa67f, 0, NEUTRAL}, {0xa6f2, 5, LEFT}, {0xa717, 8, NEUTRAL}, {0xa788, 0, NEUTRAL},
    {0xa789, 1, LEFT}, {0xa836, 1, LEFT}, {0xa8ce, 1, LEFT}, {0xa8f8, 2, LEFT}, {0xa8fc, 0, LEFT}, {0xa92e, 1, LEFT},
    {0xa95f, 0, LEFT}, {0xa9c1, 12, LEFT}, {0xa9de, 1, LEFT}, {0xaa5c, 3, LEFT}, {0xaa77, 2, LEFT}, {0xaade, 1, LEFT},
    {0xaaf0, 1, LEFT}, {0xab5b, 0, LEFT}, {0xabeb, 0, LEFT}, {0xfbc3, 255, NEUTRAL}, {0xfcc3, 255, NEUTRAL},
    {0xfdc3, 60, NEUTRAL}, {0x10100, 0, LEFT}, {0x10102, 0, LEFT}, {0x10137, 8, LEFT}, {0x10140, 56, NEUTRAL},
    {0x1018a, 1, NEUTRAL}, {0x1018d, 1, LEFT}, {0x101d0, 44, LEFT}, {0x102e1, 26, NUMBER}, {0x1039f, 0, LEFT},
    {0x103d0, 0, LEFT}, {0x1056f, 0, LEFT}, {0x1091f, 0, NEUTRAL}, {0x10b39, 6, NEUTRAL},
    {0x10d30, 25, ARABIC_NUMBER}, {0x10d6e, 0, NEUTRAL}, {0x10e60, 30, ARABIC_NUMBER}, {0x10ed0, 8, NEUTRAL},
    {0x11047, 6, LEFT}, {0x11052, 19, NEUTRAL}, {0x110bb, 6, LEFT}, {0x11140, 3, LEFT}, {0x11174, 1, LEFT},
    {0x111c5, 3, LEFT}, {0x111cd, 0, LEFT}, {0x111db, 0, LEFT}, {0x111dd, 2, LEFT}, {0x11238, 5, LEFT},
    {0x112a9, 0, LEFT}, {0x113d4, 4, LEFT}, {0x1144b, 4, LEFT}, {0x1145a, 3, LEFT}, {0x114c6, 0, LEFT},
    {0x115c1, 22, LEFT}, {0x11641, 2, LEFT}, {0x116b9, 0, LEFT}, {0x1173c, 3, LEFT}, {0x1183b, 0, LEFT},
    {0x11944, 2, LEFT}, {0x119e2, 0, LEFT}, {0x11a07, 1, LEFT}, {0x11a3f, 7, LEFT}, {0x11a9a, 2, LEFT},
    {0x11a9e, 4, LEFT}, {0x11b00, 9, LEFT}, {0x11be1, 0, LEFT}, {0x11c3f, 0, LEFT}, {0x11c41, 4, LEFT},
    {0x11c70, 1, LEFT}, {0x11ef7, 1, LEFT}, {0x11f43, 12, LEFT}, {0x11fff, 0, LEFT}, {0x12470, 4, LEFT},
    {0x12ff1, 1, LEFT}, {0x16a6e, 1, LEFT}, {0x16af5, 0, LEFT}, {0x16b37, 8, LEFT}, {0x16b44, 1, LEFT},
    {0x16d6d, 2, LEFT}, {0x16e97, 3, LEFT}, {0x1bc9c, 0, LEFT}, {0x1bc9f, 0, LEFT}, {0x1cceb, 0, LEFT},
    {0x1cf50, 255, LEFT}, {0x1d050, 255, LEFT}, {0x1d150, 13, LEFT}, {0x1d16a, 2, LEFT}, {0x1d183, 1, LEFT},
    {0x1d18c, 29, LEFT}, {0x1d1ae, 58, LEFT}, {0x1d800, 255, LEFT}, {0x1d900, 255, LEFT}, {0x1da37, 3, LEFT},
    {0x1da6d, 7, LEFT}, {0x1da76, 13, LEFT}, {0x1da85, 6, LEFT}, {0x1e14f, 0, LEFT}, {0x1e5ff, 0, LEFT},
    {0x1eef0, 1, NEUTRAL}, {0x1f10b, 1, NEUTRAL}, {0x1f145, 36, LEFT}, {0x1f170, 60, LEFT}, {0x1f1e6, 25, LEFT},
};

static bool is_of_right(uint32_t c) {
    return (c >= 0x590 && c < 0x900) || (c >= 0xfb1d && c < 0xfe00) || (c >= 0xfe70 && c < 0xff00) ||
           (c >= 0x10800 && c < 0x11000) || (c >= 0x1e800 && c < 0x1f000);
}

static enum direction direction_of(uint32_t c) {
    int known = KIND(directions, c);
    if (known >= 0)
        return known;
    int category = general_category(c);
    if (category == UNICODE_GC_Mn || category == UNICODE_GC_Me)
        return MARK;
    if (is_of_right(c))
        return RIGHT;
    return category >= UNICODE_GC_Sm ? NEUTRAL : LEFT;
}

/* The rule of RFC 5893 for a label with something that is written from the right. */
static bool directions_fit(const uint32_t *label, size_t length) {
    unsigned seen = 0;
    enum direction last = MARK;
    for (size_t i = 0; i < length; i++) {
        enum direction direction = direction_of(label[i]);
        seen |= 1u << direction;
        if (direction != MARK)
            last = direction;
    }
    bool has_right = seen & (1u << RIGHT | 1u << ARABIC_NUMBER);
    bool mixes_numbers = (seen & 1u << NUMBER) && (seen & 1u << ARABIC_NUMBER);
    return !has_right || (direction_of(label[0]) == RIGHT && !(seen & 1u << LEFT) && !mixes_numbers &&
                          (last == RIGHT || last == ARABIC_NUMBER || last == NUMBER));
}

enum joining { BEFORE, AFTER, BOTH, TRANSPARENT };
/* Letters that join with what stands before them, after them, or both (DerivedJoiningType). */
static const struct range joinings[] = {
    {0x620, 0, BOTH}, {0x622, 3, BEFORE}, {0x626, 0, BOTH}, {0x627, 0, BEFORE}, {0x628, 0, BOTH}, {0x629, 0, BEFORE},
    {0x62a, 4, BOTH}, {0x62f, 3, BEFORE}, {0x633, 12, BOTH}, {0x641, 6, BOTH}, {0x648, 0, BEFORE}, {0x649, 1, BOTH},
    {0x66e, 1, BOTH}, {0x671, 2, BEFORE}, {0x679, 14, BOTH}, {0x688, 17, BEFORE}, {0x69a, 37, BOTH},
    {0x6c0, 0, BEFORE}, {0x6c1, 1, BOTH}, {0x6c3, 8, BEFORE}, {0x6cc, 0, BOTH}, {0x6cd, 0, BEFORE}, {0x6ce, 0, BOTH},
    {0x6cf, 0, BEFORE}, {0x6d0, 1, BOTH}, {0x6d2, 1, BEFORE}, {0x6d5, 0, BEFORE}, {0x6ee, 1, BEFORE},
    {0x6fa, 2, BOTH}, {0x6ff, 0, BOTH}, {0x710, 0, BEFORE}, {0x712, 2, BOTH}, {0x715, 4, BEFORE}, {0x71a, 3, BOTH},
    {0x71e, 0, BEFORE}, {0x71f, 8, BOTH}, {0x728, 0, BEFORE}, {0x729, 0, BOTH}, {0x72a, 0, BEFORE}, {0x72b, 0, BOTH},
    {0x72c, 0, BEFORE}, {0x72d, 1, BOTH}, {0x72f, 0, BEFORE}, {0x74d, 0, BEFORE}, {0x74e, 10, BOTH},
    {0x759, 2, BEFORE}, {0x75c, 14, BOTH}, {0x76b, 1, BEFORE}, {0x76d, 3, BOTH}, {0x771, 0, BEFORE}, {0x772, 0, BOTH},
    {0x773, 1, BEFORE}, {0x775, 2, BOTH}, {0x778, 1, BEFORE}, {0x77a, 5, BOTH}, {0x7ca, 32, BOTH}, {0x840, 0, BEFORE},
    {0x841, 4, BOTH}, {0x846, 1, BEFORE}, {0x848, 0, BOTH}, {0x849, 0, BEFORE}, {0x84a, 9, BOTH}, {0x854, 0, BEFORE},
    {0x855, 0, BOTH}, {0x856, 2, BEFORE}, {0x860, 0, BOTH}, {0x862, 3, BOTH}, {0x867, 0, BEFORE}, {0x868, 0, BOTH},
    {0x869, 25, BEFORE}, {0x886, 0, BOTH}, {0x889, 4, BOTH}, {0x88e, 0, BEFORE}, {0x88f, 0, BOTH}, {0x8a0, 9, BOTH},
    {0x8aa, 2, BEFORE}, {0x8ae, 0, BEFORE}, {0x8af, 1, BOTH}, {0x8b1, 1, BEFORE}, {0x8b3, 5, BOTH},
    {0x8b9, 0, BEFORE}, {0x8ba, 14, BOTH}, {0x1807, 0, BOTH}, {0x1820, 88, BOTH}, {0x1887, 33, BOTH},
    {0x18aa, 0, BOTH}, {0xa840, 49, BOTH}, {0xa872, 0, AFTER}, {0x10ac0, 4, BOTH}, {0x10ac5, 0, BEFORE},
    {0x10ac7, 0, BEFORE}, {0x10ac9, 1, BEFORE}, {0x10acd, 0, AFTER}, {0x10ace, 4, BEFORE}, {0x10ad3, 3, BOTH},
    {0x10ad7, 0, AFTER}, {0x10ad8, 4, BOTH}, {0x10add, 0, BEFORE}, {0x10ade, 2, BOTH}, {0x10ae1, 0, BEFORE},
    {0x10ae4, 0, BEFORE}, {0x10aeb, 3, BOTH}, {0x10aef, 0, BEFORE}, {0x10b80, 0, BOTH}, {0x10b81, 0, BEFORE},
    {0x10b82, 0, BOTH}, {0x10b83, 2, BEFORE}, {0x10b86, 2, BOTH}, {0x10b89, 0, BEFORE}, {0x10b8a, 1, BOTH},
    {0x10b8c, 0, BEFORE}, {0x10b8d, 0, BOTH}, {0x10b8e, 1, BEFORE}, {0x10b90, 0, BOTH}, {0x10b91, 0, BEFORE},
    {0x10ba9, 3, BEFORE}, {0x10bad, 1, BOTH}, {0x10d00, 0, AFTER}, {0x10d01, 32, BOTH}, {0x10d22, 0, BEFORE},
    {0x10d23, 0, BOTH}, {0x10ec2, 0, BEFORE}, {0x10ec3, 1, BOTH}, {0x10ec6, 1, BOTH}, {0x10f30, 2, BOTH},
    {0x10f33, 0, BEFORE}, {0x10f34, 16, BOTH}, {0x10f51, 2, BOTH}, {0x10f54, 0, BEFORE}, {0x10f70, 3, BOTH},
    {0x10f74, 1, BEFORE}, {0x10f76, 11, BOTH}, {0x10fb0, 0, BOTH}, {0x10fb2, 1, BOTH}, {0x10fb4, 2, BEFORE},
    {0x10fb8, 0, BOTH}, {0x10fb9, 1, BEFORE}, {0x10fbb, 1, BOTH}, {0x10fbd, 0, BEFORE}, {0x10fbe, 1, BOTH},
    {0x10fc1, 0, BOTH}, {0x10fc2, 1, BEFORE}, {0x10fc4, 0, BOTH}, {0x10fc9, 0, BEFORE}, {0x10fca, 0, BOTH},
    {0x10fcb, 0, AFTER}, {0x1e922, 33, BOTH}, {0x1e94b, 0, TRANSPARENT},
};

/* The next that is not passed over, from `at` in steps of `step`. */
static int joining_from(const uint32_t *label, size_t length, size_t at, int step) {
    for (; at < length; at += step) {
        int joining = KIND(joinings, label[at]), category = general_category(label[at]);
        bool is_passed = category == UNICODE_GC_Mn || category == UNICODE_GC_Me || category == UNICODE_GC_Cf;
        if (joining != TRANSPARENT && !is_passed)
            return joining;
    }
    return -1;
}

enum { VIRAMA = 9 };
/* The rules of RFC 5892 for what joins and what keeps from joining. */
static bool joiner_fits(const uint32_t *label, size_t length, size_t at) {
    if (at > 0 && unicode_get_cc(label[at - 1]) == VIRAMA)
        return true;
    if (label[at] == JOINER)
        return false;
    int before = joining_from(label, length, at - 1, -1), after = joining_from(label, length, at + 1, 1);
    return (before == AFTER || before == BOTH) && (after == BEFORE || after == BOTH);
}

bool engine_idna_is_valid(const uint32_t *label, size_t length) {
    if (length == 0)
        return true;
    int first = general_category(label[0]);
    if (first == UNICODE_GC_Mn || first == UNICODE_GC_Mc || first == UNICODE_GC_Me)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((label[i] == NON_JOINER || label[i] == JOINER) && !joiner_fits(label, length, i))
            return false;
    return directions_fit(label, length);
}
