// The metrics, each a query over the app's log lines: a page for operators and for whoever asks what the proxy is used
// for, and saved in the workspace for whoever asks further. docs/operations.md explains them.
param location string
param tags object
param workspaceId string
param workspaceName string

var tiles = [
  {
    name: 'checks-ended'
    title: 'Checks by status'
    chart: 'barchart'
    query: loadTextContent('queries/checks-ended.kql')
  }
  {
    name: 'checks-by-requester'
    title: 'Checks by requester'
    chart: 'table'
    query: loadTextContent('queries/checks-by-requester.kql')
  }
  {
    name: 'latency'
    title: 'Seconds waited and run (median, 95 %)'
    chart: 'linechart'
    query: loadTextContent('queries/latency.kql')
  }
  { name: 'refusals', title: 'Refused requests', chart: 'barchart', query: loadTextContent('queries/refusals.kql') }
  {
    name: 'failures-by-code'
    title: 'Failed checks by code'
    chart: 'table'
    query: loadTextContent('queries/failures-by-code.kql')
  }
  {
    name: 'arm-calls'
    title: 'Calls to Azure Resource Manager'
    chart: 'table'
    query: loadTextContent('queries/arm-calls.kql')
  }
  {
    name: 'queues'
    title: 'Age of the oldest message, and messages'
    chart: 'linechart'
    query: loadTextContent('queries/queues.kql')
  }
  {
    name: 'trouble'
    title: 'Steps that were repeated, and why'
    chart: 'table'
    query: loadTextContent('queries/trouble.kql')
  }
  {
    name: 'audit'
    title: 'The audit, sealed and verified'
    chart: 'table'
    query: loadTextContent('queries/audit.kql')
  }
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

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = { name: workspaceName }

resource searches 'Microsoft.OperationalInsights/workspaces/savedSearches@2020-08-01' = [
  for tile in tiles: {
    parent: workspace
    name: 'connectivity-check-${tile.name}'
    properties: { category: 'Connectivity checks', displayName: tile.title, query: tile.query, version: 2 }
  }
]
