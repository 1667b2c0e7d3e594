/** What every control on a node is given. */

import type { InputSocket } from "../catalogue/types";
import type { Json } from "../graph/model";

export interface ControlProps {
  readonly socket: InputSocket;
  /** The value typed on the node; undefined where none is. */
  readonly value: Json | undefined;
  /** What counts while nothing is typed: a value from the wire, or the default; "" if unknown. */
  readonly placeholder: string;
  /** The name for screen readers. */
  readonly label: string;
  /** The node it is on; controls that keep more than a value look there. */
  readonly node?: string;
  /** Another node gives the value: shown, but not to be changed here. */
  readonly isDisabled?: boolean;
  /** Called when the user has finished a change; undefined takes the typed value away. */
  readonly onChange: (value: Json | undefined) => void;
}

/** Whether a typed value can be taken away without leaving the node without one. */
export function canUnset({ socket, value, isDisabled }: ControlProps): boolean {
  return value !== undefined && isDisabled !== true && socket.is_required !== true;
}
