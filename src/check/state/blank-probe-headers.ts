import type { ConnectivityParameters } from '../../arm/connectivity-parameters.ts';

/** Probe headers may carry secrets: their values go as soon as nobody needs them, and are answered to nobody. */
export function blankProbeHeaders(request: ConnectivityParameters): ConnectivityParameters {
  const http = request.protocolConfiguration?.HTTPConfiguration;
  if (!http?.headers) return request;
  const headers = http.headers.map(({ name }) => ({ name, value: '' }));
  return { ...request, protocolConfiguration: { HTTPConfiguration: { ...http, headers } } };
}
