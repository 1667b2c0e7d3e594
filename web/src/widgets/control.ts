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
  /** Called when the user has finished a change; undefined takes the typed value away. */
  readonly onChange: (value: Json | undefined) => void;
}
