#include "http/static_site.h"

#include <fcntl.h>
#include <fts.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

enum {
    SITE_FILES_MAX = 4000,
    SITE_FILE_BYTES_MAX = 32 * MIB,
    HASH_BYTES = 16,
    ETAG_BYTES = 2 + HASH_BYTES * 2 + 4, /* quotes, hex, "-br", terminator */
    NONCE_BYTES = 18,
    NONCE_TEXT_BYTES = NONCE_BYTES / 3 * 4 + 1,
};

static const char PLACEHOLDER[] = "__CSP_NONCE__";

static const struct {
    const char *ending;
    const char *type;
} TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".webmanifest", "application/manifest+json; charset=utf-8"},
    {".svg", "image/svg+xml; charset=utf-8"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml; charset=utf-8"},
    {".pdf", "application/pdf"},
};

static const char NO_SITE[] =
    "<!doctype html>\n<html lang=\"vi\">\n<head><meta charset=\"utf-8\"><title>Capdo</title></head>\n"
    "<body>\n<h1>Chưa có trang giao diện</h1>\n"
    "<p>Máy chủ đang chạy, nhưng chưa tìm thấy trang giao diện đã dựng. Hãy chạy "
    "<code>deploy/quickstart</code>, hoặc <code>npm ci &amp;&amp; npm run build</code> trong thư mục "
    "<code>web</code>, rồi khởi động lại máy chủ.</p>\n"
    "<h2 lang=\"en\">The site has not been built</h2>\n"
    "<p lang=\"en\">The server is running, but found no built site. Run "
    "<code>deploy/quickstart</code>, or <code>npm ci &amp;&amp; npm run build</code> in the folder "
    "<code>web</code>, and start the server again.</p>\n</body>\n</html>\n";

struct site_variant {
    struct str bytes; /* owned by the arena; at == NULL: not there */
    char etag[ETAG_BYTES];
};

struct site_file {
    const char *path; /* "/assets/x.js" */
    const char *type;
    unsigned available; /* bits of the encodings besides identity */
    struct site_variant variant[ENCODING_COUNT];
};

struct site {
    struct arena arena;
    struct site_file *files; /* sorted by path; in the arena */
    int count;
    struct str page; /* index.html with its placeholders */
};

static const char *type_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < COUNT_OF(TYPES); i++) {
        if (strcasecmp(dot, TYPES[i].ending) == 0) {
            return TYPES[i].type;
        }
    }
    return "application/octet-stream";
}

static bool read_file(struct arena *arena, const char *path, off_t size, struct str *ret_bytes)
{
    if (size < 0 || size > SITE_FILE_BYTES_MAX) {
        return false;
    }

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return false;
    }
    char *bytes = arena_alloc(arena, (size_t)size + 1);
    size_t length = 0;
    while (length < (size_t)size) {
        ssize_t got = read(fd, bytes + length, (size_t)size - length);
        if (got <= 0) {
            break;
        }
        length += (size_t)got;
    }
    (void)close(fd);
    *ret_bytes = (struct str){bytes, length};
    return length == (size_t)size;
}

static void variant_set(struct site_variant *variant, struct str bytes, enum encoding encoding)
{
    unsigned char hash[HASH_BYTES];
    char hex[HASH_BYTES * 2 + 1];
    const char *name = encoding_name(encoding);
    const char *ending = encoding == ENCODING_BR ? "-br" : "-gz";

    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)bytes.at, bytes.length, NULL,
                             0);
    (void)sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    (void)snprintf(variant->etag, sizeof variant->etag, "\"%s%s\"", hex,
                   name != NULL ? ending : "");
    variant->bytes = bytes;
}

static struct site_file *file_named(struct site *site, const char *path)
{
    for (int i = 0; i < site->count; i++) {
        if (strcmp(site->files[i].path, path) == 0) {
            return &site->files[i];
        }
    }
    if (site->count == SITE_FILES_MAX) {
        return NULL;
    }
    struct site_file *file = &site->files[site->count];
    site->count++;
    file->path = arena_copy(&site->arena, path);
    file->type = type_of(path);
    return file;
}

static void add_file(struct site *site, const char *path, const char *name, off_t size)
{
    enum encoding encoding = ENCODING_IDENTITY;
    char plain[1024];
    struct str bytes;
    size_t length = strlen(name);

    if (length >= sizeof plain) {
        return;
    }
    (void)memcpy(plain, name, length + 1);
    if (length > 3 && strcmp(name + length - 3, ".br") == 0) {
        encoding = ENCODING_BR;
    } else if (length > 3 && strcmp(name + length - 3, ".gz") == 0) {
        encoding = ENCODING_GZIP;
    }
    if (encoding != ENCODING_IDENTITY) {
        plain[length - 3] = '\0';
    }

    struct site_file *file = file_named(site, plain);
    if (file != NULL && read_file(&site->arena, path, size, &bytes)) {
        variant_set(&file->variant[encoding], bytes, encoding);
        file->available |= ENCODING_BIT(encoding);
    }
}

static int compare_files(const void *a, const void *b)
{
    const struct site_file *left = a;
    const struct site_file *right = b;

    return strcmp(left->path, right->path);
}

