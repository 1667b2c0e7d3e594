# Sourced by ./run and ./test: makes .venv in the project's folder and installs into it what is
# asked for. Installing again happens only when what is wanted has changed.

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A Python that can make a virtual environment; BLOCKLOOM_PYTHON names another one.
find_python() {
  local candidate
  for candidate in ${BLOCKLOOM_PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
    if "$candidate" -c 'import sys, ensurepip, venv
sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  fail "no usable Python was found (3.11 to 3.14, with its venv module). Install one" \
    "(on Debian and Ubuntu: python3 and python3-venv) or set BLOCKLOOM_PYTHON to it."
}

# set_up NAME REQUIREMENT: e.g. "set_up test .[test]"; NAME keeps the stamps apart.
set_up() {
  local here stamp=".venv/.installed-$1" wanted
  here="$(pwd -P)"
  wanted="$here $2 $(cat pyproject.toml constraints.txt | cksum)"
  if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  local python
  python="$(find_python)" || exit 1
  if [ -x .venv/bin/python ]; then
    printf 'Bringing .venv up to date.\n' >&2
  else
    printf 'Setting up .venv with %s; this takes a few minutes.\n' "$("$python" --version)" >&2
  fi
  # A folder that was copied or moved has scripts that point to the old place.
  if ! .venv/bin/python -c 'import sys; sys.exit(sys.prefix != sys.argv[1])' "$here/.venv" 2>/dev/null \
    || ! grep -qF "$here/.venv" .venv/bin/pip 2>/dev/null; then
    rm -rf .venv
    "$python" -m venv .venv || fail "$python could not make .venv."
  fi
  .venv/bin/python -m pip install --quiet --disable-pip-version-check \
    -c constraints.txt -e "$2" || fail "the requirements could not be installed (see above)."
  printf '%s\n' "$wanted" > "$stamp"
}

# What some tests need and the others go without: it lies beside the environment's own packages,
# in .venv/torchvision, since transformers works otherwise where it finds torchvision.
set_up_torchvision() {
  local folder=.venv/torchvision wanted beside
  wanted="$(grep '^torchvision==' constraints.txt)"
  beside="$(grep '^torchao==' constraints.txt)"
  if [ -d "$folder/${wanted/==/-}.dist-info" ] && [ -d "$folder/${beside/==/-}.dist-info" ]; then
    return
  fi
  rm -rf "$folder"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    --target "$folder" "$wanted" "$beside" || fail "torchvision could not be installed (see above)."
}
