/* Digests and HMAC; the algorithms themselves are in crypto.zig. */
#include "engine.h"

size_t isospin_digest(uint32_t algorithm, const uint8_t *bytes, size_t length, uint8_t out[64]);
size_t isospin_hmac(uint32_t algorithm, const uint8_t *key, size_t key_length, const uint8_t *bytes, size_t length,
                    uint8_t out[64]);

/* (number of the algorithm, bytes) -> bytes */
static JSValue native_digest(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    uint32_t algorithm;
    application_list_u8_t bytes;
    uint8_t out[64];
    if (JS_ToUint32(context, &algorithm, arguments[0]) || !engine_bytes_of(context, arguments[1], &bytes))
        return JS_EXCEPTION;
    return JS_NewUint8ArrayCopy(context, out, isospin_digest(algorithm, bytes.ptr, bytes.len, out));
}

/* (number of the algorithm, key, bytes) -> bytes */
static JSValue native_hmac(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    uint32_t algorithm;
    application_list_u8_t key, bytes;
    uint8_t out[64];
    if (JS_ToUint32(context, &algorithm, arguments[0]) || !engine_bytes_of(context, arguments[1], &key) ||
        !engine_bytes_of(context, arguments[2], &bytes))
        return JS_EXCEPTION;
    return JS_NewUint8ArrayCopy(context, out,
                                isospin_hmac(algorithm, key.ptr, key.len, bytes.ptr, bytes.len, out));
}

const JSCFunctionListEntry engine_crypto_functions[] = {
    JS_CFUNC_DEF("digest", 2, native_digest),
    JS_CFUNC_DEF("hmac", 3, native_hmac),
};
const int engine_crypto_function_count = sizeof engine_crypto_functions / sizeof engine_crypto_functions[0];
