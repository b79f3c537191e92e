/** What is kept while the person is at the authority. */
export interface Pending {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** Where they were: a hash of this page. */
  readonly hash: string;
}

const KEY = 'netcheck-sign-in';

export function keepPending(pending: Pending): void {
  sessionStorage.setItem(KEY, JSON.stringify(pending));
}

/** It is good once. */
export function takePending(): Pending | undefined {
  const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
  sessionStorage.removeItem(KEY);
  return isPending(kept) ? kept : undefined;
}

function isPending(kept: unknown): kept is Pending {
  return (
    typeof kept === 'object' &&
    kept !== null &&
    ['verifier', 'state', 'nonce', 'hash'].every(
      (name) => typeof Object.entries(kept).find(([key]) => key === name)?.[1] === 'string',
    )
  );
}
