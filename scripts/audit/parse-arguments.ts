import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Reads the command line. `--help` prints the usage and ends; so does, as an error, what is not understood. */
export function parseArguments<C extends ParseArgsConfig>(usage: string, config: C): ReturnType<typeof parseArgs<C>> {
  try {
    const parsed = parseArgs(config);
    if (!('help' in parsed.values) || parsed.values['help'] !== true) return parsed;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(1);
  }
}
