import type { ReactElement } from "react";
import { typeText } from "../../canvas/wireWords";
import { socketTitle } from "../../catalogue/catalogue";
import type { InputSocket, NodeType, OutputSocket } from "../../catalogue/types";
import { familyHue, wireColour } from "../../canvas/colours";
import { RoleIcon } from "../../canvas/RoleIcon";
import { useTexts } from "../../texts/texts";
import { categoryPath, shortDescription } from "./names";
import styles from "./TypeCard.module.css";

const MOST_SOCKETS = 9;

/** What a node type is, before it is added: name, family, role, what it does and its sockets. */
export function TypeCard({ type }: { readonly type: NodeType }): ReactElement {
  const t = useTexts();
  const description = shortDescription(type);
  return (
    <div className={styles["card"]} style={{ ["--hue" as string]: familyHue(type) }}>
      <header className={styles["header"]}>
        <RoleIcon type={type} />
        <h3 className={styles["title"]}>{type.title}</h3>
      </header>
      <p className={styles["path"]}>
        {categoryPath(type, t)} · {t(`kind.${type.kind}`)}
      </p>
      {description === "" ? null : <p className={styles["description"]}>{description}</p>}
      <Sockets title={t("palette.inputs")} sockets={type.inputs ?? []} />
      <Sockets title={t("palette.outputs")} sockets={type.outputs ?? []} />
    </div>
  );
}

/** Required inputs first, then what a user gives: the others are found on the node. */
function rank(socket: InputSocket | OutputSocket): number {
  if ("is_required" in socket && socket.is_required === true) {
    return 0;
  }
  return "role" in socket && socket.role === "intermediate" ? 2 : 1;
}

function Sockets({
  title,
  sockets,
}: {
  readonly title: string;
  readonly sockets: readonly (InputSocket | OutputSocket)[];
}): ReactElement | null {
  const t = useTexts();
  if (sockets.length === 0) {
    return null;
  }
  const shown = sockets.toSorted((one, other) => rank(one) - rank(other)).slice(0, MOST_SOCKETS);
  const left = sockets.length - shown.length;
  return (
    <section className={styles["sockets"]}>
      <h4>{title}</h4>
      <ul>
        {shown.map((socket) => (
          <li key={socket.name}>
            <span
              className={styles["dot"]}
              style={{ background: wireColour(socket.type) }}
              aria-hidden="true"
            />
            <span className={styles["name"]}>{socketTitle(socket)}</span>
            {rank(socket) === 0 ? (
              <span className={styles["required"]} title={t("palette.needs")} aria-hidden="true">
                *
              </span>
            ) : null}
            <span className={styles["type"]}>{typeText(socket.type)}</span>
          </li>
        ))}
      </ul>
      {left > 0 ? <p className={styles["more"]}>{t("palette.more", { count: left })}</p> : null}
    </section>
  );
}
