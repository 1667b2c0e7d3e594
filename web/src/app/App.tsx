import { ReactFlowProvider } from "@xyflow/react";
import type { ReactElement } from "react";
import { useEffect } from "react";
import { ACTIONS } from "../actions/all";
import { dispatch } from "../actions/shortcuts";
import { Canvas } from "../canvas/Canvas";
import { DropZone } from "../panels/files/DropZone";
import { useCatalogue } from "../stores/catalogue";
import { say, useInterface } from "../stores/interface";
import styles from "./App.module.css";
import { ConnectionBanner } from "./ConnectionBanner";
import { Dialogs } from "./Dialogs";
import { FlowKeeper } from "./FlowKeeper";
import { letGoOfClicked } from "./letGo";
import { Messages } from "./Messages";
import { Rail } from "./Rail";
import { RightPanel } from "./RightPanel";
import { SidePanel } from "./SidePanel";
import { StartPage } from "./StartPage";
import { start } from "./start";
import { TopBar } from "./TopBar";
import { Tour } from "./Tour";

export function App(): ReactElement {
  useTheme();
  useStart();
  const isReady = useCatalogue((state) => state.isReady);
  useEffect(() => letGoOfClicked(), []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      dispatch(event, ACTIONS);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
  if (!isReady) {
    return <StartPage />;
  }
  return (
    <ReactFlowProvider>
      <FlowKeeper />
      <div className={styles["app"]}>
        <TopBar />
        <ConnectionBanner />
        <div className={styles["body"]}>
          <Rail />
          <SidePanel />
          <main className={styles["main"]}>
            <Canvas />
          </main>
          <RightPanel />
        </div>
        <Dialogs />
        <Tour />
        <DropZone />
        <Messages />
      </div>
    </ReactFlowProvider>
  );
}

/** Everything that goes on while the page is open. */
function useStart(): void {
  useEffect(() => {
    let stop: (() => void) | undefined;
    let isGone = false;
    start().then(
      (found) => {
        stop = found;
        if (isGone) {
          found();
        }
      },
      (error: unknown) => {
        say("bad", error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isGone = true;
      stop?.();
    };
  }, []);
}

function useTheme(): void {
  const theme = useInterface((state) => state.theme);
  const language = useInterface((state) => state.language);
  useEffect(() => {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const apply = (): void => {
      const isDark = theme === "dark" || (theme === "system" && dark.matches);
      document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
    };
    apply();
    dark.addEventListener("change", apply);
    return () => {
      dark.removeEventListener("change", apply);
    };
  }, [theme]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
}
