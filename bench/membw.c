/* SPDX-License-Identifier: Apache-2.0 */
/*
 * membw: how fast this machine can read memory.  Sums a 1 GiB array of 64-bit
 * integers with one thread and with two, several times, and prints JSON.  The
 * figure is the ceiling against which a scan is stated ("fraction of memory
 * bandwidth").
 *
 *   membw [threads ...]        default: 1 2
 */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { MAX_THREADS = 64, PASSES = 9 };
#define BYTES ((size_t)1 << 30)
#define WORDS (BYTES / sizeof(uint64_t))

typedef struct {
    const uint64_t *from;
    size_t n;
    uint64_t sum;
    pthread_barrier_t *gate;
} Part;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Thirty-two running sums: enough independent loads in flight that memory,
 * not the chain of additions, sets the pace. */
static void *sum_part(void *arg) {
    Part *p = arg;
    uint64_t s[32] = {0};
    pthread_barrier_wait(p->gate);
    for (size_t i = 0; i + 32 <= p->n; i += 32)
        for (int l = 0; l < 32; l++)
            s[l] += p->from[i + (size_t)l];
    p->sum = 0;
    for (int l = 0; l < 32; l++)
        p->sum += s[l];
    pthread_barrier_wait(p->gate);
    return NULL;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const uint64_t *a, int threads) {
    double gbs[PASSES];
    uint64_t sum = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        pthread_t id[MAX_THREADS];
        Part part[MAX_THREADS];
        pthread_barrier_t gate;
        pthread_barrier_init(&gate, NULL, (unsigned)threads + 1);
        for (int t = 0; t < threads; t++) {
            size_t lo = WORDS / 32 * (size_t)t / (size_t)threads * 32;
            size_t hi = WORDS / 32 * ((size_t)t + 1) / (size_t)threads * 32;
            part[t] = (Part){.from = a + lo, .n = hi - lo, .gate = &gate};
            if (pthread_create(&id[t], NULL, sum_part, &part[t]))
                exit(1);
        }
        pthread_barrier_wait(&gate); /* all threads stand ready          */
        double start = now();
        pthread_barrier_wait(&gate); /* all are done                     */
        gbs[pass] = (double)BYTES / (now() - start) * 1e-9;
        sum = 0;
        for (int t = 0; t < threads; t++) {
            pthread_join(id[t], NULL);
            sum += part[t].sum;
        }
        pthread_barrier_destroy(&gate);
    }
    qsort(gbs, PASSES, sizeof gbs[0], by_size);
    printf("{\"case\":\"read_sum_1GiB\",\"threads\":%d,\"gb_per_s_median\":%.2f,"
           "\"gb_per_s_best\":%.2f,\"checksum\":%llu}\n",
           threads, gbs[PASSES / 2], gbs[PASSES - 1], (unsigned long long)sum);
}

int main(int argc, char **argv) {
    uint64_t *a = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (a == MAP_FAILED) {
        perror("membw");
        return 1;
    }
    /* Large pages where the system gives them: fewer address lookups. */
    (void)madvise(a, BYTES, MADV_HUGEPAGE);
    for (size_t i = 0; i < WORDS; i++)
        a[i] = i;
    if (argc < 2) {
        measure(a, 1);
        measure(a, 2);
    }
    for (int n = 1; n < argc; n++) {
        int t = atoi(argv[n]);
        if (t < 1 || t > MAX_THREADS) {
            fputs("membw: 1 to 64 threads\n", stderr);
            return 2;
        }
        measure(a, t);
    }
    return 0;
}
