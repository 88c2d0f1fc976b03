#pragma once
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

/* Writes the hash of `phrase` by `setting` to `output`, CRYPT_OUTPUT_SIZE bytes; 0 on failure. */
static inline int ccrypt_hash(const char *phrase, const char *setting, char *output) {
    void *data = 0;
    int size = 0;
    const char *hash = crypt_ra(phrase, setting, &data, &size);
    int done = hash && strlen(hash) < CRYPT_OUTPUT_SIZE;
    if (done) strcpy(output, hash);
    if (data) explicit_bzero(data, (size_t)size);
    free(data);
    return done;
}

/* Writes a fresh setting of yescrypt to `output`, CRYPT_GENSALT_OUTPUT_SIZE bytes; 0 on failure. */
static inline int ccrypt_setting(unsigned long cost, char *output) {
    return crypt_gensalt_rn("$y$", cost, 0, 0, output, CRYPT_GENSALT_OUTPUT_SIZE) != 0;
}
