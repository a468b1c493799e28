#!/usr/bin/env bash
# layers.sh COMPILER TREES
#
# Proves that a layer of server/ cannot include a layer above it. For each layer, a file including
# a probe header of every folder is compiled with that layer's include tree: permitted folders must
# compile, all others must not. TREES is <build>/layers.
set -u

compiler=$1
trees=$2

declare -A may=(
    [base]="base"
    [rules]="base rules"
    [json]="base rules json"
    [db]="base rules json db"
    [identity]="base rules json identity"
    [documents]="base documents"
    [api]="base rules json db identity documents api"
    [http]="base rules json db identity documents api http"
    [app]="base rules json db identity documents api http"
)
folders=(base rules json db identity documents api http)

scratch=$(mktemp -d "${TMPDIR:-/tmp}/capdo-layers.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT

failed=0
checked=0
for layer in "${!may[@]}"; do
    # The same links as the build's tree, pointing at folders that hold one probe header each, so
    # that the proof does not depend on which headers exist.
    mkdir -p "$scratch/$layer"
    for link in "$trees/$layer"/*; do
        [[ -L $link ]] || { echo "FAIL: $link is not a link" >&2; exit 1; }
        name=$(basename "$link")
        [[ $(basename "$(readlink "$link")") == "$name" ]] ||
            { echo "FAIL: $link does not point at its own folder" >&2; exit 1; }
        mkdir -p "$scratch/$layer/$name"
        echo "enum { PROBE_${name^^} = 1 };" >"$scratch/$layer/$name/probe.h"
    done
    for folder in "${folders[@]}"; do
        printf '#include "%s/probe.h"\nint main(void) { return PROBE_%s; }\n' \
            "$folder" "${folder^^}" >"$scratch/probe.c"
        allowed=no
        [[ " ${may[$layer]} " == *" $folder "* ]] && allowed=yes
        compiles=no
        "$compiler" -fsyntax-only -I"$scratch/$layer" "$scratch/probe.c" 2>/dev/null && compiles=yes
        checked=$((checked + 1))
        if [[ $allowed != "$compiles" ]]; then
            echo "FAIL: $layer includes $folder: permitted $allowed, compiles $compiles" >&2
            failed=1
        fi
    done
done

echo "$checked pairs of layers checked"
exit "$failed"
