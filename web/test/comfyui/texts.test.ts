import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasText, language, speak, t } from "../../comfyui/texts.js";

const FOLDER = "comfyui";
const TEXTS = readFileSync(`${FOLDER}/texts.js`, "utf8");
const KEYS = [...new Set([...TEXTS.matchAll(/^ {2}"([\w.]+)":/gm)].map(([, key = ""]) => key))];

describe("the texts", () => {
  it("have the same gaps in both languages", () => {
    for (const key of KEYS.filter(hasText)) {
      speak("en");
      const english = t(key).match(/\{\w+\}/g) ?? [];
      speak("de");
      expect(t(key).match(/\{\w+\}/g) ?? [], key).toEqual(english);
    }
    speak("en");
  });

  it("are all used", () => {
    const sources = readdirSync(FOLDER)
      .filter((name) => name.endsWith(".js") && name !== "texts.js")
      .map((name) => readFileSync(`${FOLDER}/${name}`, "utf8"))
      .join("\n");
    const unused = KEYS.filter(
      (key) => !key.startsWith("workflow.") && !sources.includes(`"${key}"`),
    );
    expect(unused).toEqual([]);
  });

  it("are English where ComfyUI speaks another language", () => {
    for (const locale of ["fr", undefined, null, 3]) {
      speak(locale);
      expect(language()).toBe("en");
    }
  });
});
