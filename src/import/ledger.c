/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.c - where every row went, and with how much value.  Each chunk keeps its own; they
 * are merged in input order, so the examples are always the first ones. */
#include "import.h"

static const struct {
    qi_outcome outcome;
    const char *text;
} REASON[QI_N_REASONS] = {
#define X(name, outcome, text) {QI_##outcome, text},
    QI_REASONS(X)
#undef X
};

static int64_t add_saturating(int64_t a, int64_t b) {
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return a > 0 ? INT64_MAX : INT64_MIN;
    return sum;
}

void qi_ledger_count(qi_ledger *ledger, qi_reason reason, uint64_t rows, int64_t value) {
    ledger->line[reason].rows += rows;
    ledger->line[reason].value = add_saturating(ledger->line[reason].value, value);
}

/* Examples quote foreign files; in reports they stand on one line, between tabs. */
static void clean(char *text) {
    qi_text_clean(text, strlen(text));
    for (; *text != 0; text++)
        if (*text == '\n' || *text == '\t')
            *text = ' ';
}

static void keep_example(const qi_ledger *ledger, qi_ledger_line *line, const char *example) {
    bool better = ledger->least && example[0] != 0 && strcmp(example, line->example) < 0;
    if (line->example[0] == 0 || better)
        snprintf(line->example, sizeof line->example, "%s", example);
}

void qi_ledger_note(qi_ledger *ledger, qi_reason reason, uint64_t rows, int64_t value,
                    const char *format, ...) {
    qi_ledger_line *line = &ledger->line[reason];
    if (line->example[0] == 0 || ledger->least) {
        char example[sizeof line->example];
        va_list args;
        va_start(args, format);
        vsnprintf(example, sizeof example, format, args);
        va_end(args);
        clean(example);
        keep_example(ledger, line, example);
    }
    qi_ledger_count(ledger, reason, rows, value);
}

void qi_ledger_merge(qi_ledger *into, const qi_ledger *from) {
    into->read += from->read;
    into->accepted += from->accepted;
    into->tariffs += from->tariffs;
    into->value_accepted = add_saturating(into->value_accepted, from->value_accepted);
    into->rounding += from->rounding;
    for (int r = 0; r < QI_N_REASONS; r++) {
        qi_ledger_count(into, (qi_reason)r, from->line[r].rows, from->line[r].value);
        keep_example(into, &into->line[r], from->line[r].example);
    }
}

uint64_t qi_ledger_sum(const qi_ledger *ledger, qi_outcome outcome) {
    uint64_t sum = 0;
    for (int r = 0; r < QI_N_REASONS; r++)
        if (REASON[r].outcome == outcome)
            sum += ledger->line[r].rows;
    return sum;
}

static const char *outcome_name(qi_outcome outcome) {
    return outcome == QI_SET_ASIDE ? "set aside" : outcome == QI_REJECTED ? "rejected" : "note";
}

static quipu_status add_line(quipu_table *out, const char *outcome, const char *reason,
                             uint64_t rows, int64_t value, const char *example,
                             quipu_error *err) {
    size_t row;
    QI_TRY(quipu_table_add_rows(out, 1, &row, err));
    QI_TRY(quipu_table_set_text(out, 0, row, outcome, err));
    QI_TRY(quipu_table_set_text(out, 1, row, reason, err));
    quipu_table_set_integer(out, 2, row, (int64_t)rows);
    quipu_table_set_integer(out, 3, row, value);
    return example[0] != 0 ? quipu_table_set_text(out, 4, row, example, err) : QUIPU_OK;
}

quipu_status qi_ledger_table(const qi_ledger *ledger, quipu_table *out, quipu_error *err) {
    static const quipu_column_spec SPECS[] = {
        {"outcome", "Outcome", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"reason", "Reason", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
        {"rows", "Rows", QUIPU_INTEGER, QUIPU_FIGURE, "", 0},
        {"value", "Value", QUIPU_MONEY, QUIPU_FIGURE, "US$", 0},
        {"example", "Example", QUIPU_TEXT, QUIPU_DIMENSION, "", 0},
    };
    quipu_status status;
    QI_TRY(quipu_table_init(out, "import", SPECS, QI_COUNT(SPECS), err));
    QI_GO(add_line(out, "accepted", "leaves of the cube", ledger->accepted,
                   ledger->value_accepted, "", err));
    if (ledger->tariffs > 0)
        QI_GO(add_line(out, "accepted", "tariffs", ledger->tariffs, 0, "", err));
    for (int r = 0; r < QI_N_REASONS; r++)
        if (ledger->line[r].rows > 0)
            QI_GO(add_line(out, outcome_name(REASON[r].outcome), REASON[r].text,
                           ledger->line[r].rows, ledger->line[r].value, ledger->line[r].example,
                           err));
done:
    if (status != QUIPU_OK)
        quipu_table_free(out);
    return status;
}

bool qi_ledger_text(const qi_ledger *ledger, qi_buffer *out) {
    char number[QI_NUMBER_TEXT];
    qi_format_scaled(number, ledger->value_accepted, 3);
    bool ok = qi_buffer_printf(out, "accepted\tleaves of the cube\t%llu\t%s\t\n",
                               (unsigned long long)ledger->accepted, number);
    if (ok && ledger->tariffs > 0)
        ok = qi_buffer_printf(out, "accepted\ttariffs\t%llu\t\t\n",
                              (unsigned long long)ledger->tariffs);
    for (int r = 0; r < QI_N_REASONS && ok; r++) {
        const qi_ledger_line *line = &ledger->line[r];
        if (line->rows == 0 || r == QI_R_NO_FIRM) /* that is in the cube: the rows of no firm */
            continue;
        qi_format_scaled(number, line->value, 3);
        ok = qi_buffer_printf(out, "%s\t%s\t%llu\t%s\t%s\n", outcome_name(REASON[r].outcome),
                              REASON[r].text, (unsigned long long)line->rows, number,
                              line->example);
    }
    return ok;
}
