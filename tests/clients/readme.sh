#!/usr/bin/env bash
# usage: readme.sh EPITOME FOLDER TMX
# Runs the commands of the README's page for translators as they stand, in a folder with the articles, and holds what comes out
# against the expected translation. The memory lies in the project before, since nobody sits there to translate.
set -euo pipefail
epitome=$1 folder=$2 memory=$3
clients=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

mkdir -p "$folder"/{bin,project/tm/auto}
ln -s "$epitome" "$folder/bin/epitome"
cp -r "$clients/articles" "$folder/articles"
cp "$memory" "$folder/project/tm/auto/"

# The block of shell commands under the heading.
awk '/^## / { here = /^## For translators/ } here && /^```sh$/ { block = 1; next } /^```$/ { block = 0 } block' \
    "$clients/../../README.md" > "$folder/commands"
[[ -s $folder/commands ]] || { echo "readme.sh: the README has no block of commands for translators" >&2; exit 1; }

# OmegaT keeps its settings in the home directory, which is not to be touched.
export PATH=$folder/bin:$PATH JAVA_TOOL_OPTIONS=-Duser.home=$folder/home
(cd "$folder" && bash -euo pipefail commands > said 2>&1) || { cat "$folder/said" >&2; exit 1; }
diff -r "$clients/expected" "$folder/translated/articles"
