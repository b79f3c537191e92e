import { z } from 'zod';
import { fieldErrorsOf, oneEach } from '../../field-errors.ts';
import type { CallbackRequest } from '../callback-request.ts';
import type { FieldError } from '../../problem.ts';
import { type CheckRequest, checkRequestSchema, type ReadCheckRequest } from '../check-request.ts';
import { plainSpelling } from '../plain-spelling.ts';
import { isObject } from '../schema-form.ts';

/** A set may ask for so many checks. */
export const MOST_CHECKS = 200;

const { source, destination, protocol, reason, callback } = checkRequestSchema.shape;

export const setNameSchema = z
  .string('Give the name of a set of the policy.')
  .regex(/^[\p{L}\p{N}_.-]{1,64}$/u, 'Give the name of a set of the policy.');

/** The body of `POST /api/sets`, field by field. Each check in it is read as one that comes alone. */
export const setRequestSchema = z.strictObject({
  sources: z.array(source).optional(),
  destinations: z.array(destination).optional(),
  protocol,
  checks: z.array(checkRequestSchema).optional(),
  name: setNameSchema.optional(),
  reason,
  callback,
});

const outer = z.strictObject({
  sources: z.array(z.unknown()).optional(),
  destinations: z.array(z.unknown()).optional(),
  protocol: z.unknown().optional(),
  checks: z.array(z.unknown()).optional(),
  name: setNameSchema.optional(),
  reason,
  callback,
});
type Outer = z.infer<typeof outer>;

/** One check of a set as it was written, and where its faults are told. */
interface Written {
  readonly body: unknown;
  readonly placeOf: (target: string) => string;
}

/** Sources and destinations, each with each, as a set of the policy has them. */
export interface Product {
  readonly sources: readonly unknown[];
  readonly destinations: readonly unknown[];
  readonly protocol?: unknown;
}

export type ReadSetRequest =
  | { readonly ok: true; readonly requests: readonly CheckRequest[]; readonly callback?: CallbackRequest | undefined }
  | {
      readonly ok: true;
      readonly name: string;
      readonly reason: string | undefined;
      readonly callback?: CallbackRequest | undefined;
    }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

type ReadRequest = (body: unknown) => ReadCheckRequest;

/** Reads the body of `POST /api/sets`; every fault is named at once, by its place, such as `checks[3].destination.port`. */
export function readSetRequest(body: unknown, readRequest: ReadRequest): ReadSetRequest {
  const plain = plainSpelling(setRequestSchema, body);
  const twice = plain.errors.map((error) => ({
    ...error,
    ...(error.target && { target: withBrackets(error.target) }),
  }));
  const parsed = outer.safeParse(plain.value, { reportInput: true });
  if (!parsed.success)
    return { ok: false, errors: oneEach([...twice, ...fieldErrorsOf(parsed.error, setRequestSchema)]) };
  const { data } = parsed;
  const wrongForm = formErrors(data);
  if (wrongForm.length > 0) return { ok: false, errors: [...twice, ...wrongForm] };
  if (data.name !== undefined && twice.length === 0)
    return { ok: true, name: data.name, reason: data.reason, callback: data.callback };
  const read = readRequests(writtenChecks(data), readRequest);
  const errors = [...twice, ...(read.ok ? [] : read.errors)];
  return read.ok && errors.length === 0 ? { ...read, callback: data.callback } : { ok: false, errors };
}

/** The checks in a body, as they were written; none where it cannot be read so far. */
export function checksIn(body: unknown): readonly unknown[] {
  const { data } = outer.safeParse(plainSpelling(setRequestSchema, body).value);
  return data && formErrors(data).length === 0 && data.name === undefined
    ? writtenChecks(data).map(({ body: check }) => check)
    : [];
}

/** The checks of a set of the policy, as they are written there. */
export const checksOf = (product: Product): readonly unknown[] => productOf(product, undefined).map(({ body }) => body);

/** The checks of a set of the policy, read. */
export const readProduct = (product: Product, reason: string | undefined, readRequest: ReadRequest) =>
  readRequests(productOf(product, reason), readRequest);

function readRequests(
  written: readonly Written[],
  readRequest: ReadRequest,
):
  | { readonly ok: true; readonly requests: readonly CheckRequest[] }
  | { readonly ok: false; readonly errors: readonly FieldError[] } {
  const requests: CheckRequest[] = [];
  const errors: FieldError[] = [];
  for (const { body, placeOf } of written) {
    const read = readRequest(body);
    if (read.ok && read.value.callback)
      errors.push(invalid(placeOf('callback'), 'A set has one callback, for all of it: give it beside the checks.'));
    if (read.ok) requests.push(read.value);
    else errors.push(...read.errors.map((error) => ({ ...error, target: placeOf(error.target ?? '') })));
  }
  return errors.length === 0 ? { ok: true, requests } : { ok: false, errors: distinct(errors) };
}

/** A source's fault is met with each destination, and told once. */
const distinct = (errors: readonly FieldError[]): readonly FieldError[] => [
  ...new Map(errors.map((error) => [`${error.target ?? ''} ${error.message}`, error])).values(),
];

function formErrors(given: Outer): readonly FieldError[] {
  const { sources, destinations, protocol: by, checks, name } = given;
  const isProduct = [sources, destinations, by].some((member) => member !== undefined);
  const forms = [isProduct, checks !== undefined, name !== undefined].filter(Boolean).length;
  if (forms !== 1)
    return [
      { code: 'InvalidValue', message: 'Give either sources and destinations, or checks, or the name of a set.' },
    ];
  if (name !== undefined) return [];
  return checks === undefined ? productErrors(given) : countErrors('checks', checks.length);
}

function productErrors({ sources = [], destinations = [] }: Outer): readonly FieldError[] {
  const missing = [
    ...(sources.length > 0 ? [] : [invalid('sources', 'Give at least one source.')]),
    ...(destinations.length > 0 ? [] : [invalid('destinations', 'Give at least one destination.')]),
  ];
  return missing.length > 0 ? missing : countErrors('destinations', sources.length * destinations.length);
}

function countErrors(target: string, count: number): readonly FieldError[] {
  if (count === 0) return [invalid(target, 'Give at least one check.')];
  if (count <= MOST_CHECKS) return [];
  return [invalid(target, `These are ${count} checks, and a set has at most ${MOST_CHECKS}: ask for several sets.`)];
}

const invalid = (target: string, message: string): FieldError => ({ code: 'InvalidValue', message, target });

function writtenChecks({ sources = [], destinations = [], protocol: by, checks, reason: why }: Outer): Written[] {
  if (!checks) return productOf({ sources, destinations, protocol: by }, why);
  return checks.map((check, index) => ({
    // The set's reason is that of each check that has none.
    body: isObject(check) && check['reason'] === undefined ? { ...check, reason: why } : check,
    placeOf: (target) => [`checks[${index}]`, withBrackets(target)].filter(Boolean).join('.'),
  }));
}

/** Source by source. */
const productOf = ({ sources, destinations, protocol: by }: Product, why: string | undefined): Written[] =>
  sources.flatMap((from, i) =>
    destinations.map((to, j) => ({
      body: { source: from, destination: to, protocol: by, reason: why },
      placeOf: (target) =>
        withBrackets(
          target.replace(/^source(?=\.|$)/, `sources[${i}]`).replace(/^destination(?=\.|$)/, `destinations[${j}]`),
        ),
    })),
  );

const withBrackets = (target: string): string => target.replace(/\.(\d+)(?=\.|$)/g, '[$1]');
