/** Types of resources that a check can start from, in small letters. */
export const sourceTypes: readonly string[] = [
  'microsoft.compute/virtualmachines',
  'microsoft.compute/virtualmachinescalesets/virtualmachines',
  'microsoft.network/bastionhosts',
  'microsoft.network/applicationgateways',
];
