/* A load generator of two models on one thread:
 *
 *   closed  each connection sends its next request when the answer of the last one is there
 *   open    (--rate) requests are due at fixed times; latency counts from when a request was due, not
 *           from when a connection was free to send it, so a stall is felt by all it delays
 *
 *   load --port N --connections N --seconds N [--warm N] [--rate N] --cookie C --paths FILE
 *        [--etag E] [--patch FILE --write-cookie C --patch-percent N [--post FILE --post-percent N]]
 *   load --port N --connections N --seconds N [--warm N] [--rate N] --sign-in FILE
 *
 * --sign-in: bodies of sign-ins, one a line, taken at random; nothing else is sent. --paths: one target a line, taken at random. --patch: one target a line, at least as many as
 * connections: each connection changes its own system with If-Match of its last answer. --post: body
 * of a new system; each gets an Idempotency-Key of its own. Prints one JSON object. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 1024,
    LINES_MAX = 65536,
    REQUEST_BYTES = 16384,
    ANSWER_BYTES = 1 << 20,
    ETAG_BYTES = 128,
    PENDING_MAX = 1 << 20,
    STATUS_MAX = 600,
    EVENTS_MAX = 256,
};

enum kind { READ, LEARN, PATCH, POST, SIGN_IN, KINDS };

struct options {
    int port, connections;
    double seconds, warm, rate, patch_percent, post_percent;
    const char *cookie, *write_cookie, *etag;
    char **paths, **patches, **sign_ins;
    char *post_body;
    int path_count, patch_count, sign_in_count;
};

struct latencies {
    uint32_t *us;
    size_t count, room;
};

struct connection {
    int fd, number;
    bool busy;
    enum kind kind;
    int64_t due_us;
    char etag[ETAG_BYTES]; /* of its own system; "" until learnt */
    char *answer;
    size_t received;
    char request[REQUEST_BYTES];
    size_t request_length, sent;
};

struct run {
    struct options options;
    struct connection *connections;
    struct connection *idle[CONNECTIONS_MAX];
    int idle_count, epoll;
    uint64_t random, key;
    int64_t begin_us, count_from_us, end_us, arrivals;
    int64_t *pending; /* due times that wait for a connection, a ring */
    size_t pending_head, pending_tail;
    struct latencies all, reads, writes;
    long statuses[STATUS_MAX];
    long errors, bytes;
};

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static uint64_t next_random(struct run *run)
{
    run->random ^= run->random << 13;
    run->random ^= run->random >> 7;
    run->random ^= run->random << 17;
    return run->random;
}

static void keep(struct latencies *latencies, uint32_t us)
{
    if (latencies->count == latencies->room) {
        latencies->room = latencies->room == 0 ? 65536 : latencies->room * 2;
        latencies->us = realloc(latencies->us, latencies->room * sizeof(uint32_t));
        if (latencies->us == NULL) {
            die("memory");
        }
    }
    latencies->us[latencies->count++] = us;
}

static char **read_lines(const char *path, int *ret_count)
{
    char **lines = calloc(LINES_MAX, sizeof(char *));
    char *line = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "re");

    if (file == NULL || lines == NULL) {
        die(path);
    }
    *ret_count = 0;
    while (*ret_count < LINES_MAX && getline(&line, &room, file) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        lines[(*ret_count)++] = strdup(line);
    }
    free(line);
    fclose(file);
    if (*ret_count == 0) {
        die("an empty list");
    }
    return lines;
}

static void connect_now(struct run *run, struct connection *c)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)run->options.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    int yes = 1;

    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address) != 0) {
        die("connect");
    }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    if (epoll_ctl(run->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0) {
        die("epoll");
    }
    c->received = 0;
}

static enum kind choose(struct run *run, const struct connection *c)
{
    const struct options *o = &run->options;
    double dice = (double)(next_random(run) % 100000) / 1000.0;

    if (o->sign_ins != NULL) {
        return SIGN_IN;
    }
    if (o->patches != NULL && c->etag[0] == '\0') {
        return LEARN;
    }
    if (dice < o->patch_percent) {
        return PATCH;
    }
    return dice < o->patch_percent + o->post_percent ? POST : READ;
}

