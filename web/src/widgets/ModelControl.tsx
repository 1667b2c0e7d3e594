import type { ReactElement } from "react";
import { useMemo, useState } from "react";
import { componentNames } from "../catalogue/catalogue";
import { useCatalogue } from "../stores/catalogue";
import { useTexts } from "../texts/texts";
import type { ControlProps } from "./control";
import { NameControl } from "./NameControl";
import { useModels } from "./useModels";

/** The name of a model: any text, with those that are on this machine already to choose from. */
export function ModelControl(props: ControlProps): ReactElement {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const options = useModels(isOpen);
  const placeholder = props.placeholder === "" ? t("control.modelHint") : props.placeholder;
  const words = { list: t("control.models"), none: t("control.noModels") };
  return <NameControl {...props} {...{ placeholder, options, isOpen, setOpen, words }} />;
}

/** The name of a part of a model: any text, with those that blocks ask for to choose from. */
export function PartControl(props: ControlProps): ReactElement {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const catalogue = useCatalogue((state) => state.catalogue);
  const options = useMemo(
    () => (isOpen ? componentNames(catalogue).map((text) => ({ text })) : []),
    [isOpen, catalogue],
  );
  const words = { list: t("control.parts"), none: t("control.noParts") };
  return <NameControl {...props} {...{ options, isOpen, setOpen, words }} />;
}
