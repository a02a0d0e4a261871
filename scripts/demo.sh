# Shows what iamlint does, on sample_policies. Every step says what it expects.
set -u
cd "$(dirname "$0")/../sample_policies" || exit 1

say() { printf '\n\033[1m%s\033[0m\n\n' "$*"; }

expect() {
    wanted=$1
    shift
    printf '$ %s\n' "$*"
    "$@"
    code=$?
    if [ "$code" -ne "$wanted" ]; then
        printf 'demo: exit code %s, expected %s\n' "$code" "$wanted"
        exit 1
    fi
}

say "1. Lint the sample repository. Some policies are bad, so the exit code is 1 and a merge stops."
expect 1 iamlint check .

say "2. Assert what our roles can and cannot do. All of these hold."
expect 0 python -m pytest -q -p no:cacheprovider test_policies.py company
expect 0 iamlint can role/deployer s3:GetObject --on arn:aws:s3:::artifacts/app.zip \
    --context aws:SecureTransport=true --expect allowed

say "3. A test that fails on purpose: it claims that releases can be overwritten. See what it says."
expect 1 python -m pytest -q -p no:cacheprovider fails_on_purpose.py

report=${TMPDIR:-/tmp}/iamlint-demo.sarif
say "4. Write a SARIF file for code scanning."
expect 1 iamlint check . --output-format concise --output "sarif:$report"
printf '\nSARIF: %s (%s bytes)\n' "$report" "$(wc -c < "$report" | tr -d ' ')"
