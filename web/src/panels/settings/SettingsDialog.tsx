import type { ReactElement, ReactNode } from "react";
import { useId } from "react";
import { DialogFrame } from "../../app/DialogFrame";
import type { PreviewSize, Theme } from "../../stores/interface";
import { PREVIEW_SIZES, useInterface } from "../../stores/interface";
import controls from "../../style/controls.module.css";
import type { Language } from "../../texts/language";
import type { TextKey } from "../../texts/texts";
import { LANGUAGES, speak, useTexts } from "../../texts/texts";
import styles from "./Settings.module.css";

const THEMES: Readonly<Record<Theme, TextKey>> = {
  system: "settings.themeSystem",
  dark: "settings.themeDark",
  light: "settings.themeLight",
};
const SIZES: Readonly<Record<PreviewSize, TextKey>> = {
  256: "settings.previewSmall",
  512: "settings.previewMedium",
  1024: "settings.previewLarge",
};

/** How the editor looks and behaves in this browser. */
export function SettingsDialog(): ReactElement | null {
  const t = useTexts();
  const isOpen = useInterface((state) => state.dialog?.name === "settings");
  const { theme, language, isSnapping, isMinimapShown, previewSize } = useInterface();
  if (!isOpen) {
    return null;
  }
  return (
    <DialogFrame title={t("settings.title")} size="small">
      <div className={styles["settings"]}>
        <h3>{t("settings.looks")}</h3>
        <Choice
          label={t("settings.theme")}
          value={theme}
          choices={Object.entries(THEMES).map(([value, key]) => [value, t(key)])}
          onChoose={(value) => {
            useInterface.setState({ theme: value as Theme });
          }}
        />
        <Choice
          label={t("settings.language")}
          value={language}
          choices={Object.entries(LANGUAGES)}
          onChoose={(value) => {
            void speak(value as Language);
          }}
        />
        <p className={styles["hint"]}>{t("settings.motion")}</p>
        <h3>{t("settings.canvas")}</h3>
        <Choice
          label={t("settings.previewSize")}
          value={String(previewSize)}
          choices={PREVIEW_SIZES.map((size) => [String(size), t(SIZES[size])])}
          onChoose={(value) => {
            useInterface.setState({ previewSize: Number(value) as PreviewSize });
          }}
        />
        <Switch
          label={t("settings.snapping")}
          isOn={isSnapping}
          onSwitch={(isOn) => {
            useInterface.setState({ isSnapping: isOn });
          }}
        >
          {t("settings.snappingHint")}
        </Switch>
        <Switch
          label={t("settings.minimap")}
          isOn={isMinimapShown}
          onSwitch={(isOn) => {
            useInterface.setState({ isMinimapShown: isOn });
          }}
        />
      </div>
    </DialogFrame>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, value, choices, onChoose }: ChoiceProps): ReactElement {
  const id = useId();
  return (
    <div className={styles["choice"]}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={controls["field"]}
        value={value}
        onChange={(event) => {
          onChoose(event.target.value);
        }}
      >
        {choices.map(([choice, name]) => (
          <option key={choice} value={choice}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onSwitch: (isOn: boolean) => void;
  readonly children?: ReactNode;
}

function Switch({ label, isOn, onSwitch, children }: SwitchProps): ReactElement {
  const id = useId();
  return (
    <div className={styles["switch"]}>
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        aria-describedby={children === undefined ? undefined : `${id}-hint`}
        onChange={(event) => {
          onSwitch(event.target.checked);
        }}
      />
      <label htmlFor={id}>{label}</label>
      {children === undefined ? null : (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {children}
        </p>
      )}
    </div>
  );
}
