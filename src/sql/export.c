/* SPDX-License-Identifier: Apache-2.0 */
/* export.c - a cube as Parquet.
 *
 * The columns and rows of a dump, in its order, with types instead of text; what stands above
 * the rows of a dump stands under the key `quipu` of the file.  Importing puts it back on top,
 * so that a cube comes back as from its dump: byte for byte.
 */
#include "sql/sql.h"

/* COPY `query` into `out`, with `head` under the key `quipu`. */
static quipu_status copy(quipu_sql *sql, const char *query, const char *head, int file,
                         quipu_error *err) {
    qi_buffer text = {0};
    bool ok = qi_buffer_printf(&text,
                               "COPY (%s) TO '/dev/fd/%d' (FORMAT parquet, COMPRESSION zstd, "
                               "COMPRESSION_LEVEL 1, USE_TMP_FILE false, KV_METADATA "
                               "{quipu: ",
                               query, file) &&
              qi_duckdb_quote(&text, head) && qi_buffer_text(&text, "})");
    quipu_table nothing = {0};
    quipu_status status =
        ok ? quipu_sql_run(sql, text.bytes, &nothing, err) : qi_fail_memory(err, text.length);
    quipu_table_free(&nothing);
    qi_buffer_free(&text);
    return status;
}

static quipu_status write_file(quipu_sql *sql, const char *query, const char *head, qi_out *out,
                               const char *path, quipu_error *err) {
    QI_TRY(qi_out_open(out, path, err));
    quipu_status status = copy(sql, query, head, out->fd, err);
    if (status != QUIPU_OK)
        qi_out_abandon(out);
    return status;
}

static quipu_status write_tariffs(quipu_sql *sql, const quipu_cube *cube, const char *path,
                                  qi_out *out, quipu_error *err) {
    char head[128];
    const char *nomenclature = quipu_cube_meta(cube, "nomenclature");
    snprintf(head, sizeof head, "#quipu tariffs 1\n%s%s%s#unit USD\n",
             nomenclature != NULL ? "#nomenclature " : "",
             nomenclature != NULL ? nomenclature : "", nomenclature != NULL ? "\n" : "");
    return write_file(sql, "FROM tariffs", head, out, path, err);
}

quipu_status quipu_cube_write_parquet(const quipu_cube *cube, const quipu_nomen *nomen,
                                      const char *path, const char *tariffs_path,
                                      const quipu_sql_options *options, quipu_error *err) {
    static const char rows[] = "SELECT period, flow, reporter, partner, product, value, "
                               "weight_kg, quantity, unit, flags FROM trade";
    qi_error_clear(err);
    quipu_sql *sql = NULL;
    char *head = NULL;
    const quipu_tariff *tariffs;
    size_t n_tariffs;
    qi_out trade, other;
    bool open = false;
    quipu_status status;
    QI_GO(quipu_cube_tariffs(cube, &tariffs, &n_tariffs, err));
    QI_GO(quipu_cube_head(cube, &head, err));
    QI_GO(quipu_sql_open(nomen, options, &sql, err));
    QI_GO(quipu_sql_add(sql, "", cube, err));
    QI_GO(write_file(sql, rows, head, &trade, path, err));
    open = true;
    if (n_tariffs > 0 && tariffs_path != NULL) {
        QI_GO(write_tariffs(sql, cube, tariffs_path, &other, err));
        QI_GO(qi_out_commit(&other, err));
    }
    open = false;
    status = qi_out_commit(&trade, err);
done:
    if (open)
        qi_out_abandon(&trade);
    quipu_sql_close(sql);
    free(head);
    return status;
}
