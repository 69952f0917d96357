#!/usr/bin/env bash
# docker/publish.sh REPOSITORY: build the image of this checkout once, push it, and print image=REPOSITORY@DIGEST.
set -euo pipefail
repository=${1,,} # a registry's names are in lower case
cd "$(dirname "$0")/.."
revision=$(git rev-parse HEAD)
image=$repository:$revision
source=${GITHUB_SERVER_URL:+$GITHUB_SERVER_URL/${GITHUB_REPOSITORY:-}}

docker build --file docker/Dockerfile --build-arg "REVISION=$revision" --build-arg "SOURCE=$source" --tag "$image" . >&2
docker push "$image" >&2
digests=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$image")
pushed=$(grep -m1 "^$repository@sha256:" <<<"$digests") # fails where the registry gave none
echo "image=$pushed"
