import type { HttpHandler } from '@azure/functions';
import { apiVersionOf } from './api-version.ts';
import { type Cloud, cloudOf } from './clouds.ts';

export interface CloudMetadataDeps {
  readonly publicUrl: string;
  /** Whose tokens the proxy takes, and for which audiences. */
  readonly entra: { readonly authority: string; readonly audiences: readonly string[] };
}

/** What `az cloud register` and PowerShell's `Add-AzEnvironment` ask for. */
const FLAT_VERSIONS = ['1.0', '2015-01-01'];

/**
 * `GET /metadata/endpoints`: the cloud in which this proxy is its Resource Manager. Only that and the audience of tokens
 * are the proxy's. Whoever asks may know: clients ask before they have signed in.
 */
export function getCloudMetadata({ publicUrl, entra }: CloudMetadataDeps): HttpHandler {
  const cloud = cloudOf(entra.authority);
  const authentication = {
    ...{ loginEndpoint: entra.authority, audiences: entra.audiences },
    ...{ tenant: 'common', identityProvider: 'AAD' },
  };
  const flat = flatForm(cloud, authentication);
  const list = [listedForm(cloud, authentication, publicUrl)];
  return (request) => {
    const isFlat = FLAT_VERSIONS.includes(apiVersionOf(request.url) ?? '');
    const headers = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
    return Promise.resolve({ status: 200, headers, jsonBody: isFlat ? flat : list });
  };
}

const flatForm = ({ gallery, graph, portal }: Cloud, authentication: object) => ({
  ...{ galleryEndpoint: gallery, graphEndpoint: graph, graphAudience: graph, portalEndpoint: portal },
  authentication,
});

const listedForm = (cloud: Cloud, authentication: object, publicUrl: string) => ({
  ...{ name: cloud.name, portal: cloud.portal, authentication, resourceManager: publicUrl },
  ...{ graph: cloud.graph, graphAudience: cloud.graph, microsoftGraphResourceId: cloud.microsoftGraph },
  ...{ gallery: cloud.gallery, batch: cloud.batch, media: cloud.media, sqlManagement: cloud.sqlManagement },
  vmImageAliasDoc:
    'https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json',
  suffixes: cloud.suffixes,
});
