import type { ReactElement } from "react";
import { Suspense } from "react";
import { late } from "../app/late";
import { ChoiceControl } from "./ChoiceControl";
import { ColourControl } from "./ColourControl";
import type { ControlProps } from "./control";
import { JsonControl } from "./JsonControl";
import { ModelControl, PartControl } from "./ModelControl";
import { NumberControl } from "./NumberControl";
import { PictureControl } from "./PictureControl";
import { SeedControl } from "./SeedControl";
import { TextControl } from "./TextControl";
import { ToggleControl } from "./ToggleControl";

const MediaControl = late(async () => (await import("../media/MediaControl")).MediaControl);

/** The control for a socket's type. */
export function Control(props: ControlProps): ReactElement {
  const { type, widget } = props.socket;
  if ((widget?.choices?.length ?? 0) > 0) {
    return <ChoiceControl {...props} />;
  }
  switch (type) {
    case "BOOLEAN":
      return <ToggleControl {...props} />;
    case "SEED":
      return <SeedControl {...props} />;
    case "INT":
    case "FLOAT":
      return widget?.look === "colour" ? (
        <ColourControl {...props} />
      ) : (
        <NumberControl {...props} />
      );
    case "LIST":
    case "DICT":
      return <JsonControl {...props} />;
    default:
      return <WrittenControl {...props} />;
  }
}

/** A text, by what it names. */
function WrittenControl(props: ControlProps): ReactElement {
  switch (props.socket.widget?.look) {
    case "picture":
      return <PictureControl {...props} />;
    case "video":
    case "audio":
      return (
        <Suspense fallback={null}>
          <MediaControl {...props} />
        </Suspense>
      );
    case "model":
      return <ModelControl {...props} />;
    case "model_part":
      return <PartControl {...props} />;
    default:
      return <TextControl {...props} />;
  }
}
