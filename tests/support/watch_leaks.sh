#!/usr/bin/env bash
# watch_leaks.sh PROGRAM [ARGUMENT...]
#
# Runs a test program so that nothing a sanitizer says is lost. Criterion prints a leak and still
# passes the test, so the reports go to files and any file makes the run fail.
set -u

reports=$(mktemp -d "${TMPDIR:-/tmp}/capdo-reports.XXXXXX") || exit 2
trap 'rm -rf "$reports"' EXIT

export ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:log_path=$reports/asan${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1:log_path=$reports/ubsan${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
export LSAN_OPTIONS="log_path=$reports/lsan${LSAN_OPTIONS:+:$LSAN_OPTIONS}"

# With several workers Criterion 2.4.1 now and then leaks 48 bytes of its own.
export CRITERION_JOBS=1

"$@" </dev/null
status=$?

shopt -s nullglob
found=("$reports"/*)
if ((${#found[@]} > 0)); then
    echo "sanitizer: ${#found[@]} report(s)" >&2
    head -c 20000 "${found[@]}" >&2
    echo >&2
    ((status == 0)) && status=99
fi
exit "$status"
