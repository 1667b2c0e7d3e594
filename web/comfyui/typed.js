/** Which inputs were typed on a node: the others come along the wire, and are not sent. */

const AUTO = "blockloom_auto";
/** No wire brings a value: what the widget shows is what the node uses. */
const SHOWN = "blockloom_default";

/**
 * @param {ComfyNode} node
 * @returns {readonly string[]}
 */
export function typedOf(node) {
  const typed = node.properties?.blockloom?.typed;
  return Array.isArray(typed) ? typed : [];
}

/**
 * @param {ComfyNode} node
 * @param {string} name
 */
export function isTyped(node, name) {
  return typedOf(node).includes(name);
}

/**
 * Have an input sent, or come along the wire again.
 * @param {ComfyNode} node
 * @param {string} name
 * @param {boolean} isSent
 * @returns {boolean} whether that changed anything
 */
export function setTyped(node, name, isSent) {
  if (isTyped(node, name) === isSent) {
    return false;
  }
  const typed = typedOf(node).filter((other) => other !== name);
  node.properties ??= {};
  node.properties.blockloom = {
    ...node.properties.blockloom,
    typed: isSent ? [...typed, name] : typed,
  };
  return true;
}

/**
 * The inputs of a node type that need not be sent, each with whether its value is the one used.
 * @param {NodeDefinition | undefined} definition
 * @returns {Map<string, { isShown: boolean }>}
 */
export function autoInputs(definition) {
  const { required = {}, optional = {} } = definition?.input ?? {};
  return new Map(
    Object.entries({ ...required, ...optional }).flatMap(([name, config]) =>
      config?.[1]?.[AUTO] === true ? [[name, { isShown: config[1][SHOWN] === true }]] : [],
    ),
  );
}
