/** Numbers as people type and drag them, within a socket's limits. */

import type { InputSocket } from "../catalogue/types";

/** How far a hand moves for one step, in pixels: less where there are many steps. */
const WIDE_STEP = 8;
const NARROW_STEP = 2;
const WHOLE_RANGE = 240;
const FINE = 5;
/** More steps than these cannot be told apart on a bar. */
const MOST_BAR_STEPS = 1200;

/** The number a text stands for, held to the limits; undefined for an empty text. */
export function parseNumber(text: string, socket: InputSocket): number | undefined | "invalid" {
  const plain = text.trim().replace(",", ".");
  if (plain === "") {
    return undefined;
  }
  const found = Number(plain);
  return Number.isFinite(found) ? held(found, socket) : "invalid";
}

/** A text's number, some steps on; to the next whole step first where it lies between two. */
export function steppedNumber(text: string, socket: InputSocket, count: number): number {
  const from = Number(text.trim().replace(",", "."));
  const start = text.trim() !== "" && Number.isFinite(from) ? from : (socket.widget?.minimum ?? 0);
  return held(rounded(start + stepOf(socket) * count), socket);
}

/** The number that dragging sideways from another one gives. */
export function draggedNumber(
  start: number,
  socket: InputSocket,
  pixels: number,
  isFine: boolean,
): number {
  const step = stepOf(socket) * (isFine && !isWhole(socket) ? 1 / FINE : 1);
  const perStep = pixelsPerStep(socket) * (isFine && isWhole(socket) ? FINE : 1);
  return held(rounded(start + Math.trunc(pixels / perStep) * step), socket);
}

function pixelsPerStep(socket: InputSocket): number {
  const range = rangeOf(socket);
  const wanted = range === undefined ? WIDE_STEP : WHOLE_RANGE / (range.length / stepOf(socket));
  return Math.min(Math.max(wanted, NARROW_STEP), WIDE_STEP);
}

/** Where a number is between its limits, from 0 to 1; undefined where a bar would say nothing. */
export function fillOf(value: number, socket: InputSocket): number | undefined {
  const range = rangeOf(socket);
  return range === undefined || range.length / stepOf(socket) > MOST_BAR_STEPS
    ? undefined
    : Math.min(Math.max((value - range.least) / range.length, 0), 1);
}

function rangeOf(socket: InputSocket): { least: number; length: number } | undefined {
  const { minimum, maximum } = socket.widget ?? {};
  return minimum === undefined || maximum === undefined || maximum <= minimum
    ? undefined
    : { least: minimum, length: maximum - minimum };
}

export function stepOf(socket: InputSocket): number {
  return socket.widget?.step ?? (isWhole(socket) ? 1 : 0.1);
}

export function isWhole(socket: InputSocket): boolean {
  return socket.type === "INT" || socket.type === "SEED";
}

/** Without the dust of binary fractions. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
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
