// Hosts of the authority in the cloud that 21Vianet runs. The public cloud and the one of the US government share an issuer.
// https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
const chinaHosts = ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'];

/**
 * Who issues a tenant's version 1 tokens in the cloud whose version 2 tokens are of that issuer. The issuer of another
 * cloud is no alias: its tokens are not of this tenant.
 */
export function versionOneIssuer(issuer: string, tenantId: string): string {
  const host = URL.canParse(issuer) ? new URL(issuer).hostname : '';
  return `https://sts.${chinaHosts.includes(host) ? 'chinacloudapi.cn' : 'windows.net'}/${tenantId}/`;
}
