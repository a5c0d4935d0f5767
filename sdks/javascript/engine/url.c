/* The URL parser (Ada), without state: a URL is its href, and every change parses it again. */
#include <string.h>

#include "ada_c.h"
#include "engine.h"

static JSValue text_of(JSContext *context, ada_string text) {
    return JS_NewStringLen(context, text.data, text.length);
}

/* [href, origin, protocol, username, password, host, hostname, port, pathname, search, hash] */
static JSValue parts_of(JSContext *context, ada_url url) {
    JSValue parts = JS_NewArray(context);
    ada_owned_string origin = ada_get_origin(url);
    JS_SetPropertyUint32(context, parts, 0, text_of(context, ada_get_href(url)));
    JS_SetPropertyUint32(context, parts, 1, JS_NewStringLen(context, origin.data, origin.length));
    ada_free_owned_string(origin);
    static ada_string (*const getters[])(ada_url) = {
        ada_get_protocol, ada_get_username, ada_get_password, ada_get_host,   ada_get_hostname,
        ada_get_port,     ada_get_pathname, ada_get_search,   ada_get_hash,
    };
    for (uint32_t i = 0; i < sizeof getters / sizeof getters[0]; i++)
        JS_SetPropertyUint32(context, parts, i + 2, text_of(context, getters[i](url)));
    return parts;
}

/* (text, base or undefined) -> parts, or null if it is not a URL */
static JSValue native_parse(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    size_t length, base_length;
    const char *text = JS_ToCStringLen(context, &length, arguments[0]);
    if (!text)
        return JS_EXCEPTION;
    ada_url url;
    if (JS_IsUndefined(arguments[1])) {
        url = ada_parse(text, length);
    } else {
        const char *base = JS_ToCStringLen(context, &base_length, arguments[1]);
        if (!base) {
            JS_FreeCString(context, text);
            return JS_EXCEPTION;
        }
        url = ada_parse_with_base(text, length, base, base_length);
        JS_FreeCString(context, base);
    }
    JS_FreeCString(context, text);
    JSValue parts = ada_is_valid(url) ? parts_of(context, url) : JS_NULL;
    ada_free(url);
    return parts;
}

/* (href, which part, value) -> parts; a value that does not fit changes nothing */
static JSValue native_change(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    static bool (*const setters[])(ada_url, const char *, size_t) = {
        ada_set_href, NULL, ada_set_protocol, ada_set_username, ada_set_password,
        ada_set_host, ada_set_hostname, ada_set_port, ada_set_pathname,
    };
    enum { SEARCH = 9, HASH = 10 };
    size_t length, value_length;
    uint32_t part;
    if (JS_ToUint32(context, &part, arguments[1]))
        return JS_EXCEPTION;
    const char *href = JS_ToCStringLen(context, &length, arguments[0]);
    const char *value = href ? JS_ToCStringLen(context, &value_length, arguments[2]) : NULL;
    JSValue parts = JS_EXCEPTION;
    if (value) {
        ada_url url = ada_parse(href, length);
        if (part == SEARCH)
            ada_set_search(url, value, value_length);
        else if (part == HASH)
            ada_set_hash(url, value, value_length);
        else if (part < SEARCH && setters[part])
            setters[part](url, value, value_length);
        parts = parts_of(context, url);
        ada_free(url);
        JS_FreeCString(context, value);
    }
    if (href)
        JS_FreeCString(context, href);
    return parts;
}

const JSCFunctionListEntry engine_url_functions[] = {
    JS_CFUNC_DEF("parseUrl", 2, native_parse),
    JS_CFUNC_DEF("changeUrl", 3, native_change),
};
const int engine_url_function_count = sizeof engine_url_functions / sizeof engine_url_functions[0];
