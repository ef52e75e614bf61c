/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c - open a cube: map the file, check header and directory, read the small tables.
 *
 * A file may come from anywhere.  Two guards stand between its bytes and us: checksums (a
 * damaged byte is found when its block is first touched) and structure checks (a crafted file
 * with right checksums must not lead outside the map).  Neither costs a pass over the file.
 *
 * Verify runs the same functions with a check that goes on past a problem: after each problem
 * stands what is left out because of it.
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

#define HOW_TO_MAKE "quipu import FILE... -o CUBE"

/* ---- blocks and sections ---- */

uint64_t qi_block_end(const quipu_cube *cube, uint64_t block) {
    uint64_t end = QI_HEADER_BYTES + (block + 1) * QI_BLOCK_BYTES;
    return end < cube->header->sums_offset ? end : cube->header->sums_offset;
}

bool qi_block_is_sound(const quipu_cube *cube, uint64_t block) {
    uint64_t from = QI_HEADER_BYTES + block * QI_BLOCK_BYTES;
    return XXH3_64bits(cube->map + from, qi_block_end(cube, block) - from) == cube->sums[block];
}

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
        if (!qi_block_is_sound(cube, b)) {
            uint64_t from = QI_HEADER_BYTES + b * QI_BLOCK_BYTES;
            return qi_fail_at(
                err, QUIPU_E_FORMAT, cube->path, 0, 0,
                "damaged: the checksum of bytes %llu to %llu is wrong. " QI_REMEDY,
                (unsigned long long)from, (unsigned long long)qi_block_end(cube, b));
        }
        atomic_fetch_or_explicit(word, bit, memory_order_relaxed);
    }
    return QUIPU_OK;
}

bool qi_is_sound(const quipu_cube *cube, uint64_t offset, uint64_t length) {
    if (length == 0)
        return true;
    uint64_t first = (offset - QI_HEADER_BYTES) / QI_BLOCK_BYTES;
    uint64_t last = (offset + length - 1 - QI_HEADER_BYTES) / QI_BLOCK_BYTES;
    for (uint64_t b = first; b <= last; b++)
        if (!(atomic_load_explicit(&cube->sound[b / 64], memory_order_relaxed) >> (b % 64) & 1))
            return false;
    return true;
}

const qi_section *qi_find_section(const quipu_cube *cube, uint32_t kind, uint32_t slab) {
    size_t low = 0, high = cube->n_sections;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const qi_section *s = &cube->sections[middle];
        if (s->slab < slab || (s->slab == slab && s->kind < kind))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == cube->n_sections || cube->sections[low].slab != slab ||
        cube->sections[low].kind != kind)
        return NULL;
    return &cube->sections[low];
}

/* The bytes of a section, its blocks checked; NULL for what a check must do without. */
static quipu_status borrow(const quipu_cube *cube, qi_check *check, const qi_section *section,
                           const void **out) {
    *out = NULL;
    if (check->list == NULL)
        QI_TRY(qi_touch(cube, section->offset, section->length, check->err));
    else if (!qi_is_sound(cube, section->offset, section->length))
        return QUIPU_OK; /* its damaged blocks are listed */
    *out = cube->map + section->offset;
    return QUIPU_OK;
}

quipu_status qi_section_array(const quipu_cube *cube, qi_check *check, uint32_t kind,
                              uint32_t slab, size_t n, size_t size, const void **out) {
    *out = NULL;
    const qi_section *section = qi_find_section(cube, kind, slab);
    size_t bytes;
    if (section == NULL)
        return qi_problem(check, kind, slab, QI_NO_BYTE, "the section is missing");
    if (!qi_mul_size(n, size, &bytes) || section->length != bytes)
        return qi_problem(check, kind, slab, section->offset,
                          "%llu bytes cannot be %zu items of %zu bytes",
                          (unsigned long long)section->length, n, size);
    return borrow(cube, check, section, out);
}

