#include "base/problems.h"

void problems_init(struct problems *problems, struct arena *arena)
{
    *problems = (struct problems){.arena = arena};
}

void problems_add(struct problems *problems, const char *pointer, const char *code,
                  const char *params, struct text message)
{
    problems->count++;
    if (problems->count > PROBLEMS_MAX) {
        return;
    }

    struct problem *problem = ARENA_NEW(problems->arena, struct problem);
    *problem = (struct problem){
        .pointer = arena_copy(problems->arena, pointer),
        .code = code,
        .params = params,
        .message = message,
    };
    if (problems->last == NULL) {
        problems->first = problem;
    } else {
        problems->last->next = problem;
    }
    problems->last = problem;
}
