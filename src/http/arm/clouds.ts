/** What differs between Azure's clouds in what `GET /metadata/endpoints` of ARM answers. */
export interface Cloud {
  readonly name: string;
  readonly portal: string;
  readonly graph: string;
  readonly microsoftGraph: string;
  readonly gallery: string;
  readonly batch: string;
  readonly media: string;
  readonly sqlManagement: string;
  readonly suffixes: Readonly<Record<string, string>>;
}

const publicCloud: Cloud = {
  name: 'AzureCloud',
  portal: 'https://portal.azure.com',
  graph: 'https://graph.windows.net/',
  microsoftGraph: 'https://graph.microsoft.com/',
  gallery: 'https://gallery.azure.com/',
  batch: 'https://batch.core.windows.net/',
  media: 'https://rest.media.azure.net',
  sqlManagement: 'https://management.core.windows.net:8443/',
  suffixes: {
    storage: 'core.windows.net',
    keyVaultDns: 'vault.azure.net',
    sqlServerHostname: 'database.windows.net',
    acrLoginServer: 'azurecr.io',
    mhsmDns: 'managedhsm.azure.net',
    mysqlServerEndpoint: 'mysql.database.azure.com',
    postgresqlServerEndpoint: 'postgres.database.azure.com',
    mariadbServerEndpoint: 'mariadb.database.azure.com',
    synapseAnalytics: 'dev.azuresynapse.net',
    azureDataLakeStoreFileSystem: 'azuredatalakestore.net',
    azureDataLakeAnalyticsCatalogAndJob: 'azuredatalakeanalytics.net',
  },
};

const usGovernment: Cloud = {
  name: 'AzureUSGovernment',
  portal: 'https://portal.azure.us',
  graph: 'https://graph.windows.net/',
  microsoftGraph: 'https://graph.microsoft.us/',
  gallery: 'https://gallery.usgovcloudapi.net/',
  batch: 'https://batch.core.usgovcloudapi.net',
  media: 'https://rest.media.usgovcloudapi.net',
  sqlManagement: 'https://management.core.usgovcloudapi.net:8443/',
  suffixes: {
    storage: 'core.usgovcloudapi.net',
    keyVaultDns: 'vault.usgovcloudapi.net',
    sqlServerHostname: 'database.usgovcloudapi.net',
    acrLoginServer: 'azurecr.us',
    mhsmDns: 'managedhsm.usgovcloudapi.net',
    mysqlServerEndpoint: 'mysql.database.usgovcloudapi.net',
    postgresqlServerEndpoint: 'postgres.database.usgovcloudapi.net',
    mariadbServerEndpoint: 'mariadb.database.usgovcloudapi.net',
    synapseAnalytics: 'dev.azuresynapse.usgovcloudapi.net',
  },
};

const china: Cloud = {
  name: 'AzureChinaCloud',
  portal: 'https://portal.azure.cn',
  graph: 'https://graph.chinacloudapi.cn/',
  microsoftGraph: 'https://microsoftgraph.chinacloudapi.cn',
  gallery: 'https://gallery.chinacloudapi.cn/',
  batch: 'https://batch.chinacloudapi.cn',
  media: 'https://rest.media.chinacloudapi.cn',
  sqlManagement: 'https://management.core.chinacloudapi.cn:8443/',
  suffixes: {
    storage: 'core.chinacloudapi.cn',
    keyVaultDns: 'vault.azure.cn',
    sqlServerHostname: 'database.chinacloudapi.cn',
    acrLoginServer: 'azurecr.cn',
    mhsmDns: 'managedhsm.azure.cn',
    mysqlServerEndpoint: 'mysql.database.chinacloudapi.cn',
    postgresqlServerEndpoint: 'postgres.database.chinacloudapi.cn',
    mariadbServerEndpoint: 'mariadb.database.chinacloudapi.cn',
    synapseAnalytics: 'dev.azuresynapse.azure.cn',
  },
};

const byLoginHost: ReadonlyMap<string, Cloud> = new Map([
  ['login.microsoftonline.us', usGovernment],
  ['login.partner.microsoftonline.cn', china],
  ['login.chinacloudapi.cn', china],
]);

/** The cloud that one signs in to there. */
export const cloudOf = (authority: string): Cloud => byLoginHost.get(new URL(authority).hostname) ?? publicCloud;
