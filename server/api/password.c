#include "api/password.h"

#include <stdlib.h>

#include "api/call_tools.h"
#include "api/security_log.h"
#include "api/service.h"
#include "api/sign_in.h"
#include "base/hasher.h"
#include "base/password_hash.h"
#include "db/account_link.h"
#include "rules/password.h"

/* What the product is called, and what stands on its sign-in page. */
static const char *const OWN_WORDS[] = {"capdo", "cấp độ", "hệ thống thông tin"};

static void report(struct call *call, const char *pointer, const char *code, struct text message)
{
    problems_add(&call->problems, pointer, code, NULL, message);
}

static void report_length(struct call *call, const char *pointer, bool has_factor)
{
    int least = has_factor ? PASSWORD_MIN_CHARACTERS_WITH_FACTOR : PASSWORD_MIN_CHARACTERS;

    problems_add(&call->problems, pointer, "too_short",
                 arena_printf(call->arena, "{\"min\":%d}", least),
                 (struct text){{arena_printf(call->arena,
                                             "Mật khẩu cần ít nhất %d ký tự; hãy dùng một câu dài "
                                             "dễ nhớ với riêng bạn",
                                             least),
                                arena_printf(call->arena,
                                             "The password needs at least %d characters; a long "
                                             "sentence that you remember is good",
                                             least)}});
}

static void report_all(struct call *call, const char *pointer, unsigned flaws, bool has_factor)
{
    if ((flaws & PASSWORD_TOO_SHORT) != 0) {
        report_length(call, pointer, has_factor);
    }
    if ((flaws & PASSWORD_TOO_LONG) != 0) {
        report(call, pointer, "too_long",
               TEXT("Mật khẩu dài hơn 1.024 byte", "The password is longer than 1,024 bytes"));
    }
    if ((flaws & PASSWORD_COMMON) != 0) {
        report(call, pointer, "common",
               TEXT("Mật khẩu này nhiều người dùng và dễ bị dò; hãy chọn mật khẩu khác",
                    "Many people use this password and it is tried first; choose another"));
    }
    if ((flaws & PASSWORD_CONTEXT) != 0) {
        report(call, pointer, "context",
               TEXT("Mật khẩu chủ yếu gồm tên của bạn, cơ quan, tỉnh hoặc hệ thống này; hãy thêm "
                    "những từ không liên quan",
                    "The password is little more than names of you, your organisation, the "
                    "province or this service; add words that have nothing to do with them"));
    }
    if ((flaws & PASSWORD_REPETITIVE) != 0) {
        report(call, pointer, "repetitive",
               TEXT("Mật khẩu lặp lại hoặc là một dãy liên tiếp; hãy chọn mật khẩu khác",
                    "The password repeats itself or is a sequence; choose another"));
    }
}

enum fault password_examine(struct call *call, const char *pointer, const char *password,
                            const char *account_id)
{
    const char *const *theirs = NULL;
    int count = 0;
    bool has_factor = false;
    enum fault fault = account_password_words(call->db, call->arena, account_id, &theirs, &count);

    if (fault == FAULT_NONE) {
        fault = account_has_factor(call->db, account_id, &has_factor);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }

    size_t own = COUNT_OF(OWN_WORDS);
    const char **words = ARENA_ARRAY(call->arena, (size_t)count + own, const char *);
    for (size_t i = 0; i < own; i++) {
        words[i] = OWN_WORDS[i];
    }
    for (int i = 0; i < count; i++) {
        words[own + (size_t)i] = theirs[i];
    }
    const struct password_question question = {
        .password = password,
        .has_factor = has_factor,
        .list = &call->service->passwords,
        .words = words,
        .word_count = count + (int)own,
    };
    unsigned flaws = password_flaws(&question, call->arena);
    report_all(call, pointer, flaws, has_factor);
    return flaws == 0 ? FAULT_NONE : FAULT_INVALID;
}

/* Verified against when the name is unknown, so that both cases cost the same. Its password was
 * random and is not kept. */
static const char NOBODY_HASH[] = "$argon2id$v=19$m=65536,t=3,p=1$j8Cwe60UWiQxe6NwYteMeA$"
                                  "WImwMdz25ukWXnsKWqYBsM4k5baUl1hZAmgSWPU1iDQ";

