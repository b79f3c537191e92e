/** How a process is to see time: `shiftSeconds` later than it is, and from `since` on `speed` times as fast. */
export interface ClockChange {
  readonly shiftSeconds?: number;
  readonly speed?: number;
  /** Milliseconds since 1970; processes that share it agree on the time. */
  readonly since?: number;
}

/**
 * Arguments of node that change a process's clock before anything else is loaded. Timers keep their pace: only what is
 * read from the clock changes, as on a machine whose leases and deadlines have passed.
 */
export function clockArguments({ shiftSeconds = 0, speed = 1, since = 0 }: ClockChange): string[] {
  const preload = `
    const real = Date.now;
    const now = () => Math.round(${since} + (real() - ${since}) * ${speed} + ${shiftSeconds * 1000});
    globalThis.Date = new Proxy(Date, {
      construct: (target, given, newTarget) => Reflect.construct(target, given.length ? given : [now()], newTarget),
      apply: (target) => new target(now()).toString(),
      get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
    });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
}
