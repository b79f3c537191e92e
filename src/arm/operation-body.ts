// A body that tells of an operation: ARM's operations answer with a state, with a result, or with a result wrapped into
// a state. Every reader takes the same result out of it, so that nobody judges by another than is shown.

type Members = Readonly<Record<string, unknown>>;

/** What a 200 comes to. `unknown`: it is neither a result nor a state. */
export type OperationState = 'done' | 'running' | 'failed' | 'unknown';

export function operationState(body: unknown): OperationState {
  if (!isObject(body)) return 'unknown';
  if (isResult(body)) return results(body).length === 1 ? 'done' : 'unknown';
  const word = stateWord(body);
  if (word !== undefined && failedWords.has(word)) return 'failed';
  if (word !== undefined && !doneWords.has(word)) return word === '' ? 'unknown' : 'running';
  const found = results(body).length;
  return found === 1 || (found === 0 && word === undefined) ? 'done' : 'unknown';
}

/**
 * The ConnectivityInformation in a body: the body itself, or what it wraps. `undefined` where there is none, or more
 * than one: it would be anybody's guess which of them holds.
 */
export function resultIn(body: unknown): unknown {
  if (!isObject(body)) return undefined;
  const [result = body, ...more] = results(body);
  return more.length === 0 ? result : undefined;
}

const wrappers = ['properties', 'output', 'result'] as const;

function results(body: Members): Members[] {
  const layers = [body];
  // The list grows while it is gone through; a body can be wrapped deeper than a stack is.
  for (const layer of layers) layers.push(...wrappers.map((name) => layer[name]).filter(isObject));
  return layers.filter(isResult);
}

const isResult = (layer: Members): boolean => Object.hasOwn(layer, 'connectionStatus') || Object.hasOwn(layer, 'hops');

// To ARM every other word means that the operation runs.
const failedWords: ReadonlySet<string> = new Set([
  ...['failed', 'failure', 'error', 'faulted', 'canceled', 'cancelled', 'aborted', 'rejected', 'timedout'],
]);
const doneWords: ReadonlySet<string> = new Set(['succeeded', 'success', 'successful', 'completed', 'done', 'ok']);

/** The word for the operation's state, without what differs between `InProgress` and `in progress`; empty where it is no word. */
function stateWord(body: Members): string | undefined {
  const properties = isObject(body['properties']) ? body['properties'] : {};
  const places = [body['status'], properties['provisioningState'], body['provisioningState'], properties['status']];
  const text = places.find((place) => typeof place === 'string');
  if (text === undefined) return undefined;
  const word = text.toLowerCase().replace(/[\s_-]+/g, '');
  return /^[a-z]{1,40}$/.test(word) ? word : '';
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
