/** What the server says on the WebSocket: every event with a literal name. */

import type { ExecutionError, ShownOutput } from "./answers";

export interface NodeProgress {
  readonly value: number;
  readonly max: number;
  readonly state: "pending" | "running" | "finished" | "error";
  readonly node_id: string;
}

export type ServerEvent =
  | {
      readonly type: "status";
      readonly data: {
        readonly status: { readonly exec_info: { readonly queue_remaining: number } };
        readonly sid?: string;
      };
    }
  | {
      readonly type: "execution_start";
      readonly data: { readonly prompt_id: string; readonly timestamp: number };
    }
  | {
      readonly type: "execution_cached";
      readonly data: { readonly prompt_id: string; readonly nodes: readonly string[] };
    }
  | {
      readonly type: "executing";
      readonly data: { readonly prompt_id?: string; readonly node: string | null };
    }
  | {
      readonly type: "executed";
      readonly data: {
        readonly prompt_id: string;
        readonly node: string;
        readonly output: ShownOutput | null;
      };
    }
  | {
      readonly type: "progress";
      readonly data: {
        readonly prompt_id: string;
        readonly node: string;
        readonly value: number;
        readonly max: number;
      };
    }
  | {
      readonly type: "progress_state";
      readonly data: {
        readonly prompt_id: string;
        readonly nodes: Readonly<Record<string, NodeProgress>>;
      };
    }
  | {
      readonly type: "execution_success";
      readonly data: { readonly prompt_id: string; readonly timestamp: number };
    }
  | {
      readonly type: "execution_error";
      readonly data: { readonly prompt_id: string } & ExecutionError;
    }
  | {
      readonly type: "execution_interrupted";
      readonly data: { readonly prompt_id: string; readonly node_id: string };
    }
  | {
      readonly type: "block_state";
      readonly data: {
        readonly prompt_id: string;
        readonly node: string;
        readonly seconds: number;
        readonly warnings: readonly string[];
      };
    }
  | {
      readonly type: "block_state_step";
      readonly data: {
        readonly prompt_id: string;
        readonly node: string;
        readonly done: number;
        readonly total: number;
      };
    }
  | {
      readonly type: "blockloom_catalogue";
      readonly data: { readonly node_types: number; readonly problems: readonly string[] };
    }
  | { readonly type: "feature_flags"; readonly data: Readonly<Record<string, unknown>> };

/** A picture of what a node is making. */
export interface Preview {
  readonly prompt_id: string;
  readonly node_id: string;
  readonly picture: Blob;
}

const PICTURE_WITH_METADATA = 4;

export function parseEvent(text: string): ServerEvent | undefined {
  try {
    const found = JSON.parse(text) as { type?: unknown; data?: unknown };
    return typeof found.type === "string" && typeof found.data === "object"
      ? (found as ServerEvent)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Read a binary frame: ``u32 4, u32 length, JSON, picture``. */
export function parsePreview(frame: ArrayBuffer): Preview | undefined {
  const view = new DataView(frame);
  if (frame.byteLength < 8 || view.getUint32(0) !== PICTURE_WITH_METADATA) {
    return undefined;
  }
  const length = view.getUint32(4);
  const text = new TextDecoder().decode(new Uint8Array(frame, 8, length));
  const meta = JSON.parse(text) as { prompt_id: string; node_id: string; image_type?: string };
  const picture = new Blob([frame.slice(8 + length)], { type: meta.image_type ?? "image/jpeg" });
  return { prompt_id: meta.prompt_id, node_id: meta.node_id, picture };
}
