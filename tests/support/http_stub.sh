#!/bin/sh
# Builds tests/support/http_stub.c with the HTTP layer and nothing above or beside it.
#   http_stub.sh OUTPUT [compiler flag...]        e.g. http_stub.sh /tmp/stub -fsanitize=thread
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
output=$1
shift
# shellcheck disable=SC2046
exec "${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -g -Wall -Wextra "$@" -I "$root/server" -o "$output" \
    "$root"/tests/support/http_stub.c "$root"/server/http/*.c "$root"/server/base/*.c \
    "$root"/server/json/writer.c $(pkg-config --cflags --libs libmicrohttpd libsodium) \
    -lunistring -lpthread
