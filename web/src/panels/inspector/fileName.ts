/** Names of files that values are saved in. */

import type { ValueForm, ValuePlace } from "../../protocol/blockStates";

/** Such as ``denoise_latents_step3.png``. */
export function fileName(place: ValuePlace, form: ValueForm): string {
  const step = place.step === undefined ? [] : [`step${place.step + 1}`];
  const parts = [place.node, place.name, ...step, ...(place.item ?? [])];
  return `${parts.map((part) => part.replaceAll(/[^\w.-]+/g, "-")).join("_")}.${form}`;
}
