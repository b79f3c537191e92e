import { z } from 'zod';

/** What a schema is before anything is read out of it: the object, list or text within. */
export function formOf(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return formOf(schema.unwrap());
  return schema instanceof z.ZodPipe ? formOf(schema.in) : schema;
}

/** The schema at a place; `undefined` where there is none. */
function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  const form = formOf(schema);
  const [first, ...rest] = path;
  if (first === undefined) return form;
  if (form instanceof z.ZodArray) return schemaAt(form.element, rest);
  const member = form instanceof z.ZodObject ? shapeOf(form)[String(first)] : undefined;
  return member && schemaAt(member, rest);
}

const shapeOf = ({ shape }: { readonly shape: z.core.$ZodShape }): z.core.$ZodShape => shape;

/** Names of the members that may stand at a place. */
export function membersAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const form = schemaAt(schema, path);
  return form instanceof z.ZodObject ? Object.keys(form.shape) : [];
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
