#include <string.h>

#include "api/call_tools.h"
#include "api/factor_parts.h"
#include "api/proof.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/session.h"
#include "api/write.h"
#include "json/decode.h"

enum { PASSKEY_NAME_CHARACTERS = 60 };

struct passkey_in {
    struct in_text name;
    struct in_text client_data;
    struct in_text authenticator_data;
};
static const struct field PASSKEY_NEW[] = {
    FIELD(struct passkey_in, name, .need = REQUIRED, .min = 1, .max = PASSKEY_NAME_CHARACTERS),
    FIELD(struct passkey_in, client_data, .need = REQUIRED, .min = 1, .max = PROOF_TEXT_CHARACTERS),
    FIELD(struct passkey_in, authenticator_data, .need = REQUIRED, .min = 1,
          .max = PROOF_TEXT_CHARACTERS),
};
const SHAPE(factor_passkey_new_shape, "PasskeyNew", struct passkey_in, PASSKEY_NEW);

struct passkey_change {
    struct in_text name;
};
static const struct field PASSKEY_CHANGE[] = {
    FIELD(struct passkey_change, name, .need = REQUIRED, .min = 1, .max = PASSKEY_NAME_CHARACTERS),
};
const SHAPE(factor_passkey_change_shape, "PasskeyChange", struct passkey_change, PASSKEY_CHANGE);

void factor_write_passkey(struct json_writer *w, const struct rows *rows, int row)
{
    json_object_begin(w);
    write_str(w, "id", rows, row, PASSKEY_ID);
    write_str(w, "name", rows, row, PASSKEY_NAME);
    json_member_int(w, "version", rows_int(rows, row, PASSKEY_VERSION, 1));
    write_time(w, "created_at", rows, row, PASSKEY_CREATED_AT);
    write_time(w, "last_used_at", rows, row, PASSKEY_LAST_USED_AT);
    json_object_end(w);
}

static void write_creation(struct call *call, const struct actor *actor,
                           const unsigned char *challenge, const char *const *ids, int count,
                           struct reply *reply)
{
    buffer_init(&reply->body, 1024);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_member_text(&w, "challenge", proof_base64(call, challenge, PASSKEY_CHALLENGE_BYTES));
    json_member_text(&w, "rp_id", call->service->rp_id);
    json_member_text(&w, "rp_name", "Capdo");
    json_member_text(
        &w, "user_id",
        proof_base64(call, (const unsigned char *)actor->account_id, strlen(actor->account_id)));
    json_member_text(&w, "user_name", actor->username);
    json_member_text(&w, "user_display_name", actor->display_name);
    json_name(&w, "algorithms");
    json_array_begin(&w);
    json_int(&w, PASSKEY_ES256);
    json_int(&w, PASSKEY_EDDSA);
    json_array_end(&w);
    json_member_int(&w, "timeout_ms", LIMIT_CHALLENGE_S * 1000);
    json_member_text(&w, "user_verification", "required");
    json_name(&w, "credentials");
    json_array_begin(&w);
    for (int i = 0; i < count; i++) {
        json_text(&w, ids[i]);
    }
    json_array_end(&w);
    json_object_end(&w);
}