static int compose(struct run *run, struct connection *c)
{
    static const char *const VALUES[] = {"not_started", "partial", "full"};
    const struct options *o = &run->options;
    char *out = c->request;
    char body[64];
    const char *who;

    switch (c->kind) {
    case READ:
        return snprintf(out, REQUEST_BYTES,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n%s%s%s\r\n",
                        o->paths[next_random(run) % (uint64_t)o->path_count], o->port, o->cookie,
                        o->etag != NULL ? "If-None-Match: " : "", o->etag != NULL ? o->etag : "",
                        o->etag != NULL ? "\r\n" : "");
    case LEARN:
        return snprintf(out, REQUEST_BYTES,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n",
                        o->patches[c->number], o->port, o->write_cookie);
    case PATCH:
        snprintf(body, sizeof body, "{\"plan_status\":\"%s\"}", VALUES[next_random(run) % 3]);
        return snprintf(out, REQUEST_BYTES,
                        "PATCH %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\nIf-Match: %s\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        o->patches[c->number], o->port, o->write_cookie, c->etag, strlen(body),
                        body);
    case SIGN_IN:
        who = o->sign_ins[next_random(run) % (uint64_t)o->sign_in_count];
        return snprintf(out, REQUEST_BYTES,
                        "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        o->port, strlen(who), who);
    case POST:
    default:
        return snprintf(out, REQUEST_BYTES,
                        "POST /api/v1/systems HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n"
                        "Idempotency-Key: bench-%llx-%llu\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        o->port, o->write_cookie, (unsigned long long)run->begin_us,
                        (unsigned long long)run->key++, strlen(o->post_body), o->post_body);
    }
}

static void push_out(struct connection *c)
{
    while (c->sent < c->request_length) {
        ssize_t sent = send(c->fd, c->request + c->sent, c->request_length - c->sent, MSG_NOSIGNAL);
        if (sent < 0) {
            die("send"); /* a request fits into the socket's buffer */
        }
        c->sent += (size_t)sent;
    }
}

static void start(struct run *run, struct connection *c, int64_t due_us)
{
    if (c->fd < 0) {
        connect_now(run, c);
    }
    c->busy = true;
    c->due_us = due_us;
    c->kind = choose(run, c);
    int length = compose(run, c);
    if (length <= 0 || length >= REQUEST_BYTES) {
        die("request too long");
    }
    c->request_length = (size_t)length;
    c->sent = 0;
    push_out(c);
}

static void drop(struct run *run, struct connection *c)
{
    run->errors++;
    close(c->fd);
    c->fd = -1;
    c->received = 0;
}

/* Length of the whole answer, 0 while it is not known or not there. */
static size_t answer_length(struct connection *c, int *ret_status)
{
    size_t head, length = 0;
    char *end;

    c->answer[c->received] = '\0';
    end = strstr(c->answer, "\r\n\r\n");
    if (end == NULL) {
        return 0;
    }
    head = (size_t)(end + 4 - c->answer);
    *ret_status = atoi(c->answer + 9);
    for (char *line = strstr(c->answer, "\r\n"); line != NULL && line < end;
         line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "content-length:", 15) == 0) {
            length = strtoul(line + 17, NULL, 10);
        } else if ((c->kind == LEARN || c->kind == PATCH) &&
                   strncasecmp(line + 2, "etag:", 5) == 0) {
            const char *from = line + 7 + strspn(line + 7, " ");
            size_t bytes = strcspn(from, "\r");
            if (bytes < ETAG_BYTES) {
                memcpy(c->etag, from, bytes);
                c->etag[bytes] = '\0';
            }
        }
    }
    if (*ret_status == 304 || *ret_status == 204) {
        length = 0;
    }
    return c->received >= head + length ? head + length : 0;
}

