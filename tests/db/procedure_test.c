/* What the law forbids is refused by the database itself, as the server's role. */
#include <criterion/criterion.h>
#include <string.h>

#include "db/support.h"
#include "rules/flow.h"
#include "rules/label.h"

TestSuite(procedure, .init = use_province, .fini = scratch_close, .timeout = 60);

/* The dossier of a system of the demo that is in this state. */
static const char *dossier_of(const char *system, const char *state)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *id =
        value(owner, text_of("SELECT d.id FROM capdo.dossier d JOIN capdo.dossier_system x"
                             " ON x.dossier_id = d.id JOIN capdo.system s ON s.id ="
                             " x.system_id WHERE s.name = '%s' AND d.state = '%s'",
                             system, state));

    cr_assert_str_neq(id, "", "%s is not %s", system, state);
    PQfinish(owner);
    return id;
}

static void as_owner(const char *text)
{
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, text);
    PQfinish(owner);
}

static const char *const DRAFT = "Hệ thống báo cáo thống kê y tế";
static const char *const SUBMITTED = "Phần mềm quản lý trang thiết bị y tế";
static const char *const APPRAISED_2 = "Phần mềm quản lý hồ sơ thi đua, khen thưởng";
static const char *const APPRAISED_3 = "Hệ thống cấp giấy phép hành nghề y, dược";

static const char *decide(const char *dossier, const char *organisation, const char *outcome)
{
    return text_of(
        "INSERT INTO capdo.decision (id, dossier_id, outcome, number, decided_on,"
        " organisation_id, signer_id, signer_name, capacity, reason, snapshot_sha256)"
        " VALUES (gen_random_uuid(), '%s', '%s', '9999/QĐ', capdo.today(), (SELECT id FROM"
        " capdo.organisation WHERE code = '%s'), capdo.ctx_account(), 'x', 'x', 'x', '\\x00')",
        dossier, outcome, organisation);
}

static const char *move(const char *dossier, const char *state, const char *more)
{
    return text_of("UPDATE capdo.dossier SET state = '%s', version = version + 1%s WHERE id = '%s'",
                   state, more, dossier);
}

#define NO_CLASS "23000 "
#define CHECK "23514 "

Test(procedure, the_table_of_moves_is_the_one_of_the_rules)
{
    PGconn *owner = plain(scratch.owner_url);
    size_t count = 0;
    const struct dossier_transition *moves = dossier_transitions(&count);

    cr_assert_eq((size_t)number(owner, "SELECT count(*) FROM capdo.dossier_transition"), count);
    for (size_t i = 0; i < count; i++) {
        const char *from = dossier_state_info(moves[i].from)->code;
        const char *to = dossier_state_info(moves[i].to)->code;
        cr_assert_eq(number(owner, text_of("SELECT count(*) FROM capdo.dossier_transition WHERE"
                                           " from_state = '%s' AND to_state = '%s'",
                                           from, to)),
                     1, "%s -> %s", from, to);
    }
    const struct label_transition *labels = label_transitions(&count);
    cr_assert_eq((size_t)number(owner, "SELECT count(*) FROM capdo.label_transition"), count);
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(number(owner, text_of("SELECT count(*) FROM capdo.label_transition WHERE"
                                           " from_state = '%s' AND to_state = '%s'",
                                           label_state_code(labels[i].from),
                                           label_state_code(labels[i].to))),
                     1);
    }
    PQfinish(owner);
}

Test(procedure, every_other_move_is_refused)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *dossier = dossier_of(DRAFT, "draft");

    sql(owner, "BEGIN");
    for (int to = DOSSIER_DRAFT; to < DOSSIER_STATE_COUNT; to++) {
        if (to == DOSSIER_DRAFT ||
            dossier_transition_find(DOSSIER_DRAFT, (enum dossier_state)to) != NULL) {
            continue;
        }
        cr_assert_str_eq(
            refusal(owner, move(dossier, dossier_state_info((enum dossier_state)to)->code, "")),
            NO_CLASS "dossier_transition_known");
    }
    cr_assert_str_eq(refusal(owner, move(dossier, "submitted", "")), "", "control");
    PQfinish(owner);
}

