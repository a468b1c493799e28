#!/usr/bin/env bash
# options.sh PROGRAM [MANUAL] [SAMPLE]
#
# The options of the program against the table in docs/operations.md and the sample file in deploy/:
# the same names, the same defaults. In the manual an option is a table row whose first cell is the
# name in backticks and whose second cell holds the default in backticks (or is empty).
# A file that does not exist is not compared, and said so.
set -uo pipefail

program=${1:?which program?}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
manual=${2:-$root/docs/operations.md}
sample=${3:-$root/deploy/capdo.conf.sample}
work=$(mktemp -d /tmp/capdo-options.XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
wrong=0

"$program" config --sample | sed -nE 's/^#?([a-z_]+) = ?(.*)$/\1\t\2/p' | sort >"$work/program"
[[ -s $work/program ]] || {
    echo "the program names no option"
    exit 1
}
cut -f1 "$work/program" >"$work/names"

if [[ -e $manual ]]; then
    # | `name` | `default` | …
    # shellcheck disable=SC2016 # backticks of Markdown
    sed -nE 's/^\| *`([a-z_]+)` *\| *`?([^|`]*)`? *\|.*$/\1\t\2/p' "$manual" | sed -E 's/ +$//' |
        sort >"$work/manual"
    cut -f1 "$work/manual" >"$work/manual-names"
    while read -r name; do
        echo "docs/operations.md does not have the option $name"
        wrong=1
    done < <(comm -23 "$work/names" <(sort -u "$work/manual-names"))
    # Other tables of the manual may name other things; only what is like an option is one.
    while read -r name; do
        grep -qw "CAPDO_${name^^}" "$manual" || continue
        echo "docs/operations.md has $name, which is not an option"
        wrong=1
    done < <(comm -13 "$work/names" <(sort -u "$work/manual-names"))
else
    echo "docs/operations.md does not exist: not compared"
fi
if [[ -e $sample ]]; then
    "$program" config --sample | diff -u "$sample" - >"$work/diff" || {
        echo "deploy/capdo.conf.sample is not what \`capdo config --sample\` writes:"
        head -n 20 "$work/diff"
        wrong=1
    }
else
    echo "deploy/capdo.conf.sample does not exist: not compared"
fi
exit "$wrong"
