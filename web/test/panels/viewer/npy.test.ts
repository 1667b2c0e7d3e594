import { describe, expect, test } from "vitest";
import { halfFloat, readNpy } from "../../../src/panels/viewer/npy";

/** A file as numpy writes it: magic, version, length of the header, header, numbers. */
function npy(descr: string, shape: string, bytes: ArrayBuffer, order = "False"): ArrayBuffer {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11, " ") + "\n";
  const file = new Uint8Array(10 + padded.length + bytes.byteLength);
  file.set([0x93, ...[..."NUMPY"].map((letter) => letter.charCodeAt(0)), 1, 0]);
  new DataView(file.buffer).setUint16(8, padded.length, true);
  file.set(new TextEncoder().encode(padded), 10);
  file.set(new Uint8Array(bytes), 10 + padded.length);
  return file.buffer;
}

test("floats with their shape", () => {
  const found = readNpy(npy("<f4", "(1, 2, 2)", new Float32Array([1, -2.5, 0, 4]).buffer));
  expect(found?.shape).toEqual([1, 2, 2]);
  expect(Array.from(found?.values ?? [])).toEqual([1, -2.5, 0, 4]);
});

test.each([
  ["|u1", new Uint8Array([0, 255]).buffer, [0, 255]],
  ["|b1", new Uint8Array([0, 1]).buffer, [0, 1]],
  ["<i2", new Int16Array([-3, 300]).buffer, [-3, 300]],
  ["<i8", new BigInt64Array([-7n, 9n]).buffer, [-7, 9]],
  ["<f8", new Float64Array([0.1, Infinity]).buffer, [0.1, Infinity]],
  ["<f2", new Uint16Array([0x3c00, 0xc000]).buffer, [1, -2]],
])("numbers of format %s", (descr, bytes, values) => {
  const found = readNpy(npy(descr, "(2,)", bytes));
  expect(found?.shape).toEqual([2]);
  expect(Array.from(found?.values ?? [])).toEqual(values);
});

test("a single number, and big-endian ones", () => {
  expect(readNpy(npy("<f4", "()", new Float32Array([5]).buffer))?.shape).toEqual([]);
  const swapped = new Uint8Array([0, 0, 0, 7]).buffer;
  expect(Array.from(readNpy(npy(">i4", "(1,)", swapped))?.values ?? [])).toEqual([7]);
});

test.each([
  ["no npy file", new TextEncoder().encode("PK\u0003\u0004 something else").buffer],
  ["complex numbers", npy("<c8", "(1,)", new ArrayBuffer(8))],
  ["another order", npy("<f4", "(1, 1)", new ArrayBuffer(4), "True")],
  ["cut off", npy("<f4", "(100,)", new ArrayBuffer(8))],
])("what cannot be read is nothing: %s", (_, file) => {
  expect(readNpy(file as ArrayBuffer)).toBeUndefined();
});

describe("half floats", () => {
  test.each([
    [0x0000, 0],
    [0x3800, 0.5],
    [0x7bff, 65_504],
    [0x0001, 2 ** -24],
    [0xfc00, -Infinity],
    [0x7e00, Number.NaN],
  ])("%i is %d", (bits, value) => {
    expect(halfFloat(bits)).toBe(value);
  });
});
