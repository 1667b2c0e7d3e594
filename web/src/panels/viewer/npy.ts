/** Arrays as numpy saves them. */

export interface NumberArray {
  readonly shape: readonly number[];
  /** In C order. */
  readonly values: ArrayLike<number>;
}

const MAGIC = "\u0093NUMPY";

/** Read an npy file; undefined for what is none, or holds no real numbers. */
export function readNpy(file: ArrayBuffer): NumberArray | undefined {
  const bytes = new Uint8Array(file);
  if (String.fromCharCode(...bytes.slice(0, 6)) !== MAGIC) {
    return undefined;
  }
  const view = new DataView(file);
  const isLong = (bytes[6] ?? 1) > 1;
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (isLong ? 12 : 10) + length;
  const header = new TextDecoder("latin1").decode(bytes.slice(isLong ? 12 : 10, start));
  const kind = /'descr':\s*'([<>|=])([a-z])(\d+)'/.exec(header);
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (kind === null || shape === undefined || /'fortran_order':\s*True/.test(header)) {
    return undefined;
  }
  const lengths = shape.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  const count = lengths.reduce((product, side) => product * side, 1);
  const [, order = "<", letter = "", size = "0"] = kind;
  const values = readNumbers(view, { start, count, kind: letter + size, isLittle: order !== ">" });
  return values === undefined ? undefined : { shape: lengths, values };
}

interface Run {
  readonly start: number;
  readonly count: number;
  readonly kind: string;
  readonly isLittle: boolean;
}

function readNumbers(view: DataView, { start, count, kind, isLittle }: Run) {
  const reader = READERS[kind];
  if (reader === undefined || view.byteLength < start + count * reader.size) {
    return undefined;
  }
  const values = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    values[index] = reader.read(view, start + index * reader.size, isLittle);
  }
  return values;
}

interface Reader {
  readonly size: number;
  readonly read: (view: DataView, at: number, isLittle: boolean) => number;
}

const READERS: Readonly<Record<string, Reader>> = {
  b1: { size: 1, read: (view, at) => view.getUint8(at) },
  u1: { size: 1, read: (view, at) => view.getUint8(at) },
  i1: { size: 1, read: (view, at) => view.getInt8(at) },
  u2: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  i2: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  u4: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  i4: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  u8: { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i8: { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  f2: { size: 2, read: (view, at, little) => halfFloat(view.getUint16(at, little)) },
  f4: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** The number that 16 bits stand for (IEEE 754, binary16). */
export function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  if (exponent === 0x1f) {
    return fraction === 0 ? sign * Infinity : Number.NaN;
  }
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
