import { useMemo } from "react";
import { addNodeInView } from "../../actions/add";
import { ACTIONS } from "../../actions/all";
import type { Match, Named } from "../../actions/search";
import { searchNamed } from "../../actions/search";
import { shownShortcut } from "../../actions/shortcuts";
import type { Translate } from "../../texts/texts";
import { useTexts } from "../../texts/texts";
import { categoryPath } from "../palette/names";
import { usePaletteSearch } from "../palette/usePaletteSearch";

export interface Command {
  readonly id: string;
  readonly name: string;
  /** What it belongs to. */
  readonly where: string;
  readonly shortcut: string;
  readonly isEnabled: boolean;
  readonly run: () => void;
}

const MOST_NODES = 12;
const ITSELF = "help.commands";

/** What fits a text: actions, nodes to add, what fits less well; last what cannot be done now. */
export function useCommands(text: string): readonly Command[] {
  const t = useTexts();
  const actions = useMemo(() => namedActions(t), [t]);
  const types = usePaletteSearch(text);
  return useMemo(() => {
    const found = searchNamed(actions, text);
    const nodes = text.trim() === "" ? [] : types.slice(0, MOST_NODES);
    const isNear = (match: Match<Command>): boolean => match.isClose && match.item.isEnabled;
    const rest = found.filter((match) => !isNear(match));
    return [
      ...found.filter(isNear).map(({ item }) => item),
      ...nodes.map((type) => ({
        id: `type.${type.id}`,
        name: t("commands.add", { title: type.title }),
        where: categoryPath(type, t),
        shortcut: "",
        isEnabled: true,
        run: () => {
          addNodeInView(type.id);
        },
      })),
      ...rest.filter(({ item }) => item.isEnabled).map(({ item }) => item),
      ...rest.filter(({ item }) => !item.isEnabled).map(({ item }) => item),
    ];
  }, [actions, types, text, t]);
}

function namedActions(t: Translate): readonly Named<Command>[] {
  return ACTIONS.filter(({ id }) => id !== ITSELF).map((action) => ({
    name: t(action.label),
    more: `${t(`group.${action.group}`)} ${action.id}`,
    item: {
      id: action.id,
      name: t(action.label),
      where: t(`group.${action.group}`),
      shortcut: action.shortcuts?.[0] === undefined ? "" : shownShortcut(action.shortcuts[0]),
      isEnabled: action.isEnabled?.() !== false,
      run: () => void action.run(),
    },
  }));
}
