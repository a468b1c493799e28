#include "db/demo_work.h"

void demo_load(struct demo *d)
{
    demo_stop(d, FAULT_INTERNAL, "not yet");
}
