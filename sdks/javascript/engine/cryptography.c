/* What `crypto.subtle` has beyond digests and HMAC; the algorithms are in cryptography.zig. */
#include "engine.h"

#ifdef ISOSPIN_CRYPTOGRAPHY
enum { MOST_INPUTS = 8 };

bool isospin_cryptography(uint32_t operation, const application_list_u8_t *inputs, size_t count, uint8_t *out,
                          size_t length);

/* (length of the output, inputs as bytes...) -> bytes, or null if an input is refused */
static JSValue native_cryptography(JSContext *context, JSValueConst this, int count, JSValueConst *arguments,
                                   int operation) {
    application_list_u8_t inputs[MOST_INPUTS];
    uint32_t length;
    if (JS_ToUint32(context, &length, arguments[0]))
        return JS_EXCEPTION;
    if (count - 1 > MOST_INPUTS)
        return JS_ThrowTypeError(context, "too many inputs");
    for (int i = 1; i < count; i++)
        if (!engine_bytes_of(context, arguments[i], &inputs[i - 1]))
            return JS_EXCEPTION;
    /* Scrubbed afterwards, so that a secret that was not given out is in no snapshot. */
    uint8_t *out = js_malloc(context, length ? length : 1);
    if (!out)
        return JS_EXCEPTION;
    JSValue result = JS_NULL;
    if (isospin_cryptography((uint32_t)operation, inputs, (size_t)count - 1, out, length))
        result = JS_NewUint8ArrayCopy(context, out, length);
    engine_scrub(out, length);
    js_free(context, out);
    return result;
}

/* In the order of cryptography.zig's list. */
const JSCFunctionListEntry engine_cryptography_functions[] = {
    JS_CFUNC_MAGIC_DEF("cbcEncrypt", 1, native_cryptography, 0),
    JS_CFUNC_MAGIC_DEF("cbcDecrypt", 1, native_cryptography, 1),
    JS_CFUNC_MAGIC_DEF("ctr", 1, native_cryptography, 2),
    JS_CFUNC_MAGIC_DEF("gcmSeal", 1, native_cryptography, 3),
    JS_CFUNC_MAGIC_DEF("gcmOpen", 1, native_cryptography, 4),
    JS_CFUNC_MAGIC_DEF("wrap", 1, native_cryptography, 5),
    JS_CFUNC_MAGIC_DEF("unwrap", 1, native_cryptography, 6),
    JS_CFUNC_MAGIC_DEF("pbkdf2", 1, native_cryptography, 7),
    JS_CFUNC_MAGIC_DEF("curvePublic", 1, native_cryptography, 8),
    JS_CFUNC_MAGIC_DEF("curveExpand", 1, native_cryptography, 9),
    JS_CFUNC_MAGIC_DEF("curveAgree", 1, native_cryptography, 10),
    JS_CFUNC_MAGIC_DEF("curveSign", 1, native_cryptography, 11),
    JS_CFUNC_MAGIC_DEF("curveVerify", 1, native_cryptography, 12),
    JS_CFUNC_MAGIC_DEF("ed25519Public", 1, native_cryptography, 13),
    JS_CFUNC_MAGIC_DEF("ed25519Sign", 1, native_cryptography, 14),
    JS_CFUNC_MAGIC_DEF("ed25519Verify", 1, native_cryptography, 15),
    JS_CFUNC_MAGIC_DEF("x25519", 1, native_cryptography, 16),
    JS_CFUNC_MAGIC_DEF("rsaRaise", 1, native_cryptography, 17),
    JS_CFUNC_MAGIC_DEF("rsaRaiseSecret", 1, native_cryptography, 18),
    JS_CFUNC_MAGIC_DEF("rsaPrime", 1, native_cryptography, 19),
};
const int engine_cryptography_function_count =
    sizeof engine_cryptography_functions / sizeof engine_cryptography_functions[0];
#endif
