#!/usr/bin/env bash
# A running server for tests: a fresh database in a throw-away cluster, migrated, with the demo
# province, on a free port of 127.0.0.1.
#
#   server.sh run -- COMMAND [ARGUMENT...]   start, run COMMAND with the environment below, stop
#
# Taken from the environment:
#   CAPDO_PROGRAM             the program to test (default: build/dev/capdo)
#   CAPDO_TEST_DEMO           0: no demo data
#   CAPDO_TEST_DEMO_SYSTEMS   number of systems instead of the demo province
#   CAPDO_TEST_PORT           the port to use instead of a free one
#   CAPDO_TEST_OPTIONS        more lines for the configuration file
#   CAPDO_TEST_START_SECONDS  how long the server may take until /readyz answers (default 60)
#
# Given to COMMAND, besides all of pg.sh:
#   CAPDO_TEST_URL            http://127.0.0.1:PORT
#   CAPDO_TEST_PORT
#   CAPDO_TEST_ACCOUNTS       the JSON file with user names and passwords
#   CAPDO_TEST_CONFIG         configuration file of the running server
#   CAPDO_TEST_LOG            its log
#   CAPDO_TEST_PID            its process
#   CAPDO_PROGRAM             absolute path
#
# Ends with the status of COMMAND; if that is 0 but the server crashed, did not stop within 20 s, or
# a sanitizer reported anything, ends with 98.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
pg=$root/tests/support/pg.sh

die() {
    echo "server.sh: $*" >&2
    exit 2
}

