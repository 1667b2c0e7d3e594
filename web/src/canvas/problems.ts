/** Problems of a graph in an artist's words, in the language of the page. */

import type { Catalogue } from "../catalogue/catalogue";
import { inputOf, socketTitle } from "../catalogue/catalogue";
import type { Problem } from "../protocol/answers";
import { useInterface } from "../stores/interface";
import { hasText, text } from "../texts/texts";
import { currentDocument } from "../stores/document";
import { familiesIn, suppliersOf } from "./suppliers";

export interface ProblemWords {
  readonly message: string;
  readonly remedy: string;
}

const MOST_NAMED = 4;
/** What the server says of these names a file and a line, or what to type: nothing else helps. */
const AS_SAID: ReadonlySet<string> = new Set(["broken_type", "not_loaded"]);

/**
 * A problem in words.
 *
 * The server speaks English; in other languages its kinds of problems have words of their own, which
 * name less, and what has none is shown as the server says it.
 */
export function problemWords(problem: Problem, catalogue: Catalogue): ProblemWords {
  const { code, message, remedy } = problem;
  if (code === "missing_input" && problem.socket !== null) {
    return missingWords(problem, problem.socket, catalogue);
  }
  const isOurs = useInterface.getState().language !== "en";
  const [say, advise] = [`problem.${code}`, `remedy.${code}`];
  const words = isOurs && hasText(say) ? text(say) : message;
  return {
    message: isOurs && AS_SAID.has(code) ? `${words} ${message}` : words,
    remedy: isOurs && hasText(advise) ? text(advise) : remedy,
  };
}

/** What is missing, and which nodes could supply it, by their titles. */
function missingWords(problem: Problem, socket: string, catalogue: Catalogue): ProblemWords {
  const families = familiesIn(currentDocument(), catalogue);
  const type = catalogue.types.get(problem.class_type ?? "");
  const input = inputOf(type, socket);
  const name = input === undefined ? socket : socketTitle(input);
  const titles = [
    ...new Set(suppliersOf(type, socket, catalogue, families).map(({ title }) => title)),
  ];
  const nodes = titles.slice(0, MOST_NAMED).join(", ");
  return {
    message: text(problem.is_warning ? "missing.unsure" : "missing.title", { socket: name }),
    remedy: nodes === "" ? text("missing.link") : text("missing.from", { nodes }),
  };
}
