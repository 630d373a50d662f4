#!/usr/bin/env bash
# The main job, as it is typed: from nothing to a served model and back to nothing, in a scratch folder.
# Usage: docs/demo.sh FOLDER (emptied first); `mlstead` is on the PATH.
set -euo pipefail

scratch=$1
export MLSTEAD_HOME="$PWD/$scratch/home"
[ ! -d "$MLSTEAD_HOME" ] || mlstead cloud stop >/dev/null 2>&1 || true
rm -rf "$scratch"
mkdir -p "$MLSTEAD_HOME"
cd "$scratch"
trap 'mlstead cloud stop >/dev/null 2>&1 || true' EXIT

free_port() {
    python - <<'PYTHON'
import socket
for port in (4566, 0):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(listener.getsockname()[1])
        break
PYTHON
}
export MLSTEAD_CLOUD_PORT=${MLSTEAD_CLOUD_PORT:-$(free_port)}

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1m' plain=$'\033[0m'; fi
timings=()
run() {
    printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"
    local begun=$EPOCHREALTIME
    "$@"
    timings+=("$(awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { printf "%6.1f s", b - a }')  $*")
}

run mlstead new flight-delays --defaults
run cd flight-delays
run mlstead up local
run mlstead data ingest local
run mlstead data status local
run mlstead train local
run mlstead approve local 1
run mlstead promote local 1
run mlstead up local
run mlstead predict local --sample 3
run mlstead status local
run mlstead destroy local --yes

printf '\nWhere the time went:\n'
printf '%s\n' "${timings[@]}"
