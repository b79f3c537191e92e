import { parseResourceId } from '../../arm/resource-id.ts';
import { machineNamesIn } from '../../contract/request/machine-names-in.ts';
import type { NamedMachines } from '../../contract/request/named-machines.ts';

/** What a machine's name stands for is found when the set is asked for: where only the policy is known, it is some machine. */
const someMachine = (name: string) =>
  parseResourceId(
    `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`,
  );

export function someMachines(body: unknown): NamedMachines {
  const { source, destination } = machineNamesIn(body);
  return {
    ...(source !== undefined && { source: { resource: someMachine('source') } }),
    ...(destination !== undefined && { destination: { resource: someMachine('destination') } }),
    errors: [],
  };
}
