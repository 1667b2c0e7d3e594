/** Requests to the server, with its one shape of errors. */

import type { Json, JsonObject } from "../graph/model";

/** What the server says is wrong; ``status`` 0 means that it cannot be reached. */
export class ServerError extends Error {
  readonly status: number;
  readonly kind: string;
  readonly remedy: string;
  readonly body: JsonObject;

  constructor(status: number, kind: string, message: string, remedy: string, body: JsonObject) {
    super(message);
    this.name = "ServerError";
    this.status = status;
    this.kind = kind;
    this.remedy = remedy;
    this.body = body;
  }

  /** The token is missing or has run out: the page has to be opened with a new one. */
  get needsToken(): boolean {
    return this.status === 401;
  }

  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, signal === undefined ? {} : { signal });
  return (await response.json()) as T;
}

export async function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const response = await request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** Any request. Raises ServerError unless the answer is a good one. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw new ServerError(0, "unreachable", "", "", {});
  }
  if (response.ok) {
    return response;
  }
  throw await readError(response);
}

async function readError(response: Response): Promise<ServerError> {
  const body = asObject(await response.json().catch(() => null));
  const error = asObject(body["error"] ?? null);
  return new ServerError(
    response.status,
    textOf(error["type"]) || "error",
    textOf(error["message"]) || response.statusText,
    textOf(error["remedy"]),
    body,
  );
}

function asObject(value: Json): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
