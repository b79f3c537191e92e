/** Azure's regions come as `West Europe` and `westeurope`: the one spelling, or `undefined` where it is no region. */
export function region(location: unknown): string | undefined {
  if (typeof location !== 'string') return undefined;
  const name = location.toLowerCase().replaceAll(' ', '');
  return /^[a-z0-9-]{1,64}$/.test(name) ? name : undefined;
}
