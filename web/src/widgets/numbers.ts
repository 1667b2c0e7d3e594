/** Numbers as people type them, within a socket's limits. */

import type { InputSocket } from "../catalogue/types";

/** The number a text stands for, held to the limits; undefined for an empty text. */
export function parseNumber(text: string, socket: InputSocket): number | undefined | "invalid" {
  const plain = text.trim().replace(",", ".");
  if (plain === "") {
    return undefined;
  }
  const found = Number(plain);
  return Number.isFinite(found) ? held(found, socket) : "invalid";
}

/** A text's number, some steps on. */
export function steppedNumber(text: string, socket: InputSocket, count: number): number {
  const from = Number(text.trim().replace(",", "."));
  const step = stepOf(socket);
  const start = Number.isFinite(from) ? from : (socket.widget?.minimum ?? 0);
  return held(Number((start + step * count).toPrecision(12)), socket);
}

export function stepOf(socket: InputSocket): number {
  return socket.widget?.step ?? (isWhole(socket) ? 1 : 0.1);
}

export function isWhole(socket: InputSocket): boolean {
  return socket.type === "INT" || socket.type === "SEED";
}

function held(value: number, socket: InputSocket): number {
  const whole = isWhole(socket) ? Math.round(value) : value;
  const least = socket.widget?.minimum ?? Number.NEGATIVE_INFINITY;
  const most = Math.min(
    socket.widget?.maximum ?? Number.POSITIVE_INFINITY,
    isWhole(socket) ? Number.MAX_SAFE_INTEGER : Number.POSITIVE_INFINITY,
  );
  return Math.min(Math.max(whole, least), most);
}
