/* SPDX-License-Identifier: Apache-2.0 */
/* source.c - one input as a list of members, each a stream of bytes.
 *
 * A plain file is read as it is; gzip is undone by zlib, which checks its sums; anything else
 * packed (zip, tar, xz, zstd, bzip2) goes through libarchive, fed by the same reader, so that
 * the hash is always that of the file as it lies on disk (XXH3-128: what `xxh128sum` prints; ten
 * times the speed of SHA-256, which alone would take longer than the whole import).  Nothing is
 * ever unpacked to disk.  Parquet is read by DuckDB from the file itself (parquet.c).
 */
#include "io.h"
#include "duckdb.h"
#include "foreign.h"
#include "gzip.h"
#include "packed.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { PEEK = 512, RAW_BLOCK = 1 << 18 };

/* Trade tables pack to a tenth or a twentieth.  What unpacks to more than this times what was
 * read (past the first 64 MiB) is no table but a trap. */
enum { MAX_EXPANSION = 500 };
static const uint64_t FREE_EXPANSION = UINT64_C(64) << 20;

struct qi_source {
    char *path;
    int fd;
    uint64_t size, position, unpacked;
    XXH3_state_t *hash;
    char peek[PEEK]; /* the first bytes, read to see what the file is */
    size_t peeked, peek_used;
    qi_gzip *gzip;   /* between the file and everything else, when it is gzip */
    char head[PEEK]; /* the first bytes of the file itself, while `gzip` begins */
    size_t head_length, head_used;
    qi_archive_calls calls;
    struct archive *archive;
    struct archive_entry *entry;
    char *raw;           /* libarchive's input block */
    qi_parquet *parquet; /* reads instead of us */
    char *member;
    const char *problem; /* what gzip said, NULL = the system's errno */
    bool plain_done;
    FILE *text; /* a table of another program, as text */
};

/* ---- bytes as they lie on disk ---- */

static ssize_t read_some(qi_source *s, char *bytes, size_t size) {
    ssize_t got;
    do {
        got = read(s->fd, bytes, size);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        s->position += (uint64_t)got;
        XXH3_128bits_update(s->hash, bytes, (size_t)got);
    }
    return got;
}

/* The file's own bytes, for the unpacker of gzip. */
static ssize_t read_packed(void *user, char *bytes, size_t size) {
    qi_source *s = user;
    if (s->head_used < s->head_length) {
        size_t n = s->head_length - s->head_used < size ? s->head_length - s->head_used : size;
        memcpy(bytes, s->head + s->head_used, n);
        s->head_used += n;
        return (ssize_t)n;
    }
    return read_some(s, bytes, size);
}

/* What the file holds once gzip is undone. */
static ssize_t read_unzipped(qi_source *s, char *bytes, size_t size) {
    if (s->gzip == NULL)
        return read_some(s, bytes, size);
    return qi_gzip_read(s->gzip, bytes, size, &s->problem);
}

static ssize_t read_raw(qi_source *s, char *bytes, size_t size) {
    if (s->text != NULL) {
        size_t got = fread(bytes, 1, size, s->text);
        return got == 0 && ferror(s->text) ? -1 : (ssize_t)got;
    }
    if (s->peek_used < s->peeked) {
        size_t n = s->peeked - s->peek_used < size ? s->peeked - s->peek_used : size;
        memcpy(bytes, s->peek + s->peek_used, n);
        s->peek_used += n;
        return (ssize_t)n;
    }
    return read_unzipped(s, bytes, size);
}

static quipu_status read_failed(qi_source *s, quipu_error *err) {
    if (s->problem == NULL)
        return qi_fail_errno(err, "read", s->path);
    return qi_fail_at(err, QUIPU_E_FORMAT, s->path, 0, 0,
                      "cannot be unpacked (cut short or damaged): %s. Fetch the file again",
                      s->problem);
}

static la_ssize_t feed(struct archive *archive, void *user, const void **block) {
    qi_source *s = user;
    ssize_t got = read_raw(s, s->raw, RAW_BLOCK);
    if (got < 0)
        s->calls.archive_set_error(archive, errno, "%s",
                                   s->problem != NULL ? s->problem : "read failed");
    *block = s->raw;
    return got;
}

