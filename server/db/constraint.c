#include "db/constraint.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    enum fault fault;
} CONSTRAINTS[] = {
    {"organisation_code_unique", FAULT_CODE_TAKEN},
    {"account_username_unique", FAULT_CODE_TAKEN},
    {"organisation_parent_exists", FAULT_INVALID},
    {"organisation_successor_exists", FAULT_INVALID},
    {"organisation_parent_other", FAULT_INVALID},
    {"organisation_dates", FAULT_INVALID},
    {"organisation_begins_later", FAULT_INVALID},
    {"organisation_parent_active", FAULT_INVALID},
    {"organisation_code_taken", FAULT_CODE_TAKEN},
    {"organisation_history_kept", FAULT_CONFLICT},
    {"organisation_change_possible", FAULT_INVALID},
    {"organisation_state_one_open", FAULT_CONFLICT},
    {"system_bodies_active", FAULT_INVALID},
    {"system_governing_exists", FAULT_INVALID},
    {"system_operator_exists", FAULT_INVALID},
    {"system_relation_exists", FAULT_INVALID},
    {"system_relation_other", FAULT_INVALID},
    {"system_unit_organisation_id_fkey", FAULT_INVALID},
    {"one_open_dossier", FAULT_OPEN_DOSSIER_EXISTS},
    {"level_below_computed", FAULT_INVALID},
    {"level_reason_required", FAULT_INVALID},
    {"account_of_another", FAULT_OWN_ACCOUNT},
    {"last_administrator", FAULT_LAST_ADMINISTRATOR},
    {"membership_overlap", FAULT_CONFLICT},
    {"membership_ended_once", FAULT_CONFLICT},
    {"membership_not_past", FAULT_INVALID},
    {"membership_dates", FAULT_INVALID},
    {"membership_organisation_id_fkey", FAULT_INVALID},
    {"same_person_appraiser", FAULT_SAME_PERSON},
    {"same_person_approver", FAULT_SAME_PERSON},
    {"dossier_transition_known", FAULT_TRANSITION_BLOCKED},
    {"dossier_frozen", FAULT_TRANSITION_BLOCKED},
    {"dossier_step_by_its_party", FAULT_FORBIDDEN},
    {"dossier_starts_as_draft", FAULT_FORBIDDEN},
    {"dossier_approved_is_suitable", FAULT_TRANSITION_BLOCKED},
    {"dossier_has_decision", FAULT_TRANSITION_BLOCKED},
    {"dossier_item_content_length", FAULT_INVALID},
    {"opinion_reasons_given", FAULT_INVALID},
    {"decision_number_length", FAULT_INVALID},
    {"decision_reason_given", FAULT_INVALID},
    {"decision_once", FAULT_DECISION_IMMUTABLE},
    {"decision_by_its_party", FAULT_FORBIDDEN},
    {"decision_number_unique", FAULT_CODE_TAKEN},
    {"account_identity_taken", FAULT_IDENTITY_TAKEN},
    {"append_only", FAULT_DECISION_IMMUTABLE},
    {"appraiser_independent", FAULT_NOT_INDEPENDENT},
    {"specialised_unit_unit_id_fkey", FAULT_INVALID},
    {"specialised_unit_governing_id_fkey", FAULT_INVALID},
    {"specialised_unit_dates", FAULT_INVALID},
    {"specialised_unit_document_given", FAULT_INVALID},
    {"specialised_unit_document_written", FAULT_INVALID},
    {"delegation_document_written", FAULT_INVALID},
    {"appraisal_assignment_document_written", FAULT_INVALID},
    {"specialised_unit_other", FAULT_INVALID},
    {"specialised_unit_one", FAULT_CONFLICT},
    {"delegation_governing_exists", FAULT_INVALID},
    {"delegation_delegate_exists", FAULT_INVALID},
    {"delegation_dates", FAULT_INVALID},
    {"delegation_levels", FAULT_INVALID},
    {"delegation_other", FAULT_INVALID},
    {"delegation_to_subordinate", FAULT_INVALID},
    {"delegation_one", FAULT_CONFLICT},
    {"appraisal_assignment_governing_exists", FAULT_INVALID},
    {"appraisal_assignment_operator_exists", FAULT_INVALID},
    {"appraisal_assignment_unit_exists", FAULT_INVALID},
    {"appraisal_assignment_dates", FAULT_INVALID},
    {"appraisal_assignment_target", FAULT_INVALID},
    {"appraisal_assignment_independent", FAULT_NOT_INDEPENDENT},
    {"appraisal_assignment_subordinate", FAULT_INVALID},
    {"council_member_account_exists", FAULT_INVALID},
    {"council_member_once", FAULT_INVALID},
    {"council_member_can_act", FAULT_INVALID},
    {"council_member_independent", FAULT_NOT_INDEPENDENT},
    {"council_one_chair", FAULT_INVALID},
    {"council_has_chair", FAULT_INVALID},
    {"council_frozen", FAULT_CONFLICT},
    {"authority_ended_once", FAULT_CONFLICT},
    {"authority_only_ends", FAULT_INVALID},
    {"authority_used_later", FAULT_CONFLICT},
    {"step_up_needed", FAULT_STEP_UP_REQUIRED},
    {"last_factor_kept", FAULT_LAST_FACTOR},
    {"recovery_needs_factor", FAULT_CONFLICT},
    {"credential_passkey_once", FAULT_CONFLICT},
    {"passkeys_at_most", FAULT_CONFLICT},
    {"label_one_open", FAULT_CONFLICT},
    {"label_starts_as_request", FAULT_FORBIDDEN},
    {"label_transition_known", FAULT_TRANSITION_BLOCKED},
    {"label_step_by_its_party", FAULT_FORBIDDEN},
    {"label_dates", FAULT_INVALID},
    {"label_granted_complete", FAULT_INVALID},
    {"label_system_needs_system", FAULT_INVALID},
    {"api_token_organisation_exists", FAULT_INVALID},
    {"api_token_register_figures", FAULT_INVALID},
    {"api_token_networks_few", FAULT_INVALID},
    {"api_token_lifetime", FAULT_INVALID},
    {"api_token_rotated_once", FAULT_CONFLICT},
    {"api_token_only_ends", FAULT_CONFLICT},
    /* A second request with the same key, in flight at the same time: it replays when retried. */
    {"idempotency_key_once", FAULT_BUSY},
};

