/* SPDX-License-Identifier: Apache-2.0 */
/* register.c - a register opened: read, checked, indexed. */
#include "invest/csv.h"

#include <dirent.h>
#include <errno.h>
#include <unistd.h>
#include <xxhash.h>

#define LARGEST_FILE ((size_t)512 << 20)

/* ---- texts to positions ---- */

quipu_status qi_index_open(qi_index *index, qi_arena *arena, size_t n, quipu_error *err) {
    index->mask = 15;
    while (index->mask < n * 2)
        index->mask = index->mask * 2 + 1;
    index->slots = qi_arena_alloc(arena, (index->mask + 1) * sizeof *index->slots);
    return index->slots != NULL ? QUIPU_OK : qi_fail_memory(err, index->mask * 4);
}

uint32_t *qi_index_slot(const qi_index *index, const char *text, qi_index_name name,
                        const void *user) {
    size_t at = (size_t)qi_hash64(text, strlen(text)) & index->mask;
    while (index->slots[at] != 0 && strcmp(name(user, index->slots[at] - 1), text) != 0)
        at = (at + 1) & index->mask;
    return &index->slots[at];
}

/* ---- nodes ---- */

const char *qi_node_id(const quipu_register *reg, uint32_t node) {
    return node < reg->entities.n ? reg->entities.items[node].id
                                  : reg->projects.items[node - reg->entities.n].id;
}

const char *qi_node_name(const quipu_register *reg, uint32_t node) {
    return node < reg->entities.n ? reg->entities.items[node].name
                                  : reg->projects.items[node - reg->entities.n].name;
}

const quipu_country *qi_node_country(const quipu_register *reg, uint32_t node) {
    return node < reg->entities.n ? reg->entities.items[node].country
                                  : reg->projects.items[node - reg->entities.n].country;
}

quipu_status qi_node_find(const quipu_register *reg, const char *text, uint32_t *out,
                          quipu_error *err) {
    size_t n = qi_n_nodes(reg);
    char wanted[256], folded[256], near_text[96];
    qi_near near;
    qi_near_start(&near, text);
    qi_fold(text, strlen(text), wanted, sizeof wanted);
    uint32_t by_name = QI_NONE;
    for (uint32_t i = 0; i < n; i++) {
        const char *id = qi_node_id(reg, i), *name = qi_node_name(reg, i);
        if (strcmp(id, text) == 0) {
            *out = i;
            return QUIPU_OK;
        }
        qi_fold(name, strlen(name), folded, sizeof folded);
        if (by_name == QI_NONE && strcmp(folded, wanted) == 0)
            by_name = i;
        qi_near_try(&near, id);
        qi_near_try(&near, name);
    }
    *out = by_name;
    if (by_name != QI_NONE)
        return QUIPU_OK;
    return qi_fail(err, QUIPU_E_NOT_FOUND,
                   "the register has no company or project \"%.100s\"%s", text,
                   qi_near_text(&near, near_text));
}

/* ---- dates ---- */

static bool digits(const char *text, size_t n, int *out) {
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool qi_date_parse(const char *text, size_t length, bool end, int32_t *out) {
    int year, month = end ? 12 : 1, day;
    if ((length != 4 && length != 7 && length != 10) || !digits(text, 4, &year) || year < 1000)
        return false;
    if (length >= 7 &&
        (text[4] != '-' || !digits(text + 5, 2, &month) || month < 1 || month > 12))
        return false;
    day = end ? days_in(year, month) : 1;
    if (length == 10 &&
        (text[7] != '-' || !digits(text + 8, 2, &day) || day < 1 || day > days_in(year, month)))
        return false;
    *out = year * 10000 + month * 100 + day;
    return true;
}

int32_t qi_day_after(int32_t date) {
    int year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (++day > days_in(year, month)) {
        day = 1;
        month = month % 12 + 1;
        year += month == 1;
    }
    return year * 10000 + month * 100 + day;
}

int32_t qi_day_before(int32_t date) {
    int year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (--day == 0) {
        month = month == 1 ? 12 : month - 1;
        year -= month == 12;
        day = days_in(year, month);
    }
    return year * 10000 + month * 100 + day;
}

const char *qi_date_text(int32_t date, bool end, char out[16]) {
    out[0] = '\0';
    if (date <= 0 || date >= QI_DATE_OPEN)
        return out;
    if (date % 10000 == (end ? 1231 : 101))
        snprintf(out, 16, "%04d", date / 10000 % 10000);
    else
        snprintf(out, 16, "%04d-%02d-%02d", date / 10000 % 10000, date / 100 % 100, date % 100);
    return out;
}

/* ---- files ---- */

/* A table that is not there is an empty one. */
static quipu_status read_file(const char *path, char **out, size_t *length, quipu_error *err) {
    qi_buffer whole;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return QUIPU_OK;
    QI_TRY(qi_whole_file(path, LARGEST_FILE, &whole, err));
    *out = whole.bytes;
    *length = whole.length;
    return QUIPU_OK;
}

/* A table under a wrong name would be left out without a word. */
static void look_around(const char *folder, qi_problems *problems) {
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');
        char found[300], near_text[96];
        qi_near near;
        bool known = false;
        if (dot == NULL || strcmp(dot, ".csv") != 0 || entry->d_name[0] == '.')
            continue;
        qi_near_start(&near, entry->d_name);
        for (int t = 0; t < QI_N_TABLES; t++) {
            known |= strcmp(qi_table_file((qi_table_id)t), entry->d_name) == 0;
            qi_near_try(&near, qi_table_file((qi_table_id)t));
        }
        if (known)
            continue;
        snprintf(found, sizeof found, "a file %s", entry->d_name);
        char expected[200];
        snprintf(expected, sizeof expected, "tables of a register only (docs/invest.md)%s",
                 qi_near_text(&near, near_text));
        qi_problem_add(problems, true, "", 0, 0, found, expected);
    }
    if (entries != NULL)
        closedir(entries);
}

