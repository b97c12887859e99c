#!/usr/bin/env bash
# usage: statistics.sh EPITOME PROJECT ARTICLES [TMX]
# Holds `analyze --profile omegat` against the statistics that OmegaT left in its project of the same articles: segments, words and
# characters without blanks of the whole, of what is met for the first time and of what the memory has, and of each file.
set -euo pipefail
epitome=$1 project=$2 articles=$3 memory=${4:-}

# Rows of OmegaT's tables are known by their order, since their names are in the language of the machine: all, remaining, unique; files.
theirs=$(awk -F'\t' '
    { gsub(/ /, "") }
    NF == 6 || NF == 7 { row++; if (row == 2) { s = $2; w = $3; c = $4; print "all", s, w, c }
        if (row == 3) print "exact", s - $2, w - $3, c - $4
        if (row == 4) print "unique", $2, $3, $4 }
    NF > 7 && files++ { sub(/\.xlf$/, "", $1); print "file", $1, $2, $6, $10 }
' "$project/omegat/project_stats.txt" | sort)

ours=$("$epitome" analyze "$articles" -l en --profile omegat -t tsv ${memory:+-m "$memory"} | awk -F'\t' '
    $2 != "article" { next }
    $3 == "" && $4 == "total" { print "all", $5, $6, $7 }
    $3 == "" && $4 == "Exact match" { print "exact", $5, $6, $7 }
    $3 == "" && $4 == "first met" { print "unique", $5, $6, $7 }
    $3 != "" && $4 == "total" { print "file", $3, $5, $6, $7 }
' | sort)

[[ -n $theirs ]] || { echo "statistics.sh: OmegaT left no statistics in $project" >&2; exit 1; }
diff <(printf '%s\n' "$theirs") <(printf '%s\n' "$ours")
