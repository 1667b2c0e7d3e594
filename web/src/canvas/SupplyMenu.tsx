import { DropdownMenu } from "radix-ui";
import type { ReactElement } from "react";
import { useCatalogue } from "../stores/catalogue";
import { currentDocument, useDocument } from "../stores/document";
import { useTexts } from "../texts/texts";
import type { WireEnd } from "./ends";
import { judge } from "./ends";
import { linkChoices } from "./linkChoices";
import { finish } from "./linkDrag";
import styles from "./Missing.module.css";
import { supply, supplyAny } from "./supply";
import { familiesIn, suppliersOf } from "./suppliers";
import { endTitle } from "./wireWords";

const MOST_LINKS = 3;
const MOST_TYPES = 6;

/** What would give an input its value: outputs that are there, and nodes that could be added. */
export function SupplyMenu({ end }: { readonly end: WireEnd }): ReactElement {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        className={styles["menu"]}
        sideOffset={6}
        collisionPadding={8}
        align="start"
      >
        <Items end={end} />
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  );
}

/** Apart, so that it is worked out only while the menu is open. */
function Items({ end }: { readonly end: WireEnd }): ReactElement {
  const t = useTexts();
  const document = useDocument((state) => state.document);
  const catalogue = useCatalogue((state) => state.catalogue);
  const type = catalogue.types.get(document.nodes[end.node]?.type ?? "");
  const links = linkChoices(document, end, "", catalogue)
    .filter(({ refusal }) => refusal === "")
    .slice(0, MOST_LINKS);
  const families = familiesIn(document, catalogue);
  const suppliers = suppliersOf(type, end.socket, catalogue, families).slice(0, MOST_TYPES);
  const socket = endTitle(document, end, catalogue);
  return (
    <>
      {links.length === 0 ? null : (
        <DropdownMenu.Group>
          <DropdownMenu.Label className={styles["heading"]}>
            {t("missing.linkHere")}
          </DropdownMenu.Label>
          {links.map((choice) => (
            <DropdownMenu.Item
              key={`${choice.end.node} ${choice.end.socket}`}
              className={styles["item"]}
              onSelect={() => {
                finish(judge(currentDocument(), end, choice.end, catalogue), null);
              }}
            >
              <span>{choice.socket}</span>
              <span className={styles["family"]}>{choice.node}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Group>
      )}
      <DropdownMenu.Group>
        <DropdownMenu.Label className={styles["heading"]}>
          {t("missing.offer", { socket })}
        </DropdownMenu.Label>
        {suppliers.map((supplier) => (
          <DropdownMenu.Item
            key={supplier.id}
            className={styles["item"]}
            onSelect={() => {
              supply(supplier, end);
            }}
          >
            <span>{supplier.title}</span>
            <span className={styles["family"]}>{supplier.family ?? supplier.category[0]}</span>
          </DropdownMenu.Item>
        ))}
        <DropdownMenu.Item
          className={styles["item"]}
          onSelect={() => {
            supplyAny(end);
          }}
        >
          {t("link.newNode")}
        </DropdownMenu.Item>
      </DropdownMenu.Group>
    </>
  );
}
