// One page for operators and for whoever asks what the proxy is used for.
param location string
param tags object
param workspaceId string

var tiles = [
  { title: 'Checks by status', chart: 'barchart', query: loadTextContent('queries/checks-ended.kql') }
  { title: 'Checks by requester', chart: 'table', query: loadTextContent('queries/checks-by-requester.kql') }
  { title: 'Seconds waited and run (median, 95 %)', chart: 'linechart', query: loadTextContent('queries/latency.kql') }
  { title: 'Refused requests', chart: 'barchart', query: loadTextContent('queries/refusals.kql') }
  { title: 'Failed checks by code', chart: 'table', query: loadTextContent('queries/failures-by-code.kql') }
]

var period = {
  type: 9
  name: 'period'
  content: {
    version: 'KqlParameterItem/1.0'
    parameters: [
      {
        id: guid('period')
        version: 'KqlParameterItem/1.0'
        name: 'period'
        label: 'Period'
        type: 4
        isRequired: true
        value: { durationMs: 604800000 }
        typeSettings: {
          selectableValues: [
            { durationMs: 3600000 }
            { durationMs: 86400000 }
            { durationMs: 604800000 }
            { durationMs: 2592000000 }
          ]
        }
      }
    ]
  }
}

var charts = [
  for tile in tiles: {
    type: 3
    name: tile.title
    content: {
      version: 'KqlItem/1.0'
      title: tile.title
      query: tile.query
      size: 0
      timeContextFromParameter: 'period'
      queryType: 0
      resourceType: 'microsoft.operationalinsights/workspaces'
      crossComponentResources: [workspaceId]
      visualization: tile.chart
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Connectivity checks'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: string({ version: 'Notebook/1.0', items: concat([period], charts) })
  }
}
