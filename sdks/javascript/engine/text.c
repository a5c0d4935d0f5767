/* UTF-8 to and from strings, as the Encoding standard has it. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

static JSValue native_encode(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    /* A lone surrogate must become U+FFFD, which the engine's own conversion does not do. */
    JSValue well_formed = JS_UNDEFINED;
    JSAtom method = JS_NewAtom(context, "toWellFormed");
    JSValue string = JS_ToString(context, arguments[0]);
    if (!JS_IsException(string))
        well_formed = JS_Invoke(context, string, method, 0, NULL);
    JS_FreeAtom(context, method);
    JS_FreeValue(context, string);
    size_t length;
    const char *text = JS_ToCStringLen(context, &length, well_formed);
    JS_FreeValue(context, well_formed);
    if (!text)
        return JS_EXCEPTION;
    JSValue array = JS_NewUint8ArrayCopy(context, (const uint8_t *)text, length);
    JS_FreeCString(context, text);
    return array;
}

struct decoder {
    const uint8_t *bytes;
    size_t length, at;
    bool failed;
};

/* One code point; a maximal invalid part is U+FFFD and sets `failed`. */
static uint32_t decode_one(struct decoder *decoder) {
    uint8_t lead = decoder->bytes[decoder->at++];
    if (lead < 0x80)
        return lead;
    uint8_t low = 0x80, high = 0xbf;
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    uint32_t point = lead & (0x3f >> more);
    if (lead < 0xc2 || lead > 0xf4)
        more = 0;
    if (lead == 0xe0)
        low = 0xa0;
    if (lead == 0xed)
        high = 0x9f;
    if (lead == 0xf0)
        low = 0x90;
    if (lead == 0xf4)
        high = 0x8f;
    for (int i = 0; i < more; i++) {
        if (decoder->at >= decoder->length || decoder->bytes[decoder->at] < low || decoder->bytes[decoder->at] > high) {
            more = 0;
            break;
        }
        point = point << 6 | (decoder->bytes[decoder->at++] & 0x3f);
        low = 0x80;
        high = 0xbf;
    }
    if (more == 0) {
        decoder->failed = true;
        return 0xfffd;
    }
    return point;
}

/* (bytes, fatal) -> string, or null if fatal and the bytes are not UTF-8. */
static JSValue native_decode(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    application_list_u8_t bytes;
    if (!engine_bytes_of(context, arguments[0], &bytes))
        return JS_EXCEPTION;
    size_t ascii = 0;
    while (ascii < bytes.len && bytes.ptr[ascii] < 0x80)
        ascii++;
    if (ascii == bytes.len)
        return JS_NewStringLen(context, (const char *)bytes.ptr, bytes.len);
    uint16_t *units = malloc(bytes.len * 2);
    if (!units)
        return JS_ThrowOutOfMemory(context);
    struct decoder decoder = {bytes.ptr, bytes.len, 0, false};
    size_t length = 0;
    while (decoder.at < decoder.length) {
        uint32_t point = decode_one(&decoder);
        if (point >= 0x10000) {
            units[length++] = (uint16_t)(0xd7c0 + (point >> 10));
            units[length++] = (uint16_t)(0xdc00 | (point & 0x3ff));
        } else {
            units[length++] = (uint16_t)point;
        }
    }
    JSValue string = decoder.failed && JS_ToBool(context, arguments[1])
                         ? JS_NULL
                         : JS_NewStringUTF16(context, units, length);
    free(units);
    return string;
}

/* How many bytes at the end are the beginning of a character that is not complete. */
static JSValue native_incomplete(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    application_list_u8_t bytes;
    if (!engine_bytes_of(context, arguments[0], &bytes))
        return JS_EXCEPTION;
    for (size_t back = 1; back <= 3 && back <= bytes.len; back++) {
        struct decoder decoder = {bytes.ptr, bytes.len, bytes.len - back, false};
        uint8_t lead = bytes.ptr[bytes.len - back];
        if ((lead & 0xc0) == 0x80)
            continue;
        size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
        if (lead > 0xf4 || wanted <= back)
            break;
        decode_one(&decoder);
        return JS_NewInt32(context, decoder.at == bytes.len ? (int32_t)back : 0);
    }
    return JS_NewInt32(context, 0);
}

static JSValue native_bytes(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    application_list_u8_t bytes;
    if (!engine_to_latin1(context, arguments[0], &bytes))
        return JS_EXCEPTION;
    JSValue array = JS_NewUint8ArrayCopy(context, bytes.ptr, bytes.len);
    free(bytes.ptr);
    return array;
}

static JSValue native_latin1(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    application_list_u8_t bytes;
    if (!engine_bytes_of(context, arguments[0], &bytes))
        return JS_EXCEPTION;
    return engine_latin1(context, bytes.ptr, bytes.len);
}

const JSCFunctionListEntry engine_text_functions[] = {
    JS_CFUNC_DEF("encode", 1, native_encode),     JS_CFUNC_DEF("decode", 2, native_decode),
    JS_CFUNC_DEF("incomplete", 1, native_incomplete), JS_CFUNC_DEF("bytes", 1, native_bytes),
    JS_CFUNC_DEF("latin1", 1, native_latin1),
};
const int engine_text_function_count = sizeof engine_text_functions / sizeof engine_text_functions[0];
