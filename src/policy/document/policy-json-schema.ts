import { z } from 'zod';
import { policyDocumentSchema } from './policy-document.ts';

/** JSON Schema of the policy, for editors; the finer rules are `parsePolicy`'s alone. */
export function policyJsonSchema(): object {
  return { title: 'Policy of Connectivity Check Proxy', ...z.toJSONSchema(policyDocumentSchema) };
}