static void count(struct run *run, const struct connection *c, int status, size_t bytes,
                  int64_t now)
{
    if (now < run->count_from_us || now > run->end_us || c->kind == LEARN) {
        return;
    }
    uint32_t us = (uint32_t)(now - c->due_us);
    keep(&run->all, us);
    keep(c->kind == READ ? &run->reads : &run->writes, us);
    run->statuses[status >= 0 && status < STATUS_MAX ? status : 0]++;
    run->bytes += (long)bytes;
}

/* Next request of the connection, or idle. */
static void go_on(struct run *run, struct connection *c, int64_t now)
{
    c->busy = false;
    if (now >= run->end_us) {
        return;
    }
    if (run->options.rate <= 0) {
        start(run, c, now);
    } else if (run->pending_head != run->pending_tail) {
        start(run, c, run->pending[run->pending_head++ % PENDING_MAX]);
    } else {
        run->idle[run->idle_count++] = c;
    }
}

static void receive(struct run *run, struct connection *c)
{
    ssize_t got = recv(c->fd, c->answer + c->received, ANSWER_BYTES - 1 - c->received, 0);
    int status = 0;
    int64_t now = now_us();

    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        drop(run, c);
        if (c->busy) {
            go_on(run, c, now);
        }
        return;
    }
    c->received += (size_t)got;
    size_t length = answer_length(c, &status);
    if (length == 0 || !c->busy) {
        return;
    }
    count(run, c, status, length, now);
    if (c->kind == PATCH && status != 200) {
        c->etag[0] = '\0'; /* learn it anew */
    }
    c->received = 0;
    go_on(run, c, now);
}

static void arrive(struct run *run, int64_t now)
{
    for (;;) {
        int64_t due = run->begin_us + (int64_t)((double)run->arrivals * 1e6 / run->options.rate);
        if (due > now || due >= run->end_us) {
            return;
        }
        run->arrivals++;
        if (run->idle_count > 0) {
            start(run, run->idle[--run->idle_count], due);
        } else if (run->pending_tail - run->pending_head < PENDING_MAX) {
            run->pending[run->pending_tail++ % PENDING_MAX] = due;
        } else {
            run->errors++;
        }
    }
}

static struct timespec patience(const struct run *run, int64_t now)
{
    int64_t left = run->end_us - now;

    if (run->options.rate > 0) {
        int64_t due = run->begin_us + (int64_t)((double)run->arrivals * 1e6 / run->options.rate);
        left = due - now < left ? due - now : left;
    }
    left = left < 0 ? 0 : left;
    return (struct timespec){.tv_sec = left / 1000000, .tv_nsec = (left % 1000000) * 1000};
}

static void run_load(struct run *run)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t now = now_us();

    run->begin_us = now;
    run->count_from_us = now + (int64_t)(run->options.warm * 1e6);
    run->end_us = run->count_from_us + (int64_t)(run->options.seconds * 1e6);
    for (int i = 0; i < run->options.connections; i++) {
        struct connection *c = &run->connections[i];
        if (run->options.rate > 0) {
            run->idle[run->idle_count++] = c;
        } else {
            start(run, c, now);
        }
    }
    while ((now = now_us()) < run->end_us) {
        if (run->options.rate > 0) {
            arrive(run, now);
            now = now_us();
        }
        struct timespec wait = patience(run, now);
        int ready = epoll_pwait2(run->epoll, events, EVENTS_MAX, &wait, NULL);
        for (int i = 0; i < ready; i++) {
            receive(run, events[i].data.ptr);
        }
    }
    /* What was due and is not answered is as late as the end says, at least. */
    for (int i = 0; i < run->options.connections && run->options.rate > 0; i++) {
        if (run->connections[i].busy) {
            keep(&run->all, (uint32_t)(run->end_us - run->connections[i].due_us));
        }
    }
    for (; run->pending_head != run->pending_tail; run->pending_head++) {
        keep(&run->all, (uint32_t)(run->end_us - run->pending[run->pending_head % PENDING_MAX]));
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static void print_latencies(const char *name, struct latencies *l)
{
    static const struct {
        const char *name;
        double part;
    } PARTS[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}, {"max", 1}};

    qsort(l->us, l->count, sizeof(uint32_t), compare);
    printf("\"%s\":{\"count\":%zu", name, l->count);
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        size_t at = (size_t)(PARTS[i].part * (double)l->count);
        at = at >= l->count && l->count > 0 ? l->count - 1 : at;
        printf(",\"%s_us\":%u", PARTS[i].name, l->count == 0 ? 0 : l->us[at]);
    }
    printf("},");
}

