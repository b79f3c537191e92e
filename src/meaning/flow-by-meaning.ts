import type { Flow } from '../client/answers.ts';
import type { Client } from '../client/client.ts';
import { type FieldError, NetcheckError } from '../client/netcheck-error.ts';
import type { Ask } from '../line/line.ts';
import { endpointNamed } from '../line/requests-of.ts';
import { endpointsFor, withNearestSource } from './ask-by-meaning.ts';

/** What checks of a flow came to that is given in words. What names stand for, the proxy says, as for a check. */
export async function flowByMeaning(client: Client, ask: Ask, signal: AbortSignal): Promise<Flow> {
  const endpoints = await endpointsFor(client, [ask], signal);
  const nameOf = (word: string): string => endpointNamed(word, endpoints)?.name ?? word;
  const { port, protocol } = ask;
  const source = nameOf(ask.source);
  try {
    return await askByWord(nameOf(ask.destination), (destination) =>
      client.flow({ source, destination, port, protocol, signal }),
    );
  } catch (error) {
    throw await withNearestSource(error, client, [ask], endpoints, signal);
  }
}

/** Asks for the machine of that name and, only where the proxy knows that there is none, for the host. */
async function askByWord(word: string, ask: (destination: string) => Promise<Flow>): Promise<Flow> {
  try {
    return await ask(word);
  } catch (error) {
    if (!destinationFaults(error).some(({ code }) => code === 'UnknownName')) throw error;
    // A host name of one label is told from other names by a final dot.
    return ask(`${word}.`).catch((again: unknown) => {
      // What is no host name either was meant as a name.
      throw destinationFaults(again).length > 0 ? error : again;
    });
  }
}

const destinationFaults = (error: unknown): readonly FieldError[] =>
  error instanceof NetcheckError ? error.details.filter(({ target }) => target === 'destination') : [];
