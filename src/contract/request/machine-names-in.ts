import { checkRequestSchema } from './check-request.ts';
import { machineNameSchema } from './named-machines.ts';
import { plainSpelling } from './plain-spelling.ts';
import { readWrittenBody, textOf } from './written-body.ts';

/** The machines' names in a body of `POST /api/checks`, as far as they can be read. */
export function machineNamesIn(body: unknown): { readonly source?: string; readonly destination?: string } {
  const written = readWrittenBody(plainSpelling(checkRequestSchema, body).value);
  const nameOf = (side: Record<string, unknown> = {}): string | undefined =>
    machineNameSchema.safeParse(textOf(side['name'])).data;
  const [source, destination] = [nameOf(written?.source), nameOf(written?.destination)];
  return { ...(source !== undefined && { source }), ...(destination !== undefined && { destination }) };
}
