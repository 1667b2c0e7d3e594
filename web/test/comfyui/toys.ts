/** Nodes as ComfyUI's frontend has them, as far as the extension looks at them. */

export function toyWidget(
  name: string,
  value: unknown,
  more: Partial<ComfyWidget> = {},
): ComfyWidget {
  return { name, type: "number", value, label: name, ...more };
}

export function toyNode(
  more: Omit<Partial<ComfyNode>, "constructor"> & { readonly constructor?: unknown } = {},
): ComfyNode {
  return {
    id: 1,
    type: "Block",
    title: "Block",
    pos: [0, 0],
    size: [200, 100],
    mode: 0,
    properties: {},
    computeSize: () => [200, 100],
    setSize: () => undefined,
    setDirtyCanvas: () => undefined,
    connect: () => undefined,
    addDOMWidget: (name: string, type: string) => toyWidget(name, "", { type }),
    ...more,
  } as unknown as ComfyNode;
}

/** A node class with these inputs, each optional and with these options. */
export function toyType(inputs: Record<string, Record<string, unknown>>): ComfyNode["constructor"] {
  const optional = Object.fromEntries(
    Object.entries(inputs).map(([name, options]) => [name, ["INT", options]] as const),
  );
  const nodeData = { name: "Block", category: "Blockloom/Toys", input: { optional } };
  return { nodeData } as unknown as ComfyNode["constructor"];
}

export function toyGraph(nodes: ComfyNode[]): ComfyGraph {
  return {
    nodes,
    links: new Map(),
    add: (node: ComfyNode) => nodes.push(node),
    remove: () => undefined,
    getNodeById: (id: number | string) => nodes.find((node) => String(node.id) === String(id)),
    setDirtyCanvas: () => undefined,
  } as unknown as ComfyGraph;
}
