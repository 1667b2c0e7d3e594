import { expect, it } from "vitest";
import { tokenOf } from "../../src/app/token";

it("finds the token in what somebody pastes", () => {
  expect(tokenOf(" abc_DEF-1 ")).toBe("abc_DEF-1");
  expect(tokenOf("http://127.0.0.1:8188/?token=abc&graph=x")).toBe("abc");
  expect(tokenOf("http://127.0.0.1:8188/")).toBe("http://127.0.0.1:8188/");
});
