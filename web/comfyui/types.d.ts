/** What the extension uses of ComfyUI's frontend and of Blockloom's answers. */

declare module "*/scripts/app.js" {
  export const app: ComfyApp;
}

declare module "*/scripts/api.js" {
  export const api: ComfyApi;
}

interface ComfyApi extends EventTarget {
  fetchApi(path: string, options?: RequestInit): Promise<Response>;
  apiURL(path: string): string;
}

interface ComfyWidget {
  name: string;
  type: string;
  value: unknown;
  label?: string | undefined;
  callback?: ((value: unknown, ...rest: unknown[]) => void) | undefined;
  beforeQueued?: ((...rest: unknown[]) => unknown) | undefined;
  afterQueued?: ((...rest: unknown[]) => unknown) | undefined;
  options?: Record<string, unknown> | undefined;
  serialize?: boolean;
  element?: HTMLElement;
  inputEl?: HTMLElement;
  linkedWidgets?: ComfyWidget[];
  serializeValue?: ((...rest: unknown[]) => unknown) | undefined;
}

interface ComfySlot {
  name: string;
  type: unknown;
  link?: number | null;
  links?: number[] | null;
  widget?: { name: string };
}

interface ComfyLink {
  id: number;
  origin_id: number | string;
  origin_slot: number;
  target_id: number | string;
  target_slot: number;
}

interface BlockloomProperties {
  typed?: string[];
  open?: boolean;
  height?: number;
}

interface ComfyNode {
  id: number | string;
  type: string;
  comfyClass?: string;
  title: string;
  pos: [number, number];
  size: [number, number];
  renderingSize?: [number, number];
  mode: number;
  graph?: ComfyGraph | null;
  subgraph?: ComfyGraph;
  inputs?: ComfySlot[];
  outputs?: ComfySlot[];
  widgets?: ComfyWidget[];
  properties: Record<string, unknown> & { blockloom?: BlockloomProperties };
  constructor: { nodeData?: NodeDefinition; title?: string };
  computeSize(): [number, number];
  setSize(size: [number, number]): void;
  setDirtyCanvas(front: boolean, back?: boolean): void;
  connect(slot: number, target: ComfyNode, targetSlot: number): unknown;
  addDOMWidget(
    name: string,
    type: string,
    element: HTMLElement,
    options?: Record<string, unknown>,
  ): ComfyWidget;
}

interface ComfyGraph {
  nodes: ComfyNode[];
  links: Map<number, ComfyLink> & Record<number, ComfyLink>;
  inputNode?: { slots: { connect(slot: ComfySlot, node: ComfyNode): unknown }[] };
  outputNode?: { slots: ComfySlot[] };
  add(node: ComfyNode): void;
  remove(node: ComfyNode): void;
  getNodeById(id: number | string): ComfyNode | null | undefined;
  getLink?(id: number): ComfyLink | undefined;
  beforeChange?(): void;
  afterChange?(): void;
  setDirtyCanvas(front: boolean, back?: boolean): void;
}

interface ComfyCanvas {
  canvas: HTMLCanvasElement;
  graph?: ComfyGraph;
  ds: { scale: number; offset: [number, number] };
  selected_nodes?: Record<string, ComfyNode>;
  selectedItems?: Set<unknown>;
  selectNodes?(nodes: ComfyNode[]): void;
  deselectAll?(): void;
  deselectAllNodes?(): void;
  centerOnNode(node: ComfyNode): void;
  processMouseWheel?(event: WheelEvent): void;
  bringToFront?(node: ComfyNode): void;
  setDirty(front: boolean, back?: boolean): void;
}

interface ComfyApp {
  graph: ComfyGraph;
  rootGraph?: ComfyGraph;
  canvas: ComfyCanvas;
  extensionManager: {
    registerSidebarTab(tab: Record<string, unknown>): void;
    toast?: { add(message: Record<string, unknown>): void };
    setting?: { get(id: string): unknown };
    workflow?: { activeWorkflow?: { changeTracker?: Record<string, unknown> } };
    command?: { execute(id: string): Promise<unknown> };
    sidebarTab?: { activeSidebarTabId?: string | null; toggleSidebarTab?(id: string): void };
  };
  ui?: { settings?: { getSettingValue(id: string, fallback?: unknown): unknown } };
  registerExtension(extension: Record<string, unknown>): void;
  graphToPrompt(graph?: ComfyGraph): Promise<{ output: Prompt; workflow: unknown }>;
  handleFile(file: File, ...rest: unknown[]): Promise<unknown>;
  loadGraphData(workflow: unknown, ...rest: unknown[]): Promise<unknown>;
}

interface NodeDefinition {
  name: string;
  display_name?: string;
  category?: string;
  input?: {
    required?: Record<string, [unknown, Record<string, unknown>?]>;
    optional?: Record<string, [unknown, Record<string, unknown>?]>;
  };
}

interface Window {
  LiteGraph?: {
    createNode(type: string): ComfyNode | null;
    registered_node_types: Record<string, { title?: string; nodeData?: NodeDefinition }>;
    vueNodesMode?: boolean;
  };
}

interface PromptNode {
  class_type: string;
  inputs: Record<string, unknown>;
  _meta?: { title?: string; position?: [number, number]; [name: string]: unknown };
}

type Prompt = Record<string, PromptNode>;

interface GraphFile {
  prompt: Prompt;
  extra?: Record<string, unknown>;
}

/** What a value is, in a few words; what is empty is left out. */
interface ValueSummary {
  kind: string;
  type: string;
  text: string;
  size: number;
  shape?: number[];
  dtype?: string;
  device?: string;
  value?: boolean | number | string;
  details?: Record<string, unknown>;
  items?: (ValueSummary & { name: string })[];
  left_out?: number;
}

interface KnownValue {
  name: string;
  value: ValueSummary | null;
  key?: string | null;
}

interface ReadValue extends KnownValue {
  came_from: string;
  writer: string;
}

interface WrittenValue extends KnownValue {
  change: "new" | "changed" | "same";
  warning?: string;
}

interface BlockState {
  node_id: string;
  class_type: string;
  was_kept: boolean;
  seconds: number;
  components: string[];
  read: ReadValue[];
  written: WrittenValue[];
  step_count: number;
  changed?: string[];
  run?: number;
}

interface StateValue extends KnownValue {
  writer: string;
  is_given: boolean;
  bundles: string[];
}

interface WholeState {
  node_id: string;
  has_wire: boolean;
  components: string[];
  values: StateValue[];
}

interface LoopStep {
  index: number;
  total: number;
  values: Record<string, ValueSummary>;
  dropped: string[];
}

interface Statistics {
  count: number;
  minimum: number | null;
  maximum: number | null;
  mean: number | null;
  std: number | null;
  nan_count: number;
  inf_count: number;
  zero_share: number;
  histogram: number[];
  channels: Statistics[];
}

/** Where a value is: of which node and name, after which step, which item inside it. */
interface ValuePlace {
  node: string;
  name: string;
  side?: "read" | "written";
  step?: number;
  item?: string[];
  /** Which run, so that the browser does not show the picture of an earlier one. */
  run?: number;
}

interface Problem {
  code: string;
  node: string | null;
  class_type: string | null;
  socket: string | null;
  message: string;
  remedy: string;
  is_warning: boolean;
}

interface PipelineEntry {
  pipeline: string;
  description: string;
  workflows: { name: string; triggers: string[] }[];
}
