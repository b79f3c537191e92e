import { Problem } from '../contract/problem.ts';

const MAX_AGE_MS = 24 * 3_600_000;
/** From here on a request starts the next lookup without waiting for it: an hour in which the authority may be down. */
const REFRESH_AGE_MS = 23 * 3_600_000;
const COOLDOWN_MS = 30_000;
/** Without any keys nobody can be let in, so that a bad start has to heal sooner. */
const COOLDOWN_WITHOUT_KEYS_MS = 5_000;

export interface SigningKeysDeps<KeySet> {
  /** Throws where the keys cannot be had, or not in time. */
  readonly readKeySet: () => Promise<KeySet>;
  readonly now: () => Date;
}

/**
 * The key set that holds the key of that id: kept for a day, looked up again for an unknown id, at most once a
 * cooldown. jose's `createRemoteJWKSet` is not used because it retries a failed lookup with every request.
 * Throws `InvalidToken` for an id that is not published, `SigningKeysUnavailable` where that cannot be known.
 * docs/decisions.md#own-key-cache
 */
export function createSigningKeys<KeySet extends { readonly keyIds: ReadonlySet<string> }>(
  deps: SigningKeysDeps<KeySet>,
): (keyId: string) => Promise<KeySet> {
  let kept: { readonly keySet: KeySet; readonly readAt: number } | undefined;
  let last: { readonly endedAt: number; readonly failure?: unknown } | undefined;
  let running: Promise<void> | undefined;

  const now = () => deps.now().getTime();
  const age = () => (kept ? now() - kept.readAt : Infinity);
  const current = () => (age() < MAX_AGE_MS ? kept?.keySet : undefined);

  function cooldownLeft(): number {
    const since = now() - (last?.endedAt ?? -Infinity);
    // A clock that was set back must not make the wait longer.
    return since < 0 ? 0 : Math.max(0, (current() ? COOLDOWN_MS : COOLDOWN_WITHOUT_KEYS_MS) - since);
  }

  async function readOnce(): Promise<void> {
    try {
      kept = { keySet: await deps.readKeySet(), readAt: now() };
      last = { endedAt: now() };
    } catch (failure) {
      // Told to the next request that needs a key which is not kept.
      last = { endedAt: now(), failure };
    } finally {
      running = undefined;
    }
  }

  async function lookUp(): Promise<void> {
    if (cooldownLeft() === 0) running ??= readOnce();
    await running;
  }

  return async (keyId) => {
    if (!current()?.keyIds.has(keyId)) await lookUp();
    else if (age() >= REFRESH_AGE_MS) void lookUp();
    const keySet = current();
    if (keySet?.keyIds.has(keyId)) return keySet;
    if (keySet && last?.failure === undefined) throw unknownKey();
    throw unavailable(cooldownLeft(), last?.failure);
  };
}

function unknownKey(): Problem {
  return new Problem(
    'InvalidToken',
    'The token is signed with a key that this tenant does not publish; get a new token.',
  );
}

function unavailable(cooldownMs: number, cause: unknown): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil(cooldownMs / 1000));
  const message = `The keys that tokens are checked with cannot be read now; try again in ${retryAfterSeconds} s.`;
  return new Problem('SigningKeysUnavailable', message, { retryAfterSeconds, cause });
}
