#!/usr/bin/env bash
# expect_leak.sh WATCHER PROGRAM
#
# The control of watch_leaks.sh: PROGRAM passes its only test and leaks. Bare, it must exit with 0
# (that is the trap); watched, it must fail and the report must name the leak.
set -u

watcher=$1
program=$2

if ! "$program" >/dev/null 2>&1 </dev/null; then
    echo "the leaking program fails by itself: the watcher may no longer be needed" >&2
fi

if output=$("$watcher" "$program" 2>&1); then
    echo "FAIL: a leak went unnoticed" >&2
    exit 1
fi
if [[ $output != *"LeakSanitizer: detected memory leaks"* ]]; then
    printf '%s\n' "FAIL: the run failed, but not because of the leak:" "$output" >&2
    exit 1
fi
echo "a planted leak is reported and fails the run"
