import type { ReactElement } from "react";
import type { NodeType } from "../../catalogue/types";
import type { CheckedNode } from "../../protocol/answers";
import type { BlockState } from "../../protocol/blockStates";
import { useCatalogue } from "../../stores/catalogue";
import { useCheck } from "../../stores/check";
import { useDocument } from "../../stores/document";
import { useTexts } from "../../texts/texts";
import { partsOf, takesBlocks } from "../../graph/blocks";
import { BlockList } from "./BlockList";
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
  const planned = useCheck((check) => check.answer?.nodes[node]);
  if (type === undefined) {
    return <p className={styles["text"]}>{t("inspector.unknown", { type: typeId })}</p>;
  }
  const found = state?.status === "here" ? state.value : undefined;
  const time = found === undefined ? "" : secondsText(found.seconds);
  const branches = branchesOf(found, planned);
  const facts: readonly (readonly [string, string])[] = [
    [t("info.time"), found?.was_kept === true ? `${time} (${t("info.kept")})` : time],
    [t("info.memory"), (found?.memory ?? 0) > 0 ? bytesText(found?.memory ?? 0) : ""],
    ...branches.map(([path, branch]): readonly [string, string] => [
      path === "" ? t("info.branch") : t("info.branchOf", { path }),
      branch ?? t(found === undefined ? "info.undecided" : "info.skipped"),
    ]),
    [t("info.sets"), (found?.components ?? []).join(", ")],
    [t("info.kind"), t(`kind.${type.kind}`)],
    [t("info.family"), type.family ?? ""],
    [t("info.type"), partsOf(type.id)[0]],
    [t("info.where"), type.origin ?? ""],
  ];
  return (
    <div className={styles["body"]}>
      <Problems node={node} type={type} />
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
      <Components type={type} used={found?.used_components} />
      {takesBlocks(type) ? <BlockList node={node} type={type} /> : null}
      <Inside type={type} branch={branches.find(([path]) => path === "")?.[1]} />
      {(type.description ?? "") === "" ? null : <Description text={type.description ?? ""} />}
    </div>
  );
}

/** The branches that were taken; before a run, those that will be. Null: skipped, or open yet. */
function branchesOf(
  found: BlockState | undefined,
  planned: CheckedNode | undefined,
): readonly (readonly [string, string | null])[] {
  if (found !== undefined && Object.keys(found.branches).length > 0) {
    return Object.entries(found.branches);
  }
  const open = (planned?.undecided ?? []).map((path) => [path, null] as const);
  return [...Object.entries(planned?.branches ?? {}), ...open];
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

function Components({
  type,
  used,
}: {
  readonly type: NodeType;
  readonly used: readonly string[] | undefined;
}): ReactElement | null {
  const t = useTexts();
  const all = type.components ?? [];
  const isTold = used !== undefined && used.length > 0;
  const components = isTold ? all.filter(({ name }) => used.includes(name)) : all;
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
  readonly branch: string | null | undefined;
}): ReactElement | null {
  const t = useTexts();
  const { sub_blocks: blocks = [] } = type;
  if (blocks.length === 0 || takesBlocks(type)) {
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
