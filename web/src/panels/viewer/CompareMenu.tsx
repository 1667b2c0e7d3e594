import { Columns2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactElement } from "react";
import type { ValuePlace } from "../../protocol/blockStates";
import controls from "../../style/controls.module.css";
import { useTexts } from "../../texts/texts";
import { clockText } from "../inspector/time";
import type { Other } from "./others";
import { useOthers } from "./useOthers";
import styles from "./viewer.module.css";

interface Props {
  readonly place: ValuePlace;
  readonly current: string;
  readonly onChoose: (other: Other | null) => void;
}

/** What to compare the picture with. */
export function CompareMenu({ place, current, onChoose }: Props): ReactElement {
  const t = useTexts();
  const { inRun, onNode, earlier } = useOthers(place);
  const all = [...earlier, ...inRun, ...onNode];
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={controls["button"]} data-active={current !== ""}>
        <Columns2 size={14} aria-hidden="true" />
        {t("viewer.compare")}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles["menu"]} align="end" sideOffset={4}>
          {all.length === 0 ? <p className={styles["menuNote"]}>{t("viewer.noOther")}</p> : null}
          <DropdownMenu.RadioGroup
            value={current}
            onValueChange={(id) => {
              onChoose(all.find((other) => other.id === id) ?? null);
            }}
          >
            {current === "" ? null : (
              <DropdownMenu.RadioItem value="" className={styles["menuItem"]}>
                {t("viewer.compareNone")}
              </DropdownMenu.RadioItem>
            )}
            <Options title={t("viewer.otherNodes")} others={inRun} />
            <Options title={t("viewer.earlierRuns")} others={earlier} />
            <Options title={t("viewer.otherPictures")} others={onNode} />
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Options({
  title,
  others,
}: {
  readonly title: string;
  readonly others: readonly Other[];
}): ReactElement | null {
  if (others.length === 0) {
    return null;
  }
  return (
    <DropdownMenu.Group>
      <DropdownMenu.Label className={styles["menuLabel"]}>{title}</DropdownMenu.Label>
      {others.map((other) => (
        <DropdownMenu.RadioItem key={other.id} value={other.id} className={styles["menuItem"]}>
          <span className={styles["menuPicture"]}>
            {other.thumbnail === undefined ? null : (
              <img src={other.thumbnail} alt="" loading="lazy" draggable={false} />
            )}
          </span>
          <OtherLabel other={other} />
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.Group>
  );
}

function OtherLabel({ other }: { readonly other: Other }): ReactElement {
  const t = useTexts();
  return <>{otherText(other, (time) => t("viewer.run", { time }))}</>;
}

export function otherText(other: Other, runAt: (time: string) => string): string {
  return other.label === "" ? runAt(clockText(other.moment)) : other.label;
}
