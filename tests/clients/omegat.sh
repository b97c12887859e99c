#!/usr/bin/env bash
# usage: omegat.sh PROJECT FOLDER SOURCE_LANG TARGET_LANG [TMX]
# Makes an OmegaT project of the XLIFF files in FOLDER, with a memory whose entries are put in by themselves, and translates it
# without a window. The files come out in PROJECT/target.
set -euo pipefail
project=$1 folder=$2 source=$3 target=$4 memory=${5:-}

mkdir -p "$project"/{source,target,omegat,glossary,dictionary,tm/auto}
cp "$folder"/*.xlf "$project/source/"
[[ -z $memory ]] || cp "$memory" "$project/tm/auto/"
cat > "$project/omegat.project" <<END
<omegat>
  <project version="1.0">
    <source_dir>__DEFAULT__</source_dir>
    <target_dir>__DEFAULT__</target_dir>
    <source_lang>$source</source_lang>
    <target_lang>$target</target_lang>
    <sentence_seg>false</sentence_seg>
  </project>
</omegat>
END

# It ends with 0 whatever happened: what it says and what it wrote tell.
said=$(omegat "$project" --mode=console-translate --no-team --disable-project-locking --config-dir="$project/config" 2>&1)
for file in "$project"/source/*.xlf; do
    if [[ ! -f $project/target/${file##*/} ]]; then
        printf '%s\nomegat.sh: OmegaT wrote no %s\n' "$said" "target/${file##*/}" >&2
        exit 1
    fi
done
