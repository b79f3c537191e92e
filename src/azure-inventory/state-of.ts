import type { SourceState } from '../contract/answer/source.ts';

/** Azure's code is absent while a machine changes its state. */
export function stateOfPower(code: string | undefined): SourceState['state'] {
  switch (/^PowerState\/(\w+)$/i.exec(code ?? '')?.[1]?.toLowerCase()) {
    case 'running':
      return 'running';
    case 'stopped':
    case 'deallocated':
      return 'stopped';
    default:
      return 'unknown';
  }
}

/** Of an application gateway by `operationalState`; a Bastion host cannot be stopped, it is there or not. */
export function stateOfService(
  operational: string | undefined,
  provisioning: string | undefined,
): SourceState['state'] {
  if (operational !== undefined && operational !== '') {
    if (/^running$/i.test(operational)) return 'running';
    return /^stopped$/i.test(operational) ? 'stopped' : 'unknown';
  }
  return /^succeeded$/i.test(provisioning ?? '') ? 'running' : 'unknown';
}
