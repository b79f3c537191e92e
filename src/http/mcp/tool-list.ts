import { z } from 'zod';
import { type Tool } from './tools/tool.ts';
import { tools } from './tools/tools.ts';

const plain = z.record(z.string(), z.json());

/** The tools as clients list them. */
export const toolList = tools.map(({ name, title, description, annotations, input, output }: Tool) => ({
  ...{ name, title, description, annotations: { title, ...annotations } },
  inputSchema: schemaOf(input, 'input'),
  outputSchema: schemaOf(output, 'output'),
}));

/**
 * Without the name of its dialect, which is the protocol's: older clients know no other by name. Members can be added to
 * answers, and clients hold these to the schema.
 */
function schemaOf(schema: z.ZodObject, io: 'input' | 'output') {
  const written = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      leaveOutPatterns(jsonSchema);
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  const members = Object.entries(plain.parse(JSON.parse(JSON.stringify(written))));
  return { ...Object.fromEntries(members.filter(([name]) => name !== '$schema')), type: 'object' as const };
}

/** A format says it shorter. */
function leaveOutPatterns(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format !== undefined) delete schema.pattern;
}
