// Growing texts.

#include "limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Makes room for `more` bytes and an end.
static void grow(struct text *text, size_t more) {
    if (text->length + more < text->room) return;
    text->room = 2 * (text->length + more) + 256;
    text->bytes = realloc(text->bytes, text->room);
    if (!text->bytes) abort();
}

void put(struct text *text, const char *format, ...) {
    va_list list;
    va_start(list, format);
    grow(text, 256);
    size_t room = text->room - text->length;
    int length = vsnprintf(text->bytes + text->length, room, format, list);
    va_end(list);
    if ((size_t)length >= room) {
        grow(text, length);
        va_start(list, format);
        vsnprintf(text->bytes + text->length, length + 1, format, list);
        va_end(list);
    }
    text->length += length;
}

void put_string(struct text *text, const char *value) {
    grow(text, 6 * strlen(value) + 2);
    char *at = text->bytes + text->length;
    *at++ = '"';
    for (; *value; value++) {
        if ((unsigned char)*value < ' ') {
            at += sprintf(at, "\\u%04x", *value);
            continue;
        }
        if (*value == '"' || *value == '\\') *at++ = '\\';
        *at++ = *value;
    }
    *at++ = '"';
    text->length = at - text->bytes;
}
