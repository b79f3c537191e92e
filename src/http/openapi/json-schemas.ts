import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface JsonSchemas {
  /** A reference where the schema has a name. */
  readonly of: (schema: z.ZodType) => JsonSchema;
  /** Those that have a name, by it. */
  readonly named: Readonly<Record<string, JsonSchema>>;
}

interface Options {
  readonly named: Readonly<Record<string, z.ZodType>>;
  /** Members can be added later, and whoever reads by the document must not stumble over them. */
  readonly open: boolean;
}

/** Zod's schemas as JSON Schema of what is sent; those with a name refer to each other by it. */
export function jsonSchemas(used: readonly z.ZodType[], { named, open }: Options): JsonSchemas {
  const registry = z.registry<{ readonly id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const others = [...new Set(used)].filter((schema) => !registry.has(schema));
  others.forEach((schema, index) => registry.add(schema, { id: String(index) }));
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => {
      leaveOutNoise(jsonSchema);
      if (open && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  const written = (id: string): JsonSchema => withoutIds(schemas[id] ?? {});
  return {
    of: (schema) => {
      const id = registry.get(schema)?.id ?? '';
      return id in named ? { $ref: `#/components/schemas/${id}` } : written(id);
    },
    named: Object.fromEntries(Object.keys(named).map((id) => [id, written(id)])),
  };
}

/** A `format` says it shorter than Zod's patterns, and a bound that a number cannot exceed says nothing. */
function leaveOutNoise(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  // A parameter is a text that is read as a number, or that is one of some words.
  if (schema.type === 'integer') delete schema.pattern;
  if (schema.type === 'integer' || schema.enum) delete schema.maxLength;
}

const withoutIds = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));
