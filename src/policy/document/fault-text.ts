import { z } from 'zod';
import type { Fault } from './fault.ts';

const anyRules = z.object({
  rules: z.array(z.object({ id: z.string().max(100).optional().catch(undefined) }).catch({})),
});

/** Says where a fault is as people look for it: `rule "payments" (rules[37].ports[0], line 212): write …`. */
export function faultText(json: unknown, lineOf: (path: Fault['path']) => number): (fault: Fault) => string {
  const rules = anyRules.safeParse(json).data?.rules ?? [];
  return ({ path, message }) => {
    const [first, index] = path;
    const id = first === 'rules' && typeof index === 'number' ? rules[index]?.id : undefined;
    const line = `line ${lineOf(path)}`;
    return id === undefined
      ? `${pathText(path)} (${line}): ${message}`
      : `rule ${JSON.stringify(id)} (${pathText(path)}, ${line}): ${message}`;
  };
}

function pathText(path: Fault['path']): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? 'the policy' : text.replace(/^\./, '');
}