/* ---- opening ---- */

static bool begins(const qi_source *s, const char *magic, size_t length) {
    return s->peeked >= length && memcmp(s->peek, magic, length) == 0;
}

static bool is_packed(const qi_source *s) {
    return begins(s, "PK\x03\x04", 4) || begins(s, "PK\x05\x06", 4) || begins(s, "BZh", 3) ||
           begins(s,
                  "\xfd"
                  "7zXZ",
                  5) ||
           begins(s, "\x28\xb5\x2f\xfd", 4) ||
           (s->peeked >= 262 && memcmp(s->peek + 257, "ustar", 5) == 0);
}

static quipu_status open_archive(qi_source *s, quipu_error *err) {
    QI_TRY(qi_archive_load(&s->calls, err));
    s->raw = malloc(RAW_BLOCK);
    s->archive = s->calls.archive_read_new();
    if (s->raw == NULL || s->archive == NULL)
        return qi_fail_memory(err, RAW_BLOCK);
    s->calls.archive_read_support_filter_all(s->archive);
    s->calls.archive_read_support_format_zip_streamable(s->archive);
    s->calls.archive_read_support_format_tar(s->archive);
    s->calls.archive_read_support_format_raw(s->archive);
    if (s->calls.archive_read_open(s->archive, s, NULL, feed, NULL) != ARCHIVE_OK)
        return qi_fail_at(err, QUIPU_E_FORMAT, s->path, 0, 0, "cannot be unpacked: %s",
                          s->calls.archive_error_string(s->archive));
    return QUIPU_OK;
}

static quipu_status peek(qi_source *s, quipu_error *err) {
    ssize_t got = 1;
    s->peeked = 0;
    while (s->peeked < PEEK && got > 0) {
        got = read_unzipped(s, s->peek + s->peeked, PEEK - s->peeked);
        if (got > 0)
            s->peeked += (size_t)got;
    }
    return got < 0 ? read_failed(s, err) : QUIPU_OK;
}

/* The first bytes; of a gzip file the first unpacked ones. */
static quipu_status look(qi_source *s, quipu_error *err) {
    QI_TRY(peek(s, err));
    if (!begins(s, "\x1f\x8b", 2))
        return QUIPU_OK;
    memcpy(s->head, s->peek, s->peeked);
    s->head_length = s->peeked;
    s->gzip = qi_gzip_open(read_packed, s);
    if (s->gzip == NULL)
        return qi_fail_memory(err, PEEK);
    return peek(s, err);
}

static quipu_status open_parquet(qi_source *s, bool named, const char *duckdb,
                                 quipu_error *err) {
    if (!named)
        return qi_fail_at(err, QUIPU_E_ARG, s->path, 1, 1,
                          "Parquet is read from its end, which a pipe does not allow: name the "
                          "file");
    return qi_parquet_open(s->path, duckdb, &s->parquet, err);
}

/* A table of Stata, SPSS or Excel becomes text; these files are read here and there, not from
 * one end to the other. */
static quipu_status open_foreign(qi_source *s, const qi_place *place, bool file,
                                 quipu_error *err) {
    qi_foreign kind = qi_foreign_kind(s->peek, s->peeked);
    char *name;
    if (kind == QI_FOREIGN_NONE) {
        if (place->sheet != NULL || place->range != NULL)
            return qi_fail_at(err, QUIPU_E_FORMAT, place->path, 0, 0,
                              "the file is no workbook");
        return QUIPU_OK;
    }
    if (!file || s->gzip != NULL)
        return qi_fail_at(err, QUIPU_E_FORMAT, s->path, 0, 0,
                          "a file of Stata, SPSS or Excel must be a plain file, neither packed "
                          "nor from a pipe: unpack it and name it");
    QI_TRY(qi_foreign_open(kind, place, &s->text, &name, err));
    free(s->member);
    s->member = name;
    return QUIPU_OK;
}

