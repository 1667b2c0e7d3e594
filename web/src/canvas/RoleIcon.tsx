import {
  Box,
  Brush,
  Combine,
  GitFork,
  Image,
  Layers,
  Repeat,
  Settings2,
  Shapes,
  SquareFunction,
  Text,
  ToggleLeft,
  Wand2,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { createElement } from "react";
import type { NodeType } from "../catalogue/types";

const BY_WORD: readonly (readonly [RegExp, LucideIcon])[] = [
  [/load|model|pipeline/i, Box],
  [/text|prompt|string/i, Text],
  [/denois|loop/i, Wand2],
  [/decod/i, Image],
  [/mask/i, Brush],
  [/image|vae|video|picture/i, Image],
  [/guid|schedul/i, Settings2],
];

/** What a node does, at a glance: from its kind, or the words of its category and title. */
export function RoleIcon({
  type,
  size = 14,
}: {
  readonly type: NodeType | undefined;
  readonly size?: number;
}): ReactElement {
  return createElement(iconOf(type), { size, "aria-hidden": true, strokeWidth: 2 });
}

function iconOf(type: NodeType | undefined): LucideIcon {
  if (type === undefined) {
    return Shapes;
  }
  const words = `${type.category.slice(1).join(" ")} ${type.title}`;
  const found = BY_WORD.find(([pattern]) => pattern.test(words));
  if (found !== undefined) {
    return found[1];
  }
  switch (type.kind) {
    case "conditional":
      return GitFork;
    case "sequential":
      return Layers;
    case "loop":
    case "loop_step":
      return Repeat;
    case "component":
      return Settings2;
    case "function":
      return type.category[0] === "value" ? ToggleLeft : SquareFunction;
    default:
      return Combine;
  }
}