static void fingerprint(const qi_register_bytes *files, char out[33]) {
    XXH3_state_t *state = XXH3_createState();
    memset(out, '0', 32);
    out[32] = '\0';
    if (state == NULL)
        return;
    XXH3_128bits_reset(state);
    for (int t = 0; t < QI_N_TABLES; t++) {
        if (files->bytes[t] == NULL)
            continue;
        const char *name = qi_table_file((qi_table_id)t);
        uint64_t length = files->length[t];
        XXH3_128bits_update(state, name, strlen(name) + 1);
        XXH3_128bits_update(state, &length, sizeof length);
        XXH3_128bits_update(state, files->bytes[t], files->length[t]);
    }
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
    XXH3_freeState(state);
}

/* ---- stakes by what they are in ---- */

static quipu_status index_stakes(quipu_register *reg, quipu_error *err) {
    size_t n = qi_n_nodes(reg);
    reg->into_start = qi_arena_alloc(&reg->arena, (n + 2) * sizeof *reg->into_start);
    reg->into = qi_arena_alloc(&reg->arena, (reg->stakes.n + 1) * sizeof *reg->into);
    if (reg->into_start == NULL || reg->into == NULL)
        return qi_fail_memory(err, n * 4);
    uint32_t *start = reg->into_start;
    for (size_t i = 0; i < reg->stakes.n; i++)
        start[reg->stakes.items[i].owned + 2]++;
    for (size_t i = 2; i <= n + 1; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < reg->stakes.n; i++)
        reg->into[start[reg->stakes.items[i].owned + 1]++] = (uint32_t)i;
    return QUIPU_OK;
}

/* ---- open and close ---- */

quipu_status qi_register_read(qi_register_bytes *files, const char *folder,
                              const quipu_nomen *nomen, qi_problems *problems,
                              quipu_table *table, quipu_register **out, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    quipu_register *reg = calloc(1, sizeof *reg);
    *out = NULL;
    if (reg == NULL) {
        qi_problems_free(problems);
        return qi_fail_memory(err, sizeof *reg);
    }
    reg->nomen = nomen;
    reg->folder = qi_arena_dup(&reg->arena, folder);
    reg->title = reg->publisher = "";
    fingerprint(files, reg->fingerprint);
    if (reg->folder == NULL) {
        status = qi_fail_memory(err, 0);
        goto done;
    }
    QI_GO(qi_tables_read(reg, files, problems, err));
    QI_GO(index_stakes(reg, err));
    qi_register_check(reg, problems, err, &status);
    if (status != QUIPU_OK)
        goto done;
    if (table != NULL)
        QI_GO(qi_problems_table(problems, table, err));
    QI_GO(qi_problems_status(problems, folder, err));
    *out = reg;
    reg = NULL;
done:
    qi_problems_free(problems);
    quipu_register_close(reg);
    return status;
}

quipu_status qi_register_parse(qi_register_bytes *files, const char *folder,
                               const quipu_nomen *nomen, quipu_table *table,
                               quipu_register **out, quipu_error *err) {
    qi_problems problems = {0};
    return qi_register_read(files, folder, nomen, &problems, table, out, err);
}

quipu_status quipu_register_open(const char *folder, const quipu_nomen *nomen,
                                 quipu_table *table, quipu_register **out, quipu_error *err) {
    qi_register_bytes files = {0};
    qi_problems problems = {0};
    quipu_status status = QUIPU_OK;
    char path[4096];
    qi_error_clear(err);
    *out = NULL;
    if (table != NULL)
        memset(table, 0, sizeof *table);
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return qi_fail_errno(err, "open", folder);
    closedir(entries);
    for (int t = 0; t < QI_N_TABLES; t++) {
        int n = snprintf(path, sizeof path, "%s/%s", folder, qi_table_file((qi_table_id)t));
        if (n < 0 || (size_t)n >= sizeof path)
            status = qi_fail(err, QUIPU_E_ARG, "the path of the register is too long");
        else
            status = read_file(path, &files.bytes[t], &files.length[t], err);
        if (status != QUIPU_OK)
            goto done;
    }
    look_around(folder, &problems);
    status = qi_register_read(&files, folder, nomen, &problems, table, out, err);
done:
    for (int t = 0; t < QI_N_TABLES; t++)
        free(files.bytes[t]);
    return status;
}

void quipu_register_close(quipu_register *reg) {
    if (reg == NULL)
        return;
    free(reg->entities.items);
    free(reg->projects.items);
    free(reg->stakes.items);
    free(reg->investments.items);
    free(reg->status.items);
    free(reg->sources.items);
    free(reg->fdi.items);
    free(reg->conduits.items);
    qi_arena_free(&reg->arena);
    free(reg);
}

const char *quipu_register_fingerprint(const quipu_register *reg) {
    return reg->fingerprint;
}