Test(procedure, whoever_prepared_does_not_appraise)
{
    const char *dossier = dossier_of(SUBMITTED, "submitted");
    const char *receive = ", received_by = capdo.ctx_account()";
    const char *appraise = ", appraised_by = capdo.ctx_account(), conclusion = 'suitable'";

    as_owner(text_of("UPDATE capdo.dossier SET prepared_by = (SELECT id FROM capdo.account WHERE"
                     " username = 'appraiser') WHERE id = '%s'",
                     dossier));
    PGconn *pg = acting("appraiser");
    sql(pg, move(dossier, "received", receive));
    cr_assert_str_eq(refusal(pg, move(dossier, "appraised", appraise)),
                     CHECK "same_person_appraiser");
    PQfinish(pg);

    /* Control: another appraiser does. */
    pg = acting("appraiser.h05.30");
    sql(pg, move(dossier, "received", receive));
    cr_assert_str_eq(refusal(pg, move(dossier, "appraised", appraise)), "");
    PQfinish(pg);
}

Test(procedure, whoever_appraised_does_not_approve)
{
    const char *dossier = dossier_of(APPRAISED_2, "appraised");

    as_owner(
        "INSERT INTO capdo.membership (id, account_id, organisation_id, role, valid_from) SELECT"
        " gen_random_uuid(), a.id, o.id, 'director', '2025-03-01' FROM capdo.account a,"
        " capdo.organisation o WHERE a.username = 'appraiser' AND o.code = 'H05.30'");
    PGconn *pg = acting("appraiser");
    cr_assert_str_eq(refusal(pg, decide(dossier, "H05.30", "approved")),
                     NO_CLASS "same_person_approver");
    cr_assert_str_eq(refusal(pg, move(dossier, "approved", ", decided_by = capdo.ctx_account()")),
                     CHECK "same_person_approver");
    PQfinish(pg);
    pg = acting("director");
    cr_assert_str_eq(refusal(pg, decide(dossier, "H05.30", "approved")), "", "control");
    PQfinish(pg);
}

Test(procedure, each_level_is_decided_by_its_party)
{
    const char *second = dossier_of(APPRAISED_2, "appraised");
    const char *third = dossier_of(APPRAISED_3, "appraised");
    PGconn *director = acting("director");
    PGconn *chairman = acting("chairman");
    PGconn *other = acting("appraiser.h05.30");

    cr_assert_str_eq(refusal(director, decide(third, "H05.30", "approved")),
                     NO_CLASS "decision_by_its_party");
    cr_assert_str_eq(refusal(director, decide(third, "H05", "approved")),
                     NO_CLASS "decision_by_its_party");
    cr_assert_str_eq(refusal(chairman, decide(second, "H05", "approved")),
                     NO_CLASS "decision_by_its_party");
    cr_assert_str_eq(refusal(other, decide(second, "H05.30", "approved")),
                     NO_CLASS "decision_by_its_party");
    cr_assert_str_eq(refusal(director, decide(second, "H05.30", "approved")), "", "control");
    sql(director, "ROLLBACK"); /* its trigger locked the dossier */
    cr_assert_str_eq(refusal(chairman, decide(third, "H05", "approved")), "", "control");
    PQfinish(director);
    PQfinish(chairman);
    PQfinish(other);
}

/* Whatever the server would let pass. */
Test(procedure, nobody_decides_without_a_fresh_second_factor)
{
    const char *dossier = dossier_of(APPRAISED_2, "appraised");
    static const char *const ages[] = {"NULL", "now() - interval '301 seconds'"};

    for (size_t i = 0; i < COUNT_OF(ages); i++) {
        PQfinish(acting("director"));
        as_owner(text_of("UPDATE capdo.session SET factor_at = %s", ages[i]));
        PGconn *pg = acting("director");
        cr_assert_str_eq(refusal(pg, decide(dossier, "H05.30", "approved")), "42501", "%s",
                         ages[i]);
        PQfinish(pg);
    }
    as_owner("UPDATE capdo.session SET factor_at = now() - interval '290 seconds'");
    PGconn *pg = acting("director");
    cr_assert_str_eq(refusal(pg, decide(dossier, "H05.30", "approved")), "", "control");
    PQfinish(pg);
}

