import type { LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { shownShortcut } from "../actions/shortcuts";
import controls from "../style/controls.module.css";

interface Props {
  readonly label: string;
  readonly shortcut?: string;
  readonly icon: LucideIcon;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

/** A button that is an icon, named for those who do not see it. */
export function IconButton({
  label,
  shortcut,
  icon: Icon,
  isDisabled = false,
  onPress,
}: Props): ReactElement {
  return (
    <button
      type="button"
      className={controls["icon"]}
      aria-label={label}
      title={shortcut === undefined ? label : `${label} (${shownShortcut(shortcut)})`}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon size={16} aria-hidden="true" />
    </button>
  );
}
