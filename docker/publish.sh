#!/usr/bin/env bash
# docker/publish.sh REPOSITORY: build the image of this checkout once, push it, and print image=REPOSITORY@DIGEST.
set -euo pipefail
repository=${1,,} # a registry's names are in lower case
cd "$(dirname "$0")/.."
revision=$(git rev-parse HEAD)
image=$repository:$revision
source=${GITHUB_SERVER_URL:+$GITHUB_SERVER_URL/${GITHUB_REPOSITORY:-}}

# The base's tag is what dependabot raises; which image it named when this one was built is said by a label.
base=$(sed -n 's/^FROM \([^ ]*\)$/\1/p' docker/Dockerfile)
pinned=()
if inspected=$(docker buildx imagetools inspect "$base"); then
  digest=$(grep -oPm1 '^Digest: *\Ksha256:[0-9a-f]{64}$' <<<"$inspected")
  pinned=(--build-context "$base=docker-image://$base@$digest"
    --label "org.opencontainers.image.base.name=$base" --label "org.opencontainers.image.base.digest=$digest")
elif [ -n "${GITHUB_ACTIONS:-}" ]; then
  exit 1 # what is published for others says what it stands on; elsewhere there may be no registry to ask
fi

docker buildx build --load --file docker/Dockerfile --build-arg "REVISION=$revision" --build-arg "SOURCE=$source" \
  "${pinned[@]}" --tag "$image" . >&2
docker push "$image" >&2
digests=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$image")
pushed=$(grep -m1 "^$repository@sha256:" <<<"$digests") # fails where the registry gave none
echo "image=$pushed"
