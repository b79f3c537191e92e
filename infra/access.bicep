// Every right that the proxy has, and no right that it does not need; docs/security.md (Rights) says what breaks without each.
// There is no Owner and no Contributor of anything but a queue or a container.
@description('The proxy\'s managed identity: the only one that anything is granted to.')
param identityName string
param sourceSubscriptions string[]
param storageName string
param vaultName string
param insightsName string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = { name: identityName }
var principalId = identity.properties.principalId

// 1. In the subscriptions of the machines that may be tested from.

var actionsInSources = [
  // Find the network watcher of a region, ask it for a check, and follow the check to its end.
  'Microsoft.Network/networkWatchers/read'
  'Microsoft.Network/networkWatchers/connectivityCheck/action'
  'Microsoft.Network/networkWatchers/connectivityCheck/read'
  'Microsoft.Network/locations/operationResults/read'
  // Find the region of a source, whether it runs and whether it has an agent.
  'Microsoft.Compute/virtualMachines/read'
  'Microsoft.Compute/virtualMachines/instanceView/read'
  'Microsoft.Compute/virtualMachines/extensions/read'
  'Microsoft.Compute/virtualMachineScaleSets/read'
  'Microsoft.Compute/virtualMachineScaleSets/instanceView/read'
  'Microsoft.Compute/virtualMachineScaleSets/extensions/read'
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read'
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/instanceView/read'
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/extensions/read'
  'Microsoft.Network/bastionHosts/read'
  'Microsoft.Network/applicationGateways/read'
  // List sources with their addresses, and the subscriptions of a policy that names none.
  'Microsoft.Network/networkInterfaces/read'
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces/read'
  'Microsoft.Resources/subscriptions/read'
]

// Bicep grants in another subscription only through a file of its own; that one adds nothing to what is written here.
module inSources 'access-in-subscription.bicep' = [
  for id in sourceSubscriptions: {
    scope: subscription(id)
    name: 'connectivity-check-${uniqueString(resourceGroup().id, id)}'
    params: { identityId: identity.id, principalId: principalId, actions: actionsInSources }
  }
]

// 2. In its own storage account: a table, a queue, a container at a time.

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: storageName }
resource tables 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' existing = {
  parent: account
  name: 'default'
}
resource queues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' existing = {
  parent: account
  name: 'default'
}
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' existing = {
  parent: account
  name: 'default'
}

var entities = 'Microsoft.Storage/storageAccounts/tableServices/tables/entities'
var blobActions = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'

// What was written into the audit cannot be changed or deleted by the proxy itself.
resource auditWriter 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'audit writer')
  properties: {
    roleName: 'Connectivity Check audit writer ${uniqueString(resourceGroup().id)}'
    description: 'Adds rows to a table and reads them.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      { actions: [], notActions: [], dataActions: ['${entities}/read', '${entities}/add/action'], notDataActions: [] }
    ]
  }
}

resource checkWriter 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'check writer')
  properties: {
    roleName: 'Connectivity Check check writer ${uniqueString(resourceGroup().id)}'
    description: 'Adds, reads, changes and deletes rows of a table, but not the table.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: ['${entities}/read', '${entities}/add/action', '${entities}/update/action', '${entities}/delete']
        notDataActions: []
      }
    ]
  }
}

// A write and no mere addition: of two sealers the later must learn that the blob is there (409), not that it has no right
// (403). What is there stays: the container's policy forbids to overwrite, also when its time is over.
resource checkpointWriter 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'checkpoint writer')
  properties: {
    roleName: 'Connectivity Check checkpoint writer ${uniqueString(resourceGroup().id)}'
    description: 'Writes blobs of a container and reads them, but deletes none.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: ['${blobActions}/read', '${blobActions}/write']
        notDataActions: []
      }
    ]
  }
}

resource auditTable 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = {
  parent: tables
  name: 'audit'
}
resource checksTable 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = {
  parent: tables
  name: 'checks'
}
resource noticesTable 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = {
  parent: tables
  name: 'notices'
}
resource chatsTable 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = {
  parent: tables
  name: 'chats'
}
resource chatLinksTable 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = {
  parent: tables
  name: 'chatlinks'
}
resource checksQueue 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: 'checks'
}
resource poisonQueue 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: 'checks-poison'
}
resource noticesQueue 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: 'notices'
}
resource noticesPoisonQueue 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: 'notices-poison'
}
resource chatsQueue 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: 'chats'
}
resource chatsPoisonQueue 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' existing = {
  parent: queues
  name: 'chats-poison'
}
resource checkpoints 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'audit-checkpoints'
}
resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'packages'
}
resource hostLocks 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'azure-webjobs-hosts'
}
resource hostKeys 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' existing = {
  parent: blobs
  name: 'azure-webjobs-secrets'
}

resource writesAudit 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: auditTable
  name: guid(auditTable.id, identity.id, auditWriter.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: auditWriter.id }
}

resource writesChecks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: checksTable
  name: guid(checksTable.id, identity.id, checkWriter.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: checkWriter.id }
}

resource writesNotices 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: noticesTable
  name: guid(noticesTable.id, identity.id, checkWriter.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: checkWriter.id }
}

resource writesChats 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: chatsTable
  name: guid(chatsTable.id, identity.id, checkWriter.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: checkWriter.id }
}

resource writesChatLinks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: chatLinksTable
  name: guid(chatLinksTable.id, identity.id, checkWriter.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: checkWriter.id }
}

resource writesCheckpoints 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: checkpoints
  name: guid(checkpoints.id, identity.id, checkpointWriter.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: checkpointWriter.id }
}

var storageQueueDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
)
var storageBlobDataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
)
var storageBlobDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
)
var keyVaultSecretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)
var monitoringMetricsPublisher = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '3913510d-42f4-4e42-8a64-420c390055eb'
)

// Sender and Processor together would do but for one thing: the host prolongs a message that it works on.
resource worksChecks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: checksQueue
  name: guid(checksQueue.id, identity.id, storageQueueDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageQueueDataContributor
  }
}

resource worksPoison 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: poisonQueue
  name: guid(poisonQueue.id, identity.id, storageQueueDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageQueueDataContributor
  }
}

resource worksNotices 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: noticesQueue
  name: guid(noticesQueue.id, identity.id, storageQueueDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageQueueDataContributor
  }
}

resource worksNoticesPoison 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: noticesPoisonQueue
  name: guid(noticesPoisonQueue.id, identity.id, storageQueueDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageQueueDataContributor
  }
}

resource worksChats 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: chatsQueue
  name: guid(chatsQueue.id, identity.id, storageQueueDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageQueueDataContributor
  }
}

resource worksChatsPoison 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: chatsPoisonQueue
  name: guid(chatsPoisonQueue.id, identity.id, storageQueueDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageQueueDataContributor
  }
}

// The host's locks and keys. On the whole account this role could take the checkpoints' immutability policy away.
resource ownsHostLocks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostLocks
  name: guid(hostLocks.id, identity.id, storageBlobDataOwner)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: storageBlobDataOwner }
}

resource ownsHostKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostKeys
  name: guid(hostKeys.id, identity.id, storageBlobDataOwner)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: storageBlobDataOwner }
}

resource holdsPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: packages
  name: guid(packages.id, identity.id, storageBlobDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: storageBlobDataContributor
  }
}

// 3. The key that signs checkpoints, the secret that signs callbacks, and a place for logs.

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: vaultName }
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

resource readsSigningKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, keyVaultSecretsUser)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: keyVaultSecretsUser }
}

resource publishesLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, identity.id, monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: monitoringMetricsPublisher
  }
}
