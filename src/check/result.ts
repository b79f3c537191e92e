import type { Actor } from '../contract/actor.ts';
import { jsonOf } from '../contract/json-of.ts';
import { type ProblemCode, problemCodes } from '../contract/problem.ts';
import { read, type ReadDeps } from './read.ts';
import type { Check, OpenCheck } from './state/check.ts';

/** What a check has come to. Each door says it in its own way. */
export type Result =
  | { readonly kind: 'open'; readonly check: OpenCheck }
  | { readonly kind: 'canceled' }
  /** What Azure answered, as it came: its result or, with our account beside it, its refusal. */
  | {
      readonly kind: 'azure';
      readonly status: number;
      readonly body: string;
      readonly code?: ProblemCode;
      readonly message?: string;
    }
  /** Our account of why there is no result. */
  | {
      readonly kind: 'failed';
      readonly code: ProblemCode;
      readonly message: string;
      readonly innererror?: unknown;
    };

/** The result of a check that the actor may see. Throws `NotFound`, `AuditUnavailable`, `StorageUnavailable`. */
export async function result(deps: ReadDeps, actor: Actor, checkId: string): Promise<Result> {
  return resultOf(deps, await read(deps, actor, checkId, `/api/checks/${checkId}/result`));
}

/** The same of a check that was read. Throws `StorageUnavailable`. */
export async function resultOf(deps: Pick<ReadDeps, 'store'>, check: Check): Promise<Result> {
  switch (check.status) {
    case 'NotStarted':
    case 'Running':
      return { kind: 'open', check };
    case 'Canceled':
      return { kind: 'canceled' };
    case 'Succeeded':
      return { kind: 'azure', status: 200, body: (await deps.store.answer(check.id)) ?? '' };
    case 'Failed':
      return failure(deps, check);
  }
}

/** Azure's own refusal where it refused in JSON: what stands before it can answer in its name, in HTML. */
async function failure(
  { store }: Pick<ReadDeps, 'store'>,
  check: Extract<Check, { status: 'Failed' }>,
): Promise<Result> {
  const { id, answerStatus: status = 0, error } = check;
  const code = problemCodes.find((known) => known === error.code) ?? 'AzureFailed';
  if (status >= 400 && status < 500) {
    const body = await store.answer(id);
    if (body !== undefined && jsonOf(body) !== undefined)
      return { kind: 'azure', status, body, code, message: error.message };
  }
  return { kind: 'failed', code, message: error.message, innererror: error.innererror };
}
