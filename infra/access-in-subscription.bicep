// Grants what access.bicep lists, in one subscription.
targetScope = 'subscription'

param identityId string
param principalId string
param actions string[]

// Named after the subscription, so that several installations share one definition.
resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, 'connectivity check')
  properties: {
    roleName: 'Connectivity Check Proxy ${subscription().subscriptionId}'
    description: 'Runs Network Watcher connectivity checks and finds what they need. Changes nothing.'
    type: 'CustomRole'
    assignableScopes: [subscription().id]
    permissions: [{ actions: actions, notActions: [], dataActions: [], notDataActions: [] }]
  }
}

resource runsChecks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, identityId, role.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: role.id }
}
