// What the proxy keeps: checks and audit (tables), work (queues), checkpoints of the audit (blobs that cannot be changed).
param name string
param location string
param tags object
param workspaceId string
@description('Without: reached over the public endpoint, with Entra tokens only.')
param isPrivate bool
param endpointSubnetId string
param zoneIds object
param checkpointRetentionDays int
@description('A locked policy can no longer be written by a deployment; scripts/after-provision.sh locks it.')
param checkpointsLocked bool

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    isLocalUserEnabled: false
    isSftpEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow', bypass: 'None' }
    // Encrypted twice. This can be chosen at creation only.
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: {
        blob: { keyType: 'Account' }
        file: { keyType: 'Account' }
        queue: { keyType: 'Account' }
        table: { keyType: 'Account' }
      }
    }
  }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'

  resource checks 'tables' = { name: 'checks' }
  resource audit 'tables' = { name: 'audit' }
  resource notices 'tables' = { name: 'notices' }
  resource chats 'tables' = { name: 'chats' }
  resource chatLinks 'tables' = { name: 'chatlinks' }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'

  resource checks 'queues' = { name: 'checks' }
  resource poison 'queues' = { name: 'checks-poison' }
  resource notices 'queues' = { name: 'notices' }
  resource noticesPoison 'queues' = { name: 'notices-poison' }
  resource chats 'queues' = { name: 'chats' }
  resource chatsPoison 'queues' = { name: 'chats-poison' }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 14 }
    containerDeleteRetentionPolicy: { enabled: true, days: 14 }
  }

  resource checkpoints 'containers' = {
    name: 'audit-checkpoints'
    properties: { publicAccess: 'None' }

    resource policy 'immutabilityPolicies' = if (!checkpointsLocked) {
      name: 'default'
      properties: { immutabilityPeriodSinceCreationInDays: checkpointRetentionDays, allowProtectedAppendWrites: false }
    }
  }

  resource packages 'containers' = { name: 'packages', properties: { publicAccess: 'None' } }

  // The Functions host's own. They are made here so that its rights can end at them.
  resource hostLocks 'containers' = { name: 'azure-webjobs-hosts', properties: { publicAccess: 'None' } }
  resource hostKeys 'containers' = { name: 'azure-webjobs-secrets', properties: { publicAccess: 'None' } }
}

module endpoints 'private-endpoint.bicep' = [
  for service in ['blob', 'queue', 'table']: if (isPrivate) {
    name: 'endpoint-${service}'
    params: {
      name: 'pe-${name}-${service}'
      location: location
      tags: tags
      subnetId: endpointSubnetId
      targetId: account.id
      service: service
      zoneId: zoneIds[?service] ?? ''
    }
  }
]

// Who wrote and deleted what. Reads, and what happens in the queues, are the app's own and too many to pay for.
// Of blobs that includes each renewal of the host's locks, which no setting leaves out: it is the price of knowing who
// replaced a package, which is the code that runs, or added a checkpoint.
var writes = [
  { category: 'StorageWrite', enabled: true }
  { category: 'StorageDelete', enabled: true }
]

resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: tableService
  name: 'writes'
  properties: { workspaceId: workspaceId, logs: writes }
}
resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: queueService
  name: 'metrics'
  properties: { workspaceId: workspaceId, metrics: [{ category: 'Transaction', enabled: true }] }
}
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobService
  name: 'writes'
  properties: { workspaceId: workspaceId, logs: writes }
}
