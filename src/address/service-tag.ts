// https://learn.microsoft.com/azure/virtual-network/service-tags-overview
const tags = [
  ...['ActionGroup', 'ApiManagement', 'AppConfiguration', 'ApplicationInsightsAvailability', 'AppService'],
  ...['AppServiceManagement', 'AutonomousDevelopmentPlatform', 'AzureActiveDirectory', 'AzureAdvancedThreatProtection'],
  ...['AzureActiveDirectoryDomainServices', 'AzureArcInfrastructure', 'AzureAttestation', 'AzureBackup'],
  ...['AzureBotService', 'AzureCloud', 'AzureCognitiveSearch', 'AzureConnectors', 'AzureContainerAppsService'],
  ...['AzureContainerRegistry', 'AzureCosmosDB', 'AzureDatabricks', 'AzureDataExplorerManagement', 'AzureDeviceUpdate'],
  ...['AzureDevOps', 'AzureDevSpaces', 'AzureDigitalTwins', 'AzureEventGrid', 'AzureFrontDoor', 'AzureHealthcareAPIs'],
  ...['AzureInformationProtection', 'AzureIoTHub', 'AzureKeyVault', 'AzureLoadBalancer', 'AzureMachineLearning'],
  ...['AzureMachineLearningInference', 'AzureManagedGrafana', 'AzureMonitor', 'AzureMonitorForSAP'],
  ...['AzureOpenDatasets', 'AzurePlatformDNS', 'AzurePlatformIMDS', 'AzurePlatformLKM', 'AzureResourceManager'],
  ...['AzureSentinel', 'AzureSignalR', 'AzureSiteRecovery', 'AzureSphere', 'AzureSpringCloud', 'AzureStack'],
  ...['AzureTrafficManager', 'AzureUpdateDelivery', 'AzureVideoIndexer', 'AzureWebPubSub', 'BatchNodeManagement'],
  ...['ChaosStudio', 'CognitiveServicesFrontend', 'CognitiveServicesManagement', 'DataFactory'],
  ...['DataFactoryManagement', 'Dynamics365BusinessCentral', 'Dynamics365ForMarketingEmail'],
  ...['EOPExternalPublishedIPs', 'EventHub', 'GatewayManager', 'GenevaActions', 'GuestAndHybridManagement'],
  ...['HDInsight', 'Internet', 'KustoAnalytics', 'LogicApps', 'LogicAppsManagement', 'M365ManagementActivityApi'],
  ...['M365ManagementActivityApiWebhook', 'Marketplace', 'MicrosoftAzureFluidRelay', 'MicrosoftCloudAppSecurity'],
  ...['MicrosoftContainerRegistry', 'MicrosoftDefenderForEndpoint', 'MicrosoftPurviewPolicyDistribution'],
  ...[
    'OneDsCollector',
    'PowerBI',
    'PowerPlatformInfra',
    'PowerPlatformPlex',
    'PowerQueryOnline',
    'SCCservice',
    'Scuba',
  ],
  ...['SecurityCopilot', 'SerialConsole', 'ServiceBus', 'ServiceFabric', 'Sql', 'SqlManagement', 'Storage'],
  ...['StorageMover', 'StorageSyncService', 'VideoIndexer', 'VirtualDesktop', 'VirtualNetwork'],
  ...['WindowsAdminCenter', 'WindowsVirtualDesktop'],
];
const anyCase = new Set(tags.map((tag) => tag.toLowerCase()));
// Words that hosts are called, too: alone they are tags only as Azure writes them.
const alsoHosts = /^(?:sql|storage|eventhub|servicebus|appservice|datafactory|marketplace|powerbi|scuba)$/i;

// `WestEurope`, `EastUS2`, `SwedenCentral`, `USGovVirginia`; and the parts of Front Door.
const direction = '(?:north|south|east|west|central)';
const place =
  '(?:us|europe|asia|africa|india|australia|brazil|canada|china|france|germany|indonesia|israel|italy|japan|jioindia|' +
  'korea|malaysia|mexico|newzealand|norway|poland|qatar|southafrica|spain|sweden|switzerland|taiwan|uae|uk)';
const part = new RegExp(
  `^(?:(?:${direction}{1,2}${place}|${place}${direction}{1,2})(?:euap)?\\d?|us(?:gov|dod)[a-z]+|frontend|backend|firstparty)$`,
  'i',
);

/** Whether the text names an Azure service tag, such as `AzureCloud` or `Storage.WestEurope`, rather than a host. */
export function isServiceTag(text: string): boolean {
  const [tag = '', ...parts] = text.replace(/\.$/, '').split('.');
  if (!anyCase.has(tag.toLowerCase()) || parts.length > 1) return false;
  if (parts.length === 1) return part.test(parts[0] ?? '');
  return !alsoHosts.test(tag) || tags.includes(tag);
}