static void load_folder(struct site *site, const char *directory)
{
    char *root = arena_copy(&site->arena, directory);
    char *roots[] = {root, NULL};
    size_t prefix = strlen(root);
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

    while (prefix > 1 && root[prefix - 1] == '/') {
        prefix--;
    }
    if (walk == NULL) {
        return;
    }
    for (FTSENT *entry = fts_read(walk); entry != NULL; entry = fts_read(walk)) {
        if (entry->fts_info == FTS_F) {
            add_file(site, entry->fts_path, entry->fts_path + prefix, entry->fts_statp->st_size);
        }
    }
    (void)fts_close(walk);
}

/* A variant whose plain file is missing cannot be served to everyone: dropped. */
static void drop_incomplete(struct site *site)
{
    int kept = 0;

    for (int i = 0; i < site->count; i++) {
        if (site->files[i].variant[ENCODING_IDENTITY].bytes.at != NULL) {
            site->files[kept] = site->files[i];
            kept++;
        }
    }
    site->count = kept;
    if (kept > 1) {
        qsort(site->files, (size_t)kept, sizeof site->files[0], compare_files);
    }
}

static const struct site_file *find_file(const struct site *site, struct str path)
{
    int low = 0;
    int high = site->count - 1;

    while (low <= high) {
        int middle = low + (high - low) / 2;
        const char *there = site->files[middle].path;
        int order = strncmp(path.at, there, path.length);
        if (order == 0) {
            order = there[path.length] == '\0' ? 0 : -1;
        }
        if (order == 0) {
            return &site->files[middle];
        }
        if (order < 0) {
            high = middle - 1;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

struct site *site_load(const char *directory)
{
    struct site *site = calloc(1, sizeof *site);

    if (site == NULL) {
        abort();
    }
    arena_init(&site->arena, 0);
    site->page = STR(NO_SITE);
    if (directory != NULL) {
        site->files = ARENA_ARRAY(&site->arena, SITE_FILES_MAX, struct site_file);
        load_folder(site, directory);
        drop_incomplete(site);
    }
    const struct site_file *index = find_file(site, STR("/index.html"));
    if (index != NULL) {
        site->page = index->variant[ENCODING_IDENTITY].bytes;
    }
    return site;
}

void site_free(struct site *site)
{
    if (site != NULL) {
        arena_done(&site->arena);
        free(site);
    }
}

int site_file_count(const struct site *site)
{
    return site->count;
}

static struct site_answer page(const struct site *site, const struct clock_source *clock,
                               struct arena *arena)
{
    unsigned char chance[NONCE_BYTES];
    char nonce[NONCE_TEXT_BYTES];
    struct str rest = site->page;
    /* The nonce is longer than nothing and shorter than twice the placeholder. */
    char *body = arena_alloc(arena, rest.length * 2 + 1);
    size_t length = 0;

    clock_random(clock, chance, sizeof chance);
    (void)sodium_bin2base64(nonce, sizeof nonce, chance, sizeof chance,
                            sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    while (rest.length > 0) {
        const char *found = memmem(rest.at, rest.length, PLACEHOLDER, sizeof PLACEHOLDER - 1);
        size_t before = found != NULL ? (size_t)(found - rest.at) : rest.length;
        (void)memcpy(body + length, rest.at, before);
        length += before;
        if (found != NULL) {
            (void)memcpy(body + length, nonce, sizeof nonce - 1);
            length += sizeof nonce - 1;
            before += sizeof PLACEHOLDER - 1;
        }
        rest.at += before;
        rest.length -= before;
    }
    return (struct site_answer){
        .status = 200,
        .type = "text/html; charset=utf-8",
        .cache_control = "no-store",
        .body = {body, length},
        .content_policy = arena_printf(
            arena,
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%s'; "
            "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
            "manifest-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self'; trusted-types default; require-trusted-types-for 'script'",
            nonce),
    };
}

/* If-None-Match is a list of tags or "*"; comparison is weak (RFC 9110 §13.1.2). */
static bool tag_matches(struct str list, const char *etag)
{
    if (list.at == NULL) {
        return false;
    }
    return str_is(list, "*") || memmem(list.at, list.length, etag, strlen(etag)) != NULL;
}

struct site_answer site_find(const struct site *site, const struct site_request *request,
                             const struct clock_source *clock, struct arena *arena)
{
    struct str path = request->path;
    bool asset = str_starts_with(path, "/assets/");
    const struct site_file *file = find_file(site, path);

    if (str_is(path, "/index.html")) {
        return page(site, clock, arena);
    }
    if (file != NULL) {
        enum encoding encoding = negotiate_encoding(request->accept_encoding, file->available);
        const struct site_variant *variant = &file->variant[encoding];
        bool same = tag_matches(request->if_none_match, variant->etag);
        return (struct site_answer){
            .status = same ? 304 : 200,
            .type = file->type,
            .etag = variant->etag,
            .cache_control = asset ? "public, max-age=31536000, immutable" : "no-cache",
            .encoding = encoding,
            .vary = true,
            /* For 304 only its length is told, as RFC 9110 §8.6 wants it. */
            .body = variant->bytes,
            .content_policy = "default-src 'none'; frame-ancestors 'none'",
        };
    }
    bool api = str_is(path, "/api") || str_starts_with(path, "/api/");
    if (api || asset || memchr(path.at, '.', path.length) != NULL) {
        return (struct site_answer){.status = 404};
    }
    return page(site, clock, arena);
}
