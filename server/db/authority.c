#include "db/authority.h"

#include "db/reach.h"

static const struct statement LOAD = {
    "authority_load",
    "SELECT a.source, a.record_id, a.organisation_id, a.name, a.document_number, a.valid_from, "
    "a.valid_to, (SELECT coalesce(sum(1 << l), 0) FROM unnest(a.levels) l), a.operates, a.member, "
    "a.is_operator, a.appraises_from, a.appraises_to, a.heads_from, a.heads_to, a.people "
    "FROM capdo.dossier d, capdo.dossier_authority(d.id, $2::date) a "
    "WHERE d.id = $1 AND " DOSSIER_SEEN("d"),
    2};

const struct statement *const authority_statements[] = {&LOAD, NULL};

enum {
    SOURCE,
    RECORD_ID,
    ORGANISATION_ID,
    NAME,
    DOCUMENT_NUMBER,
    VALID_FROM,
    VALID_TO,
    LEVELS,
    OPERATES,
    MEMBER,
    IS_OPERATOR,
    APPRAISES_FROM,
    APPRAISES_TO,
    HEADS_FROM,
    HEADS_TO,
    PEOPLE,
};

static int32_t read_day(const struct rows *rows, int row, int column, int32_t otherwise)
{
    struct str text = rows_str(rows, row, column);
    struct date date = {0};

    /* The values of a PostgreSQL row are terminated. */
    return text.length > 0 && date_from_text(text.at, &date) ? date_to_day(date) : otherwise;
}

/* absent: what a span without a beginning is. */
static struct authority_span read_span(const struct rows *rows, int row, int from,
                                       struct authority_span absent)
{
    if (rows_str(rows, row, from).length == 0) {
        return absent;
    }
    return (struct authority_span){read_day(rows, row, from, 0),
                                   read_day(rows, row, from + 1, AUTHORITY_OPEN)};
}

static bool read_record(const struct rows *rows, int row, struct authority_record *ret_record)
{
    static const struct authority_span ALWAYS = {INT32_MIN, AUTHORITY_OPEN};
    static const struct authority_span NEVER = {0, 0};
    enum authority_source source = AUTHORITY_SOURCE_COUNT;

    if (!authority_source_from_code(rows_str(rows, row, SOURCE).at, &source)) {
        return false;
    }
    *ret_record = (struct authority_record){
        .source = source,
        .span = read_span(rows, row, VALID_FROM, ALWAYS),
        .levels = (unsigned)rows_int(rows, row, LEVELS, 0),
        .operates = rows_bool(rows, row, OPERATES),
        .member = rows_bool(rows, row, MEMBER),
        .is_operator = rows_bool(rows, row, IS_OPERATOR),
        .appraises = read_span(rows, row, APPRAISES_FROM, NEVER),
        .heads = read_span(rows, row, HEADS_FROM, NEVER),
    };
    return true;
}

enum fault authority_load(struct db *db, struct arena *arena, const char *dossier_id,
                          const char *day,
                          struct authority_record ret_records[static AUTHORITY_RECORDS_MAX],
                          struct authority_body ret_bodies[static AUTHORITY_RECORDS_MAX],
                          int *ret_count)
{
    struct rows rows;
    int count = 0;
    enum fault fault = db_query(db, &LOAD, PARAMETERS(dossier_id, day), &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    for (int i = 0; i < rows.count && count < AUTHORITY_RECORDS_MAX; i++) {
        if (!read_record(&rows, i, &ret_records[count])) {
            continue;
        }
        ret_bodies[count++] = (struct authority_body){
            .record_id = rows_copy(&rows, i, RECORD_ID, arena),
            .organisation_id = rows_copy(&rows, i, ORGANISATION_ID, arena),
            .name = rows_copy(&rows, i, NAME, arena),
            .document_number = rows_copy(&rows, i, DOCUMENT_NUMBER, arena),
            .valid_from = rows_copy(&rows, i, VALID_FROM, arena),
            .valid_to = rows_copy(&rows, i, VALID_TO, arena),
            .people = rows_copy(&rows, i, PEOPLE, arena),
        };
    }
    rows_done(&rows);
    *ret_count = count;
    return FAULT_NONE;
}
