#!/usr/bin/env bash
# docker/sites.sh [SOURCE]: both sites, healthy, from nothing but this checkout and a data source:
# sample, sample:RECIPES, s3://bucket/prefix, or a folder or zip of this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
export BUILD_SOURCE=${1:-sample}
case $BUILD_SOURCE in
  sample | sample:* | s3://*) ;;
  *)
    [ -e "$BUILD_SOURCE" ] || { echo "There is no folder or file $BUILD_SOURCE: name one, or sample, or s3://bucket/prefix." >&2; exit 2; }
    BUILD_FOLDER=$(realpath "$BUILD_SOURCE")
    # Pages name their data by its folder or file; the build knows a zip by its ending.
    BUILD_MOUNT=/sources/$(basename "$BUILD_FOLDER" | tr -c 'A-Za-z0-9._\n-' _)
    BUILD_SOURCE=$BUILD_MOUNT
    export BUILD_FOLDER BUILD_MOUNT
    ;;
esac
REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)
export REVISION

echo "==> building the images"
docker compose -f docker/compose.yaml build --quiet build proxy_prod
echo "==> building the warehouse from $BUILD_SOURCE"
docker compose -f docker/compose.yaml run --rm build >/dev/null
for step in "deploy preprod" "deploy prod --yes" "status --all"; do
  echo "==> mangetamain $step"
  # shellcheck disable=SC2086
  .venv/bin/mangetamain $step
done
