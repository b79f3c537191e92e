import { z } from 'zod';
import { parseAddress } from '../../address/address.ts';
import type { NamedTarget } from './named-target.ts';
import type { FieldError } from '../problem.ts';
import { parseResourceId, sameResource } from '../../arm/resource-id.ts';

const members = z.record(z.string(), z.unknown()).catch({});
const anyBody = z.object({
  source: members,
  destination: members,
  protocol: z.unknown().optional(),
  protocolConfiguration: members,
  networkWatcher: z.unknown().optional(),
});

/** What the rules look at, as far as the body can be read: a field with a fault of its own has said so already. */
interface View {
  readonly source: Record<string, unknown>;
  readonly destination: Record<string, unknown>;
  readonly from: NamedTarget;
  readonly to: NamedTarget;
  readonly uri: { readonly scheme: string; readonly port?: number | undefined } | undefined;
  readonly protocol: unknown;
  readonly httpConfiguration: unknown;
  readonly networkWatcher: string | undefined;
}

type Rule = (view: View) => FieldError | undefined;

/** The rules between fields: what careful clients of Azure check before they ask, and what keeps policy decidable. */
export function crossFieldErrors(
  body: unknown,
  findNamedTarget: (name: string) => NamedTarget | undefined,
): FieldError[] {
  const parsed = anyBody.safeParse(body);
  if (!parsed.success) return [];
  const { source, destination, protocol, protocolConfiguration } = parsed.data;
  const to = endpointOf(destination, findNamedTarget);
  const address = to.address === undefined ? undefined : parseAddress(to.address);
  const view: View = {
    source,
    destination,
    from: endpointOf(source, findNamedTarget),
    to,
    uri: address?.kind === 'uri' ? address : undefined,
    protocol,
    httpConfiguration: protocolConfiguration['HTTPConfiguration'],
    networkWatcher: text(parsed.data.networkWatcher),
  };
  const unknownEndpoints = [source, destination].flatMap((side, index) => {
    const name = text(side['endpoint']);
    return name === undefined || findNamedTarget(name)
      ? []
      : [
          fault(
            index === 0 ? 'source.endpoint' : 'destination.endpoint',
            'The policy has no endpoint of that name; GET /api/me lists yours.',
          ),
        ];
  });
  return [...unknownEndpoints, ...rules.flatMap((rule) => rule(view) ?? [])];
}

const rules: readonly Rule[] = [
  ({ source }) =>
    given(source, ['resourceId', 'endpoint']) === 1
      ? undefined
      : fault('source', 'Give either source.resourceId or source.endpoint.'),
  ({ destination }) =>
    given(destination, ['resourceId', 'address', 'endpoint']) === 1
      ? undefined
      : fault(
          'destination',
          'Give exactly one of destination.resourceId, destination.address and destination.endpoint.',
        ),
  ({ from }) =>
    given({ ...from }, ['resourceId']) === 0 && given({ ...from }, ['address']) === 1
      ? fault('source.endpoint', 'This endpoint is an address; a source is a resource.')
      : undefined,
  ({ from, to }) =>
    from.resourceId !== undefined && to.resourceId !== undefined && sameResource(from.resourceId, to.resourceId)
      ? fault('destination.resourceId', 'Source and destination are the same resource: give another destination.')
      : undefined,
  ({ to, uri, protocol, destination }) =>
    protocol === 'Icmp' ||
    uri !== undefined ||
    given(destination, ['resourceId', 'address', 'endpoint']) === 0 ||
    (to.port ?? 0) !== 0
      ? undefined
      : fault(
          'destination.port',
          'Give a port from 1 to 65535: only Icmp, and an address that is a URI, can do without one.',
        ),
  ({ httpConfiguration, protocol }) =>
    httpConfiguration === undefined || protocol === 'Http' || protocol === 'Https'
      ? undefined
      : fault('protocolConfiguration.HTTPConfiguration', 'An HTTP configuration needs the protocol Http or Https.'),
  // Azure follows the URI, the policy's ports and protocols would be held against the member: they must agree.
  ({ uri, protocol }) =>
    uri === undefined || protocol === undefined || (text(protocol) ?? '').toLowerCase() === uri.scheme
      ? undefined
      : fault('protocol', `The address is an ${uri.scheme} URI: give the protocol that belongs to it, or a host name.`),
  ({ uri, to }) =>
    uri?.port === undefined || (to.port ?? 0) === 0 || to.port === uri.port
      ? undefined
      : fault('destination.port', 'The URI names another port: give the port in one place.'),
  ({ destination, to }) =>
    destination['endpoint'] === undefined || destination['port'] === undefined || destination['port'] === to.port
      ? undefined
      : fault('destination.port', `The endpoint has port ${to.port ?? ''}: leave the port out.`),
  ({ networkWatcher, from }) =>
    networkWatcher === undefined || from.resourceId === undefined || sameSubscription(networkWatcher, from.resourceId)
      ? undefined
      : fault('networkWatcher', 'The network watcher must be in the subscription of the source.'),
];

function endpointOf(
  side: Record<string, unknown>,
  findNamedTarget: (name: string) => NamedTarget | undefined,
): NamedTarget {
  const name = text(side['endpoint']);
  const endpoint = name === undefined ? undefined : findNamedTarget(name);
  const port = typeof side['port'] === 'number' ? side['port'] : undefined;
  return {
    resourceId: endpoint ? endpoint.resourceId : text(side['resourceId']),
    address: endpoint ? endpoint.address : text(side['address']),
    port: endpoint?.port ?? port,
  };
}

function sameSubscription(a: string, b: string): boolean {
  const [one, other] = [parseResourceId(a), parseResourceId(b)];
  return !one || !other || one.subscriptionId === other.subscriptionId;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const given = (side: Record<string, unknown>, names: readonly string[]): number =>
  names.filter((name) => side[name] !== undefined).length;

const fault = (target: string, message: string): FieldError => ({ code: 'InvalidValue', message, target });
