/** Node types as the server tells them; fields that are as default are left out there. */

import type { Json, JsonObject } from "../graph/model";

export type SocketType =
  | "PIPELINE"
  | "COMPONENT"
  | "IMAGE"
  | "MASK"
  | "VIDEO"
  | "AUDIO"
  | "TENSOR"
  | "STRING"
  | "INT"
  | "FLOAT"
  | "BOOLEAN"
  | "SEED"
  | "LIST"
  | "DICT"
  | "OBJECT"
  | "ANY";

export type Kind =
  | "leaf"
  | "sequential"
  | "conditional"
  | "loop"
  | "loop_step"
  | "function"
  | "component";

export interface Widget {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly step?: number;
  readonly choices?: readonly Json[];
  readonly is_multiline?: boolean;
  /** A text that names a picture file, a model or a part of one; or a number 0xRRGGBB. */
  readonly look?: "picture" | "video" | "audio" | "model" | "model_part" | "colour";
}

export interface InputSocket {
  readonly name: string;
  readonly type: SocketType;
  readonly is_required?: boolean;
  readonly default?: Json;
  readonly has_default?: boolean;
  readonly default_text?: string;
  readonly description?: string;
  readonly bundle?: string;
  readonly is_bundle?: boolean;
  readonly is_tuple?: boolean;
  readonly role?: "user" | "intermediate";
  readonly widget?: Widget;
  readonly title?: string;
}

export interface OutputSocket {
  readonly name: string;
  readonly type: SocketType;
  readonly description?: string;
  readonly bundle?: string;
  readonly title?: string;
}

export interface SubBlock {
  readonly name: string;
  readonly type_id: string;
  readonly trigger?: string;
}

export interface ComponentNeed {
  readonly name: string;
  readonly class_name?: string;
  readonly is_made?: boolean;
}

/** How a loop calls the blocks inside it, or how a block inside a loop wants to be called. */
export interface LoopCall {
  readonly arguments?: readonly string[];
  readonly takes_any?: boolean;
}

export interface NodeType {
  readonly id: string;
  readonly title: string;
  readonly category: readonly string[];
  readonly kind: Kind;
  readonly description?: string;
  readonly inputs?: readonly InputSocket[];
  readonly outputs?: readonly OutputSocket[];
  readonly components?: readonly ComponentNeed[];
  readonly sub_blocks?: readonly SubBlock[];
  readonly triggers?: readonly string[];
  readonly loop?: LoopCall;
  readonly is_output?: boolean;
  readonly is_volatile?: boolean;
  readonly family?: string;
  readonly origin?: string;
  readonly warnings?: readonly string[];
}

export interface PipelineTemplates {
  readonly pipeline: string;
  readonly class: string;
  readonly blocks: string;
  readonly description: string;
  readonly workflows: readonly { readonly name: string; readonly triggers: readonly string[] }[];
}

/** What ``/blockloom/catalogue`` answers. */
export interface CatalogueAnswer {
  readonly version: string;
  readonly diffusers: string;
  readonly node_types: readonly NodeType[];
  readonly pipelines: readonly PipelineTemplates[];
  readonly accepts: Readonly<Record<string, readonly SocketType[]>>;
  readonly problems: readonly string[];
}

export type { Json, JsonObject };
