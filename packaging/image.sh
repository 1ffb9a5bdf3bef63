#!/usr/bin/env bash
# Builds the image and tries it, with buildah as root, without a daemon and without an image registry:
#
#   packaging/image.sh OUT [BASE]
#
# Without BASE a Debian is made by mmdebstrap as the base. OUT gets the figures and the demo's digest.
# Wants buildah and mmdebstrap: apt-get install buildah mmdebstrap
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mkdir -p "${1:?a folder for what comes out}" && cd "$1" && pwd)
base=${2:-}
for program in buildah mmdebstrap; do
  command -v "$program" >/dev/null || { echo "No $program here: the image is not built"; exit 77; }
done

work=$(mktemp -d)
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
store=(--root "$work/store" --runroot "$work/run")
trap 'buildah "${store[@]}" rm --all >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
step() { echo "== $1, after $SECONDS s"; }

if [ -z "$base" ]; then
  step "a base from Debian's packages"
  mmdebstrap --quiet --variant=minbase --include=python3-minimal,python3-venv,ca-certificates,media-types \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    bookworm "$work/base.tar" 2>"$out/base.log"
  base=$(buildah "${store[@]}" from scratch)
  buildah "${store[@]}" add --quiet "$base" "$work/base.tar" / >/dev/null
  buildah "${store[@]}" commit --quiet "$base" localhost/base >/dev/null
  buildah "${store[@]}" rm "$base" >/dev/null
  base=localhost/base
fi

step "the image"
epoch=$(git log -1 --format=%ct)
# What pip is configured with here, so that it finds its index; nothing of it stays in the image.
settings=()
for file in /etc/pip.conf /etc/xdg/pip /opt/pypi /opt/pypi-more /opt/wheels /etc/ssl/certs; do
  [ -e "$file" ] && settings+=(--volume "$file:$file:ro")
done
env=()
while IFS='=' read -r name _; do env+=(--env "$name"); done < <(env | grep -E '^(PIP_|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY|SSL_CERT)' || true)
context=$work/context
mkdir -p "$context/dist" "$context/packaging"
cp requirements.lock "$context"
cp packaging/trim.py "$context/packaging"
cp dist/*.whl "$context/dist"
buildah "${store[@]}" build --quiet --format docker --isolation chroot --timestamp "$epoch" "${settings[@]}" "${env[@]}" \
  --build-arg BASE="$base" --build-arg SOURCE_DATE_EPOCH="$epoch" \
  --file packaging/Dockerfile --tag localhost/digestbot "$context" >"$out/build.log" 2>&1 || { tail -30 "$out/build.log"; exit 1; }

step "tried"
container=$(buildah "${store[@]}" from localhost/digestbot)
root=$(buildah "${store[@]}" mount "$container")
echo "unpacked: $(du -sm --apparent-size "$root" | cut -f1) MB, of which digestbot and its libraries $(du -sm --apparent-size "$root/opt/digestbot" | cut -f1) MB"
echo "files that anybody but root owns, in what is shipped: $(find "$root/opt" ! -user 0 | wc -l)"
echo "installers: $(find "$root/opt" -name 'pip' -o -name 'pip-*' | wc -l); set-user-id programs in /opt: $(find "$root/opt" -perm /6000 | wc -l)"
buildah "${store[@]}" inspect --type image --format '{{.Docker.Config.User}} {{.Docker.Config.Healthcheck.Test}} {{.Docker.Config.Entrypoint}} {{.Docker.Config.Cmd}} {{.Docker.Config.Volumes}}{{"\n"}}' localhost/digestbot

mkdir -p "$work/data" "$work/config"
chown 10001:10001 "$work/data"
chmod 755 "$work/config"
in_container() { packaging/contain.sh "$root" "$work/data" "$work/config" "$@"; }
in_container python3 -c "
import os, pathlib
print('uid', os.getuid(), 'process', os.getpid())
try:
    pathlib.Path('/opt/written').write_text('')
except OSError as error:
    print('writing to the root:', error.strerror)
"
in_container digestbot --version
in_container digestbot demo --out /data/demo >"$out/demo.txt" 2>"$out/demo.log"
test -s "$work/data/demo/morning/2026-05-27/digest.html"
cp "$work/data/demo/morning/2026-05-27/digest.html" "$out/digest.html"
echo "the demo ran; its digest is in $out/digest.html"

step "serve as process 1"
cat >"$work/config/config.env" <<'CONFIG'
DIGESTBOT_FEEDS__SAVED=/config/saved.xml
DIGESTBOT_DIGESTS__MORNING__AT=07:30
DIGESTBOT_DIGESTS__MORNING__TIMEZONE=UTC
DIGESTBOT_DIGESTS__MORNING__TO=file:/data/out
CONFIG
echo '<rss version="2.0"><channel><title>Saved</title></channel></rss>' >"$work/config/saved.xml"
chmod 644 "$work/config"/*
packaging/contain.sh "$root" "$work/data" "$work/config" digestbot serve >"$out/serve.log" 2>&1 &
# contain.sh becomes unshare, and what that starts becomes the command.
for _ in $(seq 60); do sleep 1; process=$(pgrep -P $! || true); [ -n "$process" ] && break; done
as_in_it() {
  nsenter --target "$process" --mount --pid --ipc --net --uts --root env -i --chdir=/config PATH=/opt/digestbot/bin:/usr/bin:/bin \
    HOME=/data DIGESTBOT_DATA=/data setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --bounding-set=-all "$@"
}
healthy=no
for _ in $(seq 60); do sleep 1; as_in_it digestbot healthcheck >"$out/health.log" 2>&1 && healthy=yes && break; done
[ $healthy = yes ] || { cat "$out/health.log" "$out/serve.log"; exit 1; }
echo "healthcheck: 0 while it serves, process 1 being $(as_in_it cat /proc/1/cmdline | tr '\0' ' ')"
before=$SECONDS
kill -TERM "$process"
wait $!
echo "SIGTERM to process 1: ended with 0 in $((SECONDS - before)) s"
step "the image works"
