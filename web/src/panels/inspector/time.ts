/** Times in words, and the bars of a run. */

import { useInterface } from "../../stores/interface";

export function secondsText(seconds: number): string {
  const { language } = useInterface.getState();
  if (seconds < 0.0995) {
    return `${Math.max(Math.round(seconds * 1000), seconds > 0 ? 1 : 0)} ms`;
  }
  if (seconds < 60) {
    const digits = seconds < 10 ? 1 : 0;
    const shown = seconds.toLocaleString(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return `${shown} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** When something was, on a clock of this place; with the day where it was not today. */
export function clockText(moment: number, now = Date.now()): string {
  const { language } = useInterface.getState();
  const then = new Date(moment);
  const isToday = then.toDateString() === new Date(now).toDateString();
  return then.toLocaleString(language, {
    ...(isToday ? {} : { day: "numeric", month: "short" }),
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
  });
}

export interface TimedNode {
  readonly id: string;
  readonly seconds: number;
  readonly isKept: boolean;
}

export interface TimeBar extends TimedNode {
  /** As shares of the whole. */
  readonly start: number;
  readonly length: number;
}

/** Nodes one after another on one line of time; kept ones take none. */
export function barsOfTime(nodes: readonly TimedNode[]): readonly TimeBar[] {
  const total = nodes.reduce((sum, { seconds, isKept }) => sum + (isKept ? 0 : seconds), 0);
  let at = 0;
  return nodes.map((node) => {
    const length = node.isKept || total === 0 ? 0 : node.seconds / total;
    const bar = { ...node, start: at, length };
    at += length;
    return bar;
  });
}

/** Those that took longest, in their order. */
export function longestOf(nodes: readonly TimedNode[], most: number): readonly TimedNode[] {
  if (nodes.length <= most) {
    return nodes;
  }
  const time = ({ seconds, isKept }: TimedNode): number => (isKept ? 0 : seconds);
  const found = new Set(nodes.toSorted((a, b) => time(b) - time(a)).slice(0, most));
  return nodes.filter((node) => found.has(node));
}
