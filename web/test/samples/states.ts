/** Block states and summaries for tests, with what a test does not care about filled in. */

import type {
  BlockState,
  LoopStep,
  ReadValue,
  StateValue,
  ValueKind,
  ValueSummary,
  WrittenValue,
} from "../../src/protocol/blockStates";

export function summary(kind: ValueKind, more: Partial<ValueSummary> = {}): ValueSummary {
  return { kind, type: kind, text: kind, size: 1, ...more };
}

export function tensor(shape: readonly number[], more: Partial<ValueSummary> = {}): ValueSummary {
  return summary("tensor", { type: "Tensor", shape, dtype: "float32", device: "cpu", ...more });
}

export function pictures(count: number, width: number, height: number): ValueSummary {
  const items = Array.from({ length: Math.min(count, 16) }, (_, index) => ({
    name: String(index),
    ...summary("image", { shape: [height, width, 3], details: { mode: "RGB" } }),
  }));
  const left = count - items.length;
  return summary("images", { items, ...(left > 0 ? { left_out: left } : {}) });
}

export function written(
  name: string,
  value: ValueSummary | null,
  more: Partial<WrittenValue> = {},
): WrittenValue {
  return { name, value, change: "new", origin: "output", warning: "", ...more };
}

export function readValue(name: string, more: Partial<ReadValue> = {}): ReadValue {
  return { name, value: summary("number"), came_from: "state", writer: "", ...more };
}

export function stateValue(name: string, more: Partial<StateValue> = {}): StateValue {
  return { name, value: summary("number"), writer: "", is_given: false, bundles: [], ...more };
}

export function state(more: Partial<BlockState> = {}): BlockState {
  return {
    node_id: "node",
    class_type: "Block",
    was_kept: false,
    seconds: 1,
    memory: 0,
    components: [],
    used_components: [],
    branches: {},
    read: [],
    written: [],
    step_count: 0,
    ...more,
  };
}

export function step(index: number, values: LoopStep["values"], total = 4): LoopStep {
  return { index, total, values, dropped: [] };
}
