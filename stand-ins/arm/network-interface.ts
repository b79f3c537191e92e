/** The IP configuration by which Azure names a machine where it is a hop behind the source. */
export function networkInterface(machineId: string): string {
  const [providers = ''] = machineId.split('Microsoft.Compute');
  const name = machineId.split('/').slice(8).join('-');
  return `${providers}Microsoft.Network/networkInterfaces/${name}-nic/ipConfigurations/primary`;
}
