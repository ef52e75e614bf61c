/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c - open a cube: map the file, check header and directory, read the small tables.
 *
 * A file may come from anywhere.  Two guards stand between its bytes and us: checksums (a
 * damaged byte is found when its block is first touched) and structure checks (a crafted file
 * with right checksums must not lead outside the map).  Neither costs a pass over the file.
 */
#define _GNU_SOURCE
#include "cube.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static const char REMEDY[] = "Restore the file from a copy, or import it again";

const char *qi_kind_name(uint32_t kind) {
    switch (kind) {
    case QI_META: return "metadata";
    case QI_REPORT: return "import report";
    case QI_COUNTRIES: return "countries";
    case QI_PRODUCTS: return "products";
    case QI_SLABS: return "slabs";
    case QI_TARIFFS: return "tariffs";
    case QI_LEAVES: return "leaves";
    case QI_LEAF_OFFSET: return "leaf offsets";
    case QI_REPORTER_START: return "pairs by reporter";
    case QI_PAIR_PARTNER: return "pair partners";
    case QI_PAIR_REPORTER: return "pair reporters";
    case QI_PAIR_TOTAL: return "pair totals";
    case QI_PAIR_ROWS: return "pair rows";
    case QI_PARTNER_START: return "pairs by partner";
    case QI_BY_PARTNER: return "partner index";
    case QI_REPORTER_TOTAL: return "reporter totals";
    case QI_PARTNER_TOTAL: return "partner totals";
    case QI_PRODUCT_TOTAL: return "product totals";
    default: return kind < QI_PMATRIX_DENSE ? "reporter matrix" : "partner matrix";
    }
}

/* ---- blocks ---- */

quipu_status qi_touch(const quipu_cube *cube, uint64_t offset, uint64_t length,
                      quipu_error *err) {
    if (length == 0)
        return QUIPU_OK;
    uint64_t first = (offset - QI_HEADER_BYTES) / QI_BLOCK_BYTES;
    uint64_t last = (offset + length - 1 - QI_HEADER_BYTES) / QI_BLOCK_BYTES;
    for (uint64_t b = first; b <= last; b++) {
        _Atomic uint64_t *word = &cube->sound[b / 64];
        uint64_t bit = UINT64_C(1) << (b % 64);
        if (atomic_load_explicit(word, memory_order_relaxed) & bit)
            continue;
        uint64_t from = QI_HEADER_BYTES + b * QI_BLOCK_BYTES;
        uint64_t to = from + QI_BLOCK_BYTES;
        if (to > cube->header->sums_offset)
            to = cube->header->sums_offset;
        uint64_t sum = XXH3_64bits(cube->map + from, to - from);
        if (sum != cube->sums[b])
            return qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0,
                              "damaged: the checksum of bytes %llu to %llu is wrong. %s",
                              (unsigned long long)from, (unsigned long long)to, REMEDY);
        atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
    }
    return QUIPU_OK;
}

const qi_section *qi_find_section(const quipu_cube *cube, uint32_t kind, uint32_t slab) {
    size_t low = 0, high = cube->header->n_sections;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const qi_section *s = &cube->sections[middle];
        if (s->slab < slab || (s->slab == slab && s->kind < kind))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == cube->header->n_sections || cube->sections[low].slab != slab ||
        cube->sections[low].kind != kind)
        return NULL;
    return &cube->sections[low];
}

quipu_status qi_section_array(const quipu_cube *cube, uint32_t kind, uint32_t slab, size_t n,
                              size_t size, const void **out, quipu_error *err) {
    *out = NULL;
    const qi_section *section = qi_find_section(cube, kind, slab);
    size_t bytes;
    if (section == NULL || !qi_mul_size(n, size, &bytes) || section->length != bytes)
        return qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0,
                          "the section \"%s\" %s. %s", qi_kind_name(kind),
                          section == NULL ? "is missing" : "has the wrong length", REMEDY);
    QI_TRY(qi_touch(cube, section->offset, section->length, err));
    *out = cube->map + section->offset;
    return QUIPU_OK;
}

/* ---- opening ---- */

static quipu_status bad(const quipu_cube *cube, quipu_error *err, const char *what) {
    return qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0, "%s. %s", what, REMEDY);
}

