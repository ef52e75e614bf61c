/* SPDX-License-Identifier: Apache-2.0 */
/* date.c - see date.h. */
#include "report/date.h"

/* The digits that stand where the picture has a 9; -1 when the shape is another. */
static int64_t read_digits(const char *text, const char *picture, size_t from, size_t count) {
    int64_t value = 0;
    for (size_t i = 0; picture[i] != '\0'; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (picture[i] == '9' ? !digit : text[i] != picture[i])
            return -1;
        if (i >= from && i < from + count)
            value = value * 10 + (text[i] - '0');
    }
    return value;
}

static int64_t days_of_month(int64_t year, int64_t month) {
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t days_since_1970(int64_t year, int64_t month, int64_t day) {
    int64_t before = year - 1;
    int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;
    for (int64_t m = 1; m < month; m++)
        days += days_of_month(year, m);
    return days + day - 1;
}

quipu_status qi_date_read(const char *text, const char *what, qi_date *out, quipu_error *err) {
    static const char DAY[] = "9999-99-99", SECOND[] = "9999-99-99T99:99:99Z";
    const char *picture = strlen(text) == sizeof DAY - 1 ? DAY : SECOND;
    memset(out, 0, sizeof *out);
    int64_t year = -1, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (strlen(text) == strlen(picture))
        year = read_digits(text, picture, 0, 4);
    if (year >= 1900) {
        month = read_digits(text, picture, 5, 2);
        day = read_digits(text, picture, 8, 2);
        if (picture == SECOND) {
            hour = read_digits(text, picture, 11, 2);
            minute = read_digits(text, picture, 14, 2);
            second = read_digits(text, picture, 17, 2);
        }
    }
    if (year < 1900 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month) ||
        hour > 23 || minute > 59 || second > 59)
        return qi_fail(err, QUIPU_E_ARG,
                       "%s is '%.40s'; expected a date like 2013-05-01 or "
                       "2013-05-01T12:00:00Z",
                       what, text);
    memcpy(out->day, text, 10);
    memcpy(out->second, picture == SECOND ? text : "0000-00-00T00:00:00Z", 20);
    memcpy(out->second, text, 10);
    out->unix_seconds =
        days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return QUIPU_OK;
}