[[ ${1:-} == run ]] || die "usage: server.sh run -- COMMAND..."
[[ ${2:-} == -- ]] && set -- run "${@:3}"
(($# > 1)) || die "run needs a command"

if [[ -z ${CAPDO_TEST_SOCKET:-} ]]; then
    exec "$pg" run -- "${BASH_SOURCE[0]}" "$@"
fi
shift

CAPDO_PROGRAM=$(realpath "${CAPDO_PROGRAM:-$root/build/dev/capdo}")
[[ -x $CAPDO_PROGRAM ]] || die "$CAPDO_PROGRAM is not built"
export CAPDO_PROGRAM

directory=$(mktemp -d /tmp/capdo-server.XXXXXX)
database=capdo_s$$
server=
psql=(env -u PGOPTIONS psql -X -q -v ON_ERROR_STOP=1)

# shellcheck disable=SC2317 # called by the trap
server_stop() {
    local status=$?
    trap - EXIT INT TERM HUP
    local server_status=0
    if [[ -n $server ]]; then
        kill -TERM "$server" 2>/dev/null || true
        local waited
        for ((waited = 0; waited < 200; waited++)); do
            kill -0 "$server" 2>/dev/null || break
            sleep 0.1
        done
        if kill -0 "$server" 2>/dev/null; then
            echo "server.sh: the server did not stop within 20 s of SIGTERM" >&2
            kill -KILL "$server" 2>/dev/null || true
            ((status == 0)) && status=98
        fi
        wait "$server" 2>/dev/null || server_status=$?
        # A test may have stopped the server itself and left a note of it.
        if ((server_status != 0)) && [[ ! -e $directory/killed ]]; then
            echo "server.sh: the server ended with status $server_status" >&2
            tail -n 20 "$directory/capdo.log" >&2
            ((status == 0)) && status=98
        fi
    fi
    if compgen -G "$directory/report.*" >/dev/null; then
        echo "server.sh: sanitizer reports" >&2
        head -c 20000 "$directory"/report.* >&2
        echo >&2
        ((status == 0)) && status=98
    fi
    if [[ -n ${CAPDO_TEST_KEEP_LOG:-} ]]; then
        cp "$directory/capdo.log" "$CAPDO_TEST_KEEP_LOG" 2>/dev/null || true
    fi
    "${psql[@]}" "$CAPDO_TEST_SUPERUSER_URL" \
        -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" >/dev/null 2>&1 || true
    rm -rf "$directory"
    exit "$status"
}
trap server_stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

port_free() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

export CAPDO_TEST_PORT=${CAPDO_TEST_PORT:-$(port_free)}
export CAPDO_TEST_URL=http://127.0.0.1:$CAPDO_TEST_PORT
export CAPDO_TEST_ACCOUNTS=$directory/accounts.json
export CAPDO_TEST_CONFIG=$directory/capdo.conf
export CAPDO_TEST_LOG=$directory/capdo.log
export CAPDO_TEST_DIRECTORY=$directory

superuser=${CAPDO_TEST_SUPERUSER_URL##*user=}
"${psql[@]}" -v database="$database" -h "$CAPDO_TEST_SOCKET" -U "$superuser" -d postgres \
    -f "$root/deploy/postgres/roles.sql" >"$directory/roles.log" 2>&1 </dev/null ||
    { cat "$directory/roles.log" >&2; die "deploy/postgres/roles.sql failed"; }
export CAPDO_TEST_DATABASE=$database
export CAPDO_TEST_SUPERUSER_URL="host=$CAPDO_TEST_SOCKET dbname=$database user=$superuser"
export CAPDO_TEST_OWNER_URL="host=$CAPDO_TEST_SOCKET dbname=$database user=capdo_owner"
export CAPDO_TEST_RUNTIME_URL="host=$CAPDO_TEST_SOCKET dbname=$database user=capdo_rt"

(umask 077 && head -c 32 /dev/urandom >"$directory/secret.key")

cat >"$CAPDO_TEST_CONFIG" <<CONF
listen_address = 127.0.0.1
listen_port = $CAPDO_TEST_PORT
public_origin = $CAPDO_TEST_URL
site_directory = $root/web/dist
schema_directory = $root/schema
ruleset_directory = $root/schema/rulesets
catalogue_directory = $root/schema/catalogues
migration_directory = $root/migrations
database_url = $CAPDO_TEST_RUNTIME_URL
owner_database_url = $CAPDO_TEST_OWNER_URL
secret_key_file = $directory/secret.key
log_format = json
log_level = info
${CAPDO_TEST_OPTIONS:-}
CONF

export ASAN_OPTIONS="detect_leaks=1:log_path=$directory/report.asan${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1:log_path=$directory/report.ubsan"
export TSAN_OPTIONS="exitcode=66:log_path=$directory/report.tsan${TSAN_OPTIONS:+:$TSAN_OPTIONS}"

step() { # NAME COMMAND...
    local name=$1
    shift
    timeout 600 "$@" >"$directory/$name.log" 2>&1 </dev/null || {
        tail -n 40 "$directory/$name.log" >&2
        die "\`capdo $name\` failed"
    }
}

step migrate "$CAPDO_PROGRAM" migrate --config "$CAPDO_TEST_CONFIG"
if [[ -n ${CAPDO_TEST_DEMO_SYSTEMS:-} ]]; then
    step demo "$CAPDO_PROGRAM" demo --config "$CAPDO_TEST_CONFIG" \
        --accounts "$CAPDO_TEST_ACCOUNTS" --systems "$CAPDO_TEST_DEMO_SYSTEMS"
elif [[ ${CAPDO_TEST_DEMO:-1} != 0 ]]; then
    step demo "$CAPDO_PROGRAM" demo --config "$CAPDO_TEST_CONFIG" --accounts "$CAPDO_TEST_ACCOUNTS"
fi

setpriv --pdeathsig TERM "$CAPDO_PROGRAM" serve --config "$CAPDO_TEST_CONFIG" \
    >"$CAPDO_TEST_LOG" 2>&1 </dev/null &
server=$!
export CAPDO_TEST_PID=$server

deadline=$((SECONDS + ${CAPDO_TEST_START_SECONDS:-60}))
until curl --silent --fail --max-time 2 --output /dev/null "$CAPDO_TEST_URL/readyz"; do
    if ! kill -0 "$server" 2>/dev/null || ((SECONDS >= deadline)); then
        tail -n 40 "$CAPDO_TEST_LOG" >&2
        die "the server did not become ready"
    fi
    sleep 0.1
done

status=0
"$@" &
child=$!
trap 'kill -TERM "$child" 2>/dev/null || true; exit 143' TERM HUP
trap 'kill -INT "$child" 2>/dev/null || true; exit 130' INT
wait "$child" || status=$?
exit "$status"