#ifdef CAPDO_TEST_HOOKS
/* A server that tells by its time whom it knows: the control of the comparison of times. Another
 * hash, or with an empty one none. */
static bool nobody_is(struct hasher *hasher, const char *password)
{
    const char *other = getenv("CAPDO_TEST_NOBODY_HASH");

    return (other == NULL || *other != '\0') &&
           hasher_fits(hasher, other == NULL ? NOBODY_HASH : other, password);
}
#else
static bool nobody_is(struct hasher *hasher, const char *password)
{
    return hasher_fits(hasher, NOBODY_HASH, password);
}
#endif

/* Counted and committed before the password is looked at: many at once are not many more. */
static enum fault count_attempt(struct call *call, struct password_attempt *attempt)
{
    attempt->has_device = sign_in_device_sha256(call, attempt->device);
    enum fault fault = sign_in_begin(call);
    if (fault == FAULT_NONE) {
        fault = sign_in_attempt(call->db, call->arena, attempt->username,
                                attempt->has_device ? attempt->device : NULL, &attempt->counted);
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    return sign_in_commit(call);
}

/* What was typed in place of a name that nobody has is not logged: people type their password there. */
static const char *known_name(const struct password_attempt *attempt)
{
    return attempt->counted.account_id == NULL ? NULL : attempt->username;
}

static enum fault refuse_to_look(struct call *call, const struct password_attempt *attempt,
                                 struct reply *reply)
{
    (void)!call_log_soon(call, (struct security_event){.kind = SECURITY_SIGN_IN,
                                                       .outcome = SECURITY_REFUSED,
                                                       .account_id = attempt->counted.account_id,
                                                       .account_name = known_name(attempt)});
    if (attempt->counted.stopped) {
        return reply_fault(reply, FAULT_SIGN_IN_STOPPED,
                           "Hãy đề nghị quản trị viên cấp đường dẫn đặt lại mật khẩu, hoặc đăng "
                           "nhập bằng phương thức xác thực khác",
                           "Ask an administrator for a link to reset the password, or sign in by "
                           "another factor");
    }
    reply->retry_after_s = attempt->counted.retry_in_s;
    return FAULT_TOO_MANY_REQUESTS;
}

enum fault password_attempt_judge(struct call *call, struct password_attempt *attempt,
                                  struct reply *reply)
{
    enum fault fault = count_attempt(call, attempt);

    if (fault != FAULT_NONE) {
        return fault;
    }
    if (attempt->counted.stopped || attempt->counted.retry_in_s > 0) {
        return refuse_to_look(call, attempt, reply);
    }
    const char *hash = attempt->counted.password_hash;
    bool known = hash != NULL && str_starts_with(str_of(hash), "$argon2id$");
    struct hasher *hasher = call->service->hasher;
    bool right =
        known ? hasher_fits(hasher, hash, attempt->password) : nobody_is(hasher, attempt->password);
    attempt->right = known && right;
    return FAULT_NONE;
}

enum fault password_attempt_done(struct call *call, const struct password_attempt *attempt)
{
    const struct sign_in_attempt *counted = &attempt->counted;
    char hash[PASSWORD_HASH_BYTES];
    enum fault fault =
        sign_in_done(call->db, counted->account_id, attempt->has_device ? attempt->device : NULL);

    if (fault != FAULT_NONE || !password_hash_is_old(counted->password_hash)) {
        return fault;
    }
    fault = password_hash_make(attempt->password, hash);
    return fault == FAULT_NONE
               ? sign_in_rehash(call->db, counted->account_id, counted->password_hash, hash)
               : fault;
}

enum fault password_attempt_refuse(struct call *call, const struct password_attempt *attempt,
                                   enum security_kind kind)
{
    enum fault fault = sign_in_begin(call);

    if (fault == FAULT_NONE) {
        fault = call_log(call, (struct security_event){.kind = kind,
                                                       .outcome = SECURITY_FAILED,
                                                       .account_id = attempt->counted.account_id,
                                                       .account_name = known_name(attempt),
                                                       .detail_json = "{\"by\":\"password\"}"});
    }
    if (fault != FAULT_NONE) {
        db_tx_rollback(call->db);
        return fault;
    }
    fault = sign_in_commit(call);
    return fault == FAULT_NONE ? FAULT_BAD_CREDENTIALS : fault;
}
