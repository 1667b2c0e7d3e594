import type { ReactElement } from "react";
import { ChoiceControl } from "./ChoiceControl";
import type { ControlProps } from "./control";
import { NumberControl } from "./NumberControl";
import { PictureControl } from "./PictureControl";
import { TextControl } from "./TextControl";
import { ToggleControl } from "./ToggleControl";

/** The control for a socket's type. */
export function Control(props: ControlProps): ReactElement {
  if ((props.socket.widget?.choices?.length ?? 0) > 0) {
    return <ChoiceControl {...props} />;
  }
  if (props.socket.widget?.look === "picture") {
    return <PictureControl {...props} />;
  }
  switch (props.socket.type) {
    case "BOOLEAN":
      return <ToggleControl {...props} />;
    case "INT":
    case "FLOAT":
    case "SEED":
      return <NumberControl {...props} />;
    default:
      return <TextControl {...props} />;
  }
}
