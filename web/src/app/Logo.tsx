import type { ReactElement } from "react";
import styles from "./Logo.module.css";

/** Warp and weft: three threads down, and one that goes over and under them. */
export function Logo({
  size,
  isBusy = false,
}: {
  readonly size: number;
  readonly isBusy?: boolean;
}): ReactElement {
  return (
    <svg
      className={styles["logo"]}
      width={size}
      height={size}
      viewBox="0 0 32 32"
      data-busy={isBusy}
      aria-hidden="true"
    >
      <path className={styles["warp"]} d="M8 5v22M16 5v22M24 5v22" />
      <path className={styles["weft"]} d="M4 11h8m8 0h8" />
      <path className={styles["weft"]} d="M12 16h8" />
      <path className={styles["weft"]} d="M4 21h8m8 0h8" />
    </svg>
  );
}
