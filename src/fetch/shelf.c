/* SPDX-License-Identifier: Apache-2.0 */
/* shelf.c - see shelf.h. */
#include "fetch/shelf.h"

#include "io/io.h"
#include "quipu/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *const OUTCOME[] = {"rows", "divided", "none"};
enum { MOST_JOURNAL = 512 << 20 };

static char *in_folder(const char *folder, const char *below, const char *name) {
    size_t size = strlen(folder) + strlen(below) + strlen(name) + 3;
    char *path = malloc(size);
    if (path != NULL)
        snprintf(path, size, "%s/%s%s", folder, below, name);
    return path;
}

char *qi_shelf_path(const char *folder, const char *name) {
    return in_folder(folder, "answers/", name);
}

quipu_status qi_write_file(const char *path, const char *bytes, size_t length,
                           quipu_error *err) {
    qi_out out;
    QI_TRY(qi_out_open(&out, path, err));
    quipu_status status = qi_out_write(&out, bytes, length, err);
    if (status == QUIPU_OK)
        return qi_out_commit(&out, err);
    qi_out_abandon(&out);
    return status;
}

/* ---- the folder ---- */

static quipu_status make_folder(const char *path, quipu_error *err) {
    struct stat about;
    if (mkdir(path, 0777) == 0)
        return QUIPU_OK;
    if (errno == EEXIST && stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return QUIPU_OK;
    if (errno == EEXIST)
        errno = ENOTDIR;
    return qi_fail_errno(err, "make the folder", path);
}

/* The folder answers one question. */
static quipu_status check_question(const char *folder, const char *question, quipu_error *err) {
    qi_buffer old = {0};
    quipu_status status = QUIPU_OK;
    char *path = in_folder(folder, "", "request.json");
    if (path == NULL)
        return qi_fail_memory(err, strlen(folder));
    if (access(path, F_OK) != 0) {
        status = qi_write_file(path, question, strlen(question), err);
    } else {
        status = qi_whole_file(path, 1 << 20, &old, err);
        if (status == QUIPU_OK &&
            (old.length != strlen(question) || memcmp(old.bytes, question, old.length) != 0))
            status = qi_fail_at(err, QUIPU_E_ARG, path, 0, 0,
                                "this folder holds the answers to another question: see what "
                                "stands in it, and name another folder with --keep");
    }
    qi_buffer_free(&old);
    free(path);
    return status;
}

/* ---- the journal ---- */

static qi_kept *find(const qi_shelf *shelf, const char *name) {
    size_t low = 0, high = shelf->entries.n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(shelf->entries.items[middle].name, name);
        if (order == 0)
            return &shelf->entries.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const qi_kept *qi_shelf_find(const qi_shelf *shelf, const char *name) {
    return find(shelf, name);
}

static quipu_status remember(qi_shelf *shelf, const qi_kept *entry, quipu_error *err) {
    qi_kept copy = *entry;
    copy.name = qi_arena_dup(&shelf->arena, entry->name);
    copy.target = qi_arena_dup(&shelf->arena, entry->target);
    copy.release = qi_arena_dup(&shelf->arena, entry->release);
    if (copy.name == NULL || copy.target == NULL || copy.release == NULL)
        return qi_fail_memory(err, sizeof copy);
    qi_kept *old = find(shelf, entry->name);
    if (old != NULL) {
        *old = copy;
        return QUIPU_OK;
    }
    if (!QI_PUSH(&shelf->entries, copy))
        return qi_fail_memory(err, sizeof copy);
    size_t i = shelf->entries.n - 1;
    for (; i > 0 && strcmp(shelf->entries.items[i - 1].name, copy.name) > 0; i--)
        shelf->entries.items[i] = shelf->entries.items[i - 1];
    shelf->entries.items[i] = copy;
    return QUIPU_OK;
}

static bool is_name(const char *name) {
    return name[0] != 0 && name[0] != '.' && strchr(name, '/') == NULL && strlen(name) < 200;
}

static bool read_entry(const json_t *line, qi_kept *out) {
    const char *outcome, *sha256, *time;
    json_int_t rows, bytes;
    if (json_unpack((json_t *)line, "{s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s}", "file",
                    &out->name, "request", &out->target, "release", &out->release, "outcome",
                    &outcome, "rows", &rows, "bytes", &bytes, "sha256", &sha256, "time",
                    &time) != 0)
        return false;
    for (out->outcome = QI_ROWS; strcmp(OUTCOME[out->outcome], outcome) != 0; out->outcome++)
        if (out->outcome == QI_NONE)
            return false;
    out->rows = (uint64_t)rows;
    out->bytes = (uint64_t)bytes;
    snprintf(out->sha256, sizeof out->sha256, "%s", sha256);
    snprintf(out->time, sizeof out->time, "%s", time);
    return rows >= 0 && bytes >= 0 && is_name(out->name);
}

/* *length gets how much of the text is whole lines. */
static quipu_status read_journal(qi_shelf *shelf, const char *path, const qi_buffer *text,
                                 size_t *length, quipu_error *err) {
    quipu_status status = QUIPU_OK;
    uint64_t number = 0;
    *length = 0;
    while (*length < text->length && status == QUIPU_OK) {
        const char *line = text->bytes + *length;
        const char *end = memchr(line, '\n', text->length - *length);
        if (end == NULL)
            break; /* cut by a kill: what it told of is asked for again */
        number++;
        qi_kept entry = {0};
        json_t *root = json_loadb(line, (size_t)(end - line), 0, NULL);
        if (root == NULL || !read_entry(root, &entry))
            status = qi_fail_at(err, QUIPU_E_DATA, path, number, 1,
                                "not a line of a journal: take it away, and the answer it told "
                                "of is asked for again");
        else
            status = remember(shelf, &entry, err);
        json_decref(root);
        *length += (size_t)(end - line) + 1;
    }
    return status;
}

static quipu_status open_journal(qi_shelf *shelf, const char *path, quipu_error *err) {
    qi_buffer text = {0};
    size_t length = 0;
    quipu_status status;
    shelf->journal = open(path, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0644);
    if (shelf->journal < 0)
        return qi_fail_errno(err, "write", path);
    if (flock(shelf->journal, LOCK_EX | LOCK_NB) != 0)
        return qi_fail_at(err, QUIPU_E_IO, path, 0, 0,
                          "another fetch is at work in this folder");
    QI_TRY(qi_whole_file(path, MOST_JOURNAL, &text, err));
    status = read_journal(shelf, path, &text, &length, err);
    if (status == QUIPU_OK && length < text.length &&
        ftruncate(shelf->journal, (off_t)length) != 0)
        status = qi_fail_errno(err, "mend", path);
    qi_buffer_free(&text);
    return status;
}

quipu_status qi_shelf_open(qi_shelf *shelf, const char *folder, const char *question,
                           quipu_error *err) {
    memset(shelf, 0, sizeof *shelf);
    shelf->journal = -1;
    shelf->folder = strdup(folder);
    char *answers = in_folder(folder, "answers", ""), *journal = NULL;
    quipu_status status = QUIPU_OK;
    if (shelf->folder == NULL || answers == NULL) {
        status = qi_fail_memory(err, strlen(folder));
        goto done;
    }
    QI_GO(make_folder(folder, err));
    QI_GO(check_question(folder, question, err));
    QI_GO(make_folder(answers, err));
    journal = in_folder(folder, "", "journal.jsonl");
    status = journal != NULL ? open_journal(shelf, journal, err)
                             : qi_fail_memory(err, strlen(folder));
done:
    free(answers);
    free(journal);
    if (status != QUIPU_OK)
        qi_shelf_close(shelf);
    return status;
}

void qi_shelf_close(qi_shelf *shelf) {
    if (shelf->folder != NULL && shelf->journal >= 0)
        close(shelf->journal); /* and the lock goes */
    free(shelf->folder);
    free(shelf->entries.items);
    qi_arena_free(&shelf->arena);
    memset(shelf, 0, sizeof *shelf);
    shelf->journal = -1;
}

/* ---- answers ---- */

bool qi_shelf_is_whole(const qi_shelf *shelf, const qi_kept *entry) {
    char sha256[65];
    uint64_t bytes = 0;
    if (entry->outcome != QI_ROWS)
        return true;
    char *path = qi_shelf_path(shelf->folder, entry->name);
    bool whole = path != NULL && quipu_sha256_file(path, sha256, &bytes, NULL) == QUIPU_OK &&
                 bytes == entry->bytes && strcmp(sha256, entry->sha256) == 0;
    free(path);
    return whole;
}

static quipu_status append_line(const qi_shelf *shelf, const qi_kept *entry, quipu_error *err) {
    json_t *line =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s}", "time", entry->time, "request",
                  entry->target, "release", entry->release, "file", entry->name, "rows",
                  (json_int_t)entry->rows, "bytes", (json_int_t)entry->bytes, "sha256",
                  entry->sha256, "outcome", OUTCOME[entry->outcome]);
    char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
    json_decref(line);
    if (text == NULL)
        return qi_fail_memory(err, sizeof *entry);
    size_t length = strlen(text);
    text[length++] = '\n'; /* in place of the 0 */
    ssize_t written = write(shelf->journal, text, length);
    free(text);
    if (written != (ssize_t)length || fsync(shelf->journal) != 0)
        return qi_fail_errno(err, "write the journal in", shelf->folder);
    return QUIPU_OK;
}

