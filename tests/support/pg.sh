#!/usr/bin/env bash
# A throw-away PostgreSQL 15 cluster for tests: Unix socket only, nothing is kept, nothing is synced
# to disk (durability is off here and nowhere else).
#
#   pg.sh run -- COMMAND [ARGUMENT...]   start, run COMMAND with the environment below, stop
#   pg.sh start                          start and print the environment as `export` lines
#   pg.sh stop DIRECTORY                 stop and remove what `start` printed as CAPDO_TEST_PG
#
#   CAPDO_TEST_PG              directory of the cluster
#   CAPDO_TEST_SOCKET          directory of its socket
#   CAPDO_TEST_DATABASE        name of the prepared database (roles and extensions, no tables)
#   CAPDO_TEST_SUPERUSER_URL   connection strings to that database
#   CAPDO_TEST_OWNER_URL
#   CAPDO_TEST_RUNTIME_URL
#
# `run` inside `run` (CAPDO_TEST_SOCKET is set) uses the running cluster. `run` ends with the exit
# status of COMMAND. If this script is killed, the kernel stops PostgreSQL too.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${CAPDO_PG_BIN:-/usr/lib/postgresql/15/bin}
database=capdo

die() {
    echo "pg.sh: $*" >&2
    exit 2
}

# PostgreSQL refuses to run as root; the package's account runs it then.
if ((EUID == 0)); then
    getent passwd postgres >/dev/null || die "account \`postgres\` is missing: install postgresql-15"
    account=(setpriv --reuid=postgres --regid=postgres --init-groups)
    superuser=postgres
else
    account=(env)
    superuser=$(id -un)
fi

# Plain system locale and no libpq settings of the caller.
clean=(env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PGPASSWORD -u PGSERVICE -u PGOPTIONS
    LC_ALL=C.UTF-8)

cluster_create() { # DIRECTORY
    local directory=$1
    [[ -x $bin/initdb ]] || die "$bin/initdb is missing: install postgresql-15"
    chmod 0700 "$directory"
    ((EUID == 0)) && chown postgres:postgres "$directory"
    (cd / && "${clean[@]}" "${account[@]}" "$bin/initdb" --no-sync --no-instructions \
        --pgdata="$directory/data" --encoding=UTF8 --locale=C.UTF-8 --auth=trust \
        --username="$superuser") >"$directory/initdb.log" 2>&1 || {
        cat "$directory/initdb.log" >&2
        die "initdb failed"
    }
    "${account[@]}" tee -a "$directory/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$directory'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 120
shared_buffers = 128MB
autovacuum_naptime = 10s
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
CONF
}

cluster_ready() { # DIRECTORY
    local directory=$1 deadline=$((SECONDS + 60))
    until "${clean[@]}" "$bin/pg_isready" -q -h "$directory" -d postgres -U "$superuser"; do
        ((SECONDS < deadline)) || {
            tail -n 30 "$directory/postgres.log" >&2
            die "PostgreSQL did not start within 60 s"
        }
        sleep 0.1
    done
    "${clean[@]}" "$bin/psql" -X -q -v ON_ERROR_STOP=1 -v database="$database" -h "$directory" \
        -U "$superuser" -d postgres -f "$root/deploy/postgres/roles.sql" \
        >"$directory/roles.log" 2>&1 </dev/null || {
        cat "$directory/roles.log" >&2
        die "deploy/postgres/roles.sql failed"
    }
}

cluster_environment() { # DIRECTORY
    export CAPDO_TEST_PG=$1
    export CAPDO_TEST_SOCKET=$1
    export CAPDO_TEST_DATABASE=$database
    export CAPDO_TEST_SUPERUSER_URL="host=$1 dbname=$database user=$superuser"
    export CAPDO_TEST_OWNER_URL="host=$1 dbname=$database user=capdo_owner"
    export CAPDO_TEST_RUNTIME_URL="host=$1 dbname=$database user=capdo_rt"
}

postmaster=
directory=

cluster_stop() {
    local status=$?
    trap - EXIT INT TERM HUP
    if [[ -n $postmaster ]] && kill -0 "$postmaster" 2>/dev/null; then
        kill -INT "$postmaster" 2>/dev/null || true # fast: clients are disconnected
        for _ in {1..100}; do
            kill -0 "$postmaster" 2>/dev/null || break
            sleep 0.1
        done
        kill -QUIT "$postmaster" 2>/dev/null || true
        wait "$postmaster" 2>/dev/null || true
    fi
    [[ -n $directory ]] && rm -rf "$directory"
    exit "$status"
}

# A path of a socket has at most 107 bytes, so TMPDIR is not followed.
directory_create() {
    directory=$(mktemp -d /tmp/capdo-pg.XXXXXX)
}

command_run() {
    [[ ${1:-} == -- ]] && shift
    (($# > 0)) || die "run needs a command"
    if [[ -n ${CAPDO_TEST_SOCKET:-} ]]; then
        exec "$@"
    fi
    trap cluster_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    directory_create
    cluster_create "$directory"
    (cd / && exec "${clean[@]}" "${account[@]}" setpriv --pdeathsig INT \
        "$bin/postgres" -D "$directory/data") >"$directory/postgres.log" 2>&1 </dev/null &
    postmaster=$!
    cluster_ready "$directory"
    cluster_environment "$directory"
    local status=0
    "$@" &
    local child=$!
    # A signal interrupts `wait`; the command then gets it too.
    trap 'kill -TERM "$child" 2>/dev/null || true; exit 143' TERM HUP
    trap 'kill -INT "$child" 2>/dev/null || true; exit 130' INT
    wait "$child" || status=$?
    exit "$status"
}

command_start() {
    directory_create
    trap 'rm -rf "$directory"' EXIT
    cluster_create "$directory"
    (cd / && "${clean[@]}" "${account[@]}" "$bin/pg_ctl" -s -w -t 60 -D "$directory/data" \
        -l "$directory/postgres.log" start) >&2 </dev/null
    cluster_ready "$directory"
    cluster_environment "$directory"
    trap - EXIT
    local name
    for name in CAPDO_TEST_PG CAPDO_TEST_SOCKET CAPDO_TEST_DATABASE CAPDO_TEST_SUPERUSER_URL \
        CAPDO_TEST_OWNER_URL CAPDO_TEST_RUNTIME_URL; do
        printf 'export %s=%q\n' "$name" "${!name}"
    done
}

command_stop() {
    local target=${1:?which directory?}
    [[ $target == /tmp/capdo-pg.* && -d $target ]] || die "$target is not a test cluster"
    (cd / && "${clean[@]}" "${account[@]}" "$bin/pg_ctl" -s -w -t 30 -m fast -D "$target/data" stop) ||
        (cd / && "${clean[@]}" "${account[@]}" "$bin/pg_ctl" -s -w -t 10 -m immediate \
            -D "$target/data" stop) || true
    rm -rf "$target"
}

case ${1:-} in
run) shift && command_run "$@" ;;
start) command_start ;;
stop) shift && command_stop "$@" ;;
*) die "usage: pg.sh run -- COMMAND... | start | stop DIRECTORY" ;;
esac
