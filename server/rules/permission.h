/* What a person may do, by role. Deny by default: PERMISSION_UNSET is the zero value and nobody
 * has it. A role is held in an organisation (membership); which rows of that organisation's reach
 * it covers is the business of row-level policies, not of this table. */
#pragma once

#include <stdbool.h>

#include "base/str.h"
#include "base/text.h"

enum permission {
    PERMISSION_UNSET,      /* a route with it does not boot */
    PERMISSION_PUBLIC,     /* everyone, signed in or not */
    PERMISSION_SIGNING_IN, /* every session, also one that still waits for its second factor */
    PERMISSION_SIGNED_IN,  /* every signed-in account */
    PERMISSION_SYSTEM_READ,
    PERMISSION_SYSTEM_WRITE,
    PERMISSION_DOSSIER_READ,
    PERMISSION_DOSSIER_PREPARE,
    PERMISSION_DOSSIER_APPRAISE,
    PERMISSION_DOSSIER_APPROVE,
    PERMISSION_DOSSIER_TRANSITION,
    PERMISSION_LABEL_READ,
    PERMISSION_LABEL_REQUEST,
    PERMISSION_LABEL_RECORD,
    PERMISSION_LABEL_TRANSITION,
    PERMISSION_ORGANISATION_READ,
    PERMISSION_ORGANISATION_ADMIN,
    PERMISSION_ACCOUNT_ADMIN,
    PERMISSION_ROLE_GRANT,
    PERMISSION_AUTHORITY_ADMIN,
    PERMISSION_TOKEN_ADMIN,
    PERMISSION_SECURITY_LOG_READ,
    PERMISSION_STATS_READ,
    PERMISSION_COUNT,
};

enum role {
    ROLE_STAFF,     /* of the operating unit */
    ROLE_APPRAISER, /* of the specialised unit */
    ROLE_DIRECTOR,  /* head of the specialised unit */
    ROLE_CHAIRMAN,  /* head of the governing body */
    ROLE_OFFICE,    /* provincial office: everything, read only */
    ROLE_ADMIN,     /* accounts and organisations, no dossiers */
    ROLE_COUNT,
};

#define ROLE_BIT(role) (1U << (unsigned)(role))
#define PERMISSION_BIT(permission) (1U << (unsigned)(permission))

/* True when one of the roles holds the permission. PUBLIC and SIGNING_IN are always allowed (that
 * there is a session is the caller's to check); SIGNED_IN needs at least one role; UNSET and values outside the enum never are. */
bool permission_allows(unsigned role_bits, enum permission permission);

/* Every permission that the roles hold, as PERMISSION_BIT. */
unsigned permissions_of(unsigned role_bits);
/* What an API token may be given: the permissions to read, as PERMISSION_BIT. */
unsigned permission_scopes(void);
/* The scope with this code; 0 for anything else. */
unsigned permission_scope_bit(struct str code);

/* Stable codes, e.g. "dossier.appraise"; "" outside the enum. */
const char *permission_code(enum permission permission);
struct text permission_title(enum permission permission);
const char *role_code(enum role role);
struct text role_title(enum role role);
/* False for an unknown code. */
bool role_from_code(const char *code, enum role *ret_role);
