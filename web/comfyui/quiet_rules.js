/** The look of widgets that are not sent, in Nodes 2.0. */

/**
 * Style rules for rows of widgets: dim, and a word in place of a number that means nothing.
 * @param {readonly { node: string, name: string }[]} rows
 * @param {string} word
 * @returns {string}
 */
export function quietRules(rows, word) {
  if (rows.length === 0) {
    return "";
  }
  const at = rows.map(
    ({ node, name }) => `[data-node-id=${quoted(node)}] [data-widget-name=${quoted(name)}]`,
  );
  const number = "div:has(> input[role=spinbutton]):not(:focus-within)";
  return `:is(${at.join(",")}) {
    &:not(:hover, :focus-within) { opacity: 0.6; }
    & ${number} { position: relative; }
    & ${number} > input { color: transparent; }
    & ${number}::after {
      content: ${quoted(word)};
      position: absolute;
      inset: 0 auto 0 8px;
      display: flex;
      align-items: center;
      pointer-events: none;
    }
  }`;
}

/** @param {string} text */
function quoted(text) {
  return `"${text.replaceAll(/["\\\n]/g, (letter) => `\\${letter.codePointAt(0)?.toString(16)} `)}"`;
}
