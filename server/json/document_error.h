/* Why one of our own data files was refused, and the limits of such files. */
#pragma once

enum {
    DOCUMENT_BYTES_MAX = 1024 * 1024,
    DOCUMENT_POINTER_BYTES = 192,
    DOCUMENT_MESSAGE_BYTES = 192,
    DOCUMENT_TEXT_BYTES_MAX = 4096, /* of one string */
};

struct document_error {
    char pointer[DOCUMENT_POINTER_BYTES]; /* "" is the whole file */
    char message[DOCUMENT_MESSAGE_BYTES]; /* English, for whoever maintains the file */
};
