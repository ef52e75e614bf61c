/* SPDX-License-Identifier: Apache-2.0 */
/* nomen.c - the object: one lock, one arena, a slot for each table. */
#include "nomen/nomen.h"

quipu_status quipu_nomen_open(quipu_nomen **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    quipu_nomen *nomen = calloc(1, sizeof *nomen);
    if (nomen == NULL)
        return qi_fail_memory(err, sizeof *nomen);

    pthread_mutexattr_t attributes;
    bool good = pthread_mutexattr_init(&attributes) == 0;
    if (good) {
        good = pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE) == 0 &&
               pthread_mutex_init(&nomen->lock, &attributes) == 0;
        pthread_mutexattr_destroy(&attributes);
    }
    if (!good) {
        free(nomen);
        return qi_fail(err, QUIPU_E_NOMEM, "cannot make a lock for the nomenclatures");
    }
    for (size_t i = 0; i < QI_N_SLOTS; i++)
        atomic_init(&nomen->slots[i], NULL);
    *out = nomen;
    return QUIPU_OK;
}

void quipu_nomen_close(quipu_nomen *nomen) {
    if (nomen == NULL)
        return;
    qi_arena_free(&nomen->arena);
    pthread_mutex_destroy(&nomen->lock);
    free(nomen);
}

quipu_status qi_nomen_get(const quipu_nomen *nomen, unsigned slot, qi_nomen_load load,
                          unsigned which, void *out, quipu_error *err) {
    /* Made by quipu_nomen_open with malloc, so never a const object. */
    quipu_nomen *own = (quipu_nomen *)(uintptr_t)nomen;
    void *found = atomic_load_explicit(&own->slots[slot], memory_order_acquire);
    quipu_status status = QUIPU_OK;
    if (found == NULL) {
        pthread_mutex_lock(&own->lock);
        found = atomic_load_explicit(&own->slots[slot], memory_order_relaxed);
        if (found == NULL) {
            /* After a failure the slot stays empty and the next caller tries again. */
            status = load(own, which, &found, err);
            if (status == QUIPU_OK)
                atomic_store_explicit(&own->slots[slot], found, memory_order_release);
        }
        pthread_mutex_unlock(&own->lock);
    }
    memcpy(out, &found, sizeof found);
    if (status != QUIPU_OK)
        memset(out, 0, sizeof found);
    return status;
}

bool qi_nomen_small(const char *text, long largest, long *out) {
    long value = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9')
            return false;
        value = value * 10 + (*c - '0');
        if (value > largest)
            return false;
    }
    *out = value;
    return true;
}
