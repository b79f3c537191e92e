import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LocalSettings {
  readonly port: number;
  /** The app's by https; absent: there is none. */
  readonly httpsPort: number | undefined;
  /** How many times as fast as Azure the simulator is. */
  readonly speed: number;
  /** Opens the local host's own paths, such as the one that runs a timer by hand. */
  readonly masterKey: string | undefined;
}

const port = (name: string) => {
  const message = `${name} must be a whole number from 0 to 65535; 0 takes a free port.`;
  return z
    .string()
    .regex(/^\d{1,5}$/, message)
    .transform(Number)
    .refine((number) => number <= 65_535, message);
};
const schema = z.object({
  PORT: port('PORT').default(7071),
  HTTPS_PORT: port('HTTPS_PORT').optional(),
  SIMULATOR_SPEED: z
    .string()
    .transform(Number)
    .refine((speed) => speed > 0, 'SIMULATOR_SPEED must be a number above 0; 1 is as fast as Azure.')
    // A check takes a few seconds then, so that it can be watched while it runs.
    .default(20),
  MASTER_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'MASTER_KEY must be visible ASCII characters, for it is sent in a header.')
    .optional(),
});

/** The settings of `npm start` alone; throws one error that names all faults. */
export function parseLocalSettings(environment: Environment): LocalSettings {
  const names = ['PORT', 'HTTPS_PORT', 'SIMULATOR_SPEED', 'MASTER_KEY'].filter((name) => isGiven(environment, name));
  const parsed = schema.safeParse(Object.fromEntries(names.map((name) => [name, environment[name]])));
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ message }) => message).join('\n'));
  const { PORT, HTTPS_PORT, SIMULATOR_SPEED, MASTER_KEY } = parsed.data;
  return { port: PORT, httpsPort: HTTPS_PORT, speed: SIMULATOR_SPEED, masterKey: MASTER_KEY };
}

/** An empty setting is one that is not given. */
export function isGiven(environment: Environment, name: string): boolean {
  return Boolean(environment[name]?.trim());
}
