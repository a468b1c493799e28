#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECES_MAX = 65536 };

/* Criterion gives each test a process, so one list serves each test; it only keeps what was
 * allocated reachable, for the leak checker. */
static void *kept[PIECES_MAX];
static int kept_count;

static void *keep(void *memory)
{
    cr_assert_not_null(memory);
    cr_assert_lt(kept_count, PIECES_MAX);
    kept[kept_count++] = memory;
    return memory;
}

const char *text_of(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    cr_assert_geq(length, 0);
    return keep(text);
}

const char *text_unique(void)
{
    unsigned long long number = 0;

    cr_assert_eq(getrandom(&number, sizeof(number), 0), (ssize_t)sizeof(number));
    return text_of("t%016llx", number);
}

const char *text_day(int days)
{
    time_t then = time(NULL) + (7 + 24 * (time_t)days) * 3600;
    struct tm parts;
    char text[16];

    cr_assert_not_null(gmtime_r(&then, &parts));
    cr_assert_eq(strftime(text, sizeof(text), "%Y-%m-%d", &parts), 10);
    return text_of("%s", text);
}

static int connect_to_server(void)
{
    const char *port = getenv("CAPDO_TEST_PORT");
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    cr_assert_not_null(port, "run the tests with tests/support/server.sh");
    address.sin_port = htons((uint16_t)atoi(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void send_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        cr_assert_gt(sent, 0);
        bytes += sent;
        length -= (size_t)sent;
    }
}

static char *receive_all(int fd, size_t *ret_length)
{
    size_t capacity = 65536;
    size_t length = 0;
    char *bytes = malloc(capacity);

    for (;;) {
        ssize_t got = recv(fd, bytes + length, capacity - length - 1, 0);
        cr_assert_geq(got, 0);
        if (got == 0) {
            break;
        }
        length += (size_t)got;
        if (length + 1 == capacity) {
            capacity *= 2;
            bytes = realloc(bytes, capacity);
        }
    }
    bytes[length] = '\0';
    *ret_length = length;
    return keep(bytes);
}

static struct answer call_once(const struct client *client, const char *method, const char *path,
                               const char *extra, const char *body, size_t body_length)
{
    struct answer answer = {0};
    size_t length = 0;
    const char *request = text_of(
        "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n%s%s%s%s%s%s"
        "Content-Length: %zu\r\n\r\n",
        method, path, getenv("CAPDO_TEST_PORT"), client->cookie[0] != '\0' ? "Cookie: " : "",
        client->cookie, client->cookie[0] != '\0' ? "\r\n" : "",
        client->accept[0] != '\0' ? text_of("Accept: %s\r\n", client->accept) : "",
        body == NULL              ? ""
        : client->type[0] == '\0' ? "Content-Type: application/json\r\n"
                                  : text_of("Content-Type: %s\r\n", client->type),
        extra != NULL ? extra : "", body_length);
    int fd = connect_to_server();

    send_all(fd, request, strlen(request));
    send_all(fd, body, body_length);
    char *bytes = receive_all(fd, &length);
    (void)close(fd);

    char *end = strstr(bytes, "\r\n\r\n");
    cr_assert_not_null(end, "no answer to %s %s", method, path);
    *end = '\0';
    answer.head = bytes;
    answer.body = end + 4;
    answer.length = length - (size_t)(end + 4 - bytes);
    cr_assert_eq(sscanf(bytes, "HTTP/1.1 %d", &answer.status), 1);
    answer.json = json_loadb(answer.body, answer.length, 0, NULL);
    if (answer.json != NULL) {
        (void)keep(answer.json);
    }
    return answer;
}

/* As a program should: a read that was too slow for the moment is asked again. On a busy machine the
 * 200 ms of the quick lane pass without anything being wrong. */
struct answer client_call(const struct client *client, const char *method, const char *path,
                          const char *extra, const char *body)
{
    size_t length = body == NULL ? 0 : strlen(body);
    struct answer answer = call_once(client, method, path, extra, body, length);

    for (int attempt = 1; attempt < 6 && answer.status == 503 && strcmp(method, "GET") == 0 &&
                          strstr(answer.body, "\"too_slow\"") != NULL;
         attempt++) {
        (void)usleep(200000U * (unsigned)attempt);
        answer = call_once(client, method, path, extra, body, length);
    }
    return answer;
}

struct answer client_get(const struct client *client, const char *path)
{
    return client_call(client, "GET", path, NULL, NULL);
}

struct answer client_post(const struct client *client, const char *path, const char *body)
{
    return client_call(client, "POST", path, text_of("Idempotency-Key: %s\r\n", text_unique()),
                       body);
}

struct answer client_post_file(const struct client *client, const char *path, const char *name)
{
    static char bytes[1 << 20];
    FILE *file = fopen(text_of("%s/tests/support/%s", CAPDO_SOURCE_DIR, name), "rb");

    cr_assert_not_null(file, "%s", name);
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    return call_once(client, "POST", path, text_of("Idempotency-Key: %s\r\n", text_unique()), bytes,
                     length);
}

struct answer client_post_match(const struct client *client, const char *path, const char *etag,
                                const char *body)
{
    return client_call(client, "POST", path,
                       text_of("Idempotency-Key: %s\r\nIf-Match: %s\r\n", text_unique(), etag),
                       body);
}

struct answer client_patch(const struct client *client, const char *path, const char *etag,
                           const char *body)
{
    return client_call(client, "PATCH", path, text_of("If-Match: %s\r\n", etag), body);
}

const char *answer_header(const struct answer *answer, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = strstr(answer->head, "\r\n"); line != NULL;
         line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            const char *value = line + length + 1;
            value += strspn(value, " ");
            return text_of("%.*s", (int)strcspn(value, "\r"), value);
        }
    }
    return "";
}