/* A section of the whole cube made of items of `size`; *n is their number. */
static quipu_status table_array(const quipu_cube *cube, qi_check *check, uint32_t kind,
                                size_t size, const void **out, size_t *n, uint64_t *offset) {
    const qi_section *section = qi_find_section(cube, kind, QI_NO_SLAB);
    *n = section != NULL ? (size_t)(section->length / size) : 0;
    *offset = section != NULL ? section->offset : QI_NO_BYTE;
    return qi_section_array(cube, check, kind, QI_NO_SLAB, *n, size, out);
}

/* ---- opening ---- */

quipu_status qi_cube_map(quipu_cube *cube, qi_check *check) {
    /* Without O_NONBLOCK a pipe of that name would hold us for ever. */
    int fd = open(cube->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return qi_fail_errno(check->err, "open", cube->path);
    struct stat info;
    quipu_status status = QUIPU_OK;
    if (fstat(fd, &info) != 0) {
        status = qi_fail_errno(check->err, "open", cube->path);
    } else if (!S_ISREG(info.st_mode)) {
        status = qi_problem(check, QI_IN_FILE, QI_NO_SLAB, QI_NO_BYTE, "not a file");
    } else if ((uint64_t)info.st_size < QI_HEADER_BYTES) {
        status = qi_problem(check, QI_IN_FILE, QI_NO_SLAB, QI_NO_BYTE,
                            "not a cube: %lld bytes are less than a cube's header. Make one "
                            "with: " HOW_TO_MAKE,
                            (long long)info.st_size);
    } else {
        cube->map_bytes = (size_t)info.st_size;
        void *map = mmap(NULL, cube->map_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED)
            status = qi_fail_errno(check->err, "map", cube->path);
        else
            cube->map = map;
    }
    close(fd);
    return status;
}

bool qi_fingerprint(const uint64_t *sums, size_t n_sums, const qi_section *sections,
                    size_t n_sections, uint8_t out[16]) {
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return false;
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, sums, n_sums * sizeof *sums);
    XXH3_128bits_update(state, sections, n_sections * sizeof *sections);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    XXH3_freeState(state);
    memcpy(out, canonical.digest, 16);
    return true;
}

/* Do all offsets of the header stay in the file and meet each other? */
static bool leads_inside(const qi_header *h, uint64_t map_bytes) {
    uint64_t end = h->file_bytes;
    return end <= map_bytes && h->sums_offset >= QI_HEADER_BYTES && h->sums_offset <= end &&
           h->sums_offset % QI_ALIGN == 0 && h->n_blocks <= end / 8 &&
           h->sums_offset + h->n_blocks * 8 == h->directory_offset &&
           h->n_sections <= end / sizeof(qi_section) &&
           h->directory_offset + h->n_sections * sizeof(qi_section) == end &&
           h->n_blocks ==
               (h->sums_offset - QI_HEADER_BYTES + QI_BLOCK_BYTES - 1) / QI_BLOCK_BYTES;
}

static quipu_status check_tables_of(quipu_cube *cube, const qi_header *h, qi_check *check) {
    bool right = true;
    if (h->sums_hash != XXH3_64bits(cube->sums, h->n_blocks * 8)) {
        right = false;
        QI_TRY(qi_problem(check, QI_IN_SUMS, QI_NO_SLAB, h->sums_offset,
                          "the checksum of the table of checksums is wrong"));
    }
    if (h->directory_hash != XXH3_64bits(cube->sections, h->n_sections * sizeof(qi_section))) {
        right = false;
        QI_TRY(qi_problem(check, QI_IN_DIRECTORY, QI_NO_SLAB, h->directory_offset,
                          "its checksum is wrong"));
    }
    uint8_t print[16];
    if (!qi_fingerprint(cube->sums, (size_t)h->n_blocks, cube->sections, (size_t)h->n_sections,
                        print))
        return qi_fail_memory(check->err, sizeof(XXH3_state_t));
    if (right && memcmp(print, h->fingerprint, sizeof print) != 0)
        QI_TRY(qi_problem(check, QI_IN_HEADER, QI_NO_SLAB, offsetof(qi_header, fingerprint),
                          "the fingerprint is not that of the content"));
    for (size_t i = 0; i < 16; i++)
        snprintf(cube->fingerprint + 2 * i, 3, "%02x", h->fingerprint[i]);
    return QUIPU_OK;
}

