/* Floating point to decimal, exactly: the number is expanded in full and then
 * rounded once, half to even. */
#include <stdint.h>
#include <string.h>

#include "format.h"

enum {
  LIMB = 1000000000,
  LIMB_DIGITS = 9,
  POINT = 40,  /* limbs before this one are the integer part */
  LIMBS = 170, /* 309 digits before the point, 1,074 after it */
};

struct decimal {
  char digits[LIMBS * LIMB_DIGITS]; /* no leading zero */
  int count;
  int point; /* the value is 0.DIGITS times ten to the power of this */
};

/* Multiplies by a power of two. */
static int shift_up(uint32_t *limbs, int first, int bits) {
  while (bits > 0) {
    int step = bits < 29 ? bits : 29;
    uint64_t carry = 0;
    for (int i = POINT - 1; i >= first; i--) {
      uint64_t product = ((uint64_t)limbs[i] << step) + carry;
      limbs[i] = (uint32_t)(product % LIMB);
      carry = product / LIMB;
    }
    if (carry != 0) {
      limbs[--first] = (uint32_t)carry;
    }
    bits -= step;
  }
  return first;
}

/* Divides by a power of two: nine bits at a time, so that one more limb holds
 * what is left exactly. */
static int shift_down(uint32_t *limbs, int first, int bits) {
  int end = POINT;
  while (bits > 0) {
    int step = bits < LIMB_DIGITS ? bits : LIMB_DIGITS;
    uint32_t left = 0;
    for (int i = first; i < end; i++) {
      uint32_t limb = limbs[i];
      limbs[i] = (limb >> step) + left;
      left = (limb & ((1u << step) - 1)) * (LIMB >> step);
    }
    if (left != 0) {
      limbs[end++] = left;
    }
    bits -= step;
  }
  return end;
}

static void expand(double value, struct decimal *decimal) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  int exponent = (int)(bits >> 52 & 0x7ff);
  uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
  if (exponent == 0) {
    exponent = 1;
  } else {
    mantissa |= UINT64_C(1) << 52;
  }
  exponent -= 1075;
  uint32_t limbs[LIMBS];
  int first = POINT - 2, end = POINT;
  limbs[first] = (uint32_t)(mantissa / LIMB);
  limbs[first + 1] = (uint32_t)(mantissa % LIMB);
  if (exponent > 0) {
    first = shift_up(limbs, first, exponent);
  } else {
    end = shift_down(limbs, first, -exponent);
  }
  decimal->count = 0;
  decimal->point = (POINT - first) * LIMB_DIGITS;
  for (int i = first; i < end; i++) {
    for (uint32_t unit = LIMB / 10; unit > 0; unit /= 10) {
      char digit = (char)('0' + limbs[i] / unit % 10);
      if (decimal->count > 0 || digit != '0') {
        decimal->digits[decimal->count++] = digit;
      } else {
        decimal->point--;
      }
    }
  }
  if (decimal->count == 0) {
    decimal->point = 1; /* zero has one digit before the point */
  }
}

/* Leaves `keep` digits at most. */
static void round_to(struct decimal *decimal, int keep) {
  if (keep >= decimal->count) {
    return;
  }
  if (keep < 0) {
    decimal->count = 0;
    return;
  }
  const char *digits = decimal->digits;
  bool up = digits[keep] > '5';
  if (digits[keep] == '5') {
    up = keep > 0 && (digits[keep - 1] & 1) != 0;
    for (int i = keep + 1; i < decimal->count && !up; i++) {
      up = digits[i] != '0';
    }
  }
  decimal->count = keep;
  while (up && keep > 0 && decimal->digits[keep - 1] == '9') {
    decimal->digits[--keep] = '0';
  }
  if (up && keep > 0) {
    decimal->digits[keep - 1]++;
  } else if (up) {
    decimal->digits[0] = '1';
    decimal->count = decimal->count > 0 ? decimal->count : 1;
    decimal->point++;
  }
}

static char digit_at(const struct decimal *decimal, int index) {
  return index >= 0 && index < decimal->count ? decimal->digits[index] : '0';
}

static char *put_plain(char *text, const struct decimal *decimal, int precision, bool alternate) {
  for (int i = decimal->point > 0 ? 0 : decimal->point - 1; i < decimal->point; i++) {
    *text++ = digit_at(decimal, i);
  }
  if (precision > 0 || alternate) {
    *text++ = '.';
  }
  for (int i = 0; i < precision; i++) {
    *text++ = digit_at(decimal, decimal->point + i);
  }
  return text;
}

static char *put_scientific(char *text, const struct decimal *decimal, int precision,
                            bool alternate, char letter) {
  int exponent = decimal->count == 0 ? 0 : decimal->point - 1;
  *text++ = digit_at(decimal, 0);
  if (precision > 0 || alternate) {
    *text++ = '.';
  }
  for (int i = 1; i <= precision; i++) {
    *text++ = digit_at(decimal, i);
  }
  *text++ = letter;
  *text++ = exponent < 0 ? '-' : '+';
  exponent = exponent < 0 ? -exponent : exponent;
  if (exponent >= 100) {
    *text++ = (char)('0' + exponent / 100);
  }
  *text++ = (char)('0' + exponent / 10 % 10);
  *text++ = (char)('0' + exponent % 10);
  return text;
}

/* The "g" conversion: the shorter of the two ways, no zeros at the end. */
static char *put_general(char *text, struct decimal *decimal, int precision, bool alternate,
                         char letter) {
  precision = precision == 0 ? 1 : precision;
  round_to(decimal, precision);
  int exponent = decimal->count == 0 ? 0 : decimal->point - 1;
  bool plain = exponent >= -4 && exponent < precision;
  int after = plain ? precision - 1 - exponent : precision - 1;
  if (!alternate) {
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0') {
      decimal->count--;
    }
    int used = decimal->count - (plain ? decimal->point : 1);
    after = used < 0 ? 0 : used < after ? used : after;
  }
  return plain ? put_plain(text, decimal, after, alternate)
               : put_scientific(text, decimal, after, alternate, letter);
}

size_t format_float(char *text, double value, char conversion, int precision, bool alternate) {
  struct decimal decimal;
  precision = precision > FLOAT_PRECISION ? FLOAT_PRECISION : precision;
  char letter = conversion >= 'a' ? 'e' : 'E';
  expand(value, &decimal);
  char *end;
  if ((conversion | 0x20) == 'f') {
    round_to(&decimal, decimal.point + precision);
    end = put_plain(text, &decimal, precision, alternate);
  } else if ((conversion | 0x20) == 'e') {
    round_to(&decimal, precision + 1);
    end = put_scientific(text, &decimal, precision, alternate, letter);
  } else {
    end = put_general(text, &decimal, precision, alternate, letter);
  }
  return (size_t)(end - text);
}
