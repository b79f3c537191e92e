import type { Protocol } from '../arm/connectivity-parameters.ts';
import type { FieldError } from '../contract/problem.ts';
import { type Ask, type Fault, fault } from './line.ts';
import { isBareIpv6, isResourceId, isUri, schemeOf, shown } from './read-destination.ts';
import { nearVerb } from './verbs.ts';

/** An endpoint that the asker may name, as `GET /api/me` tells it. */
export interface KnownEndpoint {
  readonly name: string;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

type Place = { readonly endpoint: string } | { readonly name: string } | { readonly resourceId: string };

/** A body of `POST /api/checks`. */
export interface AskRequest {
  readonly source: Place;
  readonly destination: (Place | { readonly address: string }) & { readonly port?: number };
  readonly protocol: Protocol;
  readonly reason?: string;
}

export type Requests = { readonly ok: true; readonly requests: readonly AskRequest[] } | Fault;

/**
 * What a check in words can mean, the likeliest first: a destination is an endpoint, else a machine, else a host name or an
 * address. Whoever sends them takes the next one where `isNoMachine` holds for the answer.
 */
export function requestsOf(ask: Ask, endpoints: readonly KnownEndpoint[]): Requests {
  const endpoint = endpointNamed(ask.destination, endpoints);
  const way = wayOf(ask, endpoint);
  if (!way.ok) return way;
  const source = sourceOf(ask.source, endpoints);
  const { protocol, port } = way;
  const rest = { protocol, ...(ask.reason !== undefined && { reason: ask.reason }) };
  const requests = destinationsOf(ask.destination, endpoint).map((place): AskRequest => {
    return { source, destination: { ...place, ...(port !== undefined && { port }) }, ...rest };
  });
  return { ok: true, requests };
}

type Way = { readonly ok: true; readonly protocol: Protocol; readonly port?: number } | Fault;

/** What is not said is taken from a URI, then from the endpoint, then from the protocol; a ping has no port. */
function wayOf(ask: Ask, endpoint: KnownEndpoint | undefined): Way {
  const address = endpoint?.address ?? ask.destination;
  const protocol = ask.protocol ?? schemeOf(address) ?? 'Tcp';
  if (protocol === 'Icmp') return { ok: true, protocol };
  if (ask.port !== undefined) return { ok: true, protocol, port: ask.port };
  if (endpoint?.port !== undefined || isUri(address)) return { ok: true, protocol };
  const port = usualPorts[protocol];
  return port === undefined ? fault(whichPort(ask)) : { ok: true, protocol, port };
}

/**
 * Whether these faults of a request say that no machine has its destination's name. While the machines cannot be read, a
 * single word stays refused: it could be a machine's, and must not lead to a host that only bears the same name.
 */
export function isNoMachine({ destination }: AskRequest, faults: readonly FieldError[]): boolean {
  const name = 'name' in destination ? destination.name : '';
  const codes = faults.filter(({ target }) => target === 'destination.name').map(({ code }) => code);
  return codes.includes('UnknownName') || (codes.includes('UnreadNames') && /[.]/.test(name));
}

/** The endpoint that a word names: phones begin a line with a capital. */
export function endpointNamed<E extends KnownEndpoint>(word: string, endpoints: readonly E[]): E | undefined {
  const alike = endpoints.filter(({ name }) => name.toLowerCase() === word.toLowerCase());
  return endpoints.find(({ name }) => name === word) ?? (alike.length === 1 ? alike[0] : undefined);
}

function sourceOf(word: string, endpoints: readonly KnownEndpoint[]): Place {
  const endpoint = endpointNamed(word, endpoints);
  if (endpoint) return { endpoint: endpoint.name };
  return word.includes('/') ? { resourceId: word } : { name: word };
}

function destinationsOf(
  word: string,
  endpoint: KnownEndpoint | undefined,
): readonly (Place | { readonly address: string })[] {
  if (endpoint) return [{ endpoint: endpoint.name }];
  if (isResourceId(word)) return [{ resourceId: word }];
  if (isUri(word) || isBareIpv6(word) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(word)) return [{ address: word }];
  return [...(isMachineName(word) ? [{ name: word }] : []), { address: word }];
}

const isMachineName = (word: string): boolean => /^[\p{L}\p{N}_.()-]{1,180}$/u.test(word);

const usualPorts: Readonly<Partial<Record<Protocol, number>>> = { Http: 80, Https: 443 };

function whichPort({ source, destination }: Ask): string {
  const example = isBareIpv6(destination) ? `[${destination}]:443` : `${destination}:443`;
  const near = nearVerb(source);
  const orVerb = near === undefined ? '' : ` Or did you mean ${shown(near)}?`;
  return `Say a port, or icmp: ${shown(example)}, or ${shown(`${destination} icmp`)}.${orVerb}`;
}
