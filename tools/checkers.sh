#!/usr/bin/env bash
# The checkers of workflows, images and scripts, which are not Python: quiet when all is well. `make check` runs them.
set -euo pipefail
cd "$(dirname "$0")/.."

# They tell different amounts when they find nothing.
quietly() {
  local said
  said=$("$@" 2>&1) || {
    printf '%s\n' "${said}" >&2
    return 1
  }
}

quietly actionlint -no-color .github/workflows/*.yml
quietly zizmor --offline --no-progress --persona=pedantic .github
quietly check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
quietly check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
quietly yamllint --strict --config-file .yamllint.yml .github docker/compose.yaml docker/examples
quietly hadolint docker/Dockerfile docker/proxy/Dockerfile binder/Dockerfile
# Our scripts by what their first line says, wherever they are.
mapfile -t scripts < <(git ls-files -z | xargs -0 grep --files-with-matches --extended-regexp --max-count=1 '^#!.*\b(ba|da)?sh\b')
quietly shellcheck --enable=all --exclude=SC2250,SC2292,SC2310,SC2312 "${scripts[@]}"