quipu_status qi_cube_header(quipu_cube *cube, qi_check *check) {
    const qi_header *h = (const qi_header *)cube->map;
    if (memcmp(h->magic, QI_MAGIC, sizeof h->magic) != 0)
        return qi_problem(check, QI_IN_FILE, QI_NO_SLAB, 0,
                          "not a cube (its first bytes are not those of one). If it is data, "
                          "make a cube of it: " HOW_TO_MAKE);
    if (h->version != QI_FORMAT_VERSION)
        return qi_problem(check, QI_IN_FILE, QI_NO_SLAB, offsetof(qi_header, version),
                          "a cube of format version %u; this program reads version %u. Use a "
                          "newer quipu",
                          h->version, QI_FORMAT_VERSION);
    if (h->header_hash != XXH3_64bits(h, offsetof(qi_header, header_hash)))
        QI_TRY(qi_problem(check, QI_IN_HEADER, QI_NO_SLAB, offsetof(qi_header, header_hash),
                          "its checksum is wrong"));
    if (h->header_bytes != QI_HEADER_BYTES)
        QI_TRY(qi_problem(check, QI_IN_HEADER, QI_NO_SLAB, offsetof(qi_header, header_bytes),
                          "it says that it has %u bytes instead of %u", h->header_bytes,
                          QI_HEADER_BYTES));
    if (h->file_bytes != cube->map_bytes)
        QI_TRY(
            qi_problem(check, QI_IN_FILE, QI_NO_SLAB,
                       cube->map_bytes < h->file_bytes ? cube->map_bytes : h->file_bytes,
                       "%s: it has %zu bytes where its header says %llu. " QI_REMEDY,
                       cube->map_bytes < h->file_bytes ? "cut short" : "something was appended",
                       cube->map_bytes, (unsigned long long)h->file_bytes));
    if (!leads_inside(h, cube->map_bytes))
        return qi_problem(check, QI_IN_HEADER, QI_NO_SLAB, offsetof(qi_header, file_bytes),
                          "it points outside the file");
    cube->header = h;
    cube->sums = (const uint64_t *)(const void *)(cube->map + h->sums_offset);
    cube->sections = (const qi_section *)(const void *)(cube->map + h->directory_offset);
    cube->n_sections = (size_t)h->n_sections;
    cube->sound = qi_arena_alloc(&cube->arena, (size_t)(h->n_blocks / 64 + 1) * 8);
    if (cube->sound == NULL)
        return qi_fail_memory(check->err, (size_t)h->n_blocks / 8);
    return check_tables_of(cube, h, check);
}

