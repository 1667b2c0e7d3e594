import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { Failure } from "./app/Failure";
import { useInterface } from "./stores/interface";
import "./style/base.css";
import { loadLanguage } from "./texts/texts";

const root = document.getElementById("root");

function show(): void {
  if (root !== null) {
    createRoot(root).render(
      <StrictMode>
        <Failure>
          <App />
        </Failure>
      </StrictMode>,
    );
  }
}

// English stands in for a language that cannot be had now.
loadLanguage(useInterface.getState().language).then(show, show);