enum fault factor_passkey_options(struct call *call, struct reply *reply)
{
    struct factor_begin in;
    unsigned char token[32];
    unsigned char challenge[PASSKEY_CHALLENGE_BYTES];
    const char *ids[PASSKEYS_MAX];
    const struct actor *actor = NULL;
    int count = 0;
    enum fault fault = json_decode(call->body, &factor_begin_shape, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = factor_may_add(call, &in.password, reply);
    }
    if (fault == FAULT_NONE) {
        fault = factor_begin_as(call, token, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    clock_random(&call->service->clock, challenge, sizeof(challenge));
    fault = passkey_ids(call->db, call->arena, actor->account_id, ids, &count);
    if (fault == FAULT_NONE) {
        fault = challenge_make(call->db, challenge, "register", actor->session_id);
    }
    fault = factor_end(call, fault);
    if (fault == FAULT_NONE) {
        write_creation(call, actor, challenge, ids, count, reply);
    }
    return fault;
}

/* The challenge was given out after the password or a fresh factor, so it stands for them; it is used
 * up whatever comes. */
static enum fault judge_registration(struct call *call, const struct actor *actor,
                                     const struct passkey_in *in, struct passkey_new *ret_passkey,
                                     struct judgement *ret_judgement)
{
    const struct passkey_site site = proof_site(call);
    unsigned char challenge[PASSKEY_CHALLENGE_BYTES];
    struct str client_data;
    struct str authenticator_data;
    bool taken = false;

    *ret_judgement = (struct judgement){.by = "passkey", .why = "not_base64url"};
    if (!proof_bytes(call, in->client_data.value, &client_data) ||
        !proof_bytes(call, in->authenticator_data.value, &authenticator_data) ||
        !passkey_challenge(client_data, challenge)) {
        return FAULT_NONE;
    }
    ret_judgement->why = "challenge_unknown";
    enum fault fault = challenge_take(call->db, challenge, "register", actor->session_id, &taken);
    if (fault != FAULT_NONE || !taken) {
        return fault;
    }
    enum passkey_verdict verdict =
        passkey_register(&site, challenge, client_data, authenticator_data, ret_passkey);
    ret_judgement->good = verdict == PASSKEY_GOOD;
    ret_judgement->why = passkey_verdict_code(verdict);
    return FAULT_NONE;
}

enum fault factor_passkey_create(struct call *call, struct reply *reply)
{
    struct passkey_in in;
    unsigned char old[32];
    struct passkey_new passkey;
    struct judgement judgement;
    struct sign_in_token token;
    const struct actor *actor = NULL;
    enum fault fault = json_decode(call->body, &factor_passkey_new_shape, &in, &call->problems);

    if (fault == FAULT_NONE) {
        fault = factor_begin_as(call, old, &actor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = judge_registration(call, actor, &in, &passkey, &judgement);
    if (fault == FAULT_NONE && !judgement.good) {
        return proof_refuse(call, actor->account_id, &judgement);
    }
    if (fault == FAULT_NONE) {
        const struct passkey_addition addition = {
            .id = call_new_id(call),
            .credential = passkey.id,
            .credential_length = passkey.id_length,
            .algorithm = passkey.key.algorithm,
            .key = passkey.key.bytes,
            .key_length = passkey.key.length,
            .sign_count = passkey.key.sign_count,
            .name = in.name.value,
            .rp_id = call->service->rp_id,
        };
        fault = passkey_add(call->db, call->arena, &addition);
    }
    if (fault == FAULT_NONE) {
        fault = factor_added(call, old, "passkey", &token);
    }
    fault = factor_end(call, fault);
    return fault == FAULT_NONE ? session_answer(call, &token, LIMIT_SESSION_S, 201, reply) : fault;
}

static int row_of(const struct rows *rows, const char *id)
{
    for (int i = 0; i < rows->count; i++) {
        if (str_is(rows_str(rows, i, PASSKEY_ID), id)) {
            return i;
        }
    }
    return -1;
}

/* One of mine at the version that the request names, as JSON. */
static enum fault passkey_json(struct call *call, const char *id, bool must_match,
                               struct buffer *ret_json, int64_t *ret_version)
{
    struct rows rows;
    enum fault fault = passkey_mine(call->db, &rows);

    if (fault != FAULT_NONE) {
        return fault;
    }
    int row = row_of(&rows, id);
    if (row < 0) {
        fault = FAULT_NOT_FOUND;
    } else {
        *ret_version = rows_int(&rows, row, PASSKEY_VERSION, 1);
        buffer_init(ret_json, 256);
        struct json_writer w = json_writer(ret_json);
        factor_write_passkey(&w, &rows, row);
        if (must_match && !call_match(call, call_version_etag(call, *ret_version))) {
            fault = FAULT_VERSION_STALE;
        }
    }
    rows_done(&rows);
    return fault;
}

enum fault factor_passkey_change(struct call *call, struct reply *reply)
{
    struct passkey_change in;
    struct buffer now = {0};
    const char *id = NULL;
    int64_t version = 0;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = json_decode(call->body, &factor_passkey_change_shape, &in, &call->problems);
    }
    if (fault == FAULT_NONE) {
        fault = passkey_json(call, id, true, &now, &version);
    }
    if (fault == FAULT_VERSION_STALE) {
        reply->current_json = arena_str(call->arena, (struct str){now.at, now.length}).at;
        reply->etag = call_version_etag(call, version);
    }
    buffer_done(&now);
    if (fault == FAULT_NONE) {
        fault = passkey_rename(call->db, id, in.name.value);
    }
    if (fault == FAULT_NONE) {
        fault = passkey_json(call, id, false, &reply->body, &version);
        reply->etag = call_version_etag(call, version);
    }
    return fault;
}

enum fault factor_passkey_remove(struct call *call, struct reply *reply)
{
    const char *id = NULL;
    enum fault fault = call_uuid(call, 0, &id);

    if (fault == FAULT_NONE) {
        fault = factor_explain_last(passkey_remove(call->db, id), reply);
    }
    if (fault == FAULT_NONE) {
        fault = factor_log(call, SECURITY_FACTOR_REMOVED, "passkey");
    }
    if (fault == FAULT_NONE) {
        reply->status = 204;
    }
    return fault;
}
