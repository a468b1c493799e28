#include "json/foreign.h"

#include <jansson.h>
#include <string.h>

struct json_t *foreign_object(struct str bytes, size_t bytes_max)
{
    if (bytes.at == NULL || bytes.length > bytes_max) {
        return NULL;
    }

    json_t *value = json_loadb(bytes.at, bytes.length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(value)) {
        json_decref(value);
        return NULL;
    }
    return value;
}

void foreign_free(struct json_t **value)
{
    json_decref(*value);
    *value = NULL;
}

const char *foreign_text(const struct json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text == NULL || text[0] == '\0' ? NULL : text;
}

bool foreign_int(const struct json_t *object, const char *name, int64_t *ret_value)
{
    enum { LARGEST = 1000 * 1000 * 1000 };
    const json_t *value = json_object_get(object, name);

    if (json_is_integer(value)) {
        *ret_value = (int64_t)json_integer_value(value);
        return true;
    }
    /* Far beyond any date, and far below where a double stops counting. */
    double real = json_real_value(value);
    if (!json_is_real(value) || real < 0 || real > (double)LARGEST * 1000) {
        return false;
    }
    *ret_value = (int64_t)real;
    return true;
}

bool foreign_has(const struct json_t *object, const char *name)
{
    return json_object_get(object, name) != NULL;
}

bool foreign_is_true(const struct json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

const struct json_t *foreign_member(const struct json_t *object, const char *name)
{
    return json_object_get(object, name);
}

bool foreign_is_object(const struct json_t *value)
{
    return json_is_object(value);
}

int foreign_count(const struct json_t *array)
{
    return (int)json_array_size(array);
}

const struct json_t *foreign_item(const struct json_t *array, int index)
{
    return json_array_get(array, (size_t)index);
}

static bool is_text(const json_t *value, const char *text)
{
    const char *string = json_string_value(value);

    return string != NULL && strcmp(string, text) == 0;
}

bool foreign_names(const struct json_t *value, const char *text)
{
    for (int i = 0; i < foreign_count(value); i++) {
        if (is_text(foreign_item(value, i), text)) {
            return true;
        }
    }
    return is_text(value, text);
}
