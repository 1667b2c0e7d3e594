import { Tabs } from "radix-ui";
import type { ComponentType, ReactElement } from "react";
import { NodeStatus } from "../../canvas/NodeStatus";
import { RoleIcon } from "../../canvas/RoleIcon";
import { useCatalogue } from "../../stores/catalogue";
import { useDocument } from "../../stores/document";
import type { InspectorTab } from "../../stores/inspect";
import { INSPECTOR_TABS, showTab, useInspect } from "../../stores/inspect";
import { useInterface } from "../../stores/interface";
import { useTexts } from "../../texts/texts";
import { InfoTab } from "./InfoTab";
import styles from "./Inspector.module.css";
import { useNodeTitle, useSelectedNode } from "./nodes";
import { RunOverview } from "./RunOverview";
import { StateTab } from "./StateTab";
import { StepsTab } from "./StepsTab";
import { ValuesTab } from "./ValuesTab";

const CONTENT: Readonly<Record<InspectorTab, ComponentType<{ readonly node: string }>>> = {
  values: ValuesTab,
  state: StateTab,
  steps: StepsTab,
  info: InfoTab,
};

/** The panel on the right: the selected node from inside; with nothing selected, the run. */
export function Inspector(): ReactElement {
  const t = useTexts();
  const node = useSelectedNode();
  const count = useInterface((state) => state.selection.size);
  if (node !== "") {
    return <NodeInspector node={node} />;
  }
  return (
    <div className={styles["overview"]}>
      {count > 1 ? <p className={styles["several"]}>{t("inspector.several", { count })}</p> : null}
      <RunOverview />
    </div>
  );
}

function NodeInspector({ node }: { readonly node: string }): ReactElement {
  const t = useTexts();
  const tab = useInspect((state) => state.tab);
  return (
    <Tabs.Root
      className={styles["inspector"]}
      value={tab}
      onValueChange={(value) => {
        showTab(value as InspectorTab);
      }}
    >
      <div className={styles["top"]}>
        <NodeHeading node={node} />
        <Tabs.List className={styles["tabs"]} aria-label={t("inspector.tabs")}>
          {INSPECTOR_TABS.map((name) => (
            <Tabs.Trigger key={name} value={name} className={styles["tab"]}>
              {t(`inspector.${name}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      {INSPECTOR_TABS.map((name) => {
        const Content = CONTENT[name];
        return (
          <Tabs.Content key={name} value={name} className={styles["content"]}>
            <Content key={node} node={node} />
          </Tabs.Content>
        );
      })}
    </Tabs.Root>
  );
}

function NodeHeading({ node }: { readonly node: string }): ReactElement {
  const title = useNodeTitle(node);
  const typeId = useDocument((state) => state.document.nodes[node]?.type ?? "");
  const type = useCatalogue((state) => state.catalogue.types.get(typeId));
  return (
    <div className={styles["heading"]}>
      <RoleIcon type={type} />
      <h3 className={styles["title"]}>{title}</h3>
      <NodeStatus id={node} />
    </div>
  );
}
