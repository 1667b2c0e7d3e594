import type { ReactElement } from "react";
import { DialogFrame } from "../../app/DialogFrame";
import { Logo } from "../../app/Logo";
import { useCatalogue } from "../../stores/catalogue";
import { useInterface } from "../../stores/interface";
import { useTexts } from "../../texts/texts";
import styles from "./Settings.module.css";

/** Which Blockloom this is, and of which diffusers its blocks are. */
export function AboutDialog(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.dialog?.name === "about");
  const { version, diffusers, types, pipelines, problems } = useCatalogue(
    (state) => state.catalogue,
  );
  if (!isOpen) {
    return null;
  }
  const rows: readonly (readonly [string, string | number])[] = [
    [t("about.version"), version],
    [t("about.diffusers"), diffusers],
    [t("about.nodes"), types.size],
    [t("about.pipelines"), pipelines.length],
    [t("about.licence"), "Apache 2.0"],
  ];
  return (
    <DialogFrame title={t("about.title")} size="small">
      <div className={styles["about"]}>
        <Logo size={56} />
        <p>{t("about.what")}</p>
        <dl>
          {rows.map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {problems.length === 0 ? null : (
          <>
            <h3>{t("about.problems")}</h3>
            <ul className={styles["problems"]}>
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </DialogFrame>
  );
}