static quipu_status map_file(quipu_cube *cube, quipu_error *err) {
    int fd = open(cube->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return qi_fail_errno(err, "open", cube->path);
    struct stat info;
    quipu_status status = QUIPU_OK;
    if (fstat(fd, &info) != 0) {
        status = qi_fail_errno(err, "open", cube->path);
    } else if (!S_ISREG(info.st_mode)) {
        status = qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0, "not a file");
    } else if ((uint64_t)info.st_size < QI_HEADER_BYTES) {
        status = qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0,
                            "not a cube: %lld bytes are less than a cube's header. Make one "
                            "with: quipu import FILE... -o CUBE",
                            (long long)info.st_size);
    } else {
        cube->map_bytes = (size_t)info.st_size;
        void *map = mmap(NULL, cube->map_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED)
            status = qi_fail_errno(err, "map", cube->path);
        else
            cube->map = map;
    }
    close(fd);
    return status;
}

static quipu_status check_header(quipu_cube *cube, quipu_error *err) {
    const qi_header *h = (const qi_header *)cube->map;
    cube->header = h;
    if (memcmp(h->magic, QI_MAGIC, sizeof h->magic) != 0)
        return qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0,
                          "not a cube (its first bytes are not those of one). If it is data, "
                          "make a cube of it: quipu import FILE... -o CUBE");
    if (h->version != QI_FORMAT_VERSION)
        return qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0,
                          "a cube of format version %u; this program reads version %u. Use a "
                          "newer quipu",
                          h->version, QI_FORMAT_VERSION);
    if (h->header_hash != XXH3_64bits(h, offsetof(qi_header, header_hash)))
        return bad(cube, err, "damaged: the checksum of the header is wrong");
    if (h->file_bytes != cube->map_bytes)
        return qi_fail_at(err, QUIPU_E_FORMAT, cube->path, 0, 0,
                          "%s: it has %zu bytes where its header says %llu. %s",
                          cube->map_bytes < h->file_bytes ? "cut short" : "something was appended",
                          cube->map_bytes, (unsigned long long)h->file_bytes, REMEDY);
    uint64_t end = h->file_bytes;
    bool ok = h->sums_offset >= QI_HEADER_BYTES && h->sums_offset <= end &&
              h->sums_offset % 8 == 0 && h->n_blocks <= end / 8 &&
              h->sums_offset + h->n_blocks * 8 == h->directory_offset &&
              h->n_sections <= end / sizeof(qi_section) &&
              h->directory_offset + h->n_sections * sizeof(qi_section) == end &&
              h->n_blocks == (h->sums_offset - QI_HEADER_BYTES + QI_BLOCK_BYTES - 1) / QI_BLOCK_BYTES;
    if (!ok)
        return bad(cube, err, "damaged: the header points outside the file");
    cube->sums = (const uint64_t *)(const void *)(cube->map + h->sums_offset);
    cube->sections = (const qi_section *)(const void *)(cube->map + h->directory_offset);
    if (h->sums_hash != XXH3_64bits(cube->sums, h->n_blocks * 8) ||
        h->directory_hash != XXH3_64bits(cube->sections, h->n_sections * sizeof(qi_section)))
        return bad(cube, err, "damaged: the checksum of the directory is wrong");
    for (uint64_t s = 0; s < h->n_sections; s++) {
        const qi_section *section = &cube->sections[s];
        if (section->offset < QI_HEADER_BYTES || section->offset % QI_ALIGN != 0 ||
            section->offset > h->sums_offset ||
            section->length > h->sums_offset - section->offset)
            return bad(cube, err, "damaged: a section lies outside the file");
    }
    for (size_t i = 0; i < 16; i++)
        snprintf(cube->fingerprint + 2 * i, 3, "%02x", h->fingerprint[i]);
    return QUIPU_OK;
}

/* A text section as a string of the arena. */
static quipu_status read_text(quipu_cube *cube, uint32_t kind, char **out, quipu_error *err) {
    const qi_section *section = qi_find_section(cube, kind, QI_NO_SLAB);
    if (section == NULL)
        return bad(cube, err, "damaged: a text section is missing");
    QI_TRY(qi_touch(cube, section->offset, section->length, err));
    *out = qi_arena_text(&cube->arena, (const char *)cube->map + section->offset,
                         (size_t)section->length);
    return *out != NULL ? QUIPU_OK : qi_fail_memory(err, (size_t)section->length);
}

/* Cut the next field off a line-wise text: up to `stop`, which is replaced by a 0. */
static char *cut(char **at, char stop) {
    char *field = *at;
    char *end = strchr(field, stop);
    if (end == NULL)
        return NULL;
    *end = 0;
    *at = end + 1;
    return field;
}

