#include <string.h>

#include "db/demo_work.h"

/* Nobody signs in with it: it is no hash. */
static const char NO_PASSWORD[] = "!";

#define RECORDED_BY "(SELECT id FROM capdo.account WHERE username = 'admin')"

static struct demo_person post_insert(struct demo *d, const char *username, const char *name,
                                      const struct demo_unit *unit, const char *role)
{
    struct demo_person person = {demo_id(d), name};

    demo_put(d,
             "INSERT INTO capdo.account (id, username, display_name, password_hash) VALUES"
             " ($1, $2, $3, $4)",
             PARAMETERS(person.id, username, name, NO_PASSWORD));
    demo_put(d,
             "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from,"
             " document_number) VALUES ($1, $2, $3, $4, '2016-07-01', '14/QĐ-UBND')",
             PARAMETERS(demo_id(d), person.id, unit->id, role));
    return person;
}

void demo_authorities(struct demo *d)
{
    const struct demo_unit *province = demo_unit_find(d, DEMO_PROVINCE);
    const struct demo_unit *police = demo_unit_find(d, DEMO_POLICE);
    const struct demo_unit *science = demo_unit_find(d, DEMO_SCIENCE);
    struct demo_unit *council = ARENA_NEW(&d->arena, struct demo_unit);

    if (d->fault != FAULT_NONE) {
        return;
    }
    struct demo_person head =
        post_insert(d, "director.h05.08", "Giám đốc Sở Khoa học và Công nghệ", science, "director");
    (void)post_insert(d, "appraiser.h05.08", "Trưởng phòng Chuyển đổi số, Sở Khoa học và Công nghệ",
                      science, "appraiser");
    demo_put(d,
             "INSERT INTO capdo.delegation (id, governing_id, delegate_id, levels, plan_levels,"
             " scope, document_number, valid_from, valid_to, term_to, created_by) VALUES ($1, $2,"
             " $3, '{3}', '{3}', 'Phê duyệt hồ sơ đề xuất cấp độ 3 của các sở, ban, ngành khi Chủ"
             " tịch Ủy ban nhân dân tỉnh vắng mặt', '77/QĐ-UBND', $4, $5, $5, " RECORDED_BY ")",
             PARAMETERS(demo_id(d), province->id, science->id, demo_date(d, d->today - 100),
                        demo_date(d, d->today + 265)));
    demo_put(d,
             "INSERT INTO capdo.appraisal_assignment (id, governing_id, operator_id, unit_id,"
             " document_number, valid_from, valid_to, created_by) VALUES ($1, $2, $3, $4,"
             " '655/QĐ-UBND', $5, $6, " RECORDED_BY ")",
             PARAMETERS(demo_id(d), province->id, police->id, science->id,
                        demo_date(d, d->today - 345), demo_date(d, d->today + 20)));
    *council = (struct demo_unit){.code = police->code,
                                  .name = "Hội đồng thẩm định độc lập",
                                  .kind = police->kind,
                                  .label = police->label,
                                  .id = police->id};
    d->authorities[AUTHORITY_BY_COUNCIL] = d->authorities[AUTHORITY_NOW];
    d->authorities[AUTHORITY_BY_COUNCIL].unit = council;
    d->authorities[AUTHORITY_BY_COUNCIL].appraiser = head;
}

bool demo_is_shared(const struct demo_case *c)
{
    return strcmp(c->name, DEMO_SHARED_SYSTEM) == 0;
}

void demo_share(struct demo *d, const struct demo_case *c)
{
    const char *id = demo_id(d);

    if (d->fault != FAULT_NONE || !demo_is_shared(c)) {
        return;
    }
    demo_put(d,
             "INSERT INTO capdo.system_unit (system_id, organisation_id, duty) VALUES ($1, $2,"
             " 'Vận hành trung tâm giám sát')",
             PARAMETERS(c->id, demo_unit_find(d, DEMO_POLICE)->id));
    demo_put(
        d,
        "WITH a AS (INSERT INTO capdo.appraisal_assignment (id, governing_id, operator_id,"
        " system_id, council_name, document_number, valid_from, created_by) VALUES ($1, $2, $3,"
        " $4, $5, '512/QĐ-UBND', $6, " RECORDED_BY ") RETURNING id)"
        " INSERT INTO capdo.council_member (assignment_id, account_id, name, is_chair)"
        " SELECT a.id, p.id, p.display_name, p.username = 'director.h05.08' FROM a,"
        " capdo.account p WHERE p.username IN ('director.h05.08', 'staff.h05.03',"
        " 'staff.h05.10')",
        PARAMETERS(id, c->authority->governing->id, c->operator_unit->id, c->id,
                   d->authorities[AUTHORITY_BY_COUNCIL].unit->name, demo_date(d, d->today - 60)));
}
