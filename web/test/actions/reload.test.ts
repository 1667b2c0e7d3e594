import { afterEach, expect, it, vi } from "vitest";
import { reload } from "../../src/actions/help";
import { currentCatalogue } from "../../src/stores/catalogue";
import { useInterface } from "../../src/stores/interface";

const TYPE = {
  id: "BlockloomOwn",
  title: "Own",
  category: ["own"],
  kind: "function",
  inputs: [],
  outputs: [],
};

function answering(problems: readonly string[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (address: string, options?: RequestInit) => {
    const path = new URL(address, "http://localhost").pathname;
    asked.push(`${options?.method ?? "GET"} ${path}`);
    const answer = path.endsWith("/reload")
      ? { node_types: 1, problems }
      : { version: "", diffusers: "", node_types: [TYPE], pipelines: [], accepts: {}, problems };
    return Promise.resolve(new Response(JSON.stringify(answer)));
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it("has the nodes read anew, and then fetches them", async () => {
  const asked = answering([]);
  await reload();
  expect(asked).toEqual(["POST /blockloom/reload", "GET /blockloom/catalogue"]);
  expect(currentCatalogue().types.get("BlockloomOwn")?.title).toBe("Own");
});

it("says what is wrong with a file", async () => {
  answering(["/nodes/own.py, line 12: Not valid Python."]);
  await reload();
  expect(JSON.stringify(useInterface.getState())).toContain("/nodes/own.py, line 12");
});
