import { z } from 'zod';
import type { ArmCallInfo, Failure } from '../ports/network-watcher.ts';
import type { OpenCheck } from './check.ts';

const codeSchema = z.looseObject({ code: z.string().regex(/^[\w.-]{1,80}$/) });

/**
 * Azure may quote the request that it refuses, and probe headers can be secrets. Of a check that has some only Azure's
 * code and request id are kept, and its own text is not: a quote can be written in more ways than can be looked for.
 */
export function redact(check: OpenCheck, failure: Failure, arm: ArmCallInfo = {}): Failure {
  if (!check.request.protocolConfiguration?.HTTPConfiguration?.headers?.length) return failure;
  const { code, message, advice } = failure;
  const azureCode = codeSchema.safeParse(failure.innererror).data?.code;
  const said = {
    ...(azureCode !== undefined && { code: azureCode }),
    ...(arm.requestId !== undefined && { requestId: arm.requestId }),
  };
  return { code, message, ...(advice && { advice }), ...(Object.keys(said).length > 0 && { innererror: said }) };
}
