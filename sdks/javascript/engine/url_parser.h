/* What the builder puts into the URL parser, in C++: idna.c in the place of its
   own tables, an end without text for what never happens, and what it has of the
   C++ library, which need not be compiled for that. */
#ifndef ISOSPIN_URL_PARSER_H
#define ISOSPIN_URL_PARSER_H

#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "idna.h"

/* The C++ library's own print, with all that printing needs. */
void std::__libcpp_verbose_abort(const char *, ...) noexcept { std::abort(); }
extern "C" void __cxa_pure_virtual() { std::abort(); }

void *operator new(std::size_t size) {
    void *memory = malloc(size ? size : 1);
    if (!memory)
        std::abort();
    return memory;
}
void *operator new[](std::size_t size) { return operator new(size); }
void operator delete(void *memory) noexcept { free(memory); }
void operator delete(void *memory, std::size_t) noexcept { free(memory); }
void operator delete[](void *memory) noexcept { free(memory); }

template class std::basic_string<char>;

std::string std::to_string(unsigned value) {
    char text[10];
    char *end = text + sizeof text, *at = end;
    do
        *--at = static_cast<char>('0' + value % 10);
    while (value /= 10);
    return std::string(at, end);
}

namespace ada::idna {

inline void ascii_map(char *name, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (name[i] >= 'A' && name[i] <= 'Z')
            name[i] += 'a' - 'A';
}

inline bool map(std::u32string_view name, std::u32string &out) {
    uint32_t *mapped;
    int length = engine_idna_map(reinterpret_cast<const uint32_t *>(name.data()), name.size(), &mapped);
    if (length < 0)
        return false;
    out.assign(mapped, mapped + length);
    free(mapped);
    return true;
}

/* Mapping has composed it. */
inline bool is_already_nfc(std::u32string_view) noexcept { return true; }
inline bool normalize(std::u32string &) { return true; }

inline bool is_label_valid(std::u32string_view label) {
    return engine_idna_is_valid(reinterpret_cast<const uint32_t *>(label.data()), label.size());
}

} // namespace ada::idna

#endif
