/* Who sees what and who may change it, as the statements of this server say it themselves; row-level
 * security says the same again, and either alone holds (tests/faults/layers.mjs takes each away).
 *
 * A reason is written once, with the place of its list of identifiers left open: a list asks with
 * the actor's lists as parameters, which an index serves (list_scope_of); a statement that names one
 * thing travels together with capdo.begin_as, before the actor is known here, so it asks for what
 * begin_as set for this transaction. */
#pragma once

/* A system is seen by its operating unit, by the head of its governing body, by the specialised unit
 * once it was received, and then by those who act on it under a delegation or an appraisal assignment. */
#define REACH_SYSTEM_OPERATOR(row, list) row ".operator_id = ANY (" list ")"
#define REACH_SYSTEM_CHAIRED(row, list) row ".governing_id = ANY (" list ")"
#define REACH_SYSTEM_SERVED(row, list) row ".received AND " row ".governing_id = ANY (" list ")"
#define REACH_SYSTEM_ENTRUSTED(row, list)                                \
    row ".received AND " row ".entrusted <> '' AND string_to_array(" row \
        ".entrusted, ' ')::uuid[] && " list

/* A dossier likewise, once it was submitted. */
#define REACH_DOSSIER_OPERATOR(row, list) row ".operator_id = ANY (" list ")"
#define REACH_DOSSIER_CHAIRED(row, list) row ".governing_id = ANY (" list ")"
#define REACH_DOSSIER_SERVED(row, list) \
    row ".submissions > 0 AND " row ".governing_id = ANY (" list ")"
#define REACH_DOSSIER_ENTRUSTED(row, list) row ".submissions > 0 AND " row ".entrusted && " list

/* A label in each state. */
#define REACH_LABEL_OPERATOR(row, list) row ".operator_id = ANY (" list ")"
#define REACH_LABEL_CHAIRED(row, list) row ".governing_id = ANY (" list ")"
#define REACH_LABEL_SERVED(row, list) row ".governing_id = ANY (" list ")"
#define REACH_LABEL_ENTRUSTED(row, list) "false"

/* What capdo.begin_as set. Worked out for each row: right where there is one. */
#define REACH_OFFICE "capdo.ctx_is('capdo.office')"
#define REACH_STAFF_OF "capdo.ctx_list('capdo.staff_of')"
#define REACH_CHAIRS "capdo.ctx_list('capdo.chairs')"
#define REACH_SERVES "capdo.ctx_list('capdo.serves')"
#define REACH_ENTRUSTED "capdo.ctx_list('capdo.entrusted')"
/* The same, worked out once for a statement: right where there are many. */
#define REACH_ONCE(setting) "(SELECT " setting ")"
#define REACH_ONCE_LIST(setting) "(SELECT " setting ")::uuid[]"

/* In a build with test hooks every condition can be taken out of the running server. */
#ifdef CAPDO_TEST_HOOKS
#define REACH(condition) "(current_setting('capdo_test.strip', true) = 'on' OR (" condition "))"
#else
#define REACH(condition) "(" condition ")"
#endif

/* clang-format off */
#define REACH_SEEN(thing, row)                                    \
    REACH(REACH_OFFICE                                            \
          " OR " REACH_##thing##_OPERATOR(row, REACH_STAFF_OF)    \
          " OR " REACH_##thing##_CHAIRED(row, REACH_CHAIRS)       \
          " OR " REACH_##thing##_SERVED(row, REACH_SERVES)        \
          " OR " REACH_##thing##_ENTRUSTED(row, REACH_ENTRUSTED))
#define REACH_SEEN_MANY(thing, row)                                                \
    REACH(REACH_ONCE(REACH_OFFICE)                                                 \
          " OR " REACH_##thing##_OPERATOR(row, REACH_ONCE_LIST(REACH_STAFF_OF))    \
          " OR " REACH_##thing##_CHAIRED(row, REACH_ONCE_LIST(REACH_CHAIRS))       \
          " OR " REACH_##thing##_SERVED(row, REACH_ONCE_LIST(REACH_SERVES))        \
          " OR " REACH_##thing##_ENTRUSTED(row, REACH_ONCE_LIST(REACH_ENTRUSTED)))
/* clang-format on */

#define SYSTEM_SEEN(row) REACH_SEEN(SYSTEM, row)
#define SYSTEM_SEEN_MANY(row) REACH_SEEN_MANY(SYSTEM, row)
#define SYSTEM_CHANGED(row) REACH(REACH_SYSTEM_OPERATOR(row, REACH_STAFF_OF))

#define DOSSIER_SEEN(row) REACH_SEEN(DOSSIER, row)
#define DOSSIER_SEEN_MANY(row) REACH_SEEN_MANY(DOSSIER, row)
/* Its operating unit and the two parties that act on it, or those in their place; the office only
 * reads. */
/* clang-format off */
#define DOSSIER_CHANGED(row)                                  \
    REACH(REACH_DOSSIER_OPERATOR(row, REACH_STAFF_OF)         \
          " OR " REACH_DOSSIER_CHAIRED(row, REACH_CHAIRS)     \
          " OR " REACH_DOSSIER_SERVED(row, REACH_SERVES)      \
          " OR " REACH_DOSSIER_ENTRUSTED(row, REACH_ENTRUSTED))
/* clang-format on */
/* For what hangs on a dossier. */
#define DOSSIER_OF(id) \
    "EXISTS (SELECT FROM capdo.dossier seen WHERE seen.id = " id " AND " DOSSIER_SEEN("seen") ")"

#define LABEL_SEEN(row) REACH_SEEN(LABEL, row)
/* Its operating unit and the specialised unit; the head of the governing body reads. */
#define LABEL_CHANGED(row) \
    REACH(REACH_LABEL_OPERATOR(row, REACH_STAFF_OF) " OR " REACH_LABEL_SERVED(row, REACH_SERVES))

/* An appraisal assignment names a system or its operator: for administrators, who record it, and for
 * those concerned. */
/* clang-format off */
#define ASSIGNMENT_SEEN(row)                                                              \
    REACH("(SELECT capdo.ctx_is('capdo.admin')) OR " REACH_ONCE(REACH_OFFICE)             \
          " OR " row ".operator_id = ANY (" REACH_ONCE_LIST(REACH_STAFF_OF) ")"           \
          " OR " row ".governing_id = ANY (" REACH_ONCE_LIST(REACH_CHAIRS) ")"            \
          " OR " row ".governing_id = ANY (" REACH_ONCE_LIST(REACH_SERVES) ")"            \
          " OR " row ".id = ANY (" REACH_ONCE_LIST(REACH_ENTRUSTED) ")")
/* clang-format on */
