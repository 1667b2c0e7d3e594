/** Who this page is to the server: the same after a reload, another in another tab. */

const KEY = "blockloom.client";

export function clientId(): string {
  const known = sessionStorage.getItem(KEY);
  if (known !== null) {
    return known;
  }
  const fresh =
    crypto.randomUUID?.() ??
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
  sessionStorage.setItem(KEY, fresh);
  return fresh;
}
