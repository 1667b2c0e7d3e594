import type { LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { shownShortcut } from "../actions/shortcuts";
import controls from "../style/controls.module.css";

interface Props {
  readonly label: string;
  /** Says more than the label to those who point at it. */
  readonly hint?: string;
  readonly shortcut?: string;
  readonly icon: LucideIcon;
  readonly isDisabled?: boolean;
  /** Of a button that switches something: whether it is on. */
  readonly isOn?: boolean;
  readonly tour?: string;
  readonly onPress: () => void;
}

/** A button that is an icon, named for those who do not see it. */
export function IconButton({
  label,
  hint = label,
  shortcut,
  icon: Icon,
  isDisabled = false,
  isOn,
  tour,
  onPress,
}: Props): ReactElement {
  return (
    <button
      type="button"
      className={controls["icon"]}
      aria-label={label}
      aria-pressed={isOn}
      data-tour={tour}
      title={shortcut === undefined ? hint : `${hint} (${shownShortcut(shortcut)})`}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
