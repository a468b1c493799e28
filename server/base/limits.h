/* Every limit of the server that is not a row of a table, with its unit in its name. The API
 * contract states the ones a client can meet. */
#pragma once

#include "base/macros.h"

enum {
    LIMIT_TARGET_BYTES = 2 * KIB,
    LIMIT_HEADERS = 64,
    LIMIT_BODY_BYTES = 1 * MIB,    /* JSON; a route may set less */
    LIMIT_DISCARD_BYTES = 4 * MIB, /* read and thrown away before a 413 becomes a close */
    LIMIT_JSON_DEPTH = 16,
    LIMIT_JSON_ARRAY_ITEMS = 10000,
    LIMIT_JSON_STRING_BYTES = 64 * KIB,
    LIMIT_QUERY_PARAMETERS = 32,
    LIMIT_FILTER_VALUES = 20, /* repetitions of one filter */
    LIMIT_PAGE_ROWS = 200,
    LIMIT_PAGE_ROWS_DEFAULT = 50,
    LIMIT_COUNT_ROWS = 10000, /* beyond: count type at_least */
    LIMIT_REQUEST_ARENA_BYTES = 64 * MIB,
    LIMIT_IDEMPOTENCY_KEY_BYTES = 64,
    LIMIT_REQUEST_ID_BYTES = 64,
    LIMIT_ADDRESS_BYTES = 64,
    LIMIT_PASSWORD_BYTES = 1024,
    LIMIT_CHANGE_BODIES = 100,   /* that one change of an organisation merges or splits into */
    LIMIT_SPLIT_NAMED = 2000,    /* systems, or units, that a split sends to one of them */
    LIMIT_TABLE_BYTES = 2 * MIB, /* a file to import, as sent */
    LIMIT_TABLE_ROWS = 5000,     /* below the head */
    LIMIT_TABLE_COLUMNS = 40,
    LIMIT_TABLE_CELL_BYTES = 4 * KIB,
    LIMIT_TABLE_TEXT_BYTES =
        3 * MIB, /* of all cells of a workbook, one that is named often each time */
    LIMIT_WORKBOOK_ENTRIES = 256,
    LIMIT_WORKBOOK_ENTRY_BYTES = 16 * MIB, /* unpacked */
    LIMIT_WORKBOOK_RATIO = 200,            /* unpacked over packed */
    LIMIT_WORKBOOK_STRINGS = 100000,       /* shared strings */

    LIMIT_CONNECTIONS = 1000,
    LIMIT_CONNECTION_MEMORY_BYTES = 32 * KIB,
    LIMIT_HEADER_MS = 5000, /* from accept, or the last reply, to the end of headers */
    LIMIT_BODY_MS = 10000,  /* plus LIMIT_BODY_MS_PER_MIB */
    LIMIT_BODY_MS_PER_MIB = 1000,
    LIMIT_IDLE_MS = 15000, /* keep-alive without a request */
    LIMIT_SWEEP_MS = 250,

    LIMIT_QUEUE_LENGTH = 64,
    LIMIT_QUEUE_AGE_MS = 2000,
    LIMIT_QUICK_STATEMENT_MS = 200,
    LIMIT_WORK_STATEMENT_MS = 5000,
    LIMIT_HEAVY_STATEMENT_MS = 30000,
    LIMIT_LOCK_MS = 2000,
    LIMIT_COMMIT_MS = 5000,
    LIMIT_TX_ATTEMPTS = 3,
    LIMIT_STOP_MS = 5000,

    LIMIT_PASSWORD_HASHES = 2, /* at once; each wants 64 MiB and a core */
    LIMIT_PASSWORD_QUEUE_LENGTH = 16,
    LIMIT_PASSWORD_QUEUE_AGE_MS = 2000,
    LIMIT_PASSWORD_PATIENCE_MS = 1000, /* for a thread that hashes while nobody else computes */
    LIMIT_SIGN_IN_FAILURES = 50,       /* one after the other; then a reset or another factor */
    LIMIT_KNOWN_DEVICES = 10,          /* of an account; beyond: the longest unseen is forgotten */
    LIMIT_KNOWN_DEVICE_S = 180 * 24 * 60 * 60,
    LIMIT_ACTIVATION_LINK_S = 72 * 60 * 60,
    LIMIT_RESET_LINK_S = 60 * 60,
    LIMIT_MEMBERSHIPS_INVITED = 10, /* roles given together with an invitation */
    LIMIT_SESSION_IDLE_S = 30 * 60,
    LIMIT_SESSION_S = 12 * 60 * 60,
    LIMIT_SESSIONS_PER_ACCOUNT = 5,
    LIMIT_STEP_UP_S = 5 * 60,          /* a second factor counts as fresh this long */
    LIMIT_PENDING_SESSION_S = 10 * 60, /* between the password and the second factor */
    LIMIT_FACTOR_TRIES = 5,            /* wrong codes of an account in one window */
    LIMIT_FACTOR_WINDOW_S = 15 * 60,
    LIMIT_CHALLENGE_S = 5 * 60, /* what a passkey signs can be used this long */
    LIMIT_IDEMPOTENCY_S = 24 * 60 * 60,
    LIMIT_SIGN_INS_PER_ADDRESS = 30, /* that failed, in LIMIT_SIGN_IN_WINDOW_S */
    LIMIT_SIGN_IN_WINDOW_S = 60,

    LIMIT_API_TOKEN_DAYS = 365,
    LIMIT_API_TOKEN_DAYS_DEFAULT = 90,
    LIMIT_API_TOKEN_OVERLAP_DAYS = 7, /* that a token lives on beside the one in its place */
    LIMIT_API_TOKEN_WARN_DAYS = 14,   /* before it expires */
    LIMIT_API_TOKEN_NETWORKS = 20,
    LIMIT_API_TOKEN_REQUESTS = 600, /* of one token in LIMIT_API_TOKEN_WINDOW_MS */
    LIMIT_API_TOKEN_WINDOW_MS = 60 * 1000,

    LIMIT_SIGN_ON_S = 10 * 60,     /* a browser may stay with the identity provider */
    LIMIT_SIGN_ON_ATTEMPTS = 5000, /* under way at once; beyond, the oldest are forgotten */
    LIMIT_SIGN_ON_PATH_BYTES = 500,
    LIMIT_PROVIDER_MS = 4500,              /* all questions of one request to the provider */
    LIMIT_PROVIDER_KNOWN_MS = 3600 * 1000, /* its addresses and keys are read again after this */
    LIMIT_PROVIDER_KEYS_MS = 300 * 1000,   /* an unknown key makes us ask at most this often */
    LIMIT_PROVIDER_RETRY_MS = 15 * 1000,   /* after a failure nobody asks for this long */
    LIMIT_PROVIDER_LOCK_MS = 300,          /* signing out waits for others this long */
    LIMIT_PROVIDER_URL_BYTES = 1000,

    LIMIT_READ_LOGGED_LEVEL = 4,    /* dossiers from this level on: each reader is logged */
    LIMIT_SECURITY_QUEUE = 1024,    /* security events that wait to be written */
    LIMIT_SECURITY_FLUSH_MS = 1000, /* at most this long, while the table can be written */
    LIMIT_SECURITY_REPEAT_S = 60,   /* the same refusal again in this time is only counted */

    LIMIT_FOREIGN_BYTES = 256 * KIB, /* an answer of the identity provider */
    LIMIT_TOKEN_BYTES = 64 * KIB,    /* a signed token */
    LIMIT_TOKEN_SKEW_S = 60,         /* clocks may differ by this much */
    LIMIT_TOKEN_AGE_S = 10 * 60,     /* since the token was made */
};
