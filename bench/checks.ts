import { resources } from '../stand-ins/arm/scenarios/resources.ts';
import { world } from '../stand-ins/arm/scenarios/world.ts';

/** A check that the simulator answers at once, with its network watcher given, so that nothing is looked up. */
export const answeredAtOnce = {
  source: { resourceId: resources.web1.id },
  destination: { address: '10.1.6.1', port: 443 },
  protocol: 'Tcp' as const,
  networkWatcher: world.watchers[0]?.id,
};

/** A check whose operation has to be polled. */
export const polled = { ...answeredAtOnce, destination: { address: '10.1.2.4', port: 1433 } };
