import { X } from "lucide-react";
import type { ReactElement } from "react";
import { dismiss, useInterface } from "../stores/interface";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import styles from "./Messages.module.css";

/** Short messages at the lower edge. */
export function Messages(): ReactElement {
  const t = useTexts();
  const messages = useInterface((state) => state.messages);
  return (
    <div className={styles["messages"]} aria-live="polite">
      {messages.map((message) => (
        <div
          key={message.id}
          className={styles["message"]}
          data-tone={message.tone}
          role={message.tone === "bad" ? "alert" : "status"}
        >
          <div>
            <p>{message.text}</p>
            {message.remedy === "" ? null : <p className={styles["remedy"]}>{message.remedy}</p>}
          </div>
          <button
            type="button"
            className={controls["icon"]}
            aria-label={t("app.dismiss")}
            onClick={() => {
              dismiss(message.id);
            }}
          >
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
