import type { ReactElement } from "react";
import type { NodeType } from "../../catalogue/types";
import { useCatalogue } from "../../stores/catalogue";
import { useCheck } from "../../stores/check";
import { useDocument } from "../../stores/document";
import { useRun } from "../../stores/run";
import { useTexts } from "../../texts/texts";
import styles from "./info.module.css";
import { Problems } from "./Problems";
import { secondsText } from "./time";
import { useNodeState } from "./useStates";
import { bytesText } from "./words";

/** What the node is, and what is known of it besides its values. */
export function InfoTab({ node }: { readonly node: string }): ReactElement {
  const t = useTexts();
  const typeId = useDocument((state) => state.document.nodes[node]?.type ?? "");
  const type = useCatalogue((state) => state.catalogue.types.get(typeId));
  const { state } = useNodeState(node);
  const isKept = useRun((run) => run.nodes[node]?.status === "kept");
  const branches = useCheck((check) => check.answer?.nodes[node]?.branches);
  const undecided = useCheck((check) => check.answer?.nodes[node]?.undecided);
  if (type === undefined) {
    return <p className={styles["text"]}>{t("inspector.unknown", { type: typeId })}</p>;
  }
  const found = state?.status === "here" ? state.value : undefined;
  const time = found === undefined ? "" : secondsText(found.seconds);
  const facts: readonly (readonly [string, string])[] = [
    [t("info.time"), isKept && time !== "" ? `${time} (${t("info.kept")})` : time],
    [t("info.memory"), (found?.memory ?? 0) > 0 ? bytesText(found?.memory ?? 0) : ""],
    ...Object.entries(branches ?? {}).map(([path, branch]): readonly [string, string] => [
      path === "" ? t("info.branch") : `${t("info.branch")}: ${path}`,
      branch,
    ]),
    ...(undecided ?? []).map((path): readonly [string, string] => [
      path === "" ? t("info.branch") : `${t("info.branch")}: ${path}`,
      t("info.undecided"),
    ]),
    [t("info.sets"), (found?.components ?? []).join(", ")],
    [t("info.kind"), t(`kind.${type.kind}`)],
    [t("info.family"), type.family ?? ""],
    [t("info.type"), type.id],
    [t("info.where"), type.origin ?? ""],
  ];
  return (
    <div className={styles["body"]}>
      <Problems node={node} type={type} />
      {(type.description ?? "") === "" ? null : <Description text={type.description ?? ""} />}
      <dl className={styles["facts"]}>
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Components type={type} />
      <Inside type={type} branch={branches?.[""]} />
    </div>
  );
}

/** diffusers' own words; \`code\` in them is drawn as such. */
function Description({ text }: { readonly text: string }): ReactElement {
  const parts = text.split(/`([^`]+)`/);
  return (
    <p className={styles["text"]}>
      {parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </p>
  );
}

function Components({ type }: { readonly type: NodeType }): ReactElement | null {
  const t = useTexts();
  const { components = [] } = type;
  if (components.length === 0) {
    return null;
  }
  return (
    <section aria-label={t("info.components")}>
      <h3 className={styles["heading"]}>{t("info.components")}</h3>
      <ul className={styles["list"]}>
        {components.map(({ name, class_name: className }) => (
          <li key={name}>
            <span>{name}</span>
            <span className={styles["dim"]}>{className ?? ""}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Inside({
  type,
  branch,
}: {
  readonly type: NodeType;
  readonly branch: string | undefined;
}): ReactElement | null {
  const t = useTexts();
  const { sub_blocks: blocks = [] } = type;
  if (blocks.length === 0) {
    return null;
  }
  return (
    <section aria-label={t("info.blocks")}>
      <h3 className={styles["heading"]}>{t("info.blocks")}</h3>
      <ol className={styles["list"]}>
        {blocks.map(({ name, type_id: id, trigger }) => (
          <li key={name} data-taken={branch === name}>
            <span>{name}</span>
            <span className={styles["dim"]}>
              {trigger === undefined || trigger === "" ? id : t("info.trigger", { name: trigger })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