Test(procedure, a_decision_needs_an_appraised_dossier)
{
    PGconn *pg = acting("director");

    cr_assert_str_eq(refusal(pg, decide(dossier_of(SUBMITTED, "submitted"), "H05.30", "approved")),
                     NO_CLASS "dossier_transition_known");
    PQfinish(pg);
}

Test(procedure, steps_belong_to_their_party)
{
    PGconn *staff = acting("staff");
    PGconn *appraiser = acting("appraiser");
    const char *submitted = dossier_of(SUBMITTED, "submitted");

    cr_assert_str_eq(
        refusal(staff, move(submitted, "received", ", received_by = capdo.ctx_account()")),
        NO_CLASS "dossier_step_by_its_party");
    cr_assert_str_eq(refusal(appraiser, move(submitted, "withdrawn", "")),
                     NO_CLASS "dossier_step_by_its_party");
    cr_assert_str_eq(refusal(appraiser, move(submitted, "received", ", received_by = prepared_by")),
                     NO_CLASS "dossier_step_by_its_party", "in another's name");
    PQfinish(staff);
    PQfinish(appraiser);
}

static const char *new_dossier(const char *id, const char *state)
{
    return text_of(
        "INSERT INTO capdo.dossier (id, ruleset, governing_id, operator_id, level,"
        " approve_party, state, prepared_by) SELECT '%s', ruleset, governing_id, operator_id,"
        " 2, 'specialised_unit', '%s', capdo.ctx_account() FROM capdo.system WHERE name ="
        " 'Hệ thống giám sát bệnh truyền nhiễm'",
        id, state);
}

static const char *new_part(const char *id, const char *system, int computed, int proposed,
                            const char *reason)
{
    return text_of(
        "INSERT INTO capdo.dossier_system (dossier_id, system_id, computed_level, at_least,"
        " proposed_level, reason) SELECT '%s', id, %d, %d, %d, '%s' FROM capdo.system WHERE"
        " name = '%s'",
        id, computed, computed, proposed, reason, system);
}

static const char ID[] = "00000000-0000-7000-8000-000000000001";

Test(procedure, a_dossier_starts_as_its_preparers_draft)
{
    PGconn *pg = acting("staff");

    cr_assert_str_eq(refusal(pg, new_dossier(ID, "appraised")), NO_CLASS "dossier_starts_as_draft");
    cr_assert_str_eq(refusal(pg, new_dossier(ID, "draft")), "", "control");
    PQfinish(pg);
}

Test(procedure, a_level_below_the_computed_one_is_refused)
{
    static const char FREE[] = "Hệ thống giám sát bệnh truyền nhiễm";
    PGconn *pg = acting("staff");

    sql(pg, new_dossier(ID, "draft"));
    cr_assert_str_eq(refusal(pg, new_part(ID, FREE, 2, 1, "vì")), CHECK "level_below_computed");
    cr_assert_str_eq(refusal(pg, new_part(ID, FREE, 2, 3, "")), CHECK "level_reason_required");
    cr_assert_str_eq(refusal(pg, new_part(ID, FREE, 2, 3, "vì")), "", "control");
    cr_assert_str_eq(refusal(pg, new_part(ID, FREE, 2, 2, "")), "", "control");
    PQfinish(pg);
}

Test(procedure, a_system_has_one_open_dossier)
{
    PGconn *pg = acting("staff");

    sql(pg, new_dossier(ID, "draft"));
    cr_assert_str_eq(refusal(pg, new_part(ID, DRAFT, 2, 2, "")), "23505 one_open_dossier");
    cr_assert_str_eq(refusal(pg, new_part(ID, "Hệ thống quản lý tiêm chủng", 2, 2, "")), "",
                     "control");
    PQfinish(pg);
}

