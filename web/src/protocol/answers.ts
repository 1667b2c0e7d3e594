/** The shapes of the server's answers. */

import type { Json, JsonObject } from "../graph/model";
import type { GraphFile } from "../graph/file";

/** Where an input gets its value. */
export type Source =
  | { readonly from: "link"; readonly node: string; readonly output: string | number }
  | { readonly from: "typed"; readonly value: Json }
  | {
      readonly from: "state";
      readonly node: string;
      readonly name: string;
      readonly is_certain: boolean;
    }
  | { readonly from: "bundle"; readonly fields: JsonObject }
  | { readonly from: "nowhere" }
  | { readonly from: "default"; readonly value: Json; readonly text: string };

export interface Problem {
  readonly code: string;
  readonly node: string | null;
  readonly class_type: string | null;
  readonly socket: string | null;
  readonly side: "input" | "output" | null;
  readonly message: string;
  readonly remedy: string;
  readonly is_warning: boolean;
}

export interface CheckedNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, Source>>;
  /** Of each conditional inside, by its path ("" is the node itself): the branch it takes, if any. */
  readonly branches: Readonly<Record<string, string | null>>;
  readonly undecided: readonly string[];
}

export interface CheckAnswer {
  readonly can_run: boolean;
  readonly problems: readonly Problem[];
  readonly order: readonly string[];
  readonly nodes: Readonly<Record<string, CheckedNode>>;
  readonly plan: Readonly<Record<string, string>> | null;
}

export interface PromptAnswer {
  readonly prompt_id: string;
  readonly number: number;
  readonly node_errors: JsonObject;
  readonly warnings?: readonly Problem[];
}

/** A file that the server shows under ``/view``. */
export interface ShownFile {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: "output" | "temp" | "input";
}

/** What a node shows, in lists by kind. */
export interface ShownOutput {
  /** Pictures, and films among them. */
  readonly images?: readonly ShownFile[];
  readonly audio?: readonly ShownFile[];
  readonly files?: readonly ShownFile[];
  readonly text?: readonly string[];
}

export type JobStatus = "pending" | "in_progress" | "completed" | "failed" | "cancelled";

export interface ExecutionError {
  readonly node_id: string;
  readonly node_type: string;
  readonly exception_message: string;
  readonly exception_type: string;
  readonly traceback: readonly string[];
}

export interface JobSummary {
  readonly id: string;
  readonly status: JobStatus;
  readonly priority: number;
  readonly create_time: number;
  readonly execution_start_time?: number;
  readonly execution_end_time?: number;
  readonly execution_error?: ExecutionError;
  readonly outputs_count: number;
  readonly preview_output?: ShownFile & { readonly nodeId: string; readonly mediaType: string };
}

export interface JobDetails extends JobSummary {
  readonly outputs: Readonly<Record<string, ShownOutput>>;
  readonly workflow: GraphFile & { readonly extra_data: JsonObject };
  readonly ran: readonly string[];
  readonly kept: readonly string[];
  readonly seed: number | null;
  readonly group: string;
}

export interface JobsAnswer {
  readonly jobs: readonly JobSummary[];
  readonly pagination: {
    readonly offset: number;
    readonly limit: number | null;
    readonly total: number;
    readonly has_more: boolean;
  };
}

export interface WorkAnswer {
  readonly is_paused: boolean;
  readonly jobs: Readonly<Record<string, number>>;
  readonly workers: readonly {
    readonly id: string;
    readonly device: string;
    readonly device_name: string;
    readonly state: string;
    readonly job: string | null;
    readonly loaded: readonly string[];
    readonly memory_total: number | null;
    readonly memory_free: number | null;
    readonly error: string;
  }[];
}
