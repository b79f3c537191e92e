import type { Base } from './address.ts';
import { type Answer, objectOf } from './answer.ts';
import type { AcceptedSet, Check, CheckSet, ConnectivityInformation } from './answers.ts';
import type { Audit, CallOptions, Client, HoldOptions, RerunOptions, Sets, SubmitOptions } from './client.ts';
import { exportAudit } from './export-audit.ts';
import { listAt } from './list.ts';
import { NetcheckError } from './netcheck-error.ts';
import { withQuery } from './query.ts';
import type { CheckRequest, SetRequest } from './requests.ts';
import type { Order, Send } from './send.ts';
import { untilEnded } from './until-ended.ts';
import type { World } from './world.ts';

interface Deps extends World {
  readonly base: Base;
  readonly send: Send;
}

const CHECKS = '/api/checks';
const SETS = '/api/sets';

/** The client's calls, each as the request that it is. */
export function createCalls(deps: Deps): Client {
  const { send, newId } = deps;
  const object = async <T extends object>(order: Order): Promise<T> => objectOf<T>(await send(order));
  const get = <T extends object>(path: string, { signal }: CallOptions): Promise<T> =>
    object<T>({ method: 'GET', path, signal });
  /** A call that makes something: asked again, it makes no second. */
  const post = <T extends object>(path: string, body: unknown, { idempotencyKey, ...options }: SubmitOptions) =>
    object<T>({ method: 'POST', path, body, headers: { 'idempotency-key': idempotencyKey ?? newId() }, ...options });

  const submit = (request: CheckRequest, options: SubmitOptions = {}) => post<Check>(CHECKS, request, options);
  const wait = async (id: string, options: CallOptions = {}) =>
    untilEnded(deps, pathOf(CHECKS, id), hasEnded, options.signal);

  return {
    submit,
    wait,
    dryRun: (request, { signal } = {}) =>
      object({ method: 'POST', path: `${CHECKS}?dryRun=true`, body: request, signal }),
    get: async (id, options = {}) => object({ method: 'GET', path: pathOf(CHECKS, id), ...heldAs(options) }),
    result: async (id, { signal } = {}) =>
      resultIn(await send({ method: 'GET', path: `${pathOf(CHECKS, id)}/result`, signal })),
    run: async (request, options = {}) => {
      const { id } = await submit(request, options);
      return wait(id, options);
    },
    list: ({ signal, ...query } = {}) => listAt(deps, withQuery(CHECKS, query), signal),
    rerun: async (id, { reason, ...options } = {}) => post(`${pathOf(CHECKS, id)}/rerun`, { reason }, options),
    compare: async (id, { with: other, signal } = {}) =>
      get(withQuery(`${pathOf(CHECKS, id)}/comparison`, { with: other }), { signal }),
    flow: ({ signal, ...query }) => get(withQuery('/api/flows', query), { signal }),
    share: async (id, { signal, ...body } = {}) =>
      object({ method: 'POST', path: `${pathOf(CHECKS, id)}/share`, body, signal }),
    unshare: async (id, { signal } = {}) => object({ method: 'DELETE', path: `${pathOf(CHECKS, id)}/share`, signal }),
    // Whoever cancels again is told that the check has ended, and not that it was they who ended it.
    cancel: async (id, { signal } = {}) => object({ method: 'DELETE', path: pathOf(CHECKS, id), signal, once: true }),
    me: (options = {}) => get('/api/me', options),
    sources: ({ signal, ...query } = {}) => listAt(deps, withQuery('/api/sources', query), signal),
    sets: setCalls(deps, { object, post }),
    audit: auditCalls(deps, get),
  };
}

interface Ask {
  readonly object: <T extends object>(order: Order) => Promise<T>;
  readonly post: <T extends object>(path: string, body: unknown, options: SubmitOptions) => Promise<T>;
}

const setCalls = (deps: Deps, { object, post }: Ask): Sets => ({
  create: (request: SetRequest, options = {}) => post<AcceptedSet>(SETS, request, options),
  get: async (id, options = {}) => object({ method: 'GET', path: pathOf(SETS, id), ...heldAs(options) }),
  wait: async (id, { signal } = {}) => untilEnded(deps, pathOf(SETS, id), hasSetEnded, signal),
  list: ({ signal, ...query } = {}) => listAt(deps, withQuery(SETS, query), signal),
  rerun: async (id, { reason, ...options }: RerunOptions = {}) =>
    post(`${pathOf(SETS, id)}/rerun`, { reason }, options),
  cancel: async (id, { signal } = {}) => object({ method: 'DELETE', path: pathOf(SETS, id), signal }),
});

const auditCalls = (deps: Deps, get: <T extends object>(path: string, options: CallOptions) => Promise<T>): Audit => ({
  list: ({ signal, ...query } = {}) => listAt(deps, withQuery('/api/audit', query), signal),
  export: ({ format, signal, ...query }) => exportAudit(deps, withQuery('/api/audit', query), { format, signal }),
  verification: ({ signal, ...query } = {}) => get(withQuery('/api/audit/verification', query), { signal }),
});

const heldAs = ({ wait, signal }: HoldOptions): HoldOptions => ({ wait, signal });

const hasEnded = ({ status }: Check): boolean => status !== 'NotStarted' && status !== 'Running';
const hasSetEnded = ({ counts }: CheckSet): boolean => counts.running === 0;

const resultIn = (answer: Answer): ConnectivityInformation | undefined =>
  answer.status === 202 ? undefined : objectOf(answer);

/** The path of one of a collection. What is no id would be another path. */
function pathOf(collection: string, id: string): string {
  if (/^[\w-]{1,64}$/.test(id)) return `${collection}/${id}`;
  throw new NetcheckError('NotFound', 'This is no id: it has letters, digits and "-" alone.', { status: 404 });
}
