# Sourced by ./test: other releases of diffusers, each in a folder of its own that shadows the
# installed one. The folders are made once.

# The two minor releases before the tested one, and what they need that the tested one does not.
OLDER_DIFFUSERS="0.41.0 0.40.0"
OLDER_NEEDS="httpx==0.28.1 httpcore==1.0.9"

# with_diffusers VERSION COMMAND…: run a command with that release.
with_diffusers() {
  local version=$1 folder
  shift
  folder="$(pwd -P)/.venv/diffusers-$version"
  if [ ! -e "$folder/.installed" ]; then
    rm -rf "$folder"
    # shellcheck disable=SC2086 # several requirements
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
      --target "$folder" "diffusers==$version" $OLDER_NEEDS \
      || fail "diffusers $version could not be installed (see above)."
    touch "$folder/.installed"
  fi
  PYTHONPATH="$folder" BLOCKLOOM_CACHE="$folder/cache" "$@"
}