static quipu_status open_source(const qi_place *place, const char *duckdb, qi_source **out,
                                quipu_error *err) {
    const char *path = place->path;
    *out = NULL;
    qi_source *s = calloc(1, sizeof *s);
    if (s == NULL)
        return qi_fail_memory(err, sizeof *s);
    quipu_status status = QUIPU_OK;
    struct stat info;
    bool standard = strcmp(path, "-") == 0;
    s->path = strdup(standard ? "standard input" : path);
    s->hash = XXH3_createState();
    s->fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (s->path == NULL || s->hash == NULL || XXH3_128bits_reset(s->hash) != XXH_OK) {
        status = qi_fail_memory(err, sizeof *s);
    } else if (s->fd < 0 || fstat(s->fd, &info) != 0) {
        status = qi_fail_errno(err, "open", path);
    } else if (S_ISDIR(info.st_mode)) {
        status = qi_fail(err, QUIPU_E_ARG, "%s is a folder; name the files in it", path);
    } else {
        s->size = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
        status = look(s, err);
        if (status == QUIPU_OK)
            status = open_foreign(s, place, S_ISREG(info.st_mode) && !standard, err);
        if (status == QUIPU_OK && s->text == NULL && is_packed(s))
            status = open_archive(s, err);
        if (status == QUIPU_OK && s->gzip == NULL && begins(s, "PAR1", 4))
            status = open_parquet(s, !standard && s->size > 0, duckdb, err);
    }
    if (status != QUIPU_OK) {
        qi_source_close(s);
        return status;
    }
    *out = s;
    return QUIPU_OK;
}

quipu_status qi_source_open(const char *path, const char *duckdb, qi_source **out,
                            quipu_error *err) {
    qi_place place;
    *out = NULL;
    QI_TRY(qi_place_split(path, &place, err));
    quipu_status status = open_source(&place, duckdb, out, err);
    qi_place_free(&place);
    return status;
}

quipu_status qi_source_path(const char *text, char **path, quipu_error *err) {
    qi_place place;
    *path = NULL;
    QI_TRY(qi_place_split(text, &place, err));
    *path = place.path;
    place.path = NULL;
    qi_place_free(&place);
    return QUIPU_OK;
}

bool qi_source_in_cells(const qi_source *s) {
    return s->text != NULL;
}

void qi_source_close(qi_source *s) {
    if (s == NULL)
        return;
    if (s->text != NULL)
        fclose(s->text);
    if (s->archive != NULL)
        s->calls.archive_read_free(s->archive);
    qi_archive_unload(&s->calls);
    qi_gzip_close(s->gzip);
    qi_parquet_close(s->parquet);
    if (s->fd >= 0)
        close(s->fd);
    XXH3_freeState(s->hash);
    free(s->raw);
    free(s->member);
    free(s->path);
    free(s);
}

/* ---- members ---- */

static bool points_outside(const char *name) {
    if (name[0] == '/' || name[0] == '\\' || strchr(name, ':') != NULL)
        return true;
    for (const char *at = name; at != NULL; at = strpbrk(at, "/\\")) {
        at += *at == '/' || *at == '\\';
        if (at[0] == '.' && at[1] == '.' && (at[2] == 0 || at[2] == '/' || at[2] == '\\'))
            return true;
    }
    return false;
}

static quipu_status unpack_failed(qi_source *s, quipu_error *err) {
    const char *text = s->calls.archive_error_string(s->archive);
    return qi_fail_at(err, QUIPU_E_FORMAT, s->path, 0, 0,
                      "cannot be unpacked (cut short or damaged): %s. Fetch the file again",
                      text != NULL ? text : "unknown reason");
}

