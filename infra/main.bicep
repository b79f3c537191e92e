// Everything that the proxy has in Azure. Rights are in access.bicep and nowhere else.
targetScope = 'subscription'

@minLength(36)
@maxLength(36)
type subscriptionId = string

@description('Name of this installation, such as prod: part of the resource group\'s name.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Azure region of the proxy itself; the machines it tests from may be in any.')
@minLength(1)
param location string

@description('Ids of the subscriptions whose machines may be tested from, as a JSON array: ["00000000-0000-0000-0000-000000000000"]. The proxy can do nothing in any other.')
@minLength(1)
param sourceSubscriptions subscriptionId[]

@description('E-mail address that alerts go to.')
@minLength(3)
param alertEmail string

@description('Whether storage and the key vault are reached through private endpoints only (about 35 EUR a month more).')
param privateNetwork bool

@description('Client id of the app registration that callers ask tokens for; scripts/entra-app.sh makes it.')
@minLength(36)
@maxLength(36)
param entraClientId string

@description('Address under which callers reach the proxy; empty: the function app\'s own.')
param publicUrl string = ''

@description('Node.js version that the function app runs on.')
@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Instances that always wait for the queue; 0 is cheaper, and the first check after a pause then waits for a cold start.')
@minValue(0)
@maxValue(20)
param alwaysReady int = 1

@description('Memory of an instance in MB: what an instance costs goes with it.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@description('Seconds until Azure must have accepted a check.')
@minValue(1)
@maxValue(999999)
param queueDeadlineSeconds int = 3600

@description('Seconds from then on until Azure must have answered it.')
@minValue(1)
@maxValue(999999)
param checkDeadlineSeconds int = 600

@description('Seconds that the checks of a set may wait for their turn.')
@minValue(1)
@maxValue(999999)
param setDeadlineSeconds int = 86400

@description('Pauses the proxy: nothing is accepted and nothing is sent to Azure; accepted checks wait.')
param paused bool = false

@description('What callers are told of a pause: why, until when. Anybody can read it.')
@maxLength(300)
param pausedReason string = ''

@description('Id of the Slack workspace that may ask; empty: none may. The secrets slack-signing-secret and slack-bot-token must be in the key vault before.')
@maxLength(50)
param slackTeamId string = ''

@description('Whether people may ask in Teams: makes a bot with an identity of its own.')
param teamsBot bool = false

@description('Days for which a chat account acts for a person who has linked it.')
@minValue(1)
@maxValue(30)
param chatLinkDays int = 7

@description('Days for which no checkpoint of the audit can be changed or deleted.')
@minValue(1)
@maxValue(146000)
param checkpointRetentionDays int = 365

@description('Whether that is unlocked (it can still be shortened or taken away) or locked for good, by anybody. A storage account with locked checkpoints cannot be deleted before their time.')
@allowed(['unlocked', 'locked'])
param checkpointPolicy string = 'unlocked'

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Tags for every resource.')
param tags object = {}

var allTags = union(tags, { 'azd-env-name': environmentName, application: 'connectivity-check-proxy' })
var token = toLower(uniqueString(subscription().id, environmentName, location))
// Known from the start, so that a what-if can tell everything that would change.
var names = {
  identity: 'id-connectivity-check-${token}'
  workspace: 'log-connectivity-check-${token}'
  insights: 'appi-connectivity-check-${token}'
  storage: 'st${token}'
  vault: 'kv-${token}'
  app: 'func-connectivity-check-${token}'
  botIdentity: 'id-connectivity-check-bot-${token}'
  bot: 'bot-connectivity-check-${token}'
}

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-connectivity-check-${environmentName}'
  location: location
  tags: allTags
}

module identity 'identity.bicep' = {
  scope: group
  name: 'identity'
  params: { name: names.identity, location: location, tags: allTags }
}

module botIdentity 'identity.bicep' = if (teamsBot) {
  scope: group
  name: 'botIdentity'
  params: { name: names.botIdentity, location: location, tags: allTags }
}

module monitoring 'monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: allTags
    retentionDays: logRetentionDays
  }
}

module network 'network.bicep' = if (privateNetwork) {
  scope: group
  name: 'network'
  params: { token: token, location: location, tags: allTags }
}

module storage 'storage.bicep' = {
  scope: group
  name: 'storage'
  params: {
    name: names.storage
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: privateNetwork
    endpointSubnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    zoneIds: privateNetwork ? network!.outputs.zoneIds : {}
    checkpointRetentionDays: checkpointRetentionDays
    checkpointsLocked: checkpointPolicy == 'locked'
  }
}

module vault 'vault.bicep' = {
  scope: group
  name: 'vault'
  params: {
    name: names.vault
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    isPrivate: privateNetwork
    endpointSubnetId: privateNetwork ? network!.outputs.endpointSubnetId : ''
    zoneIds: privateNetwork ? network!.outputs.zoneIds : {}
  }
}

module access 'access.bicep' = {
  scope: group
  name: 'access'
  params: {
    identityName: names.identity
    sourceSubscriptions: sourceSubscriptions
    storageName: names.storage
    vaultName: names.vault
    insightsName: names.insights
  }
  dependsOn: [identity, monitoring, storage, vault]
}

module app 'app.bicep' = {
  scope: group
  name: 'app'
  params: {
    name: names.app
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: names.storage
    vaultUri: vault.outputs.uri
    insightsName: names.insights
    workspaceId: monitoring.outputs.workspaceId
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    entraClientId: entraClientId
    publicUrl: publicUrl
    nodeVersion: nodeVersion
    alwaysReady: alwaysReady
    instanceMemory: instanceMemory
    queueDeadlineSeconds: queueDeadlineSeconds
    checkDeadlineSeconds: checkDeadlineSeconds
    setDeadlineSeconds: setDeadlineSeconds
    paused: paused
    pausedReason: pausedReason
    slackTeamId: slackTeamId
    botIdentityId: teamsBot ? botIdentity!.outputs.id : ''
    botClientId: teamsBot ? botIdentity!.outputs.clientId : ''
    chatLinkDays: chatLinkDays
  }
  // The platform reads the package and the host its storage as soon as the app exists.
  dependsOn: [access]
}

module bot 'bot.bicep' = if (teamsBot) {
  scope: group
  name: 'bot'
  params: {
    name: names.bot
    tags: allTags
    identityId: botIdentity!.outputs.id
    clientId: botIdentity!.outputs.clientId
    endpoint: '${empty(publicUrl) ? app.outputs.url : publicUrl}/api/chat/teams/messages'
  }
}

module alerts 'alerts.bicep' = {
  scope: group
  name: 'alerts'
  params: {
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    email: alertEmail
  }
}

module workbook 'workbook.bicep' = {
  scope: group
  name: 'workbook'
  params: {
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    workspaceName: names.workspace
  }
}

output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output PROXY_URL string = empty(publicUrl) ? app.outputs.url : publicUrl
output FUNCTION_APP_NAME string = names.app
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output STORAGE_ACCOUNT_NAME string = names.storage
output VAULT_ID string = vault.outputs.id
output TEAMS_APP_ID string = teamsBot ? botIdentity!.outputs.clientId : ''
output CHECKPOINT_POLICY string = checkpointPolicy
output CHECKPOINT_RETENTION_DAYS int = checkpointRetentionDays
