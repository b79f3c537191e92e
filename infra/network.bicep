// The optional virtual network: one subnet that the app goes out through, one for private endpoints, and their names.
param token string
param location string
param tags object

var services = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  // The suffix begins with a dot, and the zone's first word is another one than the service's.
  vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
}

resource noInbound 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: 'nsg-connectivity-check-${token}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'DenyInternetInbound'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: 'vnet-connectivity-check-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.255.240.0/24'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.255.240.0/26'
          networkSecurityGroup: { id: noInbound.id }
          // Flex Consumption asks for this one.
          delegations: [{ name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.255.240.64/26'
          networkSecurityGroup: { id: noInbound.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in items(services): {
    name: service.value
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, index) in items(services): {
    parent: zones[index]
    name: 'proxy'
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

output appSubnetId string = network::app.id
output endpointSubnetId string = network::endpoints.id
@description('Ids of the DNS zones by service: blob, queue, table, vault.')
output zoneIds object = toObject(
  items(services),
  service => service.key,
  service => resourceId('Microsoft.Network/privateDnsZones', service.value)
)
