import { type ArmAnswer, gatewayError } from './arm-answer.ts';
import type { World } from './scenarios/world.ts';

/**
 * ARM's own 404 for a subscription, resource group or resource that is not there, from the outside in; `undefined`
 * where all of them are. The id is a path; a subscription's alone will do.
 */
export function findMissing(world: World, id: string): ArmAnswer | undefined {
  const [, , subscription = '', , group, , namespace = '', ...names] = id.split('/');
  const known = [...world.watchers, ...world.resources].map((resource) => resource.id.toLowerCase());
  const under = (prefix: string) => known.some((one) => one.startsWith(`${prefix.toLowerCase()}/`));
  if (!under(`/subscriptions/${subscription}`)) {
    return gatewayError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  }
  if (group === undefined) return undefined;
  if (!under(`/subscriptions/${subscription}/resourceGroups/${group}`)) {
    return gatewayError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
  if (known.includes(id.toLowerCase())) return undefined;
  const resource = [namespace, ...names].join('/');
  const message = `The Resource '${resource}' under resource group '${group}' was not found.`;
  return gatewayError(404, 'ResourceNotFound', message);
}
