import { Copy, Download } from "lucide-react";
import type { ReactElement } from "react";
import { playedAs } from "../../media/kinds";
import { formOf } from "../../media/valueMedia";
import type { ValueForm, ValuePlace, ValueSummary } from "../../protocol/blockStates";
import { fetchValue, valueUrl } from "../../protocol/blockStates";
import { say } from "../../stores/interface";
import controls from "../../style/controls.module.css";
import { text, useTexts } from "../../texts/texts";
import styles from "./details.module.css";
import { fileName } from "./fileName";
import { isDrawable, isNumeric } from "./values";

interface Props {
  readonly place: ValuePlace;
  readonly summary: ValueSummary;
}

/** Ways to take a value along. */
export function Downloads({ place, summary }: Props): ReactElement | null {
  const t = useTexts();
  const link = (form: ValueForm, label: string): ReactElement => (
    <a className={controls["button"]} href={valueUrl(place, form)} download={fileName(place, form)}>
      <Download size={13} aria-hidden="true" />
      {label}
    </a>
  );
  const kind = playedAs(summary);
  const form = formOf(summary, kind ?? "sound");
  const isText = summary.kind === "text" || summary.kind === "number";
  if (!isDrawable(summary) && !isNumeric(summary) && !isText) {
    return null;
  }
  return (
    <div className={styles["downloads"]}>
      {isDrawable(summary) ? link("png", "PNG") : null}
      {kind === undefined ? null : link(form, form.toUpperCase())}
      {isNumeric(summary) ? link("npy", "npy") : null}
      {summary.kind === "tensor" ? link("safetensors", "safetensors") : null}
      {isText ? (
        <button
          type="button"
          className={controls["button"]}
          onClick={() => void copyValue(place, summary)}
        >
          <Copy size={13} aria-hidden="true" />
          {t("details.copy")}
        </button>
      ) : null}
    </div>
  );
}

/** The whole text, of which the summary may hold the beginning only. */
async function copyValue(place: ValuePlace, summary: ValueSummary): Promise<void> {
  const isCut = (summary.left_out ?? 0) > 0;
  const found = isCut ? (await fetchValue(place)).values : null;
  await navigator.clipboard.writeText(
    typeof found === "string" ? found : String(summary.value ?? summary.text),
  );
  say("good", text("details.copied"));
}
