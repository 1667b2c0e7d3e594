import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import type { KeyboardEvent, ReactElement } from "react";
import { useId, useMemo, useState } from "react";
import { disconnect } from "../graph/edit";
import { useCatalogue } from "../stores/catalogue";
import { edit, useDocument } from "../stores/document";
import { closeDialog, say, useInterface } from "../stores/interface";
import { canvasFrame } from "../stores/view";
import { useTexts } from "../texts/texts";
import type { WireEnd } from "./ends";
import { judge } from "./ends";
import { nodeElement } from "./focus";
import type { LinkChoice } from "./linkChoices";
import { linkChoices } from "./linkChoices";
import styles from "./LinkDialog.module.css";
import { finish, offerNodes } from "./linkDrag";
import { endTitle, nodeTitle } from "./wireWords";

const MOST = 60;
/** Sockets that do not fit are named with their reasons, but only so many. */
const MOST_REFUSED = 20;

/** Linking without a mouse: the sockets that a link could be drawn to, in a list. */
export function LinkDialog(): ReactElement | null {
  const dialog = useInterface((state) => state.dialog);
  return dialog?.name === "link" ? <OpenDialog end={dialog.data as WireEnd} /> : null;
}

function OpenDialog({ end }: { readonly end: WireEnd }): ReactElement {
  const t = useTexts();
  const document = useDocument((state) => state.document);
  const catalogue = useCatalogue((state) => state.catalogue);
  const title = t("link.title", {
    socket: endTitle(document, end, catalogue),
    node: nodeTitle(document, end.node, catalogue),
  });
  return (
    <Dialog.Root open onOpenChange={closeDialog}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles["overlay"]} />
        <Dialog.Content
          className={styles["dialog"]}
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            nodeElement(end.node)?.focus({ preventScroll: true });
          }}
        >
          <Dialog.Title className={styles["title"]}>{title}</Dialog.Title>
          <Choices end={end} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Choices({ end }: { readonly end: WireEnd }): ReactElement {
  const t = useTexts();
  const list = useId();
  const document = useDocument((state) => state.document);
  const catalogue = useCatalogue((state) => state.catalogue);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(
    () => linkChoices(document, end, text, catalogue),
    [document, end, text, catalogue],
  );
  const fitting = found.filter(({ refusal }) => refusal === "").slice(0, MOST);
  const refused = found.filter(({ refusal }) => refusal !== "").slice(0, MOST_REFUSED);
  const isLinked =
    end.side === "in" && document.nodes[end.node]?.inputs[end.socket]?.kind === "link";
  const extra = [...(isLinked ? (["link.unlink"] as const) : []), "link.newNode" as const];
  const entries: readonly (LinkChoice | (typeof extra)[number])[] = [
    ...fitting,
    ...extra,
    ...refused,
  ];
  const count = entries.length;
  const take = (index: number): void => {
    const entry = entries[index];
    if (entry === "link.newNode") {
      askForNode(end);
    } else if (entry === "link.unlink") {
      closeDialog();
      edit("edit.disconnect", (before) => disconnect(before, end.node, end.socket));
    } else if (entry !== undefined) {
      choose(end, entry);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((at + step + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(at);
    }
  };
  return (
    <>
      <label className={styles["search"]}>
        <Search size={15} aria-hidden="true" />
        <input
          value={text}
          placeholder={t("link.search")}
          role="combobox"
          aria-label={t("link.search")}
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={`${list}-${at}`}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
        />
      </label>
      <div id={list} role="listbox" aria-label={t("link.targets")} className={styles["list"]}>
        {entries.map((entry, index) => (
          <Option
            key={index}
            id={`${list}-${index}`}
            isActive={index === at}
            onPick={() => {
              take(index);
            }}
            name={typeof entry === "string" ? t(entry) : entry.socket}
            detail={typeof entry === "string" ? "" : entry.node}
            refusal={typeof entry === "string" ? "" : entry.refusal}
          />
        ))}
      </div>
    </>
  );
}

interface OptionProps {
  readonly id: string;
  readonly isActive: boolean;
  readonly onPick: () => void;
  readonly name: string;
  readonly detail: string;
  readonly refusal: string;
}

function Option({ id, isActive, onPick, name, detail, refusal }: OptionProps): ReactElement {
  return (
    <div
      id={id}
      ref={(element) => {
        if (isActive) {
          element?.scrollIntoView({ block: "nearest" });
        }
      }}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      aria-disabled={refusal !== ""}
      className={styles["option"]}
      onPointerDown={(event) => {
        event.preventDefault();
        onPick();
      }}
    >
      <span className={styles["name"]}>{name}</span>
      <span className={styles["detail"]}>{detail}</span>
      {refusal === "" ? null : <span className={styles["refusal"]}>{refusal}</span>}
    </div>
  );
}

/** Draw the link, or say why it cannot be and leave the list open. */
function choose(loose: WireEnd, choice: LinkChoice): void {
  if (choice.refusal !== "") {
    say("plain", choice.refusal);
    return;
  }
  closeDialog();
  const { document } = useDocument.getState();
  const { catalogue } = useCatalogue.getState();
  finish(judge(document, loose, choice.end, catalogue), null);
}

function askForNode(end: WireEnd): void {
  closeDialog();
  const frame = nodeElement(end.node)?.getBoundingClientRect() ?? canvasFrame();
  offerNodes(end, {
    x: end.side === "out" ? frame.right + 60 : frame.left - 60,
    y: frame.top + 40,
  });
}
