#!/usr/bin/env bash
# What `action.yml` runs: installs iamlint, checks, compares a pull request with its base, and
# writes SARIF and the summary of the job.
# Every setting comes from the environment; the exit code goes to the output `exit-code`.
set -euo pipefail

# Isolated, Python imports nothing from the folder it starts in, which is the checkout.
venv=$(mktemp -d)
"${PYTHON:-python3}" -I -m venv "$venv"
pip=("$venv/bin/python" -I -m pip install --quiet --disable-pip-version-check)
if [ -n "$VERSION" ]; then "${pip[@]}" "iamlint==$VERSION"; else "${pip[@]}" "$ACTION"; fi

# A pull request from a fork has a token that can only read: its findings go to the summary.
if [ -n "$BASE" ] && [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ] && [ "$UPLOAD_FROM_FORKS" != true ]; then
    UPLOAD=false
    SUMMARY=true
fi

options=()
add() { if [ -n "$2" ]; then options+=("$1=$2"); fi; }
add --select "$SELECT"
add --extend-select "$EXTEND_SELECT"
add --ignore "$IGNORE"
add --profile "$PROFILE"
add --min-severity "$MIN_SEVERITY"
add --fail-on "$FAIL_ON"
add --baseline "$BASELINE"
add --jobs "$JOBS"
add --sarif-category "$CATEGORY"
add --output "sarif:$SARIF"
while IFS= read -r glob; do add --exclude "$glob"; done <<< "$EXCLUDE"
if [ "$ANNOTATIONS" = true ]; then format=github; else format=full; fi
add --output-format "$format"
summary=$(mktemp)
if [ "$SUMMARY" = true ]; then add --output "markdown:$summary"; fi

general=()
if [ -n "$CONFIG" ]; then general+=("--config=$CONFIG"); fi
paths=()
while IFS= read -r path; do if [ -n "$path" ]; then paths+=("$path"); fi; done <<< "$PATHS"

code=0
"$venv/bin/iamlint" ${general[@]+"${general[@]}"} check "${options[@]}" -- "${paths[@]}" || code=$?
cat "$summary" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"

if [ "$DIFF" = true ] && [ -n "$BASE" ]; then
    changes=("--fail-on=$DIFF_FAIL_ON")
    if [ "$SUMMARY" = true ]; then changes+=("--output=markdown:$summary"); fi
    : > "$summary"
    worse=0
    "$venv/bin/iamlint" ${general[@]+"${general[@]}"} diff "${changes[@]}" "$BASE...HEAD" || worse=$?
    cat "$summary" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
    if [ "$worse" -gt "$code" ]; then code=$worse; fi
fi
{
    echo "exit-code=$code"
    if [ -s "$SARIF" ]; then
        echo "sarif-file=$(cd "$(dirname "$SARIF")" && pwd)/$(basename "$SARIF")"
        echo "upload=$UPLOAD"
    fi
} >> "${GITHUB_OUTPUT:-/dev/null}"
