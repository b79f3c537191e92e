import { nameFirst } from '../address/name-character.ts';
import { isHostCharacter } from '../address/host-character.ts';
import { cutText } from '../contract/text/cut-text.ts';
import { escapeHidden } from '../contract/text/escape-hidden.ts';
import { type Fault, fault } from './line.ts';

export interface Destination {
  readonly ok: true;
  /** An address without brackets; a URI has its port within. */
  readonly word: string;
  readonly port?: number;
}

/** Reads `DESTINATION[:PORT]`. Only the server knows names, so what could be one is one. */
export function readDestination(word: string): Destination | Fault {
  if (isResourceId(word)) return readResource(word);
  if (/^https?:/i.test(word)) return readUri(word);
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(word)) return otherScheme(word);
  if (word.startsWith('[')) return readBracketed(word);
  if (isBareIpv6(word)) return { ok: true, word };
  return readHost(word);
}

/** Azure Resource Manager's address may stand in front: the server takes it away. */
export const isResourceId = (word: string): boolean =>
  /^(?:https:\/\/[a-z\d.-]*\bmanagement\.[a-z\d.]+(?::443)?|)\/?subscriptions\//i.test(word) || word.startsWith('/');

/** An http(s) URI; Azure Resource Manager's address of a resource is none. */
export const isUri = (word: string): boolean => /^https?:\/\//i.test(word) && !isResourceId(word);

/** The protocol that a URI is tested by. */
export function schemeOf(word: string): 'Http' | 'Https' | undefined {
  if (!isUri(word)) return undefined;
  return /^https:/i.test(word) ? 'Https' : 'Http';
}

/** `::1` and `fe80::1%eth0`; with a port it is `[::1]:443`. */
export function isBareIpv6(word: string): boolean {
  const [, bare] = /^([\da-f:.]*:[\da-f:.]*)(?:%[\w.~-]+)?$/i.exec(word) ?? [];
  return bare !== undefined && URL.canParse(`http://[${bare}]`);
}

function readResource(word: string): Destination | Fault {
  const [, id = word, port] = /^(.+?)(?::([^:/]*))?$/su.exec(word) ?? [];
  return withPort(id, port);
}

function readUri(word: string): Destination | Fault {
  const authority = /^https?:\/\/([^/?#]+)/i.exec(word)?.[1];
  if (authority === undefined) return fault(`Write // and a host name after ${word.slice(0, word.indexOf(':') + 1)}.`);
  if (authority.includes('@')) return fault('Give the URI without user name and password.');
  const [, host = '', port] = /^(.*?)(?::(\d*))?$/su.exec(authority) ?? [];
  const character = host.startsWith('[')
    ? undefined
    : nameFirst(host, (each) => each !== '%' && !isHostCharacter(each));
  if (character !== undefined) return fault(`No host name has ${character}: ${remedy(character)}.`);
  if (port !== undefined && port !== '' && !isPort(port)) return fault(noPort(port));
  return { ok: true, word };
}

function otherScheme(word: string): Fault {
  const rest = word.replace(/^.*?:\/\//s, '').replace(/[/?#].*$/s, '');
  return fault(
    `Of URIs only http and https can be tested: write the host and its port, such as ${shown(rest || 'db:1433')}.`,
  );
}

function readBracketed(word: string): Destination | Fault {
  const [, address, port] = /^\[([^\]]*)\](?::(.*))?$/su.exec(word) ?? [];
  if (address !== undefined && isBareIpv6(address)) return withPort(address, port);
  return fault('Brackets stand around an IPv6 address, and its port behind them: write it like [::1]:443.');
}

function readHost(word: string): Destination | Fault {
  const [, host = word, port, ...more] = /^([^:]*)(?::(.*))?$/su.exec(word) ?? [];
  if (more.length > 0 || (port ?? '').includes(':'))
    return fault(
      `${shown(word)} has more than one colon: a port is written like db:1433, and behind an IPv6 address like [::1]:443.`,
    );
  const wrong = hostFault(host);
  return wrong === undefined ? withPort(host, port) : fault(wrong);
}

function withPort(word: string, port: string | undefined): Destination | Fault {
  if (port === undefined) return { ok: true, word };
  return isPort(port) ? { ok: true, word, port: Number(port) } : fault(noPort(port));
}

export const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;

const noPort = (text: string): string =>
  text === ''
    ? 'A port stands behind the colon: write it like db:1433.'
    : `${shown(text)} is no port: give a number from 1 to 65535.`;

/** Why a word can be the name neither of a host nor of a machine. */
export function hostFault(word: string): string | undefined {
  if (word === '') return 'A name stands before the colon: write it like db:1433.';
  const [, host, port] = /^([^,;|]+)[,;|](\d{1,5})$/.exec(word) ?? [];
  if (host !== undefined && port !== undefined) return `Write the port behind a colon: ${shown(`${host}:${port}`)}.`;
  if (/^[^/]+\/\d{1,3}$/.test(word))
    return `${shown(word)} is a range, and a check goes to one address: give one address of it.`;
  if (word.includes('*')) return 'A star (*) stands for many hosts, and a check goes to one: give its whole name.';
  const character = nameFirst(word, (each) => !isHostCharacter(each) && !/[()]/.test(each));
  if (character !== undefined) return `No host name has ${character}: ${remedy(character)}.`;
  return /[\p{L}\p{N}]/u.test(word) ? undefined : `${shown(word)} is no name: it has a letter or a digit.`;
}

function remedy(character: string): string {
  if (/^\p{Dash}/u.test(character)) return 'write a plain hyphen (-)';
  return character.startsWith('/')
    ? 'give the name alone, or a URI that begins with http:// or https://'
    : 'take it out';
}

/** A word of somebody's within a sentence. */
export const shown = (word: string, most = 80): string =>
  escapeHidden(JSON.stringify(word.length > most ? `${cutText(word, most)}…` : word));