enum fault constraint_fault(const char *name)
{
    for (size_t i = 0; name != NULL && i < COUNT_OF(CONSTRAINTS); i++) {
        if (strcmp(CONSTRAINTS[i].name, name) == 0) {
            return CONSTRAINTS[i].fault;
        }
    }
    return FAULT_NONE;
}

const char *constraint_name(size_t index)
{
    return index < COUNT_OF(CONSTRAINTS) ? CONSTRAINTS[index].name : NULL;
}

static const struct {
    const char *prefix; /* of the SQLSTATE */
    enum fault fault;
    bool retry;
} STATES[] = {
    {"40001", FAULT_BUSY, true},         {"40P01", FAULT_BUSY, true},
    {"57014", FAULT_TOO_SLOW, false},    {"55P03", FAULT_BUSY, false},
    {"42501", FAULT_FORBIDDEN, false},   {"53", FAULT_BUSY, false},
    {"57P", FAULT_DATABASE_DOWN, false}, {"08", FAULT_DATABASE_DOWN, false},
    {"25P03", FAULT_BUSY, false},        {"25006", FAULT_DATABASE_DOWN, false},
    {"22021", FAULT_INVALID, false},     {"22", FAULT_BAD_PARAMETER, false},
    {"23505", FAULT_CONFLICT, false},
};

enum fault sqlstate_fault(const char *sqlstate, const char *constraint, bool *ret_retry)
{
    enum fault known = constraint_fault(constraint);

    *ret_retry = known == FAULT_BUSY;
    if (known != FAULT_NONE) {
        return known;
    }
    if (sqlstate == NULL) {
        return FAULT_DATABASE_DOWN;
    }
    for (size_t i = 0; i < COUNT_OF(STATES); i++) {
        if (strncmp(STATES[i].prefix, sqlstate, strlen(STATES[i].prefix)) == 0) {
            *ret_retry = STATES[i].retry;
            return STATES[i].fault;
        }
    }
    return FAULT_INTERNAL;
}
