#!/usr/bin/env bash
# Shows that Blockloom works inside a real ComfyUI:
#
#   scripts/try_in_comfyui.sh COMFYUI_DIR [--browser] [--keep] [--frontend VERSION]
#
# It links this folder into the custom nodes of a ComfyUI started on the CPU (with folders of its
# own: nothing of yours in COMFYUI_DIR is touched), runs the examples on the demo model, and
# compares the pictures with what diffusers makes by itself in the same environment: they must be
# identical. It ends with a table, and with 1 if anything is not as it should be.
#
#   --browser           run the browser's check of web/comfyui as well
#   --keep              leave ComfyUI's folder and log where they are, and say where
#   --frontend VERSION  another comfyui-frontend-package than the one ComfyUI asks for
#
# PYTHON names the Python of an environment that can run that ComfyUI already; nothing is installed
# there. Without it one is made in .venv/comfyui, which takes a few minutes the first time.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh

usage="Usage: scripts/try_in_comfyui.sh COMFYUI_DIR [--browser] [--keep] [--frontend VERSION]"
[ $# -ge 1 ] || fail "$usage"
case $1 in -*) fail "$usage" ;; esac
[ -f "$1/main.py" ] && [ -f "$1/nodes.py" ] \
  || fail "$1 is no folder of ComfyUI: main.py and nodes.py are not there."
comfyui="$(cd "$1" && pwd -P)"
shift
frontend="" arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --frontend) frontend="${2:?$usage}" && shift ;;
    --browser | --keep) arguments+=("$1") ;;
    *) fail "$usage" ;;
  esac
  shift
done
env=.venv/comfyui

say() { printf '%s\n' "$*" >&2; }
pip() { "$python" -m pip --disable-pip-version-check --quiet "$@"; }

# What ComfyUI asks for, but for torch and its companions, which must fit each other.
without_torch() { grep -vE '^[[:space:]]*(torch|torchvision|torchaudio)([^a-z]|$)' "$1"; }

make_environment() {
  local wanted base
  wanted="$(cat constraints.txt requirements.txt "$comfyui/requirements.txt" | cksum)"
  if [ -x "$env/bin/python" ] && [ "$(cat "$env/.installed" 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  base="$(find_python)" || exit 1
  say "Making an environment for ComfyUI in $env; this takes a few minutes."
  mkdir -p .venv
  [ -x "$env/bin/python" ] || "$base" -m venv "$env" || fail "$base could not make $env."
  without_torch "$comfyui/requirements.txt" > "$env/requirements.txt"
  # Pinned, so that no requirement of ComfyUI's brings another torch. requests is imported by it
  # and not asked for. spandrel asks for torchvision, which is looked at below.
  grep -v '^torchvision==' constraints.txt > "$env/constraints.txt"
  pip install -c "$env/constraints.txt" "$(grep '^torch==' constraints.txt)" \
    || fail "torch could not be installed (see above)."
  grep -v '^spandrel' "$env/requirements.txt" > "$env/plain.txt"
  pip install -c "$env/constraints.txt" -r "$env/plain.txt" -r requirements.txt requests \
    || fail "the requirements could not be installed (see above)."
  pip install --no-deps spandrel || say "Without spandrel: ComfyUI's upscalers are missing."
  pip install --no-deps "$(grep '^torchvision==' constraints.txt)" \
    || say "torchvision could not be installed."
  if ! "$python" -c 'import torchvision' 2>/dev/null; then
    # A torch for the CPU does not load the torchvision made for the other one.
    pip uninstall -y torchvision || true
  fi
  printf '%s\n' "$wanted" > "$env/.installed"
}

# What ComfyUI imports as it starts, cannot be imported here, and is not needed.
find_stand_ins() {
  local name
  for name in torchvision torchaudio; do
    if ! "$python" -c "import $name" 2>/dev/null; then
      say "$name cannot be imported: an empty module stands in for it."
      BLOCKLOOM_STAND_INS="${BLOCKLOOM_STAND_INS:-} $name"
    fi
  done
  export BLOCKLOOM_STAND_INS
}

# Another frontend lies beside the environment, unpacked.
add_frontend() {
  local folder="$PWD/$env/frontend-$frontend"
  mkdir -p "$env"
  if [ ! -d "$folder" ]; then
    say "Fetching comfyui-frontend-package $frontend."
    pip install --no-deps --target "$folder" "comfyui-frontend-package==$frontend" \
      || fail "comfyui-frontend-package $frontend could not be installed (see above)."
  fi
  arguments+=(--frontend "$folder/comfyui_frontend_package/static")
}

if [ -n "${PYTHON:-}" ]; then
  python="$(command -v "$PYTHON")" || fail "PYTHON=$PYTHON is no program."
else
  python="$PWD/$env/bin/python"
  make_environment
fi
BLOCKLOOM_STAND_INS=""
find_stand_ins
[ -z "$frontend" ] || add_frontend

# The same number of threads for ComfyUI and for diffusers: sums come out the same.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false
stand_ins="$PWD/scripts/comfyui_stand_ins"
PYTHONPATH="$stand_ins:$PWD/src" exec "$python" scripts/comfyui_check.py \
  "$comfyui" "$stand_ins" "${arguments[@]}"
