import { z } from 'zod';
import type { FieldError } from '../problem.ts';
import type { NamedSides } from './sides.ts';

/** The name of a machine in Azure; a scale-set instance is `{set}_{number}`. */
export const machineNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}_.()-]{1,180}$/u, 'Give the name of a machine as Azure has it, such as web-01.');

/** What stands behind those sides that are named as machines, and what is wrong with the names of the others. */
export interface NamedMachines extends NamedSides {
  readonly errors: readonly FieldError[];
}
