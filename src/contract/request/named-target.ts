import { z } from 'zod';

export const endpointNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}_.-]{1,64}$/u, 'Give the name of an endpoint of the policy.');

/** A destination or source that the policy gives a name. */
export interface NamedTarget {
  readonly resourceId?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}
