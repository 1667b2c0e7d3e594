/** What the server tells of values: block states, whole states, loop steps, statistics. */

import type { Json, JsonObject } from "../graph/model";
import { getJson } from "./http";

export type ValueKind =
  | "none"
  | "boolean"
  | "number"
  | "text"
  | "tensor"
  | "array"
  | "image"
  | "images"
  | "video"
  | "audio"
  | "list"
  | "dict"
  | "generator"
  | "dtype"
  | "device"
  | "scheduler"
  | "guider"
  | "model"
  | "object";

/** What a value is, in a few words; what is empty is left out. */
export interface ValueSummary {
  readonly kind: ValueKind;
  /** The name of its class. */
  readonly type: string;
  readonly text: string;
  /** In bytes. */
  readonly size: number;
  readonly shape?: readonly number[];
  readonly dtype?: string;
  readonly device?: string;
  /** Numbers, switches and texts; a long text is cut. */
  readonly value?: boolean | number | string;
  readonly details?: JsonObject;
  readonly items?: readonly NamedSummary[];
  /** How many items, or characters of a text, are not told. */
  readonly left_out?: number;
}

export interface NamedSummary extends ValueSummary {
  readonly name: string;
}

/** A value by name. ``value`` is null where it is not kept any more, or where there is none. */
interface KnownValue {
  readonly name: string;
  readonly value: ValueSummary | null;
  /** Equal keys: the same value. */
  readonly key?: string | null;
}

export type CameFrom = "typed" | "linked" | "state" | "default" | "bundle";

export interface ReadValue extends KnownValue {
  readonly came_from: CameFrom;
  /** The node that wrote it; "" where none did. */
  readonly writer: string;
}

export interface WrittenValue extends KnownValue {
  /** Against the state the node was given. */
  readonly change: "new" | "changed" | "same";
  readonly origin: string;
  readonly warning: string;
}

export interface BlockState {
  readonly node_id: string;
  readonly class_type: string;
  readonly was_kept: boolean;
  readonly seconds: number;
  /** The peak of device memory in bytes; 0 where the device does not tell. */
  readonly memory: number;
  /** Those that the node changed. */
  readonly components: readonly string[];
  readonly used_components: readonly string[];
  /** Of each conditional inside, by its path: the branch it took, null where it was skipped. */
  readonly branches: Readonly<Record<string, string | null>>;
  readonly read: readonly ReadValue[];
  readonly written: readonly WrittenValue[];
  readonly step_count: number;
}

/** A value on the main wire behind a node. */
export interface StateValue extends KnownValue {
  readonly writer: string;
  /** Typed or linked by the user, and not made by a block. */
  readonly is_given: boolean;
  readonly bundles: readonly string[];
}

/** All that is on the main wire behind a node. */
export interface WholeState {
  readonly node_id: string;
  /** False where no main wire leaves the node. */
  readonly has_wire: boolean;
  readonly components: readonly string[];
  readonly values: readonly StateValue[];
}

/** The values that were new after one step of a loop. */
export interface LoopStep {
  readonly index: number;
  readonly total: number;
  readonly values: Readonly<Record<string, ValueSummary>>;
  /** Values that did not fit into memory beside the others. */
  readonly dropped: readonly string[];
}

export interface Statistics {
  readonly count: number;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
  readonly std: number | null;
  readonly nan_count: number;
  readonly inf_count: number;
  readonly zero_share: number;
  /** Equal bins from minimum to maximum. */
  readonly histogram: readonly number[];
  readonly channels: readonly Statistics[];
}

export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly text: string;
}

/** Where a value is: of which run, node and name, after which step, which item inside it. */
export interface ValuePlace {
  readonly job: string;
  readonly node: string;
  readonly name: string;
  readonly side?: "read" | "written";
  readonly step?: number;
  readonly item?: readonly string[];
}

export type ValueForm = "png" | "json" | "npy" | "safetensors" | "mp4" | "webm" | "wav";

export function fetchBlockState(job: string, node: string): Promise<BlockState> {
  return getJson(`/blockloom/block_state/${pathOf(job, node)}`);
}

export function fetchBlockStates(
  job: string,
): Promise<{ nodes: Readonly<Record<string, BlockState>> }> {
  return getJson(`/blockloom/block_states/${pathOf(job)}`);
}

export function fetchState(job: string, node: string): Promise<WholeState> {
  return getJson(`/blockloom/state/${pathOf(job, node)}`);
}

export function fetchSteps(job: string, node: string): Promise<{ steps: readonly LoopStep[] }> {
  return getJson(`/blockloom/steps/${pathOf(job, node)}`);
}

export function fetchStatistics(place: ValuePlace, isPerChannel: boolean): Promise<Statistics> {
  const query = isPerChannel ? { per_channel: "1" } : {};
  return getJson(`/blockloom/statistics/${valuePath(place, query)}`);
}

export function fetchLog(job: string): Promise<{ lines: readonly LogLine[] }> {
  return getJson(`/blockloom/jobs/${encodeURIComponent(job)}/log`);
}

/** The value itself as JSON: its summary, and its numbers where they are few. */
export function fetchValue(place: ValuePlace): Promise<{ summary: ValueSummary; values: Json }> {
  return getJson(valueUrl(place, "json"));
}

export function valueUrl(place: ValuePlace, form: ValueForm): string {
  return `/blockloom/block_state/${valuePath(place, { form })}`;
}

export function thumbnailUrl(place: ValuePlace, size: number): string {
  return `/blockloom/thumbnail/${valuePath(place, { size: String(size) })}`;
}

function valuePath(place: ValuePlace, query: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(query);
  if (place.side !== undefined) {
    search.set("side", place.side);
  }
  if (place.step !== undefined) {
    search.set("step", String(place.step));
  }
  for (const name of place.item ?? []) {
    search.append("item", name);
  }
  const found = search.toString();
  const path = pathOf(place.job, place.node, place.name);
  return found === "" ? path : `${path}?${found}`;
}

function pathOf(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join("/");
}