quipu_status qi_source_next(qi_source *s, const char **name, quipu_error *err) {
    *name = NULL;
    if (s->archive == NULL) {
        if (!s->plain_done)
            *name = s->text != NULL ? s->member : s->path;
        s->plain_done = true;
        return QUIPU_OK;
    }
    for (;;) {
        int result = s->calls.archive_read_next_header(s->archive, &s->entry);
        if (result == ARCHIVE_EOF)
            return QUIPU_OK;
        if (result < ARCHIVE_WARN)
            return unpack_failed(s, err);
        const char *inside = s->calls.archive_entry_pathname(s->entry);
        bool single = s->calls.archive_format(s->archive) == ARCHIVE_FORMAT_RAW;
        if (!single && (inside == NULL || points_outside(inside)))
            return qi_fail_at(err, QUIPU_E_FORMAT, s->path, 0, 0,
                              "the archive has a member named \"%s\", which points outside it: "
                              "refused. Unpack it by hand if you trust it",
                              inside != NULL ? inside : "");
        if (!single && s->calls.archive_entry_filetype(s->entry) != AE_IFREG)
            continue; /* folders */
        free(s->member);
        size_t size = strlen(s->path) + (inside != NULL ? strlen(inside) : 0) + 2;
        s->member = malloc(size);
        if (s->member == NULL)
            return qi_fail_memory(err, size);
        snprintf(s->member, size, single ? "%s" : "%s:%s", s->path, inside);
        *name = s->member;
        return QUIPU_OK;
    }
}

static quipu_status read_parquet(qi_source *s, char *bytes, size_t size, size_t *got,
                                 quipu_error *err) {
    size_t n = 1;
    while (*got < size && n > 0) {
        QI_TRY(qi_parquet_read(s->parquet, bytes + *got, size - *got, &n, err));
        *got += n;
    }
    return QUIPU_OK;
}

quipu_status qi_source_read(qi_source *s, char *bytes, size_t size, size_t *got,
                            quipu_error *err) {
    *got = 0;
    if (s->parquet != NULL)
        return read_parquet(s, bytes, size, got, err);
    while (*got < size) {
        la_ssize_t n = s->archive == NULL
                           ? read_raw(s, bytes + *got, size - *got)
                           : s->calls.archive_read_data(s->archive, bytes + *got, size - *got);
        if (n == ARCHIVE_RETRY && s->archive != NULL)
            continue;
        if (n < 0)
            return s->archive != NULL ? unpack_failed(s, err) : read_failed(s, err);
        if (n == 0)
            return QUIPU_OK;
        *got += (size_t)n;
        s->unpacked += (uint64_t)n;
        if ((s->archive != NULL || s->gzip != NULL) && s->unpacked > FREE_EXPANSION &&
            s->unpacked / MAX_EXPANSION > s->position)
            return qi_fail_at(err, QUIPU_E_LIMIT, s->path, 0, 0,
                              "unpacks to more than %d times its size: refused as a zip bomb",
                              MAX_EXPANSION);
    }
    return QUIPU_OK;
}

uint64_t qi_source_position(const qi_source *s) {
    return s->position;
}

uint64_t qi_source_size(const qi_source *s) {
    return s->size;
}

quipu_status qi_source_digest(qi_source *s, char hex[33], quipu_error *err) {
    char rest[4096];
    ssize_t got;
    while ((got = read_some(s, rest, sizeof rest)) > 0)
        ; /* what libarchive did not need, such as the zip's directory */
    if (got < 0)
        return qi_fail_errno(err, "read", s->path);
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits_digest(s->hash));
    for (size_t i = 0; i < sizeof digest.digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest.digest[i]);
    return QUIPU_OK;
}

quipu_status qi_whole_table(const char *path, size_t limit, qi_buffer *out, bool *in_cells,
                            quipu_error *err) {
    char head[64];
    qi_place place;
    FILE *text = NULL;
    char *name = NULL;
    quipu_status status = QUIPU_OK;
    size_t got = 0;
    if (in_cells != NULL)
        *in_cells = false;
    *out = (qi_buffer){0};
    QI_TRY(qi_place_split(path, &place, err));
    FILE *file = fopen(place.path, "rbe");
    if (file != NULL) {
        got = fread(head, 1, sizeof head, file);
        fclose(file);
    }
    qi_foreign kind = qi_foreign_kind(head, got);
    if (kind == QI_FOREIGN_NONE) {
        qi_place_free(&place);
        return qi_whole_file(path, limit, out, err);
    }
    QI_GO(qi_foreign_open(kind, &place, &text, &name, err));
    if (in_cells != NULL)
        *in_cells = true;
    status = qi_whole_stream(text, path, limit, out, err);
done:
    if (text != NULL)
        fclose(text);
    free(name);
    qi_place_free(&place);
    return status;
}