static size_t count_lines(const char *text) {
    size_t n = 0;
    for (; *text != 0; text++)
        n += *text == '\n';
    return n;
}

static quipu_status read_meta(quipu_cube *cube, quipu_error *err) {
    char *text;
    QI_TRY(read_text(cube, QI_META, &text, err));
    size_t n = count_lines(text);
    cube->meta = qi_arena_alloc(&cube->arena, (n + 1) * sizeof *cube->meta);
    if (cube->meta == NULL)
        return qi_fail_memory(err, n * sizeof *cube->meta);
    for (size_t i = 0; i < n; i++) {
        char *key = cut(&text, '\t');
        char *value = key != NULL ? cut(&text, '\n') : NULL;
        if (value == NULL)
            return bad(cube, err, "damaged: the metadata are not lines of key and text");
        cube->meta[cube->n_meta++] = (quipu_pair_text){key, value};
    }
    char *report;
    QI_TRY(read_text(cube, QI_REPORT, &report, err));
    cube->report = report;
    return QUIPU_OK;
}

static quipu_status read_countries(quipu_cube *cube, quipu_error *err) {
    char *text;
    QI_TRY(read_text(cube, QI_COUNTRIES, &text, err));
    size_t n = count_lines(text);
    cube->countries = qi_arena_alloc(&cube->arena, (n + 1) * sizeof *cube->countries);
    if (cube->countries == NULL)
        return qi_fail_memory(err, n * sizeof *cube->countries);
    if (n > 60000)
        return bad(cube, err, "damaged: too many countries");
    for (size_t i = 0; i < n; i++) {
        char *number = cut(&text, '\t');
        char *iso3 = number != NULL ? cut(&text, '\t') : NULL;
        char *name = iso3 != NULL ? cut(&text, '\n') : NULL;
        int64_t value;
        if (name == NULL || !qi_parse_int(number, strlen(number), &value) || value < 0 ||
            value > 65535 || strlen(iso3) > 5 ||
            (i > 0 && value <= cube->countries[i - 1].number))
            return bad(cube, err, "damaged: the list of countries is not in order");
        quipu_cube_country *country = &cube->countries[i];
        country->number = (uint16_t)value;
        memcpy(country->iso3, iso3, strlen(iso3) + 1);
        country->name = name;
    }
    cube->n_countries = n;
    return QUIPU_OK;
}

static quipu_status read_products(quipu_cube *cube, quipu_error *err) {
    const qi_section *section = qi_find_section(cube, QI_PRODUCTS, QI_NO_SLAB);
    if (section == NULL || section->length % QI_CODE_BYTES != 0 ||
        section->length / QI_CODE_BYTES > UINT32_MAX / 2)
        return bad(cube, err, "damaged: the list of products is missing or cut");
    QI_TRY(qi_touch(cube, section->offset, section->length, err));
    size_t n = (size_t)section->length / QI_CODE_BYTES;
    cube->codes = qi_arena_alloc(&cube->arena, (n + 1) * sizeof *cube->codes);
    if (cube->codes == NULL)
        return qi_fail_memory(err, n * sizeof *cube->codes);
    const char *code = (const char *)cube->map + section->offset;
    for (size_t k = 0; k < n; k++, code += QI_CODE_BYTES) {
        if (code[QI_CODE_BYTES - 1] != 0 || code[0] == 0 ||
            (k > 0 && strcmp(cube->codes[k - 1], code) >= 0))
            return bad(cube, err, "damaged: the list of products is not in order");
        cube->codes[k] = code;
    }
    cube->n_products = n;
    return QUIPU_OK;
}

