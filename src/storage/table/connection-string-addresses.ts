const services = ['Blob', 'Queue', 'Table'];

/**
 * Where a storage connection string leads to, each as a URL; nothing where it is none, or names too little.
 * https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 */
export function connectionStringAddresses(connectionString: string): readonly string[] {
  const parts = new Map(connectionString.split(';').map(partOf));
  const written = [...parts].flatMap(([name, value]) => (/(Endpoint|ProxyUri)$/.test(name) ? [value] : []));
  if (parts.get('UseDevelopmentStorage') === 'true') return ['http://127.0.0.1', ...written];
  const missing = services.filter((service) => !parts.has(`${service}Endpoint`));
  if (parts.has('SharedAccessSignature')) return missing.length === 0 ? written : [];
  const [protocol, account] = [parts.get('DefaultEndpointsProtocol'), parts.get('AccountName')];
  // The client for tables takes an account's key only beside a protocol.
  if (protocol === undefined || account === undefined || !parts.has('AccountKey')) return [];
  const suffix = parts.get('EndpointSuffix') ?? 'core.windows.net';
  return [...written, ...missing.map((service) => `${protocol}://${account}.${service.toLowerCase()}.${suffix}`)];
}

function partOf(part: string): [name: string, value: string] {
  const at = part.indexOf('=');
  return [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()];
}
