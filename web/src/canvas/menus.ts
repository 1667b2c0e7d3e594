/** Which actions each menu of the canvas offers, in sections. */

import type { Action } from "../actions/action";
import type { CanvasMenu } from "../stores/gesture";

const CANVAS: readonly (readonly string[])[] = [
  ["add.node", "edit.addNote"],
  ["edit.paste", "edit.pasteLinked", "select.all"],
  ["edit.undo", "edit.redo"],
  ["edit.layOut", "view.all"],
  ["view.snapping", "view.dragPans", "view.minimap"],
];

const NODE: readonly (readonly string[])[] = [
  ["run.here"],
  ["edit.rename", "edit.expand", "link.start"],
  ["edit.mute", "edit.bypass", "edit.collapse", "edit.unfold"],
  ["edit.copy", "edit.cut", "edit.duplicate", "edit.group"],
  ["edit.layOutSelection", "align.left", "align.top", "distribute.across", "distribute.down"],
  ["select.upstream", "select.downstream"],
  ["edit.remove", "edit.close"],
];

const SECTIONS: Readonly<Record<CanvasMenu["kind"], readonly (readonly string[])[]>> = {
  canvas: CANVAS,
  node: NODE,
  wire: [["edit.reroute", "edit.insertOnWire"], ["edit.cutWire"]],
  group: [
    ["edit.rename", "edit.copy", "edit.duplicate"],
    ["edit.ungroup", "edit.remove"],
  ],
  note: [["edit.copy", "edit.duplicate"], ["edit.remove"]],
};

/** Only sensible where several things are selected: left out for one alone. */
const FOR_SEVERAL = /^(align|distribute)\.|^edit\.layOutSelection$/;

/** The actions of a menu; those that cannot be done for several things at once stay, greyed. */
export function sectionsOf(
  { kind }: Pick<CanvasMenu, "kind">,
  actions: readonly Action[],
): readonly (readonly Action[])[] {
  const byId = new Map(actions.map((action) => [action.id, action]));
  return SECTIONS[kind]
    .map((ids) => ids.flatMap((id) => byId.get(id) ?? []))
    .map((found) =>
      found.filter(({ id, isEnabled }) => !FOR_SEVERAL.test(id) || isEnabled?.() !== false),
    )
    .filter((found) => found.length > 0);
}