Test(procedure, what_was_submitted_is_frozen)
{
    PGconn *pg = acting("staff");
    const char *submitted = dossier_of(SUBMITTED, "submitted");
    const char *draft = dossier_of(DRAFT, "draft");
    const char *change = "UPDATE capdo.dossier_item SET content = 'x' WHERE dossier_id = '%s'";

    (void)change;
    cr_assert_str_eq(
        refusal(pg, text_of("UPDATE capdo.dossier_item SET content = 'x' WHERE dossier_id"
                            " = '%s'",
                            submitted)),
        NO_CLASS "dossier_frozen");
    cr_assert_str_eq(
        refusal(pg, text_of("UPDATE capdo.dossier_system SET proposed_level = 3, reason ="
                            " 'x' WHERE dossier_id = '%s'",
                            submitted)),
        NO_CLASS "dossier_frozen");
    cr_assert_str_eq(
        refusal(pg, text_of("UPDATE capdo.dossier SET level = 1 WHERE id = '%s'", submitted)),
        NO_CLASS "dossier_frozen");
    cr_assert_str_eq(
        refusal(pg, text_of("UPDATE capdo.dossier_item SET content = 'x' WHERE dossier_id"
                            " = '%s'",
                            draft)),
        "", "control");
    PQfinish(pg);
}

Test(procedure, history_is_append_only_even_for_the_owner)
{
    static const char *const tables[] = {"system_version", "dossier_submission", "dossier_event",
                                         "opinion",        "decision",           "label_event"};
    PGconn *owner = plain(scratch.owner_url);

    sql(owner, "BEGIN");
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        const char *first = i == 0 || i == 1 ? "ctid" : "id";
        cr_assert_str_eq(
            refusal(owner, text_of("DELETE FROM capdo.%s WHERE %s = (SELECT min(%s%s)%s FROM"
                                   " capdo.%s)",
                                   tables[i], i < 2 ? "ctid" : "id::text", first,
                                   i < 2 ? "" : "::text", "", tables[i])),
            NO_CLASS "append_only", "%s", tables[i]);
        cr_assert_str_eq(refusal(owner, text_of("TRUNCATE capdo.%s CASCADE", tables[i])),
                         NO_CLASS "append_only", "%s", tables[i]);
    }
    cr_assert_str_eq(refusal(owner, "UPDATE capdo.decision SET number = 'x'"),
                     NO_CLASS "append_only");
    PQfinish(owner);
}

Test(procedure, a_decision_reaches_the_register)
{
    const char *dossier = dossier_of(APPRAISED_2, "appraised");
    PGconn *pg = acting("director");
    PGconn *owner = plain(scratch.owner_url);

    sql(pg, decide(dossier, "H05.30", "approved"));
    sql(pg, move(dossier, "approved", ", decided_by = capdo.ctx_account(), decided_at = now()"));
    sql(pg, "COMMIT");
    cr_assert_str_eq(
        value(owner, text_of("SELECT concat_ws(' ', approved_level, approval_status,"
                             " approved_on = capdo.today(), decision_id IS NOT NULL) FROM"
                             " capdo.system WHERE name = '%s'",
                             APPRAISED_2)),
        "2 approved t t");
    cr_assert_str_eq(
        value(owner,
              text_of("SELECT open FROM capdo.dossier_system WHERE dossier_id = '%s'", dossier)),
        "f");
    /* One decision for a dossier. */
    PQfinish(pg);
    pg = acting("director");
    cr_assert_str_eq(refusal(pg, decide(dossier, "H05.30", "refused")),
                     NO_CLASS "dossier_transition_known");
    PQfinish(pg);
    PQfinish(owner);
}

Test(procedure, a_decided_dossier_has_its_decision_at_commit)
{
    const char *dossier = dossier_of(APPRAISED_2, "appraised");
    PGconn *pg = acting("director");

    sql(pg, move(dossier, "approved", ", decided_by = capdo.ctx_account(), decided_at = now()"));
    cr_assert_str_eq(refusal(pg, "SET CONSTRAINTS ALL IMMEDIATE"), NO_CLASS "dossier_has_decision");
    PQfinish(pg);
}

Test(procedure, only_a_suitable_dossier_is_approved)
{
    PGconn *owner = plain(scratch.owner_url);
    const char *dossier = value(owner, "SELECT id FROM capdo.dossier WHERE state = 'appraised' AND"
                                       " conclusion = 'not_suitable' AND level < 3 LIMIT 1");
    PGconn *pg = acting("director");

    sql(pg, decide(dossier, "H05.30", "approved"));
    cr_assert_str_eq(refusal(pg, move(dossier, "approved", ", decided_by = capdo.ctx_account()")),
                     CHECK "dossier_approved_is_suitable");
    PQfinish(pg);
    PQfinish(owner);
}
