import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so; throws, with its name, where it takes too long. */
export async function until(
  what: string,
  withinSeconds: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + withinSeconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Waited ${withinSeconds} s in vain for ${what}.`);
    await sleep(50);
  }
}
