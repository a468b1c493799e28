#include "api/page.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "api/call_tools.h"
#include "api/route.h"
#include "api/service.h"
#include "base/uuid.h"

enum { CURSOR_BYTES_MAX = 1024 };

static enum fault bad_parameter(struct call *call, struct reply *reply, const char *name,
                                const char *vi, const char *en)
{
    return reply_fault(reply, FAULT_BAD_PARAMETER,
                       arena_printf(call->arena, "Tham số “%s”: %s", name, vi),
                       arena_printf(call->arena, "Parameter “%s”: %s", name, en));
}

static bool choice_known(const char *const *choices, struct str value)
{
    for (int i = 0; choices[i] != NULL; i++) {
        if (str_is(value, choices[i])) {
            return true;
        }
    }
    return false;
}

static bool is_name(struct str value)
{
    for (size_t i = 0; i < value.length; i++) {
        char c = value.at[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-';
        if (!ok) {
            return false;
        }
    }
    return value.length > 0 && value.length <= 60;
}

static bool is_digits(struct str value, const char *form)
{
    if (value.length != strlen(form)) {
        return false;
    }
    for (size_t i = 0; i < value.length; i++) {
        bool digit = value.at[i] >= '0' && value.at[i] <= '9';
        if (form[i] == '0' ? !digit : value.at[i] != form[i]) {
            return false;
        }
    }
    return true;
}

/* RFC 3339: date, T, time, fraction of at most nine digits, Z or an offset. */
static bool is_time(struct str value)
{
    struct str head = value;
    size_t at = 19;

    if (value.length < 20 || value.length > 35) {
        return false;
    }
    head.length = at;
    if (!is_digits(head, "0000-00-00T00:00:00")) {
        return false;
    }
    if (value.at[at] == '.') {
        at++;
        while (at < value.length && at < 29 && value.at[at] >= '0' && value.at[at] <= '9') {
            at++;
        }
    }
    struct str zone = {value.at + at, value.length - at};
    return str_is(zone, "Z") || is_digits(zone, "+00:00") || is_digits(zone, "-00:00");
}

/* The value as it goes into SQL, or NULL when it does not fit. */
static const char *one_value(struct call *call, const struct list_filter *filter, struct str value)
{
    bool ok = false;

    switch (filter->kind) {
    case LIST_CODES:
        ok = choice_known(filter->choices, value);
        break;
    case LIST_LEVELS:
        if (str_is(value, "none")) {
            return "0";
        }
        ok = value.length == 1 && value.at[0] >= '1' && value.at[0] <= '5';
        break;
    case LIST_NAMES:
        ok = is_name(value);
        break;
    case LIST_UUIDS:
    case LIST_UUID:
        ok = uuid_is_valid(value);
        break;
    case LIST_BOOL:
        ok = str_is(value, "true") || str_is(value, "false");
        break;
    case LIST_DATE:
        ok = is_digits(value, "0000-00-00");
        break;
    case LIST_TIME:
        ok = is_time(value);
        break;
    case LIST_WORDS:
    default:
        break;
    }
    return ok ? arena_str(call->arena, value).at : NULL;
}

static bool is_many(enum list_value_kind kind)
{
    return kind == LIST_CODES || kind == LIST_LEVELS || kind == LIST_NAMES || kind == LIST_UUIDS;
}

static void add_filter(struct list_request *request, const struct list_filter *filter,
                       const char *value)
{
    request->filters[request->filter_count].filter = filter;
    request->filters[request->filter_count].value = value;
    request->filter_count++;
}

/* Each word becomes one condition. */
static enum fault read_words(struct call *call, const struct list_filter *filter,
                             struct list_request *request, struct str text, struct reply *reply)
{
    int words = 0;

    /* q may be repeated: the limit is on all of its words together. */
    for (int i = 0; i < request->filter_count; i++) {
        words += request->filters[i].filter->kind == LIST_WORDS ? 1 : 0;
    }
    if (text.length > 400) {
        return bad_parameter(call, reply, filter->parameter, "quá dài", "too long");
    }
    while (text.at != NULL) {
        struct str word = str_cut(&text, ' ');
        if (word.length == 0) {
            continue;
        }
        if (++words > LIST_WORDS_MAX) {
            return bad_parameter(call, reply, filter->parameter, "tối đa 8 từ", "8 words at most");
        }
        add_filter(request, filter, arena_str(call->arena, word).at);
    }
    return FAULT_NONE;
}

static enum fault read_filter(struct call *call, const struct list_filter *filter,
                              struct list_request *request, struct reply *reply)
{
    struct buffer list;
    int values = 0;
    enum fault fault = FAULT_NONE;

    buffer_init(&list, 64);
    buffer_char(&list, '{');
    for (int i = 0; i < call->query_count && fault == FAULT_NONE; i++) {
        if (!str_is(call->query[i].name, filter->parameter)) {
            continue;
        }
        if (filter->kind == LIST_WORDS) {
            fault = read_words(call, filter, request, call->query[i].value, reply);
            continue;
        }
        const char *value = one_value(call, filter, call->query[i].value);
        if (value == NULL) {
            fault = bad_parameter(call, reply, filter->parameter, "giá trị không hợp lệ",
                                  "the value is not valid");
        } else if (++values > (is_many(filter->kind) ? LIMIT_FILTER_VALUES : 1)) {
            fault = bad_parameter(call, reply, filter->parameter, "quá nhiều giá trị",
                                  "too many values");
        } else if (is_many(filter->kind)) {
            buffer_printf(&list, "%s%s", values > 1 ? "," : "", value);
        } else {
            add_filter(request, filter, value);
        }
    }
    buffer_char(&list, '}');
    if (fault == FAULT_NONE && is_many(filter->kind) && values > 0) {
        add_filter(request, filter, arena_str(call->arena, (struct str){list.at, list.length}).at);
    }
    buffer_done(&list);
    return fault;
}

/* Binds a cursor to what it was made for: sort, direction and every filter. */
static uint64_t request_hash(const struct list_request *request)
{
    uint64_t hash = 14695981039346656037ULL;
    const char *parts[2 + 2 * (LIST_FILTERS_MAX + LIST_WORDS_MAX)];
    int count = 0;

    parts[count++] = request->sort->name;
    parts[count++] = request->descending ? "-" : "+";
    for (int i = 0; i < request->filter_count; i++) {
        parts[count++] = request->filters[i].filter->parameter;
        parts[count++] = request->filters[i].value;
    }
    for (int i = 0; i < count; i++) {
        for (const char *p = parts[i];; p++) {
            hash = (hash ^ (unsigned char)*p) * 1099511628211ULL;
            if (*p == '\0') {
                break;
            }
        }
    }
    return hash;
}

static const char *cursor_make(struct call *call, const struct list_request *request,
                               struct str value, struct str id)
{
    const char *plain =
        arena_printf(call->arena, "1.%016llx.%.*s.%.*s", (unsigned long long)request_hash(request),
                     (int)id.length, id.at, (int)value.length, value.at);
    size_t length = strlen(plain);
    size_t room = sodium_base64_encoded_len(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(call->arena, room);

    (void)sodium_bin2base64(text, room, (const unsigned char *)plain, length,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text;
}

static enum fault cursor_read(struct call *call, struct list_request *request, struct reply *reply)
{
    struct str cursor = call_parameter(call, "cursor");
    char plain[CURSOR_BYTES_MAX + 1];
    size_t length = 0;

    if (cursor.at == NULL) {
        return FAULT_NONE;
    }
    enum fault fault =
        reply_fault(reply, FAULT_BAD_CURSOR,
                    "Con trỏ không thuộc về danh sách này; hãy bắt đầu lại từ trang đầu",
                    "The cursor does not belong to this list; start from the first page");
    if (cursor.length > CURSOR_BYTES_MAX ||
        sodium_base642bin((unsigned char *)plain, CURSOR_BYTES_MAX, cursor.at, cursor.length, NULL,
                          &length, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
        return fault;
    }
    plain[length] = '\0';

    struct str rest = {plain, length};
    struct str version = str_cut(&rest, '.');
    struct str hash = str_cut(&rest, '.');
    struct str id = str_cut(&rest, '.');
    const char *expected =
        arena_printf(call->arena, "%016llx", (unsigned long long)request_hash(request));
    if (!str_is(version, "1") || !str_is(hash, expected) || !uuid_is_valid(id) || rest.at == NULL ||
        memchr(plain, '\0', length) != NULL) {
        return fault;
    }
    request->after_id = arena_str(call->arena, id).at;
    request->after_value = arena_str(call->arena, rest).at;
    reply->detail[LANGUAGE_VI] = NULL;
    reply->detail[LANGUAGE_EN] = NULL;
    return FAULT_NONE;
}

static enum fault read_sort(struct call *call, struct list_request *request, struct reply *reply)
{
    struct str wanted = call_parameter(call, "sort");

    request->sort = &request->table->sorts[0];
    request->descending = request->table->default_descending;
    if (wanted.at == NULL) {
        return FAULT_NONE;
    }
    request->descending = str_starts_with(wanted, "-");
    if (request->descending) {
        wanted.at++;
        wanted.length--;
    }
    for (int i = 0; request->table->sorts[i].name != NULL; i++) {
        if (str_is(wanted, request->table->sorts[i].name)) {
            request->sort = &request->table->sorts[i];
            return FAULT_NONE;
        }
    }
    return bad_parameter(call, reply, "sort", "không có cách sắp xếp này", "no such order");
}

enum fault page_read(struct call *call, const struct list_table *table, struct page *ret_page,
                     struct reply *reply)
{
    struct list_request *request = &ret_page->request;
    struct str limit = call_parameter(call, "limit");
    struct str count = call_parameter(call, "count");
    int64_t rows = LIMIT_PAGE_ROWS_DEFAULT;

    *ret_page = (struct page){.request.table = table};
    if (limit.at != NULL && (!str_to_int64(limit, &rows) || rows < 1 || rows > LIMIT_PAGE_ROWS)) {
        return bad_parameter(call, reply, "limit", "phải từ 1 đến 200", "must be 1 to 200");
    }
    request->limit = (int)rows;
    if (count.at != NULL && !str_is(count, "bounded") && !str_is(count, "none")) {
        return bad_parameter(call, reply, "count", "phải là none hoặc bounded",
                             "must be none or bounded");
    }
    ret_page->count_bounded = str_is(count, "bounded");

    enum fault fault = read_sort(call, request, reply);
    for (int i = 0; fault == FAULT_NONE && table->filters[i].parameter != NULL; i++) {
        fault = read_filter(call, &table->filters[i], request, reply);
    }
    return fault == FAULT_NONE ? cursor_read(call, request, reply) : fault;
}

static void percent(struct buffer *out, struct str text)
{
    static const char HEX[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            buffer_char(out, (char)c);
        } else {
            buffer_char(out, '%');
            buffer_char(out, HEX[c >> 4]);
            buffer_char(out, HEX[c & 15U]);
        }
    }
}

/* This request again with another cursor. Lists have no placeholder but the id of their parent. */
static const char *next_link(struct call *call, const char *cursor)
{
    struct buffer link;
    int placeholder = 0;
    bool first = true;

    buffer_init(&link, 256);
    for (const char *p = call->route->path; *p != '\0'; p++) {
        if (*p != '{') {
            buffer_char(&link, *p);
            continue;
        }
        percent(&link, call->path_value[placeholder++]);
        p = strchr(p, '}');
    }
    for (int i = 0; i < call->query_count; i++) {
        if (str_is(call->query[i].name, "cursor")) {
            continue;
        }
        buffer_char(&link, first ? '?' : '&');
        percent(&link, call->query[i].name);
        buffer_char(&link, '=');
        percent(&link, call->query[i].value);
        first = false;
    }
    buffer_printf(&link, "%ccursor=%s", first ? '?' : '&', cursor);
    const char *text = arena_str(call->arena, (struct str){link.at, link.length}).at;
    buffer_done(&link);
    return text;
}

static enum fault write_count(struct call *call, const struct page *page,
                              const struct list_scope *scope, int shown, bool more,
                              struct json_writer *w)
{
    int64_t value = shown + (more ? 1 : 0);
    bool exact = !more && page->request.after_id == NULL;

    if (page->count_bounded && !exact) {
        enum fault fault = list_count(call->db, &page->request, scope, &value);
        if (fault != FAULT_NONE) {
            return fault;
        }
        exact = value <= LIMIT_COUNT_ROWS;
        value = exact ? value : LIMIT_COUNT_ROWS;
    }
    json_name(w, "count");
    json_object_begin(w);
    json_member_int(w, "value", value);
    json_member_text(w, "type", exact ? "exact" : "at_least");
    json_object_end(w);
    return FAULT_NONE;
}

enum fault page_reply(struct call *call, const struct page *page, const struct list_scope *scope,
                      page_item_fn *item, struct reply *reply)
{
    struct rows rows;
    char version[DATA_VERSION_BYTES];

    service_data_version(call->service, version);
    enum fault fault = list_rows(call->db, &page->request, scope, &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }

    bool more = rows.count > page->request.limit;
    int shown = more ? page->request.limit : rows.count;
    const char *cursor = more ? cursor_make(call, &page->request, rows_str(&rows, shown - 1, 0),
                                            rows_str(&rows, shown - 1, PAGE_ID_COLUMN))
                              : NULL;
    buffer_init(&reply->body, 512 + (size_t)shown * 700);
    struct json_writer w = json_writer(&reply->body);
    json_object_begin(&w);
    json_name(&w, "items");
    json_array_begin(&w);
    for (int i = 0; i < shown; i++) {
        item(&w, &rows, i);
    }
    json_array_end(&w);
    rows_done(&rows);
    json_member_text(&w, "next", cursor);
    fault = write_count(call, page, scope, shown, more, &w);
    json_member_text(&w, "data_version", version);
    json_object_end(&w);
    if (cursor != NULL) {
        reply->link_next = next_link(call, cursor);
    }
    return fault;
}
