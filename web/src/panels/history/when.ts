/** Moments as people say them. */

import { useInterface } from "../../stores/interface";

const DAY = 24 * 3600 * 1000;

/** The time of day, and the date where it is not today's. */
export function clockText(milliseconds: number, now = Date.now()): string {
  const { language } = useInterface.getState();
  const moment = new Date(milliseconds);
  const isToday = new Date(now).toDateString() === moment.toDateString();
  const options: Intl.DateTimeFormatOptions = isToday
    ? { hour: "numeric", minute: "2-digit" }
    : { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
  if (now - milliseconds > 300 * DAY) {
    options.year = "numeric";
  }
  return moment.toLocaleString(language, options);
}
