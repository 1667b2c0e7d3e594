import type { ErrorInfo, ReactElement, ReactNode } from "react";
import { Component } from "react";
import controls from "../style/controls.module.css";
import { text } from "../texts/texts";
import { Logo } from "./Logo";
import styles from "./StartPage.module.css";

interface State {
  readonly error: Error | null;
}

/** Where the editor itself fails: says so, and how to go on. The work is kept in the browser. */
export class Failure extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    // For whoever looks for the cause.
    globalThis.reportError(new Error(`${error.message}${componentStack ?? ""}`, { cause: error }));
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === null ? this.props.children : <FailurePage error={error} />;
  }
}

function FailurePage({ error }: { readonly error: Error }): ReactElement {
  return (
    <div className={styles["page"]}>
      <Logo size={54} />
      <div role="alert">
        <p className={styles["title"]}>{text("failure.title")}</p>
        <p className={styles["hint"]}>{text("failure.hint")}</p>
        <button
          type="button"
          className={controls["primary"]}
          onClick={() => {
            location.reload();
          }}
        >
          {text("failure.reload")}
        </button>
        <details className={styles["details"]}>
          <summary>{text("failure.details")}</summary>
          <pre>{error.stack ?? error.message}</pre>
        </details>
      </div>
    </div>
  );
}
