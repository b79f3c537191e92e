import { connectivityInformationSchema } from '../../arm/connectivity-information.ts';
import { resultIn } from '../../arm/operation-body.ts';
import { jsonOf } from '../../contract/json-of.ts';
import type { Outcome } from '../../verdict/compare/compare.ts';
import type { CheckStore } from '../ports/check-store.ts';
import type { EndedCheck } from '../state/check.ts';

/** What a check that has ended came to, as it is compared. Throws `StorageUnavailable`. */
export async function outcomeOf({ store }: { readonly store: CheckStore }, check: EndedCheck): Promise<Outcome> {
  const { request } = check;
  if (check.status !== 'Succeeded') return { request, code: codeOf(check), reasons: [] };
  const { reachability, reasons } = check.verdict;
  const answer = await store.answer(check.id);
  const result = jsonOf(answer ?? '');
  const information =
    result === undefined ? undefined : connectivityInformationSchema.safeParse(resultIn(result) ?? {}).data;
  return { request, reachability, reasons, information };
}

/** Of one without a reachability: why it has none. */
export const codeOf = (check: Exclude<EndedCheck, { status: 'Succeeded' }>): string =>
  check.status === 'Failed' ? check.error.code : 'CheckCanceled';
