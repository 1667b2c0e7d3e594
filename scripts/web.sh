# Sourced by ./test: what the editor's tests need, and those that need no server.

# Node.js comes with the machine; what the tests need from npm lies in web/node_modules.
set_up_web() {
  local stamp=web/node_modules/.installed wanted
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null \
    || fail "the editor's tests need Node.js 20.19 or newer, with npm (running Blockloom does not)."
  wanted="$(cat web/package.json web/package-lock.json | cksum)"
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    printf 'Installing what the editor is built and tested with.\n' >&2
    npm --prefix web ci --no-audit --no-fund --loglevel=error \
      || fail "the editor's requirements could not be installed (see above)."
    printf '%s\n' "$wanted" > "$stamp"
  fi
}

# The browser tests need Chromium; where it is missing and can be had, it is installed.
set_up_browser() {
  local name
  for name in "${BLOCKLOOM_BROWSER:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then
      return
    fi
  done
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    printf 'Installing Chromium for the browser tests.\n' >&2
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } \
      >/dev/null || fail "Chromium could not be installed (see above)."
  else
    fail "the browser tests need Chromium: install it, or set BLOCKLOOM_BROWSER to it."
  fi
}

# Types, lint, unit tests, and whether the build that is shipped is what the sources build to.
test_web() {
  local fresh status=0
  npm --prefix web run --silent check || status=1
  npm --prefix web run --silent format:check || status=1
  npm --prefix web run --silent test || status=1
  fresh="$(mktemp -d)"
  if (cd web && npx vite build --logLevel error --outDir "$fresh/dist" --emptyOutDir) \
    && diff -r web/dist "$fresh/dist"; then
    :
  else
    printf 'error: web/dist is not what web/src builds to; run: npm --prefix web run build\n' >&2
    status=1
  fi
  rm -rf "$fresh"
  return "$status"
}
