/** The token in an address, or the text as it is. */
export function tokenOf(text: string): string {
  const given = text.trim();
  try {
    return new URL(given).searchParams.get("token") ?? given;
  } catch {
    return given;
  }
}
