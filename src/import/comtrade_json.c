/* SPDX-License-Identifier: Apache-2.0 */
/* comtrade_json.c - answers of the UN Comtrade API, as they were fetched.  A row has the names
 * that are columns in Comtrade's CSV, so from here on it is read as a row of that. */
#include "import/answer.h"
#include "import/profile.h"

static const qi_field NOTHING = {"", 0, 1};

static quipu_status read_answer_row(qi_chunk *chunk, qi_answer *answer, const char *from,
                                    quipu_error *err) {
    qi_field fields[QI_MAX_FIELDS];
    for (size_t i = 0; i < chunk->schema->n_columns; i++)
        fields[i] = NOTHING;
    uint32_t line = qi_answer_line(answer, from);
    for (size_t i = 0; i < answer->n_pairs; i++) {
        const qi_answer_pair *pair = &answer->pair[i];
        int column = qi_comtrade_column(pair->key, pair->key_length);
        if (column < 0)
            continue;
        ptrdiff_t place = pair->at - answer->line_begin;
        fields[column] = (qi_field){pair->value, pair->value_length,
                                    place < (ptrdiff_t)UINT32_MAX ? (uint32_t)place + 1 : 1};
    }
    return qi_read_fields(chunk, line, from, (size_t)(answer->at - from), fields, err);
}

quipu_status qi_read_comtrade_json(qi_chunk *chunk, quipu_error *err) {
    qi_answer answer;
    bool more = false;
    int64_t rows = 0;
    quipu_status status;
    size_t length = chunk->length; /* without the line end that was added */
    while (length > 0 && chunk->bytes[length - 1] == '\n')
        length--;
    qi_answer_open(&answer, chunk->bytes, length);
    chunk->n_lines = 1;
    for (;; rows++) {
        const char *from = answer.at;
        QI_GO(qi_answer_row(&answer, &more, err));
        if (!more)
            break;
        while (from < answer.at && *from != '{')
            from++;
        chunk->ledger.read++;
        QI_GO(read_answer_row(chunk, &answer, from, err));
    }
    chunk->n_lines = qi_answer_line(&answer, answer.end);
    if (answer.error[0] != 0)
        status =
            qi_fail_at(err, QUIPU_E_DATA, "", 1, 1,
                       "the office answered with an error instead of rows: %s", answer.error);
    else if (answer.count >= 0 && answer.count != rows)
        status = qi_fail_at(err, QUIPU_E_DATA, "", 1, 1,
                            "the answer says it has %lld rows and has %lld: fetch it again",
                            (long long)answer.count, (long long)rows);
done:
    qi_answer_close(&answer);
    return status;
}
