// The bot by which people ask in Teams. Its identity is its own, so that neither can do what the other may.
param name string
param tags object
param identityId string
param clientId string
@description('Where Teams sends what people write.')
param endpoint string

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: name
  location: 'global'
  tags: tags
  kind: 'azurebot'
  // Messages of Teams cost nothing in it.
  sku: { name: 'F0' }
  properties: {
    displayName: 'Connectivity Check'
    endpoint: endpoint
    msaAppType: 'UserAssignedMSI'
    msaAppId: clientId
    msaAppMSIResourceId: identityId
    msaAppTenantId: subscription().tenantId
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
  }

  // The only one: in Direct Line and Web Chat whoever writes chooses who to be. The app refuses their activities anyway.
  resource teams 'channels' = {
    name: 'MsTeamsChannel'
    location: 'global'
    properties: {
      channelName: 'MsTeamsChannel'
      properties: { isEnabled: true, enableCalling: false, acceptedTerms: true }
    }
  }
}
