import type { ReactElement } from "react";
import type { ExecutionError } from "../protocol/answers";
import styles from "./NodeError.module.css";

/** What went wrong in a node and what to do; where exactly, for those who unfold it. */
export function NodeError({ error }: { readonly error: ExecutionError }): ReactElement {
  const { exception_message: message, exception_type: kind, traceback } = error;
  return (
    <div className={`${styles["error"]} nodrag`}>
      <p role="alert">{message}</p>
      {traceback.length === 0 ? null : (
        <details>
          <summary>{kind}</summary>
          <pre className="nowheel">{traceback.join("")}</pre>
        </details>
      )}
    </div>
  );
}
