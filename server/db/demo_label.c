#include <string.h>

#include "db/demo_work.h"
#include "rules/label.h"

/* How far each label has come, in turn. */
static const struct {
    enum label_state state;
    enum label_grade grade;
    int granted_days_ago;
} ways[] = {
    {LABEL_GRANTED, LABEL_GRADE_BASIC, 120},    {LABEL_GRANTED, LABEL_GRADE_BASIC, 340},
    {LABEL_REQUESTED, LABEL_GRADE_BASIC, 0},    {LABEL_GRANTED, LABEL_GRADE_ADVANCED, 60},
    {LABEL_EXPIRED, LABEL_GRADE_BASIC, 430},    {LABEL_REFUSED, LABEL_GRADE_BASIC, 0},
    {LABEL_REQUESTED, LABEL_GRADE_ADVANCED, 0}, {LABEL_WITHDRAWN, LABEL_GRADE_BASIC, 90},
};

static const char ISSUER[] = "Trung tâm An ninh mạng quốc gia";

static void event(struct demo *d, const char *label, const char *from, enum label_state to,
                  const char *at, const struct demo_person *who, const char *reason)
{
    demo_put(
        d,
        "INSERT INTO capdo.label_event (id, label_id, from_state, to_state, at, actor_id,"
        " actor_name, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        PARAMETERS(demo_id(d), label, from, label_state_code(to), at, who->id, who->name, reason));
}

static void move(struct demo *d, const char *label, enum label_state from, enum label_state to,
                 const char *at, const struct demo_person *who, const char *reason)
{
    event(d, label, label_state_code(from), to, at, who, reason);
    demo_put(
        d,
        "UPDATE capdo.label SET state = $2, reason = $3, updated_at = $4, version = version + 1"
        " WHERE id = $1",
        PARAMETERS(label, label_state_code(to), reason, at));
}

static void grant(struct demo *d, const char *label, const struct demo_case *c, int32_t day,
                  const char *target)
{
    demo_put(d,
             "UPDATE capdo.label SET issuer = $2, granted_on = $3, expires_on = $4,"
             " certificate_url = $5 WHERE id = $1",
             PARAMETERS(label, ISSUER, demo_date(d, day), demo_date(d, day + 365),
                        arena_printf(&d->arena, "https://nhan.example/danh-ba/%s", target)));
    move(d, label, LABEL_REQUESTED, LABEL_GRANTED, demo_time(d, day, 15, 0),
         &c->authority->appraiser, "");
}

static void label(struct demo *d, const struct demo_case *c, enum label_type type,
                  const char *target, size_t index)
{
    const char *id = demo_id(d);
    size_t way = index % COUNT_OF(ways);
    enum label_state state = ways[way].state;
    int days = ways[way].granted_days_ago;
    int32_t asked = demo_workday(d, d->today - days - 12 - (int32_t)(index % 5));
    int32_t answered = demo_workday(d, days > 0 ? d->today - days : d->today - 3);
    const char *at = demo_time(d, asked, 9, (int)(index % 60));

    demo_put(
        d,
        "INSERT INTO capdo.label (id, type, target, system_id, governing_id, operator_id, grade,"
        " evidence_url, requested_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7,"
        " $8, $9, $10, $10)",
        PARAMETERS(id, label_type_code(type), target,
                   type == LABEL_TYPE_ORGANISATION ? NULL : c->id, c->authority->governing->id,
                   c->operator_unit->id, label_grade_code(ways[way].grade),
                   arena_printf(&d->arena, "https://hoso.bacninh.example/nhan/%s", target),
                   c->operator_unit->staff.id, at));
    event(d, id, NULL, LABEL_REQUESTED, at, &c->operator_unit->staff, "");
    if (state == LABEL_REFUSED) {
        move(d, id, LABEL_REQUESTED, LABEL_REFUSED, demo_time(d, answered, 15, 0),
             &c->authority->appraiser, "Chưa công bố đầu mối tiếp nhận thông báo sự cố.");
    } else if (state != LABEL_REQUESTED) {
        grant(d, id, c, answered, target);
    }
    if (state == LABEL_EXPIRED) {
        move(d, id, LABEL_GRANTED, LABEL_EXPIRED, demo_time(d, answered + 366, 8, 0),
             &c->authority->appraiser, "Hết thời hạn một năm.");
    } else if (state == LABEL_WITHDRAWN) {
        move(d, id, LABEL_GRANTED, LABEL_WITHDRAWN,
             demo_time(d, demo_workday(d, d->today - 20), 9, 0), &c->authority->appraiser,
             "Tên miền ngừng sử dụng.");
    }
}

void demo_labels(struct demo *d, const struct demo_case *cases, size_t count)
{
    size_t made = 0;

    for (size_t i = 0; i < count && d->fault == FAULT_NONE; i++) {
        if (cases[i].host != NULL) {
            label(d, &cases[i], made % 4 == 3 ? LABEL_TYPE_SYSTEM : LABEL_TYPE_WEBSITE,
                  cases[i].host, made);
            made++;
        }
    }
    /* A label of an organisation belongs to no system. */
    for (size_t i = 0; i < count && i < 2 && d->fault == FAULT_NONE; i++) {
        label(d, &cases[i == 0 ? 0 : 13], LABEL_TYPE_ORGANISATION,
              arena_printf(&d->arena, "%s.bacninh.example",
                           cases[i == 0 ? 0 : 13].operator_unit->label),
              i);
    }
}
