export const wireTexts = {
  "wire.needsMainWire": "A value ({source}) does not fit the main wire.",
  "wire.isMainWire": "The main wire does not fit a {target} socket.",
  "wire.doesNotFit": "{source} does not fit {target}.",
  "wire.circle": "That would make a circle: a node cannot need its own result.",
  "wire.itself": "A node cannot be linked to itself.",
  "wire.unknown": "This node type is not known here, so nothing can be linked to it.",
  "wire.bothInputs": "Both are inputs: a link goes from an output to an input.",
  "wire.bothOutputs": "Both are outputs: a link goes from an output to an input.",
  "wire.nothingFits": "Nothing on this node fits.",
};