static void print_report(struct run *run)
{
    size_t answered = run->reads.count + run->writes.count;

    printf("{\"seconds\":%.3f,\"rps\":%.1f,\"errors\":%ld,\"bytes\":%ld,", run->options.seconds,
           (double)answered / run->options.seconds, run->errors, run->bytes);
    print_latencies("all", &run->all);
    print_latencies("reads", &run->reads);
    print_latencies("writes", &run->writes);
    printf("\"statuses\":{");
    const char *comma = "";
    for (int i = 0; i < STATUS_MAX; i++) {
        if (run->statuses[i] > 0) {
            printf("%s\"%d\":%ld", comma, i, run->statuses[i]);
            comma = ",";
        }
    }
    printf("}}\n");
}

static void read_options(int argc, char **argv, struct options *o)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        int ignored;
        if (strcmp(name, "--port") == 0) {
            o->port = atoi(value);
        } else if (strcmp(name, "--connections") == 0) {
            o->connections = atoi(value);
        } else if (strcmp(name, "--seconds") == 0) {
            o->seconds = atof(value);
        } else if (strcmp(name, "--warm") == 0) {
            o->warm = atof(value);
        } else if (strcmp(name, "--rate") == 0) {
            o->rate = atof(value);
        } else if (strcmp(name, "--cookie") == 0) {
            o->cookie = value;
        } else if (strcmp(name, "--etag") == 0) {
            o->etag = value;
        } else if (strcmp(name, "--paths") == 0) {
            o->paths = read_lines(value, &o->path_count);
        } else if (strcmp(name, "--patch") == 0) {
            o->patches = read_lines(value, &o->patch_count);
        } else if (strcmp(name, "--write-cookie") == 0) {
            o->write_cookie = value;
        } else if (strcmp(name, "--patch-percent") == 0) {
            o->patch_percent = atof(value);
        } else if (strcmp(name, "--post-percent") == 0) {
            o->post_percent = atof(value);
        } else if (strcmp(name, "--sign-in") == 0) {
            o->sign_ins = read_lines(value, &o->sign_in_count);
        } else if (strcmp(name, "--post") == 0) {
            o->post_body = read_lines(value, &ignored)[0];
        } else {
            errno = EINVAL;
            die(name);
        }
    }
    errno = EINVAL;
    if (argc % 2 == 0 || o->port == 0 || o->seconds <= 0 || o->connections < 1 ||
        o->connections > CONNECTIONS_MAX ||
        (o->sign_ins == NULL && (o->cookie == NULL || o->paths == NULL)) ||
        (o->patches == NULL && o->patch_percent > 0) ||
        (o->post_body == NULL && o->post_percent > 0) ||
        (o->patches != NULL && o->patch_count < o->connections)) {
        die("options");
    }
}

int main(int argc, char **argv)
{
    static struct run run = {.options = {.connections = 64, .seconds = 5, .warm = 0.3}};

    read_options(argc, argv, &run.options);
    prctl(PR_SET_TIMERSLACK, 1000UL);
    run.random = (uint64_t)now_us() * 2654435761U + (uint64_t)getpid();
    run.epoll = epoll_create1(EPOLL_CLOEXEC);
    run.pending = calloc(PENDING_MAX, sizeof(int64_t));
    run.connections = calloc((size_t)run.options.connections, sizeof(struct connection));
    if (run.epoll < 0 || run.pending == NULL || run.connections == NULL) {
        die("start");
    }
    for (int i = 0; i < run.options.connections; i++) {
        run.connections[i].number = i;
        run.connections[i].answer = malloc(ANSWER_BYTES);
        connect_now(&run, &run.connections[i]);
    }
    run_load(&run);
    print_report(&run);
    return 0;
}
