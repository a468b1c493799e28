#include "api/service.h"

#include <stdio.h>
#include <string.h>

const struct ruleset *service_ruleset(const struct service *service, const char *id)
{
    for (int i = 0; i < service->ruleset_count; i++) {
        if (strcmp(service->rulesets[i].ruleset->id, id) == 0) {
            return service->rulesets[i].ruleset;
        }
    }
    return NULL;
}

struct date service_today(const struct service *service)
{
    char text[DATE_TEXT_BYTES];
    struct date today = {1970, 1, 1};

    time_to_date_vn(clock_wall_us(&service->clock), text);
    (void)date_from_text(text, &today);
    return today;
}

const struct ruleset *service_current_ruleset(const struct service *service)
{
    struct date today = service_today(service);

    for (int i = 0; i < service->ruleset_count; i++) {
        if (ruleset_in_force(service->rulesets[i].ruleset, today)) {
            return service->rulesets[i].ruleset;
        }
    }
    return NULL;
}

void service_data_version(struct service *service, char ret_text[static DATA_VERSION_BYTES])
{
    (void)snprintf(ret_text, DATA_VERSION_BYTES, "%s-%lu", service->instance,
                   atomic_load(&service->data_version));
}
