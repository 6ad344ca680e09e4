import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, '..', 'screenshots');

/** Letters differ from machine to machine, drawings do not. */
const mostDifferent = 0.04;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The boxes of a picture one below the other, so that what stands between them may move. */
export function sheetOf(picture: Buffer, boxes: readonly Box[]): PNG {
  const whole = PNG.sync.read(picture);
  const inside = boxes
    .map(({ x, y, width, height }) => ({
      x: Math.floor(x),
      y: Math.floor(y),
      width: Math.floor(width),
      height: Math.floor(height),
    }))
    .map((box) => ({
      ...box,
      width: Math.min(box.width, whole.width - box.x),
      height: Math.min(box.height, whole.height - box.y),
    }));
  const sheet = new PNG({
    width: Math.max(...inside.map(({ width }) => width)),
    height: inside.reduce((sum, { height }) => sum + height, 0),
  });
  let at = 0;
  for (const { x, y, width, height } of inside) {
    PNG.bitblt(whole, sheet, x, y, width, height, 0, at);
    at += height;
  }
  return sheet;
}

/** Compares with a stored picture; `UPDATE_GOLDEN=1` stores this one, to be looked at before it is committed. */
export function expectPicture(name: string, got: PNG): void {
  const path = join(folder, name);
  const beside = `${path}.got.png`;
  mkdirSync(folder, { recursive: true });
  if (process.env['UPDATE_GOLDEN']) writeFileSync(path, PNG.sync.write(got));
  const stored = PNG.sync.read(readFileSync(path));
  writeFileSync(beside, PNG.sync.write(got));
  // A fraction of a pixel of a page may fall on either side.
  expect(Math.abs(stored.width - got.width), `${name} is as wide as ${beside}`).toBeLessThanOrEqual(2);
  expect(Math.abs(stored.height - got.height) / stored.height, `${name} is as high as ${beside}`).toBeLessThan(0.03);
  const size = { width: Math.min(stored.width, got.width), height: Math.min(stored.height, got.height) };
  const [a, b] = [stored, got].map((picture) => {
    const part = new PNG(size);
    PNG.bitblt(picture, part, 0, 0, size.width, size.height, 0, 0);
    return part.data;
  });
  const different = pixelmatch(a!, b!, undefined, size.width, size.height, { threshold: 0.2 });
  expect(different / (size.width * size.height), `${name} looks like ${beside}`).toBeLessThan(mostDifferent);
  rmSync(beside);
}
