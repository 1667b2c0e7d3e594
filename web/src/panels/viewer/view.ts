/** Zooming and panning: where a picture lies on its stage. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A point of the picture is drawn at ``x + scale * point``. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

const MOST_SCALE = 64;
const LEAST_PIXELS = 24;
const MARGIN = 0.94;

/** The whole picture in the middle; small pictures are enlarged to whole multiples. */
export function fitted(picture: Size, stage: Size): View {
  const room = Math.min(stage.width / picture.width, stage.height / picture.height) * MARGIN;
  const scale = room > 2 ? Math.min(Math.floor(room), MOST_SCALE) : Math.max(room, 1e-3);
  return centred(picture, stage, scale);
}

export function centred(picture: Size, stage: Size, scale: number): View {
  return {
    scale,
    x: (stage.width - picture.width * scale) / 2,
    y: (stage.height - picture.height * scale) / 2,
  };
}

/** Zoom so that what is at a point of the stage stays there. */
export function zoomedAt(view: View, factor: number, at: Point, picture: Size): View {
  const least = Math.min(1, LEAST_PIXELS / Math.max(picture.width, picture.height));
  const scale = Math.min(Math.max(view.scale * factor, least), MOST_SCALE);
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

/** Move the picture; some of it always stays on the stage. */
export function movedBy(view: View, by: Point, picture: Size, stage: Size): View {
  const keep = (place: number, length: number, room: number): number => {
    const least = Math.min(LEAST_PIXELS, length);
    return Math.min(Math.max(place, least - length), room - least);
  };
  return {
    scale: view.scale,
    x: keep(view.x + by.x, picture.width * view.scale, stage.width),
    y: keep(view.y + by.y, picture.height * view.scale, stage.height),
  };
}

/** Two fingers: where they were and where they are now. */
export function pinched(
  view: View,
  from: readonly [Point, Point],
  to: readonly [Point, Point],
  picture: Size,
): View {
  const [before, now] = [middle(from), middle(to)];
  const factor = distance(to) / Math.max(distance(from), 1);
  const zoomed = zoomedAt(view, factor, before, picture);
  return { ...zoomed, x: zoomed.x + now.x - before.x, y: zoomed.y + now.y - before.y };
}

function middle([a, b]: readonly [Point, Point]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance([a, b]: readonly [Point, Point]): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** The pixel of the picture that is drawn at a point of the stage; null beside the picture. */
export function pixelAt(view: View, at: Point, picture: Size): Point | null {
  const x = Math.floor((at.x - view.x) / view.scale);
  const y = Math.floor((at.y - view.y) / view.scale);
  return isInside({ x, y }, picture) ? { x, y } : null;
}

function isInside({ x, y }: Point, { width, height }: Size): boolean {
  return x >= 0 && y >= 0 && x < width && y < height;
}

/** A pixel moved by the arrow keys, held inside the picture. */
export function pixelMoved(pixel: Point | null, by: Point, { width, height }: Size): Point {
  const from = pixel ?? { x: Math.floor(width / 2), y: Math.floor(height / 2) };
  const hold = (value: number, room: number): number => Math.min(Math.max(value, 0), room - 1);
  return { x: hold(from.x + by.x, width), y: hold(from.y + by.y, height) };
}

/** The same place in a picture of another size. */
export function pixelIn(pixel: Point, from: Size, to: Size): Point {
  return {
    x: Math.min(Math.floor(((pixel.x + 0.5) * to.width) / from.width), to.width - 1),
    y: Math.min(Math.floor(((pixel.y + 0.5) * to.height) / from.height), to.height - 1),
  };
}
