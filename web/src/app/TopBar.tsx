import type { ReactElement } from "react";
import { GraphName } from "../panels/files/GraphName";
import { RunButton } from "../panels/running/RunButton";
import styles from "./TopBar.module.css";

export function TopBar(): ReactElement {
  return (
    <header className={styles["bar"]}>
      <h1 className={styles["brand"]}>Blockloom</h1>
      <GraphName />
      <span className={styles["space"]} />
      <RunButton />
    </header>
  );
}
