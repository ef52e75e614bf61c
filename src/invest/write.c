/* SPDX-License-Identifier: Apache-2.0 */
/* write.c - tables of a register into a folder that appears whole or not at all. */
#include "invest/invest.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

bool qi_csv_field(qi_buffer *out, const char *text, char end) {
    bool quoted = strpbrk(text, ",;\t\"\r\n") != NULL || text[0] == ' ' ||
                  (text[0] != '\0' && text[strlen(text) - 1] == ' ');
    bool fine = !quoted || qi_buffer_add(out, "\"", 1);
    for (const char *c = text; *c != '\0' && fine; c++) {
        /* A line of a table is a line of the file. */
        bool blank = *c == '\r' || *c == '\n' || *c == '\t';
        char plain = *c;
        if (blank)
            plain = ' ';
        fine = (plain != '"' || qi_buffer_add(out, "\"", 1)) && qi_buffer_add(out, &plain, 1);
    }
    return fine && (!quoted || qi_buffer_add(out, "\"", 1)) && qi_buffer_add(out, &end, 1);
}

static quipu_status write_file(const char *path, const qi_buffer *bytes, quipu_error *err) {
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return qi_fail_errno(err, "write", path);
    bool fine = fwrite(bytes->bytes, 1, bytes->length, file) == bytes->length;
    fine = fflush(file) == 0 && fsync(fileno(file)) == 0 && fine;
    fine = fclose(file) == 0 && fine;
    return fine ? QUIPU_OK : qi_fail_errno(err, "write", path);
}

static void remove_aside(const char *aside) {
    char path[4200];
    for (int t = 0; t < QI_N_TABLES; t++) {
        snprintf(path, sizeof path, "%s/%s", aside, qi_table_file((qi_table_id)t));
        unlink(path);
    }
    rmdir(aside);
}

quipu_status qi_register_make(const qi_buffer files[QI_N_TABLES], const char *folder,
                              quipu_error *err) {
    char aside[4096], path[4200];
    struct stat there;
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    if (length == 0 || length > sizeof aside - 16)
        return qi_fail(err, QUIPU_E_ARG, "no name for a folder");
    snprintf(aside, sizeof aside, "%.*s", (int)length, folder);
    if (lstat(aside, &there) == 0)
        return qi_fail(err, QUIPU_E_ARG, "%.200s is there already: name a folder that is not",
                       folder);
    snprintf(aside, sizeof aside, "%.*s.XXXXXX", (int)length, folder);
    if (mkdtemp(aside) == NULL)
        return qi_fail_errno(err, "make the folder", folder);
    quipu_status status = QUIPU_OK;
    for (int t = 0; t < QI_N_TABLES && status == QUIPU_OK; t++) {
        snprintf(path, sizeof path, "%s/%s", aside, qi_table_file((qi_table_id)t));
        if (files[t].length > 0)
            status = write_file(path, &files[t], err);
    }
    mode_t mask = umask(0); /* mkdtemp makes a private folder; a result is open as any other */
    umask(mask);
    if (status == QUIPU_OK && (chmod(aside, 0777 & ~mask) != 0 || rename(aside, folder) != 0))
        status = qi_fail_errno(err, "make the folder", folder);
    if (status != QUIPU_OK)
        remove_aside(aside);
    return status;
}
