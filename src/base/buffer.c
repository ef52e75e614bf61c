/* SPDX-License-Identifier: Apache-2.0 */
/* buffer.c - growing byte buffers and growing typed arrays.
 *
 * Capacity doubles, so n additions cost O(n).  A buffer that holds anything is followed by a
 * zero byte not counted in its length, so `bytes` can be handed out as a C string.  When
 * memory runs out the buffer keeps what it had.
 */
#include "base/base.h"

bool qi_grow(void **items, size_t *capacity, size_t need, size_t item_size) {
    if (need <= *capacity)
        return true;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need) {
        if (!qi_mul_size(wanted, 2, &wanted))
            return false;
    }
    size_t bytes;
    if (!qi_mul_size(wanted, item_size, &bytes))
        return false;
    void *grown = realloc(*items, bytes);
    if (grown == NULL)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

bool qi_buffer_reserve(qi_buffer *buffer, size_t more) {
    size_t need;
    if (!qi_add_size(buffer->length, more, &need) || !qi_add_size(need, 1, &need))
        return false;
    if (need <= buffer->capacity)
        return true;
    size_t wanted = buffer->capacity < 128 ? 128 : buffer->capacity;
    while (wanted < need) {
        if (!qi_mul_size(wanted, 2, &wanted))
            return false;
    }
    char *grown = realloc(buffer->bytes, wanted);
    if (grown == NULL)
        return false;
    buffer->bytes = grown;
    buffer->capacity = wanted;
    buffer->bytes[buffer->length] = '\0';
    return true;
}

bool qi_buffer_add(qi_buffer *buffer, const void *bytes, size_t length) {
    if (!qi_buffer_reserve(buffer, length))
        return false;
    if (length > 0)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
    return true;
}

bool qi_buffer_text(qi_buffer *buffer, const char *text) {
    return qi_buffer_add(buffer, text, strlen(text));
}

bool qi_buffer_printf(qi_buffer *buffer, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !qi_buffer_reserve(buffer, (size_t)length))
        return false;
    va_start(args, format);
    vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, args);
    va_end(args);
    buffer->length += (size_t)length;
    return true;
}

void qi_buffer_free(qi_buffer *buffer) {
    free(buffer->bytes);
    *buffer = (qi_buffer){0};
}
