#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/uuid.h"
#include "command.h"
#include "command_owner.h"
#include "db/organisation_load.h"
#include "load.h"
#include "json/administrative_units.h"

static const char NAME[] = "administrative-units";

/* "Tỉnh Bắc Ninh" is governed by "Ủy ban nhân dân tỉnh Bắc Ninh". */
static const struct {
    const char *kind;
    const char *within; /* a sentence */
} KINDS[] = {
    {"Tỉnh ", "tỉnh "}, {"Thành phố ", "thành phố "}, {"Phường ", "phường "},
    {"Xã ", "xã "},     {"Đặc khu ", "đặc khu "},
};

static const char *committee(struct arena *arena, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        size_t length = strlen(KINDS[i].kind);
        if (strncmp(name, KINDS[i].kind, length) == 0) {
            return arena_printf(arena, "Ủy ban nhân dân %s%s", KINDS[i].within, name + length);
        }
    }
    return arena_printf(arena, "Ủy ban nhân dân %s", name);
}

static int load(struct owner *owner, const struct administrative_units *all, struct arena *arena)
{
    struct organisation_loaded *rows =
        ARENA_ARRAY(arena, (size_t)all->count, struct organisation_loaded);
    struct organisation_load_report report = {0};

    for (int i = 0; i < all->count; i++) {
        const struct administrative_unit *unit = &all->units[i];
        char *id = arena_alloc(arena, UUID_TEXT_BYTES);
        uuid_new(&owner->clock, id);
        rows[i] = (struct organisation_loaded){
            .new_id = id,
            .code = unit->code,
            .scheme = "statistics",
            .name = committee(arena, unit->name),
            .kind = unit->province == NULL ? "people_committee" : "commune",
            .parent_code = unit->province == NULL ? "" : unit->province,
            .effective_on = all->effective_on,
            .document_number = all->document_number,
        };
    }
    enum fault fault = organisation_load(owner->db, rows, all->count, &report);
    if (fault != FAULT_NONE) {
        (void)fprintf(stderr, "capdo: %s\n", report.message);
        return EXIT_FAILURE;
    }
    (void)printf("%d added, %d changed, %d as they were\n", report.created, report.changed,
                 report.unchanged);
    return EXIT_SUCCESS;
}

int command_load(const struct config *config, int argc, char **argv)
{
    struct arena arena;
    struct owner owner;
    struct administrative_units all;
    char error[LOAD_ERROR_BYTES];
    int status = EXIT_FAILURE;

    if (argc != 1 || strcmp(argv[0], NAME) != 0) {
        (void)fprintf(stderr, "usage: capdo load %s\n", NAME);
        return EXIT_USAGE;
    }
    arena_init(&arena, 0);
    if (!load_administrative_units(config_text(config, OPTION_CATALOGUE_DIRECTORY), &arena, &all,
                                   error)) {
        (void)fprintf(stderr, "capdo: %s\n", error);
        arena_done(&arena);
        return EXIT_FAILURE;
    }
    if (owner_open(config, &owner)) {
        status = load(&owner, &all, &arena);
    }
    owner_close(&owner);
    arena_done(&arena);
    return status;
}
