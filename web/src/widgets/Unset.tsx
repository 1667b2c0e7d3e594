import { RotateCcw } from "lucide-react";
import type { ReactElement } from "react";
import { useTexts } from "../texts/texts";
import type { ControlProps } from "./control";
import { canUnset } from "./control";
import styles from "./controls.module.css";

/** Takes a typed value away, so that the default counts again, or what comes along the wire. */
export function Unset(props: ControlProps): ReactElement | null {
  const t = useTexts();
  const { label, placeholder, onChange } = props;
  if (!canUnset(props)) {
    return null;
  }
  const name =
    placeholder === ""
      ? t("control.unset", { name: label })
      : t("control.unsetTo", { name: label, value: placeholder });
  return (
    <button
      type="button"
      className={styles["unset"]}
      aria-label={name}
      title={name}
      onClick={() => {
        onChange(undefined);
      }}
    >
      <RotateCcw size={11} aria-hidden="true" />
    </button>
  );
}