static int by_slab_and_kind(const void *a, const void *b) {
    const qi_section *x = a, *y = b;
    if (x->slab != y->slab)
        return x->slab < y->slab ? -1 : 1;
    return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static const char *section_wrong(const qi_header *h, const qi_section *section,
                                 const qi_section *before) {
    if (section->offset < QI_HEADER_BYTES || section->offset > h->sums_offset ||
        section->length > h->sums_offset - section->offset)
        return "lies outside the file";
    if (section->offset % QI_ALIGN != 0)
        return "does not begin at a multiple of 64";
    int order = before != NULL ? by_slab_and_kind(before, section) : -1;
    return order < 0 ? NULL : order == 0 ? "is there twice" : "is not in order";
}

/* A check that goes on keeps the sections that can be used, in order. */
quipu_status qi_cube_directory(quipu_cube *cube, qi_check *check) {
    const qi_header *h = cube->header;
    size_t n = 0;
    qi_section *kept = NULL;
    if (check->list != NULL) {
        kept = qi_arena_alloc(&cube->arena, (cube->n_sections + 1) * sizeof *kept);
        if (kept == NULL)
            return qi_fail_memory(check->err, cube->n_sections * sizeof *kept);
    }
    for (size_t s = 0; s < cube->n_sections; s++) {
        const qi_section *section = &cube->sections[s];
        const char *wrong = section_wrong(h, section, s > 0 ? section - 1 : NULL);
        char slab[32] = "";
        if (section->slab != QI_NO_SLAB)
            snprintf(slab, sizeof slab, " of slab %u", section->slab);
        if (wrong != NULL)
            QI_TRY(qi_problem(
                check, QI_IN_DIRECTORY, QI_NO_SLAB, h->directory_offset + s * sizeof *section,
                "the section \"%s\"%s %s", qi_kind_name(section->kind), slab, wrong));
        if (kept != NULL && section_wrong(h, section, NULL) == NULL)
            kept[n++] = *section;
    }
    if (kept == NULL)
        return QUIPU_OK;
    qsort(kept, n, sizeof *kept, by_slab_and_kind);
    cube->n_sections = 0;
    for (size_t s = 0; s < n; s++)
        if (s == 0 || by_slab_and_kind(&kept[s - 1], &kept[s]) != 0)
            kept[cube->n_sections++] = kept[s];
    cube->sections = kept;
    return QUIPU_OK;
}

/* ---- the small tables ---- */

/* A text section as a string of the arena: UTF-8 without control characters, and, when it has
 * any, ending in a newline.  NULL: left out. */
static quipu_status read_text(quipu_cube *cube, qi_check *check, uint32_t kind, char **out) {
    const void *bytes;
    size_t n;
    uint64_t offset;
    *out = NULL;
    QI_TRY(table_array(cube, check, kind, 1, &bytes, &n, &offset));
    if (bytes == NULL)
        return QUIPU_OK;
    char *text = qi_arena_text(&cube->arena, bytes, n);
    if (text == NULL)
        return qi_fail_memory(check->err, n);
    size_t wrong = qi_text_clean(text, n);
    if (wrong < n)
        QI_TRY(qi_problem(check, kind, QI_NO_SLAB, offset + wrong,
                          "a byte that is not text in UTF-8"));
    if (kind != QI_REPORT && n > 0 && text[n - 1] != '\n')
        QI_TRY(qi_problem(check, kind, QI_NO_SLAB, offset + n - 1, "its last line has no end"));
    *out = text;
    return QUIPU_OK;
}

/* Cut the text up to `stop`, which is replaced by a 0; NULL when there is no `stop`. */
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

/* Where a place in the copy of a text lies in the file. */
static uint64_t place_of(const quipu_cube *cube, uint32_t kind, const char *text,
                         const char *at) {
    return qi_find_section(cube, kind, QI_NO_SLAB)->offset + (uint64_t)(at - text);
}

static quipu_status read_meta(quipu_cube *cube, qi_check *check) {
    char *text, *report;
    cube->report = "";
    QI_TRY(read_text(cube, check, QI_REPORT, &report));
    if (report != NULL)
        cube->report = report;
    QI_TRY(read_text(cube, check, QI_META, &text));
    if (text == NULL)
        return QUIPU_OK;
    size_t n = count_lines(text);
    cube->meta = qi_arena_alloc(&cube->arena, (n + 1) * sizeof *cube->meta);
    if (cube->meta == NULL)
        return qi_fail_memory(check->err, n * sizeof *cube->meta);
    char *at = text;
    for (size_t i = 0; i < n; i++) {
        char *line = cut(&at, '\n'), *value = line;
        char *key = cut(&value, '\t');
        if (key != NULL)
            cube->meta[cube->n_meta++] = (quipu_pair_text){key, value};
        else
            QI_TRY(qi_problem(check, QI_META, QI_NO_SLAB, place_of(cube, QI_META, text, line),
                              "line %zu is not a key and its text", i + 1));
    }
    return QUIPU_OK;
}

/* Number, ISO letters and name; false: `line` is not that. */
static bool parse_country(char *line, quipu_cube_country *out) {
    char *name = line;
    char *number = cut(&name, '\t');
    char *iso3 = number != NULL ? cut(&name, '\t') : NULL;
    int64_t value;
    if (iso3 == NULL || strchr(name, '\t') != NULL || strlen(iso3) >= sizeof out->iso3 ||
        !qi_parse_int(number, strlen(number), &value) || value < 0 || value > UINT16_MAX)
        return false;
    *out = (quipu_cube_country){.number = (uint16_t)value, .name = name};
    memcpy(out->iso3, iso3, strlen(iso3) + 1);
    return true;
}

static quipu_status read_countries(quipu_cube *cube, qi_check *check) {
    char *text;
    QI_TRY(read_text(cube, check, QI_COUNTRIES, &text));
    if (text == NULL)
        return QUIPU_OK;
    size_t n = count_lines(text);
    if (n > QI_MOST_COUNTRIES)
        return qi_problem(check, QI_COUNTRIES, QI_NO_SLAB, QI_NO_BYTE,
                          "%zu countries are more than %u", n, QI_MOST_COUNTRIES);
    cube->countries = qi_arena_alloc(&cube->arena, (n + 1) * sizeof *cube->countries);
    if (cube->countries == NULL)
        return qi_fail_memory(check->err, n * sizeof *cube->countries);
    char *at = text;
    int before = -1;
    for (size_t i = 0; i < n; i++) {
        char *line = cut(&at, '\n');
        quipu_cube_country *country = &cube->countries[i];
        bool fine = parse_country(line, country);
        if (!fine)
            *country = (quipu_cube_country){0, "?", "?"};
        if (!fine || country->number <= before)
            QI_TRY(qi_problem(check, QI_COUNTRIES, QI_NO_SLAB,
                              place_of(cube, QI_COUNTRIES, text, line), "line %zu %s", i + 1,
                              fine ? "is not in order of number"
                                   : "is not a number, letters and a name"));
        before = fine ? country->number : before;
    }
    cube->n_countries = n;
    cube->has_countries = true;
    return QUIPU_OK;
}

bool qi_is_code(const char *code, size_t length) {
    if (length == 0 || length > QI_MAX_CODE)
        return false;
    for (size_t i = 0; i < length; i++)
        if (code[i] <= ' ' || code[i] > '~')
            return false;
    return true;
}

/* A code, then zeros. */
static bool is_padded_code(const char *code) {
    size_t length = strnlen(code, QI_CODE_BYTES);
    bool fine = qi_is_code(code, length);
    for (size_t i = length; i < QI_CODE_BYTES; i++)
        fine = fine && code[i] == 0;
    return fine;
}

static quipu_status read_products(quipu_cube *cube, qi_check *check) {
    const void *bytes;
    size_t n;
    uint64_t offset;
    QI_TRY(table_array(cube, check, QI_PRODUCTS, QI_CODE_BYTES, &bytes, &n, &offset));
    if (bytes == NULL)
        return QUIPU_OK;
    if (n > QI_MOST_PRODUCTS)
        return qi_problem(check, QI_PRODUCTS, QI_NO_SLAB, offset, "%zu products are too many",
                          n);
    cube->codes = qi_arena_alloc(&cube->arena, (n + 1) * sizeof *cube->codes);
    if (cube->codes == NULL)
        return qi_fail_memory(check->err, n * sizeof *cube->codes);
    const char *code = bytes, *before = "";
    for (size_t k = 0; k < n; k++, code += QI_CODE_BYTES) {
        bool fine = is_padded_code(code);
        if (!fine || strcmp(before, code) >= 0)
            QI_TRY(qi_problem(check, QI_PRODUCTS, QI_NO_SLAB, offset + k * QI_CODE_BYTES,
                              "product %zu %s", k,
                              fine ? "is not in order of text" : "is not a code"));
        before = fine ? code : before;
        cube->codes[k] = fine ? code : "?";
    }
    cube->n_products = n;
    cube->has_products = true;
    return QUIPU_OK;
}

bool qi_is_period(int32_t period) {
    return (period >= 1 && period <= 9999) ||
           (period >= 10001 && period <= 999912 && period % 100 >= 1 && period % 100 <= 12);
}

const char *qi_record_wrong(const quipu_cube *cube, const qi_slab_record *r) {
    if (!qi_is_period(r->period))
        return "its period is neither a year nor a month";
    if (r->flow >= QUIPU_N_FLOWS)
        return "it has no such flow";
    if (r->columns > (QUIPU_HAS_WEIGHT | QUIPU_HAS_QUANTITY | QUIPU_HAS_FLAGS))
        return "it has unknown columns";
    if (cube->has_products && r->max_rows > cube->n_products)
        return "it has pairs with more leaves than there are products";
    return r->reserved == 0 ? NULL : "its last bytes are not zero";
}

static quipu_status read_slabs(quipu_cube *cube, qi_check *check) {
    const void *bytes;
    size_t n;
    uint64_t offset;
    QI_TRY(table_array(cube, check, QI_SLABS, sizeof(qi_slab_record), &bytes, &n, &offset));
    if (bytes == NULL)
        return QUIPU_OK;
    const qi_slab_record *records = bytes;
    cube->slabs = qi_arena_alloc(&cube->arena, (n + 1) * sizeof *cube->slabs);
    cube->pairs_sound = qi_arena_alloc(&cube->arena, n + 1);
    cube->matrix_sound = qi_arena_alloc(&cube->arena, n + 1);
    cube->firms_sound = qi_arena_alloc(&cube->arena, n + 1);
    cube->tariffs_sound = qi_arena_alloc(&cube->arena, 1);
    if (cube->slabs == NULL || cube->pairs_sound == NULL || cube->matrix_sound == NULL ||
        cube->firms_sound == NULL || cube->tariffs_sound == NULL)
        return qi_fail_memory(check->err, n * sizeof *cube->slabs);
    for (size_t s = 0; s < n; s++) {
        const qi_slab_record *r = &records[s];
        const char *wrong = qi_record_wrong(cube, r);
        if (s > 0 &&
            (r[-1].period > r->period || (r[-1].period == r->period && r[-1].flow >= r->flow)))
            wrong = "it is not in order of period and flow";
        if (wrong != NULL)
            QI_TRY(qi_problem(check, QI_SLABS, QI_NO_SLAB, offset + s * sizeof *r,
                              "slab %zu: %s", s, wrong));
        cube->slabs[s] = (quipu_slab){.period = r->period,
                                      .flow = (quipu_flow)r->flow,
                                      .columns = r->columns,
                                      .n_pairs = r->n_pairs,
                                      .rows = r->rows,
                                      .total = r->total};
    }
    cube->records = records;
    cube->n_slabs = n;
    cube->has_slabs = true;
    return QUIPU_OK;
}

quipu_status qi_cube_tables(quipu_cube *cube, qi_check *check) {
    QI_TRY(read_meta(cube, check));
    QI_TRY(read_countries(cube, check));
    QI_TRY(read_products(cube, check));
    QI_TRY(qi_cube_firms(cube, check));
    return read_slabs(cube, check);
}

static quipu_status open_all(quipu_cube *cube, qi_check *check) {
    QI_TRY(qi_cube_map(cube, check));
    QI_TRY(qi_cube_header(cube, check));
    QI_TRY(qi_cube_directory(cube, check));
    return qi_cube_tables(cube, check);
}

quipu_status quipu_cube_open(const char *path, quipu_cube **out, quipu_error *err) {
    qi_error_clear(err);
    *out = NULL;
    quipu_cube *cube = calloc(1, sizeof *cube);
    if (cube == NULL)
        return qi_fail_memory(err, sizeof *cube);
    cube->path = qi_arena_dup(&cube->arena, path);
    qi_check check = qi_check_first(cube, err);
    quipu_status status =
        cube->path != NULL ? open_all(cube, &check) : qi_fail_memory(err, strlen(path));
    if (status != QUIPU_OK) {
        quipu_cube_close(cube);
        return status;
    }
    *out = cube;
    return QUIPU_OK;
}

bool quipu_cube_is(const char *path) {
    char magic[sizeof QI_MAGIC - 1];
    FILE *file = fopen(path, "rb");
    size_t got = file != NULL ? fread(magic, 1, sizeof magic, file) : 0;
    if (file != NULL)
        fclose(file);
    return got == sizeof magic && memcmp(magic, QI_MAGIC, sizeof magic) == 0;
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
