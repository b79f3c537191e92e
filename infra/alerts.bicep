// What somebody should be woken for. Each alert is a query over the app's log lines that finds rows where there is trouble.
// One that resolves is told once, and again when it is over. One that does not has a cause that stays while its lines go
// out of the window (and Azure resolves none that is looked at less often than every 12 hours): somebody closes it.
param location string
param tags object
param workspaceId string
param email string

var alerts = [
  {
    name: 'old-queue-message'
    text: 'For a quarter of an hour no message came out of the queue that was younger than 10 minutes: the worker does not run, or does not keep up.'
    severity: 1
    window: 'PT15M'
    every: 'PT5M'
    resolves: true
    query: loadTextContent('queries/alert-old-queue-message.kql')
  }
  {
    name: 'poison-messages'
    text: 'A check broke the worker five times, or a message came that nobody can read: see docs/operations.md, "Poison messages".'
    severity: 1
    window: 'PT15M'
    every: 'PT5M'
    resolves: false
    query: loadTextContent('queries/alert-poison-messages.kql')
  }
  {
    name: 'failed-checks'
    text: 'More than a fifth of the checks failed; an unreachable endpoint is no failure.'
    severity: 2
    window: 'PT15M'
    every: 'PT5M'
    resolves: true
    query: loadTextContent('queries/alert-failed-checks.kql')
  }
  {
    name: 'audit-write-failures'
    text: 'The audit could not be written. Nothing is started meanwhile.'
    severity: 1
    window: 'PT15M'
    every: 'PT5M'
    resolves: true
    query: loadTextContent('queries/alert-audit-write-failures.kql')
  }
  {
    name: 'verification-faults'
    text: 'The audit is not what was written, or a day could not be verified: see docs/operations.md, "The audit: sealing and verification".'
    severity: 0
    window: 'PT15M'
    every: 'PT5M'
    resolves: false
    query: loadTextContent('queries/alert-verification-faults.kql')
  }
  {
    name: 'unverified'
    text: 'No day of the audit was verified for two days: the nightly verification does not run, or does not come to its end.'
    severity: 1
    window: 'P2D'
    every: 'P1D'
    resolves: false
    query: loadTextContent('queries/alert-unverified.kql')
  }
  {
    name: 'unsealed'
    text: 'No checkpoint covered the audit for half an hour: it is written, but what is newer can be changed unseen.'
    severity: 1
    window: 'PT30M'
    every: 'PT5M'
    resolves: true
    query: loadTextContent('queries/alert-unsealed.kql')
  }
  {
    name: 'arm-throttling'
    text: 'Azure Resource Manager refuses calls of the proxy because there are too many.'
    severity: 3
    window: 'PT15M'
    every: 'PT5M'
    resolves: true
    query: loadTextContent('queries/alert-arm-throttling.kql')
  }
  {
    name: 'silence'
    text: 'The sweeper, which runs every minute, said nothing for a quarter of an hour: the app does not run, or its log does not arrive.'
    severity: 1
    window: 'PT15M'
    every: 'PT5M'
    resolves: true
    query: loadTextContent('queries/alert-silence.kql')
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-connectivity-check'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'conn-check'
    enabled: true
    emailReceivers: [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: 'alert-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Connectivity check: ${replace(alert.name, '-', ' ')}'
      description: alert.text
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: alert.every
      windowSize: alert.window
      autoMitigate: alert.resolves
      // Windows overlap, so that a line that arrives late is seen: it would be told with each of them.
      muteActionsDuration: alert.resolves || alert.every == 'P1D' ? null : 'PT1H'
      // The table of the app's lines is made with the first of them.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]