json_t *json_at(json_t *value, const char *path)
{
    while (value != NULL && *path != '\0') {
        char name[64];
        size_t length = strcspn(path, ".");
        (void)snprintf(name, sizeof(name), "%.*s", (int)length, path);
        value = json_is_array(value) ? json_array_get(value, strtoul(name, NULL, 10))
                                     : json_object_get(value, name);
        path += length + (path[length] == '.' ? 1 : 0);
    }
    return value;
}

const char *answer_text(const struct answer *answer, const char *path)
{
    const char *text = json_string_value(json_at(answer->json, path));

    return text != NULL ? text : "";
}

json_int_t answer_int(const struct answer *answer, const char *path)
{
    return json_integer_value(json_at(answer->json, path));
}

bool answer_blames(const struct answer *answer, const char *pointer)
{
    size_t index = 0;
    json_t *problem = NULL;

    json_array_foreach(json_at(answer->json, "errors"), index, problem)
    {
        if (strcmp(json_string_value(json_object_get(problem, "pointer")), pointer) == 0) {
            return true;
        }
    }
    return false;
}

json_int_t count_of_list(const struct client *client, const char *path)
{
    struct answer answer = client_get(
        client, text_of("%s%climit=1&count=bounded", path, strchr(path, '?') == NULL ? '?' : '&'));

    EXPECT_STATUS(answer, 200);
    return answer_int(&answer, "count.value");
}

const char *sql_as(const char *url, const char *text)
{
    char line[4096] = "";
    const char *command =
        text_of("psql -X -q -At -v ON_ERROR_STOP=1 \"$%s\" -f - <<'END_OF_SQL'\n%s\nEND_OF_SQL\n",
                url, text);
    FILE *out = popen(command, "r");

    cr_assert_not_null(out);
    while (fgets(line, sizeof(line), out) != NULL) {
        line[strcspn(line, "\n")] = '\0';
    }
    cr_assert_eq(pclose(out), 0, "SQL failed: %s", text);
    return text_of("%s", line);
}

const char *sql(const char *text)
{
    return sql_as("CAPDO_TEST_SUPERUSER_URL", text);
}

const char *account_member(const char *username, const char *name)
{
    const char *path = getenv("CAPDO_TEST_ACCOUNTS");
    size_t index = 0;
    json_t *account = NULL;

    cr_assert_not_null(path, "run the tests with tests/support/server.sh");
    json_t *accounts = keep(json_load_file(path, 0, NULL));
    json_array_foreach(accounts, index, account)
    {
        if (strcmp(json_string_value(json_object_get(account, "username")), username) == 0) {
            return json_string_value(json_object_get(account, name));
        }
    }
    cr_assert_fail("no demo account %s", username);
    return NULL;
}

void client_show_factor(const struct client *client)
{
    (void)sql(text_of("UPDATE capdo.session SET factor_at = now() + interval '1 day' "
                      "WHERE token_sha256 = sha256('%s'::bytea)",
                      client->cookie + strlen("sid=")));
}

struct client client_of(const char *username)
{
    struct client client = {0};
    const char *token = text_of("%s%sCLIENT000", text_unique(), text_unique());

    cr_assert_eq(strlen(token), 43);
    /* As many as there are tests at a time: none ends another's session. */
    (void)sql(text_of("SELECT capdo.session_open((SELECT id FROM capdo.account WHERE username = "
                      "'%s'), sha256('%s'::bytea), 43200, 1000, 'password', false, true, '', '')",
                      username, token));
    (void)snprintf(client.cookie, sizeof(client.cookie), "sid=%s", token);
    client_show_factor(&client);
    return client;
}