static quipu_status read_slabs(quipu_cube *cube, quipu_error *err) {
    const qi_section *section = qi_find_section(cube, QI_SLABS, QI_NO_SLAB);
    if (section == NULL || section->length % sizeof(qi_slab_record) != 0)
        return bad(cube, err, "damaged: the list of slabs is missing or cut");
    QI_TRY(qi_touch(cube, section->offset, section->length, err));
    size_t n = (size_t)section->length / sizeof(qi_slab_record);
    cube->records = (const qi_slab_record *)(const void *)(cube->map + section->offset);
    cube->slabs = qi_arena_alloc(&cube->arena, (n + 1) * sizeof *cube->slabs);
    cube->pairs_sound = qi_arena_alloc(&cube->arena, n + 1);
    cube->matrix_sound = qi_arena_alloc(&cube->arena, n + 1);
    if (cube->slabs == NULL || cube->pairs_sound == NULL || cube->matrix_sound == NULL)
        return qi_fail_memory(err, n * sizeof *cube->slabs);
    for (size_t s = 0; s < n; s++) {
        const qi_slab_record *r = &cube->records[s];
        bool rising = s == 0 || cube->records[s - 1].period < r->period ||
                      (cube->records[s - 1].period == r->period && cube->records[s - 1].flow < r->flow);
        if (!rising || r->flow >= QUIPU_N_FLOWS || r->columns > 7 || r->max_rows > cube->n_products ||
            r->period < 1 || r->period > 999999)
            return bad(cube, err, "damaged: the list of slabs is not in order");
        cube->slabs[s] = (quipu_slab){.period = r->period,
                                      .flow = (quipu_flow)r->flow,
                                      .columns = r->columns,
                                      .n_pairs = r->n_pairs,
                                      .rows = r->rows,
                                      .total = r->total};
    }
    cube->n_slabs = n;
    return QUIPU_OK;
}

static quipu_status open_all(quipu_cube *cube, quipu_error *err) {
    QI_TRY(map_file(cube, err));
    QI_TRY(check_header(cube, err));
    cube->sound = qi_arena_alloc(&cube->arena, (size_t)(cube->header->n_blocks / 64 + 1) * 8);
    if (cube->sound == NULL)
        return qi_fail_memory(err, (size_t)cube->header->n_blocks / 8);
    QI_TRY(read_meta(cube, err));
    QI_TRY(read_countries(cube, err));
    QI_TRY(read_products(cube, err));
    return read_slabs(cube, err);
}

quipu_status quipu_cube_open(const char *path, quipu_cube **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    quipu_cube *cube = calloc(1, sizeof *cube);
    if (cube == NULL)
        return qi_fail_memory(err, sizeof *cube);
    cube->path = qi_arena_dup(&cube->arena, path);
    quipu_status status = cube->path != NULL ? open_all(cube, err) : qi_fail_memory(err, 1);
    if (status != QUIPU_OK) {
        quipu_cube_close(cube);
        return status;
    }
    *out = cube;
    return QUIPU_OK;
}

void quipu_cube_close(quipu_cube *cube) {
    if (cube == NULL)
        return;
    if (cube->map != NULL)
        munmap((void *)(uintptr_t)cube->map, cube->map_bytes);
    qi_arena_free(&cube->arena);
    free(cube);
}

/* ---- what the cube says of itself ---- */

const char *quipu_cube_meta(const quipu_cube *cube, const char *key) {
    for (size_t i = 0; i < cube->n_meta; i++)
        if (strcmp(cube->meta[i].key, key) == 0)
            return cube->meta[i].text;
    return NULL;
}

const quipu_pair_text *quipu_cube_meta_all(const quipu_cube *cube, size_t *count) {
    *count = cube->n_meta;
    return cube->meta;
}

const char *quipu_cube_import_report(const quipu_cube *cube) {
    return cube->report;
}

const char *quipu_cube_fingerprint(const quipu_cube *cube) {
    return cube->fingerprint;
}

uint64_t quipu_cube_bytes(const quipu_cube *cube) {
    return cube->map_bytes;
}

const quipu_cube_country *quipu_cube_countries(const quipu_cube *cube, size_t *count) {
    *count = cube->n_countries;
    return cube->countries;
}

int quipu_cube_country_index(const quipu_cube *cube, unsigned number) {
    size_t low = 0, high = cube->n_countries;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cube->countries[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < cube->n_countries && cube->countries[low].number == number ? (int)low : -1;
}

size_t quipu_cube_n_products(const quipu_cube *cube) {
    return cube->n_products;
}

const char *quipu_cube_product(const quipu_cube *cube, size_t product) {
    return cube->codes[product];
}

const char *const *quipu_cube_product_codes(const quipu_cube *cube) {
    return cube->codes;
}

size_t quipu_cube_product_lower(const quipu_cube *cube, const char *code) {
    size_t low = 0, high = cube->n_products;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(cube->codes[middle], code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const quipu_slab *quipu_cube_slabs(const quipu_cube *cube, size_t *count) {
    *count = cube->n_slabs;
    return cube->slabs;
}

int quipu_cube_find_slab(const quipu_cube *cube, quipu_period period, quipu_flow flow) {
    for (size_t s = 0; s < cube->n_slabs; s++)
        if (cube->slabs[s].period == period && cube->slabs[s].flow == flow)
            return (int)s;
    return -1;
}
