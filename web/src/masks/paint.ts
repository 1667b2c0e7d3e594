/** Drawing a mask: the canvas's alpha is the mask, 255 where something will change. */

import type { Brush, MaskStep, Point } from "./strokes";
import { dabsOf, diameterAt } from "./strokes";

/** What is seen of a mask while it is drawn; only its alpha counts. */
const INK = "255, 92, 80";

/** Draw steps one after the other onto what is there. */
export function paint(context: CanvasRenderingContext2D, steps: Iterable<MaskStep>): void {
  for (const step of steps) {
    paintStep(context, step);
  }
}

function paintStep(context: CanvasRenderingContext2D, step: MaskStep): void {
  const { width, height } = context.canvas;
  switch (step.kind) {
    case "stroke":
      paintStroke(context, step.brush, step.points);
      break;
    case "fill":
      context.fillStyle = `rgb(${INK})`;
      context.fillRect(0, 0, width, height);
      break;
    case "clear":
      context.clearRect(0, 0, width, height);
      break;
    case "invert":
      invert(context);
      break;
    default:
      step satisfies never;
  }
}

export function paintStroke(
  context: CanvasRenderingContext2D,
  brush: Brush,
  points: readonly Point[],
): void {
  context.save();
  context.globalCompositeOperation = brush.isErasing ? "destination-out" : "source-over";
  for (const { x, y, pressure } of dabsOf(brush, points)) {
    const radius = diameterAt(brush, pressure) / 2;
    context.fillStyle = dabStyle(context, brush, { x, y, pressure }, radius);
    context.beginPath();
    context.arc(x, y, Math.max(radius, 0.5), 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

/** A soft brush is set down many times in one place, so each dab is the weaker the softer it is. */
function dabStyle(
  context: CanvasRenderingContext2D,
  brush: Brush,
  { x, y }: Point,
  radius: number,
): CanvasGradient | string {
  if (brush.feather <= 0 || radius < 1) {
    return `rgb(${INK})`;
  }
  const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
  const strength = 1 - brush.feather * 0.7;
  gradient.addColorStop(0, `rgba(${INK}, ${strength})`);
  gradient.addColorStop(Math.max(0, 1 - brush.feather), `rgba(${INK}, ${strength})`);
  gradient.addColorStop(1, `rgba(${INK}, 0)`);
  return gradient;
}

function invert(context: CanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  const image = context.getImageData(0, 0, width, height);
  const [red, green, blue] = INK.split(",").map(Number);
  for (let at = 0; at < image.data.length; at += 4) {
    image.data[at] = red ?? 0;
    image.data[at + 1] = green ?? 0;
    image.data[at + 2] = blue ?? 0;
    image.data[at + 3] = 255 - (image.data[at + 3] ?? 0);
  }
  context.putImageData(image, 0, 0);
}

/** The mask that a picture has: what is transparent in it will change. */
export function paintTransparency(
  context: CanvasRenderingContext2D,
  picture: CanvasImageSource,
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  invert(context);
}

/** A PNG whose alpha is the mask turned round, as the server pastes it into a copy of a picture. */
export function asTransparency(canvas: HTMLCanvasElement): Promise<Blob> {
  return redrawn(canvas, (alpha) => [255, 255, 255, 255 - alpha]);
}

/** A PNG in black and white: white is what changes. */
export function asBlackAndWhite(canvas: HTMLCanvasElement): Promise<Blob> {
  return redrawn(canvas, (alpha) => [alpha, alpha, alpha, 255]);
}

type Pixel = readonly [number, number, number, number];

function redrawn(canvas: HTMLCanvasElement, pixel: (alpha: number) => Pixel): Promise<Blob> {
  const context = canvas.getContext("2d");
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const target = copy.getContext("2d");
  if (context === null || target === null) {
    return Promise.reject(new Error("this browser cannot draw"));
  }
  const image = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < image.data.length; at += 4) {
    image.data.set(pixel(image.data[at + 3] ?? 0), at);
  }
  target.putImageData(image, 0, 0);
  return new Promise((resolve, reject) => {
    copy.toBlob((blob) => {
      if (blob === null) {
        reject(new Error("the mask could not be made into a picture"));
      } else {
        resolve(blob);
      }
    }, "image/png");
  });
}
