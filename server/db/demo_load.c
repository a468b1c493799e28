#include <stdio.h>
#include <string.h>

#include "db/copy.h"
#include "db/demo_work.h"
#include "rules/authority.h"
#include "rules/flow.h"

/* Every row is made from its number alone, so that each table can be filled in one pass. */

enum {
    SYSTEMS_PER_UNIT = 330,
    UNITS_MIN = 20,
    UNITS_MAX = 3500,
    PROGRESS_ROWS = 20000,
    SYSTEMS_PER_LABEL = 50,
    TIME_BYTES = 96,
    ID_BYTES = 48, /* more than 37, so that the compiler need not know the widths */
};

struct load {
    struct demo *d;
    struct demo_unit *units;
    int64_t unit_count;
    struct demo_answered answered[PROFILE_COUNT][DEMO_RULESETS];
    const char *facts[PROFILE_COUNT];
    int64_t base_ms; /* 1970 to the oldest row */
};

/* One system and its dossier. */
struct load_row {
    int64_t number;
    uint64_t chance;
    const struct demo_unit *unit;
    enum demo_profile profile;
    int ruleset;
    int level;
    bool has_dossier;
    enum dossier_state state;
    int32_t created; /* days */
    int32_t moved;
};

static uint64_t spread(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

enum kind { KIND_SYSTEM = 1, KIND_DOSSIER, KIND_EVENT, KIND_OPINION, KIND_DECISION, KIND_LABEL };

/* The identifier of a row: version 7, ordered by its number. */
static const char *row_id(const struct load *load, enum kind kind, int64_t number,
                          char ret[static ID_BYTES])
{
    uint64_t ms = (uint64_t)(load->base_ms + number);
    uint64_t a = spread((uint64_t)number * 16 + (uint64_t)kind);
    uint64_t b = spread(a ^ 0x5bf03635U);

    (void)snprintf(ret, ID_BYTES, "%08llx-%04llx-7%03llx-%04llx-%012llx",
                   (unsigned long long)(ms >> 16), (unsigned long long)(ms & 0xffff),
                   (unsigned long long)(a & 0xfff), (unsigned long long)((b & 0x3fff) | 0x8000),
                   (unsigned long long)(a >> 16 & 0xffffffffffffULL));
    return ret;
}

static enum demo_profile profile_of(uint64_t chance)
{
    static const enum demo_profile second[] = {PROFILE_INTERNAL, PROFILE_PORTAL, PROFILE_SERVICE,
                                               PROFILE_LAN};
    static const enum demo_profile third[] = {PROFILE_PLATFORM, PROFILE_PROCEDURE,
                                              PROFILE_POPULATION, PROFILE_CONTROL};
    uint64_t share = chance % 1000;
    size_t choice = (chance / 1000) % 4;

    if (share < 444) {
        return PROFILE_NOTICE;
    }
    if (share < 855) {
        return second[choice];
    }
    return share < 995 ? third[choice] : PROFILE_DAM;
}

/* 76 % approved, 12 % under appraisal, 12 % drafting; level 4 is not decided here. */
static void row_story(struct load_row *row, int32_t today)
{
    static const enum dossier_state appraisal[] = {DOSSIER_SUBMITTED, DOSSIER_RECEIVED,
                                                   DOSSIER_APPRAISED};
    static const enum dossier_state drafting[] = {DOSSIER_DRAFT, DOSSIER_RETURNED,
                                                  DOSSIER_WITHDRAWN, DOSSIER_REFUSED};
    uint64_t share = (row->chance >> 20) % 100;
    size_t choice = (size_t)(row->chance >> 32);

    row->has_dossier = row->level >= 1 && row->level <= 3;
    if (share < 76) {
        row->state = DOSSIER_APPROVED;
        row->moved = today - 5 - (int32_t)(choice % 1200);
        row->ruleset = row->moved < today - 80 ? RULESET_OLD : RULESET_NEW;
    } else if (share < 88) {
        row->state = appraisal[choice % COUNT_OF(appraisal)];
        row->moved = today - 1 - (int32_t)(choice % 30);
        row->ruleset = RULESET_NEW;
    } else {
        row->state = drafting[choice % COUNT_OF(drafting)];
        row->moved = today - 1 - (int32_t)(choice % 200);
        row->ruleset = RULESET_NEW;
        row->has_dossier = row->has_dossier && choice % 3 != 0;
    }
    row->created = row->moved - 20 - (int32_t)(choice % 90);
}

static struct load_row row_of(const struct load *load, int64_t number)
{
    struct load_row row = {.number = number, .chance = spread((uint64_t)number + 85)};

    row.unit = &load->units[number % load->unit_count];
    row.profile = profile_of(row.chance);
    row.level = load->answered[row.profile][RULESET_NEW].result.level;
    row_story(&row, load->d->today);
    return row;
}

static const char *time_text(const struct load_row *row, int32_t day, char ret[static TIME_BYTES])
{
    struct date date = date_from_day(day);

    (void)snprintf(ret, TIME_BYTES, "%04d-%02d-%02d %02d:%02d:%02d.%06d+07", date.year, date.month,
                   date.day, 8 + (int)(row->chance >> 8 & 7), (int)((row->chance >> 12) % 60),
                   (int)((row->chance >> 24) % 60), (int)(row->number % 1000000));
    return ret;
}

static void name_of(const struct load_row *row, char *ret, size_t size)
{
    size_t start = (size_t)(row->chance >> 40) % demo_system_count;

    for (size_t i = 0; i < demo_system_count; i++) {
        const struct demo_system *s = &demo_systems[(start + i) % demo_system_count];
        if (s->profile == row->profile) {
            (void)snprintf(ret, size, "%s - %s, phân hệ %lld", s->name, row->unit->name,
                           (long long)(row->number / 400 + 1));
            return;
        }
    }
    (void)snprintf(ret, size, "Hệ thống thông tin %lld", (long long)row->number);
}

static const char *status_of(const struct load_row *row)
{
    if (row->state == DOSSIER_APPROVED && row->has_dossier) {
        return "approved";
    }
    return row->has_dossier ? public_status_code(dossier_state_info(row->state)->public_status)
                            : "drafting";
}

static void system_row(const struct load *load, const struct load_row *row, struct copy *copy)
{
    const struct demo *d = load->d;
    const struct classification *result = &load->answered[row->profile][row->ruleset].result;
    bool approved = row->state == DOSSIER_APPROVED && row->has_dossier;
    char id[ID_BYTES];
    char decision[ID_BYTES];
    char name[400];
    char at[TIME_BYTES];
    char date[CALENDAR_DATE_TEXT_BYTES];

    name_of(row, name, sizeof(name));
    copy_text(copy, row_id(load, KIND_SYSTEM, row->number, id));
    copy_text(copy, name);
    copy_text(copy, d->authorities[AUTHORITY_NOW].governing->id);
    copy_text(copy, row->unit->id);
    copy_text(copy, row->chance % 40 == 0 ? "upgrading" : "operating");
    copy_text(copy, (row->chance >> 16) % 100 < 56 ? "full" : approved ? "partial" : "not_started");
    copy_text(copy, d->rulesets[row->ruleset]->id);
    copy_text(copy, load->facts[row->profile]);
    copy_int(copy, result->level);
    copy_int(copy, result->at_least);
    if (approved) {
        date_to_text(date_from_day(row->moved), date);
        copy_int(copy, row->level);
        copy_text(copy, date);
        copy_text(copy, row_id(load, KIND_DECISION, row->number, decision));
    } else {
        copy_text(copy, NULL);
        copy_text(copy, NULL);
        copy_text(copy, NULL);
    }
    copy_text(copy, status_of(row));
    copy_text(copy, row->has_dossier && row->state != DOSSIER_DRAFT ? "t" : "f");
    copy_text(copy, time_text(row, row->created, at));
    copy_text(copy, row->unit->staff.id);
    copy_text(copy, time_text(row, row->moved, at));
    copy_text(copy, row->unit->staff.id);
}

static bool was_submitted(const struct load_row *row)
{
    return row->state != DOSSIER_DRAFT;
}

static bool was_appraised(const struct load_row *row)
{
    return row->state == DOSSIER_APPRAISED || row->state == DOSSIER_APPROVED ||
           row->state == DOSSIER_REFUSED;
}

static bool was_decided(const struct load_row *row)
{
    return row->state == DOSSIER_APPROVED || row->state == DOSSIER_REFUSED;
}

static const struct demo_person *signer_of(const struct load *load, const struct load_row *row,
                                           const struct demo_unit **ret_unit)
{
    const struct demo_authority *now = &load->d->authorities[AUTHORITY_NOW];
    enum role role = ROLE_DIRECTOR;
    bool body = authority_signer(authority_of(load->d->rulesets[row->ruleset], row->level)->approve,
                                 &role) &&
                role == ROLE_CHAIRMAN;

    *ret_unit = body ? now->governing : now->unit;
    return body ? &now->chairman : &now->director;
}

static void dossier_row(const struct load *load, const struct load_row *row, struct copy *copy)
{
    const struct demo *d = load->d;
    const struct demo_authority *now = &d->authorities[AUTHORITY_NOW];
    const struct demo_unit *unit = NULL;
    const struct time_limit *limit =
        dossier_time_limit(d->rulesets[row->ruleset], row->state, row->level);
    char id[ID_BYTES];
    char created[TIME_BYTES];
    char moved[TIME_BYTES];
    char due[CALENDAR_DATE_TEXT_BYTES];
    char operating[ID_BYTES + 2];
    const char *at = time_text(row, row->moved, moved);

    copy_text(copy, row_id(load, KIND_DOSSIER, row->number, id));
    copy_text(copy, d->rulesets[row->ruleset]->id);
    copy_text(copy, now->governing->id);
    copy_text(copy, row->unit->id);
    copy_int(copy, row->level);
    copy_text(copy, party_code(authority_of(d->rulesets[row->ruleset], row->level)->approve));
    copy_text(copy, dossier_state_info(row->state)->code);
    copy_int(copy, was_submitted(row) ? 1 : 0);
    copy_text(copy, row->unit->staff.id);
    copy_text(copy, was_submitted(row) ? row->unit->staff.id : NULL);
    copy_text(copy, was_submitted(row) ? at : NULL);
    copy_text(copy, was_appraised(row) ? now->appraiser.id : NULL);
    copy_text(copy, was_appraised(row) ? at : NULL);
    copy_text(copy, !was_appraised(row)             ? NULL
                    : row->state == DOSSIER_REFUSED ? "not_suitable"
                                                    : "suitable");
    copy_text(copy, was_decided(row) ? signer_of(load, row, &unit)->id : NULL);
    copy_text(copy, was_decided(row) ? at : NULL);
    copy_text(copy, limit == NULL ? NULL : limit_step_code(limit->step));
    if (limit != NULL && limit->unit != DAY_UNIT_NONE) {
        date_to_text(date_from_day(calendar_add(d->calendar, row->moved, limit->days, limit->unit)),
                     due);
        copy_text(copy, due);
    } else {
        copy_text(copy, NULL);
    }
    copy_text(copy, time_text(row, row->created, created));
    copy_text(copy, at);
    (void)snprintf(operating, sizeof(operating), "{%s}", row->unit->id);
    copy_text(copy, operating);
}

static void dossier_system_row(const struct load *load, const struct load_row *row,
                               struct copy *copy)
{
    char dossier[ID_BYTES];
    char system[ID_BYTES];

    copy_text(copy, row_id(load, KIND_DOSSIER, row->number, dossier));
    copy_text(copy, row_id(load, KIND_SYSTEM, row->number, system));
    copy_int(copy, row->level);
    copy_int(copy, row->level);
    copy_int(copy, row->level);
    copy_text(copy, dossier_state_info(row->state)->open ? "t" : "f");
}

static void event_row(const struct load *load, const struct load_row *row, struct copy *copy)
{
    char id[ID_BYTES];
    char dossier[ID_BYTES];
    char at[TIME_BYTES];

    copy_text(copy, row_id(load, KIND_EVENT, row->number, id));
    copy_text(copy, row_id(load, KIND_DOSSIER, row->number, dossier));
    copy_text(copy, dossier_state_info(row->state)->code);
    copy_text(copy, time_text(row, row->moved, at));
    copy_text(copy, row->unit->staff.id);
    copy_text(copy, row->unit->staff.name);
    copy_text(copy, row->unit->name);
}

static void decision_row(const struct load *load, const struct load_row *row, struct copy *copy)
{
    const struct demo_unit *unit = NULL;
    const struct demo_person *signer = signer_of(load, row, &unit);
    char id[ID_BYTES];
    char dossier[ID_BYTES];
    char number[32];
    char at[TIME_BYTES];
    char date[CALENDAR_DATE_TEXT_BYTES];

    (void)snprintf(number, sizeof(number), "%lld/QĐ", (long long)row->number + 1);
    date_to_text(date_from_day(row->moved), date);
    copy_text(copy, row_id(load, KIND_DECISION, row->number, id));
    copy_text(copy, row_id(load, KIND_DOSSIER, row->number, dossier));
    copy_text(copy, dossier_state_info(row->state)->code);
    copy_text(copy, number);
    copy_text(copy, date);
    copy_text(copy, unit->id);
    copy_text(copy, signer->id);
    copy_text(copy, signer->name);
    copy_text(copy, signer->name);
    copy_text(copy, row->state == DOSSIER_REFUSED ? "Hồ sơ chưa đáp ứng yêu cầu." : "");
    copy_text(copy, "\\x00");
    copy_text(copy, time_text(row, row->moved, at));
}

static void label_row(const struct load *load, const struct load_row *row, struct copy *copy)
{
    char id[ID_BYTES];
    char system[ID_BYTES];
    char target[80];
    char at[TIME_BYTES];

    (void)snprintf(target, sizeof(target), "ht%lld.%s.bacninh.example", (long long)row->number,
                   row->unit->label);
    copy_text(copy, row_id(load, KIND_LABEL, row->number, id));
    copy_text(copy, target);
    copy_text(copy, row_id(load, KIND_SYSTEM, row->number, system));
    copy_text(copy, load->d->authorities[AUTHORITY_NOW].governing->id);
    copy_text(copy, row->unit->id);
    copy_text(copy, row->unit->staff.id);
    copy_text(copy, time_text(row, row->moved, at));
    copy_text(copy, time_text(row, row->moved, at));
}

static bool any(const struct load_row *row)
{
    return row->number >= 0;
}

static bool with_dossier(const struct load_row *row)
{
    return row->has_dossier;
}

static bool with_decision(const struct load_row *row)
{
    return row->has_dossier && was_decided(row);
}

static bool with_label(const struct load_row *row)
{
    return row->number % SYSTEMS_PER_LABEL == 0;
}

static const struct {
    const char *step;
    const char *target;
    bool (*wanted)(const struct load_row *row);
    void (*write)(const struct load *load, const struct load_row *row, struct copy *copy);
} tables[] = {
    {"systems",
     "capdo.system (id, name, governing_id, operator_id, life_cycle, plan_status, ruleset, facts,"
     " computed_level, at_least, approved_level, approved_on, decision_id, approval_status, received,"
     " created_at, created_by, updated_at, updated_by)",
     any, system_row},
    {"dossiers",
     "capdo.dossier (id, ruleset, governing_id, operator_id, level, approve_party, state,"
     " submissions, prepared_by, submitted_by, submitted_at, appraised_by, appraised_at, conclusion,"
     " decided_by, decided_at, step, due_on, created_at, updated_at, operating)",
     with_dossier, dossier_row},
    {"systems of dossiers",
     "capdo.dossier_system (dossier_id, system_id, computed_level, at_least, proposed_level, open)",
     with_dossier, dossier_system_row},
    {"events", "capdo.dossier_event (id, dossier_id, to_state, at, actor_id, actor_name, capacity)",
     with_dossier, event_row},
    {"decisions",
     "capdo.decision (id, dossier_id, outcome, number, decided_on, organisation_id, signer_id,"
     " signer_name, capacity, reason, snapshot_sha256, at)",
     with_decision, decision_row},
    {"labels",
     "capdo.label (id, target, system_id, governing_id, operator_id, requested_by, created_at,"
     " updated_at, type, grade)",
     with_label, label_row},
};

static void table_fill(struct load *load, size_t table)
{
    struct demo *d = load->d;
    struct copy copy;

    if (d->fault != FAULT_NONE) {
        return;
    }
    enum fault fault = copy_begin(&copy, d->db, tables[table].target);
    if (fault != FAULT_NONE) {
        demo_stop(d, fault, "%s: %s", tables[table].step, db_last_error(d->db));
        return;
    }
    for (int64_t i = 0; i < d->options->systems && fault == FAULT_NONE; i++) {
        const struct load_row row = row_of(load, i);
        if (tables[table].wanted(&row)) {
            tables[table].write(load, &row, &copy);
            if (tables[table].write == label_row) {
                copy_text(&copy, "website");
                copy_text(&copy, "basic");
            }
            fault = copy_row(&copy);
        }
        if (i % PROGRESS_ROWS == 0) {
            demo_progress(d, tables[table].step, i, d->options->systems);
        }
    }
    enum fault end = copy_end(&copy);
    fault = fault == FAULT_NONE ? end : fault;
    if (fault != FAULT_NONE) {
        demo_stop(d, fault, "%s: %s", tables[table].step, db_last_error(d->db));
    }
}

/* Secondary indexes, foreign keys and triggers are put aside while the rows come, then made again
 * from their own definitions: a million rows are sorted once instead of inserted a million times. */
static const char ASIDE[] =
    "CREATE TEMP TABLE demo_aside ON COMMIT DROP AS"
    " SELECT 1 AS turn, format('CREATE %s', substr(pg_get_indexdef(i.indexrelid), 8)) AS again,"
    "  format('DROP INDEX %s', i.indexrelid::regclass) AS away"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'capdo'"
    " WHERE c.relname IN ('system', 'dossier', 'dossier_system', 'dossier_event', 'decision', 'label')"
    "  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)"
    " UNION ALL SELECT 2, format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass,"
    "  k.conname, pg_get_constraintdef(k.oid)), format('ALTER TABLE %s DROP CONSTRAINT %I',"
    "  k.conrelid::regclass, k.conname)"
    " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'capdo' WHERE k.contype = 'f'"
    "  AND c.relname IN ('system', 'dossier', 'dossier_system', 'dossier_event', 'decision', 'label')"
    " UNION ALL SELECT 3, format('ALTER TABLE capdo.%I ENABLE TRIGGER USER', name),"
    "  format('ALTER TABLE capdo.%I DISABLE TRIGGER USER', name)"
    " FROM unnest(ARRAY['system', 'dossier', 'dossier_system', 'dossier_event', 'decision', 'label'])"
    "  AS name"
    /* COPY does not go through policies; the owner's own says yes to everything. */
    " UNION ALL SELECT 4, format('ALTER TABLE capdo.%I FORCE ROW LEVEL SECURITY', name),"
    "  format('ALTER TABLE capdo.%I NO FORCE ROW LEVEL SECURITY', name)"
    " FROM unnest(ARRAY['system', 'dossier', 'dossier_system', 'dossier_event', 'decision', 'label'])"
    "  AS name";

static void run_each(struct demo *d, const char *step, const char *query)
{
    struct rows rows;

    if (d->fault != FAULT_NONE) {
        return;
    }
    enum fault fault = db_borrowed_query(d->db, query, &(const struct db_parameters){0}, &rows);
    if (fault != FAULT_NONE) {
        demo_stop(d, fault, "%s: %s", step, db_last_error(d->db));
        return;
    }
    for (int i = 0; i < rows.count; i++) {
        demo_put(d, rows_copy(&rows, i, 0, &d->arena), &(const struct db_parameters){0});
        demo_progress(d, step, i + 1, rows.count);
    }
    rows_done(&rows);
}

/* Further communes, so that no agency has more systems than a large one really has. */
static void units_add(struct load *load)
{
    struct demo *d = load->d;
    const struct demo_unit *province = demo_unit_find(d, DEMO_PROVINCE);
    int64_t more = d->options->systems / SYSTEMS_PER_UNIT;

    more = more < UNITS_MIN ? UNITS_MIN : more > UNITS_MAX ? UNITS_MAX : more;
    load->units = ARENA_ARRAY(&d->arena, d->unit_count + (size_t)more, struct demo_unit);
    for (size_t i = 0; i < d->unit_count; i++) {
        if (d->units[i].staff.id != NULL) {
            load->units[load->unit_count++] = d->units[i];
        }
    }
    for (int64_t i = 0; i < more && d->fault == FAULT_NONE; i++) {
        struct demo_unit unit = {
            .code = arena_printf(&d->arena, "H05.X%04lld", (long long)i + 1),
            .name = arena_printf(&d->arena, "Ủy ban nhân dân xã số %lld", (long long)i + 1),
            .kind = "commune",
            .label = arena_printf(&d->arena, "x%lld", (long long)i + 1),
            .id = demo_id(d),
            .staff = {demo_id(d), arena_printf(&d->arena, "Cán bộ công nghệ thông tin, xã số %lld",
                                               (long long)i + 1)},
        };
        demo_put(
            d,
            "INSERT INTO capdo.organisation (id, code, name, kind, parent_id, valid_from) VALUES"
            " ($1, $2, $3, 'commune', $4, '2025-07-01')",
            PARAMETERS(unit.id, unit.code, unit.name, province->id));
        demo_put(d,
                 "INSERT INTO capdo.account (id, username, display_name, password_hash) VALUES"
                 " ($1, $2, $3, '!')",
                 PARAMETERS(unit.staff.id,
                            arena_printf(&d->arena, "staff.x%04lld", (long long)i + 1),
                            unit.staff.name));
        demo_put(d,
                 "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from)"
                 " VALUES ($1, $2, $3, 'staff', '2025-07-01')",
                 PARAMETERS(demo_id(d), unit.staff.id, unit.id));
        load->units[load->unit_count++] = unit;
        if (i % 500 == 0) {
            demo_progress(d, "organisations", i, more);
        }
    }
}

void demo_load(struct demo *d)
{
    static const int people[PROFILE_COUNT] = {[PROFILE_SERVICE] = 4000,
                                              [PROFILE_FEEDBACK] = 40000,
                                              [PROFILE_PROCEDURE] = 50000,
                                              [PROFILE_POPULATION] = 200000};
    struct load load = {.d = d, .base_ms = ((int64_t)d->today - 30) * 86400000};

    if (d->fault != FAULT_NONE) {
        return;
    }
    for (int p = 0; p < PROFILE_COUNT; p++) {
        for (int r = 0; r < DEMO_RULESETS; r++) {
            demo_answer(d, (enum demo_profile)p, r, people[p], &load.answered[p][r]);
        }
        load.facts[p] =
            arena_printf(&d->arena, "{\"%s\":%s,\"%s\":%s}", d->rulesets[0]->id,
                         load.answered[p][0].json, d->rulesets[1]->id, load.answered[p][1].json);
    }
    units_add(&load);
    /* What waits for the commit would keep tables from being altered. */
    demo_put(d, "SET CONSTRAINTS ALL IMMEDIATE", &(const struct db_parameters){0});
    demo_put(d, "SET LOCAL maintenance_work_mem = '512MB'", &(const struct db_parameters){0});
    demo_put(d, ASIDE, &(const struct db_parameters){0});
    run_each(d, "setting indexes aside", "SELECT away FROM demo_aside ORDER BY turn DESC");
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        table_fill(&load, t);
    }
    run_each(d, "making indexes", "SELECT again FROM demo_aside ORDER BY turn");
}
