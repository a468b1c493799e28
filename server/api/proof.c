#include "api/proof.h"

#include <sodium.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/sign_in.h"
#include "db/factor.h"
#include "identity/totp.h"

_Static_assert((int)TOTP_SECRET_BYTES == (int)FACTOR_TOTP_BYTES, "one secret, two layers");

bool proof_bytes(struct call *call, const char *text, struct str *ret_bytes)
{
    size_t room = strlen(text) / 4 * 3 + 3;
    unsigned char *bytes = arena_alloc(call->arena, room);
    const char *end = NULL;
    size_t length = 0;

    if (sodium_base642bin(bytes, room, text, strlen(text), NULL, &length, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        *end != '\0') {
        return false;
    }
    *ret_bytes = (struct str){(const char *)bytes, length};
    return true;
}

const char *proof_base64(struct call *call, const unsigned char *bytes, size_t length)
{
    size_t room = sodium_base64_encoded_len(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

    return sodium_bin2base64(arena_alloc(call->arena, room), room, bytes, length,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void proof_recovery_hash(const char *typed, unsigned char ret_hash[static 32])
{
    char code[PROOF_RECOVERY_CHARACTERS + 1];
    size_t length = 0;

    for (; *typed != '\0' && length < PROOF_RECOVERY_CHARACTERS; typed++) {
        char c = *typed >= 'a' && *typed <= 'z' ? (char)(*typed - 'a' + 'A') : *typed;
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
            code[length++] = c;
        }
    }
    (void)crypto_hash_sha256(ret_hash, (const unsigned char *)code, length);
    sodium_memzero(code, sizeof(code));
}

struct passkey_site proof_site(const struct call *call)
{
    return (struct passkey_site){call->service->origin, call->service->rp_id};
}

static enum fault judge_code(struct call *call, const char *account_id, const char *code,
                             struct judgement *judgement)
{
    struct totp_record record;
    unsigned char secret[TOTP_SECRET_BYTES];
    int64_t counter = 0;
    enum fault fault = totp_find(call->db, account_id, false, &record);

    judgement->by = "totp";
    judgement->why = "no_such_factor";
    if (fault != FAULT_NONE) {
        return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
    }
    if (!seal_open(&call->service->seal_keys, record.key_id, account_id, record.sealed,
                   sizeof(record.sealed), secret)) {
        return FAULT_SECRET_KEY_MISSING;
    }
    bool fits = totp_check(secret, code, clock_wall_us(&call->service->clock) / 1000000,
                           record.last_counter, &counter);
    sodium_memzero(secret, sizeof(secret));
    judgement->why = "wrong_or_used";
    return fits ? totp_accept(call->db, account_id, counter, &judgement->good) : FAULT_NONE;
}

static enum fault judge_recovery_code(struct call *call, const char *account_id, const char *code,
                                      struct judgement *judgement)
{
    unsigned char hash[32];

    judgement->by = "recovery_code";
    judgement->why = "wrong_or_used";
    proof_recovery_hash(code, hash);
    enum fault fault = recovery_use(call->db, account_id, hash, &judgement->good);
    if (fault == FAULT_NONE && judgement->good) {
        fault = call_log(call, (struct security_event){.kind = SECURITY_RECOVERY_USED,
                                                       .account_id = account_id});
    }
    return fault;
}

/* The key is known and everything is read: does it hold? */
static enum fault judge_signature(struct call *call, const struct proof *proof,
                                  const unsigned char *challenge, struct str client_data,
                                  const struct passkey_record *record, struct judgement *judgement)
{
    const struct passkey_site site = proof_site(call);
    struct passkey_key key = {.algorithm = record->algorithm,
                              .length = record->key_length,
                              .sign_count = record->sign_count};
    struct str authenticator_data;
    struct str signature;
    int64_t count = 0;

    _Static_assert((int)PASSKEY_KEY_BYTES_MAX == (int)PASSKEY_RECORD_KEY_BYTES, "one key");
    if (!proof_bytes(call, proof->authenticator_data.value, &authenticator_data) ||
        !proof_bytes(call, proof->signature.value, &signature)) {
        judgement->why = "not_base64url";
        return FAULT_NONE;
    }
    (void)memcpy(key.bytes, record->key, sizeof(key.bytes));
    enum passkey_verdict verdict =
        passkey_assert(&site, &key, challenge, client_data, authenticator_data, signature, &count);
    if (verdict != PASSKEY_GOOD) {
        judgement->why = passkey_verdict_code(verdict);
        return FAULT_NONE;
    }
    judgement->good = true;
    return passkey_used(call->db, record->id, count);
}

static enum fault judge_passkey(struct call *call, const char *account_id, const char *session_id,
                                const struct proof *proof, struct judgement *judgement)
{
    unsigned char challenge[PASSKEY_CHALLENGE_BYTES];
    struct passkey_record record;
    struct str client_data;
    struct str id;
    bool taken = false;

    judgement->by = "passkey";
    judgement->why = "not_base64url";
    if (!proof_bytes(call, proof->client_data.value, &client_data) ||
        !proof_bytes(call, proof->credential_id.value, &id) ||
        !passkey_challenge(client_data, challenge)) {
        return FAULT_NONE;
    }
    /* First of all, so that it is used up whatever comes. */
    enum fault fault = challenge_take(
        call->db, challenge, session_id == NULL ? "sign_in" : "factor", session_id, &taken);
    judgement->why = "challenge_unknown";
    if (fault != FAULT_NONE || !taken) {
        return fault;
    }
    fault = passkey_find(call->db, call->arena, (const unsigned char *)id.at, id.length, &record);
    judgement->why = "no_such_factor";
    if (fault != FAULT_NONE) {
        return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
    }
    if (account_id != NULL && strcmp(record.account_id, account_id) != 0) {
        judgement->why = "of_another_account";
        return FAULT_NONE;
    }
    judgement->account_id = record.account_id;
    return judge_signature(call, proof, challenge, client_data, &record, judgement);
}

static bool has_passkey(const struct proof *proof)
{
    return proof->credential_id.value != NULL && proof->client_data.value != NULL &&
           proof->authenticator_data.value != NULL && proof->signature.value != NULL;
}

/* Codes can be guessed, so tries are few; what a passkey signs cannot. */
static enum fault judge_typed(struct call *call, const char *account_id, const struct proof *proof,
                              struct reply *reply, struct judgement *judgement)
{
    int wait_s = 0;
    enum fault fault = factor_try(call->db, account_id, &wait_s);

    if (fault == FAULT_NONE && wait_s > 0) {
        reply->retry_after_s = wait_s;
        return FAULT_TOO_MANY_REQUESTS;
    }
    if (fault == FAULT_NONE) {
        fault = proof->code.value != NULL
                    ? judge_code(call, account_id, proof->code.value, judgement)
                    : judge_recovery_code(call, account_id, proof->recovery_code.value, judgement);
    }
    return fault == FAULT_NONE ? factor_judged(call->db, account_id, judgement->good) : fault;
}

enum fault proof_judge(struct call *call, const char *account_id, const char *session_id,
                       const struct proof *proof, struct reply *reply,
                       struct judgement *ret_judgement)
{
    bool passkey = has_passkey(proof);
    int kinds =
        (proof->code.value != NULL) + (proof->recovery_code.value != NULL) + (passkey ? 1 : 0);

    *ret_judgement = (struct judgement){.account_id = account_id};
    if (kinds != 1) {
        problems_add(
            &call->problems, "", "one_factor", NULL,
            TEXT("Gửi đúng một trong: mã xác thực, mã khôi phục, hoặc đủ bốn phần của khóa",
                 "Send exactly one: a code, a recovery code, or all four parts of a "
                 "passkey"));
        return FAULT_INVALID;
    }
    return passkey ? judge_passkey(call, account_id, session_id, proof, ret_judgement)
                   : judge_typed(call, account_id, proof, reply, ret_judgement);
}

enum fault proof_refuse(struct call *call, const char *account_id,
                        const struct judgement *judgement)
{
    enum fault fault =
        call_log(call, (struct security_event){.kind = SECURITY_FACTOR_FAILED,
                                               .outcome = SECURITY_FAILED,
                                               .account_id = account_id,
                                               .detail_json = arena_printf(
                                                   call->arena, "{\"by\":\"%s\",\"why\":\"%s\"}",
                                                   judgement->by, judgement->why)});

    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    return fault == FAULT_NONE ? FAULT_BAD_FACTOR : fault;
}