quipu_status qi_shelf_add(qi_shelf *shelf, qi_kept entry, const char *bytes, size_t length,
                          quipu_error *err) {
    char *path = qi_shelf_path(shelf->folder, entry.name);
    quipu_status status = QUIPU_OK;
    struct tm parts;
    time_t now = time(NULL);
    if (path == NULL)
        return qi_fail_memory(err, strlen(entry.name));
    strftime(entry.time, sizeof entry.time, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
    if (bytes != NULL) {
        quipu_sha256(bytes, length, entry.sha256);
        entry.bytes = length;
        if (entry.outcome == QI_ROWS)
            QI_GO(qi_write_file(path, bytes, length, err));
    } else if (entry.outcome == QI_ROWS) {
        QI_GO(quipu_sha256_file(path, entry.sha256, &entry.bytes, err));
    }
    QI_GO(append_line(shelf, &entry, err));
    status = remember(shelf, &entry, err);
done:
    free(path);
    return status;
}

void qi_shelf_sweep(const qi_shelf *shelf, const char *const *used, size_t n) {
    for (size_t i = 0; i < shelf->entries.n; i++) {
        bool keeps = false;
        for (size_t k = 0; k < n && !keeps; k++)
            keeps = strcmp(used[k], shelf->entries.items[i].name) == 0;
        char *path = keeps ? NULL : qi_shelf_path(shelf->folder, shelf->entries.items[i].name);
        if (path != NULL)
            unlink(path); /* what cannot be removed does no harm */
        free(path);
    }
}
